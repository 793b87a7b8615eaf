"""Is every line of Python in the README true, and does it lead where it says?"""

from __future__ import annotations

import re
from pathlib import Path

from reader import at_hand, blocks

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_python_runs_as_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names = at_hand()
    for block in blocks(README):
        exec(block, names)
    surface, widget = names["surface"], names["widget"]
    assert len(blocks(README)) == 4 and surface.is_done and surface["loss"].shape == (51, 51)
    assert widget.x == (-2.0, 2.0) and (tmp_path / "landscape.html").stat().st_size > 100_000


def test_its_links_lead_somewhere():
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README)
    assert len(links) >= 10
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_it_is_read_in_two_minutes():
    assert len(README.split()) < 1000
