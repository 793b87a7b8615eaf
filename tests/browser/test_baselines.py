"""Does the face look as it did when somebody last looked? And is a change noticed, and another browser?"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser
from stage.gallery import BASELINES, Gallery, accept
from stage.judge import Drawn, colors_of, outlined
from stage.states import play
from stage.theatre import Theatre, theatre

LOOKS = (
    ("done", "light", 1020),
    ("done", "dark", 1020),
    ("done", "light", 360),
    ("done", "contrast", 600),
    ("contour", "dark", 600),
    ("computing", "light", 1020),
    ("previous", "light", 600),
    ("failed, traceback", "dark", 600),
    ("not finite", "light", 600),
    ("plotting failed", "light", 600),
    ("help", "dark", 1020),
    ("menu", "light", 600),
    ("why", "dark", 1020),
    ("cuts", "light", 600),
    ("line", "light", 1020),
    ("trajectory", "dark", 1020),
    ("comparison", "light", 1020),
    ("lesson", "light", 1020),
    ("covered", "dark", 360),
    ("big type", "light", 1020),
)
MOST = 60_000
"""Bytes of one picture."""


@pytest.fixture(scope="module")
def stage(browser: Browser) -> Iterator[Theatre]:
    with theatre(browser) as stage:
        yield stage


def drawn(stage: Theatre, name: str, theme: str, width: int) -> Drawn:
    stage.show(play(name), theme, width)
    colors = colors_of([picture(shot) for shot in stage.plots()])
    return Drawn(picture(stage.without_plots()), outlined(stage.data()), colors)


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def file_name(name: str, theme: str, width: int) -> str:
    return f"{name.replace(', ', '-').replace(' ', '-')}-{theme}-{width}"


def test_the_face_looks_as_accepted(browser: Browser, stage: Theatre):
    gallery = Gallery(browser.version.split(".")[0])
    found = {file_name(*look): gallery.hang(file_name(*look), drawn(stage, *look)) for look in LOOKS}
    differing = {name: sentences for name, sentences in found.items() if sentences}
    assert not differing, gallery.explain(differing)


def test_the_accepted_pictures_are_small_and_all_looked_at():
    sizes = {path.stem: path.stat().st_size for path in BASELINES.glob("*.png")}
    assert sizes.keys() == {file_name(*look) for look in LOOKS}
    assert max(sizes.values()) < MOST


PLAIN = Drawn(Image.new("RGB", (100, 50), "white"), [{"traces": [{"name": "surface", "z": 1.0}]}], {"a": 0.6})


def changed(**others: object) -> Drawn:
    return replace(PLAIN, **others)


def with_a_word() -> Image.Image:
    page = PLAIN.page.copy()
    ImageDraw.Draw(page).rectangle((10, 10, 19, 19), fill="black")
    return page


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    """A gallery in which one picture hangs, drawn by Chromium 7."""
    drawing = Gallery("7", tmp_path / "accepted", tmp_path / "output")
    drawing.hang("one", PLAIN)
    accept(drawing.accepted, drawing.output)
    return drawing


def test_what_was_accepted_passes_and_leaves_nothing_behind(gallery: Gallery):
    assert gallery.hang("one", PLAIN) == []
    assert list(gallery.output.glob("new/*")) == []


def test_a_rounding_of_colours_is_no_difference(gallery: Gallery):
    nearly = Image.new("RGB", (100, 50), (250, 250, 250))
    assert gallery.hang("one", changed(page=nearly, colors={"a": 0.61})) == []


@pytest.mark.parametrize(
    ("actual", "said"),
    [
        (changed(page=with_a_word()), "2.00% of the pixels differ"),
        (
            changed(data=[{"traces": [{"name": "surface", "z": 2.0}]}]),
            "what is plotted differs: [0].traces[0].z was 1.0, and is 2.0",
        ),
        (changed(colors={"a": 0.5}), "a took 60.0% of the plot, and takes 50.0%"),
    ],
    ids=["pixels", "data", "colours"],
)
def test_a_difference_is_said_and_drawn_beside_what_was_expected(gallery: Gallery, actual: Drawn, said: str):
    assert gallery.hang("one", actual) == [said]
    assert (gallery.output / "new" / "one.png").exists()
    assert (gallery.output / "expected" / "one.png").exists()
    assert (gallery.output / "difference" / "one.png").exists()
    accept(gallery.accepted, gallery.output)
    assert gallery.hang("one", actual) == []


def test_pictures_of_two_sizes_have_no_difference_to_draw(gallery: Gallery):
    larger = changed(page=Image.new("RGB", (100, 60), "white"))
    assert gallery.hang("one", larger) == ["the widget was 100 × 50 px, and is 100 × 60 px"]
    assert not (gallery.output / "difference").exists()


def test_what_differed_once_can_no_longer_be_accepted_when_it_is_mended(gallery: Gallery):
    assert gallery.hang("one", changed(page=with_a_word()))
    assert not gallery.hang("one", PLAIN)
    assert accept(gallery.accepted, gallery.output) == []


def test_a_new_picture_fails_until_it_is_accepted(gallery: Gallery):
    assert gallery.hang("two", PLAIN) == ["new, and not accepted yet"]
    assert accept(gallery.accepted, gallery.output) == ["two.json", "two.png"]
    assert gallery.hang("two", PLAIN) == []


def test_another_chromium_draws_all_anew_and_fails_until_they_are_accepted(gallery: Gallery):
    later = Gallery("8", gallery.accepted, gallery.output)
    assert later.hang("one", PLAIN) == ["drawn by Chromium 8, accepted were those of 7"]
    told = later.explain({"one": later.hang("one", PLAIN)})
    assert told.startswith("one: drawn by Chromium 8")
    assert "stage/accept.py" in told
    assert later.was_drawn_by == "7"
    assert accept(later.accepted, later.output) == ["chromium.txt", "one.json", "one.png"]
    assert later.was_drawn_by == "8"
    assert later.hang("one", PLAIN) == []


def test_an_outline_tells_lists_apart_by_length_ends_and_mean():
    assert outlined([0.0, 1.0, 2.0, 3.0, 10.0, None]) == {
        "size": 6,
        "missing": 1,
        "first": 0.0,
        "low": 0.0,
        "high": 10.0,
        "mean": 3.2,
    }
    assert outlined({"z": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], "name": "surface"}) == {
        "z": {"size": 6, "missing": 0, "first": 1.0, "low": 1.0, "high": 6.0, "mean": 3.5},
        "name": "surface",
    }
    assert outlined([1 / 3, "loss", True]) == [0.3333, "loss", True]
