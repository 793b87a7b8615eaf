"""Landscapes from a terminal, without a notebook."""
