"""How do all states look? Draws each in every theme and width, and sheets of them, to test-output/states."""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from chromium import chromium
from PIL import Image, ImageDraw
from stage.states import STATES, play
from stage.theatre import Theatre, theatre

OUTPUT = Path(__file__).parents[3] / "test-output" / "states"
WIDTHS = (1020, 600, 360)
LOOKS = tuple((theme, width) for theme in ("light", "dark") for width in WIDTHS)
SHEET = 2_100
"""Pixels that a sheet is wide."""


def main(names: Sequence[str]) -> None:
    """Draw these states."""
    OUTPUT.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        for name in names:
            with theatre(browser) as stage:
                draw(stage, name)
    for theme, width in LOOKS:
        sheet([path_of(name, theme, width) for name in STATES], OUTPUT / f"sheet {theme} {width}.png", width)


def draw(stage: Theatre, name: str) -> None:
    """Draw one state in every look; what goes wrong is printed, and the next one is drawn."""
    for theme, width in LOOKS:
        try:
            if (theme, width) == LOOKS[0]:
                stage.show(play(name), theme, width)
            else:
                stage.dress(theme)
                stage.widen(width)
                stage.settle()
            stage.root.screenshot(path=path_of(name, theme, width))
            for flaw in stage.flaws():
                print(f"{name}, {theme}, {width}: {flaw}")
        except Exception as error:
            print(f"{name}, {theme}, {width}: {error}")


def path_of(name: str, theme: str, width: int) -> Path:
    """Return where a picture goes."""
    return OUTPUT / f"{re.sub(r'[^a-zA-Z0-9]+', '-', name)}-{theme}-{width}.png"


def sheet(paths: Sequence[Path], out: Path, width: int) -> None:
    """Lay pictures side by side, each under its name and at most so wide."""
    pictures = [(path.stem, Image.open(path)) for path in paths if path.exists()]
    for _, picture in pictures:
        picture.thumbnail((width, SHEET))
    widest = width + 20
    columns = SHEET // widest
    rows = [pictures[start : start + columns] for start in range(0, len(pictures), columns)]
    heights = [max(picture.height for _, picture in row) + 30 for row in rows]
    whole = Image.new("RGB", (widest * columns, sum(heights)), "#888")
    pen = ImageDraw.Draw(whole)
    for index, (stem, picture) in enumerate(pictures):
        row = index // columns
        left, top = (index % columns) * widest + 10, sum(heights[:row])
        pen.text((left, top + 8), stem, fill="white")
        whole.paste(picture.convert("RGB"), (left, top + 25))
    parts = math.ceil(whole.height / SHEET)
    for part in range(parts):
        box = (0, part * SHEET, whole.width, min((part + 1) * SHEET, whole.height))
        whole.crop(box).save(out if parts == 1 else out.with_stem(f"{out.stem} {part + 1}"))


if __name__ == "__main__":
    main(sys.argv[1:] or list(STATES))
