"""The study's sweeps over batch size, dropout and epochs, run again: a plan, its runs, a table and plots."""
