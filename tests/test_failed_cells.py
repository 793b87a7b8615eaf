"""A cell whose loss raises: it is told, marked and left out where the user asks for it, else the run ends."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

import landscape_widget as lw
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.sensitivity import measure_sensitivity
from landscape_widget.facts import MetricFacts, Point
from landscape_widget.live.report import Report
from landscape_widget.live.status import status_content
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import Direction
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from landscape_widget.surface import files
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.values import FINAL, How, State, Values
from tests.cases import CASES, classification
from tests.pools import pool

LOSS = (MetricFacts("loss", "", 10),)


class TooFar(ValueError):
    """What the losses here raise."""


def fragile(reach: float) -> Callable[[Tensor, Tensor], Tensor]:
    """A cross entropy that raises where an output is larger."""

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if output.abs().max() > reach:
            raise TooFar(f"beyond {reach:g}")
        return F.cross_entropy(output, target)

    return loss


def asked(**options: object) -> dict[str, object]:
    return {"resolution": 9, "x": (-3, 3), "y": (-3, 3), **options}


def whole() -> Surface:
    """The same landscape with a loss that never raises."""
    case = classification()
    return lw.compute(case.model, case.loss, case.data, **asked())


def test_failing_cells_are_marked_and_all_others_are_what_they_would_have_been() -> None:
    case, right = classification(), whole()
    surface = lw.compute(case.model, fragile(3.0), case.data, **asked(on_error="skip"))
    failed = surface.state == State.FAILED
    assert 20 < failed.sum() < 70 and surface.is_done
    assert np.isnan(surface["loss"][failed]).all() and np.isnan(surface["accuracy"][failed]).all()
    np.testing.assert_allclose(surface["loss"][~failed], right["loss"][~failed], rtol=1e-6)
    assert (surface.counts[:, : surface.grid.size].reshape(2, 9, 9)[0] == 37 * ~failed).all()
    assert surface.settings["engine"]["error"] == "TooFar: beyond 3"
    assert surface.not_finite("loss") == 0
    assert surface.settings["on_error"] == "skip"


def test_by_default_the_error_ends_the_run() -> None:
    case = classification()
    with pytest.raises(TooFar, match="beyond 3"):
        lw.compute(case.model, fragile(3.0), case.data, **asked())


def test_another_word_is_refused_at_the_door() -> None:
    case = classification()
    with pytest.raises(ValueError, match=r"on_error.*'stop'.*'skip'.*got 'ignore'"):
        lw.compute(case.model, case.loss, case.data, on_error="ignore")


def test_a_loss_that_raises_everywhere_but_at_the_door_leaves_no_value() -> None:
    case = classification()
    armed = threading.Event()

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if armed.is_set():
            raise TooFar("always")
        return F.cross_entropy(output, target)

    objective = read_objective(case.model, loss, case.data)
    directions = tuple(RandomDirection(seed)(objective) for seed in (0, 1))
    armed.set()
    for workers in (1, 2):
        evaluator = Evaluator(
            objective, Subspace(objective.params, directions), pool(workers), on_error="skip"
        )
        answers = list(evaluator(np.zeros((5, 2)), 37, lambda: False))
        assert sorted(cell for values in answers for cell in values.cells) == [0, 1, 2, 3, 4]
        assert all((values.state == State.FAILED).all() for values in answers)
        assert answers[-1].how is not None and answers[-1].how.error == "TooFar: always"


@pytest.mark.parametrize(("name", "reach"), [("classification", 1.0), ("convolution, BatchNorm, sum", 0.6)])
@pytest.mark.parametrize("workers", [1, 2])
def test_a_fast_way_is_not_blamed_for_the_users_error(name: str, reach: float, workers: int) -> None:
    """Where the plain way raises, too, guests stay, and nothing is withdrawn."""
    case = CASES[name]()
    objective = read_objective(case.model, fragile(reach), case.data)
    subspace = Subspace(objective.params, tuple(RandomDirection(seed)(objective) for seed in (0, 1)))
    places = np.stack(np.meshgrid(np.linspace(-1, 1, 9), np.linspace(-1, 1, 9)), -1).reshape(-1, 2)
    plain, fast = (
        measured(
            Evaluator(objective, subspace, pool(workers), plain=plain, on_error="skip"),
            places,
            objective.train.size,
        )
        for plain in (True, False)
    )
    assert 0 < (plain.state == State.FAILED).sum() < 81
    assert plain.state.tolist() == fast.state.tolist()
    np.testing.assert_allclose(fast.mean, plain.mean, rtol=1e-5)
    assert fast.how is not None and not any("plain" in note for note in fast.how.notes)


def measured(evaluator: Evaluator, places: np.ndarray, samples: int) -> Values:
    answers = list(evaluator(places, samples, lambda: False))
    order = np.argsort(np.concatenate([values.cells for values in answers]))
    columns = ("cells", "mean", "standard_error", "count", "state")
    together = {name: np.concatenate([getattr(v, name) for v in answers])[order] for name in columns}
    return Values(**together, how=answers[-1].how)


def test_a_treatment_of_batch_norm_that_fails_at_a_place_is_infinitely_far_off() -> None:
    case = CASES["convolution, BatchNorm, sum"]()
    objective = read_objective(case.model, case.loss, case.data)
    subspace = Subspace(objective.params, (RandomDirection(0)(objective),))
    calls = []
    criterion = objective.trial.measure

    class Fragile:
        units = criterion.units

        def __call__(self, model: object, batch: object) -> object:
            calls.append(None)
            if len(calls) == 1:
                raise TooFar("once")
            return criterion(model, batch)  # type: ignore[arg-type]

        def copied(self) -> Fragile:
            return self

    object.__setattr__(objective.trial, "measure", Fragile())
    modes = {"frozen": subspace, "reestimate": subspace}
    found = measure_sensitivity(objective, modes, [(0.5,)], lambda: False, on_error="skip")
    assert found is not None and found.worst == float("inf")


def grown(states: list[State]) -> Surface:
    """A line of as many cells, with the origin before them."""
    grid = Grid(Axis(-1, 1, len(states)))
    surface = Surface.empty(grid, LOSS, points=(Point("origin", (0.0,)),), samples=10)
    values = np.where([state == State.FAILED for state in states], np.nan, 1.0)
    patch = Patch(
        np.arange(len(states)),
        values[None],
        np.zeros((1, len(states))),
        np.where(np.isnan(values), 0, 10)[None],
        np.array(states, np.uint8),
    )
    return surface.tell(patch)


def test_a_failed_cell_is_final_and_known_but_has_no_value() -> None:
    surface = grown([State.EXACT, State.FAILED, State.EXACT, State.FAILED, State.PREVIEW])
    assert State.FAILED in FINAL
    assert surface.final[:5].tolist() == [True, True, True, True, False]
    assert surface.known.all() and surface.not_finite("loss") == 0
    assert surface.preview == 10


def test_what_another_lattice_knows_goes_before_a_failure_and_a_failure_before_a_preview() -> None:
    exact, failed, preview = (grown([state] * 5) for state in (State.EXACT, State.FAILED, State.PREVIEW))
    assert (failed.carry(exact).state == State.EXACT).all()
    assert (exact.carry(failed).state == State.EXACT).all()
    assert (preview.carry(failed).state == State.FAILED).all()
    assert (failed.carry(preview).state == State.FAILED).all()


@pytest.mark.parametrize("suffix", [".npz", ".nc", ".csv", ".html", ".svg", ".png"])
def test_a_file_of_any_kind_holds_failed_cells(tmp_path: Path, suffix: str) -> None:
    surface = lw.compute(*planes(), **asked(on_error="skip"))
    path = surface.save(tmp_path / f"surface{suffix}")
    count = int((surface.state == State.FAILED).sum())
    if suffix == ".npz":
        loaded = files.load(path)
        np.testing.assert_array_equal(loaded.states, surface.states)
        assert loaded.settings["engine"]["error"] == "TooFar: beyond 3"
    elif suffix == ".csv":
        rows = [line.split(",") for line in path.read_text().splitlines()[1:]]
        told = [row for row in rows if row[3] == "failed"]
        assert len(told) == int((surface.states == State.FAILED).sum())
        assert all(row[4:] == ["", "", "0", "", "", "0"] for row in told)
    elif suffix == ".nc":
        state = surface.to_xarray()["state"]
        assert int((state.values == State.FAILED).sum()) == count
        assert state.attrs["flag_meanings"].split()[-1] == "failed"
    elif suffix == ".svg":
        assert f"{count} cells failed: TooFar: beyond 3" in " ".join(path.read_text().split())
    else:
        assert path.stat().st_size > 0


def planes() -> tuple[torch.nn.Module, Callable[..., Tensor], object]:
    case = classification()
    return case.model, fragile(3.0), case.data


@pytest.mark.parametrize("kind", ["contour", "heatmap", "surface"])
def test_a_picture_names_and_hatches_them(kind: str) -> None:
    surface = lw.compute(*planes(), **asked(on_error="skip"))
    figure = surface.figure(kind)
    (holes,) = (trace for trace in figure.data if trace.name == "not finite")
    count = int((surface.state == State.FAILED).sum())
    assert list(holes.text) == ["failed"] * count
    assert f"{count} cells failed: TooFar: beyond 3" in figure.layout.title.subtitle.text


def test_a_line_marks_them_and_an_error_is_no_markup() -> None:
    surface = grown([State.EXACT, State.FAILED, State.EXACT])
    settings = {"engine": {"error": "ValueError: <b>" + "long " * 40}}
    figure = Surface(**{**vars(surface), "settings": settings}).figure("line")
    (holes,) = (trace for trace in figure.data if trace.name == "not finite")
    assert list(holes.text) == ["failed"]
    assert "1 cell failed: ValueError: &lt;b&gt;long" in figure.layout.title.subtitle.text
    assert "long …" in figure.layout.title.subtitle.text


def test_the_status_holds_the_first_error() -> None:
    surface = grown([State.EXACT, State.FAILED, State.EXACT])
    told = Surface(**{**vars(surface), "settings": {"engine": {"error": "ValueError: no"}}})
    assert status_content(Report(1, "done", surface=told), 10)["first_error"] == "ValueError: no"
    assert status_content(Report(1, "done", surface=surface), 10)["first_error"] == ""


def test_the_first_error_stays_with_the_surface_as_it_grows() -> None:
    def evaluate(coordinates, samples, cancelled):
        for cell in range(len(coordinates)):
            how = How("cpu", settings={"workers": 1}, error="" if cell < 2 else "ValueError: no")
            one, state = np.ones((1, 1)), np.array([State.EXACT], np.uint8)
            yield Values(np.array([cell]), one, one, one.astype(np.int64), state, how)

    surface = Surface.empty(Grid(Axis(-1, 1, 5)), LOSS, samples=10)
    (*_, last) = sample(surface, evaluate)
    assert last.surface.settings["engine"] == {"workers": 1, "error": "ValueError: no"}


def test_a_preview_of_a_cell_that_fails_is_asked_for_again_on_all_samples() -> None:
    asked_for: list[int] = []

    def evaluate(coordinates, samples, cancelled):
        asked_for.append(samples)
        count = len(coordinates)
        state = State.FAILED if samples < 10 else State.EXACT
        empty = np.full((count, 1), np.nan if samples < 10 else 2.0)
        counts = np.full((count, 1), 0 if samples < 10 else 10)
        yield Values(np.arange(count), empty, empty, counts, np.full(count, state, np.uint8))

    surface = Surface.empty(Grid(Axis(-1, 1, 5)), LOSS, samples=10)
    ticks = iter(range(10**6))
    steps = list(sample(surface, evaluate, preview=1e-9, clock=lambda: float(next(ticks))))
    assert steps[-1].surface.is_done and (steps[-1].surface["loss"] == 2.0).all()
    assert asked_for[-1] == 10


def test_the_widget_goes_on_and_says_it() -> None:
    case = classification()
    widget = lw.explore(case.model, fragile(3.0), case.data, **asked(on_error="skip"))
    surface = widget.wait()
    assert surface.is_done and (surface.state == State.FAILED).any()
    assert widget.status["first_error"] == "TooFar: beyond 3" and widget.error is None
    widget.close()


def test_a_direction_that_fails_at_once_still_has_its_origin() -> None:
    """Only the centre can be measured: all else is marked."""
    case = classification()
    objective = read_objective(case.model, case.loss, case.data)
    outward = {name: 1e3 * torch.ones_like(p) for name, p in objective.params.items()}
    surface = lw.compute(
        case.model,
        fragile(50.0),
        case.data,
        directions=[Direction(outward, "outward")],
        on_error="skip",
        resolution=5,
        x=(-1, 1),
    )
    assert surface.state.tolist() == [5, 5, 1, 5, 5]
    assert surface.at("origin")["loss"] == pytest.approx(float(surface["loss"][2]), rel=1e-9)
