"""Who computes, where several processes are asked for?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from landscape_widget.command.interrupts import leave_to_the_parent, unheeded


@contextmanager
def workers(count: int, options: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the options with an executor of so many processes, which ends with the block; 1: as they are.

    Raises:
        ValueError: where the job brings an executor of its own.
    """
    if count == 1:
        yield dict(options)
        return
    if options.get("executor") is not None:
        raise ValueError(
            f"The job brings an executor of its own, and --workers {count} asks for another. "
            "Leave one of them out."
        )
    with ProcessPoolExecutor(count, get_context("spawn"), leave_to_the_parent) as executor:
        with unheeded():
            for _ in range(count):  # each starts one process, while no other is idle
                executor.submit(leave_to_the_parent)
        yield {**options, "executor": executor}
