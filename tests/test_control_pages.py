"""Is every control on the site, as it is: its name, its words, its default, and an example that runs?"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from reader import at_hand, script

import landscape_widget as lw
from landscape_widget.live.traits import CHECKED_VIEWING, COMPUTING, READING
from landscape_widget.live.widget import LandscapeWidget

controls = script("controls")
GROUPS, MORE, WORDS, PAGES = controls.GROUPS, controls.MORE, controls.WORDS, controls.control_pages()
ASKED = (*COMPUTING, *CHECKED_VIEWING, *READING)
EXAMPLES = {name: more["python"] for name, more in MORE["controls"].items() if "python" in more}


@pytest.fixture(scope="module")
def names() -> Iterator[dict]:
    names = at_hand()
    names["widget"] = lw.explore(
        *(names[it] for it in ("model", "loss", "data")), trajectory=names["trajectory"]
    )
    yield names
    names["widget"].close()


def test_every_control_has_a_group_that_has_a_page():
    assert {words["group"] for words in WORDS.values()} == set(GROUPS)
    assert set(PAGES) == {"controls/index.md", *(f"controls/{group}.md" for group in GROUPS)}


@pytest.mark.parametrize("name", WORDS)
def test_a_control_stands_on_its_page_and_in_the_list_with_the_widgets_own_words(name):
    words = WORDS[name]
    page = PAGES[f"controls/{words['group']}.md"]
    assert f"{{ #{name} }}" in page and words["does"] in page and words["means"] in page
    assert f"({words['group']}.md#{name})" in PAGES["controls/index.md"]


@pytest.mark.parametrize("name", ASKED)
def test_what_may_be_asked_for_is_a_control_with_its_default_and_an_example(name):
    page = PAGES[f"controls/{WORDS[name]['group']}.md"]
    section = re.split(r"^## ", page.partition(f"{{ #{name} }}")[2], flags=re.MULTILINE)[0]
    assert f"Trait: `{name}`" in section and "y default" in section
    assert f"widget.{name}" in EXAMPLES[name]


def test_the_site_tells_of_no_control_that_is_not_there():
    assert set(MORE["controls"]) <= set(WORDS)


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_as_written(name, names):
    exec(EXAMPLES[name], names)


def test_methods_that_are_named_are_there():
    named = [more["method"] for more in MORE["controls"].values() if "method" in more]
    assert named and all(hasattr(LandscapeWidget, re.findall(r"widget\.(\w+)", name)[0]) for name in named)


def test_the_widgets_own_order_is_kept():
    assert controls.members("where")[:2] == ["directions", "seed"]
