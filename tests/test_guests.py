"""Does the proof let in only what is right, and say what it left out?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate import first_linear, folded_batch_norm, guests, transposed_head
from landscape_widget.evaluate.guests import FAR, find_rewrites, likes_channels_last, names, sentences
from landscape_widget.evaluate.plan import Plan
from landscape_widget.values import How
from tests.cases import CASES, Case, classification, draw, draw_classes, mlp, seeded
from tests.fast_cases import GRID, Bench, all_values, assert_close, classified, used

FIRST, FOLDED, HEAD = "first linear layer", "folded BatchNorm", "transposed head"


def convolutions() -> Case:
    return CASES["convolution, BatchNorm, sum"]()


def computed(bench: Bench, **options: object) -> How:
    """Compute the grid, see that it is right, and return what was said."""
    values = all_values(bench.evaluator(**options), GRID, bench.objective.train.size)  # type: ignore[arg-type]
    assert_close(values.mean[:, 0], [bench.reference(cell) for cell in GRID.tolist()])
    assert values.how is not None
    return values.how


def mentioned(how: How, name: str) -> list[str]:
    return [note for note in how.notes if name in note]


def lying(forward: Callable[..., Tensor]) -> Callable[..., Tensor]:
    return lambda *given: forward(*given) * 1.001


def raising(forward: Callable[..., Tensor]) -> Callable[..., Tensor]:
    def broken(*given: object) -> Tensor:
        raise RuntimeError("a rewrite broke")

    return broken


REWRITES = {
    FIRST: (classification, first_linear.InstalledFirstLinear, "_start"),
    FOLDED: (convolutions, folded_batch_norm._Fold, "_forward"),
    HEAD: (classification, transposed_head.InstalledHead, "_forward"),
}


@pytest.mark.parametrize("wrong", [lying, raising])
@pytest.mark.parametrize("name", REWRITES)
@pytest.mark.parametrize("workers", [1, 2])
def test_a_rewrite_that_lies_or_raises_stays_out(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: Callable, workers: int
) -> None:
    make, owner, method = REWRITES[name]
    monkeypatch.setattr(owner, method, wrong(getattr(owner, method)))
    how = computed(Bench(make()), workers=workers)
    assert name not in how.settings["rewrites"]
    assert how.settings["notes"] == list(how.notes)
    (note,) = mentioned(how, name)
    assert "Without" in note and len(how.notes) == 1  # whoever tells the truth stays


def test_all_that_tell_the_truth_are_let_in() -> None:
    bench = Bench(classification())
    found = find_rewrites(bench.recording, bench.objective, bench.lines, compile=False)
    assert [rewrite.name for rewrite in found] == [FIRST, HEAD]
    assert computed(bench).notes == ()
    bench = Bench(convolutions())
    found = find_rewrites(bench.recording, bench.objective, bench.lines, compile=False)
    assert [rewrite.name for rewrite in found] == [FOLDED, HEAD]
    assert computed(bench).notes == ()


def test_one_layer_is_not_rewritten_twice() -> None:
    bench = Bench(classified(seeded(lambda: nn.Linear(4, 3)), draw(18, 4)))
    found = find_rewrites(bench.recording, bench.objective, bench.lines, compile=False)
    assert [rewrite.name for rewrite in found] == [FIRST]
    computed(bench)


class Viewing(nn.Module):
    """Calls ``.view`` after a convolution, which images laid out channels last don't allow."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(2, 4, 3), nn.Linear(4 * 4 * 3, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.conv(x).view(len(x), -1))


class Striding(nn.Module):
    """Looks at the memory itself, so that the layout changes the values."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(2, 4, 3), nn.Linear(4 * 4 * 3, 3)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv(x)
        return self.head(y.as_strided((len(x), 4 * 4 * 3), (4 * 4 * 3, 1)))


@pytest.mark.parametrize("model", [Viewing, Striding])
def test_channels_last_is_refused_where_it_raises_or_lies(model: Callable[[], nn.Module]) -> None:
    bench = Bench(classified(seeded(model), draw(19, 2, 6, 5)))
    assert likes_channels_last(bench.recording, bench.objective)
    how = computed(bench)
    assert not how.settings["channels_last"]
    (note,) = mentioned(how, "channels last")
    assert HEAD not in note


def test_two_wrong_ones_leave_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        transposed_head.InstalledHead, "_forward", lying(transposed_head.InstalledHead._forward)
    )
    how = computed(Bench(classified(seeded(Viewing), draw(19, 2, 6, 5))))
    assert mentioned(how, "channels last") and mentioned(how, HEAD)


def test_three_proofs_are_made_far_from_each_other_and_inside_the_range(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[tuple[float, ...]] = []
    moved = transposed_head.InstalledHead.moved
    monkeypatch.setattr(
        transposed_head.InstalledHead,
        "moved",
        lambda self, point: (seen.append(tuple(point)), moved(self, point))[1],
    )
    bench = Bench(classification())
    evaluator = bench.evaluator(1)
    all_values(evaluator, 0.5 * GRID, 37)
    assert set(seen[:3]) == {(0.0, 0.0), *((0.5 * a, 0.5 * b) for a, b in FAR)}


@pytest.mark.parametrize("axes", [1, 2])
def test_a_loss_that_is_not_finite_everywhere_is_no_reason_to_leave(axes: int) -> None:
    class Diverging(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, x: Tensor) -> Tensor:
            far = (self.body[2].bias - BIAS).norm() > 0.05
            return self.body(x) + torch.where(far, float("nan"), 0.0)

    BIAS = mlp()[2].bias.detach().clone()
    bench = Bench(classified(Diverging(), draw(18, 4)), axes)
    values = all_values(bench.evaluator(), GRID[:, :axes], 18)
    expected = [bench.reference(cell) for cell in GRID[:, :axes].tolist()]
    assert np.isnan(expected).any() and np.isfinite(expected).any()
    np.testing.assert_array_equal(np.isnan(values.mean[:, 0]), np.isnan(expected))
    assert values.how is not None and values.how.notes == ()


def test_a_user_error_far_away_that_nobody_asked_for_is_no_error() -> None:
    """At one of the proof's cells alone; the grid has no such cell."""

    class Cliff(nn.Module):
        far: Tensor

        def __init__(self) -> None:
            super().__init__()
            self.body = mlp()

        def forward(self, x: Tensor) -> Tensor:
            if (self.body[0].weight - self.far).norm() < 1e-4:
                raise ArithmeticError("the user's own")
            return self.body(x)

    Cliff.far = torch.full((8, 4), 1e9)
    bench = Bench(classified(Cliff(), draw(18, 4)))
    Cliff.far = bench.subspace.point(FAR[0])["body.0.weight"]
    computed(bench)


def test_a_loss_that_differentiates_has_no_guests_but_is_right() -> None:
    def with_slope(output: Tensor, target: Tensor) -> Tensor:
        with torch.enable_grad():
            leaf = output.detach().requires_grad_()
            (slope,) = torch.autograd.grad(F.cross_entropy(leaf, target, reduction="sum"), leaf)
        return F.cross_entropy(output, target, reduction="none") + slope.square().sum(1)

    x, y = draw(18, 4), draw_classes(3, 18)
    case = Case(mlp(), with_slope, (x, y), lambda m: with_slope(m(x.double()), y).mean())
    how = computed(Bench(case))
    assert how.settings["rewrites"] == []


def test_a_plan_without_guests_is_not_proved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guests, "FAR", ())
    computed(Bench(CASES["LSTM, no reduction, data set"]()))


def test_names_and_sentences_say_what_is_on() -> None:
    bench = Bench(convolutions())
    plan = Plan(8, channels_last=True, rewrites=frozenset({FOLDED, HEAD}))
    assert names(plan) == [FOLDED, HEAD, "channels last"]
    assert sentences(plan, [bench.head, bench.folds]) == (
        bench.head.sentence,
        bench.folds.sentence,
        "images laid out channels last",
    )
    assert names(Plan(8)) == [] and sentences(Plan(8), [bench.head]) == ()
    assert names(Plan(together=4)) == ["4 cells together"]


def test_batch_norm_moving_with_all_guests_on_two_workers() -> None:
    """``one_dimensional="copy"``: gains, shifts and running statistics move."""

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv, self.norm = nn.Conv2d(2, 4, 3, bias=False), nn.BatchNorm2d(4)
            self.head = nn.Linear(4, 3)

        def forward(self, x: Tensor) -> Tensor:
            return self.head(self.norm(self.conv(x)).relu().mean((2, 3)))

    bench = Bench(classified(used(seeded(Net)), draw(19, 2, 6, 5)), statistics=True)
    assert computed(bench).notes == ()
