"""What does ParaView open? A surface as points and triangles, with every metric as a scalar of its points."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
from numpy.typing import NDArray

from landscape_widget.atomic import replaced
from landscape_widget.export.scale import choose
from landscape_widget.export.view import View
from landscape_widget.surface.surface import Surface

TYPES = {"float64": "Float64", "int64": "Int64", "uint8": "UInt8"}


def write_vtp(
    surface: Surface, path: Path, *, metric: str = "loss", scale: str = "auto", clip: float | None = None
) -> None:
    """Write measured cells as XML PolyData; a line becomes a polyline above the x axis.

    A cell without a height, as it isn't known or not finite, is a hole. Heights are in drawn units, as in
    `Surface.figure`: clipped first, then on the scale, ``"paper"`` being ln(value + 0.1).

    Args:
        metric: what the height is; the metrics on its grid are the scalars.
        scale: ``"auto"``, ``"linear"``, ``"log"`` or ``"paper"``.
        clip: the value above which the surface is cut off flat.

    Raises:
        ValueError: where no cell has a height.
    """
    surface = surface.map(metric)
    values = np.where(surface.known, surface[metric], np.nan).ravel()
    clipped = np.minimum(values, View(metric, scale, clip).limit)
    heights = choose(scale, clipped).forward(clipped)
    here = np.flatnonzero(np.isfinite(heights))
    if not here.size:
        raise ValueError(
            f"A .vtp file needs cells that have a height; none of the {surface.grid.size:,} has one for "
            f"{metric!r}. Try scale='linear', or a smaller range."
        )
    places = surface.coordinates(here)
    flat = np.zeros(len(here)) if surface.grid.y is None else places[:, 1]
    points = np.column_stack([places[:, 0], flat, heights[here]])
    scalars: dict[str, NDArray[Any]] = {
        fact.name: surface[fact.name].ravel()[here] for fact in surface.metrics
    }
    scalars |= {
        f"{name} standard error": error.ravel()[here]
        for name, error in surface.standard_error.items()
        if name in scalars
    }
    scalars |= {"height": heights[here], "state": surface.state.ravel()[here]}
    with replaced(path) as file:
        file.write(_document(points, _cells(surface, here), scalars, metric, surface.grid.y is None))


def _cells(surface: Surface, here: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return int64[m, 3] triangles, or int64[m, 2] pieces of a line, between the points there are."""
    number = np.full(surface.grid.size, -1)
    number[here] = np.arange(len(here))
    if surface.grid.y is None:
        pairs = np.column_stack([number[:-1], number[1:]])
        return pairs[(pairs >= 0).all(axis=1)]
    corner = number.reshape(surface.grid.shape)
    a, b, c, d = (
        part.ravel() for part in (corner[:-1, :-1], corner[:-1, 1:], corner[1:, 1:], corner[1:, :-1])
    )
    through = np.where((a < 0) | (c < 0), 1, 0)  # the diagonal that leaves a triangle where one corner lacks
    first = np.where(through, [a, b, d], [a, b, c]).T
    second = np.where(through, [b, c, d], [a, c, d]).T
    triangles = np.stack([first, second], axis=1).reshape(-1, 3)
    return triangles[(triangles >= 0).all(axis=1)]


def _document(
    points: NDArray[np.float64],
    cells: NDArray[np.int64],
    scalars: dict[str, NDArray[Any]],
    metric: str,
    is_line: bool,
) -> bytes:
    """The XML; its arrays stand at the end in base64, a length (uint64) and the numbers, little-endian."""
    blocks: list[bytes] = []

    def array(name: str, numbers: NDArray[np.generic], components: int = 1) -> str:
        offset = sum(map(len, blocks))
        raw = np.ascontiguousarray(numbers, numbers.dtype.newbyteorder("<")).tobytes()
        blocks.append(base64.b64encode(np.uint64(len(raw)).astype("<u8").tobytes() + raw))
        return (
            f'<DataArray type="{TYPES[numbers.dtype.name]}" Name={quoteattr(name)} '
            f'NumberOfComponents="{components}" format="appended" offset="{offset}"/>'
        )

    kind = "Lines" if is_line else "Polys"
    ends = np.arange(1, len(cells) + 1, dtype=np.int64) * cells.shape[1]
    text = f"""<?xml version="1.0"?>
<VTKFile type="PolyData" version="1.0" byte_order="LittleEndian" header_type="UInt64">
<PolyData>
<Piece NumberOfPoints="{len(points)}" NumberOf{kind}="{len(cells)}">
<Points>{array("Points", points, 3)}</Points>
<{kind}>{array("connectivity", cells)}{array("offsets", ends)}</{kind}>
<PointData Scalars={quoteattr(metric)}>
{"".join(array(name, numbers) for name, numbers in scalars.items())}
</PointData>
</Piece>
</PolyData>
<AppendedData encoding="base64">_"""
    return text.encode() + b"".join(blocks) + b"</AppendedData>\n</VTKFile>\n"
