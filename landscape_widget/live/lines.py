"""How wide are the valleys? Random lines through one member after the other, while nothing else is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from landscape_widget.live.comparing import Title
from landscape_widget.live.engine import Engine
from landscape_widget.live.report import Report
from landscape_widget.live.request import DirectionChoice, Request, Scene
from landscape_widget.live.session import Session
from landscape_widget.live.work import Work
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.surface import Surface

ALONG = Axis(-1.0, 1.0, 33)
"""Where along each line."""


class Lines:
    """Measures the lines of several members; what they needed is dropped with the last cell.

    Args:
        engine: who computes.
        lock: reentrant, of the widget whose table it is.
        works: title → makes a work for its lines.
        heard: called under the lock when a member's lines are known.
    """

    def __init__(
        self,
        engine: Engine,
        lock: Any,
        works: Mapping[Title, Callable[[], Work]],
        heard: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._lock = lock
        self._works = works
        self._heard = heard
        self._wanted: dict[Title, Request] = {}
        self._known: dict[Title, Surface | None] = {}
        self._session: Session | None = None
        self._is_held = False

    def ask(self, pictures: Mapping[Title, Request]) -> None:
        """Measure lines as these pictures are measured; those known for the same request stay."""
        wanted = {title: lines_of(request) for title, request in pictures.items()}
        with self._lock:
            same = [title for title in self._known if wanted[title] == self._wanted[title]]
            if wanted != self._wanted:
                self._known = {title: self._known[title] for title in same}
                self._wanted = wanted
                self._leave()
                self._next()

    @property
    def is_measuring(self) -> bool:
        """Whether some are still to come."""
        return self._session is not None

    def surface(self, title: Title) -> Surface | None:
        """Return all lines of a member, without their directions; None until they are measured."""
        return self._known.get(title)

    def hold(self) -> None:
        """Measure nothing until `go_on`."""
        with self._lock:
            self._is_held = True
            self._leave()

    def go_on(self) -> None:
        """Take up what is missing."""
        with self._lock:
            self._is_held = False
            self._next()

    def close(self) -> None:
        """Measure nothing more; what is known stays, and what measures is let go of."""
        self.hold()
        self._works = {}

    def wait(self) -> None:
        """Block until all lines are measured, or held."""
        while True:
            with self._lock:
                session = self._session
            if session is None:
                return
            session.wait()

    def _next(self) -> None:
        missing = [title for title in self._wanted if title not in self._known]
        if self._is_held or self._session is not None or not missing or not self._works:
            return
        title, asked = missing[0], self._wanted
        work = self._works[title]()
        self._session = session = self._engine.session(
            work, lambda report: self._told(session, title, report), is_patient=True
        )
        session.show(asked[title])

    def _told(self, session: Session, title: Title, report: Report) -> None:
        with self._lock:
            if report.phase not in ("done", "failed") or session is not self._session:
                return
            known = report.surface if report.phase == "done" else None
            self._known[title] = None if known is None else replace(known, directions=(), origin={})
            self._leave()
            self._next()
            self._heard()

    def _leave(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def lines_of(picture: Request) -> Request:
    """Return the request for random lines that are measured as the picture is."""
    scene = picture.scene
    along = Scene((DirectionChoice("random"),), scene.normalization, scene.batch_norm)
    return replace(picture, scene=along, grid=Grid(ALONG), tolerance=None)
