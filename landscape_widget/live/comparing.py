"""What can be asked of several landscapes at once, and where do they stand together? Plain values only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from landscape_widget.live.request import Choices, Preset
from landscape_widget.live.traits import COMPUTING

Title = Any
"""Text, or the (row, column) of a matrix."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One landscape that was read and checked at the door.

    Attributes:
        title: under which the user gave it.
        about: what the user knows of it, in words.
        choices: what may be asked of it.
        request: a value for each computing trait.
        own: the traits that it was given for itself; what is asked of all leaves them alone.
        norm: ‖θ‖ of the moved parameters.
    """

    title: Title
    about: str
    choices: Choices
    request: Mapping[str, Any]
    own: frozenset[str]
    norm: float


def common_choices(entries: Sequence[Entry]) -> Choices:
    """Return what may be asked of all; the directions of the first stay on offer in any case."""
    first = entries[0].choices
    linked = [entry.choices for entry in entries if "directions" not in entry.own]
    shared = set.intersection(*({option.key for option in one.directions} for one in linked or [first]))
    chosen = {choice["key"] for choice in asked_of_all(entries)["directions"]}
    names = set.intersection(*({metric.name for metric in entry.choices.metrics} for entry in entries))
    metrics = {metric.name: metric for entry in reversed(entries) for metric in entry.choices.metrics}
    return replace(
        first,
        directions=tuple(option for option in _options(entries) if option.key in shared | chosen),
        metrics=tuple(metrics[metric.name] for metric in first.metrics if metric.name in names),
        maps={key: columns for key, columns in first.maps.items() if _all_have(entries, key)},
        size=max(entry.choices.size for entry in entries),
        batch_norms=next((e.choices.batch_norms for e in entries if e.choices.batch_norms), ()),
        presets=_common_presets(entries),
        has_trajectory=all(entry.choices.has_trajectory for entry in entries),
    )


def asked_of_all(entries: Sequence[Entry]) -> dict[str, Any]:
    """Return a value for each computing trait: that of the first member without one of its own.

    The ranges hold those of all, and samples are as many as the member with most has.
    """
    asked = {}
    for name in COMPUTING:
        linked = [entry for entry in entries if name not in entry.own] or entries
        values = [entry.request[name] for entry in linked]
        asked[name] = next((value for value in values if value is not None), None)
        if name in ("x", "y"):
            asked[name] = min(low for low, _ in values), max(high for _, high in values)
        elif name == "samples":
            asked[name] = max(values)
    return asked


def asked_of(entry: Entry, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a comparison's values a member takes, as far as it can."""
    offered = {option.key for option in entry.choices.directions}
    taken = {name: asked[name] for name in COMPUTING if name not in entry.own}
    if "samples" in taken:
        taken["samples"] = min(taken["samples"], entry.choices.size)
    if taken.get("batch_norm") not in [option.key for option in entry.choices.batch_norms]:
        taken.pop("batch_norm", None)
    if not {choice["key"] for choice in taken.get("directions", ())} <= offered:
        del taken["directions"]
    if taken.get("third") and taken["third"]["key"] not in offered:
        del taken["third"]
    return taken


def matrix_of(titles: Sequence[Title]) -> tuple[list[str], list[str]] | None:
    """Return the names of rows and columns, each in the order it first comes; None where titles are text.

    Raises:
        ValueError: where some titles are text and some (row, column), one is neither, or two read the same.
    """
    pairs = [title for title in titles if isinstance(title, tuple)]
    if not pairs and all(isinstance(title, str) for title in titles):
        return None
    if odd := [title for title in titles if not (isinstance(title, tuple) and len(title) == 2)]:
        beside = f" beside {pairs[0]!r}" if pairs else ""
        raise ValueError(
            f"Titles are either all text or all (row, column); got {odd[0]!r}{beside}. "
            "For a matrix, write {('depth 8', 'width 1'): model}."
        )
    places = [(str(row), str(column)) for row, column in pairs]
    if twice := [place for place in places if places.count(place) > 1]:
        raise ValueError(
            f"Each place of a matrix has one member; got two for {twice[0]}. Name one differently."
        )
    rows, columns = zip(*pairs, strict=True)
    return [str(name) for name in dict.fromkeys(rows)], [str(name) for name in dict.fromkeys(columns)]


def cell_of(title: Title, matrix: tuple[list[str], list[str]] | None) -> list[int] | None:
    """Return row and column of a title in the matrix."""
    return (
        None
        if matrix is None
        else [names.index(str(name)) for name, names in zip(title, matrix, strict=True)]
    )


def _all_have(entries: Sequence[Entry], key: str) -> bool:
    return all(key in entry.choices.maps for entry in entries)


def _options(entries: Sequence[Entry]) -> Iterable[Any]:
    return {option.key: option for e in reversed(entries) for option in e.choices.directions}.values()


def _common_presets(entries: Sequence[Entry]) -> tuple[Preset, ...]:
    """Those of the first that every member offers: a path's own, where each has one."""
    offered = [{preset.key for preset in entry.choices.presets} for entry in entries]
    return tuple(preset for preset in entries[0].choices.presets if preset.key in set.intersection(*offered))
