"""How does a notebook keep what a widget showed? Whatever is displayed hangs up a picture of itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import traitlets

from landscape_widget.live.photograph import Photograph
from landscape_widget.live.request import Choices
from landscape_widget.live.traits import CHECKED_VIEWING, Requesting

WITHOUT_KERNEL = "The live landscape needs a kernel: run this cell."


class Kept(Requesting):
    """A widget that leaves a picture where it was displayed."""

    inscription = traitlets.Unicode("", help="by which a page knows the picture that stands in").tag(
        sync=True
    )

    def __init__(
        self, choices: Choices, lock: Any, later: Callable[[float, Callable[[], None]], Any], **traits: Any
    ) -> None:
        """Take no picture before it is displayed; ``later`` calls back after some seconds."""
        self.photograph = Photograph(uuid4().hex, self._in_words, self._taken, later)
        super().__init__(choices, lock, inscription=self.photograph.inscription, **traits)
        self.observe(lambda _change: self.photograph.renew(), names=[*CHECKED_VIEWING, "camera", "covered"])

    def close(self) -> None:
        """Remove the views; the picture stays."""
        self.photograph.close()
        super().close()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        self.photograph.hang()
        if (bundle := super()._repr_mimebundle_(**options)) is None:
            return None
        data, metadata = bundle
        return data | {"text/plain": WITHOUT_KERNEL}, metadata

    def _in_words(self) -> str:
        return (
            f"Loss landscape{f' of {self.name}' if self.name else ''}: a picture, as the notebook keeps it."
        )

    def _taken(self) -> bytes | None:
        """What is covered stays so in every picture."""
        return None if self.covered else self._photographed()

    def _photographed(self) -> bytes | None:
        """Return what is seen now; None while that is nothing, or about to change."""
        raise NotImplementedError
