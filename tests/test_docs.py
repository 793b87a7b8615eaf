"""Does every line of Python on the site run, and does every page that should be there exist?"""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import plotly.io
import pytest
from reader import at_hand, blocks, leave_files

import landscape_widget as lw
from landscape_widget.live.lesson import LESSON

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in sorted(DOCS.glob("*.md"))}
WITH_PYTHON = [name for name, page in PAGES.items() if blocks(page)]


@pytest.mark.parametrize("name", WITH_PYTHON)
def test_the_python_of_a_page_runs_as_written(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(plotly.io.renderers, "default", "json")
    leave_files(tmp_path)
    names = at_hand()
    names["widget"] = lw.explore(names["model"], names["loss"], names["data"], resolution=9)
    names["surface"] = names["widget"].wait()
    for block in blocks(PAGES[name]):
        exec(block, names)


def test_the_page_of_options_lists_those_of_explore():
    table = re.findall(r"^\| (`.*?`) \|", PAGES["options"], re.MULTILINE)
    keywords = [
        parameter.name
        for parameter in inspect.signature(lw.explore).parameters.values()
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY
    ]
    assert sorted(re.findall(r"`(\w+)`", " ".join(table))) == sorted(keywords)


def test_the_page_of_names_has_every_public_one():
    named = re.findall(r"^::: landscape_widget\.(?:[a-z_]+\.)?(\w+)$", PAGES["api"], re.MULTILINE)
    assert sorted(named) == sorted([*lw.__all__, "zoo"])


def test_the_page_on_teaching_has_all_that_makes_a_lesson():
    assert [name for name in (*LESSON, "pins") if f"widget.{name}" not in PAGES["teaching"]] == []


def test_the_symptoms_are_many_and_each_says_what_to_do():
    symptoms = re.split(r"^### ", PAGES["troubleshooting"], flags=re.MULTILINE)[1:]
    assert len(symptoms) >= 25
    assert all(len(symptom.partition("\n")[2].split()) > 15 for symptom in symptoms)


def test_every_picture_is_light_and_described():
    for name, page in PAGES.items():
        for described, picture in re.findall(r"!\[(.*?)\]\((pictures/.*?)\)", page):
            assert len(described.split()) >= 4, f"{picture} on {name} says too little to who can't see it"
            assert (DOCS / picture).stat().st_size < 150_000, picture
