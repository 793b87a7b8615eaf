"""How sharp is the loss where training ended? The read-outs beside a landscape, without one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from numbers import Real
from time import perf_counter
from typing import Any

import numpy as np
import torch

from landscape_widget.curvature.density import spectrum
from landscape_widget.curvature.door import check_curvature
from landscape_widget.curvature.extremes import extremes
from landscape_widget.curvature.hessian_extremes import check_whole
from landscape_widget.curvature.nearby import Nearby
from landscape_widget.curvature.place import at_origin
from landscape_widget.curvature.products import Cancelled, Hessian
from landscape_widget.curvature.steps import adaptive_step, critical_step, steepest_step
from landscape_widget.curvature.trace import trace
from landscape_widget.objective.autocast import PRECISE
from landscape_widget.objective.criterion import name_of_loss
from landscape_widget.objective.free_memory import free_memory
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.sharpness_values import Sharpness

SAMPLES = 256
RADIUS, ADAPTIVE_RADIUS = 0.05, 0.5
"""ρ of SAM and of ASAM, as their papers have them."""

TOLERANCE = 1e-3
"""Of the extremes, as a share of |H|."""

GRAPH_SHARE = 0.25
"""Of the free memory, that a graph kept for many products may take."""


def sharpness(
    model: torch.nn.Module,
    loss: Callable[..., Any],
    data: Any,
    *,
    parameters: str = "trainable",
    samples: int | None = None,
    radius: float = RADIUS,
    adaptive_radius: float = ADAPTIVE_RADIUS,
    mode: str = "eval",
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    seed: int = 0,
    on_progress: Callable[[Sharpness], None] = lambda known: None,
) -> Sharpness:
    """Measure how sharp the loss is at a trained model; the model itself is left alone.

    Args:
        model: the network; copied.
        loss: as `explore` takes it; it must be differentiable twice.
        data: as `explore` takes it; read once.
        parameters: of which the gradient and the Hessian are: ``"trainable"``, ``"all"``, a regular
            expression on names, or ``"merged"``: adapters as a part of the weights they adapt.
        samples: size of a fixed, seeded subset; None: 256, or all of smaller data.
        radius: ρ of SAM, in weights.
        adaptive_radius: ρ of ASAM, in units of each weight's own size.
        mode: ``"eval"``, or ``"train"`` for layers that draw random numbers.
        device: where to compute; the model's by default.
        dtype: in what precision; the model's by default.
        seed: of the subset and of all random vectors.
        on_progress: told what is known so far, after each part.

    Raises:
        ValueError, TypeError: at the door, saying what was expected, what came and what to do.
    """
    check_radius("radius", radius)
    check_radius("adaptive_radius", adaptive_radius)
    check_whole("seed", seed, 0)
    objective = read_objective(
        model,
        loss,
        data,
        parameters=parameters,
        samples=samples,
        mode=mode,
        device=device,
        dtype=dtype,
        seed=seed,
    )
    known = Sharpness()
    parts = measure_sharpness(
        objective,
        None,
        lambda: False,
        samples=samples or SAMPLES,
        radius=radius,
        adaptive_radius=adaptive_radius,
        seed=seed,
        settings={"loss": name_of_loss(loss), "which": parameters},
    )
    with one_torch_thread():
        for known in parts:
            on_progress(known)
    return known


def measure_sharpness(
    objective: Objective,
    names: Sequence[str] | None,
    cancelled: Callable[[], bool],
    *,
    samples: int = SAMPLES,
    radius: float = RADIUS,
    adaptive_radius: float = ADAPTIVE_RADIUS,
    seed: int = 0,
    settings: dict[str, Any] | None = None,
) -> Iterator[Sharpness]:
    """Yield what is known of the origin after each part, the cheapest first; end early once cancelled.

    Args:
        names: of the parameters it is about; None: all that move.

    Raises:
        ValueError: where the loss can't be differentiated twice.
    """
    began = perf_counter()
    notes = (PRECISE,) if objective.autocast else ()
    objective = objective.precise
    names = tuple(objective.params) if names is None else tuple(names)
    graph = check_curvature(objective, names)
    samples = min(samples, objective.train.size)
    batches = objective.portions(samples)[0]
    free = free_memory()
    keep = free is None or graph * samples <= GRAPH_SHARE * free
    known = Sharpness(
        samples=samples,
        size=objective.train.size,
        notes=notes,
        settings=(settings or {})
        | {"seed": seed, "batch_norm": objective.batch_norm, "mode": objective.mode, "tolerance": TOLERANCE},
    )
    try:
        with at_origin(objective, names).hessian(batches, cancelled, keep=keep) as hessian:
            known = replace(known, parameters=hessian.size, loss=hessian.loss)
            nearby = Nearby(objective, names, batches, cancelled)
            radii = radius, adaptive_radius
            for more in _parts(known, hessian, nearby, _weights(objective, names), radii, seed):
                yield replace(more, seconds=perf_counter() - began)
    except Cancelled:
        return


def check_radius(name: str, value: object) -> None:
    """Raise ValueError unless it is a length above 0."""
    if not isinstance(value, Real) or isinstance(value, bool) or not 0 < float(value) < math.inf:
        raise ValueError(f"{name} is how far a step goes, a number above 0; got {value!r}.")


def _parts(
    known: Sharpness,
    hessian: Hessian,
    nearby: Nearby,
    weights: np.ndarray,
    radii: tuple[float, float],
    seed: int,
) -> Iterator[Sharpness]:
    gradient = hessian.gradient
    if not (math.isfinite(hessian.loss) and np.isfinite(gradient).all()):
        note = "The loss, or its gradient, isn't finite at the origin, so nothing else can be said of it."
        yield replace(known, notes=(*known.notes, note), done=True)
        return
    here = nearby(np.zeros(hessian.size))
    rises = [
        None if step is None else nearby(step) - here
        for step in (steepest_step(gradient, radii[0]), adaptive_step(gradient, weights, radii[1]))
    ]
    known = replace(known, sam=rises[0], sam_radius=radii[0], asam=rises[1], asam_radius=radii[1])
    yield known
    length = float(np.linalg.norm(weights)) or 1.0
    if (step := critical_step(nearby, gradient, here, length)) is None:
        note = "The loss doesn't rise along −g, however far, or the gradient is zero; no critical sharpness."
        known = replace(known, notes=(*known.notes, note))
    else:
        known = replace(known, critical=2 / step, critical_step=step)
    yield known
    noise = np.random.default_rng(seed).standard_normal(hessian.size)
    ends = extremes(hessian, noise, TOLERANCE)
    if ends.residual > TOLERANCE:
        note = f"λ_max and λ_min are known to {ends.residual:.0%} of the larger only (‖Hv − λv‖/|H|)."
        known = replace(known, notes=(*known.notes, note))
    known = replace(known, largest=ends.largest, smallest=ends.smallest)
    yield known
    total, error = trace(hessian, hessian.size, seed)
    known = replace(known, trace=total, trace_error=error)
    yield known
    yield replace(known, spectrum=spectrum(hessian, hessian.size, seed), done=True)


def _weights(objective: Objective, names: Sequence[str]) -> np.ndarray:
    own = dict(objective.model.named_parameters(remove_duplicate=False))
    return np.concatenate([own[name].detach().cpu().double().numpy().reshape(-1) for name in names])
