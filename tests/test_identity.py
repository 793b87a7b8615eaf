"""Is a landscape known again by what decides it, and by nothing else?"""

import copy
import functools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from landscape_widget import batch_loss
from landscape_widget.objective.digest import digest_of
from landscape_widget.objective.identity import identity_of
from landscape_widget.objective.read_objective import read_objective

GENERATOR = torch.Generator().manual_seed(0)
INPUTS, LABELS = torch.randn(40, 3, generator=GENERATOR), torch.arange(40) % 2
SCALE = 2.0


class Net(nn.Sequential):
    def forward(self, x):
        return super().forward(x)


def net(seed: int = 0, kind: type[nn.Sequential] = nn.Sequential, act: nn.Module | None = None) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return kind(nn.Linear(3, 4), act or nn.Tanh(), nn.BatchNorm1d(4), nn.Linear(4, 2))


def scaled(output, target):
    return SCALE * F.cross_entropy(output, target)


def twice(output, target):
    return helper(output, target)


def helper(output, target):
    return 2 * F.cross_entropy(output, target)


def identity(model=None, loss=F.cross_entropy, data=(INPUTS, LABELS), **options) -> dict[str, str]:
    return identity_of(read_objective(model or net(), loss, data, **options))


def differing(*args, **options) -> set[str]:
    before, after = identity(), identity(*args, **options)
    assert before.keys() == after.keys()
    return {part for part in before if before[part] != after[part]}


def frozen(model: nn.Module) -> nn.Module:
    model[0].weight.requires_grad_(False)
    return model


def moved_statistics(model: nn.Module) -> nn.Module:
    model[2].running_mean += 1
    return model


def test_what_is_the_same_is_known_again_however_it_comes():
    assert differing() == set()
    assert differing(copy.deepcopy(net())) == set()
    batches = [(INPUTS[:7], LABELS[:7]), (INPUTS[7:], LABELS[7:])]
    assert differing(data=batches) == set()
    assert differing(net().train()) == set()


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("weights", lambda: {"model": net(1)}),
        ("weights", lambda: {"model": frozen(net())}),
        ("weights", lambda: {"parameters": "0.weight"}),
        ("buffers", lambda: {"model": moved_statistics(net())}),
        ("architecture", lambda: {"model": net(act=nn.ReLU())}),
        ("architecture", lambda: {"model": net(act=nn.ELU(0.5))}),
        ("architecture", lambda: {"model": net(kind=Net)}),
        ("data", lambda: {"data": (INPUTS + 1e-6, LABELS)}),
        ("data", lambda: {"data": (INPUTS.flip(0), LABELS.flip(0))}),
        ("data", lambda: {"data": (INPUTS, 1 - LABELS)}),
        ("test data", lambda: {"test_data": (INPUTS, LABELS)}),
        ("loss", lambda: {"loss": nn.CrossEntropyLoss()}),
        ("metrics", lambda: {"metrics": {"worst": lambda output, target: output.max()}}),
        ("mode", lambda: {"mode": "train"}),
        ("dtype", lambda: {"dtype": torch.float64}),
        ("autocast", lambda: {"autocast": torch.bfloat16}),
        ("seed", lambda: {"seed": 1}),
    ],
)
def test_what_differs_is_named(part, change):
    found = differing(**change())
    follows = {"test data": set(), "dtype": {"weights", "buffers", "data"}, "architecture": set()}
    assert part in found and found - {part} <= follows.get(part, set())


def test_one_number_of_the_data_anywhere_is_noticed():
    """The fingerprint in a surface's settings looks at 64 samples; this looks at all."""
    data = torch.randn(300, 3, generator=GENERATOR), torch.arange(300) % 2
    other = data[0].clone(), data[1]
    other[0][123, 1] += 1e-3
    assert identity(data=data)["data"] != identity(data=other)["data"]


def test_batches_matter_where_samples_can_not_be_told_apart():
    loss = batch_loss(lambda model, batch: F.cross_entropy(model(batch[0]), batch[1]))
    halves = [(INPUTS[:20], LABELS[:20]), (INPUTS[20:], LABELS[20:])]
    uneven = [(INPUTS[:10], LABELS[:10]), (INPUTS[10:], LABELS[10:])]
    assert identity(loss=loss, data=halves)["data"] != identity(loss=loss, data=uneven)["data"]


def test_the_names_of_columns_matter():
    loss = batch_loss(lambda model, batch: model(batch["a"]).mean() + batch["b"].mean())
    one, other = {"a": INPUTS, "b": INPUTS + 1}, {"b": INPUTS, "a": INPUTS + 1}
    assert identity(loss=loss, data=one)["data"] != identity(loss=loss, data=other)["data"]


def alike(make) -> bool:
    return digest_of(make()) == digest_of(make())


def closed_over(value):
    return lambda output, target: value * F.cross_entropy(output, target)


class Weighted:
    def __init__(self, weight: float) -> None:
        self.weight = weight

    def __call__(self, output, target):
        return self.weight * self._plain(output, target)

    def _plain(self, output, target):
        return F.cross_entropy(output, target)


@pytest.mark.parametrize(
    "make",
    [
        lambda: lambda output, target: (output - target).abs(),
        lambda: closed_over(torch.ones(3)),
        lambda: functools.partial(F.cross_entropy, label_smoothing=0.1),
        lambda: Weighted(2.0),
        lambda: Weighted(2.0).__call__,
        lambda: nn.CrossEntropyLoss(weight=torch.ones(2)),
        lambda: {"a": [1, (2.0, "b")], "c": {3, 4}, "d": np.arange(3), "e": np.float32(2)},
        lambda: torch.float16,
        lambda: np.array([None, "a"], object),
    ],
)
def test_what_is_made_again_is_the_same(make):
    assert alike(make)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (lambda x: x + 1, lambda x: x + 2),
        (lambda x: x.sin(), lambda x: x.cos()),
        (lambda x, k=1: x, lambda x, k=2: x),
        (closed_over(1.0), closed_over(2.0)),
        (closed_over(torch.zeros(2)), closed_over(torch.ones(2))),
        (functools.partial(F.cross_entropy, label_smoothing=0.1), functools.partial(F.cross_entropy)),
        (Weighted(1.0), Weighted(2.0)),
        (nn.CrossEntropyLoss(), nn.CrossEntropyLoss(ignore_index=0)),
        (nn.CrossEntropyLoss(weight=torch.ones(2)), nn.CrossEntropyLoss(weight=torch.zeros(2))),
        (F.mse_loss, F.l1_loss),
        (torch.sin, torch.cos),
        (np.sin, np.cos),
        (1, 1.0),
        (True, 1),
        ([1, 2], (1, 2)),
        (torch.zeros(2), torch.zeros(2, 1)),
        (torch.zeros(1), torch.zeros(1, dtype=torch.float64)),
        ([[1], [2]], [[1, 2]]),
    ],
)
def test_what_is_not_the_same_differs(one, other):
    assert digest_of(one) != digest_of(other)


def test_a_number_that_a_loss_uses_of_its_module_counts(monkeypatch):
    before = digest_of(scaled)
    monkeypatch.setattr(sys.modules[__name__], "SCALE", 3.0)
    assert digest_of(scaled) != before


def test_a_function_that_a_loss_calls_counts(monkeypatch):
    before = digest_of(twice)
    monkeypatch.setattr(sys.modules[__name__], "helper", lambda output, target: output.mean())
    assert digest_of(twice) != before


def test_a_method_that_a_loss_calls_counts(monkeypatch):
    before = digest_of(Weighted(1.0))
    monkeypatch.setattr(Weighted, "_plain", lambda self, output, target: output.mean())
    assert digest_of(Weighted(1.0)) != before


def test_circles_come_to_an_end():
    def circle() -> list:
        around: list = [1]
        around.append(around)
        return around

    def own(x):
        return own(x - 1) if x else x

    assert alike(circle) and len(digest_of(own)) == 64


@pytest.mark.processes
def test_another_process_says_the_same():
    said = "t.digest_of([t.scaled, t.Weighted(2.0)]), t.identity(t.net(kind=t.Net), t.twice)"
    around = os.environ | {"PYTHONPATH": str(Path(__file__).parent), "PYTHONHASHSEED": "7"}
    command = [sys.executable, "-c", f"import test_identity as t; print({said})"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env=around)
    assert ran.stdout.strip() == f"{digest_of([scaled, Weighted(2.0)])} {identity(net(kind=Net), twice)}"
