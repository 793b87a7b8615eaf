"""Did a long run hold? A table of what was read, and a verdict by rule. Plain numbers only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

ALLOWED = 0.15
"""How much more the last third may hold than the first."""
BOUNDED = ("kernel MB", "heap MB", "nodes")
"""What may come and go, but not grow."""
FEWEST = 6
"""Readings of which a third says something."""

Reading = Mapping[str, float]


def table(readings: Sequence[Reading]) -> str:
    """Return all readings, a line each, and below them the medians of the first and the last third."""
    names = list(readings[0])
    rows = [["", *names]]
    rows += [[str(number), *_written(reading)] for number, reading in enumerate(readings, 1)]
    first, last = thirds(readings)
    rows += [["first third", *_written(first)], ["last third", *_written(last)]]
    widths = [max(len(row[column]) for row in rows) for column in range(len(names) + 1)]
    return "\n".join(
        "  ".join(entry.rjust(width) for entry, width in zip(row, widths, strict=True)) for row in rows
    )


def thirds(readings: Sequence[Reading]) -> tuple[Reading, Reading]:
    """The median of each reading over the first and the last third of them."""
    count = max(1, len(readings) // 3)
    first, last = (
        {name: median(reading[name] for reading in some) for name in readings[0]}
        for some in (readings[:count], readings[-count:])
    )
    return first, last


def complaints(readings: Sequence[Reading], errors: Sequence[str], is_right: bool) -> list[str]:
    """Return what broke a rule, in words; nothing if the run held.

    Args:
        readings: in their order.
        errors: that the page has reported.
        is_right: whether the last picture is what a fresh computation gives.
    """
    found = [f"The page reported: {error}" for error in errors]
    if not is_right:
        found.append("The last picture isn't what a fresh computation gives.")
    if len(readings) < FEWEST:
        return [*found, f"Only {len(readings)} readings of the {FEWEST} that a verdict needs; run it longer."]
    first, last = thirds(readings)
    for name in BOUNDED:
        if last[name] > (1 + ALLOWED) * first[name]:
            grown = f"{last[name] / first[name] - 1:.0%}"
            found.append(f"{name} grew by {grown}, from {first[name]:.1f} to {last[name]:.1f}.")
    return found


def _written(reading: Reading) -> list[str]:
    return [f"{value:.1f}" if isinstance(value, float) else str(value) for value in reading.values()]
