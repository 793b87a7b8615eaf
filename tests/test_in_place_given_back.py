"""However measuring ends: is the user's own model as it was, and what of changes made meanwhile?"""

from __future__ import annotations

import gc
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import landscape_widget as lw
from landscape_widget.evaluate.in_place.in_place import InPlace
from landscape_widget.objective.lender import Lender
from landscape_widget.objective.original import PREFIX, keep_original
from landscape_widget.objective.turns import turns
from tests.cases import CASES, Case, classification, draw, mlp
from tests.in_place_cases import POINTS, copied, lent, measured, spanned, standing

BATCHES = "convolution, BatchNorm, sum"


class Ends(Exception):
    """What a loss raises."""


class Fuse:
    """A loss that does something once it has been called so often since it was lit."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act, self._burning = act, iter(())

    def light(self) -> None:
        self._burning = iter([False, False, False, True])

    def __call__(self, output: Tensor, target: Tensor) -> Tensor:
        if next(self._burning, False):
            self._act()
        return F.cross_entropy(output, target)


def raising(case: Case, error: BaseException) -> Case:
    def act() -> None:
        raise error

    return replace(case, loss=Fuse(act))


def used(model: nn.Module) -> nn.Module:
    """A model in the middle of a training: in train mode, with gradients, a frozen part and a hook."""
    model.train()
    model[0].eval()
    model[2].bias.requires_grad_(False)
    model(draw(5, 4)).square().sum().backward()
    model.register_forward_hook(lambda module, given, output: None)
    model.history = [1, 2]
    return model


def ask(case: Case) -> tuple[InPlace, Iterator[Any]]:
    objective = lent(case)
    if isinstance(case.loss, Fuse):
        case.loss.light()
    measure = InPlace(objective, spanned(objective), seconds=0.0)
    return measure, measure(POINTS, objective.samples, lambda: False)


def to_the_end(case: Case) -> None:
    list(ask(case)[1])


def cancelled_between_batches(case: Case) -> None:
    objective = lent(case)
    answers = iter([False] * 7 + [True] * 9)
    list(InPlace(objective, spanned(objective))(POINTS, objective.samples, lambda: next(answers)))


def closed_half_way(case: Case) -> None:
    _, answers = ask(case)
    next(answers)
    answers.close()


def dropped_half_way(case: Case) -> None:
    _, answers = ask(case)
    next(answers)
    del answers
    gc.collect()


def an_exception_in_the_loss(case: Case) -> None:
    with pytest.raises(Ends):
        to_the_end(raising(case, Ends()))


def ctrl_c_in_the_loss(case: Case) -> None:
    with pytest.raises(KeyboardInterrupt):
        to_the_end(raising(case, KeyboardInterrupt()))


def a_signal_in_the_loss(case: Case) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    try:
        with pytest.raises(KeyboardInterrupt):
            to_the_end(replace(case, loss=Fuse(lambda: signal.raise_signal(signal.SIGINT))))
    finally:
        signal.signal(signal.SIGINT, before)


def the_generator_is_told_to_exit(case: Case) -> None:
    with pytest.raises(GeneratorExit):
        to_the_end(raising(case, GeneratorExit()))


@pytest.mark.parametrize(
    "end",
    [
        to_the_end,
        cancelled_between_batches,
        closed_half_way,
        dropped_half_way,
        an_exception_in_the_loss,
        ctrl_c_in_the_loss,
        a_signal_in_the_loss,
        the_generator_is_told_to_exit,
    ],
)
def test_the_model_comes_back_however_it_ends(end: Callable[[Case], None]) -> None:
    x, y = classification().data
    case = replace(classification(), model=used(mlp()), data=[(x[:20], y[:20]), (x[20:], y[20:])])
    before = standing(case.model)
    end(case)
    assert standing(case.model) == before


def test_it_is_whole_whenever_values_are_handed_out() -> None:
    case = classification()
    before = standing(case.model)
    measure, answers = ask(case)
    for _ in answers:
        assert standing(case.model) == before
    assert measure.nbytes == 0


def test_ctrl_c_while_it_is_given_back_waits_until_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    case = classification()
    before = standing(case.model)
    objective = lent(case)
    assert objective.lender is not None
    give_back, presses = Lender._give_back, [KeyboardInterrupt(), KeyboardInterrupt()]

    def interrupted(self: Lender, *arguments: Any) -> None:
        if presses:
            raise presses.pop()
        give_back(self, *arguments)

    monkeypatch.setattr(Lender, "_give_back", interrupted)
    with pytest.raises(KeyboardInterrupt), objective.lender.lent() as model:
        model[0].weight.data.fill_(7)
    assert standing(case.model) == before


class Keeping(nn.Module):
    """Keeps what it has seen, as people write it: attributes, lists, buffers in place and anew."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Linear(4, 3)
        self.seen: list[Tensor] = []
        self.register_buffer("count", torch.zeros(1))
        self.register_buffer("last", torch.zeros(1), persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        self.output = self.body(x)
        self.seen.append(x)
        self.count += 1
        self.last = x.mean().reshape(1)
        return self.output


def test_what_a_model_keeps_of_a_forward_goes_again() -> None:
    case = replace(classification(), model=Keeping())
    before = standing(case.model)
    np.testing.assert_array_equal(measured(lent(case)), measured(copied(case)))
    assert standing(case.model) | {"writes": before["writes"]} == before
    assert case.model.seen == []
    assert not hasattr(case.model, "output")


def test_hooks_of_the_users_own_are_not_called_meanwhile_and_said_so() -> None:
    case, called = classification(), []
    case.model[0].register_forward_hook(lambda *given: called.append(1))
    objective = lent(case)
    measured(objective)
    assert called == []
    assert "1 of the model's hooks set aside while it is measured." in objective.notes
    case.model(draw(2, 4))
    assert called == [1]


def test_a_graph_made_before_can_be_differentiated_after() -> None:
    case = classification()
    loss = case.model(case.data[0]).sum()
    measured(lent(case))
    loss.backward()
    assert case.model[0].weight.grad is not None


def step(model: nn.Module, **options: Any) -> None:
    """One step down, as an optimizer takes it."""
    optimizer = torch.optim.Adam(model.parameters(), **options)
    model(draw(9, 4)).square().sum().backward()
    optimizer.step()
    optimizer.zero_grad()


def in_place_of_data(model: nn.Module) -> None:
    model[0].weight.data.mul_(1.5)


def another_tensor(model: nn.Module) -> None:
    model[0].weight.data = model[0].weight.data.clone()


def another_parameter(model: nn.Module) -> None:
    model[0].weight = nn.Parameter(torch.ones(8, 4))


@pytest.mark.parametrize(
    "change", [step, lambda m: step(m, fused=True), in_place_of_data, another_tensor, another_parameter]
)
def test_a_model_changed_between_two_answers_is_left_as_it_is_and_measured_no_more(
    change: Callable[[nn.Module], None],
) -> None:
    case = classification()
    _, answers = ask(case)
    next(answers)
    change(case.model)
    after = standing(case.model)
    with pytest.raises(
        RuntimeError, match=r"somebody changed '0\.weight'.* It is left as it is now\. Ask for a new"
    ):
        next(answers)
    assert standing(case.model) == after


def test_changed_statistics_are_a_changed_model() -> None:
    case = CASES[BATCHES]()
    _, answers = ask(case)
    next(answers)
    case.model.train()(draw(4, 1, 6, 6))
    after = standing(case.model)
    with pytest.raises(RuntimeError, match=r"changed 'norm\.running_mean' and 2 more tensors"):
        next(answers)
    assert standing(case.model) == after


def test_what_is_written_while_it_is_in_use_is_lost_and_said_so() -> None:
    case = classification()
    bytes_before = standing(case.model)["bytes"]

    def train() -> None:
        with torch.inference_mode(False), torch.no_grad():
            case.model[0].weight.add_(1.0)

    sentence = (
        r"somebody wrote to '0\.weight'\. .* Wait for the landscape, or pause or stop it, before you train"
    )
    with pytest.raises(RuntimeError, match=sentence):
        to_the_end(replace(case, loss=Fuse(train)))
    assert standing(case.model)["bytes"] == bytes_before


def test_two_landscapes_of_one_model_take_turns() -> None:
    case = classification()
    before = standing(case.model)
    (_, first), (_, second) = ask(case), ask(case)
    expected = measured(copied(case))
    pairs = [(a.mean, b.mean) for a, b in zip(first, second, strict=True)]
    assert len(pairs) == len(POINTS)
    for (a, b), mean in zip(pairs, expected, strict=True):
        assert np.array_equal(a[0], mean) and np.array_equal(b[0], mean)
    assert standing(case.model) == before


def test_nobody_copies_a_model_that_is_moved() -> None:
    """Who has the turn may ask again, as a loss that computes a landscape inside does; others wait."""
    case, turn = classification(), turns()
    objective = lent(case, turns=turn)
    assert objective.lender is not None
    with objective.lender.lent(), turn:
        copied(case, turns=turn)
    assert turn.acquire(blocking=False)  # type: ignore[attr-defined]  # nobody holds it now


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"{PREFIX}*"))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_the_file_gives_the_weights_back_and_goes_when_it_is_done(temporary: Path) -> None:
    case = CASES[BATCHES]()
    objective = lent(case)
    (path,) = files(temporary)
    twin = type(case.model)()
    result = twin.load_state_dict(torch.load(path, weights_only=True), strict=False)
    assert result.missing_keys == []
    assert standing(twin)["bytes"] == standing(case.model)["bytes"]
    assert objective.lender is not None
    objective.lender.close()
    objective.lender.close()
    assert files(temporary) == []
    np.testing.assert_array_equal(measured(objective), measured(copied(case)))


def test_the_file_is_announced_with_its_path_and_size(temporary: Path) -> None:
    objective = lent(classification())
    assert objective.lender is not None
    (path,) = files(temporary)
    said = " ".join(objective.lender.notes)
    assert str(path) in said
    assert f"({path.stat().st_size / 1e6:,.3g} MB)" in said
    assert "wait, pause or stop before you train or use it" in said


def test_compute_logs_where_it_is_before_the_first_cell(
    temporary: Path, caplog: pytest.LogCaptureFixture
) -> None:
    case, logged = classification(), list[str]()

    def loss(*given: Any) -> Tensor:
        logged.append(caplog.text)
        return case.loss(*given)

    lw.compute(case.model, loss, case.data, resolution=3, copy=False)
    assert re.search(rf"WARNING .*are also in {re.escape(str(temporary))}/{PREFIX}\S+ \(", logged[-1])
    assert logged.count(logged[-1]) >= 3 * 3


@pytest.mark.parametrize("spoilt", [{}, {"x": (3.0, 1.0)}, {"directions": []}, {"test_data": "none"}])
def test_no_file_is_left_by_what_returns_or_is_refused(temporary: Path, spoilt: dict[str, Any]) -> None:
    case = classification()
    with suppress(ValueError, TypeError):
        lw.compute(case.model, case.loss, case.data, resolution=3, copy=False, **spoilt)
    assert files(temporary) == []


def test_a_loss_that_fails_leaves_no_file(temporary: Path) -> None:
    def fails_far_out(output: Tensor, target: Tensor) -> Tensor:
        if output.abs().max() > 3:
            raise Ends
        return F.cross_entropy(output, target)

    case = classification(fails_far_out)
    before = standing(case.model)
    with pytest.raises(Ends):
        lw.compute(case.model, case.loss, case.data, x=(-9, 9), copy=False)
    assert files(temporary) == []
    assert standing(case.model) == before


def test_a_disk_without_room_is_refused_before_anything_is_written(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("Usage", (), {"free": 50})())
    with pytest.raises(
        OSError, match=r"expected 4e-07 GB of free disk in .*, got 5e-08 GB\. Make room there, or name"
    ):
        keep_original({"a": torch.zeros(100)})
    assert files(temporary) == []


def test_a_disk_that_fills_leaves_no_half_a_file(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*given: Any) -> None:
        raise RuntimeError("unexpected pos 64 vs 0")

    monkeypatch.setattr("torch.save", full)
    with pytest.raises(OSError, match=r"could not be kept in .*: unexpected pos 64 vs 0"):
        keep_original({"a": torch.zeros(100)})
    assert files(temporary) == []
