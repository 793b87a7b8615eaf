"""What makes a lesson of a landscape: views in an order, each with a caption?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from landscape_widget.live.controls import ALONE, GROUPS
from landscape_widget.names import one_of

MOST_STEPS = 200
LONGEST_CAPTION = 2_000  # letters

LESSON = ("steps", "step", "covered", "locked", "hidden")
"""How a teacher leads through a landscape."""

STEPPED = tuple(
    name
    for name in (*(name for names in GROUPS.values() for name in names), *ALONE)
    if name not in ("linked", "big_type", "steps", "step")
)
"""The traits that a step may set."""

Step = Mapping[str, Any]


def checked_steps(value: Any, check: Callable[[str, Any], Any]) -> tuple[dict[str, Any], ...]:
    """Return steps in their one true form: ``{"caption": "…", "view": {"metric": "loss", …}}``.

    Args:
        value: what came.
        check: a trait's name and value to the value in its own true form.

    Raises:
        ValueError: saying what was expected, what came and what to do.
    """
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise ValueError(
            'steps are captions with views, such as ({"caption": "Above", "view": {"kind": "contour"}},); '
            f"got {value!r}."
        )
    if len(entries := list(islice(value, MOST_STEPS + 1))) > MOST_STEPS:
        raise ValueError(f"A lesson has at most {MOST_STEPS} steps; got more. Make two of it.")
    return tuple(_step(entry, check) for entry in entries)


def check_among(step: int | None, steps: Sequence[Step]) -> None:
    """Raise ``ValueError`` where there are not so many steps."""
    if step is not None and step >= len(steps):
        count = {0: "no steps yet", 1: "one step, number 0"}.get(len(steps), f"steps 0 to {len(steps) - 1}")
        raise ValueError(f"The lesson has {count}; got step {step}. Add one with add_step(caption).")


def view_at(steps: Sequence[Step], step: int) -> dict[str, Any]:
    """Return trait → value at a step: what it sets, and what those before it have set.

    The values are covered only in a step that says so itself.
    """
    view = {name: value for one in steps[: step + 1] for name, value in one["view"].items()}
    if any("covered" in one["view"] for one in steps):
        view["covered"] = steps[step]["view"].get("covered", False)
    return view


def with_step(
    steps: Sequence[Step], caption: str, given: Mapping[str, Any], present: Mapping[str, Any]
) -> tuple[Step, ...]:
    """Return the steps and one more, which remembers what is given, or else all of the present view.

    The first remembers both, so that every step can be gone back to.
    """
    for name in given:
        one_of(name, STEPPED, "what a step sets")
    seen = {name: value for name, value in present.items() if name != "covered" or value}
    is_whole = not given or not steps
    return (*steps, {"caption": caption, "view": {**(seen if is_whole else {}), **given}})


def _step(entry: Any, check: Callable[[str, Any], Any]) -> dict[str, Any]:
    if not isinstance(entry, Mapping) or entry.keys() != {"caption", "view"}:
        raise ValueError(f'A step is {{"caption": "…", "view": {{"kind": "contour"}}}}; got {entry!r}.')
    caption, view = entry["caption"], entry["view"]
    if not isinstance(caption, str) or not caption.strip() or len(caption) > LONGEST_CAPTION:
        raise ValueError(
            "The caption of a step is a text that says what to look at, "
            f"of up to {LONGEST_CAPTION:,} letters; got {caption!r:.80}."
        )
    caption.encode()  # or half a letter could reach the wire
    if not isinstance(view, Mapping):
        raise ValueError(f"The view of a step is trait → value, such as {{'kind': 'contour'}}; got {view!r}.")
    names = [one_of(name, STEPPED, "what a step sets") for name in view]
    return {"caption": caption.strip(), "view": {name: check(name, view[name]) for name in names}}
