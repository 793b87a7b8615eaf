"""A live loss landscape of your own PyTorch model."""
