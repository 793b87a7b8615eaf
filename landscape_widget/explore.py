"""The composition root: `explore` shows a landscape, `compute` returns it."""

from __future__ import annotations

import inspect
import logging
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Any

import torch

from landscape_widget import shared
from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.from_file import from_file
from landscape_widget.headless import headless
from landscape_widget.live.given import given
from landscape_widget.live.keeping import Keeping
from landscape_widget.live.reading import in_output, reading_note
from landscape_widget.live.request import MESSAGES, TRANSPORTS
from landscape_widget.live.work import Work
from landscape_widget.names import one_of
from landscape_widget.scene.maps import maps_among
from landscape_widget.scene.offer import Offer, Range
from landscape_widget.scene.prepare import prepare, sharpness_of
from landscape_widget.scene.question import ask, check_all_three
from landscape_widget.scene.resuming import kept_in
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.surface.surface import Surface
from landscape_widget.values import STOP

if TYPE_CHECKING:
    from landscape_widget.live.widget import LandscapeWidget

FIRST_PICTURE = 0.6
"""Seconds it may take; where the network is slower, a preview on fewer samples comes first."""


def explore(
    model: torch.nn.Module | str | PathLike[str],
    loss: Callable[..., Any] | None = None,
    data: Any = None,
    *,
    directions: Sequence[Any] | None = None,
    normalization: str = "filter",
    x: Range | None = None,
    y: Range | None = None,
    resolution: int | tuple[int, int] = 51,
    parameters: str = "trainable",
    one_dimensional: str = "fixed",
    filter_axes: Mapping[str, Any] | None = None,
    orthogonalize: bool | None = None,
    metrics: Mapping[str, Callable[..., Any] | HessianExtremes] | None = None,
    test_data: Any = None,
    batch_norm: str | None = None,
    mode: str = "eval",
    samples: int | None = None,
    repeats: int | None = None,
    trajectory: Trajectory | None = None,
    tolerance: float | None = None,
    device: torch.device | str | Sequence[torch.device | str] | None = None,
    dtype: torch.dtype | None = None,
    autocast: torch.dtype | None = None,
    memory: int | None = None,
    compile: bool = False,
    executor: Executor | None = None,
    copy: bool = True,
    on_error: str = STOP,
    resume: str | PathLike[str] | None = None,
    seed: int = 0,
    name: str = "",
    transport: str = MESSAGES,
) -> LandscapeWidget:
    """Show the loss around a trained model, live; computing starts here, on a thread of its own.

    The model is copied and the data read before this returns, so training may go on. Nothing of the model,
    and no global random state, is changed. ``explore("run.npz")`` shows what is in a file, as it grows where
    another process writes to it (`compute` with ``resume``, or ``python -m landscape_widget compute``).

    Args:
        model: the network to look at; copied. Or the path of a surface, and nothing else.
        loss: a criterion ``(output, target) -> Tensor`` as torch has them, or `batch_loss` around
            ``fn(model, batch)``.
        data: DataLoader, Dataset, tuple of tensors, dict of tensors or list of batches; read once, and kept.
        directions: one (a line) or two (a plane) of `RandomDirection`, `TowardsModel`, `GradientDirection`,
            `PrincipalDirection`, `BlendedDirection`, a mapping parameter name → tensor, or a callable on the
            objective; by default two random ones, or the principal components of ``trajectory``; where more
            than 50 million weights move, one random one.
        normalization: of random directions: ``"filter"``, ``"layer"``, ``"weight"`` or ``"none"`` (Li et al.
            2018, section 4).
        x: range along the first direction, in units of its vector; None asks the direction.
        y: range along the second direction.
        resolution: points along each axis, or ``(nx, ny)``.
        parameters: what moves: ``"trainable"``, ``"all"``, a regular expression on names, or ``"merged"``:
            adapters (LoRA) as a part of the weights they adapt.
        one_dimensional: what biases, gains and BatchNorm do: ``"fixed"`` (the paper's figures), ``"scaled"``
            (as one filter) or ``"copy"`` (d = w).
        filter_axes: regular expression on names → the axes that one filter spans, where the module's kind is
            no guide.
        orthogonalize: whether the second direction is made orthogonal to the first, its filters as long as
            before as far as that goes; None: in a plane through three models only.
        metrics: name → ``(output, target) -> Tensor``, measured beside the loss, or `HessianExtremes`, a map
            of curvature on a coarser grid, measured after it.
        test_data: a second data set; the same metrics on it, as ``test_…``.
        batch_norm: which running statistics a cell has: ``"frozen"`` those of the centre, ``"reestimate"``
            its own, from the training data, ``"interpolate"`` those between the models; None: interpolated
            between models, frozen elsewhere.
        mode: ``"eval"``, or ``"train"``: dropout and the like are on, with the same random numbers in
            every cell; BatchNorm goes by ``batch_norm``.
        samples: size of a fixed, seeded subset of the data; all by default.
        repeats: how many draws of a line's random direction; all are drawn, with their mean and band. By
            default one; five of the line that is shown where more than 50 million weights move.
        trajectory: of `record` or `Trajectory.from_checkpoints`; drawn over the picture, and may still grow.
        tolerance: stop when the measured interpolation error is below this share of the drawn range (0.01 is
            1 %); the cells left out stay unknown. None computes them all.
        device: where to compute; the model's by default. Of a list, each has a worker of its own.
        dtype: in what precision; the model's by default.
        autocast: measure under ``torch.autocast`` of this dtype, such as ``torch.bfloat16``; by default
            without.
        memory: bytes for the data, copies of the model and caches; a quarter of what is free by default.
        compile: whether to try ``torch.compile``, which takes seconds to begin and needs a C++ compiler.
        executor: measures cells elsewhere: any of ``concurrent.futures``, Dask's ``client.get_executor()``
            and the like. Its workers get model and data once, by cloudpickle, and compute on ``device``. You
            close it.
        copy: False: cells are measured on your own model, for one too large to copy; it is in use until the
            landscape is done, paused or stopped, and given back as it was, byte for byte. Its weights are in
            a temporary file meanwhile.
        on_error: what follows where the loss raises at a cell: ``"stop"``, or ``"skip"``: it is marked as
            failed, and the run goes on.
        resume: a file (``.npz``) that the landscape is written to as it grows, and taken up from where it is
            there: after a killed kernel it goes on with the cells that are missing. `load` reads it at any
            time.
        seed: of all draws.
        name: a title.
        transport: how what is new travels to the browser: ``"messages"``, or ``"traits"`` where a notebook
            passes no messages on; the page changes to traits by itself when it sees that none come.

    Raises:
        ValueError, TypeError: at the door, saying what was expected, what came and what to do.
    """
    options = locals()
    if isinstance(model, str | PathLike):
        return from_file(model, _given_beside(options))
    check_all_three(loss, data)
    one_of(options.pop("transport"), TRANSPORTS, "transport")
    resume = options.pop("resume")
    with reading_note(time.monotonic, in_output) as on_progress:
        offer, traits = ask(**options, on_progress=on_progress)
    offer, keeping = kept_in(resume, offer)
    from landscape_widget.live.widget import LandscapeWidget  # Jupyter's part takes longest to import

    widget = LandscapeWidget(
        shared.engine(),
        work_on(offer, keeping),
        replace(offer.choices(), given=given_to({**options, "resume": resume, "repeats": offer.repeats})),
        {**traits, "name": name, "transport": transport},
        shared.library(),
    )
    shared.cells().made(widget)
    return widget


def _given_beside(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `explore` has been given beside its first argument."""
    _, *others = inspect.signature(explore).parameters.values()
    return {one.name: options[one.name] for one in others if options[one.name] is not one.default}


def work_on(offer: Offer, keeping: Keeping) -> Work:
    """Return what measures all that a widget shows of an offer."""
    return Work(
        partial(prepare, offer),
        time.monotonic,
        preview=FIRST_PICTURE,
        growth=offer.growth,
        sharpness=partial(sharpness_of, offer),
        keeping=keeping,
        borrows=offer.borrows,
        let_go=offer.let_go,
    )


def given_to(options: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the options that no control shows, as code; of the metrics those that are no maps."""
    metrics, maps = maps_among(options.get("metrics"))
    return given({**options, "metrics": metrics or (None if maps else metrics)})


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
    orthogonalize: bool | None = None,
    metrics: Mapping[str, Callable[..., Any] | HessianExtremes] | None = None,
    test_data: Any = None,
    batch_norm: str | None = None,
    mode: str = "eval",
    samples: int | None = None,
    repeats: int | None = None,
    trajectory: Trajectory | None = None,
    tolerance: float | None = None,
    device: torch.device | str | Sequence[torch.device | str] | None = None,
    dtype: torch.dtype | None = None,
    autocast: torch.dtype | None = None,
    memory: int | None = None,
    compile: bool = False,
    executor: Executor | None = None,
    copy: bool = True,
    on_error: str = STOP,
    resume: str | PathLike[str] | None = None,
    seed: int = 0,
    name: str = "",
) -> Surface:
    """Compute what `explore` shows, without a screen: blocks, returns the finished surface.

    Options are those of `explore`. With ``copy=False`` the logger of this module says before the first cell
    where the weights are kept, as a warning: to standard error, unless you have set up logging otherwise.

    Warns:
        UserWarning: where ``resume`` names a file that doesn't hold all of it in the end, for a full disk.

    Raises:
        ValueError, TypeError: at the door, saying what was expected, what came and what to do.
        BaseException: whatever the loss raises.
    """
    options = locals()
    resume = options.pop("resume")
    offer, traits = ask(**options)
    offer, keeping = kept_in(resume, offer)
    if (lender := offer.objective.lender) is not None:
        logging.getLogger(__name__).warning(lender.kept)
    surface = headless(offer, traits, keeping=keeping)
    assert surface is not None  # nobody cancelled
    if keeping.trouble:
        warnings.warn(
            f"{resume} doesn't hold all of it. {keeping.trouble} The surface that comes back does: "
            "`save` it in another place.",
            stacklevel=2,
        )
    return surface
