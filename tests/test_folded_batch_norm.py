"""Is a convolution folded with its BatchNorm exact, whatever moves, and not folded where it can't be?"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn.utils import prune

from landscape_widget.evaluate.plan import Plan
from tests.cases import CASES, draw, seeded
from tests.fast_cases import CELLS, Bench, after, assert_close, classified, one, used


class Head(nn.Module):
    """The mean over all places, classified."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.linear = nn.Linear(channels, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x.flatten(2).mean(2))


class Residual(nn.Module):
    """Two folds and a shortcut, written in place as people do."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.norm = nn.Conv2d(2, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv, self.norm2 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.relu, self.head = nn.ReLU(inplace=True), Head(4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.relu(self.norm(self.stem(x)))
        out = self.norm2(self.conv(x))
        out += x
        return self.head(self.relu(out))


def sequence(convolution: Callable[[], nn.Module], norm: Callable[[], nn.Module]) -> Callable[[], nn.Module]:
    return lambda: nn.Sequential(convolution(), norm(), nn.ReLU(inplace=True), Head(4))


IMAGES, SIGNALS, VOLUMES = draw(19, 2, 6, 5), draw(19, 2, 9), draw(19, 2, 4, 3, 4)

RIGHT = {
    "Conv1d": (sequence(lambda: nn.Conv1d(2, 4, 3), lambda: nn.BatchNorm1d(4)), SIGNALS),
    "Conv2d": (sequence(lambda: nn.Conv2d(2, 4, 3), lambda: nn.BatchNorm2d(4)), IMAGES),
    "Conv3d": (sequence(lambda: nn.Conv3d(2, 4, 3), lambda: nn.BatchNorm3d(4)), VOLUMES),
    "no bias": (sequence(lambda: nn.Conv2d(2, 4, 3, bias=False), lambda: nn.BatchNorm2d(4)), IMAGES),
    "not affine": (sequence(lambda: nn.Conv2d(2, 4, 3), lambda: nn.BatchNorm2d(4, affine=False)), IMAGES),
    "neither": (
        sequence(lambda: nn.Conv1d(2, 4, 3, bias=False), lambda: nn.BatchNorm1d(4, affine=False)),
        SIGNALS,
    ),
    "groups": (sequence(lambda: nn.Conv2d(2, 4, 3, groups=2), lambda: nn.BatchNorm2d(4, eps=0.1)), IMAGES),
    "stride, padding, dilation": (
        sequence(
            lambda: nn.Conv2d(2, 4, 3, stride=2, padding=(1, 2), dilation=2),
            lambda: nn.BatchNorm2d(4, momentum=None),
        ),
        IMAGES,
    ),
    "same": (sequence(lambda: nn.Conv2d(2, 4, 3, padding="same"), lambda: nn.BatchNorm2d(4)), IMAGES),
    "residual": (Residual, IMAGES),
}


def bench_of(name: str, **options: object) -> Bench:
    model, x = RIGHT[name]
    return Bench(classified(used(seeded(model)), x), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("statistics", [False, True], ids=["frozen", "statistics move"])
@pytest.mark.parametrize("name", RIGHT)
def test_every_cell_equals_the_reference(name: str, statistics: bool) -> None:
    bench = bench_of(name, statistics=statistics)
    assert len(bench.folds.pairs) == (2 if name == "residual" else 1)
    bench.assert_right(bench.fast(bench.folds))


@pytest.mark.parametrize("name", ["Conv2d", "residual", "groups"])
def test_with_images_laid_out_channels_last_too(name: str) -> None:
    bench = bench_of(name, statistics=True)
    bench.assert_right(bench.fast(bench.folds, channels_last=True))


@pytest.mark.parametrize("parameters", [r"1\.", r"1\.weight", r"0\.", "bias"])
def test_some_parameters_may_stay(parameters: str) -> None:
    """Gains and shifts of the BatchNorm alone, or all but them."""
    bench = bench_of("Conv2d", parameters=parameters)
    bench.assert_right(bench.fast(bench.folds))


def test_the_case_of_the_table_on_a_line() -> None:
    bench = Bench(CASES["convolution, BatchNorm, sum"](), axes=1, statistics=True)
    bench.assert_right(bench.fast(bench.folds))


def test_variances_below_zero_are_held_there_as_on_the_plain_path() -> None:
    bench = bench_of("Conv2d", statistics=True)
    for name in bench.vectors[0]:
        if name.endswith("running_var"):
            bench.vectors[0][name].fill_(-100.0)
    plan = Plan(8, rewrites=frozenset({bench.folds.name}))
    station, portions = bench.station(bench.folds), bench.portions(plan)
    fast, plain = (one(station, (1.0, 0.0), portions, way) for way in (plan, Plan(8)))
    assert station.clamped == 4
    assert_close(fast.mean[0], plain.mean[0])


def test_the_norms_are_really_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    bench = bench_of("residual")
    plan = Plan(8, rewrites=frozenset({bench.folds.name}))
    station, portions = bench.station(bench.folds), bench.portions(plan)
    one(station, CELLS[0], portions, plan)
    monkeypatch.setattr(
        torch.nn.functional, "batch_norm", lambda *_, **__: pytest.fail("a norm was computed")
    )
    one(station, CELLS[1], portions, plan)


@pytest.mark.parametrize("name", ["residual", "Conv1d"])
def test_a_cancel_in_the_middle_leaves_no_trace(name: str) -> None:
    bench = bench_of(name, statistics=True)
    plan = Plan(4, rewrites=frozenset({bench.folds.name}))
    station, portions = bench.station(bench.folds), bench.portions(plan)
    for cell in CELLS:
        assert station.measure([CELLS[3]], portions, after(2), plan) is None
        assert_close(one(station, cell, portions, plan).mean[0], bench.reference(cell))


def test_switching_between_the_ways_keeps_both_right() -> None:
    bench = bench_of("residual", statistics=True)
    station, portions = bench.station(bench.folds), bench.portions(Plan(8))
    for cell in CELLS:
        for rewrites in ({bench.folds.name}, set(), {bench.folds.name}):
            plan = Plan(8, rewrites=frozenset(rewrites))
            assert_close(one(station, cell, portions, plan).mean[0], bench.reference(cell))


class SharedNorm(nn.Module):
    """One norm after two convolutions."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b, self.norm, self.head = (
            nn.Conv2d(2, 4, 3),
            nn.Conv2d(4, 4, 3),
            nn.BatchNorm2d(4),
            Head(4),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.norm(self.b(self.norm(self.a(x)))))


class SharedConvolution(nn.Module):
    """One convolution, called twice."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.head = nn.Conv2d(2, 2, 3), nn.Linear(2, 3)
        self.norm, self.norm2 = nn.BatchNorm2d(2), nn.BatchNorm2d(2)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.norm2(self.conv(self.norm(self.conv(x)))).mean((2, 3)))


class TiedConvolutions(nn.Module):
    """Two convolutions with one weight."""

    def __init__(self) -> None:
        super().__init__()
        self.a, self.b = nn.Conv2d(2, 2, 3, bias=False), nn.Conv2d(2, 2, 3, bias=False)
        self.b.weight = self.a.weight
        self.norm, self.norm2, self.head = nn.BatchNorm2d(2), nn.BatchNorm2d(2), nn.Linear(2, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.norm2(self.b(self.norm(self.a(x)))).mean((2, 3)))


class Between(nn.Module):
    """Something happens between convolution and norm."""

    def __init__(self, change: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.conv, self.norm, self.head, self.change = nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), Head(4), change

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.norm(self.change(self.conv(x))))


def _with(change: Callable[[nn.Module], object]) -> Callable[[], nn.Module]:
    def make() -> nn.Module:
        model = sequence(lambda: nn.Conv2d(2, 4, 3), lambda: nn.BatchNorm2d(4))()
        change(model)
        return model

    return make


REFUSED = {
    "a shared norm": SharedNorm,
    "a shared convolution": SharedConvolution,
    "tied weights": TiedConvolutions,
    "padded by reflection": sequence(
        lambda: nn.Conv2d(2, 4, 3, padding=1, padding_mode="reflect"), lambda: nn.BatchNorm2d(4)
    ),
    "statistics of the batch": sequence(
        lambda: nn.Conv2d(2, 4, 3), lambda: nn.BatchNorm2d(4, track_running_stats=False)
    ),
    "another norm": sequence(lambda: nn.Conv2d(2, 4, 3), lambda: nn.InstanceNorm2d(4)),
    "weight norm": _with(lambda model: nn.utils.parametrizations.weight_norm(model[0])),
    "spectral norm": _with(lambda model: nn.utils.parametrizations.spectral_norm(model[0])),
    "pruned": _with(lambda model: prune.l1_unstructured(model[0], "weight", 0.5)),
    "a gain that is pruned": _with(lambda model: prune.l1_unstructured(model[1], "weight", 0.5)),
    "a ReLU between": lambda: Between(torch.relu),
    "a transposed convolution": sequence(lambda: nn.ConvTranspose2d(2, 4, 3), lambda: nn.BatchNorm2d(4)),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_steps_aside(name: str) -> None:
    bench = Bench(classified(used(seeded(REFUSED[name])), IMAGES))
    assert bench.folds is None


class UsedTwice(nn.Module):
    """What comes out of the convolution goes around the norm as well; calls alone can't tell."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.head = nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), Head(4)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        return self.head(self.norm(x) + x)


@pytest.mark.parametrize(
    "model",
    [UsedTwice, lambda: Between(lambda x: x.add_(1)), lambda: Between(torch.relu_)],
    ids=["used twice", "a sum in place between", "a ReLU in place between"],
)
def test_what_calls_cannot_tell_the_proof_refuses(model: Callable[[], nn.Module]) -> None:
    bench = Bench(classified(used(seeded(model)), IMAGES))
    assert bench.folds is not None
    evaluator = bench.evaluator()
    points = [CELLS[0], *CELLS]
    answers = [values for values in evaluator(torch.tensor(points).double().numpy(), 19, lambda: False)]
    how = answers[-1].how
    assert how is not None and "folded BatchNorm" not in how.settings["rewrites"]
    assert any("folded batchnorm" in note.lower() and "disagreed" in note for note in how.notes)
    for values in answers:
        assert_close(values.mean[:, 0], [bench.reference(points[cell]) for cell in values.cells])
