"""What happens in one forward of the user's model? Seen by hooks on a copy; their Python is never traced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from torch import Tensor, nn

from landscape_widget.objective.copies import private_copy
from landscape_widget.objective.params import lies_in_memory
from landscape_widget.objective.structures import Batch, cloned, size_of, taken, tensors_in
from landscape_widget.objective.trial import Trial, computing

_SAMPLES = 4


@dataclass(frozen=True, eq=False)
class Call:
    """One tensor went into a module, one came out. Both are kept, so that no other gets their address."""

    name: str
    module: nn.Module
    input: Tensor
    output: Tensor


@dataclass(frozen=True, eq=False)
class Recording:
    """One forward.

    Attributes:
        batch: what was measured.
        output: what came out of the model, None where that is no tensor.
        calls: of the modules without children that take one tensor and return one, in their order.
        counts: how often each module was called, by its first name.
        shared: names of the modules that go by several names, or whose weights others hold, too.
        sample_bytes: of the largest tensor that came out of a module, for one sample.
    """

    batch: Batch
    output: Tensor | None
    calls: tuple[Call, ...]
    counts: Mapping[str, int]
    shared: frozenset[str]
    sample_bytes: int

    def alone(self, kind: type[nn.Module] | tuple[type[nn.Module], ...]) -> Iterator[Call]:
        """Yield the calls of plain modules of a kind: called once, shared with nobody, without hooks."""
        kinds = kind if isinstance(kind, tuple) else (kind,)
        for call in self.calls:
            plain = type(call.module) in kinds and not _has_hooks(call.module)
            if plain and self.counts[call.name] == 1 and call.name not in self.shared:
                yield call


def record(model: nn.Module, trial: Trial, batch: Batch) -> Recording:
    """Run the loss on a few samples of a batch, on a copy of the model with hooks."""
    batch = cloned(taken(batch, slice(0, min(_SAMPLES, size_of(batch)))) if trial.cuttable else batch)
    copied, _ = private_copy(model, moving=())
    calls: list[Call] = []
    counts: dict[str, int] = {}
    largest = max((tensor.nbytes for tensor in tensors_in(batch)), default=1)
    last: Tensor | None = None

    def listen(name: str, module: nn.Module) -> None:
        is_leaf = next(module.children(), None) is None

        def heard(module: nn.Module, inputs: tuple, output: object) -> None:
            nonlocal largest, last
            counts[name] = counts.get(name, 0) + 1
            if isinstance(output, Tensor):
                largest, last = max(largest, output.nbytes), output
                if is_leaf and len(inputs) == 1 and isinstance(inputs[0], Tensor):
                    calls.append(Call(name, module, inputs[0], output))

        handles.append(module.register_forward_hook(heard))

    handles: list = []
    for name, module in copied.named_modules():
        listen(name, module)
    with computing(trial.differentiates):
        trial.copied().measure(copied, batch)
    for handle in handles:
        handle.remove()
    return Recording(batch, last, tuple(calls), counts, _shared(copied), max(1, largest // size_of(batch)))


def _has_hooks(module: nn.Module) -> bool:
    """Whether something but ourselves stands around its forward, a parametrization included."""
    return bool(module._forward_hooks or module._forward_pre_hooks or "parametrizations" in module._modules)


def _shared(model: nn.Module) -> frozenset[str]:
    owners: dict[int, set[str]] = {}
    for name, module in model.named_modules(remove_duplicate=False):
        owners.setdefault(id(module), set()).add(name)
        for tensor in (*module.parameters(recurse=False), *module.buffers(recurse=False)):
            if tensor.numel() and lies_in_memory(tensor):
                owners.setdefault(-tensor.untyped_storage().data_ptr(), set()).add(name)
    return frozenset(name for names in owners.values() if len(names) > 1 for name in names)
