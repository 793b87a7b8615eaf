"""Does the widget say when the user's own model is in use, and give it back however it is halted?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import landscape_widget as lw
from landscape_widget.live.widget import LandscapeWidget
from landscape_widget.objective.original import PREFIX
from landscape_widget.scene.prepare import sharpness_of
from landscape_widget.scene.question import ask
from tests.cases import classification, draw, draw_classes, mlp
from tests.in_place_cases import standing

DATA = (draw(37, 4), draw_classes(3, 37))
PATIENCE = 60.0


class Gate:
    """A loss that stops half way through a cell, once it is shut, until it is opened."""

    def __init__(self) -> None:
        self.reached, self._open, self._shut = threading.Event(), threading.Event(), False

    def shut(self) -> None:
        self._shut = True

    def open(self) -> None:
        self._shut = False
        self._open.set()

    def __call__(self, output: Tensor, target: Tensor) -> Tensor:
        if self._shut:
            self.reached.set()
            assert self._open.wait(PATIENCE)
        return F.cross_entropy(output, target)


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def halted(temporary: Path) -> Iterator[tuple[Gate, torch.nn.Module, dict[str, Any], LandscapeWidget]]:
    """A widget in the middle of a cell."""
    gate, model = Gate(), mlp()
    before = standing(model)
    widget = lw.explore(model, gate, DATA, resolution=101, copy=False)
    with closing(widget):
        gate.shut()
        assert gate.reached.wait(PATIENCE)
        yield gate, model, before, widget
        gate.open()


def waits_and_then(gate: Gate, call: Callable[[], None]) -> None:
    """Call something that returns only after the gate is open."""
    caller = threading.Thread(target=call)
    caller.start()
    caller.join(0.2)
    assert caller.is_alive()
    gate.open()
    caller.join(PATIENCE)
    assert not caller.is_alive()


@pytest.mark.parametrize("end", ["pause", "stop", "close"])
def test_who_halts_it_has_the_model_back(halted: Any, end: str) -> None:
    gate, model, before, widget = halted
    assert standing(model)["bytes"] != before["bytes"]
    waits_and_then(gate, getattr(widget, end))
    assert standing(model) == before


def test_the_status_says_that_the_model_is_in_use(halted: Any, temporary: Path) -> None:
    gate, _, _, widget = halted
    assert "your model is in use: wait, pause or stop before you train or use it" in widget.status["where"]
    (path,) = temporary.glob(f"{PREFIX}*")
    assert any(str(path) in note for note in widget.status["facts"]["notes"])
    waits_and_then(gate, widget.pause)
    assert widget.status["where"] == "cpu, in place"


def test_it_is_given_back_when_it_is_done_and_the_file_goes_with_the_widget(temporary: Path) -> None:
    model = mlp()
    before = standing(model)
    with closing(lw.explore(model, F.cross_entropy, DATA, resolution=5, copy=False)) as widget:
        first = widget.wait()
        assert standing(model) == before
        widget.directions = [{"key": "random", "seed": 5}, {"key": "random", "seed": 6}]
        assert widget.wait()["loss"][0, 0] != first["loss"][0, 0]
        assert standing(model) == before
        assert len(list(temporary.glob(f"{PREFIX}*"))) == 1
        ended = threading.Event()
        widget._session._work._let_go, let_go = lambda: (let_go(), ended.set()), widget._session._work._let_go
    assert ended.wait(PATIENCE)
    assert list(temporary.glob(f"{PREFIX}*")) == []


def test_training_while_it_is_paused_ends_it_and_keeps_what_was_trained(halted: Any) -> None:
    gate, model, _, widget = halted
    waits_and_then(gate, widget.pause)
    with torch.no_grad():
        model[0].weight.mul_(2)
    after = standing(model)
    widget.resume()
    with pytest.raises(
        RuntimeError, match=r"since then somebody changed '0\.weight'\. It is left as it is now"
    ):
        widget.wait()
    assert standing(model) == after
    assert "somebody changed '0.weight'" in widget.error["message"]


def test_curvature_is_not_on_offer_and_says_why() -> None:
    offer, _ = ask(mlp(), F.cross_entropy, DATA, copy=False)
    assert [option.key for option in offer.options] == ["random", "gradient"]
    with pytest.raises(ValueError, match=r"Curvature is measured on copies of the model; got copy=False"):
        list(sharpness_of(offer, lambda: False))


def test_the_code_that_gives_it_again_says_copy_false() -> None:
    case = classification()
    with closing(lw.explore(case.model, F.cross_entropy, DATA, resolution=3, copy=False)) as widget:
        assert ["copy", "False"] in [list(pair) for pair in widget.choices["given"]]


def test_landscapes_are_compared_in_place() -> None:
    models = {"a": mlp(), "b": mlp()}
    with torch.no_grad():
        models["b"][0].weight.mul_(1.5)
    before = {title: standing(model) for title, model in models.items()}
    with closing(lw.compare(models, F.cross_entropy, DATA, resolution=5, copy=False)) as comparison:
        surfaces = comparison.wait()
    assert {title: standing(model) for title, model in models.items()} == before
    expected = lw.compute(models["b"], F.cross_entropy, DATA, resolution=5)
    assert abs(surfaces["b"]["loss"] / expected["loss"] - 1).max() < 1e-6
