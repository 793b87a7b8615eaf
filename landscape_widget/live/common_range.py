"""How far must one look to see what every member would show?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from landscape_widget.live.comparing import Title
from landscape_widget.live.report import Found
from landscape_widget.live.search import Search


class CommonRange:
    """Has all members say how far they would look, and tells of the range that holds those of all.

    Args:
        titles: of all members.
        lock: reentrant, under which members tell.
        is_awaited: whether a member will still answer.
        take: called with a range an axis, or why there is none, and with what changes along with it.
    """

    def __init__(
        self,
        titles: Sequence[Title],
        lock: Any,
        is_awaited: Callable[[Title], bool],
        take: Callable[[Found, Mapping[str, Any]], None],
    ) -> None:
        self._titles = titles
        self._lock = lock
        self._is_awaited = is_awaited
        self._take = take
        self._search = Search()
        self._changes: Mapping[str, Any] = {}
        self._found: dict[Title, Found] = {}

    def ask(self, look: Callable[[Title], None], changes: Mapping[str, Any] | None = None) -> None:
        """Have every member look; whatever they were asked before is forgotten."""
        changes = changes or {}

        def all_look() -> None:
            with self._lock:
                self._found, self._changes = {}, changes
            for title in self._titles:
                look(title)

        self._search.begin(all_look, {*changes, "x", "y"})

    def changed(self, name: str) -> None:
        """Have all look anew where a trait was set meanwhile, unless it is one they look for."""
        self._search.changed(name)

    def end(self) -> None:
        """Want no range any more."""
        self._search.end()

    def hear(self, title: Title, found: Found) -> None:
        """Take what a member has found; the last one brings the range, if it is still wanted."""
        self._found[title] = found
        self.settle()

    def settle(self) -> None:
        """Tell the range if nobody is awaited any more; those that failed are not."""
        answered = all(one in self._found or not self._is_awaited(one) for one in self._titles)
        if self._found and answered and self._search.is_on:
            self._search.end()
            self._take(widest(list(self._found.values())), self._changes)


def widest(found: Sequence[Found]) -> Found:
    """Return for each axis a range that holds those of all members, or why there is none.

    One without a trajectory there finds no range at all.
    """
    ranges = []
    for ends in zip(*filter(None, found), strict=True):
        known = [end for end in ends if not isinstance(end, str)]
        ranges.append((min(low for low, _ in known), max(high for _, high in known)) if known else ends[0])
    return tuple(ranges)
