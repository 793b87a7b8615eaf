"""How does a number read beside its goal, and how do the tables get into the docs?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Must:
    """What a number must reach: ``bound`` or more, or with ``at_most`` no more than it."""

    bound: float
    at_most: bool = False

    def __call__(self, value: float, text: str = "{:.3g}") -> str:
        """Return the number with its goal, and whether it is reached; NaN is not."""
        reached = value <= self.bound if self.at_most else value >= self.bound
        sign, verdict = "≤" if self.at_most else "≥", "reached" if reached else "**missed**"
        return f"{text.format(value)} (must be {sign} {text.format(self.bound)}: {verdict})"


def short(value: float) -> str:
    """Three digits, and no powers of ten."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Markdown, a line each."""
    return [line(header), "|" + "---|" * len(header), *map(line, rows)]


def line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def across(rows: Iterable[Sequence[str]], corner: str) -> list[str]:
    """A table with a column for each of ``rows``, whose first entries are its header."""
    turned = list(zip(*rows, strict=True))
    return table((corner, *turned[0][1:]), turned[1:])


def put(page: Path, name: str, lines: Sequence[str]) -> None:
    """Replace what stands on a page between the two comments of that name; add both where there are none."""
    opening, closing = f"<!-- measured: {name} -->", f"<!-- end: {name} -->"
    text = page.read_text(encoding="utf-8") if page.exists() else "# Speed\n"
    if opening not in text:
        text = f"{text.rstrip()}\n\n{opening}\n{closing}\n"
    before, rest = text.split(opening, 1)
    _, after = rest.split(closing, 1)
    block = "\n".join((opening, "", *lines, "", closing))
    page.write_text(f"{before}{block}{after}", encoding="utf-8")
