"""Does ``resume=`` lose nothing, measure nothing twice, and refuse what is another landscape?"""

import errno
import os
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

import landscape_widget as lw
from landscape_widget.surface import files as surface_files

GENERATOR = torch.Generator().manual_seed(0)
DATA = torch.randn(60, 3, generator=GENERATOR), torch.arange(60) % 2


def net(seed: int = 0) -> nn.Module:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))


class Counting(nn.Module):
    """Counts its calls where everybody sees them, and may fail after some."""

    calls = 0
    last = None

    def forward(self, output, target):
        Counting.calls += 1
        if Counting.calls == Counting.last:
            raise KeyboardInterrupt
        return F.cross_entropy(output, target)


@pytest.fixture
def counted():
    """Return how many times the loss was called since it was last asked."""
    Counting.calls, Counting.last = 0, None

    def since() -> int:
        calls, Counting.calls = Counting.calls, 0
        return calls

    yield since
    Counting.last = None


def compute(path, model=None, loss=None, data=DATA, **options) -> lw.Surface:
    return lw.compute(model or net(), loss or Counting(), data, resume=path, **{"resolution": 9, **options})


def interrupted(path, after: int, **options) -> None:
    Counting.calls, Counting.last = 0, after
    with pytest.raises(KeyboardInterrupt):
        compute(path, **options)
    Counting.last = None


def test_a_kept_run_is_the_same_as_one_that_is_not(tmp_path, counted):
    kept = compute(tmp_path / "run")
    alone = lw.compute(net(), Counting(), DATA, resolution=9)
    assert np.array_equal(kept.values, alone.values)
    held = lw.load(tmp_path / "run.npz")
    assert np.array_equal(held.values, kept.values) and held.settings["identity"] == kept.settings["identity"]
    for axis, vector in enumerate(kept.directions):
        assert all(torch.equal(vector[name], held.directions[axis][name]) for name in vector)
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_after_an_interruption_no_cell_is_measured_again(tmp_path, counted):
    whole = compute(tmp_path / "whole.npz")
    interrupted(tmp_path / "run.npz", counted() - 40)
    held = lw.load(tmp_path / "run.npz")
    known = held.final
    assert 0 < known.sum() < 82 and np.array_equal(held.values[:, known], whole.values[:, known])
    counted()
    again = compute(tmp_path / "run.npz")
    assert again.settings["taken_up"] == known[:81].sum() and np.allclose(
        again.values, whole.values, rtol=1e-6
    )
    assert np.array_equal(again.values[:, known], whole.values[:, known])


def test_of_a_finished_file_nothing_but_the_origin_is_measured(tmp_path, counted):
    compute(tmp_path / "run.npz")
    counted()
    lw.compute(net(), Counting(), DATA, resolution=2)
    door = counted()
    compute(tmp_path / "run.npz")
    assert counted() < door  # which has measured five cells


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("its weights differ", {"model": net(1)}),
        ("its data differ", {"data": (DATA[0] + 0.1, DATA[1])}),
        ("its loss differs", {"loss": nn.CrossEntropyLoss()}),
        ("its metrics differ", {"metrics": {"largest": lambda output, target: output.max()}}),
        ("its autocast differs", {"autocast": torch.bfloat16}),
        ("its architecture differs", {"model": nn.Sequential(*net()[:1], nn.ReLU(), net()[2])}),
        ("its second direction differs", {"directions": [lw.RandomDirection(0), lw.RandomDirection(2)]}),
        ("its first direction and its second direction differ", {"normalization": "layer"}),
        ("its number of samples differs", {"samples": 30}),
        ("its number of directions differs", {"directions": [lw.RandomDirection(0)]}),
    ],
)
def test_another_landscape_is_refused_in_words(tmp_path, said, change):
    compute(tmp_path / "run.npz", resolution=3)
    before = (tmp_path / "run.npz").read_bytes()
    with pytest.raises(ValueError, match=rf"run\.npz holds another landscape: {said}\."):
        compute(tmp_path / "run.npz", **{"resolution": 3, **change})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"run.npz": before}


def test_a_loss_that_looks_the_same_but_is_another_is_refused(tmp_path, monkeypatch):
    def loss(output, target):
        return F.cross_entropy(output, target) * float(os.environ["LANDSCAPE_TEST_SCALE"])

    monkeypatch.setenv("LANDSCAPE_TEST_SCALE", "1.0")
    compute(tmp_path / "run.npz", loss=loss, resolution=3)
    monkeypatch.setenv("LANDSCAPE_TEST_SCALE", "1.1")
    with pytest.raises(ValueError, match="though weights, data and loss look the same"):
        compute(tmp_path / "run.npz", loss=loss, resolution=3)


@pytest.mark.parametrize("rule", [lw.GradientDirection(), lw.TowardsModel(net(1)), lw.RandomDirection(3)])
def test_every_kind_of_direction_is_known_again(tmp_path, rule):
    line = {"directions": [rule], "x": (-1, 1)}
    first = compute(tmp_path / "run.npz", **line)
    again = compute(tmp_path / "run.npz", **line)
    assert np.array_equal(first.values, again.values)


def test_repeats_are_taken_up_and_another_number_of_them_is_refused(tmp_path, counted):
    line = {"directions": [lw.RandomDirection(0)], "repeats": 3}
    compute(tmp_path / "run.npz", **line)
    compute(tmp_path / "run.npz", **line)
    with pytest.raises(ValueError, match="its number of draws differs"):
        compute(tmp_path / "run.npz", **line | {"repeats": 2})


def test_the_cells_of_a_map_are_taken_up(tmp_path, monkeypatch):
    from landscape_widget.evaluate.curvature_map import CurvatureMap

    measured = []
    ask = CurvatureMap.__call__
    monkeypatch.setattr(
        CurvatureMap,
        "__call__",
        lambda self, cells, *rest: (measured.append(len(cells)), ask(self, cells, *rest))[1],
    )
    curved = {"metrics": {"bend": lw.HessianExtremes(samples=20, resolution=3)}, "resolution": 3}
    first = compute(tmp_path / "run.npz", loss=F.cross_entropy, **curved)
    assert sum(measured) >= 9
    measured.clear()
    again = compute(tmp_path / "run.npz", loss=F.cross_entropy, **curved)
    assert measured == [] and np.array_equal(first.maps["bend"].values, again.maps["bend"].values)
    longer = {"bend": lw.HessianExtremes(samples=20, resolution=3, seconds=60.0)}
    compute(tmp_path / "run.npz", loss=F.cross_entropy, **curved | {"metrics": longer})
    assert measured == []
    other = {"bend": lw.HessianExtremes(samples=30, resolution=3)}
    compute(tmp_path / "run.npz", loss=F.cross_entropy, **curved | {"metrics": other})
    assert sum(measured) >= 9


def test_the_losses_of_checkpoints_are_taken_up(tmp_path, monkeypatch):
    from landscape_widget.evaluate.checkpoints import CheckpointEvaluator

    model = net()
    with lw.record(model, every=1) as trajectory:
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        for _ in range(5):
            optimizer.zero_grad()
            F.cross_entropy(model(DATA[0]), DATA[1]).backward()
            optimizer.step()
    first = compute(tmp_path / "run.npz", model, resolution=3, trajectory=trajectory)
    measured = []
    ask = CheckpointEvaluator.__call__
    monkeypatch.setattr(
        CheckpointEvaluator,
        "__call__",
        lambda self, cells, *rest: (measured.append(len(cells)), ask(self, cells, *rest))[1],
    )
    again = compute(tmp_path / "run.npz", model, resolution=3, trajectory=trajectory)
    assert measured == [] and again.path.known.all()
    assert np.array_equal(first.path.values, again.path.values)


def test_a_cell_whose_loss_raised_is_asked_for_again(tmp_path, monkeypatch):
    def loss(output, target):
        if os.environ.get("LANDSCAPE_TEST_FAIL") and output.abs().max() > 2:
            raise ArithmeticError("too large")
        return F.cross_entropy(output, target)

    monkeypatch.setenv("LANDSCAPE_TEST_FAIL", "1")
    wide = {"x": (-8, 8), "y": (-8, 8), "resolution": 5, "on_error": "skip", "loss": loss}
    first = compute(tmp_path / "run.npz", **wide)
    assert np.isnan(first["loss"]).any()
    monkeypatch.delenv("LANDSCAPE_TEST_FAIL")
    assert np.isfinite(compute(tmp_path / "run.npz", **wide)["loss"]).all()


def test_of_a_large_model_the_file_holds_no_weights(tmp_path, counted, monkeypatch):
    monkeypatch.setattr("landscape_widget.objective.params.LARGE", 10)
    asked = {"directions": [lw.RandomDirection(0), lw.RandomDirection(1)], "repeats": 1}
    first = compute(tmp_path / "run.npz", **asked)
    held = lw.load(tmp_path / "run.npz")
    assert (held.directions, held.origin) == ((), {}) and len(first.directions) == 2
    counted()
    assert np.array_equal(compute(tmp_path / "run.npz", **asked).values, first.values)
    assert counted() < 81
    with pytest.raises(ValueError, match="its second direction differs"):
        compute(tmp_path / "run.npz", directions=[lw.RandomDirection(0), lw.RandomDirection(2)])


def test_what_the_disk_never_took_is_said_and_comes_back(tmp_path, monkeypatch):
    def full(surface, path):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(surface_files, "save", full)
    with pytest.warns(UserWarning) as said:
        surface = compute(tmp_path / "run.npz")
    assert [str(one.message) for one in said] == [
        f"{tmp_path / 'run.npz'} doesn't hold all of it. What is new could not be written (No space left on "
        "device). The surface that comes back does: `save` it in another place."
    ]
    assert said[0].filename == __file__
    assert surface.known.all() and list(tmp_path.iterdir()) == []


def test_a_path_that_is_none_is_refused_in_words(tmp_path):
    with pytest.raises(
        TypeError, match=r"resume is the path of a file.*; got True\. Write resume='run\.npz'"
    ):
        compute(True)
    with pytest.raises(
        ValueError, match=r"kept as \.npz while it grows; got 'run\.h5'\. Write resume='run\.npz'"
    ):
        compute(tmp_path / "run.h5")
    with pytest.raises(FileNotFoundError, match="there is no directory"):
        compute(tmp_path / "nowhere" / "run.npz")


def test_a_file_of_another_making_is_refused(tmp_path):
    lw.compute(net(), F.cross_entropy, DATA, resolution=3).save(tmp_path / "run.npz")
    with pytest.raises(ValueError, match=r"run\.npz doesn't say which weights"):
        compute(tmp_path / "run.npz")
    (tmp_path / "run.npz").write_bytes(b"no archive")
    with pytest.raises(ValueError, match=r"run\.npz should be a surface"):
        compute(tmp_path / "run.npz")


def test_a_widget_keeps_its_landscape_and_says_so(tmp_path):
    path = tmp_path / "run.npz"
    widget = lw.explore(net(), F.cross_entropy, DATA, resolution=9, resume=path)
    try:
        first = widget.wait()
        assert widget.status["kept"] == ["kept in run.npz"]
        assert ["resume", repr(str(path))] in widget.choices["given"]
        assert np.array_equal(lw.load(path).values, first.values)
        widget.resolution = (5, 5)
        widget.wait()
        assert widget.status["kept"][0] == "not kept in run.npz"
        again = lw.explore(net(), F.cross_entropy, DATA, resolution=9, resume=path)
        try:
            assert np.array_equal(again.wait().values, first.values)
            assert again.status["kept"] == ["kept in run.npz: 81 of 81 cells were there"]
        finally:
            again.close()
    finally:
        widget.close()
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.npz"]


def test_a_widget_whose_directions_are_others_says_so_and_leaves_the_file(tmp_path):
    path = tmp_path / "run.npz"
    compute(path, loss=F.cross_entropy, resolution=3)
    before = path.read_bytes()
    widget = lw.explore(net(), F.cross_entropy, DATA, resolution=3, resume=path, seed=7)
    try:
        with pytest.raises(ValueError, match="its first direction and its second direction differ"):
            widget.wait()
    finally:
        widget.close()
    assert path.read_bytes() == before


def test_members_of_a_comparison_have_files_of_their_own(tmp_path):
    with pytest.raises(
        ValueError, match=r"resume names the file of one landscape.*lw\.Landscape\(model, resume="
    ):
        lw.compare({"a": net(), "b": net(1)}, F.cross_entropy, DATA, resume=tmp_path / "run.npz")
    members = {name: lw.Landscape(net(seed), resume=tmp_path / name) for seed, name in enumerate("ab")}
    comparison = lw.compare(members, F.cross_entropy, DATA, resolution=3)
    try:
        comparison.wait()
    finally:
        comparison.close()
    for seed, name in enumerate("ab"):
        alone = lw.compute(net(seed), F.cross_entropy, DATA, resolution=3)
        held = lw.load(Path(tmp_path / f"{name}.npz"))
        assert np.allclose(held.values, alone.values, rtol=1e-6)
