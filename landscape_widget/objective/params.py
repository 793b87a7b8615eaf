"""A point θ of the landscape, one tensor a parameter name: which ones move, and their arithmetic."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from landscape_widget.objective.adapters import adapter_notes, adapters, refuse_idle
from landscape_widget.objective.lazy_tensors import like_of, parts_of
from landscape_widget.objective.pieces import pieces
from landscape_widget.objective.refusals import (
    is_movable,
    refuse_immovable,
    refuse_quantized,
    refuse_valueless,
)

Point = Mapping[str, Tensor]

LARGE = 50_000_000
"""Moved weights beyond which a cell takes seconds: a line comes before a plane, and no direction is held."""


def is_large(point: Point) -> bool:
    """Whether so many weights move that time and memory want to be saved at every turn."""
    return size(point) > LARGE


def size(point: Point) -> int:
    """Return how many numbers a point has."""
    return sum(tensor.numel() for tensor in point.values())


def moved_parameters(model: nn.Module, which: str = "trainable") -> tuple[dict[str, Tensor], tuple[str, ...]]:
    """Return the parameters that move, each storage once, in the order of ``named_parameters``, and notes.

    Args:
        which: ``"trainable"`` (none trainable: all, with a note), ``"all"``, or a regular expression that is
            searched for in the names; what is ``"merged"`` comes as `adapters.merged_copy` has made it.

    Raises:
        TypeError: where ``which`` is no text.
        ValueError: where nothing moves, or something can't: integers, quantized, lazy or meta weights.
    """
    if not isinstance(which, str):
        raise TypeError(
            f"Expected parameters to be 'trainable', 'all', 'merged' or a regular expression; got {which!r}. "
            "Several names are written as 'first|second'."
        )
    refuse_valueless(model)
    named = dict(model.named_parameters(remove_duplicate=False))
    notes = []
    if which == "trainable":
        chosen = {name: p for name, p in named.items() if p.requires_grad}
        if not chosen:
            notes.append("No parameter requires a gradient, so all of them move.")
    else:
        chosen = named if which == "all" else _matching(named, which)
    chosen = chosen or named
    if which == "all" or (which == "trainable" and not chosen.keys() & adapters(model).keys()):
        refuse_quantized(model)
    refuse_immovable(chosen)
    refuse_idle(model, chosen)
    moved, ties = without_ties(chosen)
    for name, parameter in moved.items():
        if not is_finite(parameter.detach()):
            notes.append(f"{name} holds NaN or infinities, so no cell near the origin may be finite.")
    return moved, (*notes, *ties, *adapter_notes(model, moved))


def without_ties(named: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], list[str]]:
    """Return each storage once, under its first name, and a note for each further name."""
    first: dict[object, str] = {}
    once: dict[str, Tensor] = {}
    ties = []
    for name, parameter in named.items():
        place = (parameter.device, parameter.data_ptr()) if parameter.numel() else name
        if place in first:
            ties.append(f"{name} is tied to {first[place]}; they move as one.")
        else:
            first[place] = name
            once[name] = parameter
    return once, ties


def lies_in_memory(tensor: Tensor) -> bool:
    """Whether its numbers stand in one place; those of sparse tensors, and of others' own kinds, don't."""
    return tensor.layout == torch.strided and type(tensor.data) is Tensor


def squared_norm(point: Point) -> float:
    """Return ‖θ‖², summed in float64."""
    return dot(point, point)


def share_of_norm(moved: Point, named: Point) -> float:
    """Return ‖θ_moved‖² / ‖θ‖², where ties count once and what can't move not at all."""
    movable, _ = without_ties({name: p for name, p in named.items() if is_movable(p)})
    return squared_norm(moved) / (squared_norm(movable) or 1.0)


def is_finite(tensor: Tensor) -> bool:
    """Tell whether all entries are, a piece at a time."""
    flat = tensor if tensor.ndim else tensor.reshape(1)
    return all(bool(torch.isfinite(flat[some]).all()) for some in pieces(flat))


def dot(a: Point, b: Point) -> float:
    """Return the real part of ⟨a, b⟩, summed in float64; a name that one of them lacks counts as zero."""
    return sum((_inner(a[name], b[name]) for name in a if name in b), 0.0)


def fingerprint(point: Point) -> str:
    """Return the SHA-256 of names, dtypes, shapes and bytes in hex; the order of names doesn't matter."""
    digest = hashlib.sha256()
    for name in sorted(point):
        like = like_of(point, name)
        digest.update(f"{name} {_dtype(like)} {list(like.shape)};".encode())
        for part in parts_of(point, name):
            digest.update(part.detach().cpu().contiguous().view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _inner(a: Tensor, b: Tensor) -> float:
    wide = torch.complex128 if a.is_complex() or b.is_complex() else torch.float64
    x, y = (t.detach().cpu().reshape(-1) for t in (a, b))
    return sum((float(torch.vdot(x[some].to(wide), y[some].to(wide)).real) for some in pieces(x)), 0.0)


def _matching(named: Mapping[str, Tensor], pattern: str) -> dict[str, Tensor]:
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"parameters={pattern!r} is no regular expression: {error}.") from error
    matched = {name: parameter for name, parameter in named.items() if expression.search(name)}
    if not matched:
        some = ", ".join(list(named)[:4]) + (", …" if len(named) > 4 else "")
        raise ValueError(
            f"parameters={pattern!r} matches no parameter name. Expected 'trainable', 'all' or a regular "
            f"expression that is found in one of: {some}."
        )
    return matched


def _dtype(tensor: Tensor) -> str:
    return str(tensor.dtype).removeprefix("torch.")
