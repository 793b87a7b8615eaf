"""Did something not fit into memory, and what can be done about it?"""

from __future__ import annotations

import torch

from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.structures import size_of

SIGNS = ("out of memory", "can't allocate memory", "not enough memory", "cannot allocate memory")
"""What torch's allocators say in a bare RuntimeError: the CPU's on each system, and other devices'."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an allocation failed, torch's or Python's."""
    if isinstance(error, (torch.cuda.OutOfMemoryError, MemoryError)):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error).lower() for sign in SIGNS)


def halved(objective: Objective, portions: Portions) -> int | None:
    """Return how many samples a batch may have at most where the largest of these didn't fit into memory.

    None where that doesn't help: one sample can't be halved, and other batches would change what is measured.
    """
    largest = _largest(portions)
    fixed = objective.batch_norm == "reestimate" or not objective.trial.cuttable
    return None if fixed or largest < 2 else largest // 2


def explained(error: Exception, portions: Portions) -> RuntimeError:
    """Return the error for the user, who alone can do something about it now."""
    largest = _largest(portions)
    who, smaller = "One sample doesn't", ""
    if largest > 1:
        who = f"A batch of {largest:,} samples, which can't be cut without changing what is measured, doesn't"
        smaller = "give the data in smaller batches, "
    told = RuntimeError(
        f"{who} fit into memory beside the model ({type(error).__name__}: {error}). "
        f"Free some, {smaller}take a `device` with more of it, or a `dtype` with fewer digits."
    )
    told.__cause__ = error
    return told


def _largest(portions: Portions) -> int:
    return max(size_of(batch) for portion in portions for batch in portion)
