"""Which controls are there, what does each change, and which of them may the page use?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from landscape_widget.live.protocol import Action, Apply, AutoRange, Command
from landscape_widget.live.request import Preset
from landscape_widget.names import one_of

GROUPS: Mapping[str, tuple[str, ...]] = {
    "where": ("directions", "third", "rotation", "normalization", "x", "y", "linked"),
    "measured": ("resolution", "samples", "tolerance", "batch_norm"),
    "drawn": ("metric", "kind", "scale", "clip", "limits", "levels", "colors", "height", "cuts"),
    "status": (),
}
"""Group → the traits that its controls change; ``status`` only tells, and has the buttons of a run."""

ALONE = ("big_type", "camera", "moment", "marked", "pins", "steps", "step", "covered")
"""Traits whose controls stand in no group."""

CONTROLS = (*GROUPS, *(name for names in GROUPS.values() for name in names), *ALONE)

COMMANDS: Mapping[str, tuple[str, ...]] = {
    "auto_range": ("x", "y"),
    "fit_path": ("x", "y"),
    "refit": ("directions", "x", "y"),
    "refine_further": ("resolution", "tolerance"),
}
"""What the page may ask for → the traits that change with it."""

RUN = ("pause", "resume", "stop", "retry")
"""What the page may ask of a run: the buttons of ``status``."""


def checked_controls(name: str, value: Any) -> tuple[str, ...]:
    """Return names of controls, each once.

    Raises:
        ValueError: naming what was expected, what came and the nearest that is known.
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ValueError(
            f'{name} names controls or groups of them, such as ("x", "y") or ("measured",); got {value!r}.'
        )
    return tuple(dict.fromkeys(one_of(control, CONTROLS, f"{name}: a control") for control in value))


def traits_of(controls: Iterable[str]) -> frozenset[str]:
    """Return the traits that these controls and groups change."""
    return frozenset(trait for control in controls for trait in GROUPS.get(control, (control,)))


def refusal_of_change(name: str, changes: Mapping[str, Any], locked: tuple[str, ...]) -> str | None:
    """Return why the page may not change this trait; None if it may.

    A step of a lesson sets what it was told to, locked or not.
    """
    traits = traits_of(locked)
    if name not in traits or ("step" in changes and "step" not in traits):
        return None
    return (
        f"{name} is locked, so only Python changes it: set widget.{name}, or free the control with a "
        "widget.locked that doesn't name it."
    )


def refusal_of_action(action: Action, locked: tuple[str, ...], presets: Iterable[Preset]) -> str | None:
    """Return why the page may not ask for this; None if it may."""
    match action:
        case AutoRange():
            touched = COMMANDS["auto_range"]
        case Apply(key):
            found = [preset for preset in presets if preset.key == key]
            fits = any(preset.fits for preset in found)
            touched = (*(name for one in found for name in one.changes), *(("x", "y") if fits else ()))
        case Command(kind) if kind in RUN and "status" in locked:
            return f"{kind} is locked, with all of the status: call widget.{kind}() from Python."
        case Command(kind):
            touched = COMMANDS.get(kind, ())
        case _:
            return None
    names = sorted(traits_of(locked).intersection(touched))
    return refusal_of_change(names[0], {}, locked) if names else None
