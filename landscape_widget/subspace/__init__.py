"""Where we look: directions, their normalization, and the subspace they span."""
