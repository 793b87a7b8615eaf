"""How do random layers draw the same numbers in every cell, while no global random state moves?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.modules.batchnorm import _BatchNorm
from torch.utils._python_dispatch import TorchDispatchMode

MODES = ("eval", "train")

_LIKE = {"randn_like": "normal_", "rand_like": "uniform_", "randint_like": "random_"}
_DROPOUT = ("dropout_p", "dropout")
_NO_DRAW = ("_fused_sdp_choice",)  # marked as random, but it only chooses


class Unrepeatable(ValueError):
    """A random operation that can't be made to draw the same numbers again."""


def drawing(mode: str, seed: int) -> AbstractContextManager[Any]:
    """Where layers are in train mode, draw from the seed on, in this thread; else nothing."""
    return CommonRandomNumbers(seed) if mode == "train" else nullcontext()


def switch_to_train(model: nn.Module) -> None:
    """Put every layer of a private model in train mode but BatchNorm, whose statistics nobody may update."""
    if not model.training:
        model.train()
        for module in model.modules():
            if isinstance(module, _BatchNorm):
                module.eval()


class CommonRandomNumbers(TorchDispatchMode):
    """This thread's random operations draw from generators of our own, which begin anew with each instance.

    Under inference mode operations would come whole, with their draws inside; use ``no_grad`` there.

    Raises:
        Unrepeatable: from an operation that takes no generator and can't be replaced.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._seed = seed % 2**63
        self._generators: dict[torch.device, torch.Generator] = {}

    @classmethod
    def is_infra_mode(cls) -> bool:
        """Keep torch.compile going in other threads: torch's own flag for this is the whole process's."""
        return True

    def __torch_dispatch__(
        self, func: Any, types: Any, args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        named = dict(kwargs or {})
        if not _is_random(func):
            return func(*args, **named)
        named.pop("generator", None)
        name = func.overloadpacket.__name__
        if name in _LIKE and "out" not in named:
            return self._like(_LIKE[name], *args, **named)
        if name == "native_dropout":
            return self._dropout(*args, **named)
        if (seeded := _with_generator(func)) is not None:
            return seeded(*_without_generator(seeded, args), **named, generator=self._generator(args, named))
        if _given(func, args, named, _DROPOUT) == 0:
            return func(*args, **named)
        with self:
            answer = func.decompose(*args, **named)
        if answer is NotImplemented:
            raise Unrepeatable(
                f"Expected random numbers that can be drawn again for every cell; {func} takes no generator. "
                "Leave mode='eval', or write that layer with torch's own dropout."
            )
        return answer

    def _generator(self, args: Sequence[Any], named: Mapping[str, Any]) -> torch.Generator:
        tensors = [value for value in (*args, *named.values()) if isinstance(value, Tensor)]
        device = tensors[0].device if tensors else torch.device(named.get("device") or "cpu")
        if device not in self._generators:
            self._generators[device] = torch.Generator(device).manual_seed(self._seed)
        return self._generators[device]

    def _like(self, fill: str, like: Tensor, *limits: Any, **named: Any) -> Tensor:
        bounds = {name: named.pop(name) for name in ("low", "high") if name in named}
        empty = torch.empty_like(like, **named)
        ends = [int(limit) for limit in (*limits, *bounds.values())]
        if fill == "random_" and len(ends) == 1:
            ends = [0, *ends]
        return getattr(empty, fill)(*ends, generator=self._generator([empty], {}))

    def _dropout(self, input: Tensor, p: float, train: bool | None = True) -> tuple[Tensor, Tensor]:
        kept = torch.empty_like(input, dtype=torch.bool)
        if train is False or p == 0:
            return input.clone(), kept.fill_(True)
        kept.bernoulli_(1 - p, generator=self._generator([input], {}))
        return input * kept * (0.0 if p == 1 else 1 / (1 - p)), kept


@cache
def _is_random(func: Any) -> bool:
    return torch.Tag.nondeterministic_seeded in func.tags and func.overloadpacket.__name__ not in _NO_DRAW


@cache
def _with_generator(func: Any) -> Callable[..., Any] | None:
    """Return the operation itself where it takes a generator, or its twin that does."""
    names = _names(func)
    if "generator" in names:
        return func
    twins = (getattr(func.overloadpacket, twin) for twin in func.overloadpacket.overloads())
    return next((twin for twin in twins if set(_names(twin)) == {*names, "generator"}), None)


def _without_generator(func: Any, args: Sequence[Any]) -> Sequence[Any]:
    """Leave out a generator that came by position; it is always the last there."""
    place = _names(func).index("generator")
    return args[:place]


def _given(func: Any, args: Sequence[Any], named: Mapping[str, Any], wanted: Sequence[str]) -> Any:
    """Return the value of the first of these arguments that the operation has; None where it has none."""
    for place, argument in enumerate(func._schema.arguments):
        if argument.name in wanted:
            if argument.name in named:
                return named[argument.name]
            return args[place] if place < len(args) else argument.default_value
    return None


def _names(func: Any) -> list[str]:
    return [argument.name for argument in func._schema.arguments]
