"""A model lent in place, beside the same measured on a copy, and all that must be as before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.in_place.in_place import InPlace
from landscape_widget.evaluate.inline import Inline
from landscape_widget.objective.objective import Objective
from landscape_widget.objective.random_state import random_state_digest
from landscape_widget.objective.read_objective import read_objective
from landscape_widget.subspace.direction import as_direction, with_batch_norm
from landscape_widget.subspace.random_direction import RandomDirection
from landscape_widget.subspace.subspace import Subspace
from tests.cases import Case

POINTS = np.array([(0.0, 0.0), (0.5, -0.25), (-1.0, 1.0), (0.04, 0.0), (0.0, 0.7)])
TWO = (RandomDirection(0, one_dimensional="scaled"), RandomDirection(1, one_dimensional="scaled"))


def lent(case: Case, **options: Any) -> Objective:
    """The case on the user's own model."""
    return read_objective(case.model, case.loss, case.data, copy=False, **options)


def copied(case: Case, **options: Any) -> Objective:
    return read_objective(case.model, case.loss, case.data, **options)


def spanned(objective: Objective, rules: Sequence[Any] = TWO) -> Subspace:
    made = [with_batch_norm(as_direction(rule, objective), objective) for rule in rules]
    return Subspace(objective.params, tuple(made))


def measured(
    objective: Objective,
    rules: Sequence[Any] = TWO,
    points: np.ndarray = POINTS,
    make: Callable[..., Any] | None = None,
) -> np.ndarray:
    """The means of all metrics at points, in their order, in place or on a copy as the objective is."""
    plain = make or (InPlace if objective.lender else lambda o, s: Evaluator(o, s, Inline(), plain=True))
    answers = list(plain(objective, spanned(objective, rules))(points, objective.samples, lambda: False))
    cells = np.concatenate([values.cells for values in answers])
    return np.concatenate([values.mean for values in answers])[np.argsort(cells)]


def standing(model: nn.Module) -> dict[str, Any]:
    """All that must be as it was when a model is given back; what is the same object has the same number."""
    named = dict(model.named_parameters(remove_duplicate=False)) | dict(model.named_buffers())
    modules = list(model.named_modules())
    return {
        "bytes": {name: _bytes(tensor) for name, tensor in named.items()},
        "places": {name: (id(t), t.data_ptr(), t.stride()) for name, t in named.items()},
        "writes": {name: t._version for name, t in named.items()},
        "requires_grad": {name: tensor.requires_grad for name, tensor in named.items()},
        "gradients": {
            name: None if p.grad is None else (id(p.grad), _bytes(p.grad))
            for name, p in model.named_parameters()
        },
        "modes": {path: module.training for path, module in modules},
        "attributes": {path: [(name, id(v)) for name, v in vars(module).items()] for path, module in modules},
        "hooks": {
            path: [(key, id(hook)) for key, hook in module._forward_hooks.items()] for path, module in modules
        },
        "random": random_state_digest(),
    }


def _bytes(tensor: Tensor) -> bytes:
    return (
        tensor.detach()
        .clone(memory_format=torch.contiguous_format)
        .reshape(-1)
        .view(torch.uint8)
        .numpy()
        .tobytes()
    )
