import json
from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.facts import MetricFacts, Point
from landscape_widget.surface import files
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.patch import Patch
from landscape_widget.surface.refine import CoarseToFine
from landscape_widget.surface.sampling import sample
from landscape_widget.surface.surface import Surface
from landscape_widget.track import Path
from landscape_widget.values import State, Values

POINTS = (Point("origin", (0.0, 0.0)),)
LOSS = (MetricFacts("loss", "", 100), MetricFacts("accuracy", "%", 100))
RATIO = (
    MetricFacts("curvature", "", 100, label="|λ_min/λ_max|", limits=(0.0, 0.5), colors="viridis"),
    MetricFacts("curvature_max", "", 100, label="λ_max"),
)


def base(columns: int = 11, rows: int = 9, reach: float = 1.0) -> Surface:
    """L(a, b) = a + 10 b on a grid that isn't square, finished."""
    grid = Grid(Axis(-reach, reach, columns), Axis(-1, 1, rows))
    surface = Surface.empty(grid, LOSS, points=POINTS, samples=100, settings={"seed": 3})
    return told(surface, np.arange(grid.size + 1), lambda a, b: [a + 10 * b, 100 - a * a])


def curvature(columns: int = 7, rows: int = 5, reach: float = 1.0) -> Surface:
    """An empty map; its columns are |b| + 2 a and a − 100 b where it is told."""
    grid = Grid(Axis(-reach, reach, columns), Axis(-1, 1, rows))
    return Surface.empty(grid, RATIO, points=POINTS, samples=32, settings={"curvature": {"tolerance": 0.01}})


def told(surface: Surface, cells: np.ndarray, values=None, state: int = State.EXACT) -> Surface:
    a, b = surface.coordinates(cells).T
    means = np.stack((values or curved)(a, b))
    counts = np.full(means.shape, surface.samples)
    return surface.tell(
        Patch(cells, means, np.full_like(means, np.nan), counts, np.full(len(cells), state, np.uint8))
    )


def curved(a: np.ndarray, b: np.ndarray) -> list[np.ndarray]:
    return [np.abs(b) + 2 * a, a - 100 * b]


def with_map(**shape: int) -> Surface:
    held = curvature(**shape)
    return base().with_map("curvature", told(held, np.arange(held.grid.size + 1)))


def test_a_maps_metric_is_read_on_its_own_grid_which_need_not_be_square():
    surface = with_map(columns=7, rows=5)
    held = surface.map("curvature_max")
    assert surface["curvature_max"].shape == (5, 7) and surface["loss"].shape == (9, 11)
    expected = held.x[None, :] - 100 * held.y[:, None]
    assert np.array_equal(surface["curvature_max"], expected)
    assert (
        surface.interpolated("curvature_max").shape == surface.standard_error["curvature_max"].shape == (5, 7)
    )


def test_the_surface_that_holds_a_metric_is_itself_for_its_own():
    surface = with_map()
    assert surface.map("accuracy") is surface
    assert surface.map("curvature").samples == 32
    assert surface.map("curvature").settings == {"seed": 3, "curvature": {"tolerance": 0.01}}


def test_a_labelled_point_has_the_values_of_the_maps_too():
    assert with_map().at("origin") == {"loss": 0, "accuracy": 100, "curvature": 0, "curvature_max": 0}


def test_an_unknown_metric_is_refused_with_the_nearest_of_all_maps():
    with pytest.raises(
        ValueError, match=r"'curvature_max'; got 'curvature_maxx'. Did you mean 'curvature_max'"
    ):
        with_map()["curvature_maxx"]
    with pytest.raises(ValueError, match="one of 'loss', 'accuracy'; got 'curvature'"):
        with_map().row("curvature")


def test_what_did_not_converge_is_known_final_and_never_asked_for_again():
    held = curvature()
    cells = np.arange(held.grid.size + 1)
    surface = told(told(held, cells), np.array([0, 12]), state=State.UNCONVERGED)
    assert surface.is_done and surface.known.all() and surface.exact_level == surface.grid.levels - 1
    assert CoarseToFine()(surface, 100).size == 0
    assert np.count_nonzero(surface.state == State.UNCONVERGED) == 2


def test_a_surface_is_done_without_its_maps():
    surface = base().with_map("curvature", curvature())
    assert surface.is_done and not surface.map("curvature").is_done
    assert surface.map("curvature").level == -1 and surface.not_finite("curvature") == 0


def test_everything_that_makes_a_new_surface_keeps_the_maps():
    surface = with_map()
    for changed in (
        told(surface, np.array([3]), lambda a, b: [a, b]),
        surface.with_path(None),
        replace(surface, settings={}),
        surface.carry(base()),
    ):
        assert changed.maps == surface.maps


def test_a_wider_map_takes_over_the_cells_of_a_narrower_one():
    wider = base(reach=2.0).with_map("curvature", curvature(columns=13, reach=2.0))
    carried = wider.carry(with_map(columns=7))
    held, values = carried.map("curvature"), carried["curvature_max"]
    inside = np.abs(held.x) <= 1
    assert np.array_equal(held.known, np.broadcast_to(inside, held.grid.shape))
    assert np.array_equal(values[:, inside], with_map()["curvature_max"])


def test_a_map_comes_along_where_there_is_none_and_the_ranges_are_the_same():
    assert base().carry(with_map()).map("curvature").is_done
    assert base(reach=2.0).carry(with_map()).maps == {}


def test_a_map_that_was_cut_off_goes_on_where_it_was():
    asked = []

    def evaluate(coordinates, samples, cancelled):
        asked.append(coordinates)
        means = np.stack(curved(*coordinates.T), axis=1)
        shape = means.shape
        yield Values(
            np.arange(len(means)),
            means,
            np.full(shape, np.nan),
            np.full(shape, samples),
            np.ones(len(means), np.uint8),
        )

    held = curvature()
    known = np.arange(0, held.grid.size, 2)
    *_, last = sample(told(held, known), evaluate)
    assert last.surface.is_done and np.array_equal(last.surface["curvature"], with_map()["curvature"])
    assert sum(map(len, asked)) == held.grid.size + 1 - len(known)


def test_a_path_lies_on_a_map_without_values_there():
    path = Path(
        coordinates=np.array([[0.5, 0.5], [0.0, 0.0]]),
        distances=np.zeros(2),
        norms=np.ones(2),
        steps=np.arange(2),
        epochs=np.arange(2.0),
        learning_rates=np.full(2, np.nan),
        values=np.ones((2, 2)),
        known=np.ones(2, bool),
        explained=(None, None),
        by_chance=(None, None),
    )
    held = with_map().with_path(path).map("curvature").path
    assert np.array_equal(held.coordinates, path.coordinates) and not held.known.any()


def test_a_map_of_another_place_or_with_a_taken_name_is_refused():
    with pytest.raises(
        ValueError, match=r"covers the ranges of its surface, \[\(-1.0, 1.0\), .* same ranges"
    ):
        base().with_map("curvature", curvature(reach=2.0))
    with pytest.raises(
        ValueError, match=r"the map 'other' has 'curvature', which is taken. Choose another key"
    ):
        with_map().with_map("other", curvature())
    with pytest.raises(ValueError, match="'curvature' has maps of its own"):
        base().with_map("curvature", curvature().with_map("more", replace(curvature(), metrics=LOSS)))


def test_it_says_how_far_its_maps_are():
    assert repr(base().with_map("curvature", curvature())).endswith(
        "99 of 99 cells known; map 'curvature' 7 × 5, 0 of 35 known>"
    )


def saved(tmp_path, change=lambda manifest, arrays: None):
    """The file of a surface whose map is half known, after ``change`` to manifest and arrays."""
    surface = base().with_map("curvature", told(curvature(), np.arange(10), state=State.UNCONVERGED))
    with np.load(surface.save(tmp_path / "run.npz")) as archive:
        arrays = {name: archive[name].copy() for name in archive.files}
    manifest = json.loads(arrays["manifest"].tobytes())
    change(manifest, arrays)
    arrays["manifest"] = np.frombuffer(json.dumps(manifest).encode(), np.uint8)
    np.savez(tmp_path / "changed.npz", **arrays)
    return tmp_path / "changed.npz"


def test_maps_are_saved_and_loaded_bit_for_bit_and_go_on_from_there(tmp_path):
    loaded, surface = files.load(saved(tmp_path)), told(curvature(), np.arange(10), state=State.UNCONVERGED)
    held = loaded.maps["curvature"]
    for name in ("values", "errors", "counts", "states"):
        assert getattr(held, name).tobytes() == getattr(surface, name).tobytes()
    assert (held.metrics, held.points, held.samples) == (RATIO, POINTS, 32)
    assert held.settings == surface.settings and held.grid == surface.grid
    assert CoarseToFine()(held, 100).size == 25 - 7 + 1  # of the first level, and the origin


def test_a_file_from_before_there_were_maps_is_read(tmp_path):
    def as_version_2(manifest, arrays):
        manifest.update(version=2)
        del manifest["maps"]
        for metric in manifest["metrics"]:
            for name in ("label", "limits", "colors"):
                del metric[name]

    loaded = files.load(saved(tmp_path, as_version_2))
    assert loaded.maps == {} and loaded.metrics == LOSS


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m, a: a.pop("map_0_errors"), "without a readable 'map_0_errors'"),
        (lambda m, a: m["maps"][0]["axes"][0].update(points=9), r"'map_0_values' as .* says .*\(2, 46\)"),
        (lambda m, a: m["maps"][0]["axes"][1].update(high=2.0), "a damaged manifest .*covers the ranges"),
        (lambda m, a: m["maps"][0]["metrics"][0].update(name="loss"), "a damaged manifest .*which is taken"),
        (lambda m, a: m["maps"][0]["metrics"][0].update(limits=[1]), "a damaged manifest .*values to unpack"),
        (lambda m, a: m["maps"][0].pop("key"), r"a damaged manifest \(KeyError: 'key'\)"),
        (
            lambda m, a: a["map_0_states"].__setitem__(0, 3),
            "cells in the state 3, which this version doesn't",
        ),
    ],
)
def test_a_damaged_map_is_refused(tmp_path, change, sentence):
    with pytest.raises(ValueError, match=sentence):
        files.load(saved(tmp_path, change))
