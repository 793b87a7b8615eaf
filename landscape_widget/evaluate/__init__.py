"""The loss at given coordinates, on a private copy of the model."""
