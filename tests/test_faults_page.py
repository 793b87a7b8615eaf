"""Does each line of the page about faults name a test that exists?"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "faults.md"
NAMED = re.compile(r"`((?:js/test|tests)/[\w/.-]+)::([^`]+)`")


def rows() -> list[str]:
    """Lines of all tables, but for their heads."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("|") and not line.startswith(("| fault ", "|---"))]


def names_in(path: Path) -> set[str]:
    """By their names, or in TypeScript by what they state."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".ts":
        return set(re.findall(r"""\bit\(\s*["'](.+?)["'],""", source))
    return {node.name for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


def test_each_line_names_a_test_that_exists():
    assert len(rows()) > 30
    for row in rows():
        named = NAMED.findall(row)
        assert named, f"This line names no test: {row}"
        for file, test in named:
            assert (ROOT / file).exists(), f"There is no {file}, named in: {row}"
            assert test in names_in(ROOT / file), f"{file} has no {test}, named in: {row}"


def test_each_line_says_what_is_seen_and_what_is_kept():
    for row in rows():
        assert all(cell.strip() for cell in row.strip("|").split("|")[:4]), row
        assert row.count("|") == 5, row
