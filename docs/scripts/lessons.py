"""How does a notebook read on the site? As it is, with a picture below each cell that one was taken of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import yaml

ROOT = Path(__file__).parents[2]
LESSONS: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "lessons.yml").read_text(encoding="utf-8"))


def lesson_pages() -> dict[str, str]:
    """Return path → Markdown: one page a lesson, and one that leads to them."""
    pages = {f"lessons/{name}.md": lesson_page(name) for name in LESSONS}
    return pages | {"lessons/index.md": leading_page()}


def lesson_page(name: str) -> str:
    """Return one notebook as Markdown; its links to the pages of the site lead there."""
    heading, *cells = _notebook(name).cells
    title, _, opening = heading.source.partition("\n")
    parts = [title, f"*A lesson you can run: `notebooks/{name}.ipynb`.*", opening.strip()]
    parts += [part for cell in cells for part in _parts(name, cell)]
    return "\n\n".join(parts).replace("](../docs/", "](../") + "\n"


def leading_page() -> str:
    """Return the page that shows all lessons, each with its first picture."""
    cards = "\n\n".join(_card(name, lesson) for name, lesson in LESSONS.items())
    return f'{OPENING}\n\n<div class="gallery" markdown>\n\n{cards}\n\n</div>\n'


OPENING = """# Lessons

Each is a notebook that runs from top to bottom in seconds to a minute on two cores: its networks come trained
with the package, its data too. What it claims it checks, with `assert`, over several seeds. The pictures are
taken from the widgets in them; `make lab` opens them all."""


def _card(name: str, lesson: dict[str, Any]) -> str:
    picture = f"[{_image(lesson['pictures'][0])}]({name}.md)"
    title = f"## [{_title(name)}]({name}.md)"
    return f"<div markdown>\n\n{title}\n\n{lesson['asks']}\n\n{picture}\n\n</div>"


def _parts(name: str, cell: Any) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield cell.source
        return
    yield f"```python\n{cell.source}\n```"
    for picture in LESSONS[name]["pictures"]:
        if picture["cell"] in cell.source:
            yield _image(picture)


def _image(picture: dict[str, str]) -> str:
    return f"![{picture['shows']}](../pictures/{picture['picture']}.png)"


def _title(name: str) -> str:
    return _notebook(name).cells[0].source.partition("\n")[0].removeprefix("# ")


def _notebook(name: str) -> Any:
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
