"""How does a training leave a trajectory where a trainer runs the loop? By callbacks."""

from __future__ import annotations

import math
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from landscape_widget.subspace.recorder import Recorder
from landscape_widget.subspace.trajectory import Trajectory

if TYPE_CHECKING:
    import torch
    from torch import nn


def lightning_callback(
    trajectory: Trajectory | None = None, *, every: int | None = None, dtype: torch.dtype | None = None
) -> Any:
    """Return a callback for ``lightning.Trainer(callbacks=[…])`` that records the module it fits.

    The callback's ``trajectory`` may be drawn at once, and grows while the trainer fits. A network that is an
    attribute of the module can be looked at as well as the module.

    Args:
        trajectory: which one to add to; None: a new one.
        every: optimizer steps from one checkpoint to the next; None: one at the end of each epoch.
        dtype: of the copies; None: the module's own.

    Raises:
        ImportError: without Lightning.
    """
    Callback = _base("Callback", "lightning_callback", "lightning.pytorch", "pytorch_lightning")

    class LandscapeCallback(Callback):
        """Records the module that is fitted."""

        def __init__(self) -> None:
            self.trajectory, self._recording = recording.trajectory, recording

        def on_train_start(self, trainer: Any, pl_module: Any) -> None:
            if trainer.is_global_zero:
                steps = trainer.num_training_batches / trainer.accumulate_grad_batches
                self._recording.begin(pl_module, steps)

        def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
            self._recording.epoch_ended(trainer.current_epoch + 1)

        def on_train_end(self, trainer: Any, pl_module: Any) -> None:
            self._recording.end()

        def on_exception(self, trainer: Any, pl_module: Any, exception: BaseException) -> None:
            self._recording.end(with_last=isinstance(exception, KeyboardInterrupt))

    recording = _Recording(trajectory, every, dtype)
    return LandscapeCallback()


def trainer_callback(
    trajectory: Trajectory | None = None, *, every: int | None = None, dtype: torch.dtype | None = None
) -> Any:
    """Return a callback for ``transformers.Trainer(callbacks=[…])`` that records the model it trains.

    The callback's ``trajectory`` may be drawn at once, and grows while the trainer trains.

    Args:
        trajectory: which one to add to; None: a new one.
        every: optimizer steps from one checkpoint to the next; None: one at the end of each epoch.
        dtype: of the copies; None: the model's own.

    Raises:
        ImportError: without transformers.
    """
    TrainerCallback = _base("TrainerCallback", "trainer_callback", "transformers")

    class LandscapeCallback(TrainerCallback):
        """Records the model that is trained."""

        def __init__(self) -> None:
            self.trajectory, self._recording = recording.trajectory, recording

        def on_train_begin(self, args: Any, state: Any, control: Any, **given: Any) -> None:
            if state.is_world_process_zero:
                self._recording.begin(given["model"], state.max_steps / args.num_train_epochs)

        def on_epoch_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
            self._recording.epoch_ended(state.epoch)

        def on_train_end(self, args: Any, state: Any, control: Any, **given: Any) -> None:
            self._recording.end()

    recording = _Recording(trajectory, every, dtype)
    return LandscapeCallback()


class _Recording:
    """What both callbacks do with a trajectory."""

    def __init__(self, trajectory: Trajectory | None, every: int | None, dtype: torch.dtype | None) -> None:
        self.trajectory = Trajectory() if trajectory is None else trajectory
        self.trajectory.follow(_not_yet)
        self._every = every
        self._dtype = dtype
        self._recorder: Recorder | None = None

    def begin(self, model: nn.Module, steps_per_epoch: float) -> None:
        self.end(with_last=False)  # of a training that broke off
        known = math.isfinite(steps_per_epoch) and steps_per_epoch > 0
        self._recorder = Recorder(
            self.trajectory,
            model,
            every=self._every,
            steps_per_epoch=steps_per_epoch if known else None,
            dtype=self._dtype,
        )
        self._recorder.start()

    def epoch_ended(self, epoch: float) -> None:
        if self._recorder is not None and self._every is None:
            self._recorder.snapshot(epoch)

    def end(self, with_last: bool = True) -> None:
        if self._recorder is not None:
            self._recorder.stop(with_last)
            self._recorder = None


def _base(name: str, who: str, *packages: str) -> Any:
    """Import a callback's class, of the first package there is."""
    for package in packages:
        with suppress(ModuleNotFoundError):
            return getattr(import_module(package), name)
    package = packages[0].partition(".")[0]
    raise ImportError(
        f"{who} expects the package {package!r}, which isn't installed. Install it with "
        f"`pip install {package}`; a loop of your own needs only `with lw.record(model) as trajectory:`."
    )


def _not_yet(epoch: float | None) -> None:
    raise RuntimeError(
        "Expected a training that has begun; give the callback to a trainer and start it first."
    )
