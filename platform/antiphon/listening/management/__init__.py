"""What an operator can do at the terminal."""
