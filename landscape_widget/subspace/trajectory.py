"""Which states did a training run pass through? A sequence of checkpoints, which may still grow."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import torch
from torch import Tensor

from landscape_widget.subspace.checkpoint import Checkpoint
from landscape_widget.subspace.checkpoint_files import read_checkpoints

T = TypeVar("T")

_REMEMBERED = 4


class Trajectory:
    """Checkpoints of one network, the first one first.

    `landscape_widget.record` fills one while a model trains, from any thread; `from_checkpoints` reads files.
    """

    def __init__(self, checkpoints: Iterable[Checkpoint] = ()) -> None:
        """Begin with these checkpoints.

        Raises:
            ValueError: where they aren't of one architecture.
        """
        self._checkpoints: list[Checkpoint] = []
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._take: Callable[[float | None], None] | None = None
        self._remembered: dict[Hashable, Any] = {}
        for checkpoint in checkpoints:
            self.append(checkpoint)

    @classmethod
    def from_checkpoints(
        cls,
        checkpoints: str | Path | Sequence[str | Path | Mapping[str, Tensor]],
        *,
        steps: Sequence[int] | None = None,
        epochs: Sequence[float] | None = None,
        learning_rates: Sequence[float] | None = None,
    ) -> Trajectory:
        """Read two or more checkpoints, the tensors themselves only when they are needed.

        Args:
            checkpoints: files in the order of training, ``.pt``, ``.pth``, ``.bin``, ``.ckpt`` or
                ``.safetensors``; or a directory, or a pattern such as ``"run/epoch_*.pt"``, whose files are
                taken in the order of the numbers in their names; or state_dicts. What Hugging Face's Trainer
                or ``save_pretrained`` wrote is a directory a checkpoint. What ``torch.save`` wrote is read
                with ``weights_only=True``: a state_dict, or a mapping that holds one under
                ``"state_dict"``, ``"model_state_dict"`` or ``"model"``.
            steps: optimizer steps at each checkpoint; by default what the files say, else 0, 1, 2, …
            epochs: likewise; unknown where nobody says.
            learning_rates: likewise.

        Raises:
            TypeError: where something else is given.
            FileNotFoundError: where there is no such file.
            ValueError: where a file holds no state_dict, two are of different architectures, or there are
                fewer than two.
        """
        read = read_checkpoints(checkpoints)
        if len(read) < 2:
            raise ValueError(
                f"A trajectory needs two checkpoints or more; got {len(read)}. A trajectory of one point has "
                "no path: save a checkpoint every epoch, or use `with lw.record(model) as trajectory:`."
            )
        for what, values in {"steps": steps, "epochs": epochs, "learning_rates": learning_rates}.items():
            if values is not None:
                pairs = zip(read, _as_many(what, values, len(read)), strict=True)
                read = [replace(one, **{what.removesuffix("s"): value}) for one, value in pairs]
        return cls(read)

    def __len__(self) -> int:
        return len(self._checkpoints)

    def __getitem__(self, number: int) -> Checkpoint:
        return self._checkpoints[number]

    def __iter__(self) -> Iterator[Checkpoint]:
        return iter(tuple(self._checkpoints))

    def __repr__(self) -> str:
        return f"<Trajectory of {len(self)} checkpoints{', still recording' if self.is_recording else ''}>"

    @property
    def shapes(self) -> Mapping[str, torch.Size]:
        """Of the tensors that can move; empty before the first checkpoint."""
        return self._checkpoints[0].tensors.shapes if self._checkpoints else {}

    @property
    def is_recording(self) -> bool:
        """Whether a model is training that will add checkpoints."""
        return self._take is not None

    def append(self, checkpoint: Checkpoint) -> None:
        """Add a checkpoint, and tell who listens, in the calling thread.

        Raises:
            ValueError: where it is of another architecture than the first.
        """
        if self._checkpoints:
            _refuse_another_architecture(self[0], checkpoint, len(self))
        self._checkpoints.append(checkpoint)
        for heard in self._listeners:
            heard()

    def listen(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Have ``heard`` called after each new checkpoint, on the thread that trains; the result ends it.

        Args:
            heard: must be quick and must not raise, since training waits for it.
        """

        def told() -> None:
            heard()

        self._listeners = (*self._listeners, told)

        def stop() -> None:
            self._listeners = tuple(listener for listener in self._listeners if listener is not told)

        return stop

    def snapshot(self, epoch: float | None = None) -> None:
        """Add the model as it is now.

        Args:
            epoch: None: what ``steps_per_epoch`` makes of the steps taken.

        Raises:
            RuntimeError: where no model is being recorded.
        """
        if self._take is None:
            raise RuntimeError(
                "Expected a model that is being recorded; nothing is. Take snapshots inside "
                "`with lw.record(model, every=None) as trajectory:`."
            )
        self._take(epoch)

    def follow(self, take: Callable[[float | None], None] | None) -> None:
        """Have ``take`` add the model's state when somebody asks for a snapshot; None: no longer."""
        self._take = take

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made for the key before, or make it; the latest few are kept."""
        if key not in self._remembered:
            made = make()
            for old in list(self._remembered)[: 1 - _REMEMBERED]:
                self._remembered.pop(old, None)
            self._remembered[key] = made
            return made
        return self._remembered[key]


def _as_many(what: str, values: Sequence[float], count: int) -> list[float]:
    if len(values) != count:
        raise ValueError(
            f"Expected {what} with one number for each of the {count} checkpoints; got {len(values)}. "
            "Leave them out where they aren't known."
        )
    try:
        return [int(value) if what == "steps" else float(value) for value in values]
    except (TypeError, ValueError) as error:
        raise TypeError(f"Expected {what} as numbers, one for each checkpoint; got {values!r}.") from error


def _refuse_another_architecture(first: Checkpoint, other: Checkpoint, number: int) -> None:
    expected, got = first.tensors.shapes, other.tensors.shapes
    which = f"Checkpoint {number}" + (f" ({other.name})" if other.name else "")
    do = "All checkpoints of a trajectory must be of one network."
    missing = [name for name in expected if name not in got]
    unexpected = [name for name in got if name not in expected]
    if missing or unexpected:
        what = f"lacks {missing[0]!r}" if missing else f"has {unexpected[0]!r}, which checkpoint 0 lacks"
        raise ValueError(f"{which} {what} ({len(missing)} missing, {len(unexpected)} unexpected names). {do}")
    if wrong := [name for name in expected if got[name] != expected[name]]:
        name = wrong[0]
        raise ValueError(
            f"{which} has shape {list(got[name])} for {name!r}; expected {list(expected[name])} as in "
            f"checkpoint 0 ({len(wrong)} shapes differ). {do}"
        )
