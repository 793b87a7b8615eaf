"""Which landscape is this? A checksum of each part, by which cells that were measured before are trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from landscape_widget.objective.autocast import Autocast
from landscape_widget.objective.batches import Batches
from landscape_widget.objective.digest import bytes_of, digest_of
from landscape_widget.objective.measure import FunctionMeasure, Measure, OutputMeasure
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import fingerprint
from landscape_widget.objective.structures import size_of


def identity_of(objective: Objective) -> dict[str, str]:
    """Return part → SHA-256 in hex: of all that decides a cell but for the directions. Reads all the data."""
    model, is_batched = objective.model, not objective.trial.cuttable
    loss, metrics = _asked(objective.trial.measure)
    weights = dict(model.named_parameters())
    return {
        "architecture": architecture_digest(model),
        "weights": digest_of([fingerprint(weights), *objective.params]),
        "buffers": fingerprint(dict(model.named_buffers())),
        "data": data_digest(objective.train, is_batched),
        "test data": digest_of(objective.test and data_digest(objective.test, is_batched)),
        "loss": digest_of(loss),
        "metrics": digest_of(metrics),
        "mode": digest_of(objective.mode),
        "dtype": digest_of(next(iter(objective.params.values())).dtype),
        "autocast": digest_of(objective.autocast),
        "seed": digest_of(objective.seed),
    }


def architecture_digest(model: nn.Module) -> str:
    """Return the SHA-256 of the modules: where they are, of which class, what they say of themselves."""
    modules = [(name, type(module), module.extra_repr()) for name, module in model.named_modules()]
    return digest_of(modules)


def data_digest(data: Batches, is_batched: bool) -> str:
    """Return the SHA-256 of all samples, in their order.

    Args:
        is_batched: whether it matters which of them come together.
    """
    columns: dict[str, Any] = {}
    kinds: dict[str, str] = {}
    batches = data.take(data.size)
    for batch in batches:
        for place, part in _columns(batch):
            column = columns.setdefault(place, hashlib.sha256())
            kind = f"{part.dtype} {list(part.shape[1:])};" if isinstance(part, Tensor) else ""
            if kinds.get(place) != kind:
                kinds[place] = kind
                column.update(kind.encode())
            is_plain = isinstance(part, Tensor) and part.layout == torch.strided
            column.update(bytes_of(part) if is_plain else digest_of(part).encode())
    sizes = [size_of(batch) for batch in batches] if is_batched else [data.size]
    return digest_of([sizes, {place: column.hexdigest() for place, column in columns.items()}])


def _asked(measure: Measure) -> tuple[Any, Any]:
    """Return the loss and the metrics as the user gave them."""
    match measure:
        case Autocast(measure=inner):
            return _asked(inner)
        case OutputMeasure(criterion, metrics):
            return criterion.loss, metrics
        case FunctionMeasure(fn, names):
            return fn, names
    return measure, ()


def _columns(batch: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the leaves of a batch, and where each of them is."""
    if isinstance(batch, Mapping):
        for name, part in batch.items():
            yield from _columns(part, f"{place}/{name}")
    elif isinstance(batch, list | tuple):
        for number, part in enumerate(batch):
            yield from _columns(part, f"{place}/{number}")
    else:
        yield place, batch
