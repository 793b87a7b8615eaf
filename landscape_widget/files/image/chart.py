"""How does a line look on paper, and how do histograms and norms of weights?"""

from __future__ import annotations

from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from landscape_widget.export import colors
from landscape_widget.files.image.strokes import DASHES, POINT, add_trace, dress, ink
from landscape_widget.files.image.words import AXIS, FONT, TICKS, plain

ABREAST, LEGEND_LINE = 2, 0.24  # names a line, inches a line
BESIDE = 4.0  # points between a line and its name
Box = tuple[float, float, float, float]


def draw_chart(paper: Figure, drawn: Any, box: Box) -> None:
    """Draw each pair of axes that a plotly figure has, with all that stands on it."""
    left, bottom, width, height = box
    room = _add_legend(paper, drawn, bottom)
    paper.set_layout_engine(
        "constrained", rect=(left, bottom + room, width, height - room), w_pad=0.08, h_pad=0.06
    )
    sides = _sides(paper, drawn)
    for number, trace in enumerate(drawn.data):
        add_trace(sides[trace.yaxis or "y"], trace, order=2 + number / 100)
    for shape in drawn.layout.shapes:
        name = str(shape.yref).split()[0]
        line = shape.line
        sides[name].axvline(
            shape.x0,
            color=ink(line.color),
            linewidth=line.width * POINT,
            linestyle=DASHES[line.dash or "solid"],
            zorder=1.5,
        )
    for note in drawn.layout.annotations:
        _add_note(sides, note)


def _sides(paper: Figure, drawn: Any) -> dict[str, Axes]:
    """By plotly's name of their upright axis; one that lies over another shares its place."""
    names = [name for name in drawn.layout if str(name).startswith("yaxis") and _is_used(drawn, name)]
    over = [name for name in names if drawn.layout[name].overlaying]
    columns = [name for name in names if name not in over]
    sides: dict[str, Axes] = {}
    for place, name in enumerate(columns, 1):
        axes = paper.add_subplot(1, len(columns), place, facecolor="none")
        sides[name.replace("axis", "")] = axes
        _dress_x(axes, drawn.layout[name.replace("yaxis", "xaxis")])
        _dress_y(axes, drawn.layout[name])
    for name in over:
        axes = sides["y"].twinx()
        sides[name.replace("axis", "")] = axes
        _dress_y(axes, drawn.layout[name])
    return sides


def _is_used(drawn: Any, name: str) -> bool:
    return any(f"yaxis{(trace.yaxis or 'y')[1:]}" == name for trace in drawn.data)


def _dress_x(axes: Axes, layout: Any) -> None:
    dress(axes)
    axes.set_xlim(layout.range)
    axes.set_xticks(layout.tickvals, layout.ticktext, **TICKS)
    axes.set_xlabel(plain(layout.title.text), **AXIS)
    axes.grid(axis="x", color=colors.GRID, linewidth=0.6)
    axes.set_axisbelow(True)


def _dress_y(axes: Axes, layout: Any) -> None:
    dress(axes)
    title: dict[str, Any] = AXIS | {"color": layout.title.font.color or colors.TEXT}
    axes.set_ylim(layout.range)
    ticks: dict[str, Any] = TICKS | {"color": layout.tickfont.color or colors.TEXT}
    axes.set_yticks(layout.tickvals, layout.ticktext, **ticks)
    axes.set_ylabel(plain(layout.title.text), **title)
    if layout.showgrid is not False:
        axes.grid(axis="y", color=colors.GRID, linewidth=0.6)


def _add_note(sides: dict[str, Axes], note: Any) -> None:
    """Of plotly's references: the paper, or an axis, or its whole height."""
    axes = sides[str(note.yref).split()[0]] if str(note.yref).startswith("y") else sides["y"]
    is_high, is_middle = str(note.yref).endswith("domain"), note.yref == "paper"
    where = axes.transAxes if is_middle else axes.get_xaxis_transform() if is_high else axes.transData
    boxed = {"facecolor": colors.PAPER, "alpha": note.opacity or 1.0, "linewidth": 0, "pad": 1.5}
    axes.annotate(
        plain(note.text),
        (note.x, note.y),
        (0 if is_middle or is_high else BESIDE, BESIDE / 2 if is_high else 0),
        xycoords=where,
        textcoords="offset points",
        ha="center" if is_middle or is_high else "left",
        va="bottom" if is_high else "center",
        size=(note.font.size or 13) * POINT,
        color=note.font.color or colors.TEXT,
        family=FONT,
        parse_math=False,
        bbox=boxed if note.bgcolor else None,
        zorder=9,
    )


def _add_legend(paper: Figure, drawn: Any, bottom: float) -> float:
    """Write below the picture what plotly's legend would name; return its share of the height."""
    shown = [trace for trace in drawn.data if trace.showlegend is not False]
    if len(shown) < 2:
        return 0.0
    legend = paper.legend(
        [_handle(trace) for trace in shown],
        [plain(trace.name) for trace in shown],
        loc="lower center",
        bbox_to_anchor=(0.5, bottom),
        ncols=min(len(shown), ABREAST),
        frameon=False,
        prop={"size": 7.5, "family": FONT},
        labelcolor=colors.TEXT,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
    return -(-len(shown) // ABREAST) * LEGEND_LINE / paper.get_figheight()


def _handle(trace: Any) -> Line2D:
    dash = DASHES[trace.line.dash or "solid"]
    return Line2D(
        [], [], color=ink(trace.line.color), linewidth=(trace.line.width or 2) * POINT, linestyle=dash
    )
