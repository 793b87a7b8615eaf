"""What is one play on the stage? The traits of a widget, who answers it, and what a hand does first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Literal

from playwright.sync_api import Locator

NOW = datetime(2026, 5, 4, 10, 41, tzinfo=timezone.utc)
"""What every clock says."""


@dataclass(frozen=True)
class Play:
    """One state of the widget.

    Attributes:
        traits: of the model, bytes as they are.
        bundle: which of ours shows it.
        members: model id → traits of the landscapes that are compared.
        answers: how many pings the kernel answers.
        alive: whether anything can be sent to it at all.
        webgl: whether the browser draws in space.
        plotly: whether plotting can be loaded.
        hints: whether it is the first picture of the page.
        then: what is done with the widget before one looks.
    """

    traits: Mapping[str, Any]
    bundle: Literal["landscape", "comparison"] = "landscape"
    members: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: int = 1_000
    alive: bool = True
    webgl: bool = True
    plotly: bool = True
    hints: bool = False
    then: Callable[[Locator], None] = lambda root: None
