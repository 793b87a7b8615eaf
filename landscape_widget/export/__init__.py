"""A surface as a picture or a file for other programs."""
