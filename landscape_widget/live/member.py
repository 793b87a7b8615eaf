"""One landscape of a comparison: computed as any other, and shown by the comparison alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from landscape_widget.live.kept import Kept
from landscape_widget.live.report import Found, Report
from landscape_widget.live.request import Request
from landscape_widget.live.session import Session
from landscape_widget.live.widget import LandscapeWidget


class Member(LandscapeWidget):
    """A landscape without a face of its own; `landscape_widget.live.comparison.Comparison` makes it."""

    _esm = 'export default { render({ el }) { el.textContent = "Shown in its comparison."; } };'
    _css = ""

    def __init__(
        self,
        *args: Any,
        heard: Callable[[Report], None],
        found: Callable[[Any, Found], None],
        title: Any,
        **options: Any,
    ) -> None:
        """Tell the comparison each report, and how far it would look instead of looking there.

        Args:
            args: those of `LandscapeWidget`, as are ``options``; the lock is the comparison's.
            heard: called under the lock.
            found: called with the title, under the lock.
            title: in the comparison.
        """
        self._heard = heard
        self._found = found
        self._title = title
        super().__init__(*args, **options)

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return super(Kept, self)._repr_mimebundle_(**options)  # nothing is seen of it, so nothing to keep

    def retry(self) -> None:
        """Run the request again if it failed."""
        if self.status["phase"] == "failed":
            self._at_work().retry()

    def _at_work(self) -> Session:
        if self._session is None or self._session.closed:
            raise RuntimeError("This comparison is closed; call compare() again.")
        return self._session

    def _told(self, report: Report) -> None:
        with self._lock:
            super()._told(report)
            self._heard(report)

    def look(self, changes: Mapping[str, Any]) -> None:
        """Tell where the trajectory runs along other directions."""
        self._look(changes)

    def _take_ranges(self, ranges: Found, coming: Request | None) -> None:
        self._found(self._title, ranges)
