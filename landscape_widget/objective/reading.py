"""How is data of any common form read, once, without leaving a trace?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from landscape_widget.objective.batches import BATCH, Batches, parts
from landscape_widget.objective.random_state import kept_random_state
from landscape_widget.objective.structures import Batch, mapped, shapes, size_of, taken, tensors_in


def read_batches(
    data: Any,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
    samples_limit: int | None = None,
    on_progress: Callable[[int], None] = lambda read: None,
) -> Batches:
    """Read data of any common form, once, in the calling thread, with the global random states kept.

    Args:
        data: a DataLoader, a Dataset, a tuple or dict of tensors, a list or other iterable of batches; or
            what was read before, which is shared where it is kept as it should be.
        device: where to keep it; None: where it is.
        dtype: what floating point tensors are cast to; None: as they are.
        samples_limit: where to stop with data that has no length.
        on_progress: called with the samples read so far, after each batch.

    Raises:
        TypeError: where it is none of these.
        ValueError: where it is empty, endless without a limit, or its lengths differ.
    """

    if isinstance(data, Batches):
        if data.is_kept(device, dtype):
            return data
        data = list(data.take(data.size))

    def own(tensor: Tensor) -> Tensor:
        to = dtype if tensor.is_floating_point() else None
        kept = tensor.detach().to(device=device, dtype=to or tensor.dtype, copy=True)
        return kept.requires_grad_(tensor.requires_grad)

    source, total = _source(data)
    if total is None and samples_limit is None:
        raise ValueError(
            f"Expected data with an end; {type(data).__name__} has no length, so it may never stop. "
            "Say how many samples to read, e.g. `samples=1024`."
        )
    batches: list[Batch] = []
    read = 0
    with kept_random_state(*_generators(data)), torch.inference_mode(False):
        for batch in source:
            batches.append(mapped(batch, own))
            read += size_of(batch)
            on_progress(read)
            if total is None and samples_limit is not None and read >= samples_limit:
                batches[-1] = taken(batches[-1], slice(0, size_of(batch) - (read - samples_limit)))
                break
    if not read:
        raise ValueError("Expected data with at least one sample; got none. Is the data set empty?")
    return Batches(batch for batch in batches if size_of(batch))


def _source(data: Any) -> tuple[Iterable[Batch], int | None]:
    """Return the batches to read, and how many they are, or None where that's unknown."""
    if isinstance(data, (Tensor, tuple, Mapping)):
        _check_columns(data)
        batches = list(parts(data, BATCH))
        return batches, len(batches)
    if isinstance(data, DataLoader):
        return data, _length(data)
    if isinstance(data, Dataset):
        loader = DataLoader(data, batch_size=BATCH)
        return loader, _length(loader)
    if isinstance(data, (str, bytes, nn.Module)) or not isinstance(data, Iterable):
        raise TypeError(
            "Expected data as a DataLoader, a Dataset, a tuple or dict of tensors, or a list of batches; "
            f"got {type(data).__name__}. The order is (model, loss, data)."
        )
    return data, _length(data)


def _check_columns(data: Any) -> None:
    columns = (
        dict(data)
        if isinstance(data, Mapping)
        else dict(enumerate(data if isinstance(data, tuple) else [data]))
    )
    for name, column in columns.items():
        if not any(True for _ in tensors_in(column)):
            raise TypeError(
                f"Expected tensors; entry {name!r} of the data is {type(column).__name__}. Convert it, e.g. "
                "with `torch.as_tensor`, or wrap batches in a list."
            )
    lengths = {len(tensor) if tensor.ndim else None for tensor in tensors_in(data)}
    if len(lengths) > 1 or None in lengths:
        raise ValueError(
            f"Expected tensors with one entry a sample, all of one length; got {shapes(data)}. "
            "Inputs and targets must belong together row by row."
        )


def _length(data: Any) -> int | None:
    try:
        return len(data)
    except (TypeError, NotImplementedError):
        return None


def _generators(data: Any) -> Iterator[torch.Generator]:
    """Yield the generators that iterating the data draws from, besides the global ones."""
    batch_sampler = getattr(data, "batch_sampler", None)
    found = {}
    for owner in (
        data,
        getattr(data, "sampler", None),
        batch_sampler,
        getattr(batch_sampler, "sampler", None),
    ):
        generator = getattr(owner, "generator", None)
        if isinstance(generator, torch.Generator):
            found[id(generator)] = generator
    yield from found.values()
