"""Do surface files of the paper's code come in untransposed, and do ours make its plots right?"""

from dataclasses import replace

import h5py
import numpy as np
import pytest

import landscape_widget as lw
from landscape_widget.facts import MetricFacts
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.surface import Surface
from landscape_widget.values import State
from tests import paper_code
from tests.test_csv import a_plus_10b
from tests.test_files import some_surface


def plus_10(x, y):
    return x + 10 * y


def surface_file(folder, x=(0, 6, 7), y=(0, 4, 5), **columns):
    path = folder / "surface.h5"
    paper_code.set_up_surface(path, x, y)
    for name, loss in ({"train_loss": plus_10} | columns).items():
        paper_code.crunch(path, name, loss)
    return path


@pytest.mark.parametrize("shape", [(7, 5), (5, 7), (6, 6), (2, 3)])
def test_each_value_comes_back_where_it_was_measured(tmp_path, shape):
    x, y = shape
    surface = lw.load(surface_file(tmp_path, (0, x - 1, x), (0, y - 1, y)))
    assert surface.grid == Grid(Axis(0, x - 1, x), Axis(0, y - 1, y))
    assert np.array_equal(surface["loss"], surface.x + 10 * surface.y[:, None])
    assert surface.is_done


def test_metrics_have_our_names_and_units(tmp_path):
    names = {"test_loss": 2.0, "test_acc": 91.0, "train_acc": 99.0, "my_metric": 7.0}
    columns = {name: lambda x, y, value=value: value + x for name, value in names.items()}
    surface = lw.load(surface_file(tmp_path, **columns))
    assert [(fact.name, fact.unit) for fact in surface.metrics] == [
        ("loss", ""),
        ("accuracy", "%"),
        ("test_loss", ""),
        ("test_accuracy", "%"),
        ("my_metric", ""),
    ]
    assert surface["test_accuracy"][0, 3] == 94


def test_a_line_comes_in_too(tmp_path):
    path = tmp_path / "line.h5"
    paper_code.set_up_surface(path, (-0.5, 1.5, 401))
    paper_code.crunch(path, "train_loss", lambda x: x**2)
    surface = lw.load(path)
    assert surface.y.size == 0 and surface.grid.x == Axis(-0.5, 1.5, 401)
    assert np.allclose(surface["loss"], surface.x**2)


def test_coordinates_that_descend_are_turned_round(tmp_path):
    surface = lw.load(surface_file(tmp_path, (6, 0, 7), (4, 0, 5)))
    assert np.array_equal(surface["loss"], surface.x + 10 * surface.y[:, None])


def test_minus_one_is_not_known_yet_and_zero_is(tmp_path):
    path = tmp_path / "part.h5"
    paper_code.set_up_surface(path, (0, 6, 7), (0, 4, 5))
    paper_code.crunch(path, "train_loss", plus_10, count=9)
    paper_code.crunch(path, "test_loss", plus_10, count=0)
    surface = lw.load(path)
    assert [fact.name for fact in surface.metrics] == ["loss"]
    assert surface["loss"][0, 0] == 0 and surface.known.ravel().tolist() == [True] * 9 + [False] * 26
    assert np.isnan(surface["loss"][~surface.known]).all()
    assert surface.settings["notes"] == ["loss: 9 of 35 cells are computed in the file."]


def test_a_metric_that_is_behind_says_so_and_keeps_the_others(tmp_path):
    path = surface_file(tmp_path)
    paper_code.crunch(path, "test_loss", plus_10, count=3)
    surface = lw.load(path)
    assert surface.is_done and np.isfinite(surface["test_loss"]).sum() == 3
    assert surface.settings["notes"] == ["test_loss: 3 of 35 cells are computed in the file."]


def test_a_loss_that_diverged_stays_nan_and_is_known(tmp_path):
    surface = lw.load(surface_file(tmp_path, train_loss=lambda x, y: np.nan if x > 3 else np.inf))
    assert surface.not_finite("loss") == 35 and surface.is_done


def test_on_how_many_samples_is_not_known_and_nothing_is_made_up(tmp_path):
    surface = lw.load(surface_file(tmp_path))
    assert surface.samples == 0 and not surface.counts.any()
    assert np.isnan(surface.standard_error["loss"]).all()
    title = surface.figure("contour").to_json()
    assert "all 0 samples" not in title and "samples unknown" in title


def test_the_origin_is_a_point_where_the_grid_meets_it(tmp_path):
    surface = lw.load(surface_file(tmp_path, (-1, 1, 5), (-1, 1, 5), train_loss=lambda x, y: 3 + x + y))
    assert surface.at("origin") == {"loss": 3}
    (tmp_path / "even").mkdir()
    assert lw.load(surface_file(tmp_path / "even", (-1, 1, 6), (-1, 1, 5))).points == ()


def eigenvalues(path):
    paper_code.crunch(path, "max_eig", lambda x, y: 10.0 * (x - 1))
    paper_code.crunch(path, "min_eig", lambda x, y: -1.0 - y, start=1.0)


def test_eigenvalues_beside_a_loss_become_a_map(tmp_path):
    path = surface_file(tmp_path)
    eigenvalues(path)
    surface = lw.load(path)
    assert [fact.name for fact in surface.metrics] == ["loss"]
    assert [fact.label for fact in surface.maps["curvature"].metrics] == ["|λ_min/λ_max|", "λ_max", "λ_min"]
    assert np.array_equal(surface["curvature_min"], np.broadcast_to(-1 - surface.y[:, None], (5, 7)))
    assert np.allclose(surface["curvature"][:, 2:], (1 + surface.y[:, None]) / (10 * (surface.x[2:] - 1)))
    assert np.isnan(surface["curvature"][:, :2]).all()  # not positive: no ratio


def test_eigenvalues_alone_are_a_surface(tmp_path):
    path = tmp_path / "eigen.h5"
    paper_code.set_up_surface(path, (0, 6, 7), (0, 4, 5))
    eigenvalues(path)
    surface = lw.load(path)
    assert [fact.name for fact in surface.metrics] == ["curvature", "curvature_max", "curvature_min"]
    assert surface.metrics[0].limits == (0, 0.5) and surface.metrics[0].colors == "viridis"


@pytest.mark.parametrize("shape", [(7, 5), (6, 6)])
def test_its_contours_of_ours_are_untransposed(tmp_path, shape):
    grid = Grid(Axis(-1, 1, shape[0]), Axis(0, 3, shape[1]))
    values = (grid.coordinates(np.arange(grid.size)) @ [1.0, 10.0])[None]
    ones = np.ones(values.shape), np.ones(values.shape, int), np.ones(values.shape[1], np.uint8)
    surface = Surface(grid, (MetricFacts("loss", "", 1),), (), 1, values, *ones)
    X, Y, Z = paper_code.what_it_contours(surface.save(tmp_path / "ours.h5"))
    assert X.shape == Y.shape == Z.shape
    assert np.allclose(Z, X + 10 * Y, atol=1e-12)


def test_matplotlib_draws_its_contours_of_ours(tmp_path):
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    drawn = axes.contour(
        *paper_code.what_it_contours(a_plus_10b().save(tmp_path / "a.h5")), levels=np.arange(0.1, 10, 0.5)
    )
    for level, lines in zip(drawn.levels, drawn.allsegs, strict=True):
        for line in lines:
            assert np.allclose(line @ [1, 10], level)


def test_its_line_plot_reads_ours(tmp_path):
    surface = some_surface(line=True)
    surface = replace(surface, metrics=(surface.metrics[0], replace(surface.metrics[1], name="accuracy")))
    x, loss, accuracy = paper_code.what_it_plots(surface.save(tmp_path / "line.h5"))
    known = surface.state == State.EXACT
    assert np.array_equal(x, surface.x)
    assert np.array_equal(loss, np.where(known, surface["loss"], -1), equal_nan=True)
    assert np.array_equal(accuracy, np.where(known, surface["accuracy"], -1), equal_nan=True)


def a_map():
    grid = Grid(Axis(0, 6, 4), Axis(0, 4, 3))
    x, y = grid.coordinates(np.arange(12)).T
    facts = (
        MetricFacts("curvature", "", 8, label="|λ_min/λ_max|"),
        MetricFacts("curvature_max", "", 8, label="λ_max"),
        MetricFacts("curvature_min", "", 8, label="λ_min"),
        MetricFacts("curvature_residual", "", 8, label="residual"),
    )
    values = np.stack([(1 + x) / (2 + y), 2 + y, -1 - x, 0 * x])
    states = np.full(12, State.EXACT, np.uint8)
    states[4] = State.UNCONVERGED
    return Surface(grid, facts, (), 8, values, np.full((4, 12), np.nan), np.full((4, 12), 8), states)


def test_its_heat_map_of_curvature_reads_ours(tmp_path):
    surface = a_plus_10b().with_map("curvature", a_map())
    path = surface.map("curvature").save(tmp_path / "eigen.h5")
    X, Y, ratio = paper_code.what_it_shows_of_curvature(path)
    assert np.allclose(ratio, (1 + X) / (2 + Y))
    loaded = lw.load(path)
    for name in ("curvature", "curvature_max", "curvature_min", "curvature_residual"):
        assert np.array_equal(loaded[name], surface[name])


def test_a_file_of_ours_comes_back_with_its_settings_and_samples(tmp_path):
    surface = replace(
        a_plus_10b(), settings={"data": {"loss": 8}, "labels": ["random, seed 0", "random, seed 1"]}
    )
    loaded = lw.load(surface.save(tmp_path / "ours.h5"))
    assert loaded.settings["labels"] == surface.settings["labels"]
    assert loaded.samples == 8 and (loaded.counts == 8).all() and loaded.metrics == surface.metrics
    assert np.array_equal(loaded["loss"], surface["loss"])


def test_previews_are_not_computed_yet_by_their_measure(tmp_path):
    surface = a_plus_10b()
    states = surface.states.copy()
    states[3] = State.PREVIEW
    loaded = lw.load(replace(surface, states=states).save(tmp_path / "a.h5"))
    assert not loaded.known[0, 3] and loaded.known.sum() == 34


def test_two_metrics_that_would_be_called_the_same_are_refused(tmp_path):
    surface = some_surface()
    surface = replace(surface, metrics=(surface.metrics[0], replace(surface.metrics[1], name="train_loss")))
    with pytest.raises(ValueError, match=r"'train_loss' is called 'train_loss', which is taken. Give"):
        surface.save(tmp_path / "a.h5")


def changed(change):
    """A function that makes a good file and edits it."""

    def make(folder):
        path = surface_file(folder)
        with h5py.File(path, "r+") as file:
            change(file)
        return path

    return make


def replaced_by(name, value):
    def change(file):
        del file[name]
        file[name] = value

    return changed(change)


def add(name, **how):
    return changed(lambda file: file.create_dataset(name, **how))


BAD = {
    "no x": (changed(lambda file: file.pop("xcoordinates")), r"has no 'xcoordinates', but 'dir_file', "),
    "x of two dimensions": (replaced_by("xcoordinates", np.ones((7, 1))), r"of shape \(7, 1\), where a list"),
    "one x": (replaced_by("xcoordinates", [1.0]), r"'xcoordinates' of shape \(1,\), where a list of two"),
    "x is NaN": (
        replaced_by("xcoordinates", [0, 1, np.nan, 3, 4, 5, 6]),
        "finite and evenly spaced: 0, 1, nan",
    ),
    "x is uneven": (
        replaced_by("xcoordinates", [0, 1, 2, 3, 4, 5, 9.0]),
        "finite and evenly spaced: 0, 1, 2",
    ),
    "x stands still": (
        replaced_by("xcoordinates", np.zeros(7)),
        "make no axis: A range needs low below high",
    ),
    "x is text": (replaced_by("xcoordinates", ["a"] * 7), "'xcoordinates' as object, where real numbers"),
    "x is a group": (
        changed(lambda f: (f.pop("xcoordinates"), f.create_group("xcoordinates"))),
        "as a group",
    ),
    "y is another": (
        replaced_by("ycoordinates", np.arange(6.0)),
        r"'train_loss' of shape \(7, 5\), .* \(7, 6\)",
    ),
    "loss too long": (
        add("test_loss", data=np.ones((7, 6))),
        r"'test_loss' of shape \(7, 6\), where .* \(7, 5\)",
    ),
    "loss is flat": (add("test_loss", data=np.ones(35)), r"'test_loss' of shape \(35,\)"),
    "loss is complex": (add("test_loss", data=np.ones((7, 5), complex)), "'test_loss' as complex128"),
    "only promised": (
        add("test_loss", shape=(7, 5), dtype="f8", chunks=(7, 5)),
        r"'test_loss' .* holds 0 bytes of it",
    ),
    "x only promised": (
        changed(
            lambda f: (f.pop("xcoordinates"), f.create_dataset("xcoordinates", (10**9,), "f8", chunks=(10,)))
        ),
        "holds 0 bytes of it",
    ),
    "a null": (add("test_loss", data=h5py.Empty("f8")), "'test_loss' of shape None"),
    "one eigenvalue": (add("max_eig", data=np.full((7, 5), 3.0)), "only one of 'max_eig' and 'min_eig'"),
    "nothing": (replaced_by("train_loss", -np.ones((7, 5))), "has nothing computed, only 'train_loss'"),
    "no metric": (changed(lambda file: file.pop("train_loss")), "has nothing computed, only coordinates"),
    "settings no text": (add("settings", data=3), "has no readable text as 'settings'"),
    "settings no JSON": (add("settings", data="{"), "has 'settings' that are not ours"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_file_of_another_layout_is_refused_in_words(tmp_path, case):
    make, sentence = BAD[case]
    path = make(tmp_path)
    with pytest.raises(ValueError, match=sentence) as refused:
        lw.load(path)
    assert str(path) in str(refused.value)
    assert "should be a surface, as the code of Li et al. (2018) writes it; it " in str(refused.value)


def test_what_is_no_hdf5_file_is_refused(tmp_path):
    path = tmp_path / "note.h5"
    path.write_text("loss = 3")
    with pytest.raises(ValueError, match=r"it is no HDF5 file. Check that it is the right file, and copy"):
        lw.load(path)
    with pytest.raises(FileNotFoundError, match=r"nothing\.h5"):
        lw.load(tmp_path / "nothing.h5")


def test_a_cut_or_damaged_file_is_refused_or_changes_nothing(tmp_path):
    path = surface_file(tmp_path)
    whole = path.read_bytes()
    surface = lw.load(path)
    cut = [whole[: len(whole) * part // 20] for part in range(20)]
    flipped = [whole[:at] + bytes([whole[at] ^ 0x11]) + whole[at + 1 :] for at in range(0, len(whole), 61)]
    refused = 0
    for content in cut + flipped:
        path.write_bytes(content)
        try:
            loaded = lw.load(path)
        except ValueError as error:
            assert "should be a surface, as the code of Li et al." in str(error)
            refused += 1
        else:  # HDF5 keeps no sums: a flipped bit of a value can't be told
            assert content in flipped and loaded.grid.size == surface.grid.size
    assert refused >= len(cut)


def test_hdf5_is_known_by_its_content_whatever_it_is_called(tmp_path):
    path = surface_file(tmp_path)
    assert lw.load(path.rename(tmp_path / "surface.hdf")).is_done


@pytest.mark.parametrize("name", ["a.csv", "a.vtp", "a.nc", "a.png"])
def test_what_is_made_for_other_programs_is_not_read_back(tmp_path, name):
    with pytest.raises(
        ValueError, match=f"read back from .npz or .h5; '{name}' is made for other programs. Save"
    ):
        lw.load(tmp_path / name)


@pytest.mark.parametrize("action", ["save", "load"])
def test_without_the_package_the_line_that_installs_it_is_said(tmp_path, monkeypatch, action):
    path = surface_file(tmp_path)
    monkeypatch.setitem(__import__("sys").modules, "h5py", None)
    with pytest.raises(
        ModuleNotFoundError, match=r'needs the package h5py.*pip install "landscape-widget\[hdf5\]"'
    ):
        a_plus_10b().save(tmp_path / "b.h5") if action == "save" else lw.load(path)
