"""Which statistics does BatchNorm use at a cell: the centre's, interpolated ones, or the cell's own?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm

from landscape_widget.objective.copies import Buffers
from landscape_widget.objective.structures import Batch, size_of

MODES = ("frozen", "reestimate", "interpolate")
"""The centre's statistics everywhere; each cell's own; those that a direction between models moves along."""

CALIBRATION = 128
"""Samples a batch while statistics are re-estimated. They depend on it, so it is fixed and never raced."""


def batch_norms(model: nn.Module) -> tuple[_BatchNorm, ...]:
    """Return the BatchNorm modules that keep running statistics, each once."""
    modules = (module for module in model.modules() if isinstance(module, _BatchNorm))
    return tuple(module for module in modules if module.running_mean is not None)


@contextmanager
def re_estimated(
    model: nn.Module,
    forward: Callable[[Batch], object],
    batches: Sequence[Batch],
    cancelled: Callable[[], bool],
) -> Iterator[None]:
    """Give BatchNorm the mean statistics of these batches, weighted by samples; on leaving, the old ones.

    Nothing but BatchNorm is in train mode meanwhile, and batches of one sample are left out. Use it on a
    private copy; once ``cancelled()`` is true the statistics mean nothing.
    """
    norms = batch_norms(model)
    kept = [(norm, norm.momentum, Buffers(norm)) for norm in norms]
    hooks = [norm.register_forward_pre_hook(_cumulative(), with_kwargs=True) for norm in norms]
    try:
        _switch(norms, training=True)
        for batch in batches:
            if cancelled():
                break
            if size_of(batch) > 1 or len(batches) == 1:
                forward(batch)
        _switch(norms, training=False)
        yield
    finally:
        _switch(norms, training=False)
        for hook in hooks:
            hook.remove()
        for norm, momentum, buffers in kept:
            norm.momentum = momentum
            buffers.restore()


def _cumulative() -> Callable[[nn.Module, tuple[Any, ...], dict[str, Any]], None]:
    """Return a hook that has a module average over all samples since the first, however batched."""
    seen = 0

    def before(norm: nn.Module, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        nonlocal seen
        assert isinstance(norm, _BatchNorm)
        if not norm.training:
            return
        if not seen:
            norm.reset_running_stats()
        samples = len(arguments[0] if arguments else named["input"])
        seen += samples
        norm.momentum = samples / seen

    return before


def _switch(norms: Iterable[_BatchNorm], training: bool) -> None:
    for norm in norms:
        norm.train(training)
