"""How does a surface outlive its kernel? One ``.npz`` file: arrays, and a manifest of them."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from landscape_widget.atomic import replaced
from landscape_widget.surface.archive import LONGEST_MANIFEST, Archive, DamagedFile
from landscape_widget.surface.cells import cell_arrays, cell_entry, read_cells
from landscape_widget.surface.extras import extra_arrays, extras, read_histograms, read_path
from landscape_widget.surface.surface import Surface

FORMAT = "landscape-widget surface"
VERSION = 3
MANIFEST = "manifest"


def save(surface: Surface, path: str | Path) -> Path:
    """Write everything to one file, bit for bit, and return its path; ``.npz`` is added if missing.

    Written beside the old file and then put in its place, so a failure leaves the old one as it was.
    Directions and origin are saved as numpy arrays; tuples in the settings come back as lists.

    Raises:
        ValueError: if the settings are not JSON, or longer than can be read back, or a tensor can't become a
            numpy array of numbers.
    """
    path = with_suffix(Path(path)).resolve()
    arrays = cell_arrays(surface) | extra_arrays(surface)
    for index, held in enumerate(surface.maps.values()):
        arrays |= cell_arrays(held, f"map_{index}_")
    _manifest(surface, [])  # what can't be saved is refused before anything is written
    with replaced(path) as file, zipfile.ZipFile(file, "w") as archive:
        tensors, size = [], sum(_write(archive, name, array) for name, array in arrays.items())
        for group, mapping in _groups(surface):
            for name, tensor in mapping.items():  # one at a time: each may be made when it is asked for
                array = _numbers(name, tensor)
                size += _write(archive, f"{group}_{len(tensors)}", array)
                tensors.append({"group": group, "name": name, "dtype": array.dtype.str, "shape": array.shape})
        manifest = _manifest(surface, tensors).encode()
        if len(manifest) > max(LONGEST_MANIFEST, size):
            raise ValueError(
                f"Settings and names may take {LONGEST_MANIFEST:,} bytes in a file, or as many as its arrays "
                f"do; got {len(manifest):,} beside {size:,}. Take out of the settings what is long."
            )
        _write(archive, MANIFEST, np.frombuffer(manifest, np.uint8))
    return path


def load(path: str | Path) -> Surface:
    """Read what `save` wrote; directions and origin are numpy arrays.

    Nothing in the file is executed, and every size is compared with the manifest before it is used.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no saved surface, truncated, damaged, or of a newer version.
    """
    with Archive(found(path)) as archive:
        return _read_surface(archive)


def found(path: str | Path) -> Path:
    """Return where a file is, whether its suffix was given or not."""
    path = Path(path)
    return path if path.exists() else with_suffix(path)


def with_suffix(path: Path) -> Path:
    """Return the path that `save` writes to."""
    return path if path.suffix.lower() == ".npz" else path.with_name(f"{path.name}.npz")


def _groups(surface: Surface) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from zip(_direction_names(len(surface.directions)), surface.directions, strict=True)
    yield "origin", surface.origin


def _write(archive: zipfile.ZipFile, name: str, array: NDArray[Any]) -> int:
    """Write an array as `numpy.savez` does, and return its bytes."""
    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
        npy.write_array(member, array, version=(1, 0), allow_pickle=False)
    return array.nbytes


def _numbers(name: str, tensor: Any) -> NDArray[Any]:
    try:
        array = np.asarray(tensor)
        kind = array.dtype
    except TypeError:  # torch's bfloat16, for one
        kind = getattr(tensor, "dtype", type(tensor))
    else:
        if kind.kind in "biufc":
            return array
    raise ValueError(
        f"Saving needs tensors of numpy's numbers; {name!r} is of type {kind}. "
        "Convert it first, for example to float32."
    )


def _manifest(surface: Surface, tensors: list[dict[str, Any]]) -> str:
    content = {
        "format": FORMAT,
        "version": VERSION,
        **cell_entry(surface),
        "directions": len(surface.directions),
        "tensors": tensors,
        "maps": [{"key": key, **cell_entry(held)} for key, held in surface.maps.items()],
        **extras(surface),
    }
    try:
        return json.dumps(content)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Settings are saved as JSON: numbers, text, lists and dicts with text as keys. {error}. "
            "Convert that entry before saving."
        ) from error


def _read_surface(archive: Archive) -> Surface:
    manifest = archive.manifest(MANIFEST)
    if manifest.get("format") != FORMAT:
        raise archive.refusal("an archive with a manifest that is not ours")
    if not isinstance(version := manifest.get("version"), int) or version > VERSION:
        raise ValueError(
            f"{archive.path} was saved in version {version} of the format; this landscape-widget reads up to "
            f"{VERSION}. Upgrade landscape-widget to open it."
        )
    try:
        cells = read_cells(archive, manifest)
        axes, draws = len(cells["grid"].axes), max((metric.repeat for metric in cells["metrics"]), default=0)
        if not 0 <= (directions := manifest["directions"]) <= axes + draws:
            raise ValueError(f"{directions} directions for {axes} axes")
        groups = {name: {} for name in [*_direction_names(directions), "origin"]}
        entries = manifest["tensors"]
        places = [(groups[entry["group"]], entry["group"], str(entry["name"])) for entry in entries]
        claims = [(_dtype(entry["dtype"]), tuple(entry["shape"])) for entry in entries]
        histograms = read_histograms(archive, manifest.get("histograms", []))
        path = read_path(archive, manifest.get("path"), len(cells["grid"].axes), len(cells["metrics"]))
        maps = {
            str(entry["key"]): Surface(**read_cells(archive, entry, f"map_{index}_"))
            for index, entry in enumerate(manifest.get("maps", []))
        }
        surface = Surface(**cells, maps=maps, path=path, histograms=histograms)
    except DamagedFile:
        raise
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise archive.refusal(
            f"an archive with a damaged manifest ({type(error).__name__}: {error})"
        ) from error

    for index, ((tensors, group, name), claim) in enumerate(zip(places, claims, strict=True)):
        tensors[name] = archive.array(f"{group}_{index}", *claim)
    origin = groups.pop("origin")
    return replace(surface, directions=tuple(groups.values()), origin=origin)


def _dtype(name: str) -> np.dtype[Any]:
    """Return numpy's numbers by the name that `save` gave them."""
    if not re.fullmatch(r"[<>|][biufc]\d{1,2}", name):
        raise ValueError(f"numbers of type {name!r:.80}")
    return np.dtype(name)


def _direction_names(number: int) -> list[str]:
    return [f"direction_{index}" for index in range(number)]
