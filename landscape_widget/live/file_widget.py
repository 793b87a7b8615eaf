"""What of a widget is different where its landscape comes from a file?"""

from __future__ import annotations

from typing import Any

from landscape_widget.live.engine import Engine
from landscape_widget.live.followed import Followed
from landscape_widget.live.library import Library
from landscape_widget.live.page_traits import choices_of, request_traits
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.surface.surface import Surface

COMPUTED = ("where", "measured", "status")
"""The groups of controls that would compute."""


class FileWidget(LandscapeWidget):
    """A landscape that another process computes, or has computed: seen in every way, but nowhere else."""

    def __init__(
        self, engine: Engine, work: Followed, surface: Surface, file: str, library: Library, **more: Any
    ) -> None:
        """Show ``work`` as it grows.

        Args:
            surface: what is known of it, by which it is known where it lies.
            file: its name, for what is said of it.
        """
        self._file = file
        self._asked = request_traits(surface)
        name = str(surface.settings.get("name") or "")
        traits = {**self._asked, "locked": COMPUTED, "name": name}
        super().__init__(engine, work, choices_of(surface), traits, library, **more)

    def _in_form(self, name: str, value: Any, steps: Any) -> Any:
        if name not in self._asked:
            return super()._in_form(name, value, steps)
        own = self._asked[name]
        if _plain(value) != _plain(own):
            raise ValueError(
                f"{name} is as {self._file} has it, {own!r}; got {value!r}. "
                "Anything else has to be computed: explore(model, loss, data)."
            )
        return own


def _plain(value: Any) -> Any:
    """A page sends lists where Python has tuples."""
    return list(value) if isinstance(value, tuple) else value
