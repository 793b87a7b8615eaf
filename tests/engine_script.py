"""A landscape here and by an executor, from a script: its model and its loss are known to nobody else.

Run by tests/test_other_engines.py as `python -m mpi4py.futures engine_script.py MPI`, or with `ipyparallel`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

import landscape_widget as lw


class Net(nn.Module):
    """Defined here, so it travels by value."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3))

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x)


@contextmanager
def executor(kind: str) -> Iterator[Executor]:
    """One with two workers."""
    if kind == "MPI":
        from mpi4py.futures import MPIPoolExecutor

        with MPIPoolExecutor() as pool:
            yield pool
    else:
        from ipyparallel import Cluster

        with Cluster(n=2, log_level=40) as client:
            yield client.load_balanced_view().executor


def main(kind: str) -> None:
    """Print what came out, as JSON in the last line."""
    torch.manual_seed(0)
    model, data = Net(), (torch.randn(37, 4), torch.randint(3, (37,)))
    before = [parameter.clone() for parameter in model.parameters()]
    loss = lambda output, target: nn.functional.cross_entropy(output, target, reduction="none")  # noqa: E731
    here = lw.compute(model, loss, data, resolution=9)
    with executor(kind) as workers:
        there, again = (lw.compute(model, loss, data, resolution=9, executor=workers) for _ in range(2))
    told = {
        "off": float(np.abs(there["loss"] / here["loss"] - 1).max()),
        "same bits": bool((there["loss"] == again["loss"]).all()),
        "untouched": all(map(torch.equal, before, model.parameters())),
        **{name: there.settings["engine"][name] for name in ("executor", "workers", "machines", "notes")},
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1])
