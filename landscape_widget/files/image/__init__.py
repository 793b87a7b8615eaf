"""How does a surface look on paper? Matplotlib draws what `export` decides, without a browser."""
