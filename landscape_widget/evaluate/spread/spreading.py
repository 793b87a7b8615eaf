"""Who measures a scene elsewhere? All scenes of one landscape share the executor and the packed objective."""

from __future__ import annotations

from typing import Any

from landscape_widget.curvature.hessian_extremes import HessianExtremes
from landscape_widget.evaluate.curvature_map import CurvatureMap
from landscape_widget.evaluate.evaluator import Evaluator
from landscape_widget.evaluate.memory import default_budget
from landscape_widget.evaluate.spread.engines import Engine, Pool
from landscape_widget.evaluate.spread.luggage import Home, Luggage
from landscape_widget.evaluate.spread.spread_curvature import SpreadCurvature
from landscape_widget.evaluate.spread.spread_evaluator import SpreadEvaluator
from landscape_widget.evaluate.workers import Workers
from landscape_widget.objective.objective import Objective
from landscape_widget.subspace.star import Star
from landscape_widget.subspace.subspace import Subspace


class Spreading:
    """Makes what each scene needs.

    Args:
        engine: who runs tasks.
        pool: who computes here, where something is.
        device: where the workers compute; None: where the model is.
        budget: bytes that may be taken here, and by each worker; None: a quarter of what is free.
        on_error: what becomes of a cell whose loss raises.
        options: of `Spread`.
    """

    def __init__(
        self,
        engine: Engine,
        pool: Workers,
        device: str | None,
        budget: int | None,
        on_error: str,
        **options: Any,
    ) -> None:
        self._home = Home(engine)
        self._engine, self._pool = engine, pool
        self._device, self._budget, self._on_error = device, budget, on_error
        self._options = options

    def __call__(
        self, objective: Objective, subspace: Subspace | Star, *, plain: bool = False
    ) -> SpreadEvaluator:
        """Return who measures an objective on a subspace."""
        here = Evaluator(
            objective, subspace, self._pool, plain=plain, budget=self._budget, on_error=self._on_error
        )
        luggage = self._luggage(objective, subspace)
        return SpreadEvaluator(self._engine, luggage, here, plain=plain, **self._options)

    def curvature(
        self, objective: Objective, subspace: Subspace, *, asked: HessianExtremes, name: str
    ) -> SpreadCurvature:
        """Return who measures how an objective is curved there."""
        here = CurvatureMap(objective, subspace, pool=self._pool, asked=asked, name=name, budget=self._budget)
        luggage = self._luggage(objective, subspace, asked)
        return SpreadCurvature(self._engine, luggage, here, subspace, **self._options)

    def _luggage(
        self, objective: Objective, subspace: Subspace | Star, curvature: HessianExtremes | None = None
    ) -> Luggage:
        budget = self._budget
        if budget is None and isinstance(self._engine, Pool):  # they share this machine's
            budget = default_budget() // self._engine.workers()
        return Luggage(
            self._home,
            objective,
            subspace.directions,
            device=self._device,
            budget=budget,
            on_error=self._on_error,
            curvature=curvature,
        )
