"""What the code of Li et al. (2018) does with its HDF5 files, step by step (tomgoldstein/loss-landscape)."""

from __future__ import annotations

import h5py
import numpy as np


def set_up_surface(path, x, y=None):
    """As ``plot_surface.py: setup_surface_file``."""
    with h5py.File(path, "a") as file:
        file["dir_file"] = "a_model_weights_xignore=biasbn_xnorm=filter.h5"
        file["xcoordinates"] = np.linspace(*x)
        if y is not None:
            file["ycoordinates"] = np.linspace(*y)


def crunch(path, name, loss, start=-1.0, count=None):
    """As ``plot_surface.py: crunch`` with ``scheduler.py``: −1, then ``count`` values."""
    with h5py.File(path, "r+") as file:
        x = file["xcoordinates"][:]
        y = file["ycoordinates"][:] if "ycoordinates" in file else None
        values = start * np.ones(x.shape if y is None else (len(x), len(y)))
        file[name] = values
        if y is None:
            places = x.ravel()[:, None]
        else:
            xmesh, ymesh = np.meshgrid(x, y)
            places = np.c_[xmesh.ravel(), ymesh.ravel()]
        for index in range(values.size)[:count]:
            values.ravel()[index] = loss(*places[index])
        file[name][:] = values


def write_list(path, **directions):
    """As ``h5_util.py: write_list``."""
    with h5py.File(path, "w") as file:
        for name, arrays in directions.items():
            group = file.create_group(name)
            for index, array in enumerate(arrays):
                group.create_dataset(str(index), data=array)


def project_by_cosine(path, weights, xdirection, ydirection):
    """As ``projection.py: project_trajectory`` with ``'cos'``: ``dot(w, d) / ‖d‖``."""
    flat = [np.concatenate([array.ravel() for array in arrays]) for arrays in (xdirection, ydirection)]
    with h5py.File(path, "w") as file:
        for name, direction in zip(("proj_xcoord", "proj_ycoord"), flat, strict=True):
            file[name] = np.array([w @ direction / np.linalg.norm(direction) for w in weights])


def what_it_contours(path, name="train_loss"):
    """As ``plot_2D.py: plot_2d_contour``: the X, Y and Z that it hands to matplotlib."""
    with h5py.File(path, "r") as file:
        x, y = np.array(file["xcoordinates"][:]), np.array(file["ycoordinates"][:])
        X, Y = np.meshgrid(x, y)
        return X, Y, np.array(file[name][:])


def what_it_plots(path):
    """As ``plot_1D.py: plot_1d_loss_err``: x, loss and accuracy."""
    with h5py.File(path, "r") as file:
        return file["xcoordinates"][:], file["train_loss"][:], file["train_acc"][:]


def what_it_shows_of_curvature(path):
    """As ``plot_2D.py: plot_2d_eig_ratio``: X, Y and the ratio of the heat map."""
    with h5py.File(path, "r") as file:
        X, Y = np.meshgrid(np.array(file["xcoordinates"][:]), np.array(file["ycoordinates"][:]))
        return X, Y, np.absolute(np.divide(np.array(file["min_eig"][:]), np.array(file["max_eig"][:])))


def trajectory_over_contours(directions, projection):
    """As ``plot_2D.py: plot_contour_trajectory``: where the line goes, and the labels of the axes."""
    with h5py.File(projection, "r") as file, h5py.File(directions, "r") as also:
        ratios = [also["explained_variance_ratio_"][axis] for axis in (0, 1)]
        labels = [
            f"{rank} PC: {ratio * 100:.2f} %" for rank, ratio in zip(("1st", "2nd"), ratios, strict=True)
        ]
        return file["proj_xcoord"][:], file["proj_ycoord"][:], labels


def read_list(path, name):
    """As ``h5_util.py: read_list``."""
    with h5py.File(path, "r") as file:
        group = file[name]
        return [group[str(index)][()] for index in range(len(group))]
