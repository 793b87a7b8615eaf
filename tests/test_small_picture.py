"""Does a small picture show the surface, with matplotlib and without?"""

import io

import numpy as np
import pytest

from landscape_widget.export.view import View
from landscape_widget.files.image import small
from landscape_widget.files.image.pixels import pixels
from tests.export_cases import line, measured

image = pytest.importorskip("PIL.Image")

WHITE, UNKNOWN, CLIPPED = (255, 255, 255), (0xE2, 0xE4, 0xE8), (0xBC, 0xAE, 0x9E)
DARKEST, LIGHTEST = (0x00, 0x20, 0x4C), (0xFF, 0xE9, 0x45)  # of cividis


def read(png):
    return np.asarray(image.open(io.BytesIO(png)).convert("RGB"))


def test_without_matplotlib_values_rise_from_dark_to_light_and_the_first_row_is_the_highest():
    drawn = pixels(measured([lambda a, b: b]), "heatmap", View())
    assert tuple(drawn[-17, 20]) == DARKEST and tuple(drawn[16, 20]) == LIGHTEST
    drawn = pixels(measured([lambda a, b: a]), "heatmap", View())
    assert tuple(drawn[40, 16]) == DARKEST and tuple(drawn[40, -17 - 30]) == LIGHTEST
    assert tuple(drawn[5, 5]) == WHITE


def test_beside_the_plane_stands_its_colour_bar():
    drawn = pixels(measured([lambda a, b: b]), "heatmap", View())
    np.testing.assert_allclose(drawn[16:-16, -20], drawn[16:-16, 30], atol=3)


def test_level_lines_run_where_the_value_is_that_of_the_level():
    drawn = pixels(measured([lambda a, b: b], 5, 5), "contour", View(levels=(0.0,), scale="linear"))
    plane = drawn[16:-16, 16:-46]
    rows = np.flatnonzero((plane == 255).all(axis=(1, 2)))
    assert abs(rows.mean() - (len(plane) - 1) / 2) <= 1 and 1 <= len(rows) <= 2


def test_clipped_cells_and_holes_have_their_own_colours():
    drawn = pixels(measured([lambda a, b: b]), "heatmap", View(clip=0.0))
    assert tuple(drawn[17, 30]) == CLIPPED
    hole = measured([lambda a, b: np.where(a > 0.9, np.nan, b)])
    assert tuple(pixels(hole, "heatmap", View())[40, -17 - 30]) == UNKNOWN


def test_a_line_runs_from_its_lowest_to_its_highest_value():
    drawn = pixels(line([lambda x: x]), "line", View(scale="linear"))[16:-16, 16:-16]
    inked = (drawn == (0x0B, 0x62, 0xA4)).all(axis=-1)
    assert inked[:, 0].nonzero()[0].max() == len(drawn) - 1
    assert inked[:, -1].nonzero()[0].min() == 0
    assert inked.any(axis=0).all()


@pytest.mark.parametrize("kind", ["surface", "heatmap", "line"])
def test_where_nothing_is_finite_there_is_a_grey_field(kind):
    drawn = pixels(measured([lambda a, b: np.full(np.shape(a), np.nan)]), kind, View())
    assert tuple(drawn[30, 30]) == UNKNOWN


@pytest.mark.parametrize("has_matplotlib", [True, False])
@pytest.mark.parametrize("kind", ["surface", "contour", "heatmap"])
def test_it_is_small_and_seen_as_asked(monkeypatch, has_matplotlib, kind):
    if not has_matplotlib:
        monkeypatch.setattr(small, "find_spec", lambda name: None)
    surface = measured([lambda a, b: a**2 + b**2], 17, 17)
    png = small.small_png(surface, kind, View(), None)
    assert len(png) < 300_000
    other = small.small_png(surface, kind, View(colors="grey"), None)
    assert len(np.unique(read(other).reshape(-1, 3), axis=0)) > 10
    assert not np.array_equal(read(png), read(other))


def test_the_camera_decides_what_is_seen_in_space():
    surface = measured([lambda a, b: a + b**2])
    top = {"eye": {"x": 0.0, "y": -0.01, "z": 2.0}}
    usual, above = (read(small.small_png(surface, "surface", View(), camera)) for camera in (None, top))
    assert not np.array_equal(usual, above)


def test_several_stand_two_in_a_row():
    one = (measured([lambda a, b: a]), "heatmap", View())
    alone, three = (read(small.small_pngs([one] * count, None)) for count in (1, 3))
    height, width, _ = alone.shape
    assert three.shape == (2 * height, width, 3)
    np.testing.assert_array_equal(three[:height], np.tile(alone[:, : width // 2], (1, 2, 1)))
    assert (three[height:, width // 2 :] == 255).all()
