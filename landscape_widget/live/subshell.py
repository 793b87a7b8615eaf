"""Keep answers from the browser on the subshell, so that sliders work while a cell runs."""

from __future__ import annotations

from typing import Any


def keep_subshell(comm: Any) -> None:
    """Undo what ipykernel 7.4 does to a comm.

    It sends a message from the browser to the shell whose request the kernel's *last* message belonged to.
    Our engine's messages all belong to the cell that called ``explore``, so every slider would wait for the
    cell that runs. Kernels without the attribute are left alone.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default
