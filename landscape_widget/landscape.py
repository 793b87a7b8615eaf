"""Who is compared, and what does a member not share with the others?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from landscape_widget.surface.comparable import title_words

FEWEST, MOST = 2, 12

Title = str | tuple[Any, Any]


class Landscape:
    """A member of a comparison with more than a model of its own."""

    def __init__(
        self,
        model: torch.nn.Module,
        loss: Callable[..., Any] | None = None,
        data: Any = None,
        *,
        about: str | Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        """Say what this member doesn't share with the others.

        Args:
            model: the network.
            loss: its own criterion; None: that of the comparison.
            data: its own data; None: that of the comparison.
            about: what is worth knowing of it, such as ``{"wd": "5e-4", "bs": 128, "test error": "6.0 %"}``;
                written beside its title.
            options: of `explore`; what is asked of all leaves them alone.
        """
        self.model = model
        self.loss = loss
        self.data = data
        self.about = about
        self.options = options

    @property
    def known(self) -> str:
        """What is known of it, as people read it: ``"wd 5e-4 · bs 128"``."""
        if isinstance(self.about, Mapping):
            return " · ".join(f"{name} {value}" for name, value in self.about.items())
        return self.about or ""


def landscapes_of(members: Any) -> dict[Title, Landscape]:
    """Return each member with what it has of its own.

    Raises:
        TypeError, ValueError: where they are no 2 to 12 models by title.
    """
    if not isinstance(members, Mapping):
        raise TypeError(
            f"Expected members as title → model; got {type(members).__name__}. "
            'Write {"with skips": model_a, "without": model_b}.'
        )
    if not FEWEST <= len(members) <= MOST:
        raise ValueError(
            f"A comparison has {FEWEST} to {MOST} members; got {len(members)}. "
            + ("Show one with `explore`." if len(members) < FEWEST else "Compare fewer at a time.")
        )
    for title, member in members.items():
        model = member.model if isinstance(member, Landscape) else member
        if not isinstance(model, torch.nn.Module):
            raise TypeError(
                f"member {title_words(title)!r}: expected a model or a `Landscape`; got "
                f"{type(model).__name__}."
            )
    return {
        title: member if isinstance(member, Landscape) else Landscape(member)
        for title, member in members.items()
    }
