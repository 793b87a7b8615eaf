"""Does a picture on paper show what the figure shows, the same each time, whatever the names?"""

import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from itertools import pairwise
from threading import Thread

import matplotlib
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.pyplot import get_fignums
from mpl_toolkits.mplot3d.proj3d import proj_transform

from landscape_widget.export.scene import create_scene
from landscape_widget.export.view import View
from landscape_widget.facts import MetricFacts
from landscape_widget.files.image.footer import footer_of
from landscape_widget.files.image.picture import picture
from landscape_widget.files.image.skin import tiles
from landscape_widget.files.image.write import write_image
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.values import State
from tests.export_cases import SETTINGS, line, measured, path_of

KNOWN = SETTINGS | {
    "fingerprints": ["3fa2b1c9d8e7f6", "91bc"],
    "origin": "abcdef0123456789",
    "data_fingerprint": "99887766",
    "versions": {"landscape-widget": "0.1.0"},
}
HOSTILE = "$x_1$ <script> & \\frac"


def slope(a, b):
    return a + 10 * b


def drawn(surface, kind, preset=None, **options):
    return picture(surface, kind, View(**options), preset, 7.0, None)


def words(paper):
    import matplotlib.text

    return [text.get_text() for text in paper.findobj(matplotlib.text.Text) if text.get_text()]


def collection(paper, label):
    found = [artist for artist in paper.findobj() if artist.get_label() == label]
    assert found, label
    return found[0]


def test_a_heat_map_shows_each_cell_where_it_was_measured():
    paper = drawn(measured([slope]), "heatmap")
    (mesh,) = [m for m in paper.axes[0].collections if m.get_array() is not None]
    np.testing.assert_allclose(
        mesh.get_array().ravel(), np.add.outer(10 * np.linspace(-2, 2, 5), np.linspace(-1, 1, 7)).ravel()
    )
    assert mesh.get_clim() == (-21, 21)
    columns = mesh.get_coordinates()[0, :, 0]
    np.testing.assert_allclose((columns[1:] + columns[:-1]) / 2, np.linspace(-1, 1, 7), atol=1e-12)


def test_a_contour_plot_is_straight_between_the_cells():
    paper = drawn(measured([slope]), "contour")
    (image,) = paper.axes[0].images
    tones = image.get_array()
    np.testing.assert_allclose(tones[[0, 0, -1, -1], [0, -1, 0, -1]], [-21, -19, 19, 21])
    np.testing.assert_allclose(np.diff(tones, axis=1), 2 / (tones.shape[1] - 1), atol=1e-9)


@pytest.mark.parametrize("preset", [None, "paper"])
def test_level_lines_run_where_those_of_the_figure_run(preset):
    surface = measured([lambda a, b: 1 + a**2 + b**2], 21, 21)
    paper = drawn(surface, "contour", preset)
    levels = surface.figure("contour", preset=preset).data[1].meta
    assert set(words(paper)) >= ({"1.1", "2.1"} if preset else {"2", "3"})
    (lines,) = [one for one in paper.axes[0].lines if one.get_label() == "levels"]
    x, y = lines.get_data()
    found = 1 + np.hypot(x, y)[np.isfinite(x)] ** 2
    away = np.abs(found[:, None] - np.array(levels)).min(axis=1)
    assert away.max() < 0.05


@pytest.mark.parametrize("kind", ["surface", "contour", "heatmap"])
def test_axes_and_colours_say_what_those_of_the_figure_say(kind):
    surface = measured([lambda a, b: np.exp(5 * (a + b))])
    figure, paper = surface.figure(kind), drawn(surface, kind)
    layout = figure.layout.scene if kind == "surface" else figure.layout
    axes = paper.axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == list(layout.xaxis.ticktext)
    assert axes.get_xlabel() == layout.xaxis.title.text.replace("<br>", "\n")
    assert axes.get_ylabel().splitlines()[0] == "direction 2: towards <b>"
    (bar,) = [one for one in paper.findobj(matplotlib.axes.Axes) if one.get_ylabel() == "loss (log)"]
    ticks = figure.data[0].colorbar.ticktext
    assert [text.get_text() for text in bar.get_yticklabels()] == list(ticks)


def test_tiles_of_a_surface_stand_on_the_ground_and_none_on_a_hole():
    surface = measured([lambda a, b: np.where((a > 0.9) & (b > 1.9), np.nan, a + b)])
    corners, inks = tiles(create_scene(surface, View()))
    assert corners.shape[1:] == (4, 3) and inks.shape == (len(corners), 4)
    np.testing.assert_allclose(corners[..., 2], corners[..., :2].sum(axis=-1), atol=1e-9)
    over_the_hole = (corners[..., 0] > 2 / 3 + 1e-9) & (corners[..., 1] > 1 + 1e-9)
    assert not over_the_hole.any()
    assert collection(drawn(surface, "surface"), "skin").get_zorder() == 2


def test_holes_and_what_did_not_converge_are_hatched():
    surface = measured([lambda a, b: np.where(a > 0.9, np.nan, a)])
    states = surface.states.copy()
    states[:3] = State.UNCONVERGED
    paper = drawn(replace(surface, states=states), "heatmap")
    assert len(collection(paper, "not finite").get_paths()) == 5
    assert len(collection(paper, "not converged").get_paths()) == 3
    assert collection(paper, "not finite").get_hatch() != collection(paper, "not converged").get_hatch()
    assert "5 cells not finite" in " ".join(words(paper))


def test_interpolated_ground_is_lighter():
    surface = measured([slope], 9, 9, cells=40)
    light, solid = [m for m in drawn(surface, "heatmap").axes[0].collections if m.get_array() is not None][:2]
    assert sum(light.cmap(0.0)[:3]) > sum(solid.cmap(0.0)[:3])
    assert not np.any(~np.ma.getmaskarray(light.get_array()) & ~np.ma.getmaskarray(solid.get_array()))


def test_a_line_has_the_loss_left_and_the_accuracy_right():
    paper = drawn(line([lambda x: 1 + x**2, lambda x: 100 - x, lambda x: 2 + x**2]), "line")
    left, right = paper.axes
    assert (left.get_ylabel(), right.get_ylabel()) == ("loss", "accuracy, %")
    assert [one.get_label() for one in left.lines if one.get_label() in ("loss", "test loss")] == [
        "loss",
        "test loss",
    ]
    (accuracy,) = [one for one in right.lines if one.get_label() == "accuracy, %"]
    np.testing.assert_allclose(accuracy.get_ydata(), 100 - np.linspace(-0.5, 1.5, 41))
    assert {"loss", "test loss", "accuracy, %"} <= {text.get_text() for text in paper.legends[0].get_texts()}


def test_a_barrier_is_drawn_with_its_chord():
    surface = line([lambda x: 1 + 4 * x * (1 - x)], points=(("origin", 0.0), ("other", 1.0)))
    paper = drawn(surface, "line")
    assert {"barrier 1", "your network", "other"} <= set(words(paper))
    chord = collection(paper, "chord")
    np.testing.assert_allclose(chord.get_ydata(), 1)


def test_a_path_is_drawn_as_far_as_the_moment():
    surface = measured([slope]).with_path(path_of([[-0.5, 0], [0, 0.5], [0.5, 1]], [1, 2, 3]))
    paper = drawn(surface, "contour", moment=2)
    assert len(collection(paper, "checkpoints marks").get_offsets()) == 2
    assert "2 of 3 checkpoints" in " ".join(words(paper))
    assert "‖θ‖" in words(drawn(surface, "weights"))


@pytest.mark.parametrize("kind", ["contour", "heatmap", "surface"])
def test_of_a_path_that_leaves_only_what_is_inside_is_drawn(kind):
    surface = measured([slope]).with_path(path_of([[-0.5, 0], [0, 0.5], [2, 1.5]], [1, 2, 3]))
    paper = drawn(surface, kind)
    marks = collection(paper, "checkpoints marks")
    assert len(np.ma.compressed(np.ma.masked_invalid(marks.get_offsets())[:, 0])) == 2
    assert "start of training" in words(paper) and "1 outside" in " ".join(words(paper))
    if kind == "surface":
        assert np.nanmax(collection(paper, "path").get_data_3d()[0]) == pytest.approx(1)


def test_in_space_the_skin_reaches_the_corners_of_its_box():
    square = Grid(Axis(-1, 1, 7), Axis(-1, 1, 5))
    paper = drawn(replace(measured([lambda a, b: a * b]), grid=square), "surface")
    canvas = FigureCanvasAgg(paper)
    canvas.draw()
    axes, pixels = paper.axes[0], np.asarray(canvas.buffer_rgba())[::-1, :, :3].astype(int)
    skin = np.ptp(pixels, axis=2) > 30
    for place in (-1, -1, 2), (1, 1, 2):
        across, up = axes.transData.transform(proj_transform(*place, axes.get_proj())[:2]).astype(int)
        assert skin[up - 4 : up + 5, across - 4 : across + 5].any()


def test_clip_and_limits_are_those_of_the_scene():
    surface, view = measured([slope]), {"clip": 5.0, "limits": (-10.0, 15.0)}
    scene = create_scene(surface, View(**view))
    mesh = drawn(surface, "heatmap", **view).axes[0].collections[0]
    assert mesh.get_clim() == pytest.approx(scene.tone_range)
    assert "> 5" in words(drawn(surface, "heatmap", **view))


def test_a_map_is_drawn_on_its_own_grid_in_its_own_colours_and_limits():
    fact = MetricFacts("curvature", "", 100, label="|λ_min/λ_max|", limits=(0.0, 0.5), colors="viridis")
    held = measured([lambda a, b: (a + 1) / 2], 5, 3, count=7, metrics=(fact,), settings={})
    whole = measured([slope], settings=KNOWN).with_map("curvature", held)
    paper = drawn(whole, "heatmap", metric="curvature")
    mesh = paper.axes[0].collections[0]
    np.testing.assert_allclose(mesh.get_array().ravel(), np.tile([0, 0.25, 0.5, 0.5, 0.5], 3))
    assert mesh.get_clim() == (0, 0.5)
    np.testing.assert_allclose(mesh.cmap(0.0)[:3], [0x44 / 255, 0x01 / 255, 0x54 / 255], atol=1e-6)
    assert "|λ_min/λ_max|" in words(paper) and "7 samples" in " ".join(words(paper))


@pytest.mark.parametrize(("x", "y"), [(0.03, 0.1), (0.1, 0.03), (1, 1)])
def test_in_space_titles_stay_on_the_paper_and_clear_of_the_ticks(x, y):
    labels = {"labels": ["Hessian eigenvector 0, λ = 12.3", "Hessian eigenvector 1, λ = 8.1"]}
    surface = measured([lambda a, b: a**2 + b**2], 9, 9, settings=SETTINGS | labels)
    surface = replace(surface, grid=Grid(Axis(-x, x, 9), Axis(-y, y, 9)))
    paper = drawn(surface, "surface")
    renderer = FigureCanvasAgg(paper).get_renderer()
    paper.draw(renderer)
    axes = paper.axes[0]
    for axis in (axes.xaxis, axes.yaxis):
        title = axis.label.get_window_extent(renderer)
        assert paper.bbox.x0 < title.x0 and title.x1 < paper.bbox.x1
        assert paper.bbox.y0 < title.y0 and title.y1 < paper.bbox.y1
        ticks = [tick.label1 for tick in axis.get_major_ticks()]
        extents = [tick.get_window_extent(renderer) for tick in ticks if tick.get_text()]
        assert not any(one.overlaps(other) for one, other in pairwise(extents))


def test_long_titles_of_axes_take_several_lines():
    surface = measured([slope], settings=SETTINGS | {"labels": ["a " * 40, "towards b"]})
    for words_of_line in drawn(surface, "surface").axes[0].get_xlabel().splitlines():
        assert len(words_of_line) <= 36


@pytest.mark.parametrize("kind", ["surface", "heatmap", "line"])
def test_without_a_value_it_says_why(kind):
    surface = measured([lambda a, b: np.full(np.shape(a), np.nan)])
    assert "every cell is NaN: the loss overflows; try a smaller range" in words(drawn(surface, kind))


@pytest.mark.parametrize("kind", ["surface", "contour", "line"])
def test_before_the_first_level_it_says_so(kind):
    assert "no level is finished yet" in words(drawn(measured([slope], cells=0), kind))


def test_small_print_makes_it_reproducible():
    said = footer_of(measured([slope], settings=KNOWN))
    assert said == [
        "direction 1: random, seed 0 (3fa2b1c9d8e7)",
        "direction 2: towards <b> (91bc)",
        "x from −1 to 1, y from −2 to 2 in 7 × 5 cells",
        "normalization filter",
        "BatchNorm frozen",
        "100 samples",
        "weights abcdef012345",
        "data 99887766",
        "landscape-widget 0.1.0",
    ]
    assert "seed 0 (3fa2b1c9d8e7)" in " ".join(words(drawn(measured([slope], settings=KNOWN), "contour")))
    where = "x from −1 to 1, y from −2 to 2 in 7 × 5 cells"
    assert footer_of(measured([slope], settings={})) == [where, "100 samples"]
    assert footer_of(replace(measured([slope], settings={}), samples=0)) == [where]


@pytest.mark.parametrize("suffix", [".png", ".svg"])
@pytest.mark.parametrize("kind", ["surface", "contour"])
def test_the_same_surface_gives_the_same_bytes(tmp_path, suffix, kind):
    surface = measured([slope], settings=KNOWN)
    first, second = (tmp_path / f"{name}{suffix}" for name in ("first", "second"))
    write_image(surface, first, kind=kind, dpi=50)
    write_image(surface, second, kind=kind, dpi=50)
    assert first.read_bytes() == second.read_bytes()


def test_names_with_markup_stay_names_and_text_stays_text(tmp_path):
    settings = SETTINGS | {"name": HOSTILE, "labels": [HOSTILE, HOSTILE]}
    write_image(measured([slope], settings=settings), tmp_path / "a.svg", kind="contour")
    texts = [node.text for node in ElementTree.parse(tmp_path / "a.svg").iter() if node.tag.endswith("text")]
    assert f"{HOSTILE}: loss" in texts and f"direction 1: {HOSTILE}" in texts


def test_settings_of_matplotlib_stay_as_they_were(tmp_path):
    before = dict(matplotlib.rcParams)
    write_image(measured([slope]), tmp_path / "a.svg")
    assert dict(matplotlib.rcParams) == before
    assert not get_fignums()


def test_it_can_be_written_from_any_thread(tmp_path):
    writing = Thread(target=write_image, args=(measured([slope]), tmp_path / "a.png"), kwargs={"dpi": 50})
    writing.start()
    writing.join()
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_a_size_that_makes_no_sense_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"width is from 2 to 40 inches; got 700"):
        write_image(measured([slope]), tmp_path / "a.png", width=700)
    with pytest.raises(ValueError, match=r"height is from 2 to 40 inches; got nan"):
        write_image(measured([slope]), tmp_path / "a.png", height=float("nan"))
    with pytest.raises(ValueError, match=r"dpi counts dots an inch, from 10 to 2,400; got 0"):
        write_image(measured([slope]), tmp_path / "a.png", dpi=0)
    assert not list(tmp_path.iterdir())


def test_without_matplotlib_it_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r'pip install "landscape-widget\[image\]"'):
        write_image(measured([slope]), tmp_path / "a.png")
