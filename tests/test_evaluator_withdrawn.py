"""Is a guest that goes wrong only later caught, everything it computed taken back, and the user told?"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

import landscape_widget as lw
from landscape_widget.evaluate import transposed_head
from landscape_widget.evaluate.choice import Choice
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.guests import FAR
from landscape_widget.values import Values, Withdrawn
from tests.cases import Case, classification, draw, draw_classes, mlp, seeded
from tests.fast_cases import Bench, all_values, assert_close, never

AXIS = np.linspace(-1, 1, 9)
PLANE = np.array([(a, b) for b in AXIS for a in AXIS])
HEAD = "transposed head"


@pytest.fixture(autouse=True)
def guests_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """The race may leave any of them out; here all stay until they are shown out."""
    monkeypatch.setattr(Choice, "_changes", lambda self, samples: [])


class Branching(nn.Module):
    """Leaves its BatchNorm out where its weights are far from where they were, in one quadrant."""

    def __init__(self) -> None:
        super().__init__()
        self.conv, self.norm, self.head = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.Linear(4, 3)
        self.norm.running_mean, self.norm.running_var = draw(4) / 4, 1 + draw(4).square()
        self.origin: list[Tensor] = []
        self.axes: list[list[Tensor]] = []

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(x)
        if not self.is_far():
            x = self.norm(x)
        return self.head(x.relu().mean((2, 3)))

    def is_far(self) -> bool:
        """Whether both coordinates are negative, found from the weights alone."""
        if not self.axes:
            return False
        step = self.head.weight.double() - self.origin[0].double()
        basis = torch.stack([axis[0].double().reshape(-1) for axis in self.axes])
        a, b = torch.linalg.lstsq(basis.T, step.reshape(-1, 1)).solution.reshape(-1).tolist()
        return a < -0.05 and b < -0.05


def branching() -> Bench:
    """The model knows the directions only once the objective has been read."""
    model = seeded(Branching)
    assert isinstance(model, Branching)
    x, y = draw(40, 1, 6, 6), draw_classes(3, 40)
    bench = Bench(Case(model, F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y)))
    for own in (model, bench.objective.model):
        assert isinstance(own, Branching)
        own.origin = [bench.objective.params["head.weight"].clone()]
        own.axes = [[vector["head.weight"].clone()] for vector in bench.vectors]
    assert not any(a < 0 and b < 0 for a, b in FAR)
    return bench


def assert_plain(bench: Bench, values: Values, points: np.ndarray) -> None:
    assert_close(values.mean[:, 0], [bench.reference(point) for point in points.tolist()])


def answers_until_withdrawn(
    evaluator: Evaluator, points: np.ndarray, samples: int
) -> tuple[list[Values], Withdrawn | None]:
    answers: list[Values] = []
    try:
        answers.extend(evaluator(points, samples, never))
    except Withdrawn as withdrawn:
        return answers, withdrawn
    return answers, None


@pytest.mark.parametrize("workers", [1, 2])
def test_a_model_that_branches_away_from_the_proof_is_caught(workers: int) -> None:
    """Asked row by row, as a surface asks: cells of the fast way were handed out before."""
    bench = branching()
    evaluator = bench.evaluator(workers)
    withdrawn: list[Withdrawn] = []
    for _ in range(200):
        _, caught = answers_until_withdrawn(evaluator, PLANE, 40)
        if caught is not None:
            withdrawn.append(caught)
            break
    assert withdrawn, "no audit fell into a quarter of the plane in 200 rounds"
    assert "folded BatchNorm" in str(withdrawn[0]) and "random cell" in str(withdrawn[0])
    values = all_values(evaluator, PLANE, 40)
    assert_plain(bench, values, PLANE)
    assert values.how is not None
    assert values.how.settings["rewrites"] == [] and not values.how.settings["channels_last"]
    assert [note for note in values.how.notes if "folded BatchNorm" in note]


def test_it_is_shown_out_only_once() -> None:
    bench = branching()
    evaluator = bench.evaluator(1)
    caught = 0
    for _ in range(30):
        caught += answers_until_withdrawn(evaluator, PLANE, 40)[1] is not None
    assert caught == 1


class Far:
    """Where a guest begins to lie, or to raise: beyond a corner that no proof looks at."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, wrong: Callable[[Tensor], Tensor]) -> None:
        self.point: tuple[float, ...] = ()
        forward, moved = transposed_head.InstalledHead._forward, transposed_head.InstalledHead.moved
        points: dict[int, tuple[float, ...]] = {}

        def told(installed, point):
            points[id(installed)] = tuple(point)
            moved(installed, point)

        def changed(installed, x):
            output = forward(installed, x)
            return wrong(output) if max(points[id(installed)]) < -0.05 else output

        monkeypatch.setattr(transposed_head.InstalledHead, "moved", told)
        monkeypatch.setattr(transposed_head.InstalledHead, "_forward", changed)


def _lies(output: Tensor) -> Tensor:
    return output * 1.01


def _raises(output: Tensor) -> Tensor:
    raise RuntimeError("a guest broke")


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("begin", [PLANE, PLANE[::-1].copy()], ids=["first cells wrong", "last cells wrong"])
def test_a_guest_that_raises_only_far_away_leaves_and_all_cells_are_right(
    monkeypatch: pytest.MonkeyPatch, workers: int, begin: np.ndarray
) -> None:
    Far(monkeypatch, _raises)
    bench = Bench(classification())
    evaluator = bench.evaluator(workers)
    answers, withdrawn = answers_until_withdrawn(evaluator, begin, 37)
    if withdrawn is None:  # nobody had seen a cell of the guest's
        cells = np.concatenate([values.cells for values in answers])
        assert sorted(cells) == list(range(len(begin)))
        for values in answers:
            assert_plain(bench, values, begin[values.cells])
    else:
        assert "failed where the plain path didn't" in str(withdrawn)
    values = all_values(evaluator, begin, 37)
    assert_plain(bench, values, begin)
    assert values.how is not None and values.how.settings["rewrites"] == []
    assert len([note for note in values.how.notes if HEAD in note]) == 1


def _rounds(evaluator: Evaluator) -> Iterator[Withdrawn | None]:
    for _ in range(200):
        yield answers_until_withdrawn(evaluator, PLANE, 37)[1]


def test_a_guest_that_lies_only_far_away_is_withdrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    Far(monkeypatch, _lies)
    bench = Bench(classification())
    evaluator = bench.evaluator()
    withdrawn = next(caught for caught in _rounds(evaluator) if caught is not None)
    assert HEAD in str(withdrawn)
    assert_plain(bench, all_values(evaluator, PLANE, 37), PLANE)


def test_nothing_is_withdrawn_where_nothing_was_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first fast cell of all is the audited one, and wrong: it never left the house."""
    Far(monkeypatch, _raises)
    bench = Bench(classification())
    evaluator = bench.evaluator(1)
    corner = np.array([(-1.0, -1.0)] * 3 + [(-0.5, -0.5)] * 5)
    values = all_values(evaluator, corner, 37)
    assert_plain(bench, values, corner)
    assert values.how is not None and len(values.how.notes) == 1


def test_through_compute_the_surface_is_right_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    Far(monkeypatch, _raises)
    case = classification()
    bench = Bench(case)
    surface = lw.compute(
        case.model, case.loss, case.data, directions=list(bench.vectors), x=(-1, 1), y=(-1, 1), resolution=9
    )
    assert surface.is_done
    expected = [[bench.reference((a, b)) for a in surface.x] for b in surface.y]
    assert_close(surface["loss"], expected)
    notes = surface.settings["engine"]["notes"]
    assert surface.settings["engine"]["rewrites"] == []
    assert len(notes) == 1 and HEAD in notes[0]


def test_a_lie_is_found_through_compute_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lie nearly everywhere but at the proof's cells: the first audit sees it."""

    class Nearly(Far):
        def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
            forward, moved = transposed_head.InstalledHead._forward, transposed_head.InstalledHead.moved
            points: dict[int, tuple[float, ...]] = {}
            proved = {(0.0, 0.0), *FAR}

            def told(installed, point):
                points[id(installed)] = tuple(point)
                moved(installed, point)

            def changed(installed, x):
                output = forward(installed, x)
                return output if points[id(installed)] in proved else _lies(output)

            monkeypatch.setattr(transposed_head.InstalledHead, "moved", told)
            monkeypatch.setattr(transposed_head.InstalledHead, "_forward", changed)

    Nearly(monkeypatch)
    case = classification()
    bench = Bench(case)
    surface = lw.compute(
        case.model, case.loss, case.data, directions=list(bench.vectors), x=(-1, 1), y=(-1, 1), resolution=9
    )
    expected = [[bench.reference((a, b)) for a in surface.x] for b in surface.y]
    assert_close(surface["loss"], expected)
    notes = surface.settings["engine"]["notes"]
    assert len(notes) == 1 and HEAD in notes[0] and "random cell" in notes[0]


class Fragile(nn.Module):
    """Raises where its weights are far: the user's own error, whichever way it is computed."""

    def __init__(self) -> None:
        super().__init__()
        self.body = mlp()
        self.limit = float("inf")

    def forward(self, x: Tensor) -> Tensor:
        if self.body[0].weight.norm() > self.limit:
            raise ArithmeticError("the user's own error")
        return self.body(x)


@pytest.mark.parametrize("workers", [1, 2])
def test_the_users_own_error_comes_as_itself(workers: int) -> None:
    x, y = draw(37, 4), draw_classes(3, 37)
    model = Fragile()
    bench = Bench(Case(model, F.cross_entropy, (x, y), lambda m: F.cross_entropy(m(x.double()), y)))
    own = bench.objective.model
    assert isinstance(own, Fragile)
    norms = [bench.subspace.point(point)["body.0.weight"].norm().item() for point in PLANE.tolist()]
    model.limit = own.limit = float(np.quantile(norms, 0.7))
    evaluator = bench.evaluator(workers)
    got: list[Values] = []
    with pytest.raises(ArithmeticError, match="the user's own error"):
        got.extend(evaluator(PLANE, 37, never))
    for values in got:
        assert_plain(bench, values, PLANE[values.cells])
    model.limit = own.limit = float("inf")
    fresh = bench.evaluator(workers)
    values = all_values(fresh, PLANE, 37)
    assert_plain(bench, values, PLANE)
    assert values.how is not None and values.how.notes == ()


def test_nobody_is_blamed_where_the_user_cancels_before_it_is_known_whose_error_it_was() -> None:
    x, y = draw(37, 4), draw_classes(3, 37)
    state = {"armed": False, "failed": False}

    def loss(output: Tensor, target: Tensor) -> Tensor:
        if state["armed"]:
            state["failed"] = True
            raise ArithmeticError("the user's own error")
        return F.cross_entropy(output, target)

    bench = Bench(Case(mlp(), loss, (x, y), lambda m: F.cross_entropy(m(x.double()), y)))
    evaluator = bench.evaluator(1)
    all_values(evaluator, PLANE, 37)
    state["armed"] = True
    assert list(evaluator(PLANE, 37, lambda: state["failed"])) == []
    state["armed"] = False
    values = all_values(evaluator, PLANE, 37)
    assert_plain(bench, values, PLANE)
    assert values.how is not None and values.how.notes == ()
