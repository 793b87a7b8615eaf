"""How do several landscapes look side by side, on one scale?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import plotly.graph_objects as go

from landscape_widget.export import colors as palette
from landscape_widget.export.axes import title_of
from landscape_widget.export.figure import PLANES, draw, dressed, heading, kind_for
from landscape_widget.export.matrix import Cell, Matrix
from landscape_widget.export.panels import add_panel
from landscape_widget.export.plain import plain
from landscape_widget.export.scene import Scene
from landscape_widget.export.sides import TEST
from landscape_widget.export.titles import metric_title
from landscape_widget.export.view import View
from landscape_widget.export.words import nothing_to_draw, said_of, wrapped
from landscape_widget.facts import MetricFacts
from landscape_widget.names import one_of
from landscape_widget.surface.comparable import common_extent, differing, title_words
from landscape_widget.surface.repeats import plain_name
from landscape_widget.surface.surface import Surface

LEGEND = 50  # pixels for it, below the lowest row
LINE = 15  # pixels of one under a name

Members = Mapping[Any, Surface]


def comparison_figure(
    surfaces: Members,
    kind: str | None = None,
    scale: str = "auto",
    *,
    metric: str = "loss",
    clip: float | None = None,
    limits: tuple[float, float] | None = None,
    levels: str | Sequence[float] = "auto",
    preset: str | None = None,
    colors: str = "cividis",
    moment: int | None = None,
    height: float = 1.0,
    pins: Sequence[Mapping[str, Any]] = (),
    shared: bool = True,
    insist: bool = False,
    columns: int | None = None,
    about: Mapping[Any, str] | None = None,
) -> go.Figure:
    """Draw several surfaces in a matrix, from the same place and on the same scale; options as `figure`.

    Args:
        surfaces: title → surface, in rows of ``columns``; or (row, column) → surface, whose rows and columns
            then bear these names, and where one is missing the place stays empty.
        kind: ``"contour"`` by default, ``"line"`` for lines.
        shared: whether heights and colours reach as far in all, from the lowest to the highest value of any.
        insist: share the scale though the members are measured differently.
        columns: how many stand side by side; at most four by default.
        about: title → what else is known of a member, such as its batch size; it stands under the title.

    Raises:
        ValueError: when the members are measured differently, or one can't be drawn so; it is named.
    """
    matrix = Matrix.of(list(surfaces), columns)
    drawn = levels if isinstance(levels, str) else tuple(levels)
    asked = View(metric, scale, clip, limits, drawn, colors, moment, height, tuple(pins))
    are_lines = all(surface.grid.y is None for surface in surfaces.values())
    kind = one_of(kind or ("line" if are_lines else "contour"), (*PLANES, "line"), "kind")
    surfaces = {title: _holder(title, surface, metric) for title, surface in surfaces.items()}
    if shared and not insist:
        refuse_shared_scale(surfaces)
    pictures: dict[Any, tuple[go.Figure, Scene]] = {}
    for title, surface in surfaces.items():
        try:
            fitting, fact = kind_for(surface, kind), surface.metrics[surface.row(metric)]
            view = asked.with_preset(preset, fitting, fact).of(fact)
            if shared and view.limits is None:
                together = _on_one_axis(surfaces, fact) if fitting == "line" else {fact.name}
                view = replace(view, limits=common_extent(surfaces.values(), together))
            pictures[title] = draw(surface, fitting, view)
        except ValueError as error:
            raise ValueError(f"{title_words(title)!r}: {error}") from error
    return _assembled(pictures, matrix, kind, about or {}, shared=shared)


def _holder(title: Any, surface: Surface, metric: str) -> Surface:
    try:
        return surface.map(metric)
    except ValueError as error:
        raise ValueError(f"{title_words(title)!r}: {error}") from error


def refuse_shared_scale(surfaces: Members) -> None:
    """Refuse one scale for surfaces measured differently, saying what differs between whom."""
    settings = {
        title: {"samples": surface.samples, **surface.settings} for title, surface in surfaces.items()
    }
    if sentences := differing(settings):
        raise ValueError(
            "One scale for all needs landscapes that are measured the same way; these differ in "
            f"{'; '.join(sentences)}. Compute them alike, pass shared=False, or pass insist=True."
        )


def _assembled(
    pictures: Mapping[Any, tuple[go.Figure, Scene]],
    matrix: Matrix,
    kind: str,
    about: Mapping[Any, str],
    *,
    shared: bool,
) -> go.Figure:
    figure = go.Figure()
    scenes = [scene for _, scene in pictures.values()]
    common = [part for part in _said(scenes[0], kind) if all(part in _said(scene, kind) for scene in scenes)]
    cells = _titled_where_needed({title: matrix.cell(title) for title in pictures}, pictures)
    above = 1
    for number, (title, (picture, scene)) in enumerate(pictures.items(), 1):
        cell = cells[title]
        add_panel(figure, picture, number, cell, has_bar=not shared or number == 1, is_shared=shared)
        known = [plain(about[title])] if about.get(title) else []
        own = known + [part for part in _said(scene, kind) if part not in common]
        name = "" if matrix.is_named else plain(title_words(title))
        small = wrapped(own, int(cell.pixels / 6))
        _add_text(figure, cell, name, small)
        above = max(above, 1 + small.count("<br>")) if matrix.is_named and cell.y[1] == 1 else above
        if sentence := nothing_to_draw(scene):
            figure.add_annotation(
                text=sentence, x=cell.middle[0], y=cell.middle[1], **_PAPER, bgcolor="white"
            )
    for name, x in matrix.column_names:
        shift = {"yanchor": "bottom", "yshift": 9 + LINE * above}
        figure.add_annotation(text=_bold(name), x=x, xanchor="center", y=1, **shift, **_PAPER)
    for name, y in matrix.row_names:
        shift = {"xanchor": "right", "xshift": -76, "textangle": -90}
        figure.add_annotation(text=_bold(name), x=0, y=y, yanchor="middle", **shift, **_PAPER)
    return dressed(
        figure,
        {
            "title": heading(metric_title(scenes[0].metric), wrapped(common)) | _TOP,
            "legend": _LEGEND,
            **matrix.layout(LEGEND if kind == "line" else 0, LINE * (above - 1)),
        },
    )


_LEGEND: dict[str, Any] = {
    "orientation": "h",
    "x": 0,
    "yref": "container",
    "y": 0.01,
    "yanchor": "bottom",
    "font": {"size": 11},
}
_TOP: dict[str, Any] = {"yref": "container", "y": 1, "pad": {"t": 24}, "x": 0.01}
_PAPER: dict[str, Any] = {"xref": "paper", "yref": "paper", "showarrow": False}


def _titled_where_needed(
    cells: Mapping[Any, Cell], pictures: Mapping[Any, tuple[go.Figure, Scene]]
) -> dict[Any, Cell]:
    """Titles of axes stand at the outer edges, and everywhere in a row or column where they differ."""

    def differ(axis: str, among: Callable[[Cell], Any], cell: Cell) -> bool:
        beside = [pictures[title][0] for title, other in cells.items() if among(other) == among(cell)]
        return len({str(picture.layout[f"{axis}.title.text"]) for picture in beside}) > 1

    return {
        title: replace(
            cell,
            is_first=cell.is_first or differ("yaxis", lambda other: other.y, cell),
            is_lowest=cell.is_lowest or differ("xaxis", lambda other: other.x, cell),
        )
        for title, cell in cells.items()
    }


def _on_one_axis(surfaces: Members, metric: MetricFacts) -> set[str]:
    """A line has train and test, and all draws, on the same axis."""

    def family(fact: MetricFacts) -> str:
        return plain_name(fact).removeprefix(TEST)

    facts = (fact for surface in surfaces.values() for fact in surface.metrics)
    return {fact.name for fact in facts if family(fact) == family(metric)}


def _said(scene: Scene, kind: str) -> list[str]:
    """In space there is no room for the directions' names beside the axes."""
    names = [title_of(scene, axis) for axis in (0, 1)] if kind == "surface" else []
    return [*said_of(scene), *names]


def _add_text(figure: go.Figure, cell: Cell, title: str, own: str) -> None:
    """The member's title, and under it what is true of it alone."""
    small = f'<span style="font-size:11px;color:{palette.MUTED}">{own}</span>' if own else ""
    if text := "<br>".join(filter(None, [_bold(title), small])):
        figure.add_annotation(
            text=text, x=cell.x[0], y=cell.y[1], xanchor="left", yanchor="bottom", align="left", **_PAPER
        )


def _bold(text: str) -> str:
    return f"<b>{plain(text)}</b>" if text else ""
