"""The composition root of `compare`: several networks, asked the same, side by side."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from inspect import signature
from typing import TYPE_CHECKING, Any

import torch

from landscape_widget import shared
from landscape_widget.evaluate.memory import checked_budget, default_budget
from landscape_widget.explore import explore, given_to, work_on
from landscape_widget.landscape import Landscape, Title, landscapes_of
from landscape_widget.live.reading import in_output, reading_note
from landscape_widget.live.request import MESSAGES, TRANSPORTS
from landscape_widget.live.work import Work
from landscape_widget.names import one_of
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import squared_norm
from landscape_widget.scene.prepare import prepare
from landscape_widget.scene.question import ask
from landscape_widget.scene.resuming import kept_in
from landscape_widget.surface.comparable import title_words

if TYPE_CHECKING:
    from landscape_widget.live.candidate import Candidate
    from landscape_widget.live.comparison import Comparison


def compare(
    members: Mapping[Title, torch.nn.Module | Landscape],
    loss: Callable[..., Any],
    data: Any,
    *,
    insist: bool = False,
    columns: int | None = None,
    widths_over: int = 5,
    **options: Any,
) -> Comparison:
    """Show landscapes side by side: one set of controls, camera, cross, scale, range and seed for all.

    All are computed on one thread, coarse levels of all first. The table under them has for each network the
    values at the origin, the length of its weights, and how far it can be moved along random directions
    before the loss has risen by 0.1 and by 1.

    Args:
        members: title → model or `Landscape`, 2 to 12, of any architectures; titles that are (row, column)
            make a matrix, such as ``{("depth 20", "skips"): model, …}``, in which places may stay empty.
        loss: as of `explore`, for members without one of their own.
        data: as of `explore`, for members without data of their own; read once.
        insist: share the scale of heights and colours though members are measured differently: other data or
            samples, another normalization or treatment of BatchNorm.
        columns: how many stand side by side; as many as there is room for by default, from 2 to 4.
        widths_over: random directions that the widths in the table are the medians of.
        options: those of `explore`. ``memory`` is shared by all members.

    Raises:
        ValueError, TypeError: at the door, naming the member, saying what was expected, what came and what
            to do.
    """
    landscapes = landscapes_of(members)
    options = _known(options, "compare")
    said = given_to(options)
    if options.pop("resume", None) is not None:
        raise ValueError(
            "resume names the file of one landscape; got it for all members. Give each its own: "
            "`{'a': lw.Landscape(model, resume='a.npz'), …}`."
        )
    name = options.pop("name", "")
    transport = one_of(options.pop("transport", MESSAGES), TRANSPORTS, "transport")
    budget = checked_budget(options.pop("memory", None)) or default_budget()
    options["memory"] = max(1, budget // len(landscapes))
    if not _counts(widths_over):
        raise ValueError(f"widths_over counts random directions, at least 1; got {widths_over!r}. Try 5.")
    if columns is not None and not _counts(columns):
        raise ValueError(f"columns counts pictures side by side, at least 1, or is None; got {columns!r}.")
    from landscape_widget.export.comparison import comparison_figure
    from landscape_widget.live.comparing import matrix_of
    from landscape_widget.live.comparison import Comparison  # Jupyter's part takes longest to import

    matrix_of(list(landscapes))
    candidates: list[Candidate] = []
    once = _Once(data, options.get("test_data"))
    with reading_note(time.monotonic, in_output) as on_progress:
        for title, landscape in landscapes.items():
            read = partial(_candidate, title, landscape, loss, once, options, said, widths_over)
            candidates.append(_named(title, partial(read, on_progress=on_progress)))
    _check_dimensions(candidates)
    comparison = Comparison(
        shared.engine(),
        candidates,
        shared.library(),
        comparison_figure,
        name=name,
        kind="contour",
        insist=bool(insist),
        columns=columns,
        transport=transport,
    )
    shared.cells().made(comparison)
    return comparison


class _Once:
    """The data of all, read with the first member that has none of its own, and kept once."""

    def __init__(self, data: Any, test_data: Any) -> None:
        self.data = data
        self.test_data = test_data

    def keep(self, objective: Objective, own: Mapping[str, Any], has_data: bool) -> None:
        """Keep what a member has read, unless it was its own, or read in a way of its own."""
        if {"device", "dtype"} & own.keys():
            return
        if not has_data:
            self.data = objective.train
        if "test_data" not in own:
            self.test_data = objective.test


def _candidate(
    title: Title,
    landscape: Landscape,
    loss: Callable[..., Any],
    once: _Once,
    options: Mapping[str, Any],
    said: tuple[tuple[str, str], ...],
    widths_over: int,
    on_progress: Callable[[int], None],
) -> Candidate:
    """Ask what is to be asked of one member, and read it."""
    from landscape_widget.live.candidate import Candidate
    from landscape_widget.live.comparing import Entry
    from landscape_widget.live.traits import COMPUTING

    own = _known(landscape.options, "Landscape", without="transport")
    resume = own.pop("resume", None)
    given = {**options, "test_data": once.test_data, **own}
    has_data = landscape.data is not None
    offer, traits = ask(
        landscape.model,
        landscape.loss or loss,
        landscape.data if has_data else once.data,
        **given,
        on_progress=on_progress,
    )
    once.keep(offer.objective, own, has_data)
    offer, keeping = kept_in(resume, offer)
    along = replace(offer, repeats=widths_over, trajectory=None, maps={})
    entry = Entry(
        title,
        landscape.known,
        replace(offer.choices(), given=tuple(dict([*said, *given_to({"repeats": offer.repeats})]).items())),
        traits,
        frozenset(COMPUTING) & (own.keys() | ({"directions"} if "seed" in own else set())),
        math.sqrt(squared_norm(offer.objective.params)),
    )
    return Candidate(
        entry,
        work_on(offer, keeping),
        lambda: Work(partial(prepare, along), time.monotonic, borrows=offer.borrows),
    )


def _known(options: Mapping[str, Any], what: str, without: str = "") -> dict[str, Any]:
    others = ("model", "loss", "data", without)
    names = [name for name in signature(explore).parameters if name not in others]
    for name in options:
        one_of(name, names, f"An option of {what}")
    return dict(options)


def _named(title: Title, read: Callable[[], Candidate]) -> Candidate:
    """Read one member; what is wrong with it is said in its name."""
    try:
        return read()
    except (TypeError, ValueError) as error:
        if type(error) not in (TypeError, ValueError):  # one of the user's own, made of more than a sentence
            raise
        raise type(error)(f"member {title_words(title)!r}: {error}") from error


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _check_dimensions(candidates: list[Candidate]) -> None:
    """Refuse lines beside planes."""
    kinds = {len(entry.request["directions"]): entry for entry in (one.entry for one in candidates)}
    if len(kinds) > 1:
        line, plane = (title_words(kinds[axes].title) for axes in (1, 2))
        raise ValueError(
            f"Members are all lines or all planes; {line!r} has one direction and {plane!r} has two. "
            "Give `directions` of one length."
        )
