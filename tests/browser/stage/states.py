"""Which states are there to look at? One play each, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from stage.grounds import accuracy, ground, loss, narrower, walked, weighed
from stage.hands import asking, helped, in_full_window, pressed, refusing, restored, silent, tabled, unfolded
from stage.lessons import PINS, led
from stage.play import Play
from stage.traits import ALONG_A_PATH, OFFERED, WITH_BATCH_NORM, compared_traits, traits_of, unread

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.live.controls import GROUPS
from landscape_widget.live.request import Option
from landscape_widget.scene.options import TO_A_MODEL

States = dict[str, Callable[[], Play]]

DONE = ground()
COARSE = ground(level=3)
COMPUTING = {"phase": "computing", "task": "cells"}
ERROR = {
    "message": "RuntimeError: mat1 and mat2 shapes cannot be multiplied (128x784 and 64x10)",
    "traceback": "Traceback (most recent call last):\n"
    + "\n".join(f'  File "train.py", line {line}, in step\n    loss = model(batch)' for line in range(40, 52))
    + "\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (128x784 and 64x10)",
}


def overflowing(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The loss, which overflows far from the origin."""
    return np.where(a**2 + b**2 > 0.9, np.nan, loss(a, b))


def nowhere(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Finite at no cell."""
    return np.full_like(a, np.nan)


def level(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Flat but for what float32 leaves."""
    return 2.3 + 1e-7 * a


def running(**others: Any) -> Play:
    """A run that is under way."""
    return Play(traits_of(COARSE, status=COMPUTING | {"remaining": 2.4}), **others)


def failed(**others: Any) -> Play:
    """A run whose loss raised."""
    return Play(traits_of(COARSE, status={"phase": "failed", "task": None}, error=ERROR), **others)


def on_a_path(kind: str = "surface", **others: Any) -> Play:
    """A landscape with a training on it."""
    surface = walked(ground(settings={"labels": ["1st principal component", "2nd principal component"]}))
    axes = [{"key": f"principal {rank}", "seed": 0, "normalization": None} for rank in (0, 1)]
    return Play(traits_of(surface, kind, choices=ALONG_A_PATH, directions=axes) | others)


def on_a_line() -> Play:
    """From one model to another, with both metrics."""
    other = (Point("B", (1.0,)),)
    known = {"labels": ["towards B"], "gram": [[25.0]]}
    between = (lambda a, b: loss(a - a**2, b), accuracy)
    surface = ground(between, axes=1, points=other, span=(-0.5, 1.5), cells=81, settings=known)
    offered = replace(OFFERED, directions=(*OFFERED.directions, Option("given 0", "towards B", TO_A_MODEL)))
    axis = {"key": "given 0", "seed": 0, "normalization": None}
    return Play(traits_of(weighed(surface), "line", choices=offered, directions=[axis]))


def doubtful() -> dict[str, Any]:
    """What a widget holds where much is to be said against the picture."""
    surface = ground((overflowing, accuracy), samples=128, error=0.2, settings={"share": 0.3, "zeros": 12})
    modes = {"frozen": 9.1, "reestimate": 0.4}
    found = {"worst": 22.0, "losses": modes, "at": [0.5, 0.5], "samples": 128}
    status = {"sensitivity": found}
    return traits_of(surface, "contour", choices=WITH_BATCH_NORM, status=status, batch_norm="frozen")


def of_curvature() -> Play:
    """Shares of negative curvature, on a grid of their own."""
    ratio = MetricFacts("curvature", "", 256, label="|λ_min/λ_max|", limits=(0.0, 0.5), colors="viridis")
    held = ground(
        (lambda a, b: 0.5 * (a**2 + b**2),), cells=17, samples=256, error=float("nan"), metrics=(ratio,)
    )
    surface = DONE.with_map("curvature", held)
    return Play(traits_of(surface, "heatmap", metric="curvature"))


def side_by_side() -> Play:
    """Three networks on one scale."""
    members = {
        "a": traits_of(DONE, "contour"),
        "b": traits_of(ground((narrower, accuracy)), "contour"),
        "c": traits_of(COARSE, "contour", status=COMPUTING | {"remaining": 3.0}),
    }
    rows = [
        row("with skips", "20 layers", 0.05, 97.9, 1.21),
        row("without skips", "20 layers", 0.15, 93.2, 0.74),
        row("wide, without skips, trained with a small batch", "", 0.05, 97.9, None),
    ]
    return Play(compared_traits(members, rows), "comparison", members)


def row(title: str, about: str, value: float, right: float, width: float | None) -> dict[str, Any]:
    """What the table knows of one network."""
    known = {"title": title, "about": about, "loss": value, "accuracy": right, "norm": 14.2}
    for rise, factor in (("0.1", 0.4), ("1.0", 1.0)):
        wide = None if width is None else width * factor
        ends = {"low": wide and wide * 0.9, "high": wide and wide * 1.1, "open": width is not None and False}
        known |= {f"width_{rise}": wide} | {f"width_{rise}_{end}": value for end, value in ends.items()}
    return known


STATES: States = {
    "done": lambda: Play(traits_of(DONE)),
    "contour": lambda: Play(traits_of(DONE, "contour")),
    "heat map": lambda: Play(traits_of(DONE, "heatmap")),
    "first run": lambda: Play(traits_of(DONE), hints=True),
    "preparing": lambda: Play(traits_of(DONE, **unread())),
    "computing": running,
    "coarse": lambda: Play(traits_of(ground(level=1), status=COMPUTING | {"remaining": 8.0})),
    "preview": lambda: Play(traits_of(ground(level=-1, preview=256), status=COMPUTING)),
    "paused": lambda: Play(traits_of(COARSE, status={"phase": "paused", "task": None})),
    "stopped": lambda: Play(traits_of(COARSE, status={"phase": "stopped", "task": None})),
    "previous": lambda: Play(
        traits_of(DONE, status=COMPUTING | {"generation": 2, "known": 0, "drawn": None}),
        then=asking("normalization", "layer"),
    ),
    "failed": failed,
    "failed, traceback": lambda: failed(then=pressed("traceback")),
    "not finite": lambda: Play(traits_of(ground((nowhere, accuracy)))),
    "some not finite": lambda: Play(traits_of(ground((overflowing, accuracy)))),
    "some not finite, contour": lambda: Play(traits_of(ground((overflowing, accuracy)), "contour")),
    "clipped": lambda: Play(traits_of(DONE, clip=2.0)),
    "flat": lambda: Play(traits_of(ground((level, accuracy)))),
    "busy": lambda: running(answers=1, then=silent),
    "disconnected": lambda: Play(traits_of(DONE), alive=False),
    "saved": lambda: Play(
        traits_of(DONE),
        answers=0,
        then=restored,
    ),
    "no WebGL": lambda: Play(traits_of(DONE), webgl=False),
    "plotting failed": lambda: Play(traits_of(ground(cells=9)), plotly=False),
    "help": lambda: Play(traits_of(DONE), then=helped),
    "menu": lambda: Play(traits_of(DONE), then=pressed("more")),
    "full window": lambda: Play(traits_of(DONE), then=in_full_window),
    "refused": lambda: Play(traits_of(DONE), then=refusing("x", "x goes from low to high; got (1, 1).")),
    "BatchNorm": lambda: Play(traits_of(DONE, choices=WITH_BATCH_NORM, batch_norm="frozen")),
    "cuts": lambda: Play(traits_of(DONE, "contour", cuts=True, marked=(0.4, -0.2))),
    "cuts, in space": lambda: Play(traits_of(COARSE, cuts=True, marked=(0.4, -0.2))),
    "marked": lambda: Play(traits_of(DONE, marked=(0.4, -0.2), height=0.5)),
    "why": lambda: Play(doubtful(), then=unfolded("why does it look so?")),
    "how is it drawn": lambda: Play(traits_of(DONE), then=unfolded("how is it drawn")),
    "table": lambda: Play(traits_of(DONE), then=tabled),
    "big type": lambda: Play(traits_of(DONE, big_type=True)),
    "subset": lambda: Play(traits_of(ground(samples=128, error=0.2), "contour")),
    "line": on_a_line,
    "trajectory": on_a_path,
    "trajectory, contour": lambda: on_a_path("contour"),
    "curvature": of_curvature,
    "comparison": side_by_side,
    "pins": lambda: Play(traits_of(DONE, pins=PINS)),
    "pins, contour": lambda: Play(traits_of(DONE, "contour", pins=PINS)),
    "lesson": lambda: Play(traits_of(DONE) | led(1)),
    "lesson, not begun": lambda: Play(traits_of(DONE) | led(None)),
    "lesson, put together": lambda: Play(traits_of(DONE) | led(0), then=unfolded("lesson")),
    "covered": lambda: Play(traits_of(DONE) | led(2, covered=True)),
    "locked": lambda: Play(traits_of(DONE, locked=("where", "samples", "metric", "clip", "status"))),
    "locked, all": lambda: Play(traits_of(DONE, locked=tuple(GROUPS))),
    "picture only": lambda: Play(traits_of(DONE, hidden=tuple(GROUPS))),
}


def play(name: str) -> Play:
    """Return the play of that name.

    Raises:
        SystemExit: for an unknown one, with those there are.
    """
    if name not in STATES:
        raise SystemExit(f"Expected one of {', '.join(STATES)}; got {name!r}.")
    return STATES[name]()
