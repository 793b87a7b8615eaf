"""What kind of executor is it: how many workers, how many threads each, and how does a job get there?"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from landscape_widget.evaluate.spread.parcel import Parcel

SPAWN = 'ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))'


class Engine(Protocol):
    """Who runs tasks; one implementation a kind.

    Attributes:
        executor: the user's, who closes it.
        name: as people know it.
    """

    @property
    def executor(self) -> Any: ...

    @property
    def name(self) -> str: ...

    def workers(self) -> int:
        """Return how many tasks run at the same time, as it is now; at least 1."""
        ...

    def threads(self) -> int:
        """Return how many torch threads each of them may take."""
        ...

    def lay_out(self, parcel: Parcel) -> object | None:
        """Bring a parcel to the workers; return what a task takes along for it, None for nothing."""
        ...

    def forget(self, parcel: Parcel) -> None:
        """Take a parcel away."""
        ...


@dataclass(frozen=True, eq=False)
class Pool:
    """Threads or processes of this machine, which share its cores and read a parcel from its file.

    One core is left to this process: torch's threads on all of them would wait for each other beside it.
    """

    executor: Any
    name: str

    def workers(self) -> int:
        return max(1, self.executor._max_workers)

    def threads(self) -> int:
        return max(1, (cores() - 1) // self.workers())

    def lay_out(self, parcel: Parcel) -> None:
        return None

    def forget(self, parcel: Parcel) -> None:
        pass


@dataclass(frozen=True, eq=False)
class Dask:
    """A cluster with a scheduler, which counts threads and hands a parcel from worker to worker."""

    executor: Any
    name: str = "Dask"
    scattered: dict[str, Any] = field(default_factory=dict)

    def workers(self) -> int:
        return max(1, sum(self.executor._client.nthreads().values()))

    def threads(self) -> int:
        return 1

    def lay_out(self, parcel: Parcel) -> object | None:
        if parcel.fingerprint not in self.scattered and self.executor._client.nthreads():
            # by its content, it would be taken for one that was just taken away
            (future,) = self.executor._client.scatter([parcel.read()], broadcast=True, hash=False)
            self.scattered[parcel.fingerprint] = future
        return self.scattered.get(parcel.fingerprint)

    def forget(self, parcel: Parcel) -> None:
        self.scattered.pop(parcel.fingerprint, None)  # Dask lets go of what no future speaks of


@dataclass(frozen=True, eq=False)
class Others:
    """Anything that takes tasks, such as mpi4py's and ipyparallel's: one thread each, wherever they are."""

    executor: Any
    name: str

    def workers(self) -> int:
        return max(1, getattr(self.executor, "_max_workers", None) or cores())

    def threads(self) -> int:
        return 1

    def lay_out(self, parcel: Parcel) -> None:
        return None

    def forget(self, parcel: Parcel) -> None:
        pass


def engine_of(executor: Any) -> Engine:
    """Tell what kind an executor is.

    Raises:
        TypeError: where it is none.
        ValueError: where its processes are forked, which hangs once torch has started its threads.
    """
    kind = type(executor)
    room = kind.__module__.partition(".")[0]
    is_client = (room, kind.__name__) == ("distributed", "Client")
    if isinstance(executor, type) or is_client or not callable(getattr(executor, "submit", None)):
        raise TypeError(
            f"Expected executor as a concurrent.futures.Executor; got {_said(executor)}. {_instead(executor)}"
        )
    if room == "distributed":
        return Dask(executor)
    if isinstance(executor, ThreadPoolExecutor):
        return Pool(executor, kind.__name__)
    if isinstance(executor, ProcessPoolExecutor):
        _refuse_fork(executor._mp_context)
        return Pool(executor, kind.__name__)
    if "loky" in kind.__module__.split("."):
        _refuse_fork(executor._context)
        return Pool(executor, "loky")
    return Others(executor, {"mpi4py": "MPI", "ipyparallel": "ipyparallel"}.get(room, kind.__name__))


def cores() -> int:
    """Return how many cores the system leaves to this process, at least one."""
    allowed = getattr(os, "sched_getaffinity", None)  # Linux knows
    return (len(allowed(0)) if allowed else os.cpu_count()) or 1


def where(name: str, workers: int, machines: int) -> str:
    """Say who measures, as people read it: ``"2 workers on 1 machine (Dask)"``."""
    who = f"{workers} workers" if workers > 1 else "1 worker"
    on = "1 machine" if machines == 1 else f"{machines} machines"
    return f"{who} on {on} ({name})"


def _refuse_fork(context: Any) -> None:
    if context is not None and context.get_start_method() == "fork":
        raise ValueError(
            "Expected an executor whose processes start afresh; this one forks them, and torch's threads "
            f"don't survive a fork: the first cell would hang. Write `{SPAWN}`."
        )


def _instead(executor: Any) -> str:
    if type(executor).__name__ == "Client":
        return "Give `client.get_executor()`."
    return f"Try `{SPAWN}`, or Dask's `client.get_executor()`."


def _said(executor: Any) -> str:
    return f"the class {executor.__name__}" if isinstance(executor, type) else type(executor).__name__
