"""The composition root: `explore` and `compute` fill in defaults, check at the door and wire the rooms."""

from __future__ import annotations

import atexit
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.memory import checked_budget
from landscape_widget.evaluate.workers import Workers
from landscape_widget.live.cells import Cells, running_cell
from landscape_widget.live.checks import checked
from landscape_widget.live.engine import Engine
from landscape_widget.live.reading import in_output, reading_note
from landscape_widget.live.request import request_of
from landscape_widget.live.work import Work
from landscape_widget.names import one_of
from landscape_widget.objective.objective import read_objective
from landscape_widget.objective.torch_threads import leaving_one_core
from landscape_widget.offer import Offer, make_offer
from landscape_widget.subspace.normalize import NORMALIZATIONS, ONE_DIMENSIONAL
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.surface import files
from landscape_widget.surface.surface import Surface

if TYPE_CHECKING:
    from landscape_widget.live.widget import LandscapeWidget

Range = tuple[float, float]

FIRST_PICTURE = 0.6
"""Seconds it may take; where the network is slower, a preview on fewer samples comes first."""


def explore(
    model: torch.nn.Module,
    loss: Callable[..., Any],
    data: Any,
    *,
    directions: Sequence[Any] | None = None,
    normalization: str = "filter",
    x: Range | None = None,
    y: Range | None = None,
    resolution: int | tuple[int, int] = 51,
    parameters: str = "trainable",
    one_dimensional: str = "fixed",
    filter_axes: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Callable[..., Any]] | None = None,
    test_data: Any = None,
    samples: int | None = None,
    tolerance: float | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    memory: int | None = None,
    compile: bool = False,
    seed: int = 0,
    name: str = "",
) -> LandscapeWidget:
    """Show the loss around a trained model, live; computing starts here, on a thread of its own.

    The model is copied and the data read before this returns, so training may go on. Nothing of the model,
    and no global random state, is changed.

    Args:
        model: the network to look at; copied.
        loss: a criterion ``(output, target) -> Tensor`` as torch has them, or `batch_loss` around
            ``fn(model, batch)``.
        data: DataLoader, Dataset, tuple of tensors, dict of tensors or list of batches; read once, and kept.
        directions: one (a line) or two (a plane) of `RandomDirection`, `TowardsModel`, `GradientDirection`, a
            mapping parameter name → tensor, or a callable on the objective; two random ones by default.
        normalization: of random directions: ``"filter"``, ``"layer"``, ``"weight"`` or ``"none"`` (Li et al.
            2018, section 4).
        x: range along the first direction, in units of its vector; None asks the direction.
        y: range along the second direction.
        resolution: points along each axis, or ``(nx, ny)``.
        parameters: what moves: ``"trainable"``, ``"all"``, or a regular expression on names.
        one_dimensional: what biases, gains and BatchNorm do: ``"fixed"`` (the paper's figures), ``"scaled"``
            (as one filter) or ``"copy"`` (d = w).
        filter_axes: regular expression on names → the axes that one filter spans, where the module's kind is
            no guide.
        metrics: name → ``(output, target) -> Tensor``, measured beside the loss.
        test_data: a second data set; the same metrics on it, as ``test_…``.
        samples: size of a fixed, seeded subset of the data; all by default.
        tolerance: stop when the measured interpolation error is below this share of the drawn range (0.01 is
            1 %); the cells left out stay unknown. None computes them all.
        device: where to compute; the model's by default.
        dtype: in what precision; the model's by default.
        memory: bytes for the data, copies of the model and caches; a quarter of what is free by default.
        compile: whether to try ``torch.compile``, which takes seconds to begin and needs a C++ compiler.
        seed: of all draws.
        name: a title.

    Raises:
        ValueError, TypeError: at the door, saying what was expected, what came and what to do.
    """
    options = locals()
    with reading_note(time.monotonic, in_output) as on_progress:
        offer, traits = _question(**options, on_progress=on_progress)
    from landscape_widget.live.widget import LandscapeWidget  # Jupyter's part takes longest to import

    work = Work(offer, time.monotonic, preview=FIRST_PICTURE)
    widget = LandscapeWidget(_engine(), work, offer.choices(), {**traits, "name": name}, _library())
    _cells().made(widget)
    return widget


def compute(
    model: torch.nn.Module,
    loss: Callable[..., Any],
    data: Any,
    *,
    directions: Sequence[Any] | None = None,
    normalization: str = "filter",
    x: Range | None = None,
    y: Range | None = None,
    resolution: int | tuple[int, int] = 51,
    parameters: str = "trainable",
    one_dimensional: str = "fixed",
    filter_axes: Mapping[str, Any] | None = None,
    metrics: Mapping[str, Callable[..., Any]] | None = None,
    test_data: Any = None,
    samples: int | None = None,
    tolerance: float | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    memory: int | None = None,
    compile: bool = False,
    seed: int = 0,
    name: str = "",
) -> Surface:
    """Compute what `explore` shows, without a screen: blocks, returns the finished surface.

    Options are those of `explore`.

    Raises:
        ValueError, TypeError: at the door, saying what was expected, what came and what to do.
        BaseException: whatever the loss raises.
    """
    offer, traits = _question(**locals())
    work, request = Work(offer, time.monotonic), request_of(traits)
    deque(work.steps(request, 0, cancelled=lambda: False), maxlen=0)
    surface = work.known(request)
    assert surface is not None
    return surface


def load(path: str | Path) -> Surface:
    """Read a surface that `Surface.save` wrote; its directions and origin are CPU tensors again.

    Raises:
        ValueError: if the file is no such surface, truncated, or of a newer version.
    """
    surface = files.load(path)
    *directions, origin = (
        {name: torch.from_numpy(array) for name, array in arrays.items()}
        for arrays in (*surface.directions, surface.origin)
    )
    return replace(surface, directions=tuple(directions), origin=origin)


def _question(
    model: torch.nn.Module,
    loss: Callable[..., Any],
    data: Any,
    directions: Sequence[Any] | None,
    normalization: str,
    x: Range | None,
    y: Range | None,
    resolution: int | tuple[int, int],
    parameters: str,
    one_dimensional: str,
    filter_axes: Mapping[str, Any] | None,
    samples: int | None,
    tolerance: float | None,
    memory: int | None,
    compile: bool,
    seed: int,
    name: str,
    **objective_options: Any,
) -> tuple[Offer, dict[str, Any]]:
    """Read the objective and turn the options into an offer and the value of each computing trait."""
    one_of(normalization, NORMALIZATIONS, "normalization")
    one_of(one_dimensional, ONE_DIMENSIONAL, "one_dimensional")
    if not isinstance(name, str):
        raise TypeError(f"A name is text; got {name!r}. Leave it out for none.")
    RandomDirection(seed)  # refuses what is no seed
    budget = checked_budget(memory)
    rules = _rules(directions, seed)
    objective = read_objective(
        model, loss, data, parameters=parameters, samples=samples, seed=seed, **objective_options
    )
    offer = make_offer(
        objective,
        rules,
        one_dimensional=one_dimensional,
        filter_axes=filter_axes or {},
        settings={"parameters": parameters, "seed": int(seed), "name": name},
        evaluator=partial(Evaluator, pool=_pool(), compile=bool(compile), budget=budget),
    )
    ranges = offer.ranges(offer.initial)
    choices = offer.choices()
    asked = {
        "x": ranges[0] if x is None else x,
        "y": ranges[-1] if y is None else y,
        "resolution": resolution,
        "samples": objective.train.size if samples is None else samples,
        "tolerance": tolerance,
        "normalization": normalization,
        "batch_norm": None,
        "directions": [vars(choice) for choice in offer.initial],
        "third": None,
        "rotation": 0.0,
    }
    return offer, {trait: checked(trait, value, choices) for trait, value in asked.items()}


def _rules(directions: Sequence[Any] | None, seed: int) -> tuple[Any, ...]:
    if directions is None:
        return RandomDirection(seed), RandomDirection(seed + 1)
    if isinstance(directions, Mapping) or not isinstance(directions, Sequence) or isinstance(directions, str):
        raise TypeError(
            f"directions is a list of one or two directions; got {type(directions).__name__}. "
            "For a line, write [direction]."
        )
    if not 1 <= len(directions) <= 2:
        raise ValueError(
            f"A picture has one direction (a line) or two (a plane); got {len(directions)}. "
            "Look at more by calling explore again."
        )
    return tuple(directions)


@cache
def _engine() -> Engine:
    engine = Engine()
    leaving_one_core(engine.start)
    atexit.register(engine.close)
    return engine


@cache
def _pool() -> Workers:
    pool = Workers()
    atexit.register(pool.close)
    return pool


@cache
def _cells() -> Cells:
    return Cells(running_cell)


@cache
def _first_library() -> Any:
    from landscape_widget.live.plotly_library import PlotlyLibrary

    return PlotlyLibrary()


def _library() -> Any:
    if _first_library().comm is None:  # somebody closed all widgets
        _first_library.cache_clear()
    return _first_library()
