"""What is a filter? For each parameter: which of its weights belong together, by the kind of its module."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import nn
from torch.nn.utils.parametrize import ParametrizationList

FilterAxes = Mapping[str, int | Sequence[int] | None]
"""Regular expression on parameter names → the axes one filter spans; None: the tensor is one-dimensional."""

Shape = tuple[int, ...]

ROWS = (nn.Linear, nn.Conv1d, nn.Conv2d, nn.Conv3d, nn.Embedding, nn.EmbeddingBag, nn.Bilinear)
TRANSPOSED = (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d)
RECURRENT = (nn.RNNBase, nn.RNNCellBase)
FUSED = ("qkv", "c_attn")


@dataclass(frozen=True)
class FilterRule:
    """How one tensor falls into filters and layers.

    Attributes:
        split: the tensor's shape with what is fused in it (gates, queries–keys–values, groups) in an axis of
            its own.
        filter_axes: axes of ``split`` that one filter spans.
        layer_axes: axes of ``split`` that one layer spans.
        one_dimensional: a bias, gain or table without filters; then the whole tensor is one block.
    """

    split: Shape
    filter_axes: Shape
    layer_axes: Shape
    one_dimensional: bool = False

    def size(self, axes: Shape) -> int:
        """Number of weights in one block that spans ``axes``."""
        return math.prod(self.split[axis] for axis in axes)

    @property
    def filters(self) -> int:
        """Number of filters in the tensor."""
        return math.prod(n for axis, n in enumerate(self.split) if axis not in self.filter_axes)


def filter_axes(model: nn.Module, overrides: FilterAxes | None = None) -> dict[str, FilterRule]:
    """Return a rule for each parameter name, tied ones included.

    A filter is what makes one output neuron (Li et al. 2018, section 4): a row of a linear layer, convolution
    or embedding, a column of Hugging Face's ``Conv1D``, an output channel of a transposed convolution within
    its group. Biases, gains, class tokens and positional tables ``[1, T, E]`` count as one-dimensional. The
    first override whose expression is found in a name decides.

    Raises:
        TypeError: if the overrides are no mapping.
        ValueError: if an override is no regular expression, is found in no name, or doesn't fit the tensor.
    """
    if not (overrides is None or isinstance(overrides, Mapping)):
        raise TypeError(
            "Expected filter_axes as a mapping from regular expressions on names to axes; "
            f"got {overrides!r}. Write `filter_axes={{'conv1.weight': (1, 2, 3)}}`."
        )
    shapes = {name: tuple(p.shape) for name, p in model.named_parameters(remove_duplicate=False)}
    rules = {name: _rule(model, name, shape) for name, shape in shapes.items()}
    for pattern, axes in reversed(list((overrides or {}).items())):
        for name in _matching(pattern, shapes):
            rules[name] = _overridden(pattern, axes, name, shapes[name])
    return rules


def _rule(model: nn.Module, name: str, shape: Shape) -> FilterRule:
    path, tensor = _stands_for(model, name)
    module = model.get_submodule(path)
    matrix = len(shape) >= 2
    fused = 3 if path.rpartition(".")[2] in FUSED else 1
    if _is_norm(module):
        return _block(shape)
    if matrix and isinstance(module, RECURRENT) and tensor.startswith("weight_"):
        return _rows(shape, 1 if tensor.startswith("weight_hr") else shape[0] // module.hidden_size)
    if matrix and isinstance(module, nn.MultiheadAttention) and tensor.endswith("proj_weight"):
        return _rows(shape, 3 if tensor == "in_proj_weight" else 1)
    if matrix and isinstance(module, TRANSPOSED) and tensor == "weight":
        return _channels_within_groups(shape, module.groups)
    if matrix and isinstance(module, ROWS) and tensor == "weight":
        return _rows(shape, fused if shape[0] == fused * shape[1] else 1)
    if len(shape) == 2 and _is_hugging_face_conv1d(module) and tensor == "weight":
        return _columns(shape, fused if shape[1] == fused * shape[0] else 1)
    if not shape or shape[0] == 1 or sum(n > 1 for n in shape) <= 1:
        return _block(shape)
    return _rows(shape)


def _stands_for(model: nn.Module, name: str) -> tuple[str, str]:
    """Return module path and tensor name; of parametrized or pruned tensors those of the plain one."""
    path, _, leaf = name.rpartition(".")
    module = model.get_submodule(path)
    siblings = dict(module.named_parameters(recurse=False))
    if isinstance(module, ParametrizationList):
        weight = max(siblings, key=lambda sibling: (siblings[sibling].numel(), sibling))
        owner, _, tensor = path.rpartition(".")
        return (owner.rpartition(".")[0], tensor) if leaf == weight else (path, leaf)
    if leaf.endswith("_orig"):
        return path, leaf.removesuffix("_orig")
    if leaf.endswith("_v") and leaf.removesuffix("_v") + "_g" in siblings:
        return path, leaf.removesuffix("_v")
    return path, leaf


def _is_norm(module: nn.Module) -> bool:
    return type(module).__name__.endswith("Norm")


def _is_hugging_face_conv1d(module: nn.Module) -> bool:
    return any(kind.__name__ == "Conv1D" for kind in type(module).__mro__)


def _block(shape: Shape) -> FilterRule:
    return FilterRule((math.prod(shape),), (0,), (0,), one_dimensional=True)


def _rows(shape: Shape, parts: int = 1) -> FilterRule:
    split = (parts, shape[0] // parts, *shape[1:])
    axes = tuple(range(len(split)))
    return FilterRule(split, axes[2:], axes[1:])


def _columns(shape: Shape, parts: int = 1) -> FilterRule:
    return FilterRule((shape[0], parts, shape[1] // parts), (0,), (0, 2))


def _channels_within_groups(shape: Shape, groups: int) -> FilterRule:
    split = (groups, shape[0] // groups, *shape[1:])
    axes = tuple(range(len(split)))
    return FilterRule(split, (1, *axes[3:]), axes)


def _matching(pattern: str, names: Mapping[str, Shape]) -> list[str]:
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"filter_axes: {pattern!r} is no regular expression: {error}.") from error
    matched = [name for name in names if expression.search(name)]
    if not matched:
        some = ", ".join(list(names)[:4]) + (", …" if len(names) > 4 else "")
        raise ValueError(
            f"filter_axes: {pattern!r} is found in no parameter name. "
            f"Write an expression that is found in one of: {some}."
        )
    return matched


def _overridden(pattern: str, axes: int | Sequence[int] | None, name: str, shape: Shape) -> FilterRule:
    if axes is None:
        return _block(shape)
    given = (axes,) if isinstance(axes, int) else tuple(axes)
    count = len(shape)
    fits = given and all(type(axis) is int and -count <= axis < count for axis in given)
    positive = tuple(axis % count for axis in given) if fits else ()
    if not fits or len(set(positive)) < len(positive):
        raise ValueError(
            f"filter_axes: {pattern!r} expects one or more different axes of {name!r}, which has shape "
            f"{list(shape)}; got {axes!r}. Give the axes that one filter spans, (1,) for the rows of a "
            "matrix, or None to treat the tensor as one-dimensional."
        )
    return FilterRule(shape, positive, tuple(range(count)))
