"""The landscapes of a comparison: asked together, and what they know taken together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import traitlets

from landscape_widget.live.candidate import Candidate
from landscape_widget.live.comparing import Title, asked_of, cell_of
from landscape_widget.live.engine import Engine
from landscape_widget.live.joint_status import joint_status
from landscape_widget.live.library import Library
from landscape_widget.live.member import Member
from landscape_widget.live.report import Found, Report
from landscape_widget.live.request import Request, request_of
from landscape_widget.live.traits import COMPUTING
from landscape_widget.names import one_of
from landscape_widget.surface.comparable import differing, title_words
from landscape_widget.surface.surface import Surface


class Members(Mapping[Title, Member]):
    """Title → widget, in the order they were given."""

    def __init__(
        self,
        engine: Engine,
        candidates: Sequence[Candidate],
        asked: Mapping[str, Any],
        library: Library,
        lock: Any,
        heard: Callable[[Report], None],
        found: Callable[[Title, Found], None],
    ) -> None:
        """Open a session for each; see `Member`.

        Args:
            asked: of all, a value for each computing trait.
        """
        works = {candidate.entry.title: candidate.work for candidate in candidates}
        self._entries = {candidate.entry.title: candidate.entry for candidate in candidates}
        self._widgets = {
            title: Member(
                engine,
                works[title],
                entry.choices,
                {**entry.request, **asked_of(entry, asked), "name": title_words(title)},
                library,
                lock=lock,
                heard=heard,
                found=found,
                title=title,
            )
            for title, entry in self._entries.items()
        }

    def __getitem__(self, title: Title) -> Member:
        """Return a member, by its title or by that as people read it."""
        if title not in self._widgets:
            words = {title_words(known): known for known in self._widgets}
            title = words[one_of(title, words, "A member of this comparison")]
        return self._widgets[title]

    def __iter__(self) -> Iterator[Title]:
        return iter(self._widgets)

    def __len__(self) -> int:
        return len(self._widgets)

    @property
    def surfaces(self) -> dict[Title, Surface]:
        """Title → what is known of it so far; a member whose directions aren't ready is missing."""
        known = {title: widget.surface for title, widget in self.items()}
        return {title: surface for title, surface in known.items() if surface is not None}

    @property
    def requests(self) -> dict[Title, Request]:
        """Title → what it is asked."""
        return {
            title: request_of({name: getattr(widget, name) for name in COMPUTING})
            for title, widget in self.items()
        }

    @property
    def error(self) -> dict[str, str] | None:
        """The first failure, in the member's name."""
        for title, widget in self.items():
            if widget.error is not None:
                return {**widget.error, "message": f"{title_words(title)!r}: {widget.error['message']}"}
        return None

    @property
    def differences(self) -> list[str]:
        """Why they shouldn't share a scale."""
        known = self.surfaces.items()
        return list(differing({title: {**one.settings, "samples": one.samples} for title, one in known}))

    @property
    def checkpoints(self) -> int:
        """Of the longest trajectory drawn."""
        paths = [surface.path for surface in self.surfaces.values()]
        return max((len(path) for path in paths if path is not None), default=0)

    def tell(self, command: str) -> None:
        """Have all of them do something."""
        for widget in self.values():
            getattr(widget, command)()

    def status(self, size: int) -> dict[str, Any]:
        """Where all of them stand; ``size`` counts the training samples."""
        return joint_status([widget.status for widget in self.values()], size)

    def ask(self, asked: Mapping[str, Any]) -> list[str]:
        """Ask each what it can take of ``asked``; return what was refused, in the member's name."""
        refused = []
        for title, widget in self.items():
            try:
                with widget.hold_trait_notifications():
                    for name, value in asked_of(self._entries[title], asked).items():
                        setattr(widget, name, value)
            except traitlets.TraitError as error:
                refused.append(f"{title_words(title)!r}: {error}")
        return refused

    def look(self, title: Title, asked: Mapping[str, Any]) -> None:
        """Have one say where its trajectory runs along what it can take of ``asked``."""
        self._widgets[title].look(asked_of(self._entries[title], asked))

    def content(self, matrix: tuple[list[str], list[str]] | None) -> list[dict[str, Any]]:
        """As JSON for the browser, which finds the widgets by their models."""
        return [
            {
                "title": title_words(title),
                "about": entry.about,
                "ref": f"anywidget:{self._widgets[title].model_id}",
                "cell": cell_of(title, matrix),
                "own": sorted(entry.own),
            }
            for title, entry in self._entries.items()
        ]
