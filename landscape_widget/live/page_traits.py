"""What would a widget say of a surface, if there were a kernel? Its traits, from the surface alone."""

from __future__ import annotations

import math
from dataclasses import asdict
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landscape_widget.export.view import View
from landscape_widget.export.words import BATCH_NORM
from landscape_widget.facts import Facts, Rounding
from landscape_widget.live.given import PLAIN, SAVED, Given, given
from landscape_widget.live.maps import Standing
from landscape_widget.live.presets import presets
from landscape_widget.live.protocol import pack, surface_message
from landscape_widget.live.report import Report
from landscape_widget.live.request import Choices, DirectionChoice, Option, request_of
from landscape_widget.live.status import status_content
from landscape_widget.surface.interpolate import surplus
from landscape_widget.surface.surface import Surface

GENERATION, SEQUENCE = 1, 0


def page_traits(surface: Surface, kind: str, view: View, time: datetime) -> dict[str, Any]:
    """Return trait → value, in JSON but for the bytes of ``snapshot`` and ``snapshots``.

    Args:
        surface: with its maps; what it doesn't know of its scene is left out.
        kind: of the picture that is shown first.
        view: how it is drawn.
        time: when it is saved.
    """
    request, facts, choices = request_traits(surface), facts_of(surface), choices_of(surface)
    standings = tuple(
        Standing(key, "done" if held.is_done else "skipped") for key, held in surface.maps.items()
    )
    report = Report(
        GENERATION,
        "done" if surface.is_done else "stopped",
        request=request_of(request),
        surface=surface,
        facts=facts,
        surplus=surplus(surface),
        maps=standings,
    )

    def packed(held: Surface, key: str | None) -> bytes:
        return pack(surface_message(held, facts, GENERATION, SEQUENCE, time, key))

    return {
        **request,
        "linked": False,
        "kind": kind,
        "metric": view.metric,
        "scale": view.scale,
        "clip": view.clip,
        "limits": view.limits,
        "levels": view.levels,
        "colors": view.colors,
        "moment": view.moment,
        "height": view.height,
        "camera": None,
        "cuts": False,
        "marked": None,
        "big_type": False,
        "pins": view.pins,
        "steps": (),
        "step": None,
        "covered": False,
        "locked": (),
        "hidden": (),
        "name": str(surface.settings.get("name") or ""),
        "choices": choices.content(),
        "status": status_content(report, choices.size),
        "error": None,
        "sharpness": None,
        "snapshot": packed(surface, None),
        "snapshots": {key: packed(held, key) for key, held in surface.maps.items()},
        "inscription": "",
        "_library": "",
    }


def facts_of(surface: Surface) -> Facts:
    """Return what the settings tell of the scene; what they don't is None, or empty."""
    settings = surface.settings
    gram = np.array(settings.get("gram") or [], float)
    return Facts(
        metrics=surface.metrics,
        labels=tuple(map(str, settings.get("labels", ()))),
        ranges=tuple((axis.low, axis.high) for axis in surface.grid.axes),
        points=surface.points,
        angle=_angle(gram),
        spread=settings.get("spread"),
        share=settings.get("share"),
        zeros=settings.get("zeros", 0),
        gram=gram,
        batch_norm=settings.get("batch_norm"),
        where=str(settings.get("device", "")),
        notes=tuple(map(str, settings.get("notes", ()))),
        is_to_scale=bool(settings.get("is_to_scale")),
        is_triangle=bool(settings.get("is_triangle")),
        histograms=surface.histograms,
        rounding=_rounding(settings.get("rounding")),
    )


def _rounding(told: Any) -> Rounding | None:
    return told and Rounding(told["dtype"], tuple(told["steps"]), tuple(told["lost"]))


def _angle(gram: NDArray[np.float64]) -> float | None:
    """Degrees between two directions, from their inner products."""
    if len(gram) != 2:
        return None
    lengths = math.sqrt(gram[0, 0] * gram[1, 1])
    return math.degrees(math.acos(np.clip(gram[0, 1] / lengths, -1, 1))) if lengths else None


def request_traits(surface: Surface) -> dict[str, Any]:
    """What the controls show of where and how it was computed."""
    settings, (x, *y) = surface.settings, surface.grid.axes
    return {
        "x": (x.low, x.high),
        "y": (y[0].low, y[0].high) if y else (x.low, x.high),
        "resolution": (x.points, y[0].points if y else x.points),
        "samples": surface.samples,
        "normalization": settings.get("normalization") or "none",
        "batch_norm": settings.get("batch_norm"),
        "directions": _directions(surface),
        "third": settings.get("third"),
        "rotation": settings.get("rotation", 0.0),
        "tolerance": None,
    }


def _directions(surface: Surface) -> list[dict[str, Any]]:
    known: Any = surface.settings.get("directions", ())
    if len(known) != len(surface.grid.axes):
        known = [{"key": f"given {axis}"} for axis, _ in enumerate(surface.grid.axes)]
    return [asdict(DirectionChoice(**choice)) for choice in known]


def _given(surface: Surface) -> Given:
    known = {name: surface.settings.get(name, PLAIN[name]) for name in SAVED}
    return given({**known, "repeats": 1 + max(metric.repeat for metric in surface.metrics)})


def choices_of(surface: Surface) -> Choices:
    """On offer is what there is, and the paper's way to draw it."""
    request, mode = request_traits(surface), surface.settings.get("batch_norm")
    third = [request["third"]] if request["third"] else []
    labels = [str(label) for label in surface.settings.get("labels", ())]
    options: dict[str, Option] = {}
    for axis, choice in enumerate([*request["directions"], *third]):
        key, is_random = str(choice["key"]), str(choice["key"]).startswith("random")
        label = key if is_random else labels[axis] if axis < len(labels) else f"direction {axis + 1}"
        options[key] = Option(key, label, "", seeded=is_random)
    normalization = request["normalization"]
    return Choices(
        tuple(options.values()),
        (Option(normalization, normalization, ""),),
        surface.metrics,
        surface.metrics[0].size,
        batch_norms=() if mode is None else (Option(mode, str(BATCH_NORM.get(mode, mode)), ""),),
        presets=presets(set()),
        has_trajectory=surface.path is not None,
        given=_given(surface),
        maps={key: held.metrics for key, held in surface.maps.items()},
    )
