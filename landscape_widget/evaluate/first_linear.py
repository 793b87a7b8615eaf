"""A first layer linear in the data: (W + a U + b V) x = W x + a (U x) + b (V x), each product only once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from landscape_widget.evaluate.lines import Lines
from landscape_widget.evaluate.recording import Recording
from landscape_widget.evaluate.working_copy import WorkingCopy
from landscape_widget.objective.objective import Portions
from landscape_widget.objective.structures import Batch, tensors_in
from landscape_widget.objective.trial import Trial

Key = tuple[int, torch.Size, tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class FirstLinear:
    """A `Linear` that sees the data as they are, or flattened.

    Attributes:
        module: its name.
        place: which tensor of a batch it sees.
        shape: how it sees one sample.
        affine: weight and bias at the centre and along each direction.
    """

    module: str
    place: int
    shape: torch.Size
    affine: tuple[tuple[Tensor, Tensor | None], ...]
    products: dict[Key, _Products] = field(default_factory=dict)
    name = "first linear layer"
    sentence = "the first layer's products with the data computed once, then added up"

    def nbytes(self, samples: int, limit: int, workers: int) -> int:
        weight = self.affine[0][0]
        row = len(weight) * self.shape[:-1].numel() * weight.element_size()
        return row * (samples * (len(self.affine) + workers) + limit * workers)

    def prepare(self, portions: Portions) -> None:
        products = {}
        with torch.inference_mode():
            for x in (self._seen(batch) for portion in portions for batch in portion):
                if x is not None:
                    known = self.products.get(_key(x))
                    products[_key(x)] = known or _Products(
                        x, tuple(F.linear(x, w, b) for w, b in self.affine)
                    )
        self.products.clear()
        self.products.update(products)

    def install(self, copy: WorkingCopy) -> InstalledFirstLinear:
        return InstalledFirstLinear(self, copy.model.get_submodule(self.module))

    def _seen(self, batch: Batch) -> Tensor | None:
        """The data as the layer gets them; None where it would get a copy."""
        tensor = list(tensors_in(batch))[self.place]
        fits = tensor.is_contiguous() and tensor.shape[1:].numel() == self.shape.numel()
        return tensor.view(len(tensor), *self.shape) if fits else None


@dataclass(frozen=True, eq=False)
class _Products:
    """``x`` is kept, so that nobody else gets its address."""

    x: Tensor
    along: tuple[Tensor, ...]


class InstalledFirstLinear:
    """One worker's rows and outputs; data it doesn't know take the layer's own way."""

    def __init__(self, rewrite: FirstLinear, module: nn.Module) -> None:
        self._products = rewrite.products
        self._plain = module.forward
        self._on = False
        self._point: Sequence[float] = ()
        self._rows: dict[_Products, _Row] = {}
        self._outputs: dict[torch.Size, Tensor] = {}
        module.forward = self._forward

    def switch(self, on: bool) -> None:
        self._on = on

    def moved(self, point: Sequence[float]) -> None:
        self._point = point

    def measuring(self, trial: Trial) -> Trial:
        return trial

    def _forward(self, x: Tensor) -> Tensor:
        known = self._products.get(_key(x)) if self._on else None
        if known is None:
            return self._plain(x)
        start = known.along[0] if len(self._point) == 1 else self._start(known)
        if (output := self._outputs.get(start.shape)) is None:
            output = self._outputs[start.shape] = torch.empty_like(start)
        return torch.add(start, known.along[1], alpha=self._point[0], out=output)

    def _start(self, known: _Products) -> Tensor:
        """W x + b (V x) + …, kept as long as all but the first coordinate stay."""
        if (row := self._rows.get(known)) is None:
            current = set(self._products.values())
            self._rows = {products: row for products, row in self._rows.items() if products in current}
            row = self._rows[known] = _Row(torch.empty_like(known.along[0]))
        if (others := tuple(self._point[1:])) != row.others:
            start = known.along[0]
            for coordinate, product in zip(others, known.along[2:], strict=True):
                start = torch.add(start, product, alpha=coordinate, out=row.start)
            row.others = others
        return row.start


@dataclass(eq=False)
class _Row:
    start: Tensor
    others: tuple[float, ...] = ()


def find_first_linear(recording: Recording, lines: Lines) -> FirstLinear | None:
    """Return the rewrite if the model allows it; a cell's plain cost must be worth it."""
    data = list(tensors_in(recording.batch))
    for call in recording.alone(nn.Linear):
        for place, tensor in enumerate(data):
            same = call.input.data_ptr() == tensor.data_ptr() and call.input.numel() == tensor.numel()
            if not (same and tensor.ndim > 1 and tensor.is_contiguous() and call.input.is_contiguous()):
                continue
            affine = _affine(call.name, call.module, lines)
            if affine is not None and len(call.input) == len(tensor):
                return FirstLinear(call.name, place, call.input.shape[1:], affine)
    return None


def _affine(name: str, module: nn.Module, lines: Lines) -> tuple[tuple[Tensor, Tensor | None], ...] | None:
    """Weight and bias at the centre and along each direction; None where rounding the weights shows."""
    weight, bias = (getattr(module, kind) for kind in ("weight", "bias"))
    if weight.dtype not in (torch.float32, torch.float64):
        return None
    weights, biases = (lines.tensors(f"{name}.{kind}".lstrip(".")) for kind in ("weight", "bias"))
    if weights is None and biases is None:
        return None
    count = len(weights or biases or ())
    weights = weights or (weight, *(torch.zeros_like(weight) for _ in range(count - 1)))
    if bias is None:
        return tuple((w.to(weight.dtype), None) for w in weights)
    biases = biases or (bias, *(torch.zeros_like(bias) for _ in range(count - 1)))
    return tuple((w.to(weight.dtype), b.to(weight.dtype)) for w, b in zip(weights, biases, strict=True))


def _key(x: Tensor) -> Key:
    return x.data_ptr(), x.shape, x.stride()
