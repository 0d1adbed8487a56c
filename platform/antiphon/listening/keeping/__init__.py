"""What listeners say, on its way into the database and back to them."""
