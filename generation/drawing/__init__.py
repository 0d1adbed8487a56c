"""How notes are drawn from a network, one after the other: settings, rules of the grid, and the compiled loops."""
