"""Does a widget leave the picture that is seen, when it has one, and only where it was displayed?"""

import pytest
import torch

import landscape_widget as lw
from landscape_widget.files.png import width_of
from landscape_widget.live.kept import WITHOUT_KERNEL
from landscape_widget.live.seen import taken, taken_together
from tests.test_widget import slope, widget  # noqa: F401

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture
def compared():
    torch.manual_seed(0)
    models = {title: torch.nn.Linear(3, 2) for title in ("a", "b")}
    data = torch.randn(20, 3), torch.arange(20) % 2
    comparison = lw.compare(models, torch.nn.functional.cross_entropy, data, resolution=3)
    comparison.wait()
    yield comparison
    comparison.close()


def test_the_picture_is_what_is_seen_once_the_run_rests(widget):  # noqa: F811
    widget.wait()
    widget.kind = "heatmap"
    assert width_of(widget._photographed()) == 840
    surface, kind, view = taken(widget, widget.surface)
    assert surface is widget.surface and kind == "heatmap" and view.metric == "loss"


def test_while_it_moves_there_is_none(widget, slope):  # noqa: F811
    widget.wait()
    slope.hold(3)
    widget.x = (-1.0, 0.5)
    assert slope.held.wait(10)
    assert widget._photographed() is None
    slope.release()


def test_what_it_says_without_a_kernel(widget):  # noqa: F811
    data, _ = widget._repr_mimebundle_()
    assert data["text/plain"] == WITHOUT_KERNEL and WIDGET in data


def test_a_comparison_shows_all_on_one_scale(compared):
    surfaces = list(compared.surfaces.values())
    shared = taken_together(compared, surfaces, True)
    assert len({view.limits for _, _, view in shared}) == 1 and shared[0][2].limits is not None
    assert {view.limits for _, _, view in taken_together(compared, surfaces, False)} == {None}
    assert width_of(compared._photographed()) == 2 * 528


def test_a_member_of_a_comparison_hangs_no_picture(compared, monkeypatch):
    member = compared["a"]
    monkeypatch.setattr(member.photograph, "hang", pytest.fail)
    data, _ = member._repr_mimebundle_()
    assert WIDGET in data
