"""What a piece of music is here. Imports no TensorFlow."""
