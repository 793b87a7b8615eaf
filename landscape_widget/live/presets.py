"""Which views are one click away?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from landscape_widget.live.checks import checked
from landscape_widget.live.lesson import STEPPED
from landscape_widget.live.request import Choices, Preset
from landscape_widget.names import one_of
from landscape_widget.paper import PAPER, as_in_the_paper


def presets(directions: set[str]) -> tuple[Preset, ...]:
    """Return those that make sense with these directions on offer."""
    paper = Preset(
        PAPER,
        "as in the paper",
        "Levels, scale and limits of Li et al. (2018) for this kind of picture. Nothing is computed.",
        {},
    )
    along = (
        Preset(
            "principal components",
            "principal components",
            "The plane in which the trajectory varies most (Li et al. 2018, figure 9).",
            _axes("principal 0", "principal 1"),
            fits=True,
        ),
        Preset(
            "two random axes",
            "two random axes",
            "Shows almost nothing of a trajectory: it is nearly orthogonal to any random direction "
            "(Li et al. 2018, figure 8 a).",
            _axes("random", "random") | {"x": (-1.0, 1.0), "y": (-1.0, 1.0)},
        ),
        Preset(
            "start and random",
            "start and random",
            "The trajectory looks straight, since the random axis shows nothing of it "
            "(Li et al. 2018, figure 8 b).",
            _axes("start", "random") | {"x": (-0.2, 1.2), "y": (-1.0, 1.0)},
        ),
        Preset(
            "start and random, zoomed",
            "start and random, zoomed",
            "The same, with the random axis stretched to what the trajectory moves along it "
            "(Li et al. 2018, figure 8 c).",
            _axes("start", "random"),
            fits=True,
        ),
    )
    keys = (("principal 0",), ("random", "principal 0"), ("start", "random"), ("start", "random"))
    offered = [preset for preset, needed in zip(along, keys, strict=True) if directions.issuperset(needed)]
    return (paper, *offered)


def chosen(offered: Sequence[Preset], key: str) -> Preset:
    """Return the one of these presets; an unknown key raises ``ValueError`` with the nearest known one."""
    known = {preset.key: preset for preset in offered}
    return known[one_of(key, list(known), "A preset")]


def with_preset(offered: Choices, key: str, view: Mapping[str, Any]) -> Choices:
    """Return what is on offer and one preset more, of somebody's own.

    Raises:
        ValueError: for a name that is taken, a trait that no preset sets, or a value that makes no sense.
    """
    if not isinstance(key, str) or not key.strip() or key in {preset.key for preset in offered.presets}:
        raise ValueError(f"The name of a preset is a text of its own, not taken by another; got {key!r}.")
    if not view:
        raise ValueError(f'A preset sets something, such as kind="contour"; {key!r} got nothing to set.')
    changes = {
        name: checked(one_of(name, STEPPED, "what a preset sets"), view[name], offered) for name in view
    }
    return replace(offered, presets=(*offered.presets, Preset(key, key, f"Sets {', '.join(view)}.", changes)))


def changes_of(preset: Preset, kind: str, axes: int) -> Mapping[str, Any]:
    """Return what a preset changes of a picture of this kind, which on one axis is a line."""
    if preset.key != PAPER:
        return preset.changes
    return as_in_the_paper("line" if axes == 1 else "surface" if kind == "line" else kind)


def _axes(*keys: str) -> dict[str, Any]:
    axes = [
        {"key": key, "seed": seed if key == "random" else 0, "normalization": None}
        for seed, key in enumerate(keys)
    ]
    return {"directions": axes, "third": None, "rotation": 0.0}
