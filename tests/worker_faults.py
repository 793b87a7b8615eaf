"""Losses that do something terrible to a worker, once: it dies, or it never comes back."""

from __future__ import annotations

import os
import signal
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import torch.nn.functional as F
from torch import Tensor

CALLS = count(1)
"""Of this process."""


@dataclass(frozen=True)
class Fault:
    """A cross entropy. In other processes than the parent the first to reach ``after`` calls takes a token.

    Attributes:
        token: a file that is there until somebody has taken it.
        released: a file; who took the token hangs until it is there. None: it kills its process instead.
    """

    parent: int
    token: Path
    released: Path | None = None
    after: int = 20

    def __call__(self, output: Tensor, target: Tensor) -> Tensor:
        if os.getpid() != self.parent and next(CALLS) >= self.after and self._takes():
            if self.released is None:
                os.kill(os.getpid(), signal.SIGKILL)
            while self.released is not None and not self.released.exists():
                threading.Event().wait(0.05)
        return F.cross_entropy(output, target, reduction="none")

    def _takes(self) -> bool:
        try:
            self.token.unlink()
        except FileNotFoundError:
            return False
        return True
