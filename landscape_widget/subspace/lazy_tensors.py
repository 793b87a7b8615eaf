"""What is a direction too large to hold? Tensors that are made when somebody looks, and held by nobody."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

from torch import Tensor


class LazyTensors(Mapping[str, Tensor]):
    """A mapping name → tensor whose every look makes a tensor anew, the same bit for bit."""

    def __init__(self, names: Collection[str], make: Callable[[str], Tensor]) -> None:
        """Hold nothing.

        Args:
            make: from a name to a tensor of its own.
        """
        self._names = dict.fromkeys(names)
        self._make = make

    def __getitem__(self, name: str) -> Tensor:
        if name not in self._names:
            raise KeyError(name)
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
