"""What has to be known to make a picture again?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from landscape_widget.export.numbers import format_number
from landscape_widget.surface.surface import Surface

SHORT = 12  # letters of a fingerprint
DIGITS = 6  # of an end of a range


def footer_of(surface: Surface) -> list[str]:
    """Directions, ranges, normalization, BatchNorm, samples, fingerprints and versions, where known."""
    settings = surface.settings
    facts = [
        *_directions(settings),
        _where(surface),
        _named(settings, "normalization"),
        _named(settings, "one_dimensional", "one-dimensional parameters"),
        _named(settings, "batch_norm", "BatchNorm"),
        _named(settings, "mode"),
        f"{surface.samples:,} samples" if surface.samples else "",
        *(
            f"{word} {str(settings[name])[:SHORT]}"
            for name, word in (("origin", "weights"), ("data_fingerprint", "data"))
            if settings.get(name)
        ),
        *(f"{name} {version}" for name, version in settings.get("versions", {}).items()),
    ]
    return [fact for fact in facts if fact]


def _directions(settings: Mapping[str, Any]) -> list[str]:
    prints = [f" ({str(print)[:SHORT]})" for print in settings.get("fingerprints", ())]
    labels = [str(label) for label in settings.get("labels", ())]
    return [
        f"direction {number}: {label}{prints[number - 1] if number <= len(prints) else ''}"
        for number, label in enumerate(labels, 1)
    ]


def _where(surface: Surface) -> str:
    ends = (
        f"{name} from {format_number(axis.low, DIGITS)} to {format_number(axis.high, DIGITS)}"
        for name, axis in zip("xy", surface.grid.axes, strict=False)
    )
    return f"{', '.join(ends)} in {surface.grid.name} cells"


def _named(settings: Mapping[str, Any], name: str, word: str = "") -> str:
    value = settings.get(name)
    return "" if value is None else f"{word or name} {value}"
