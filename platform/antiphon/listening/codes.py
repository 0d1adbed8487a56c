"""Room codes: short, read aloud and typed on a phone without mistakes."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 and O, 1, I and L
CODE_LENGTH = 6


def new_code() -> str:
    """A code that nobody can guess from another one; whether it is taken is for the database to say."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def tidy_code(typed: str) -> str:
    """A code as it is kept, from how somebody typed it."""
    return "".join(typed.split()).replace("-", "").upper()
