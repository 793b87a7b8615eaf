"""Is what the site takes from lessons and sources there, whole, and as it is said?"""

from __future__ import annotations

import re

import pytest
from reader import ROOT, script

lessons, said = script("lessons"), script("said")
LESSONS, PAGES = lessons.LESSONS, lessons.lesson_pages()


def test_every_notebook_is_a_lesson_in_the_reading_order():
    notebooks = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert list(LESSONS) == notebooks
    nav = re.findall(r"lessons/(\d\w+)\.md", (ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert nav == notebooks


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_shows_each_of_its_pictures_once_right_below_its_cell(name):
    page = PAGES[f"lessons/{name}.md"]
    for picture in LESSONS[name]["pictures"]:
        path = f"pictures/{picture['picture']}.png"
        assert page.count(path) == 1 and (ROOT / "docs" / path).stat().st_size < 150_000
        *_, cell = re.findall(r"```python\n(.*?)```", page.partition(path)[0], re.DOTALL)
        assert picture["cell"] in cell
        assert len(picture["shows"].split()) >= 8


def test_the_page_that_leads_to_lessons_names_each_with_what_it_asks():
    for name, lesson in LESSONS.items():
        assert f"({name}.md)" in PAGES["lessons/index.md"] and lesson["asks"] in PAGES["lessons/index.md"]


def test_keys_are_those_of_the_widget():
    assert "| f | full window; Escape leaves it |" in said.key_table() and said.key_table().count("\n") >= 10


def test_each_rule_of_the_widget_asks_a_question():
    asked = said.questions().splitlines()
    assert len(asked) >= 15 and all(question.endswith("?") for question in asked)


def test_a_page_is_filled_in_where_it_says_so_and_left_alone_elsewhere():
    assert said.filled("a\n<!-- keys -->\nb") == f"a\n{said.key_table()}\nb"
    assert said.filled("<!-- questions -->") == said.questions()
    assert said.filled("nothing") == "nothing"
