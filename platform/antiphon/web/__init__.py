"""The page shell and the built bundle."""
