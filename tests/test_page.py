"""What does a page hold, and can anything in it break out, reach the network, or replace a good file?"""

import base64
import json
import re
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
import pytest

from landscape_widget.export.view import View
from landscape_widget.facts import MetricFacts
from landscape_widget.live.page import html_of, write_page
from landscape_widget.live.page_traits import facts_of, page_traits
from landscape_widget.live.traits import CHECKED_VIEWING, COMPUTING
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.surface import Surface
from tests.export_cases import SETTINGS, line, measured, path_of
from tests.page_cases import Scripts, told

HOSTILE = "</script><script>alert(1)</script><!-- ' \" &"
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
WHOLE = SETTINGS | {
    "directions": [{"key": "random", "seed": 3}, {"key": "given 1", "normalization": None}],
    "gram": [[4.0, 3.0], [3.0, 9.0]],
    "notes": ["one note"],
    "share": 0.5,
    "zeros": 2,
    "spread": 0.1,
}


def slope(a, b):
    return a + 10 * b


def traits(surface, kind="contour", **view):
    return page_traits(surface, kind, View(**view), NOW)


def test_it_has_every_trait_that_the_widgets_page_reads():
    known = traits(measured([slope], settings=WHOLE))
    assert {*COMPUTING, *CHECKED_VIEWING, "linked", "camera", "name"} <= known.keys()
    assert {"status", "choices", "error", "snapshot", "snapshots", "sharpness", "_library"} <= known.keys()


def test_values_travel_as_a_notebook_saves_them():
    known = told(html_of(traits(measured([slope], settings=WHOLE))))
    snapshot = base64.b64decode(known["snapshot"])
    size = int.from_bytes(snapshot[:4], "little")
    header = json.loads(snapshot[4 : 4 + size])
    assert (header["kind"], header["map"], header["dimensions"]) == ("surface", None, 2)
    starts = np.cumsum([-(-(4 + size) // 8) * 8, *(-(-length // 8) * 8 for length in header["lengths"])])
    values = np.frombuffer(snapshot, "<f4", 35, starts[5])
    np.testing.assert_allclose(
        values.reshape(5, 7), np.add.outer(10 * np.linspace(-2, 2, 5), np.linspace(-1, 1, 7)), atol=1e-6
    )


def test_facts_come_from_what_the_surface_was_saved_with():
    facts = facts_of(measured([slope], settings=WHOLE))
    assert facts.angle == pytest.approx(60.0)
    assert (facts.share, facts.zeros, facts.spread, facts.batch_norm) == (0.5, 2, 0.1, "frozen")
    assert facts.labels == ("random, seed 0", "towards <b>") and facts.notes == ("one note",)


def test_what_nobody_saved_is_left_open():
    known = traits(measured([slope], settings={}))
    facts = known["status"]["facts"]
    assert facts["angle"] is None and facts["share"] is None and facts["labels"] == []
    assert known["choices"]["batch_norms"] == []
    assert [choice["key"] for choice in known["directions"]] == ["given 0", "given 1"]
    assert [option["label"] for option in known["choices"]["directions"]] == ["direction 1", "direction 2"]


def test_controls_show_how_it_was_computed():
    known = traits(measured([slope], settings=WHOLE))
    assert known["x"] == (-1, 1) and known["y"] == (-2, 2) and known["resolution"] == (7, 5)
    assert known["directions"][0] == {"key": "random", "seed": 3, "normalization": None}
    offered = {option["key"]: option for option in known["choices"]["directions"]}
    assert offered["random"]["seeded"] and offered["given 1"]["label"] == "towards <b>"
    assert [preset["key"] for preset in known["choices"]["presets"]] == ["paper"]


def test_the_python_it_copies_has_the_options_that_no_control_shows():
    drawn = measured([slope, slope], settings=WHOLE | {"mode": "train", "seed": 3, "parameters": "trainable"})
    metrics = drawn.metrics[0], replace(drawn.metrics[0], name="loss #1", repeat=1)
    known = traits(replace(drawn, metrics=metrics))
    assert known["choices"]["given"] == [["mode", "'train'"], ["repeats", "2"], ["seed", "3"]]


def test_a_line_has_one_direction():
    known = traits(line([lambda x: x]), "line")
    assert len(known["directions"]) == 1 and known["kind"] == "line"


def test_a_surface_that_is_not_finished_says_so():
    assert traits(measured([slope]))["status"]["phase"] == "done"
    assert traits(measured([slope], cells=12))["status"]["phase"] == "stopped"


def test_a_path_and_a_map_come_along():
    whole = measured([slope]).with_path(path_of([[0, 0], [0.5, 1]], [1, 2]))
    grid = Grid(Axis(-1, 1, 3), Axis(-2, 2, 3))
    held = Surface.empty(grid, (MetricFacts("curvature", "", 100, label="ratio"),), samples=7)
    known = traits(whole.with_map("curvature", held))
    assert known["choices"]["has_trajectory"] and set(known["snapshots"]) == {"curvature"}
    assert known["choices"]["metrics"][-1]["map"] == "curvature"
    (standing,) = known["status"]["maps"]
    assert (standing["key"], standing["phase"], standing["known"]) == ("curvature", "skipped", 0)


@pytest.mark.parametrize("where", ["name", "label", "note", "metric", "point"])
def test_no_name_breaks_out_of_its_place(where):
    surface = measured([slope], settings=WHOLE)
    if where == "metric":
        surface = replace(surface, metrics=(replace(surface.metrics[0], name=HOSTILE),))
    elif where == "point":
        surface = replace(surface, points=tuple(replace(point, label=HOSTILE) for point in surface.points))
    else:
        key = {"name": "name", "label": "labels", "note": "notes"}[where]
        value = HOSTILE if where == "name" else [HOSTILE, HOSTILE]
        surface = replace(surface, settings=WHOLE | {key: value})
    metric = surface.metrics[0].name
    page = html_of(traits(surface, metric=metric))
    found = Scripts(page)
    assert [name for name, _ in found.scripts] == ["landscape", "library", "module"]
    assert told(page)["metric"] == metric
    assert told(page)["name"] == (HOSTILE if where == "name" else "")


def test_it_names_no_address_and_forbids_every_connection():
    page = html_of(traits(measured([slope])))
    assert Scripts(page).addresses == []
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None and "default-src 'none'" in policy[1]
    assert not re.search(r"https?:|connect-src|\*", policy[1])


def test_a_page_of_the_usual_size_stays_below_three_megabytes(tmp_path):
    several = [slope, lambda a, b: 50 + b, lambda a, b: a * b, lambda a, b: 40 + a]
    path = measured(several, 51, 51, settings=WHOLE).save(tmp_path / "page.html")
    assert path.stat().st_size < 3e6


def test_the_view_that_was_asked_for_is_seen_first(tmp_path):
    surface = measured([lambda a, b: 1 + a**2])
    write_page(surface, tmp_path / "page.html", kind="contour", preset="paper", colors="grey")
    known = told((tmp_path / "page.html").read_text())
    assert (known["kind"], known["scale"], known["levels"], known["colors"]) == (
        "contour",
        "linear",
        "paper",
        "grey",
    )
    assert surface.save_html(tmp_path / "other.v2") == tmp_path / "other.v2.html"


def test_what_makes_no_sense_is_refused_and_an_older_page_stays(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("older")
    with pytest.raises(ValueError, match=r"kind of a page must be one of .*got 'weights'"):
        write_page(measured([slope]), path, kind="weights")
    with pytest.raises(ValueError, match=r"scale must be one of .*got 'cube'"):
        write_page(measured([slope]), path, scale="cube")
    with pytest.raises(ValueError, match=r"A page holds JSON, and settings\['spread'\] isn't: .* set "):
        write_page(measured([slope], settings={"spread": {1}}), path)
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]
