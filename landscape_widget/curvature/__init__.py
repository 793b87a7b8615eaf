"""How is the loss curved? Second order, and what can be said of it without: the torch leg."""
