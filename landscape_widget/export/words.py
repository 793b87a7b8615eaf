"""What does a figure say of itself: where it looks, and how far it is to be trusted?"""

from __future__ import annotations

import math
from textwrap import shorten

import numpy as np

from landscape_widget.export.barrier import barrier_text
from landscape_widget.export.numbers import format_error, format_number
from landscape_widget.export.plain import plain
from landscape_widget.export.scale import is_flat
from landscape_widget.export.scene import Scene
from landscape_widget.export.titles import metric_title
from landscape_widget.export.trail import trail_of
from landscape_widget.surface.interpolate import surplus

LEAST_SHARE = 1e-4  # smaller errors are nobody's concern
BATCH_NORM = {"reestimate": "re-estimated", "interpolate": "interpolated"}
"""A mode as people read it, where that is another word."""

LONGEST_ERROR = 80  # letters
LINE_LENGTH = 110  # characters that fit into a figure of plotly's usual width


def title(scene: Scene) -> str:
    """Return the metric, after the surface's name if it has one."""
    name = scene.surface.settings.get("name")
    return f"{plain(name)}: {metric_title(scene.metric)}" if name else metric_title(scene.metric)


def subtitle(scene: Scene) -> str:
    """Return level, samples and error, and every cell that is not what it seems; a cut tells where."""
    return wrapped(said_of(scene))


def said_of(scene: Scene) -> list[str]:
    """Return the parts of a subtitle."""
    if not scene.values.size:
        return [f"{int(scene.surface.known.sum()):,} of {scene.surface.grid.size:,} cells known"]
    said = [
        _cut(scene) if scene.is_cut else "",
        _level(scene),
        _interpolation(scene),
        _samples(scene),
        _weights(scene),
        *_oddities(scene),
        _batch_norm(scene),
        _barrier(scene),
        *_path(scene),
    ]
    return [words for words in said if words]


def wrapped(said: list[str], length: int = LINE_LENGTH) -> str:
    """Join the parts, in lines that fit."""
    lines = [""]
    for words in said:
        longer = f"{lines[-1]} · {words}" if lines[-1] else words
        lines = [*lines[:-1], longer] if len(longer) <= length else [*lines, words]
    return "<br>".join(lines)


def nothing_to_draw(scene: Scene) -> str | None:
    """Return why the picture is empty and what to do, None when it isn't."""
    if not scene.values.size:
        return "no level is finished yet"
    if not scene.is_empty:
        return None
    what = "NaN" if np.isnan(scene.values[scene.measured]).all() else "infinite or NaN"
    return f"every cell is {what}: the {metric_title(scene.metric)} overflows; try a smaller range"


def _cut(scene: Scene) -> str:
    return f"cut at direction 2 = {format_number(float(scene.y[0]))}"


def _cells(scene: Scene) -> str:
    return f"{scene.surface.grid.name} cells"


def _level(scene: Scene) -> str:
    shape = [axis.lattice(scene.surface.level).size for axis in scene.surface.grid.axes]
    name = " × ".join(f"{size:,}" for size in shape[: scene.values.ndim])
    return _cells(scene) if name == scene.surface.grid.name else f"{name} of {_cells(scene)}"


def _interpolation(scene: Scene) -> str:
    """How far the ground between the measured cells is off; nothing where there is none."""
    if scene.measured.all():
        return ""
    measured = surplus(scene.surface)
    if measured is None:
        return "lighter: interpolated, not measured yet"
    first = scene.surface.metrics[0]
    of_it = "" if first.name == scene.metric.name else f" of the {metric_title(first)}"
    return f"lighter: interpolation{of_it} off by {_at_most(measured.worst)} of the range, measured"


def _at_most(share: float) -> str:
    """Return "at most 0.31 %", never less than it was."""
    if share < LEAST_SHARE:
        return f"less than {format_number(100 * LEAST_SHARE)} %"
    unit = 10.0 ** (math.floor(math.log10(share)) - 1)
    return f"at most {format_number(100 * math.ceil(share / unit - 1e-9) * unit, 2)} %"


def _samples(scene: Scene) -> str:
    counts = scene.surface.counts[scene.surface.row(scene.metric.name)]
    measured, size = int(counts[counts > 0].min(initial=scene.metric.size)), scene.metric.size
    if not size:
        return "samples unknown"
    if measured >= size:
        return f"all {size:,} samples"
    errors = scene.errors[np.isfinite(scene.errors)]
    error = f" {format_error(float(np.median(errors)) if errors.size else np.nan)}"
    preview = "preview: " if scene.surface.preview else ""
    return f"{preview}{measured:,} of {size:,} samples{'' if scene.metric.label else error}"


def _weights(scene: Scene) -> str:
    """Of how many weights the eigenvalues of a map are."""
    count = scene.surface.settings.get("engine", {}).get("weights")
    return f"with respect to {count:,} weights" if count else ""


def _oddities(scene: Scene) -> list[str]:
    said = []
    if number := int(scene.failed.sum()):
        error = str(scene.surface.settings.get("engine", {}).get("error", ""))
        why = plain(shorten(error, LONGEST_ERROR, placeholder=" …"))
        said.append(": ".join(filter(None, (f"{number:,} {_noun(number)} failed", why))))
    if number := int(scene.not_finite.sum()):
        said.append(f"{number:,} {_noun(number)} not finite")
    if number := int(scene.unconverged.sum()):
        said.append(f"{number:,} {_noun(number)} not converged")
    if number := int(scene.clipped.sum()):
        said.append(f"{number:,} {_noun(number)} clipped at {format_number(scene.view.limit)}")
    if number := int(scene.beyond.sum()):
        low, high = map(format_number, scene.view.limits or (0, 0))
        said.append(f"{number:,} {_noun(number)} beyond {low} to {high}, drawn at the end")
    if number := int((scene.holes & ~scene.not_finite & ~scene.failed).sum()):
        said.append(f"{number:,} {_noun(number)} too low for this scale")
    finite = scene.values[scene.measured & np.isfinite(scene.values)]
    if finite.size and is_flat(low := float(finite.min()), high := float(finite.max())):
        said.append(f"flat to within {format_number(high - low)}")
    return said


def _noun(number: int) -> str:
    return "cell" if number == 1 else "cells"


def _batch_norm(scene: Scene) -> str:
    mode = scene.surface.settings.get("batch_norm")
    return f"BatchNorm {plain(BATCH_NORM.get(mode, mode))}" if mode else ""


def _barrier(scene: Scene) -> str:
    is_line = scene.surface.grid.y is None and scene.metric.unit != "%" and not scene.metric.label
    found = scene.surface.barrier(scene.metric.name) if is_line else None
    return "" if found is None else barrier_text(found)


def _path(scene: Scene) -> list[str]:
    """How many checkpoints, from when to when, what the colours say, how many lie outside."""
    trail, path = trail_of(scene), scene.surface.path
    if trail is None or path is None or not len(trail):
        return []
    last = len(trail) - 1
    is_by_epoch = bool(np.isfinite(path.epochs).all())
    times, unit = (path.epochs, "epoch") if is_by_epoch else (path.steps, "step")
    shown = f"{len(trail):,}" if len(trail) == len(path) else f"{len(trail):,} of {len(path):,}"
    when = f"{unit} {format_number(times[0])} to {format_number(times[last])}"
    return [
        f"{shown} checkpoints, {when}, light to dark",
        *(["red: the learning rate drops"] if (path.drops <= last).any() else []),
        *([f"{trail.outside:,} outside"] if trail.outside else []),
    ]
