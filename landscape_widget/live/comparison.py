"""Several landscapes asked the same: one set of controls, one scale where that is honest, and a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import traitlets

from landscape_widget.files.image.small import small_pngs
from landscape_widget.live.candidate import Candidate
from landscape_widget.live.common_range import CommonRange
from landscape_widget.live.comparing import Title, asked_of_all, common_choices, matrix_of
from landscape_widget.live.comparison_table import as_json, table_row
from landscape_widget.live.engine import Engine
from landscape_widget.live.kept import Kept
from landscape_widget.live.library import STATIC, Library
from landscape_widget.live.lines import Lines
from landscape_widget.live.member import Member
from landscape_widget.live.members import Members
from landscape_widget.live.protocol import (
    Action,
    Apply,
    AutoRange,
    Command,
    Photographed,
    Ping,
    ProtocolError,
    is_factor,
)
from landscape_widget.live.report import UNDER_WAY, Found, Report
from landscape_widget.live.request import Preset
from landscape_widget.live.seen import taken_together
from landscape_widget.live.traits import COMPUTING, daemon_timer, shared_lock
from landscape_widget.names import one_of
from landscape_widget.paper import PAPER, as_in_the_paper
from landscape_widget.surface.surface import Surface

RESULTS = ("members", "matrix", "table", "differences")


class Comparison(Kept):
    """Landscapes side by side.

    Made by `landscape_widget.compare`. Request traits are those of one landscape and go to all members, but
    for what a member was given for itself; ``comparison["a"]`` is a member's own widget. All methods may be
    called from any thread.
    """

    _esm = (STATIC / "comparison.js").read_text(encoding="utf-8")

    members = traitlets.List(help="titles, places and widgets").tag(sync=True)
    matrix = traitlets.Dict(default_value=None, allow_none=True, help="names of rows, columns").tag(sync=True)
    columns = traitlets.Int(None, allow_none=True, min=1, help="pictures in a row; None: as many as fit").tag(
        sync=True
    )
    table = traitlets.List(help="a row a member, as far as it is known").tag(sync=True, to_json=as_json)
    differences = traitlets.List(help="why the members shouldn't share a scale").tag(sync=True)
    insist = traitlets.Bool(False, help="share it all the same").tag(sync=True)

    def __init__(
        self,
        engine: Engine,
        candidates: Sequence[Candidate],
        library: Library,
        draw: Callable[..., Any],
        **view: Any,
    ) -> None:
        """Open a session at ``engine`` for each candidate.

        Args:
            draw: surfaces and options to a figure.
            view: values of viewing traits.
        """
        entries = [candidate.entry for candidate in candidates]
        self._entries = {entry.title: entry for entry in entries}
        self._draw = draw
        asked, choices = asked_of_all(entries), common_choices(entries)
        matrix = matrix_of([entry.title for entry in entries])
        lock = shared_lock()
        works = {candidate.entry.title: candidate.lines for candidate in candidates}
        self._lines = Lines(engine, lock, works, self._tell)
        with lock:  # what members tell meanwhile waits
            self._range = CommonRange(list(self._entries), lock, self._is_awaited, self._take_range)
            self._members = Members(engine, candidates, asked, library, lock, self._heard, self._range.hear)
            super().__init__(
                choices,
                lock,
                daemon_timer,
                _library=library,
                status=self._members.status(choices.size),
                members=self._members.content(matrix),
                matrix=None if matrix is None else {"rows": matrix[0], "columns": matrix[1]},
                table=self._rows(),
                **{**asked, **view},
            )
            for widget in self._members.values():
                traitlets.link((self, "transport"), (widget, "transport"))
            self.on_msg(self._received)
            self.observe(self._ask, names=list(COMPUTING))
            self._lines.ask(self._members.requests)

    def __getitem__(self, title: Title) -> Member:
        """Return a member's own widget, by the title it was given under."""
        return self._members[title]

    def __iter__(self) -> Iterator[Title]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    @property
    def surfaces(self) -> dict[Title, Surface]:
        """Title → what is known of it so far; a member whose directions aren't ready is missing."""
        return self._members.surfaces

    def wait(self) -> dict[Title, Surface]:
        """Block until all pictures and the table are done; return title → surface. Ctrl+C gets through.

        Raises:
            RuntimeError: if paused, since that would never end, or closed.
            BaseException: whatever the loss of a member raised.
        """
        surfaces = {title: widget.wait() for title, widget in self._members.items()}
        self._lines.wait()
        return surfaces

    def pause(self) -> None:
        """Compute nothing until `resume`; what is known stays."""
        self._tell_all("pause")

    def resume(self) -> None:
        """Go on where a pause or a stop left off."""
        self._tell_all("resume")

    def stop(self) -> None:
        """Compute nothing more for this request."""
        self._tell_all("stop")

    def auto_range(self, factor: float = 10.0) -> None:
        """Set the ranges to where every member's loss has risen to ``factor`` (above 1) times its value."""
        if not is_factor(factor):
            raise ValueError(f"factor is a finite number above 1; got {factor!r}. Try 10.")
        self._range.ask(lambda title: self._members[title].auto_range(factor))

    def preset(self, key: str) -> None:
        """Set several controls at once, as those of one landscape do.

        Args:
            key: ``"paper"`` draws as Li et al. (2018) do; where every member has a trajectory also
                ``"principal components"``, ``"two random axes"``, ``"start and random"`` and
                ``"start and random, zoomed"``.

        Raises:
            ValueError: for an unknown key, with the nearest known one.
        """
        preset = self._preset(key)
        kind = "line" if len(self.directions) == 1 else "contour" if self.kind == "line" else self.kind
        self._set_together(as_in_the_paper(kind) if key == PAPER else preset.changes)
        if preset.fits:
            self.fit_path()

    def fit_path(self) -> None:
        """Set the ranges to where every member's trajectory runs, and 15 % more on each side."""
        self._range.ask(lambda title: self._members[title].fit_path())

    def refit(self) -> None:
        """Look along the principal components of the trajectories as they are by now, where they run."""
        if not self._offered.has_trajectory:
            raise RuntimeError("Not every member has a trajectory; give lw.Landscape(model, trajectory=…).")
        keys, seed = [f"principal {rank}" for rank in range(2)], self._members.checkpoints
        self._look({"directions": [{"key": key, "seed": seed, "normalization": None} for key in keys]})

    def _preset(self, key: str) -> Preset:
        known = {preset.key: preset for preset in self._offered.presets}
        return known[one_of(key, list(known), "A preset")]

    def figure(self, kind: str | None = None, scale: str | None = None, **options: Any) -> Any:
        """Return a plotly figure of all members; see `landscape_widget.export.comparison`."""
        names = ("metric", "clip", "limits", "levels", "colors", "moment", "height", "pins")
        names += ("columns", "insist")
        seen = {name: getattr(self, name) for name in names}
        seen["about"] = {title: entry.about for title, entry in self._entries.items()}
        seen["shared"] = self.insist or not self.differences
        kind = kind or ("line" if len(self.directions) == 1 else self.kind)
        return self._draw(self.surfaces, kind, scale or self.scale, **{**seen, **options})

    def close(self) -> None:
        """Stop computing and remove the views."""
        self._lines.close()
        for widget in self._members.values():
            widget.close()
        super().close()

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what the browser asks for; what Python alone knows it can't set."""
        super().set_state({name: value for name, value in sync_data.items() if name not in RESULTS})

    def _tell_all(self, command: str) -> None:
        self._members.tell(command)
        if command == "stop":
            self._range.end()
        if command == "resume":
            self._lines.go_on()
        else:
            self._lines.hold()
        with self._lock:
            self._tell()

    def _ask(self, change: Any) -> None:
        """Ask all members what the comparison is asked."""
        for sentence in self._members.ask({name: getattr(self, name) for name in COMPUTING}):
            self._refuse("message", sentence)
        self._lines.go_on()
        self._lines.ask(self._members.requests)
        self._range.changed(change["name"])

    def _heard(self, report: Report) -> None:
        """Take in what a member has told, under the lock."""
        self._tell()
        self.error = self._members.error if self.status["phase"] == "failed" else None
        if report.phase == "failed":
            self._range.settle()
        if report.opens:
            self.differences = self._members.differences

    def _tell(self) -> None:
        """Say where all stand; that the pictures are done isn't the end while the table is filled."""
        status = self._members.status(self._offered.size)
        is_filling = status["phase"] == "done" and self._lines.is_measuring
        self.status = {**status, "task": "table"} if is_filling else status
        if self.status["phase"] not in UNDER_WAY:
            self.photograph.renew()
        rows = self._rows()
        if as_json(rows) != as_json(self.table):  # where NaN is NaN
            self.table = rows

    def _photographed(self) -> bytes | None:
        surfaces = [surface for surface in self.surfaces.values() if surface.level >= 0]
        if self.status["phase"] in UNDER_WAY or not surfaces:
            return None
        return small_pngs(taken_together(self, surfaces, self.insist or not self.differences), self.camera)

    def _rows(self) -> list[dict[str, Any]]:
        return [
            table_row(entry, self._members[title].surface, self._lines.surface(title))
            for title, entry in self._entries.items()
        ]

    def _look(self, changes: Mapping[str, Any]) -> None:
        """Look along other directions, where the trajectories run; both change at once, when it is found."""

        def look(title: Title) -> None:
            asked = {name: getattr(self, name) for name in COMPUTING} | dict(changes)
            self._members.look(title, asked)

        self._range.ask(look, changes)

    def _is_awaited(self, title: Title) -> bool:
        return self._members[title].status["phase"] != "failed"

    def _take_range(self, ranges: Found, changes: Mapping[str, Any]) -> None:
        found = dict(zip(("x", "y"), ranges, strict=False))
        for name, reason in found.items():
            if isinstance(reason, str):
                self._refuse(name, reason)
        ends = {name: ends for name, ends in found.items() if not isinstance(ends, str)}
        self._set_together({**changes, **ends})

    def _apply(self, key: str) -> None:
        """Set a preset as one change, its ranges included."""
        try:
            preset = self._preset(key)
        except ValueError as error:
            raise ProtocolError(str(error)) from None
        if preset.fits:
            self._look(preset.changes)
        else:
            self.preset(key)

    def _act(self, action: Action) -> None:
        match action:
            case Photographed(hidden):
                self.photograph.hidden(hidden)
            case Ping(ping):
                with self._lock:
                    self._answer(ping)
            case Command("hello"):
                self._tell_traits()
            case AutoRange(factor):
                self.auto_range(factor)
            case Apply(key):
                self._apply(key)
            case Command("fit_path"):
                self.fit_path()
            case Command("refit"):
                self.refit()
            case Command("pause" | "resume" | "stop" as command):
                self._tell_all(command)
            case Command("retry"):
                self._members.tell("retry")
            case Command("refine_further") if self.status["settled"]:
                self.tolerance = None
            case Command("refine_further"):
                self.resolution = tuple(2 * points - 1 for points in self.resolution)
