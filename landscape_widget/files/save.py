"""Which format does a file name ask for, and does it know these options?"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

from landscape_widget.files.csv import write_csv
from landscape_widget.files.hdf5_write import write_hdf5
from landscape_widget.files.image.write import write_image
from landscape_widget.files.netcdf import write_netcdf
from landscape_widget.files.vtp import write_vtp
from landscape_widget.live.page import write_page  # a page is the widget without a kernel
from landscape_widget.surface.files import save as write_npz
from landscape_widget.surface.surface import Surface

WRITERS: dict[str, Callable[..., Any]] = {
    ".npz": write_npz,
    ".h5": write_hdf5,
    ".nc": write_netcdf,
    ".csv": write_csv,
    ".vtp": write_vtp,
    ".png": write_image,
    ".svg": write_image,
    ".html": write_page,
}
"""Suffix → ``write(surface, path, *, options)``."""


def save(surface: Surface, path: str | Path, **options: Any) -> Path:
    """Write the surface in the format of the suffix, atomically, and return the path; ``.npz`` where none is.

    Raises:
        ValueError: where the suffix is of another kind of file, or the format can't hold the surface.
        TypeError: where the format has no such option.
        OSError: where the path can't be written; an older file stays as it was.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix not in WRITERS and suffix[1:].isalpha():
        raise ValueError(
            f"A surface is saved as one of {', '.join(WRITERS)}; got {path.name!r}. "
            "Choose one of them; .npz keeps everything, and is what `load` reads back bit for bit."
        )
    if suffix not in WRITERS:
        path, suffix = path.with_name(f"{path.name}.npz"), ".npz"
    path = path.resolve()
    WRITERS[suffix](surface, path, **_checked(suffix, options))
    return path


def _checked(suffix: str, options: dict[str, Any]) -> dict[str, Any]:
    parameters = inspect.signature(WRITERS[suffix]).parameters.values()
    known = [parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY]
    if unknown := options.keys() - known:
        may = f"it takes {', '.join(map(repr, known))}" if known else "it takes none"
        raise TypeError(f"A {suffix} file has no option {min(unknown)!r}; {may}. Leave it out.")
    return options
