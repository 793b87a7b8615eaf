"""Who computes? A pool of threads with one torch thread each, and a wide one with torch's own threads.

torch's number of threads belongs to the thread that sets it, once that thread has read it; threads made later
inherit the last number that was set anywhere. So the caller's is read first and set again at the end, and
whether the workers' numbers are really their own is verified.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import torch

T = TypeVar("T")
Task = Callable[[], T]
Take = Callable[[int], "Task[T] | None"]

NICE = 4
"""Steps by which other work goes first: a page stays alive, and a busy process beside leaves us half."""

_ASK_AGAIN = 0.2  # seconds: a wait without end would not let Ctrl+C through everywhere


class Workers:
    """A pool that all widgets of a process share, taking turns by job.

    Attributes:
        count: workers with one torch thread each, numbered from 0; as many as cores, or 1 where a thread
            can't have a number of torch threads of its own.
        threads: torch threads of the wide worker: those of the thread that made the pool.
    """

    def __init__(self, count: int | None = None) -> None:
        """Start the threads. The number of torch threads of every other thread stays as it was."""
        self._changed = threading.Condition()
        self._jobs: deque[_Job[Any]] = deque()
        self._busy: set[int] = set()
        self._closed = False
        self.count = 0
        self.threads = torch.get_num_threads()
        wanted = count or os.cpu_count() or 1
        reports: queue.SimpleQueue[int] = queue.SimpleQueue()
        self._threads = [self._start(lane, 1, reports) for lane in range(wanted)]
        answers = [reports.get() for _ in range(wanted)]
        own = torch.get_num_threads() == self.threads and set(answers) == {1}
        torch.set_num_threads(self.threads)
        self._threads.append(self._start(None, self.threads, reports))
        reports.get()
        self.count = wanted if own else 1

    def run(self, take: Take[T], *, wide: bool = False) -> Iterator[T]:
        """Yield the results of tasks as they get ready, until there are no more; from any thread.

        What was taken goes on while nobody asks for results; closing the iterator takes no more.

        Args:
            take: called with a worker's number when it is free, by one thread at a time; None ends its part.
            wide: only the wide worker, which goes by the number 0.

        Raises:
            BaseException: what a task raised; nothing more is taken then.
        """
        job: _Job[T] = _Job(take, wide, 1 if wide else self.count)
        with self._changed:
            if self._closed:
                raise RuntimeError("The workers are closed, since Python is about to exit.")
            self._jobs.append(job)
            self._changed.notify_all()
        try:
            while (outcome := job.next()) is not None:
                if outcome.error is not None:
                    raise outcome.error
                yield outcome.value
        finally:
            self._abandon(job)

    def together(self, tasks: Callable[[int], T], count: int) -> list[T]:
        """Call ``tasks(worker)`` on the first ``count`` workers at the same time; return what they return."""
        gate = threading.Barrier(count)
        left = set(range(count))

        def take(worker: int) -> Task[T] | None:
            if worker not in left:
                return None
            left.remove(worker)

            def task() -> T:
                with suppress(threading.BrokenBarrierError):  # another job holds one up: nearly, then
                    gate.wait(1.0)
                return tasks(worker)

            return task

        return list(self.run(take))

    def close(self, patience: float = 3.0) -> None:
        """End the threads after their running tasks, waiting at most ``patience`` seconds each.

        To be called before Python exits: torch aborts the process when its thread is taken away.
        """
        with self._changed:
            self._closed = True
            for job in self._jobs:
                job.abandoned = True
            self._jobs.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(patience)

    def _start(self, lane: int | None, threads: int, reports: queue.SimpleQueue[int]) -> threading.Thread:
        def run() -> None:
            _step_back()
            torch.set_num_threads(threads)
            reports.put(torch.get_num_threads())
            self._serve(lane)

        name = "landscape worker" if lane is None else f"landscape worker {lane}"
        thread = threading.Thread(target=run, name=name, daemon=True)
        thread.start()
        return thread

    def _serve(self, lane: int | None) -> None:
        while True:
            with self._changed:
                while (found := self._next(lane)) is None:
                    if self._closed:
                        return
                    self._changed.wait()
            job, task = found
            try:
                outcome = _Outcome(task())
            except BaseException as error:  # whatever the user's code raises belongs to who asked
                outcome = _Outcome(None, error)
            del task, found
            job.results.put(outcome)
            with self._changed:
                self._busy.discard(lane or 0)
                job.running -= 1
                self._settle(job)
                self._changed.notify_all()
            del job, outcome  # or what they hold would stay in memory until the next task

    def _next(self, lane: int | None) -> tuple[_Job[Any], Task[Any]] | None:
        """Find the next task; jobs take turns. The wide worker and the first never work at the same time."""
        number = lane or 0
        if self._closed or number in self._busy or number >= self.count:
            return None
        for job in list(self._jobs):
            if number in job.served:
                continue
            if job.wide != (lane is None):
                if number:
                    continue
                return None
            try:
                task = job.take(number)
            except BaseException as error:
                job.results.put(_Outcome(None, error))
                task = None
            if task is None:
                job.served.add(number)
                self._settle(job)
                self._changed.notify_all()  # it may be the turn of the other one with this number
                continue
            self._busy.add(number)
            job.running += 1
            self._jobs.remove(job)
            self._jobs.append(job)
            return job, task
        return None

    def _settle(self, job: _Job[Any]) -> None:
        if len(job.served) == job.workers and not job.running and job in self._jobs:
            self._jobs.remove(job)
            job.results.put(None)

    def _abandon(self, job: _Job[Any]) -> None:
        with self._changed:
            job.abandoned = True
            if job in self._jobs:
                self._jobs.remove(job)


def _step_back() -> None:
    """Let the kernel and the browser go first, where a thread has a priority of its own."""
    if sys.platform == "linux":
        with suppress(OSError):
            own = os.getpriority(os.PRIO_PROCESS, 0)
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), min(19, own + NICE))


@dataclass(frozen=True)
class _Outcome(Generic[T]):
    value: Any
    error: BaseException | None = None


@dataclass(eq=False)
class _Job(Generic[T]):
    """What one caller wants done; ``served`` holds the workers for whom there is nothing left."""

    take: Take[T]
    wide: bool
    workers: int
    results: queue.SimpleQueue[_Outcome[T] | None] = field(default_factory=queue.SimpleQueue)
    served: set[int] = field(default_factory=set)
    running: int = 0
    abandoned: bool = False

    def next(self) -> _Outcome[T] | None:
        while True:
            try:
                return self.results.get(timeout=_ASK_AGAIN)
            except queue.Empty:
                if self.abandoned:
                    return None
