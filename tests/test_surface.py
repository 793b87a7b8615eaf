"""Does the surface know exactly what it was told, in any order, and say so truthfully?"""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path
from landscape_widget.values import State, Values

METRICS = (MetricFacts("loss", "", 100), MetricFacts("accuracy", "%", 100))
ORIGIN = Point("origin", (0.0, 0.0))
WIDE = Grid(Axis(-1, 1, 7), Axis(-2, 2, 5))


def surface_on(grid=WIDE, points=(ORIGIN,), metrics=METRICS, samples=25):
    return Surface.empty(grid, metrics, points=points, samples=samples)


def patch_of(surface, cells, count=25):
    """Values that only depend on where a cell lies: loss = a + 10 b, accuracy = a b."""
    cells = np.asarray(cells, np.int64)
    place = surface.coordinates(cells)
    a, b = place[:, 0], place[:, -1]
    values = np.stack([a + 10 * b, a * b])
    return Patch(
        cells,
        values,
        np.full(values.shape, 0.5),
        np.full(values.shape, count),
        np.full(len(cells), State.EXACT, np.uint8),
    )


def same(one, other):
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name in ("values", "errors"))
        for name in ("values", "errors", "counts", "states")
    )


def test_nothing_is_known_at_first():
    surface = surface_on()
    assert surface.level == -1
    assert not surface.known.any()
    assert np.isnan(surface["loss"]).all()
    assert np.isnan(surface.standard_error["loss"]).all()
    assert np.isnan(surface.at("origin")["loss"])
    assert surface.not_finite("loss") == 0


def test_an_asymmetric_function_lands_untransposed():
    """O20, in the data."""
    surface = surface_on()
    surface = surface.tell(patch_of(surface, np.arange(36)))
    assert surface["loss"].shape == surface.known.shape == surface.state.shape == (5, 7)
    for row, b in enumerate(surface.y):
        for column, a in enumerate(surface.x):
            assert surface["loss"][row, column] == a + 10 * b
    assert surface.is_done
    assert surface.at("origin") == {"loss": 0.0, "accuracy": 0.0}


def test_a_line_has_one_axis():
    line = surface_on(Grid(Axis(-1, 1, 9)), (Point("origin", (0.0,)), Point("other", (1.0,))))
    line = line.tell(patch_of(line, np.arange(10)))
    assert line["loss"].shape == line.known.shape == line.standard_error["loss"].shape == (9,)
    assert line.y.size == 0
    assert not line.is_done
    assert line.level == 1


@given(st.permutations(range(36)), st.lists(st.integers(0, 36), max_size=6))
def test_any_order_of_patches_gives_the_same_surface(order, cuts):
    told = surface_on()
    for cells in np.split(np.array(order), sorted(cuts)):
        told = told.tell(patch_of(told, cells))
    assert same(told, surface_on().tell(patch_of(told, np.arange(36))))


@given(st.sets(st.integers(0, 34)))
def test_the_level_is_the_finest_of_which_every_cell_is_known(cells):
    surface = surface_on()
    surface = surface.tell(patch_of(surface, sorted(cells)))
    levels = WIDE.cell_levels
    finished = [set(np.flatnonzero(levels <= k)) <= cells for k in range(WIDE.levels)]
    assert surface.level == sum(finished) - 1


def preview_of(surface, cells, count=8):
    patch = patch_of(surface, cells, count)
    return replace(patch, values=patch.values + 0.5, state=np.full(len(patch.cells), State.PREVIEW, np.uint8))


def test_a_preview_counts_as_drawn_but_not_as_done():
    surface = surface_on()
    surface = surface.tell(preview_of(surface, np.arange(36)))
    assert (surface.level, surface.exact_level) == (1, -1)
    assert surface.known.all() and not surface.is_done
    mixed = surface.tell(patch_of(surface, np.flatnonzero(surface.grid.cell_levels == 0)))
    assert (mixed.level, mixed.exact_level) == (1, 0)
    assert mixed.tell(patch_of(surface, np.arange(36))).is_done


def test_a_preview_says_how_many_samples_it_was_measured_on():
    surface = surface_on()
    assert surface.preview == 0
    mixed = surface.tell(preview_of(surface, [1, 2], count=12)).tell(preview_of(surface, [3], count=9))
    mixed = mixed.tell(patch_of(surface, [4]))
    assert mixed.preview == 9
    assert mixed.tell(patch_of(surface, [1, 2, 3])).preview == 0


def test_what_is_exact_takes_the_place_of_a_preview_and_never_the_other_way_round():
    empty = surface_on()
    preview = empty.tell(preview_of(empty, np.arange(36)))
    exact = empty.tell(patch_of(empty, np.arange(10)))
    assert same(preview.carry(exact), preview.tell(patch_of(empty, np.arange(10))))
    assert same(exact.carry(preview), preview.carry(exact))
    assert same(empty.carry(preview), preview)


def test_a_surface_never_changes():
    before = surface_on()
    after = before.tell(patch_of(before, [3]))
    assert after is not before
    assert not before.known.any()
    for array in (after.values, after.states, after["loss"], after.known.base, after.x):
        assert array is None or not array.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        after["loss"][0, 0] = 1


def test_nan_and_infinities_are_values_and_are_counted():
    surface = surface_on()
    values = np.array([[np.nan, np.inf, -np.inf, 2.0], [1.0, 1.0, np.nan, 1.0]])
    counts = np.full((2, 4), 25)
    told = surface.tell(Patch(np.arange(4), values, np.ones((2, 4)), counts, np.ones(4, np.uint8)))
    assert told.known.sum() == 4
    assert (told.not_finite("loss"), told.not_finite("accuracy")) == (3, 1)
    assert np.array_equal(told["loss"][0, :4], values[0], equal_nan=True)


def test_the_standard_error_is_against_the_users_data():
    surface = surface_on()
    subset = surface.tell(patch_of(surface, np.arange(3), count=36))
    assert subset.standard_error["loss"][0, 0] == pytest.approx(0.5 * np.sqrt(1 - 36 / 100))
    assert subset.errors[0, 0] == 0.5
    everything = surface.tell(patch_of(surface, np.arange(3), count=100))
    assert everything.standard_error["loss"][0, :3].tolist() == [0, 0, 0]
    assert np.isnan(everything.standard_error["loss"][0, 3])


@pytest.mark.parametrize("error", [np.nan, np.inf])
def test_an_error_that_cannot_be_known_is_still_zero_on_all_the_data(error):
    surface = surface_on()
    values, counts = np.ones((2, 1)), np.full((2, 1), 100)
    told = surface.tell(Patch(np.array([0]), values, values * error, counts, np.ones(1, np.uint8)))
    assert told.standard_error["loss"][0, 0] == 0


def test_the_standard_error_agrees_with_drawing_many_subsets():
    random = np.random.default_rng(0)
    losses = random.normal(2, 1, 100)
    means = [random.choice(losses, 25, replace=False).mean() for _ in range(4000)]
    surface = surface_on()
    population = np.full((2, 1), losses.std(ddof=1) / np.sqrt(25))
    told = surface.tell(
        Patch(np.array([0]), population, population, np.full((2, 1), 25), np.ones(1, np.uint8))
    )
    assert told.standard_error["loss"][0, 0] == pytest.approx(np.std(means), rel=0.05)


def test_zooming_carries_the_cells_that_are_still_on_the_lattice():
    old = surface_on(Grid(Axis(-1, 1, 9), Axis(-2, 2, 9)))
    old = old.tell(patch_of(old, np.arange(82)))
    near = surface_on(Grid(Axis(-0.5, 0.5, 9), Axis(-1, 1, 9))).carry(old)
    assert near.known.sum() == 25
    assert near.at("origin")["loss"] == 0.0
    assert same(near, surface_on(near.grid).tell(patch_of(near, np.flatnonzero(near.states))))


def test_carrying_keeps_points_by_label_and_place_and_what_is_already_known():
    other = Point("other", (1.0, 0.0))
    old = surface_on(points=(ORIGIN, other))
    old = old.tell(patch_of(old, [35, 36]))
    new = surface_on(points=(other, Point("origin", (0.5, 0.0)))).carry(old)
    assert new.at("other")["loss"] == 1.0
    assert np.isnan(new.at("origin")["loss"])
    mine = surface_on().tell(
        Patch(*(patch_of(old, [35]).__dict__ | {"values": np.full((2, 1), 7.0)}).values())
    )
    assert mine.carry(old).at("origin")["loss"] == 7.0


def test_carrying_between_surfaces_measured_differently_is_refused():
    with pytest.raises(ValueError, match=r"loss, accuracy on 50 samples for loss, accuracy on 25. Compute"):
        surface_on().carry(surface_on(samples=50))


@pytest.mark.parametrize("metric", ["los", "Loss"])
def test_an_unknown_metric_is_refused_with_the_nearest(metric):
    with pytest.raises(ValueError, match=f"one of 'loss', 'accuracy'; got '{metric}'. Did you mean 'loss'"):
        surface_on()[metric]


def test_an_unknown_point_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"got 'orign'. Did you mean 'origin'"):
        surface_on().at("orign")


def test_an_evaluators_answer_finds_its_cells():
    values = Values(
        np.array([2, 0]),
        np.array([[1.0, 2], [3, 4]]),
        np.zeros((2, 2)),
        np.ones((2, 2), np.int64),
        np.ones(2, np.uint8),
    )
    surface = surface_on().tell(Patch.of(np.array([30, 31, 32]), values))
    assert np.flatnonzero(surface.states).tolist() == [30, 32]
    assert surface.values[:, [32, 30]].tolist() == [[1, 3], [2, 4]]


def test_a_patch_whose_shapes_disagree_is_refused():
    one = np.ones((1, 2))
    with pytest.raises(ValueError, match=r"2 cells and 1 metrics.*got \(1, 2\), \(1, 2\), \(2, 1\), \(2,\)"):
        Patch(np.arange(2), one, one, one.T.astype(np.int64), np.ones(2, np.uint8))


def test_a_patch_for_another_surface_is_refused():
    surface = surface_on()
    larger = surface_on(Grid(Axis(-1, 1, 9), Axis(-1, 1, 9)))
    with pytest.raises(
        ValueError, match=r"numbered 0 to 35; got 80 to 80. Was the patch meant for another grid"
    ):
        surface.tell(patch_of(larger, [80]))
    with pytest.raises(ValueError, match=r"has 1 metrics \(loss\); got 2"):
        surface_on(metrics=METRICS[:1]).tell(patch_of(surface, [0]))


def test_arrays_and_points_that_do_not_fit_the_grid_are_refused():
    with pytest.raises(ValueError, match=r"values must have the shape \(2, 36\).*got \(2, 35\). Start from"):
        Surface(WIDE, METRICS, (ORIGIN,), 25, *[np.zeros((2, 35))] * 3, np.zeros(35, np.uint8))
    with pytest.raises(ValueError, match=r"'origin' needs 1 coordinates, one a direction; got \(0.0, 0.0\)"):
        surface_on(Grid(Axis(-1, 1, 9)))


def path_of(axes=2, metrics=2, size=3):
    once = np.arange(float(size))
    return Path(
        np.ones((size, axes)),
        *[once] * 2,
        np.arange(size),
        *[once] * 2,
        np.zeros((metrics, size)),
        np.ones(size, bool),
        (0.5,) * axes,
        (None,) * axes,
    )


def test_a_path_stays_with_its_surface_while_it_grows():
    path = path_of()
    surface = surface_on().with_path(path)
    told = surface.tell(patch_of(surface, [3]))
    assert told.path is path
    assert surface_on().carry(told).path is path
    newer = path_of(size=5)
    assert surface_on().with_path(newer).carry(told).path is newer
    assert told.with_path(None).path is None


def test_a_path_for_other_directions_is_refused():
    with pytest.raises(
        ValueError, match=r"coordinates of shape \(3, 2\).*got \(\(3, 1\).*Project the trajectory"
    ):
        surface_on().with_path(path_of(axes=1))
    with pytest.raises(ValueError, match=r"values of shape \(2, 3\).*got \(\(3, 2\), \(1, 3\)"):
        surface_on().with_path(path_of(metrics=1))


def test_repeats_of_a_line_are_read_by_the_plain_name():
    names = [(0, ""), (1, " #1"), (2, " #2")]
    metrics = tuple(
        MetricFacts(name + suffix, "", 100, repeat)
        for repeat, suffix in names
        for name in ("loss", "test_loss")
    )
    line = surface_on(Grid(Axis(-1, 1, 5)), (), metrics)
    values = np.arange(30.0).reshape(6, 5)
    counts = np.ones((6, 5), np.int64)
    line = line.tell(Patch(np.arange(5), values, values, counts, np.ones(5, np.uint8)))
    assert line.repeated().tolist() == values[::2].tolist()
    assert line.repeated("test_loss").tolist() == values[1::2].tolist()
    assert line["loss #2"].tolist() == values[4].tolist()
    assert surface_on().repeated("accuracy").shape == (1, 5, 7)
    with pytest.raises(ValueError, match="got 'accuracy'"):
        line.repeated("accuracy")


def test_its_repr_tells_the_truth_in_one_line():
    surface = surface_on()
    surface = surface.tell(patch_of(surface, [0, 1, 35]))
    assert repr(surface) == "<Surface 7 × 5: loss, accuracy on 25 samples; 2 of 35 cells known>"
