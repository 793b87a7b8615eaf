"""Workers without processes: tasks are pickled there and back, and land when and as a test wants."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, fields, replace
from itertools import count
from typing import Any

import numpy as np

from landscape_widget.evaluate.spread import worker
from landscape_widget.evaluate.spread.engines import Engine, Others
from landscape_widget.evaluate.spread.messages import Task
from landscape_widget.evaluate.spread.sizes import Sizes
from landscape_widget.evaluate.spread.spread import Spread
from landscape_widget.evaluate.spread.spreading import Spreading
from landscape_widget.evaluate.spread.store import Store
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.values import STOP, Values
from tests.cases import Case
from tests.pools import pool

POINTS = np.array([(a, b) for b in np.linspace(-1, 1, 5) for a in np.linspace(-1, 1, 5)])


def never() -> bool:
    return False


@dataclass(eq=False)
class Sent:
    """A task on its way, and what came with it."""

    future: Future
    task: Task
    along: dict[str, bytes]


class Cluster(Executor):
    """Executes a task a worker at every look at its clock, but for the look at a task's beginning.

    Args:
        workers: each with a store of its own; they take turns.
        order: which of so many waiting tasks is next: the first by default.
        sees_files: whether the workers are on this machine.
        happens: called with a task's number in the order of execution; what it raises, the future raises;
            True: it is never heard of again.
    """

    def __init__(
        self,
        workers: int = 2,
        *,
        order: Callable[[int], int] = lambda waiting: 0,
        sees_files: bool = True,
        happens: Callable[[int], Any] = lambda number: None,
    ) -> None:
        self._max_workers = workers
        self._order, self._sees_files, self._happens = order, sees_files, happens
        self._stores = [Store() for _ in range(workers)]
        self._numbers = count()
        self.waiting: list[Sent] = []
        self.done: list[Sent] = []
        self.now = 0.0
        self.step = 0.01
        self.closed = self._has_just_begun = False

    def submit(self, fn: Any, /, *args: Any, **named: Any) -> Future:
        if self.closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        assert fn is worker.measure and not named
        task, along = pickle.loads(pickle.dumps(args))
        self.waiting.append(Sent(Future(), task, along))
        self._has_just_begun = True
        return self.waiting[-1].future

    def clock(self) -> float:
        self.now += self.step
        self.waiting = [sent for sent in self.waiting if not sent.future.cancelled()]
        for _ in range(0 if self._has_just_begun else min(self._max_workers, len(self.waiting))):
            self._execute(self.waiting.pop(self._order(len(self.waiting))))
        self._has_just_begun = False
        return self.now

    @property
    def laden(self) -> int:
        """How many executed tasks brought the bytes of an objective along."""
        return sum(sent.task.objective.fingerprint in sent.along for sent in self.done)

    def _execute(self, sent: Sent) -> None:
        number = next(self._numbers)
        self.done.append(sent)
        task = sent.task
        if not self._sees_files:
            task = replace(task, objective=replace(task.objective, path="/elsewhere"))
            task = replace(task, look=replace(task.look, path="/elsewhere"))
        try:
            if self._happens(number):
                return
            kept, who = self._stores[number % self._max_workers], number % self._max_workers
            answer = _on(kept, who, task, sent.along)
        except Exception as error:
            sent.future.set_exception(error)
        else:
            sent.future.set_result(pickle.loads(pickle.dumps(answer)))


def _on(kept: Store, who: int, task: Task, along: dict[str, bytes]) -> Any:
    """Measure as if this were a process that keeps other things."""
    before = worker.store, worker.here
    worker.store, worker.here = (lambda: kept), (lambda: replace(before[1](), process=who))  # type: ignore
    try:
        return worker.measure(task, along)
    finally:
        worker.store, worker.here = before


def objective_of(case: Case, **options: Any) -> Objective:
    return read_objective(case.model, case.loss, case.data, **options)


def drawn(objective: Objective, axes: int = 2) -> tuple[Direction, ...]:
    return tuple(RandomDirection(seed, "none", "scaled")(objective) for seed in range(axes))


def spread_of(
    cluster: Cluster,
    objective: Objective,
    *directions: Direction,
    plain: bool = False,
    on_error: str = STOP,
    sizes: Callable[[], Sizes] = Sizes,
    engine: Engine | None = None,
    **options: Any,
) -> Spread:
    """Whoever measures by a cluster's workers, along two random directions unless others are given."""
    spreading = Spreading(
        engine or Others(cluster, "cluster"),
        pool(1),
        device=None,
        budget=2**28,
        on_error=on_error,
        clock=cluster.clock,
        sizes=sizes,
        **options,
    )
    subspace = Subspace(objective.params, directions or drawn(objective))
    return spreading(objective, subspace, plain=plain)


def all_of(spread: Any, samples: int, points: np.ndarray = POINTS) -> Values:
    """All answers as one, in the order of the points."""
    return together(list(spread(points, samples, never)))


def together(answers: list[Values]) -> Values:
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    columns = {
        name: np.concatenate([getattr(values, name) for values in answers])[order]
        for name in (column.name for column in fields(Values))
        if name != "how"
    }
    return Values(**columns, how=answers[-1].how)
