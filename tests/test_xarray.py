"""Is a surface a Dataset whose labels are right, and does NetCDF bring it back?"""

import json
import sys
from dataclasses import replace

import numpy as np
import pytest
import xarray

from landscape_widget.values import State
from tests.test_csv import a_plus_10b
from tests.test_files import some_surface
from tests.test_hdf5 import a_map


def test_values_lie_at_their_coordinates(tmp_path):
    dataset = a_plus_10b().to_xarray()
    assert dataset["loss"].dims == ("y", "x") and dict(dataset.sizes) == {"y": 5, "x": 7, "point": 1}
    assert (dataset["loss"] == dataset.x + 10 * dataset.y).all()
    assert dataset["loss"].sel(x=3, y=2) == 23
    assert dataset["loss_at_point"].sel(point="origin") == 0


@pytest.mark.parametrize("line", [False, True])
def test_everything_that_is_measured_is_in_it(line):
    surface = some_surface(line)
    dataset = surface.to_xarray()
    for fact in surface.metrics:
        assert dataset[fact.name].dims == (("x",) if line else ("y", "x"))
        assert np.array_equal(dataset[fact.name], surface[fact.name], equal_nan=True)
        assert np.array_equal(
            dataset[f"{fact.name}_standard_error"], surface.standard_error[fact.name], equal_nan=True
        )
        assert dataset[fact.name].attrs == {"units": fact.unit, "long_name": fact.name}
    assert np.array_equal(dataset["state"], surface.state)
    assert dataset["state"].attrs["flag_meanings"].split()[State.PREVIEW] == "preview"
    assert json.loads(dataset.attrs["settings"]) == surface.settings and dataset.attrs["samples"] == 25
    assert dataset["x"].attrs["long_name"] == "random, seed 0"


def test_a_map_has_dimensions_of_its_own():
    surface = a_plus_10b().with_map("curvature", a_map())
    dataset = surface.to_xarray()
    assert dataset["curvature_max"].dims == ("y_curvature", "x_curvature")
    assert (dataset["curvature_max"] == 2 + dataset["y_curvature"]).all()
    assert dataset["curvature"].attrs["long_name"] == "|λ_min/λ_max|"
    assert dataset["state_curvature"].values[1, 0] == State.UNCONVERGED
    assert dataset["loss"].dims == ("y", "x")


@pytest.mark.parametrize(
    "surface", [some_surface(), some_surface(line=True), a_plus_10b().with_map("curvature", a_map())]
)
def test_netcdf_brings_it_back(tmp_path, surface):
    before = surface.to_xarray()
    with xarray.open_dataset(surface.save(tmp_path / "a.nc"), engine="h5netcdf") as after:
        after.load()
    assert before.equals(after)
    assert after.attrs["settings"] == before.attrs["settings"]
    assert after["loss"].attrs["units"] == ""


def named(surface, name):
    return replace(surface, metrics=(replace(surface.metrics[0], name=name), *surface.metrics[1:]))


def test_a_slash_in_a_name_becomes_a_dash_in_the_file(tmp_path):
    surface = named(a_plus_10b(), "loss/token")
    assert "loss/token" in surface.to_xarray()
    with xarray.open_dataset(surface.save(tmp_path / "a.nc"), engine="h5netcdf") as dataset:
        assert np.array_equal(dataset["loss_token"], surface["loss/token"])


@pytest.mark.parametrize("name", ["x", "state", "point"])
def test_a_metric_with_the_name_of_something_else_is_refused(name):
    with pytest.raises(ValueError, match=f"In a Dataset '{name}' is something else already. Give the metric"):
        named(a_plus_10b(), name).to_xarray()


@pytest.mark.parametrize("package", ["xarray", "h5netcdf"])
def test_without_the_packages_the_line_that_installs_them_is_said(tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    line = rf'needs the package {package}, .*pip install "landscape-widget\[xarray\]"'
    with pytest.raises(ModuleNotFoundError, match=line):
        a_plus_10b().save(tmp_path / "a.nc")
    assert list(tmp_path.iterdir()) == []
