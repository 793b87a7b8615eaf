"""Are the oldest packages that are tried those that the project says are enough?"""

from importlib.metadata import requires

import pytest

from tests.supply.oldest import oldest


def test_the_lowest_version_of_all_that_users_install_is_asked_for():
    asked = ["torch>=2.4", 'h5py<4,>=3.8; extra == "hdf5"', 'pytest; extra == "dev"', 'x>=1; extra == "docs"']
    assert oldest(asked) == ["torch==2.4", "h5py==3.8"]


def test_a_package_without_a_lowest_version_is_refused():
    with pytest.raises(ValueError, match=r"the lowest version of each package; got 'scipy<2'. Write >="):
        oldest(["scipy<2"])


def test_each_package_of_ours_has_a_lowest_version():
    names = {line.partition("==")[0] for line in oldest(requires("landscape-widget") or ())}
    assert {"torch", "numpy", "plotly", "ipywidgets", "anywidget", "scipy", "traitlets"} < names
    assert {"h5py", "matplotlib", "xarray", "cloudpickle"} < names
