"""Cells measured on the user's own model, which is given back each time."""
