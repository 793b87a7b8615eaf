"""What would the kernel have told of a surface? All traits of a widget, or of several compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import traitlets
from anywidget import AnyWidget
from stage.grounds import METRICS, SIZE
from stage.play import NOW

from landscape_widget.export.view import View
from landscape_widget.live.comparison import Comparison
from landscape_widget.live.joint_status import joint_status
from landscape_widget.live.page_traits import page_traits
from landscape_widget.live.presets import presets
from landscape_widget.live.request import Choices
from landscape_widget.live.traits import Requesting
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.scene.options import (
    FROZEN,
    GRADIENT,
    HESSIAN,
    NORMALIZATIONS,
    PRINCIPAL,
    RANDOM,
    REESTIMATED,
    START,
)
from landscape_widget.surface.surface import Surface

Traits = dict[str, Any]

OFFERED = Choices(
    (RANDOM, GRADIENT, *HESSIAN.values()), NORMALIZATIONS, METRICS, SIZE, presets=presets(set())
)
"""What a plain network is offered."""

ALONG_A_PATH = replace(
    OFFERED,
    directions=(*OFFERED.directions, *PRINCIPAL, START),
    presets=presets({"random", "principal 0", "start"}),
    has_trajectory=True,
)
WITH_BATCH_NORM = replace(OFFERED, batch_norms=(FROZEN, REESTIMATED))


def traits_of(
    surface: Surface,
    kind: str = "surface",
    *,
    choices: Choices = OFFERED,
    status: Mapping[str, Any] | None = None,
    **others: Any,
) -> Traits:
    """Return what a widget holds.

    Args:
        surface: as far as it is known.
        kind: of picture.
        choices: what the controls offer.
        status: what of it is otherwise than a finished surface has it.
        others: values of other traits.
    """
    told = page_traits(surface, kind, View(), NOW)
    maps = {key: held.metrics for key, held in surface.maps.items()}
    told["choices"] = replace(choices, metrics=surface.metrics, maps=maps).content()
    told["status"] |= status or {}
    return defaults(LandscapeWidget) | told | others


def unread(**status: Any) -> Traits:
    """Return what a widget holds before anything is known."""
    told = {"phase": "preparing", "task": "directions", "level": -1, "known": 0, "drawn": None, "facts": None}
    return {"snapshot": b"", "snapshots": {}, "status": told | status}


def compared_traits(members: Mapping[str, Traits], table: list[Traits], **others: Any) -> Traits:
    """Return what a comparison holds: model id → a member's traits, and a row of the table each."""
    (first, *_), rows = members.values(), zip(members, table, strict=True)
    statuses = [member["status"] for member in members.values()]
    entries = [
        {"title": row["title"], "about": row["about"], "ref": f"anywidget:{id}", "cell": None, "own": []}
        for id, row in rows
    ]
    asked = {name: value for name, value in first.items() if name not in ("snapshot", "snapshots")}
    told = {"snapshot": b"", "snapshots": {}, "name": "", "status": joint_status(statuses, SIZE)}
    return defaults(Comparison) | asked | told | {"members": entries, "table": table} | others


def defaults(widget: type[Requesting]) -> Traits:
    """Return each trait that goes to the browser as it is while nobody has set it."""
    synced, foreign = widget.class_traits(sync=True), AnyWidget.class_traits(sync=True)
    values = {name: synced[name].default() for name in synced.keys() - foreign if not name.startswith("_")}
    return {name: value for name, value in values.items() if value is not traitlets.Undefined}
