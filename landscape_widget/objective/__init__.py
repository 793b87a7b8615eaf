"""What is measured: a private copy of the model, the loss, the data."""
