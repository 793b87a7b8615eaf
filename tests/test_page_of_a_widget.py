"""Does the page of a widget show what the widget shows?"""

import json
import threading
import time

import numpy as np
import pytest
import torch

import landscape_widget as lw
from landscape_widget.files.image.footer import footer_of
from landscape_widget.live.page_traits import facts_of
from landscape_widget.live.protocol import facts_content
from landscape_widget.live.traits import CHECKED_VIEWING, COMPUTING, READING
from landscape_widget.live.work import Work
from tests.live_cases import Slope
from tests.page_cases import told
from tests.test_widget import shown


@pytest.fixture
def explored():
    torch.manual_seed(0)
    model = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.Linear(4, 2))
    data = torch.randn(20, 3), torch.arange(20) % 2
    widget = lw.explore(model, torch.nn.functional.cross_entropy, data, resolution=5, name="small")
    widget.wait()
    yield widget
    widget.close()


def test_it_is_seen_as_in_the_notebook(explored, tmp_path):
    explored.kind, explored.scale, explored.colors, explored.clip = "contour", "log", "grey", 1.5
    explored.metric, explored.height, explored.cuts, explored.marked = "accuracy", 2, True, (0.5, 0)
    page = told(explored.save_html(tmp_path / "page").read_text())
    for name in (*COMPUTING, *CHECKED_VIEWING, *READING, "name"):
        assert page[name] == json.loads(json.dumps(getattr(explored, name))), name


def test_another_view_may_be_asked_for(explored, tmp_path):
    assert told(explored.save_html(tmp_path / "page.html", kind="heatmap").read_text())["kind"] == "heatmap"


def test_its_facts_are_those_of_the_notebook(explored):
    facts, page = explored.status["facts"], facts_content(facts_of(explored.surface))
    assert page.keys() == facts.keys()
    for name in page.keys() - {"angle", "gram"}:
        assert page[name] == facts[name], name
    assert page["angle"] == pytest.approx(facts["angle"])
    np.testing.assert_allclose(page["gram"], facts["gram"])


def test_a_picture_of_it_is_drawn_as_it_is_seen(explored, tmp_path):
    explored.kind = "contour"
    as_seen = explored.save_png(tmp_path / "seen", dpi=40).read_bytes()
    as_asked = explored.surface.save(tmp_path / "asked.png", kind="contour", dpi=40).read_bytes()
    assert as_seen == as_asked
    assert explored.save_png(tmp_path / "other.png", kind="heatmap", dpi=40).read_bytes() != as_seen


def test_a_picture_of_it_stands_as_high_as_it_is_seen(explored, tmp_path):
    explored.kind = "surface"
    plain = explored.save_png(tmp_path / "plain", dpi=40).read_bytes()
    explored.height = 0.5
    seen = explored.save_png(tmp_path / "low", dpi=40).read_bytes()
    asked = explored.surface.save_png(tmp_path / "asked", kind="surface", exaggeration=0.5, dpi=40)
    assert plain != seen == asked.read_bytes()


def test_a_line_is_saved_as_one_whatever_the_kind(tmp_path):
    model = torch.nn.Linear(2, 1, bias=False)
    axis = [{"weight": torch.ones(1, 2)}]
    widget = lw.explore(model, torch.nn.MSELoss(), (torch.ones(4, 2), torch.ones(4, 1)), directions=axis)
    widget.wait()
    widget.kind = "surface"
    assert told(widget.save_html(tmp_path / "page.html").read_text())["kind"] == "line"
    widget.close()


def test_the_page_is_sent_to_who_asks(explored, monkeypatch):
    sent = []
    monkeypatch.setattr(explored, "send", lambda content, buffers: sent.append((content, buffers)))
    explored.kind = "contour"
    explored._handle_custom_msg({"kind": "page"}, [])
    ((page,),) = [buffers for content, buffers in sent if content == {"kind": "page"}]
    assert told(page.decode())["kind"] == "contour"


def test_the_settings_of_an_exported_picture_are_those_of_the_small_print(explored):
    assert explored.status["settings"] == footer_of(explored.surface)
    assert "direction 1: random, seed 0" in " ".join(explored.status["settings"])


def test_before_anything_is_known_it_says_so(tmp_path):
    slope, gate = Slope(), threading.Event()

    def slowly(scene):
        gate.wait()
        return slope.prepare(scene)

    widget = shown(Work(slowly, time.monotonic))
    for save in widget.save_html, widget.save_png:
        with pytest.raises(RuntimeError, match=r"Nothing is known yet.*call wait\(\) and save again"):
            save(tmp_path / "page")
    widget._handle_custom_msg({"kind": "page"}, [])
    assert "Nothing is known yet" in widget.of_kind("refusal")[-1]["reason"]
    assert not list(tmp_path.iterdir())
    gate.set()
    slope.release()
    widget.close()
