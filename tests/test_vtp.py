"""Does VTK itself read the points, triangles and scalars of a surface, holes left out?"""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from landscape_widget.facts import MetricFacts
from landscape_widget.surface.grid import Axis, Grid
from landscape_widget.surface.surface import Surface
from tests.test_csv import a_plus_10b
from tests.test_files import some_surface
from tests.test_hdf5 import a_map

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from vtkmodules.util.numpy_support import vtk_to_numpy
    from vtkmodules.vtkIOXML import vtkXMLPolyDataReader


def read(path):
    """The points, triangles or pieces of line, and scalars by name, as VTK understands them."""
    reader = vtkXMLPolyDataReader()
    reader.SetFileName(str(path))
    reader.Update()
    assert reader.GetErrorCode() == 0
    found = reader.GetOutput()
    data = found.GetPointData()
    scalars = {data.GetArrayName(i): vtk_to_numpy(data.GetArray(i)) for i in range(data.GetNumberOfArrays())}
    cells = found.GetPolys() if found.GetNumberOfPolys() else found.GetLines()
    corners = vtk_to_numpy(cells.GetConnectivityArray()).reshape(found.GetNumberOfCells(), -1)
    return vtk_to_numpy(found.GetPoints().GetData()), corners, scalars, data.GetScalars().GetName()


def areas(points, triangles):
    """Signed, seen from above."""
    a, b, c = (points[triangles[:, corner], :2] for corner in range(3))
    return ((b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]) / 2


def test_a_grid_that_is_not_square_lands_untransposed(tmp_path):
    points, triangles, scalars, active = read(a_plus_10b().save(tmp_path / "a.vtp", scale="linear"))
    assert points.shape == (35, 3) and triangles.shape == (2 * 6 * 4, 3)
    assert np.array_equal(points[:, 2], points[:, 0] + 10 * points[:, 1])
    assert points.max(axis=0).tolist() == [6, 4, 46]
    assert active == "loss" and np.array_equal(scalars["loss"], points[:, 2])
    assert np.array_equal(scalars["height"], points[:, 2]) and (scalars["state"] == 1).all()


def test_the_triangles_cover_the_grid_once_and_face_up(tmp_path):
    points, triangles, _, _ = read(a_plus_10b().save(tmp_path / "a.vtp"))
    assert np.allclose(areas(points, triangles), 0.5)


def with_holes(*cells, value=np.nan):
    surface = a_plus_10b()
    values = surface.values.copy()
    values[0, list(cells)] = value
    return replace(surface, values=values)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_hole_leaves_out_what_touches_it_and_no_more(tmp_path, value):
    points, triangles, _, _ = read(with_holes(8, value=value).save(tmp_path / "a.vtp", scale="linear"))
    assert len(points) == 34 and np.isfinite(points).all()
    assert areas(points, triangles).sum() == 24 - 4 * 0.5  # each of four squares keeps a triangle
    assert (areas(points, triangles) > 0).all()


def test_two_lost_corners_lose_the_square(tmp_path):
    points, triangles, _, _ = read(with_holes(0, 8).save(tmp_path / "a.vtp", scale="linear"))
    assert areas(points, triangles).sum() == 24 - 4 * 0.5 - 0.5


@pytest.mark.parametrize(
    ("options", "height"),
    [
        ({"scale": "linear", "clip": 10.0}, lambda loss: np.minimum(loss, 10)),
        ({"scale": "paper", "clip": 10.0}, lambda loss: np.log(np.minimum(loss, 10) + 0.1)),
        ({"scale": "log"}, np.log10),
    ],
)
def test_heights_are_clipped_and_then_on_the_scale(tmp_path, options, height):
    surface = a_plus_10b()
    surface = replace(surface, values=surface.values + 1)
    points, _, scalars, _ = read(surface.save(tmp_path / "a.vtp", **options))
    assert np.allclose(points[:, 2], height(surface["loss"].ravel()))
    assert np.array_equal(scalars["loss"], surface["loss"].ravel())  # as measured


def test_every_metric_is_a_scalar_under_its_own_name(tmp_path):
    surface = some_surface()
    path = surface.save(tmp_path / "a.vtp", metric="Genauigkeit <ü>")
    points, _, scalars, active = read(path)
    here = surface.known & np.isfinite(surface["Genauigkeit <ü>"])
    assert active == "Genauigkeit <ü>" and len(points) == here.sum()
    assert np.array_equal(scalars["loss"], surface["loss"][here], equal_nan=True)
    assert np.array_equal(scalars["loss standard error"], surface.standard_error["loss"][here])


def test_a_map_is_written_on_its_own_grid(tmp_path):
    surface = a_plus_10b().with_map("curvature", a_map())
    points, _, scalars, active = read(
        surface.save(tmp_path / "a.vtp", metric="curvature_max", scale="linear")
    )
    assert active == "curvature_max" and len(points) == 12
    assert np.array_equal(points[:, 2], surface["curvature_max"].ravel())
    assert "curvature_residual" in scalars and "loss" not in scalars


def test_a_line_is_a_polyline_with_gaps(tmp_path):
    values = np.array([[4.0, 1.0, np.nan, 1.0, 4.0]])
    ones = np.ones((1, 5)), np.ones((1, 5), int), np.ones(5, np.uint8)
    surface = Surface(Grid(Axis(-2, 2, 5)), (MetricFacts("loss", "", 1),), (), 1, values, *ones)
    points, pieces, _, _ = read(surface.save(tmp_path / "a.vtp", scale="linear"))
    assert points.tolist() == [[-2, 0, 4], [-1, 0, 1], [1, 0, 1], [2, 0, 4]]
    assert pieces.tolist() == [[0, 1], [2, 3]]


def test_a_surface_without_heights_is_refused(tmp_path):
    surface = with_holes(*range(36))
    with pytest.raises(
        ValueError, match=r"needs cells that have a height; none of the 35 has one for 'loss'. Try"
    ):
        surface.save(tmp_path / "a.vtp")
    with pytest.raises(ValueError, match=r"scale must be one of .*; got 'logg'. Did you mean 'log'"):
        a_plus_10b().save(tmp_path / "a.vtp", scale="logg")
    with pytest.raises(ValueError, match=r"clip is the largest value to draw, a finite number"):
        a_plus_10b().save(tmp_path / "a.vtp", clip=np.nan)
    assert list(tmp_path.iterdir()) == []
