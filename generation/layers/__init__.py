"""The layers that networks here are built of, beside those of Keras."""
