"""Is a name in a picture, a page or a table only ever a name, whoever wrote it?"""

from __future__ import annotations

import csv
import json
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from landscape_widget.export.weights import weights_figure
from landscape_widget.facts import Histogram, MetricFacts, Point
from landscape_widget.files.csv import FORMULAS
from landscape_widget.live.page import html_of
from landscape_widget.surface.surface import Surface
from tests.export_cases import line, measured, path_of

MARKUP = "</script><!--<img src=x onerror=run()><a href='https://x.invalid'>go</a><b>bold</b>&lt;i&gt;"
FORMULA = r"$\href{javascript:run()}{x}$"
HOSTILE = MARKUP + FORMULA + "\u2028\u202e"
OURS = re.compile(r"</?b>|<br>|<extra></extra>")
"""What plotly reads as markup, and is meant."""
IN_SPACE = "<\u200b"
"""No tag: there letters are drawn one by one, and formulas never."""


def hostile(surface: Surface, payload: str = HOSTILE) -> Surface:
    """The same with the payload wherever a name may stand."""
    metrics = tuple(
        MetricFacts(name, payload, 100, label=label, colors="viridis")
        for name, label, _ in zip(("loss", payload), (payload, ""), surface.metrics, strict=False)
    )
    points = tuple(Point(payload, point.coordinates) for point in surface.points)
    histogram = Histogram(payload, np.linspace(0, 1, 4), np.array([1, 2, 3]), 2.0)
    return replace(
        surface,
        metrics=metrics,
        points=points,
        histograms=(histogram,),
        settings={
            "name": payload,
            "labels": [f"{payload} Hessian eigenvector: λ = {payload}", payload],
            "normalization": payload,
            "batch_norm": payload,
            "device": payload,
            "notes": [payload],
            "third": {"key": payload, "seed": 0, "normalization": payload},
            "engine": {"error": payload},
            "directions": [{"key": payload, "seed": 0, "normalization": payload}] * len(surface.grid.axes),
            "versions": {payload: payload},
            "rounding": {"dtype": payload, "steps": [1.0], "lost": [0.5]},
        },
    )


def plane() -> Surface:
    return hostile(measured([lambda a, b: a + b, lambda a, b: a * b], 9, 9))


def walked() -> Surface:
    surface = plane()
    path = path_of([[-0.5, 0], [0, 0.5], [0.2, 1]], np.ones((2, 3)), rates=[1, 1, 0.1])
    return surface.with_path(path)


def flat() -> Surface:
    return hostile(line([lambda x: x**2, lambda x: 1 - x], points=(("origin", 0.0), ("other", 1.0))))


def texts_in(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from texts_in(value)


def figures() -> Iterator[Any]:
    pins = ({"x": 0.1, "y": 0.1, "text": HOSTILE},)
    for surface in (plane(), walked()):
        for metric in [fact.name for fact in surface.metrics]:
            for kind in ("surface", "contour", "heatmap", "line"):
                yield surface.figure(kind, metric=metric, pins=pins if kind != "line" else ())
    yield flat().figure("line", pins=({"x": 0.1, "text": HOSTILE},))
    yield weights_figure(plane())


def test_in_figures_names_are_neither_tags_nor_links_nor_formulas():
    said = [text for figure in figures() for text in texts_in(json.loads(figure.to_json()))]
    assert sum("run()" in text for text in said) > 30
    for text in said:
        assert "<" not in OURS.sub("", text).replace(IN_SPACE, ""), text
        assert "$" not in text or IN_SPACE in text, text


def test_in_a_drawn_picture_names_are_text(tmp_path):
    pytest.importorskip("matplotlib")
    for number, surface in enumerate((plane(), flat())):
        path = surface.save(tmp_path / f"{number}.svg")
        root = ElementTree.parse(path).getroot()
        tags = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not tags & {"script", "img", "a", "foreignObject", "iframe"}
        assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]


def test_in_a_page_names_end_no_script_and_open_no_comment(tmp_path):
    path = hostile(measured([lambda a, b: a + b], 9, 9)).save(tmp_path / "page.html")
    page = path.read_text(encoding="utf-8")
    assert page.count("<script") == page.count("</script>") == 3
    island = re.search(r'<script type="application/json" id="landscape">(.*?)</script>', page, re.DOTALL)
    assert island is not None and "<" not in island[1]
    assert json.loads(island[1])["name"] == HOSTILE
    assert "<img src=x" not in page.replace(island[1], "")


def test_a_title_is_text_whatever_it_says():
    page = html_of({"name": "</title><script>run()</script>"})
    assert "<title>&lt;/title&gt;&lt;script&gt;run()&lt;/script&gt;</title>" in page


@pytest.mark.parametrize("begin", FORMULAS)
def test_in_a_table_no_name_is_a_formula(tmp_path, begin):
    name = f'{begin}HYPERLINK("https://x.invalid","open")'
    surface = measured([lambda a, b: a + b], 3, 3, metrics=(MetricFacts(name, "", 100),))
    named = replace(surface, points=tuple(Point(name, point.coordinates) for point in surface.points))
    with named.save(tmp_path / "run.csv").open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header[4:] == [f"'{name}", f"'{name} standard error", f"'{name} samples"]
    assert [row[2] for row in rows[-2:]] == [f"'{name}"] * 2
    assert [float(row[4]) for row in rows[:3]] == [-3, -2, -1]


def test_as_text_names_stand_on_one_line(tmp_path):
    surface = hostile(measured([lambda a, b: a + b], 3, 3))
    assert "\n" not in repr(surface)
