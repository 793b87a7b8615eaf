"""Which keys are there, and what does the widget ask of a picture? Read from the widget's own sources."""

from __future__ import annotations

import re
from pathlib import Path

SOURCES = Path(__file__).parents[2] / "js" / "src"
NO_RULE = "finding.ts"


def filled(markdown: str) -> str:
    """Return a page with ``<!-- keys -->`` and ``<!-- questions -->`` replaced by what they name."""
    return markdown.replace("<!-- keys -->", key_table()).replace("<!-- questions -->", questions())


def key_table() -> str:
    """Return the list of the widget's help, as a table."""
    source = (SOURCES / "face" / "keyboard.ts").read_text(encoding="utf-8")
    listed = source.partition("const KEYS")[2].partition("\n];")[0]
    rows = [f"| {key} | {does} |" for key, does in re.findall(r'\["([^"]+)", "([^"]+)"\]', listed)]
    return "\n".join(["| key | does |", "|---|---|", *rows])


def questions() -> str:
    """Return what each rule of "why does it look so?" asks: the first line of its file."""
    rules = sorted(path for path in (SOURCES / "words" / "why").glob("*.ts") if path.name != NO_RULE)
    firsts = [path.read_text(encoding="utf-8").partition("\n")[0] for path in rules]
    return "\n".join(f"- {first.removeprefix('// ')}" for first in firsts)
