from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.export.colors import colorscale
from landscape_widget.export.comparison import comparison_figure
from landscape_widget.facts import MetricFacts
from landscape_widget.values import State
from tests.export_cases import line, measured, named, subtitle, trace

CURVATURE = (
    MetricFacts("curvature", "", 1797, label="|λ_min/λ_max|", limits=(0.0, 0.5), colors="viridis"),
    MetricFacts("curvature_max", "", 1797, label="λ_max"),
    MetricFacts("curvature_min", "", 1797, label="λ_min"),
)
SHAPES = [lambda a, b: (a + 1) / 2, lambda a, b: 50 + a + 10 * b, lambda a, b: a - 10 * b]


def curved(**options):
    """A loss on 7 × 5 cells and its curvature on 5 × 9: the ratio runs from 0 to 1 along x."""
    held = measured(SHAPES, 5, 9, count=256, error=np.nan, metrics=CURVATURE, settings={}, **options)
    return measured([lambda a, b: a * a]).with_map("curvature", held)


def with_doubts(surface, *cells):
    held = surface.maps["curvature"]
    states = held.states.copy()
    states[list(cells)] = State.UNCONVERGED
    return surface.with_map("curvature", replace(held, states=states))


def test_the_ratio_is_drawn_from_0_to_a_half_in_the_papers_colours():
    figure = curved().figure("heatmap", metric="curvature")
    tiles = trace(figure, "heatmap")
    assert (tiles.zmin, tiles.zmax) == (0.0, 0.5)
    assert tiles.z.shape == (9, 5) and np.nanmax(tiles.z) == 0.5
    assert [list(stop) for stop in tiles.colorscale] == colorscale("viridis")
    assert tiles.colorbar.title.text == figure.layout.title.text == "|λ_min/λ_max|"
    assert "18 cells beyond 0 to 0.5, drawn at the end" in subtitle(figure)


def test_limits_and_colours_that_were_chosen_are_heeded():
    tiles = trace(curved().figure("heatmap", metric="curvature", limits=(0, 1), colors="grey"), "heatmap")
    assert (tiles.zmin, tiles.zmax) == (0.0, 1.0)
    assert [list(stop) for stop in tiles.colorscale] == colorscale("grey")


def test_the_papers_preset_says_nothing_else_of_curvature():
    plain, paper = (
        trace(curved().figure("heatmap", metric="curvature", preset=preset), "heatmap")
        for preset in (None, "paper")
    )
    assert np.array_equal(plain.z, paper.z) and (paper.zmin, paper.zmax) == (0.0, 0.5)
    heights = trace(curved().figure("surface", metric="curvature_max", preset="paper"), "surface")
    assert np.array_equal(heights.z, curved()["curvature_max"])


def test_an_end_of_the_spectrum_is_drawn_over_its_own_range_with_its_sign():
    figure = curved().figure("heatmap", metric="curvature_min", colors="diverging")
    tiles = trace(figure, "heatmap")
    assert (tiles.zmin, tiles.zmax) == (-21.0, 21.0)
    assert np.array_equal(tiles.z, curved()["curvature_min"])
    assert tiles.colorbar.title.text == "λ_min"


def test_what_did_not_converge_is_crossed_and_counted():
    surface = with_doubts(curved(), 0, 7, 12)
    figure = surface.figure("heatmap", metric="curvature")
    marks, held = named(figure, "not converged"), surface.map("curvature")
    assert list(marks.x) == list(held.x[[0, 2, 2]]) and list(marks.y) == list(held.y[[0, 1, 2]])
    assert "3 cells not converged" in subtitle(figure)
    assert "not converged" not in subtitle(surface.figure("heatmap"))


def test_in_space_the_crosses_lie_on_the_ground():
    surface = with_doubts(curved(), 7)
    figure = surface.figure("surface", metric="curvature_max")
    (height,) = named(figure, "not converged").z
    assert height == pytest.approx(surface["curvature_max"].ravel()[7] + 0.01 * 42)


def test_the_subtitle_says_on_how_many_samples_and_no_error_that_nobody_knows():
    said = subtitle(curved().figure("contour", metric="curvature_max"))
    assert "256 of 1,797 samples" in said and "±" not in said


def test_the_subtitle_says_of_how_many_weights_the_eigenvalues_are():
    surface = curved()
    held = replace(surface.maps["curvature"], settings={"engine": {"weights": 1864}})
    said = subtitle(surface.with_map("curvature", held).figure("heatmap", metric="curvature"))
    assert "with respect to 1,864 weights" in said and "weights" not in subtitle(surface.figure("heatmap"))


def test_between_known_cells_the_ground_is_lighter_and_its_error_is_that_of_the_ratio():
    held = measured(
        SHAPES, 17, 17, cells=83, count=256, error=np.nan, metrics=CURVATURE, settings={}
    )  # 9 × 9 cells and the points
    surface = measured([lambda a, b: a * a]).with_map("curvature", held)
    assert "lighter: interpolation of the |λ_min/λ_max| off by less than" in subtitle(
        surface.figure("heatmap", metric="curvature_max")
    )


def test_along_a_line_there_is_one_axis_and_no_barrier():
    held = line([shape_of(index) for index in range(3)], points=(("origin", 0.0), ("b", 1.0)), nx=9)
    held = replace(
        held, metrics=CURVATURE, states=np.where(np.arange(11) == 3, State.UNCONVERGED, 1).astype(np.uint8)
    )
    surface = line([lambda t: t * t], points=(("origin", 0.0), ("b", 1.0))).with_map("curvature", held)
    figure = surface.figure(metric="curvature")
    assert named(figure, "|λ_min/λ_max|").y.shape == (9,) and "barrier" not in subtitle(figure)
    assert list(named(figure, "not converged").x) == [held.x[3]]
    assert figure.layout.yaxis.title.text == "|λ_min/λ_max|" and "yaxis2" not in figure.layout
    assert tuple(figure.layout.yaxis.range) == (0.0, 0.5)


def shape_of(index):
    return lambda t: SHAPES[index](t, t)


def test_maps_stand_side_by_side_from_0_to_a_half():
    figure = comparison_figure({"a": curved(), "b": with_doubts(curved(), 3)}, "heatmap", metric="curvature")
    tiles = [one for one in figure.data if one.type == "heatmap"]
    assert [(one.zmin, one.zmax) for one in tiles] == [(0.0, 0.5)] * 2
    assert figure.layout.title.text == "|λ_min/λ_max|"
    together = comparison_figure({"a": curved(), "b": curved()}, "heatmap", metric="curvature_max")
    assert {(one.zmin, one.zmax) for one in together.data if one.type == "heatmap"} == {(29.0, 71.0)}


def test_a_member_without_the_map_is_named():
    with pytest.raises(
        ValueError, match="'b': A metric of this surface must be one of 'loss'; got 'curvature'"
    ):
        comparison_figure({"a": curved(), "b": measured([lambda a, b: a])}, "heatmap", metric="curvature")


def test_an_eigenvector_of_the_hessian_says_its_eigenvalue_on_a_line_of_its_own():
    settings = {"labels": ["1st Hessian eigenvector: λ = 12.3", "random, seed 1"], "normalization": "filter"}
    surface = measured([lambda a, b: a * a], settings=settings)
    figure = surface.figure("heatmap")
    assert figure.layout.xaxis.title.text == "1st Hessian eigenvector<br>λ = 12.3"
    cut = surface.figure("line").layout.xaxis.title.text
    assert cut == "1st Hessian eigenvector: λ = 12.3"
