"""From coordinates to values by the workers of an executor; what they leave is measured here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.evaluate.shares import Cell
from landscape_widget.evaluate.spread.account import Account
from landscape_widget.evaluate.spread.engines import Engine
from landscape_widget.evaluate.spread.flights import Flights, Landing, Order, Orders
from landscape_widget.evaluate.spread.luggage import Luggage
from landscape_widget.evaluate.spread.messages import Measured, Missing, Unlike
from landscape_widget.evaluate.spread.sizes import AHEAD, Sizes
from landscape_widget.evaluate.spread.troubles import Troubles
from landscape_widget.evaluate.spread.worker import measure
from landscape_widget.values import Evaluate, Values, Withdrawn

TICK = 0.05
"""Seconds between two looks at whether somebody cancelled."""

SECONDS = 0.05
"""How often values are handed out."""


class Spread:
    """Measures an objective on a subspace elsewhere; see `landscape_widget.values.Evaluate`.

    One caller at a time.

    Attributes:
        here: measures the same in this process: a preview, and what is left when the workers are gone.
    """

    def __init__(
        self,
        engine: Engine,
        luggage: Luggage,
        here: Evaluate,
        *,
        plain: bool = False,
        sizes: Callable[[], Sizes] = Sizes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Wait for the first cell with everything.

        Args:
            engine: who runs tasks.
            luggage: what they need.
            plain: every cell the plain way.
            sizes: makes what says how many cells make a task, and how long one may take.
            clock: seconds, monotonic.
        """
        self.here = here
        self._engine = engine
        self._luggage = luggage
        self._plain = plain
        self._sizes = sizes()
        self._clock = clock
        self._account = Account(engine)
        self._troubles = Troubles(self._account)

    @property
    def at_once(self) -> int:
        """Cells that are measured at the same time."""
        try:
            return self._engine.workers()
        except Exception as error:  # a cluster that doesn't answer
            self._troubles.gone(error)
            return 1

    def close(self) -> None:
        """Take away what was sent to the workers, as far as they can be told."""
        self._luggage.close()

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield cells as they come back, in any order.

        Raises:
            ImportError: without cloudpickle here, or without this package where the workers are.
            ValueError: where something can't be packed.
            Exception: whatever the loss raises; its cause is the worker's traceback.
            Withdrawn: where a fast way turned out wrong at a worker.
        """
        orders = Orders(enumerate(coordinates.tolist()))
        flights = Flights(partial(self._submit, samples), self._clock)
        workers = self.at_once
        known: list[Values] = []
        errors: list[BaseException] = []
        due = self._clock()
        try:
            while (orders or flights) and not (self._troubles.are_gone or errors or cancelled()):
                self._send(orders, flights, workers)
                landed, errors = self._land(orders, flights, workers)
                known += landed
                if known and self._clock() >= due:
                    yield self._account.together(known, workers, self._sizes.pace)
                    known, due = [], self._clock() + SECONDS
            rest = sorted([*flights.cells, *orders.cells])
        finally:
            flights.cancel()
        if known:
            yield self._account.together(known, workers, self._sizes.pace)
        if errors:
            raise errors[0]
        if self._troubles.are_gone and not cancelled():
            yield from self._measured_here(rest, samples, cancelled)

    def _submit(self, samples: int, order: Order) -> Any:
        threads = self._engine.threads()
        task = self._luggage.task(order.cells, samples, plain=self._plain, threads=threads)
        try:
            return self._engine.executor.submit(measure, task, self._luggage.along(order.laden))
        except Exception as error:
            raise _Refused(error) from error

    def _send(self, orders: Orders, flights: Flights, workers: int) -> None:
        """Have each worker busy, and the next task at hand."""
        while orders and len(flights) < AHEAD * workers:
            order = orders.next(partial(self._sizes.next, workers=workers))
            have = len(self._account.places) + flights.laden
            try:
                flights.send(replace(order, laden=order.laden or (order.tries == 1 and have < workers)))
            except _Refused as refused:
                orders.again(order)
                self._troubles.gone(refused.error)
                return

    def _land(
        self, orders: Orders, flights: Flights, workers: int
    ) -> tuple[list[Values], list[BaseException]]:
        """Return what has come back, and what was raised; the rest is seen to."""
        known: list[Values] = []
        errors: list[BaseException] = []
        lost: list[Landing] = []
        for landing in flights.landings(TICK):
            match landing.answer:
                case Measured() as answer:
                    known += self._heard(answer, landing.order.cells)
                    errors += self._errors(answer)
                case Missing():
                    orders.again(landing.order, laden=landing.order.tries > 0)
                case Unlike():
                    self._account.note(
                        "The workers draw other directions from the same seeds, so they were sent."
                    )
                    self._luggage.with_tensors()
                    orders.again(landing.order)
                case None:
                    lost.append(landing)
        if lost:
            self._luggage.lay_out_again()
            errors += self._troubles.lost(lost, orders)
        starting = len(self._account.places) < workers
        self._troubles.overdue(flights.overdue(partial(self._sizes.patience, starting=starting)), orders)
        return known, errors

    def _heard(self, answer: Measured, cells: Sequence[Cell]) -> list[Values]:
        """Return what an answer says of cells by their own numbers."""
        self._troubles.progress()
        self._account.hear(answer)
        numbers = np.array([number for number, _ in cells], dtype=np.int64)
        known = [replace(values, cells=numbers[values.cells], how=None) for values in answer.values]
        if count := sum(len(values.cells) for values in known):
            self._sizes.tell(count, answer.seconds)
        return known

    def _errors(self, answer: Measured) -> Iterator[BaseException]:
        if answer.raised is not None:
            yield answer.raised.error()
        if answer.withdrawn is not None:
            self._plain = True
            yield Withdrawn(answer.withdrawn)

    def _measured_here(
        self, cells: Sequence[Cell], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        numbers = np.array([number for number, _ in cells], dtype=np.int64)
        points = np.array([point for _, point in cells], dtype=np.float64)
        for values in self.here(points, samples, cancelled):
            yield self._account.noted(replace(values, cells=numbers[values.cells]))


class _Refused(Exception):
    """The executor takes no more tasks."""

    def __init__(self, error: Exception) -> None:
        super().__init__(str(error))
        self.error = error
