"""A room as one web process serves it: who sits there, what they are told, what they say."""
