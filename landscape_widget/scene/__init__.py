"""What a question means: directions on offer, what a scene of them is in torch, and who measures it."""
