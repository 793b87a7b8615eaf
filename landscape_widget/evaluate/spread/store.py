"""What does a worker keep between tasks? What it was sent last, and a station for each of its threads."""

from __future__ import annotations

import os
import socket
import threading
from collections import OrderedDict, deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cache
from typing import Generic, TypeVar

from landscape_widget.evaluate.curvature_map import CurvatureMap
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.inline import Inline
from landscape_widget.evaluate.spread.job import Look, unpack_look, unpack_objective
from landscape_widget.evaluate.spread.messages import Place, Task
from landscape_widget.evaluate.spread.parcel import Parcel
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace

FEWEST, MOST = 2, 16
"""Of each kind: what is under way, and what an obsolete task still needs; more where they are small."""

ROOM = 2**29
"""Bytes of each kind that are kept beyond the fewest."""

T = TypeVar("T")
Key = tuple[object, ...]
Station = Evaluator | CurvatureMap


class Lacking(Exception):
    """What has these fingerprints is neither here nor was it sent along."""

    def __init__(self, fingerprints: tuple[str, ...]) -> None:
        super().__init__(*fingerprints)
        self.fingerprints = fingerprints


class Stations:
    """Stations of one job; each measures for one thread at a time.

    Attributes:
        nbytes: of the directions, and of one station.
    """

    def __init__(self, objective: Objective, star: Star, look: Look, task: Task) -> None:
        self._objective, self._star, self._look = objective, star, look
        self._plain, self._on_error = task.plain or objective.is_plain, task.on_error
        self._idle: deque[Station] = deque()
        own = sum(tensor.nbytes for tensor in objective.params.values())
        self.nbytes = own * (2 + 2 * len(star.directions))

    def take(self) -> Station:
        """Return one that nobody uses, to be given back."""
        with suppress(IndexError):
            return self._idle.pop()
        budget, asked = self._look.budget, self._look.curvature
        if asked is not None:
            subspace = Subspace(self._star.origin, self._star.directions)
            return CurvatureMap(self._objective, subspace, pool=Inline(), asked=asked, name="", budget=budget)
        return Evaluator(
            self._objective,
            self._star,
            Inline(),
            plain=self._plain,
            budget=budget,
            seconds=float("inf"),
            settled=True,
            on_error=self._on_error,
        )

    def give_back(self, station: Station) -> None:
        """Let others have it."""
        self._idle.append(station)


class Shelf(Generic[T]):
    """The last few of a kind."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, tuple[T, int]] = OrderedDict()

    def get(self, *key: object) -> T | None:
        """Return what is there."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key, (None, 0))[0]

    def put(self, thing: T, nbytes: int, *key: object) -> T:
        """Keep it in place of those that were used least recently."""
        self._kept[key] = thing, nbytes
        while len(self._kept) > FEWEST and (len(self._kept) > MOST or self._nbytes > ROOM):
            self._kept.popitem(last=False)
        return thing

    def drop(self, part: object) -> None:
        """Drop all whose key has this part."""
        for key in [key for key in self._kept if part in key]:
            del self._kept[key]

    @property
    def _nbytes(self) -> int:
        return sum(nbytes for _, nbytes in self._kept.values())


class Store:
    """Unpacks what a task needs, once; several threads may ask at the same time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._objectives: Shelf[Objective] = Shelf()
        self._looks: Shelf[Look] = Shelf()
        self._stations: Shelf[Stations] = Shelf()

    def stations(self, task: Task, sent: Mapping[str, bytes]) -> tuple[Stations, int]:
        """Return where a task is measured, and how many bytes had to be unpacked for it.

        Args:
            sent: fingerprint → bytes, of what was sent along.

        Raises:
            Lacking: where something that the task needs is missing.
            Drifted: where directions are drawn differently here.
            Exception: where something can't be unpacked.
        """
        objective, look, device = task.objective.fingerprint, task.look.fingerprint, task.device
        key = objective, device, look, task.plain, task.on_error
        with self._lock:
            if (found := self._stations.get(*key)) is not None:
                return found, 0
            at, how = self._objectives.get(objective, device), self._looks.get(look)
            wanted = [parcel for parcel, known in ((task.objective, at), (task.look, how)) if known is None]
            packed = _received(wanted, sent)
            if at is None:
                at = unpack_objective(packed[objective], device)
                self._objectives.put(at, task.objective.nbytes, objective, device)
            if how is None:
                how = self._looks.put(unpack_look(packed[look]), task.look.nbytes, look)
            at = replace(at, batch_norm=how.batch_norm)
            stations = Stations(at, how.along(at), how, task)
            return self._stations.put(stations, stations.nbytes, *key), sum(map(len, packed.values()))

    def forget(self, fingerprint: str) -> None:
        """Drop what has to do with an objective, or with a way of looking at it."""
        with self._lock:
            for shelf in (self._objectives, self._looks, self._stations):
                shelf.drop(fingerprint)


def here() -> Place:
    """Say who computes."""
    return Place(socket.gethostname(), os.getpid(), threading.get_ident())


@cache
def store() -> Store:
    """What this process keeps as a worker."""
    return Store()


def _received(wanted: list[Parcel], sent: Mapping[str, bytes]) -> dict[str, bytes]:
    found = {parcel.fingerprint: sent.get(parcel.fingerprint) or parcel.read() for parcel in wanted}
    if lacking := tuple(fingerprint for fingerprint, packed in found.items() if packed is None):
        raise Lacking(lacking)
    return {fingerprint: packed for fingerprint, packed in found.items() if packed is not None}
