"""Who hears what next."""
