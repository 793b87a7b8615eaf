"""How sharp is the origin? The read-outs beside a surface, which get known one after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import plotly.graph_objects as go

CAVEAT = (
    "Sharpness depends on how the network is parametrized, on the samples and on the radius. Rescaling the "
    "layers or the units of a network leaves what it computes as it is and changes all of these numbers but "
    "the adaptive one (ASAM). On modern networks sharpness goes only weakly with generalization, and out of "
    "distribution sometimes the other way round (Andriushchenko et al. 2023; Bain 2021). Compare only "
    "networks of one architecture, on the same data, with the same parameters, treatment of BatchNorm and "
    "radius."
)
"""What belongs beside every sharpness number."""


@dataclass(frozen=True, eq=False)
class Spectrum:
    """How the eigenvalues of the Hessian are distributed (stochastic Lanczos quadrature).

    Attributes:
        grid: float64[m], values of λ.
        density: float64[m], share of the eigenvalues per unit of λ, those named in ``outliers`` included.
        outliers: float64[k], single eigenvalues that lie apart from all others, the largest first.
        mass: ∫ density dλ, 1 but for what the grid misses.
        runs: random vectors that were averaged over.
        steps: Lanczos steps for each.
        width: standard deviation of the bell that stands for one eigenvalue.
    """

    grid: NDArray[np.float64]
    density: NDArray[np.float64]
    outliers: NDArray[np.float64]
    mass: float
    runs: int
    steps: int
    width: float

    def content(self) -> dict[str, Any]:
        """Return it JSON-able."""
        arrays = {name: getattr(self, name).tolist() for name in ("grid", "density", "outliers")}
        return arrays | {name: getattr(self, name) for name in ("mass", "runs", "steps", "width")}


@dataclass(frozen=True, eq=False)
class Sharpness:
    """How sharp the loss is at the origin; every number is None while it isn't known.

    Attributes:
        critical: λ_c = 2/η_c; on a quadratic gᵀHg/gᵀg (Kalra et al. 2026).
        critical_step: η_c, the smallest step along −g that raises the loss.
        sam: by how much one step of length ``sam_radius`` along the gradient raises the loss.
        sam_radius: ρ in weights.
        asam: the same where each weight's step is measured in units of the weight itself.
        asam_radius: ρ in those units.
        largest: λ_max of the Hessian.
        smallest: λ_min.
        trace: tr H, an estimate.
        trace_error: its standard error.
        parameters: how many weights the Hessian is of.
        samples: how many it was measured on.
        size: samples in the data.
        loss: at the origin, on these samples.
        seconds: what it has taken so far.
        spectrum: the density of the eigenvalues.
        notes: sentences the user should read.
        settings: what decides the numbers, JSON-able.
        done: whether no more parts are to come.
    """

    critical: float | None = None
    critical_step: float | None = None
    sam: float | None = None
    sam_radius: float | None = None
    asam: float | None = None
    asam_radius: float | None = None
    largest: float | None = None
    smallest: float | None = None
    trace: float | None = None
    trace_error: float | None = None
    parameters: int | None = None
    samples: int | None = None
    size: int | None = None
    loss: float | None = None
    seconds: float | None = None
    spectrum: Spectrum | None = None
    notes: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    done: bool = False

    def content(self) -> dict[str, Any]:
        """Return it JSON-able, with what belongs beside it; a number that isn't finite is None."""
        plain = {part.name: _finite(getattr(self, part.name)) for part in fields(self)}
        spectrum = None if self.spectrum is None else self.spectrum.content()
        own = {"notes": list(self.notes), "settings": dict(self.settings), "spectrum": spectrum}
        return plain | own | {"caveat": CAVEAT}

    def figure(self) -> go.Figure:
        """Draw the spectrum with plotly.

        Raises:
            ValueError: where there is none.
        """
        from landscape_widget.export.spectrum import spectrum_figure

        return spectrum_figure(self)

    def __repr__(self) -> str:
        return "\n".join([*_lines(self), *self.notes, CAVEAT])


def _lines(known: Sharpness) -> list[str]:
    """One line a read-out, of those that are known."""
    rows = [
        ("critical sharpness 2/η_c", known.critical, f"at step {_words(known.critical_step)} along −g"),
        ("SAM: loss rises by", known.sam, f"within {_words(known.sam_radius)}"),
        ("ASAM: loss rises by", known.asam, f"within {_words(known.asam_radius)} of each weight's size"),
        ("λ_max", known.largest, ""),
        ("λ_min", known.smallest, ""),
        ("trace", known.trace, f"± {_words(known.trace_error)}"),
    ]
    lines = [
        f"{name:<26} {_words(value):>10}  {rest}".rstrip() for name, value, rest in rows if value is not None
    ]
    if known.spectrum is not None:
        found = ", ".join(map(_words, known.spectrum.outliers.tolist())) or "none"
        lines.append(f"{'outliers':<26} {found}")
    of = f"{known.samples:,} of {known.size:,} samples" if known.samples and known.size else "samples unknown"
    weights = f"{known.parameters:,} weights" if known.parameters else "weights unknown"
    return [f"Sharpness at the origin: {weights}, {of}, loss {_words(known.loss)}", *lines]


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _words(value: float | None) -> str:
    return "?" if value is None else f"{value:.3g}".replace("-", "−")
