"""How do model, loss and data become an objective? Copied or lent, read once, and tried on one batch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from landscape_widget.facts import MetricFacts
from landscape_widget.names import one_of
from landscape_widget.objective.adapters import MERGED, merged_copy
from landscape_widget.objective.autocast import check_autocast, is_casting
from landscape_widget.objective.batch_norm import batch_norms
from landscape_widget.objective.batches import Batches
from landscape_widget.objective.checks import check_arguments, check_place, checked_samples
from landscape_widget.objective.common_random_numbers import MODES
from landscape_widget.objective.copies import private_copy, uncompiled
from landscape_widget.objective.in_place import lend
from landscape_widget.objective.lender import closed_on_error
from landscape_widget.objective.metrics import Metric
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import moved_parameters, share_of_norm
from landscape_widget.objective.random_state import kept_random_state
from landscape_widget.objective.reading import read_batches
from landscape_widget.objective.structures import Batch
from landscape_widget.objective.torch_threads import one_torch_thread
from landscape_widget.objective.trial import Trial, try_on, try_test_data

T = TypeVar("T")

TRIED = 8
"""Samples that loss and model are tried on: enough to tell, and quick on any network."""


def read_objective(
    model: nn.Module,
    loss: Any,
    data: Any,
    *,
    parameters: str = "trainable",
    metrics: Mapping[str, Metric] | None = None,
    test_data: Any = None,
    samples: int | None = None,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    autocast: torch.dtype | None = None,
    copy: bool = True,
    turns: AbstractContextManager[object] | None = None,
    mode: str = "eval",
    seed: int = 0,
    on_progress: Callable[[int], None] = lambda read: None,
) -> Objective:
    """Copy the model, read the data once and try both on one batch, in the calling thread.

    The global random states are kept. The options are those of `landscape_widget.explore`.

    Args:
        turns: held while a model is copied or moved; see `landscape_widget.objective.turns`.

    Raises:
        TypeError: where an argument is something else altogether.
        ValueError: where it can't be measured; the sentence says what to do.
    """
    check_arguments(model, loss, metrics)
    check_place(device, dtype)
    one_of(mode, MODES, "mode")
    model = uncompiled(model)
    lender = lent = None
    with turns or nullcontext():
        if copy:
            private, moved, notes = _copied(model, parameters, device, dtype)
        else:
            lender, notes = lend(model, parameters, device, dtype, turns or nullcontext())
            private, moved, lent = model, tuple(lender.params), lender.lent
    place = next(private.parameters()).device
    read = partial(read_batches, device=place, dtype=dtype, samples_limit=samples, on_progress=on_progress)
    with closed_on_error(lender), kept_random_state():
        check_autocast(autocast, private)
        train, test = read(data), None if test_data is None else _read_test(read, test_data)
        samples = checked_samples(samples, train.size)
        own = dict(private.named_parameters(remove_duplicate=False))
        params = {name: own[name].detach() for name in moved} if lender is None else lender.params
        with one_torch_thread():
            options = {"mode": mode, "seed": seed, "autocast": autocast, "lent": lent}
            trial = _tried(partial(try_on, private, params, loss, metrics, **options), train)
            if test is not None:
                _tried(partial(try_test_data, trial, private, seed=seed, lent=lent), test)
    return Objective(
        private,
        params,
        _facts(trial, train, test),
        train,
        test,
        share_of_norm(params, own),
        samples,
        seed,
        trial,
        (*notes, *_autocast_notes(autocast, params, place), *trial.notes),
        "frozen" if batch_norms(private) else None,
        lender,
    )


def _copied(
    model: nn.Module, parameters: str, device: torch.device | str | None, dtype: torch.dtype | None
) -> tuple[nn.Module, tuple[str, ...], tuple[str, ...]]:
    """Return a private copy, the names of what moves in it, and notes."""
    if parameters == MERGED:
        private, copy_notes = merged_copy(model, device, dtype)
        moved, notes = moved_parameters(private)
        private.requires_grad_(False)
    else:
        moved, notes = moved_parameters(model, parameters)
        private, copy_notes = private_copy(model, device, dtype)
    return private, tuple(moved), (*notes, *copy_notes)


def _tried(judge: Callable[[Batch], T], data: Batches) -> T:
    """Judge by samples from all over the data, which may be sorted; else by the first batch as it came."""
    with suppress(Exception):  # of samples that can't be batched otherwise
        if (mixed := data.mixed(TRIED)) is not None:
            return judge(mixed)
    return judge(data.first)


def _read_test(read: Callable[[Any], Batches], data: Any) -> Batches:
    try:
        return read(data)
    except (TypeError, ValueError) as error:
        if type(error) not in (TypeError, ValueError):  # one of the user's own, made of more than a sentence
            raise
        raise type(error)(f"test_data: {error}") from error


def _facts(trial: Trial, train: Batches, test: Batches | None) -> tuple[MetricFacts, ...]:
    units = trial.measure.units
    facts = [MetricFacts(name, unit, train.size) for name, unit in units.items()]
    if test is not None:
        facts += [MetricFacts(f"test_{name}", unit, test.size) for name, unit in units.items()]
    return tuple(facts)


def _autocast_notes(
    dtype: torch.dtype | None, params: Mapping[str, Tensor], device: torch.device
) -> Iterator[str]:
    if dtype is not None:
        own, cast = (str(one).removeprefix("torch.") for one in (next(iter(params.values())).dtype, dtype))
        yield f"Measured under torch.autocast in {cast}; the weights themselves are {own}."
    elif is_casting(device):
        yield (
            "You are under torch.autocast, which doesn't reach the cells: they are measured in the weights' "
            "precision. Give `autocast=torch.bfloat16` to have it there, too."
        )
