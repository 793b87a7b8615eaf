"""Do directions and projections of the paper's code come in as what they mean, and do ours go out?"""

from dataclasses import replace

import h5py
import numpy as np
import pytest
import torch
from torch import nn

import landscape_widget as lw
from tests import cases, paper_code
from tests.test_csv import a_plus_10b
from tests.test_files import some_surface
from tests.test_hdf5 import surface_file


def arrays_like(tensors, seed=0):
    random = np.random.default_rng(seed)
    return [np.asarray(random.normal(size=tuple(tensor.shape)), np.float32) for tensor in tensors]


def in_parameters(model, seed=0):
    return arrays_like(model.parameters(), seed)


def in_states(model, seed=0):
    return arrays_like(model.state_dict().values(), seed)


def directions_file(folder, model, make=in_parameters, **more):
    path = folder / "directions.h5"
    paper_code.write_list(path, xdirection=make(model, 0), ydirection=make(model, 1))
    with h5py.File(path, "r+") as file:
        for name, value in more.items():
            file[name] = value
    return path


def test_directions_by_number_find_the_parameters_they_are_of(tmp_path):
    model = cases.mlp()
    directions = lw.load_directions(directions_file(tmp_path, model), model)
    assert len(directions) == 2
    for seed, direction in enumerate(directions):
        assert list(direction) == [name for name, _ in model.named_parameters()]
        for tensor, array in zip(direction.values(), in_parameters(model, seed), strict=True):
            assert tensor.dtype == torch.float32 and np.array_equal(tensor.numpy(), array)


def test_directions_of_states_keep_the_statistics_and_leave_the_counters(tmp_path):
    model = cases.seeded(cases.ConvNet)
    x, _ = lw.load_directions(directions_file(tmp_path, model, in_states), model)
    by_name = dict(zip(model.state_dict(), in_states(model), strict=True))
    assert x.keys() == by_name.keys() - {"norm.num_batches_tracked"}
    assert all(np.array_equal(tensor.numpy(), by_name[name]) for name, tensor in x.items())


def test_a_line_has_one_direction(tmp_path):
    model = cases.mlp()
    paper_code.write_list(tmp_path / "line.h5", xdirection=in_parameters(model))
    assert len(lw.load_directions(tmp_path / "line.h5", model)) == 1


@pytest.mark.parametrize("make", [in_parameters, in_states])
def test_a_surface_is_computed_along_them(tmp_path, make):
    model, x, y = cases.seeded(cases.ConvNet).eval(), cases.draw(20, 1, 6, 6), cases.draw_classes(3, 20)
    directions = lw.load_directions(directions_file(tmp_path, model, make), model)
    options = {"directions": directions, "x": (-0.1, 0.1), "y": (0, 0.1), "resolution": (3, 2)}
    surface = lw.compute(model, nn.CrossEntropyLoss(), (x, y), **options)
    moved = cases.seeded(cases.ConvNet).eval()
    state = moved.state_dict()
    for name, step in directions[1].items():
        state[name] += 0.1 * step
    with torch.no_grad():
        assert surface["loss"][1, 1] == pytest.approx(
            nn.functional.cross_entropy(moved(x), y).item(), rel=1e-5
        )


def test_directions_of_another_network_are_refused(tmp_path):
    path = directions_file(tmp_path, cases.mlp())
    with pytest.raises(
        ValueError,
        match=r"'xdirection' in .*h5 needs an array for each of the model's 6 param.*; got 4. Is it",
    ):
        lw.load_directions(path, cases.seeded(cases.ConvNet))
    wider = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 5))
    with pytest.raises(
        ValueError, match=r"array 2 has the shape \(3, 8\) where '2.weight' has \(5, 8\). Is it"
    ):
        lw.load_directions(path, wider)


BAD = {
    "a hole": (lambda file: file.pop("xdirection/1"), r"a group 'xdirection' of 3 without '1' in it"),
    "no group": (lambda file: file.pop("xdirection"), "has no group 'xdirection', but 'ydirection'"),
    "shorter": (lambda file: file.pop("ydirection/3"), "directions of 4 arrays and 3 arrays that don't fit"),
    "text": (
        lambda file: (file.pop("xdirection/0"), file.update({"xdirection/0": "a"})),
        "as object, where real",
    ),
    "NaN": (
        lambda file: file["ydirection/1"].write_direct(np.full(8, np.nan, "f4")),
        "infinities in 'ydirection/1'",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_direction_file_of_another_layout_is_refused(tmp_path, case):
    change, sentence = BAD[case]
    path = directions_file(tmp_path, model := cases.mlp())
    with h5py.File(path, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=sentence) as refused:
        lw.load_directions(path, model)
    assert "should be directions, as the code of Li et al. (2018) writes it; it " in str(refused.value)


def test_a_cut_direction_file_is_refused(tmp_path):
    path = directions_file(tmp_path, model := cases.mlp())
    whole = path.read_bytes()
    for part in range(20):
        path.write_bytes(whole[: len(whole) * part // 20])
        with pytest.raises(ValueError, match="should be directions, as the code"):
            lw.load_directions(path, model)


PLACES = np.array([[2.0, -1.0], [0.3, -0.7], [0.0, 0.0]])


def a_run(folder, orthogonal=False, x=(0, 6, 7), y=(-1, 3, 5)):
    """A surface, its directions, and the lengths that 'cos' keeps of weights at `PLACES`."""
    model = cases.mlp()
    first, second = in_parameters(model, 0), in_parameters(model, 1)
    flat = [np.concatenate([array.ravel() for array in arrays]) for arrays in (first, second)]
    if orthogonal:
        share = flat[0] @ flat[1] / (flat[0] @ flat[0])
        second = [one - share * other for one, other in zip(second, first, strict=True)]
        flat[1] = flat[1] - share * flat[0]
    directions = folder / "directions.h5"
    paper_code.write_list(directions, xdirection=first, ydirection=second)
    projection = folder / "directions.h5_proj_cos.h5"
    paper_code.project_by_cosine(projection, PLACES @ np.stack(flat), first, second)
    return surface_file(folder, x, y), directions, projection


@pytest.mark.parametrize("orthogonal", [True, False])
def test_lengths_become_coordinates_where_the_directions_are_at_hand(tmp_path, orthogonal):
    surface, directions, projection = a_run(tmp_path, orthogonal)
    path = lw.load(surface, projection=projection, directions=directions).path
    assert np.allclose(path.coordinates, PLACES, atol=1e-5)
    assert not path.known.any() and path.steps.tolist() == [0, 1, 2]


def test_the_named_directions_do_as_well(tmp_path):
    surface, directions, projection = a_run(tmp_path)
    named = lw.load_directions(directions, cases.mlp())
    loaded = lw.load(surface, projection=projection, directions=named)
    assert np.allclose(loaded.path.coordinates, PLACES, atol=1e-5)
    assert list(loaded.directions[0]) == list(named[0])


def test_without_the_directions_lengths_stay_and_a_note_says_so(tmp_path):
    surface, _, projection = a_run(tmp_path)
    loaded = lw.load(surface, projection=projection)
    with h5py.File(projection) as file:
        assert np.array_equal(loaded.path.coordinates[:, 0], file["proj_xcoord"][:])
    (note,) = loaded.settings["notes"]
    assert "lengths along each direction" in note and "Give the direction file too" in note


def test_least_squares_are_coordinates_already(tmp_path):
    surface, directions, _ = a_run(tmp_path)
    with h5py.File(tmp_path / "directions.h5_proj_lstsq.h5", "w") as file:
        file["proj_xcoord"], file["proj_ycoord"] = PLACES.T
    loaded = lw.load(surface, projection=tmp_path / "directions.h5_proj_lstsq.h5", directions=directions)
    assert np.array_equal(loaded.path.coordinates, PLACES)


def test_shares_of_the_variance_stand_on_the_axes_and_the_path_in_the_picture(tmp_path):
    surface, directions, projection = a_run(tmp_path)
    with h5py.File(directions, "r+") as file:
        file["explained_variance_ratio_"] = np.array([0.61234, 0.2])
    figure = lw.load(surface, projection=projection, directions=directions).figure("contour", preset="paper")
    drawn = figure.to_json()
    assert "1st PC: 61.23 %" in drawn and "2nd PC: 20.00 %" in drawn
    assert any(np.allclose(trace.x, PLACES[:, 0], atol=1e-5) for trace in figure.data if len(trace.x) == 3)


def test_parallel_directions_can_not_mend_it(tmp_path):
    surface, _, projection = a_run(tmp_path)
    once = in_parameters(cases.mlp())
    paper_code.write_list(tmp_path / "same.h5", xdirection=once, ydirection=once)
    with pytest.raises(
        ValueError, match=r"needs two directions that differ, neither of them zero; got 2 with the"
    ):
        lw.load(surface, projection=projection, directions=tmp_path / "same.h5")


def test_a_plane_takes_two_directions_and_a_line_no_projection(tmp_path):
    surface, _, projection = a_run(tmp_path)
    paper_code.write_list(tmp_path / "one.h5", xdirection=in_parameters(cases.mlp()))
    with pytest.raises(
        ValueError, match=r"a direction for each axis, here 2; got 1. Are they from the same run"
    ):
        lw.load(surface, directions=tmp_path / "one.h5")
    line = some_surface(line=True).save(tmp_path / "line.npz")
    with pytest.raises(
        ValueError, match=r"should be a projection, .* it is for a plane, where this surface is a line"
    ):
        lw.load(line, projection=projection)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda file: file.pop("proj_ycoord"), "has no 'proj_ycoord', but 'proj_xcoord'"),
        (
            lambda file: (file.pop("proj_xcoord"), file.update(proj_xcoord=3.0)),
            r"of shape \(\), where a list",
        ),
        (
            lambda file: (file.pop("proj_ycoord"), file.update(proj_ycoord=[3.0])),
            r"\(1,\), where \(3,\) belongs",
        ),
    ],
)
def test_a_projection_of_another_layout_is_refused(tmp_path, change, sentence):
    surface, _, projection = a_run(tmp_path)
    with h5py.File(projection, "r+") as file:
        change(file)
    with pytest.raises(ValueError, match=sentence):
        lw.load(surface, projection=projection)


def test_its_trajectory_plot_reads_ours(tmp_path):
    surface = some_surface()
    given = {"directions": tmp_path / "directions.h5", "projection": tmp_path / "projection.h5"}
    path = replace(surface.path, explained=(0.612, 0.1))
    surface.with_path(path).save(tmp_path / "surface.h5", **given)
    x, y, labels = paper_code.trajectory_over_contours(*given.values())
    assert np.array_equal(np.stack([x, y], axis=1), path.coordinates)
    assert labels == ["1st PC: 61.20 %", "2nd PC: 10.00 %"]
    arrays = paper_code.read_list(given["directions"], "xdirection")
    for array, tensor in zip(arrays, surface.directions[0].values(), strict=True):
        assert np.array_equal(array, tensor)


def test_ours_come_back_as_they_were(tmp_path):
    surface = some_surface()
    vectors = ({"w": np.array([3.0, 4.0])}, {"w": np.array([1.0, 2.0])})
    given = {"directions": tmp_path / "d.h5", "projection": tmp_path / "p.h5"}
    path = replace(surface, directions=vectors).save(tmp_path / "s.h5", **given)
    loaded = lw.load(path, **given)
    assert np.array_equal(loaded.path.coordinates, surface.path.coordinates)
    assert loaded.path.explained == surface.path.explained
    assert loaded.settings["gram"] == [[25, 11], [11, 5]]


def test_what_there_is_not_can_not_be_written(tmp_path):
    with pytest.raises(ValueError, match=r"A surface without its directions can't write them.*Leave out"):
        a_plus_10b().save(tmp_path / "a.h5", directions=tmp_path / "d.h5")
    with pytest.raises(ValueError, match=r"holds the path of a trajectory on a plane; this surface has none"):
        a_plus_10b().save(tmp_path / "a.h5", projection=tmp_path / "p.h5")
    assert list(tmp_path.iterdir()) == []
