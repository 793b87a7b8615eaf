"""What is being looked for, and what becomes of it when something else changes before it is found?"""

from __future__ import annotations

from collections.abc import Callable, Collection


class Search:
    """Looks for values of some traits; begun again where others change, given up where these do."""

    def __init__(self) -> None:
        """Look for nothing."""
        self._look: Callable[[], None] | None = None
        self._finds: frozenset[str] = frozenset()

    @property
    def is_on(self) -> bool:
        """Whether what is found is still wanted."""
        return self._look is not None

    def begin(self, look: Callable[[], None], finds: Collection[str] = ("x", "y")) -> None:
        """Look, instead of whatever was looked for.

        Args:
            look: begins anew, with all traits as they are when it is called.
            finds: names of the traits that it finds values for.
        """
        self._look, self._finds = look, frozenset(finds)
        look()

    def changed(self, name: str) -> None:
        """Somebody has set a trait."""
        if name in self._finds:
            self.end()
        self.again()

    def again(self) -> None:
        """Look anew, if something is looked for."""
        if self._look is not None:
            self._look()

    def end(self) -> None:
        """Look for nothing any more: it is found, or not wanted."""
        self._look, self._finds = None, frozenset()
