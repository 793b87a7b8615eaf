"""What is the trace of the Hessian? An estimate from random vectors, and its standard error."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from landscape_widget.curvature.products import Vector

SKETCH = 10
"""Vectors that find the directions which matter most; the trace along these is exact."""
SAMPLES = 20
"""Random vectors for what remains."""


def trace(operator: Callable[[Vector], Vector], size: int, seed: int) -> tuple[float, float]:
    """Return tr H and its standard error by Hutch++ (Meyer et al. 2021); exact for few weights."""
    if size <= 2 * SKETCH + SAMPLES:
        return sum(float(operator(unit)[place]) for place, unit in enumerate(np.eye(size))), 0.0
    generator = np.random.default_rng(seed)
    sketch = np.stack([operator(rademacher(generator, size)) for _ in range(SKETCH)], axis=1)
    seen, _ = np.linalg.qr(sketch)
    exact = sum(float(v @ operator(v)) for v in seen.T)
    rest = []
    for _ in range(SAMPLES):
        vector = rademacher(generator, size)
        vector -= seen @ (seen.T @ vector)
        rest.append(float(vector @ operator(vector)))
    return exact + float(np.mean(rest)), float(np.std(rest, ddof=1) / np.sqrt(SAMPLES))


def rademacher(generator: np.random.Generator, size: int) -> Vector:
    """Signs drawn by chance, float64."""
    return generator.choice((-1.0, 1.0), size)
