"""What music shares with the pieces that a network learnt from, and which passages are too long to be played again."""
