"""Training runs, checkpoints and samples."""
