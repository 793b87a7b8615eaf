"""Cells measured by the workers of any executor: other threads, other processes, other machines."""
