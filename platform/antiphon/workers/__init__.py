"""Jobs, nodes, and the API through which nodes work. Knows no other app."""
