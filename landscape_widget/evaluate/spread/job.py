"""What travels to a worker? The objective, and how to look at it: each once, whatever the number of tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from torch import Tensor

from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.evaluate.spread.parcel import Parcel, pack, unpack
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.direction import Direction, DirectionRule
from landscape_widget.subspace.star import Star


class Drifted(Exception):
    """A rule drew other tensors there than here, as another version of torch may."""


@dataclass(frozen=True, eq=False)
class Look:
    """Along which directions an objective is measured, and how.

    Attributes:
        directions: one a coordinate: what draws it and the fingerprint it must have, or its tensors.
        batch_norm: of the objective.
        budget: bytes for data, copies and caches; None: a quarter of what is free there.
        curvature: what is measured instead of the objective itself; None: nothing else.
    """

    directions: tuple[tuple[DirectionRule, str] | Mapping[str, Tensor], ...]
    batch_norm: str | None
    budget: int | None
    curvature: HessianExtremes | None = None

    def along(self, objective: Objective) -> Star:
        """Return the directions from an objective's origin.

        Raises:
            Drifted: where one is drawn differently here.
        """
        return Star(objective.params, tuple(_direction(sent, objective) for sent in self.directions))


def look_of(
    objective: Objective,
    directions: tuple[Direction, ...],
    budget: int | None,
    curvature: HessianExtremes | None = None,
    *,
    by_rule: bool = True,
) -> Look:
    """Return what is said of directions: of random ones their seeds are enough.

    Args:
        by_rule: whether a rule may draw them again; otherwise their tensors travel.
    """

    def sent(direction: Direction) -> tuple[DirectionRule, str] | Mapping[str, Tensor]:
        if by_rule and direction.rule is not None:
            return direction.rule, direction.fingerprint
        return dict(direction.vector)

    return Look(tuple(map(sent, directions)), objective.batch_norm, budget, curvature)


def pack_objective(objective: Objective, folder: Path) -> Parcel:
    """Pack a model, a loss and data; how BatchNorm is treated belongs to the `Look`."""
    parts = {
        "the model": (objective.model, objective.params),
        "the loss, or a metric,": objective.trial,
        "the data": objective.train,
        "the test data": objective.test,
    }
    rest = replace(objective, model=None, params=None, trial=None, train=None, test=None, batch_norm=None)
    return pack({**parts, "the rest": rest, "version": version("landscape-widget")}, folder)


def unpack_objective(packed: bytes, device: str | None) -> Objective:
    """Return what `pack_objective` was given, on ``device``.

    Raises:
        RuntimeError: where another version of this package has packed it.
        Exception: where a class of the user's can't be found here.
    """
    parts: dict[str, Any] = unpack(packed, device)
    here, there = version("landscape-widget"), parts["version"]
    if here != there:
        raise RuntimeError(
            f"Expected landscape-widget {there} where the workers are, as in the notebook; got {here}. "
            "Install the same version in both places."
        )
    model, params = parts["the model"]
    return replace(
        parts["the rest"],
        model=model,
        params=params,
        trial=parts["the loss, or a metric,"],
        train=parts["the data"],
        test=parts["the test data"],
    )


def pack_look(look: Look, folder: Path) -> Parcel:
    """Pack how to look."""
    return pack({"the directions": look}, folder)


def unpack_look(packed: bytes) -> Look:
    """Return what `pack_look` was given; directions are made on the CPU."""
    return unpack(packed, "cpu")["the directions"]


def _direction(sent: tuple[DirectionRule, str] | Mapping[str, Tensor], objective: Objective) -> Direction:
    if isinstance(sent, Mapping):
        return Direction(sent, "sent")
    rule, fingerprint = sent
    drawn = rule(objective)
    if not isinstance(drawn, Direction) or drawn.fingerprint != fingerprint:
        raise Drifted
    return drawn
