"""Where is the Hessian taken? Where a private model is now, with BatchNorm and draws as in any cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from torch import nn

from landscape_widget.curvature.leaves import own_leaves
from landscape_widget.curvature.products import Hessian
from landscape_widget.objective.batch_norm import re_estimated
from landscape_widget.objective.common_random_numbers import drawing, switch_to_train
from landscape_widget.objective.copies import private_copy
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.params import without_ties
from landscape_widget.objective.structures import Batch


class Place:
    """One thread's model, of which the Hessian is taken wherever it has been moved to.

    Attributes:
        model: private.
        names: of the parameters that the Hessian is of.
    """

    def __init__(self, objective: Objective, model: nn.Module, names: Sequence[str]) -> None:
        self._objective = objective
        self.model, self.names = model, tuple(names)
        self._params = own_leaves(model, names)
        self._trial = objective.trial.copied()

    @contextmanager
    def hessian(
        self, batches: Sequence[Batch], cancelled: Callable[[], bool] = lambda: False, *, keep: bool = True
    ) -> Iterator[Hessian]:
        """Yield the Hessian on these batches of the training data; statistics of BatchNorm stand still.

        Raises:
            Cancelled: once ``cancelled()`` is true.
        """
        objective, trial = self._objective, self._trial
        draws = partial(drawing, objective.mode, objective.seed)
        with ExitStack() as stack:
            if objective.mode == "train":
                switch_to_train(self.model)
            if objective.batch_norm == "reestimate":
                forward = partial(trial.terms, self.model)
                with draws():
                    stack.enter_context(re_estimated(self.model, forward, batches, cancelled))
            yield Hessian(
                trial.measure,
                self.model,
                self._params,
                batches,
                objective.train.size,
                cancelled,
                keep=keep,
                drawing=draws,
            )


def at_origin(objective: Objective, names: Sequence[str] | None = None) -> Place:
    """Return a place at the centre; None: of all that moves."""
    names = tuple(objective.params) if names is None else names
    model, _ = private_copy(objective.model, moving=names)
    return Place(objective, model, names)


def all_names(objective: Objective) -> tuple[str, ...]:
    """Return the names of all floating point parameters, frozen ones included, each storage once."""
    named = dict(objective.model.named_parameters(remove_duplicate=False))
    floating = {name: p for name, p in named.items() if p.is_floating_point() or p.is_complex()}
    return tuple(without_ties(floating)[0])
