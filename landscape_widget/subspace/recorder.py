"""How does a training run leave a trajectory? By a hook on the optimizer's steps."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from weakref import WeakMethod

import torch
from torch import Tensor, nn
from torch.nn.parameter import is_lazy
from torch.optim.optimizer import Optimizer, register_optimizer_step_post_hook
from torch.utils.hooks import RemovableHandle

from landscape_widget.objective.free_memory import free_memory
from landscape_widget.subspace.checkpoint import Checkpoint, InMemory, plain_names
from landscape_widget.subspace.leading_steps import LeadingSteps
from landscape_widget.subspace.trajectory import Trajectory

SHARE = 0.5
"""Of the free memory, that checkpoints may take."""


@contextmanager
def record(
    model: nn.Module,
    *,
    every: int | None = 1,
    steps_per_epoch: float | None = None,
    dtype: torch.dtype | None = None,
    trajectory: Trajectory | None = None,
) -> Iterator[Trajectory]:
    """Record where training goes, from the model as it is at the beginning to how it is at the end.

    Checkpoints are copies on the CPU, as many as fit into half of the free memory. Nothing of the model, the
    optimizer or the random state changes. The trajectory can be drawn while it grows.

    Args:
        model: whose optimizer's steps count; other models may train beside it.
        every: optimizer steps from one checkpoint to the next; None: only where ``trajectory.snapshot()`` is
            called.
        steps_per_epoch: optimizer steps, so that checkpoints know their epoch.
        dtype: of the copies, ``torch.bfloat16`` to need half the memory; None: the model's own.
        trajectory: one to go on with; None: a new one.

    Raises:
        TypeError, ValueError: where an argument is something else.
    """
    trajectory = Trajectory() if trajectory is None else trajectory
    recorder = Recorder(trajectory, model, every=every, steps_per_epoch=steps_per_epoch, dtype=dtype)
    recorder.start()
    finished = False
    try:
        yield trajectory
        finished = True
    except KeyboardInterrupt:
        finished = True  # who stops a training wants to see it
        raise
    finally:
        recorder.stop(with_last=finished)


class Recorder:
    """Adds a model's states to a trajectory while the model trains."""

    def __init__(
        self,
        trajectory: Trajectory,
        model: nn.Module,
        *,
        every: int | None,
        steps_per_epoch: float | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        _check(model, every, steps_per_epoch, dtype)
        self._trajectory = trajectory
        self._model = model
        self._every = every
        self._steps_per_epoch = steps_per_epoch
        self._dtype = dtype
        self._step = trajectory[-1].step if len(trajectory) else 0
        self._steps = LeadingSteps(model)
        self._room = _room()
        self._size = 0
        self._hook: RemovableHandle | None = None

    def start(self) -> None:
        """Take the model as it is, and go on at the steps of its optimizer."""
        self._trajectory.follow(self.snapshot)
        self._add_if_new()
        self._hook = register_optimizer_step_post_hook(_while_alive(self._stepped))

    def stop(self, with_last: bool = True) -> None:
        """Listen to steps no longer.

        Args:
            with_last: whether to take the model as it is, unless it has been taken.
        """
        if self._hook is not None:
            self._hook.remove()
            self._hook = None
        if with_last:
            self._add_if_new()
        self._trajectory.follow(None)

    def snapshot(self, epoch: float | None = None) -> None:
        """Add the model as it is now, while there is room."""
        if self._size <= self._room:
            self._add(self._copy(), epoch)
        elif self._room >= 0:
            self._room = -1
            warnings.warn(
                f"The trajectory has taken half of the memory that was free, with {len(self._trajectory)} "
                "checkpoints; no more are taken but the last. Record with a larger `every`, or "
                "`dtype=torch.bfloat16`.",
                stacklevel=2,
            )

    def _stepped(self, optimizer: Optimizer) -> None:
        before, self._step = self._step, self._step + self._steps.count(optimizer)
        if self._every and self._step // self._every > before // self._every:
            self.snapshot()

    def _add_if_new(self) -> None:
        state = self._copy()
        if not _equal(state, self._before()):
            self._add(state, None)

    def _add(self, state: Mapping[str, Tensor], epoch: float | None) -> None:
        before = {id(tensor) for tensor in self._before().values()}
        self._size = sum({id(t): t.nbytes for t in state.values() if id(t) not in before}.values())
        self._room -= self._size
        if epoch is None:
            epoch = self._step / self._steps_per_epoch if self._steps_per_epoch else math.nan
        self._trajectory.append(
            Checkpoint(self._step, InMemory(state), float(epoch), self._steps.learning_rate)
        )

    def _before(self) -> Mapping[str, Tensor]:
        return self._trajectory[-1].state() if len(self._trajectory) else {}

    def _copy(self) -> dict[str, Tensor]:
        """Copy the state; what doesn't train, and is as it was, is shared with the checkpoint before."""
        before = self._before()
        trains = {p.data_ptr() for p in self._model.parameters() if p.requires_grad}
        copies: dict[Any, Tensor] = {}
        state = {}
        with torch.inference_mode(False), torch.no_grad():
            named = self._model.state_dict()
            for plain, name in plain_names(named).items():
                if isinstance(tensor := named[name], Tensor) and tensor.layout == torch.strided:
                    key = (tensor.data_ptr(), tensor.shape, tensor.stride()) if tensor.numel() else name
                    if key not in copies:
                        same = None if tensor.data_ptr() in trains else before.get(plain)
                        copies[key] = self._copied(tensor, same)
                    state[plain] = copies[key]
        return state

    def _copied(self, tensor: Tensor, before: Tensor | None) -> Tensor:
        dtype = self._dtype if self._dtype and tensor.is_floating_point() else tensor.dtype
        copy = tensor.to("cpu", dtype, copy=True, memory_format=torch.contiguous_format)
        return before if before is not None and torch.equal(copy, before) else copy


def _while_alive(stepped: Callable[[Optimizer], None]) -> Callable[[Optimizer, Any, Any], None]:
    """Let the hook, which torch keeps for good, not keep the model of a training that broke off."""
    method = WeakMethod(stepped)

    def hook(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        if (alive := method()) is not None:
            alive(optimizer)

    return hook


def _room() -> float:
    """Return how many bytes checkpoints may take."""
    free = free_memory()
    return math.inf if free is None else SHARE * free


def _equal(a: Mapping[str, Tensor], b: Mapping[str, Tensor]) -> bool:
    return a.keys() == b.keys() and all(a[name] is b[name] or _same(a[name], b[name]) for name in a)


def _same(a: Tensor, b: Tensor) -> bool:
    """Tell whether two copies agree in every byte: NaN, where a training diverged, equals itself."""
    of_a, of_b = (tensor.reshape(-1).view(torch.uint8) for tensor in (a, b))
    return a.dtype == b.dtype and a.shape == b.shape and torch.equal(of_a, of_b)


def _check(model: object, every: object, steps_per_epoch: float | None, dtype: torch.dtype | None) -> None:
    if not isinstance(model, nn.Module):
        raise TypeError(f"Expected the model that trains, a torch.nn.Module; got {type(model).__name__}.")
    if lazy := [name for name, parameter in model.named_parameters() if is_lazy(parameter)]:
        raise ValueError(
            f"{lazy[0]!r} has no shape yet (a lazy module). Run the model once on a batch, first."
        )
    if every is not None and (type(every) is not int or every < 1):
        raise ValueError(
            f"every is a number of optimizer steps, 1 or more, or None; got {every!r}. "
            "With None, call `trajectory.snapshot()`."
        )
    if steps_per_epoch is not None and not steps_per_epoch > 0:
        raise ValueError(f"steps_per_epoch is a number above 0, as `len(loader)`; got {steps_per_epoch!r}.")
    if dtype is not None and not (isinstance(dtype, torch.dtype) and dtype.is_floating_point):
        raise TypeError(f"dtype is a floating point type such as torch.bfloat16; got {dtype!r}.")
