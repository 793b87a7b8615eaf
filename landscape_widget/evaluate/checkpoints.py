"""What is the loss at a checkpoint itself? Measured where it is, not where a picture draws it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from landscape_widget.evaluate.streams import SideStream
from landscape_widget.objective.copies import Buffers, private_copy
from landscape_widget.objective.objective import Objective, Portions
from landscape_widget.objective.terms import Measurement
from landscape_widget.subspace.same_network import names_in
from landscape_widget.subspace.trajectory import Trajectory
from landscape_widget.values import STOP, State, Values


class CheckpointEvaluator:
    """Measures an objective at a trajectory's checkpoints; see `landscape_widget.values.Evaluate`.

    The one coordinate is a checkpoint's number. All that it holds is loaded, also what doesn't move: frozen
    parameters and BatchNorm statistics. One caller at a time.
    """

    def __init__(self, objective: Objective, trajectory: Trajectory, *, on_error: str = STOP) -> None:
        """Wait for the first call with everything.

        Args:
            on_error: as for `landscape_widget.evaluate.evaluator.Evaluator`.
        """
        self._objective = objective
        self._on_error = on_error
        self._trajectory = trajectory
        self._place: _Place | None = None
        self._portions: tuple[int, Portions] | None = None

    def __call__(
        self, coordinates: NDArray[np.float64], samples: int, cancelled: Callable[[], bool]
    ) -> Iterator[Values]:
        """Yield one checkpoint after the other.

        Raises:
            ValueError: where the coordinates aren't checkpoints, or those are of another network.
            Exception: whatever the loss raises, unless it is skipped.
        """
        for row, number in enumerate(self._numbers(coordinates)):
            state = State.EXACT
            try:
                measurement = None if cancelled() else self._measured(number, samples, cancelled)
            except Exception:
                if self._on_error == STOP:
                    raise
                measurement, state = Measurement.unknown(len(self._objective.metrics)), State.FAILED
            if measurement is None:
                return
            yield Values(
                cells=np.array([row], dtype=np.int64),
                mean=measurement.mean[None],
                standard_error=measurement.standard_error[None],
                count=measurement.count[None],
                state=np.array([state], dtype=np.uint8),
            )

    def _numbers(self, coordinates: NDArray[np.float64]) -> list[int]:
        count = len(self._trajectory)
        if coordinates.ndim != 2 or coordinates.shape[1] != 1:
            raise ValueError(
                "Expected coordinates of shape [n, 1], a checkpoint's number each; "
                f"got {list(coordinates.shape)}."
            )
        numbers = coordinates[:, 0].astype(np.int64)
        if (numbers != coordinates[:, 0]).any() or ((numbers < 0) | (numbers >= count)).any():
            raise ValueError(
                f"Expected whole numbers from 0 to {count - 1}, the checkpoints there are; "
                f"got {coordinates[:, 0].tolist()}."
            )
        return numbers.tolist()

    def _measured(self, number: int, samples: int, cancelled: Callable[[], bool]) -> Measurement | None:
        if self._portions is None or self._portions[0] != samples:
            self._portions = samples, self._objective.portions(samples)
        if self._place is None:
            self._place = _Place(self._objective)
        names = names_in(self._trajectory, self._objective)
        return self._place.measure(self._trajectory[number].state(), names, self._portions[1], cancelled)


class _Place:
    """A private model that any checkpoint can be loaded into."""

    def __init__(self, objective: Objective) -> None:
        self._objective = objective
        self._model, _ = private_copy(objective.model)
        self._buffers = Buffers(self._model)
        self._stream = SideStream(next(iter(objective.params.values())).device)
        self._trial = objective.trial.copied()

    def measure(
        self,
        state: Mapping[str, Tensor],
        names: Mapping[str, str],
        portions: Portions,
        cancelled: Callable[[], bool],
    ) -> Measurement | None:
        with self._stream.after_copies():
            self._load(state, names)
            return self._objective.measure(self._model, portions, cancelled, self._trial)

    @torch.no_grad()  # a loss may have made the copy's weights require gradients
    def _load(self, state: Mapping[str, Tensor], names: Mapping[str, str]) -> None:
        self._buffers.restore()  # what the checkpoint doesn't hold, a forward may have written to
        for name, tensor in _named(self._model).items():
            if name in names:
                tensor.copy_(state[names[name]])


def _named(model: nn.Module) -> dict[str, Tensor]:
    named: dict[str, Tensor] = dict(model.named_parameters(remove_duplicate=False))
    return named | dict(model.named_buffers(remove_duplicate=False))
