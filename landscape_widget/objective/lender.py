"""How is the user's own model lent to who measures, and given back as it was, byte for byte?"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from landscape_widget.objective.belongings import Belongings
from landscape_widget.objective.original import is_same, keep_original, remove

IN_USE = "Your own model is in use while cells are computed: wait, pause or stop before you train or use it."


class Lender:
    """Keeps the weights that move, and the buffers, in a file; one who measures has the model at a time.

    Weights are to be written behind torch's back, by ``.data``, so that torch's count of writes to a tensor
    stays the user's own: by it we know that somebody else has changed the model.

    Attributes:
        model: the user's own; to be touched within `lent` only.
        origin: parameters that move and buffers as they were, mapped from the file; not to be written to.
        params: of these the parameters.
        path: of the file, there until `close`.
        nbytes: of the file.
    """

    def __init__(
        self,
        model: nn.Module,
        moved: Mapping[str, Tensor],
        turns: AbstractContextManager[object],
        folder: Path | None = None,
    ) -> None:
        """Write the file.

        Args:
            moved: the parameters that move.
            turns: held while the model is lent; see `landscape_widget.objective.turns`.
            folder: of the file; None: the system's for temporary files.

        Raises:
            OSError: where the disk has no room for it.
        """
        self.model = model
        self._moved = tuple(moved)
        self._turns = turns
        with turns:
            self._seen = self._looks()
            original = keep_original(self.tensors(), folder)
        self.origin = original.tensors
        self._buffers = [
            (module, name, buffer, self.origin[full])
            for path, module in model.named_modules()
            for name, buffer in module.named_buffers(recurse=False)
            if (full := f"{path}.{name}".removeprefix(".")) in self.origin
        ]
        self.params = {name: original.tensors[name] for name in moved}
        self.path, self.nbytes = original.path, original.nbytes
        self._remove = weakref.finalize(self, remove, original.path)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences that the user should read before the first cell."""
        return (
            f"{IN_USE} It is given back as it was, byte for byte.",
            self.kept,
            "What needs a copy of the model isn't on offer: curvature, sharpness, faster ways, more workers.",
        )

    @property
    def kept(self) -> str:
        """Where the weights are meanwhile, how much of the disk they take, and how to have them back."""
        return (
            f"The weights that move are also in {self.path} ({self.nbytes / 1e6:,.3g} MB): after a killed "
            f"kernel `model.load_state_dict(torch.load({str(self.path)!r}), strict=False)` gives them back."
        )

    def tensors(self) -> dict[str, Tensor]:
        """Return the model's own tensors of which the values are kept, as they are now."""
        own = dict(self.model.named_parameters(remove_duplicate=False))
        return {name: own[name] for name in self._moved if name in own} | {
            name: buffer
            for name, buffer in self.model.named_buffers()
            if type(buffer) is Tensor and buffer.layout == torch.strided
        }

    @contextmanager
    def lent(self) -> Iterator[nn.Module]:
        """Yield the model at the origin, in eval mode, without gradients and without hooks it can do without.

        On leaving, also by an exception or Ctrl+C, everything is given back.

        Raises:
            RuntimeError: where somebody else has changed the model: what was written before stays, what is
                written meanwhile is lost.
        """
        with self._turns:
            self._refuse_changed()
            belongings = Belongings(self.model)
            places = {name: tensor.data for name, tensor in self.tensors().items()}
            try:
                belongings.set_aside()
                yield self.model
            finally:
                _insist(partial(self._give_back, places, belongings))
            self.refuse_written()

    def rewind(self) -> dict[str, Tensor]:
        """Put the buffers back, which a forward may have written to, or replaced; return `tensors`."""
        for module, name, buffer, value in self._buffers:
            if module._buffers.get(name) is not buffer:
                module._buffers[name] = buffer
            if not is_same(buffer, value):
                buffer.data.copy_(value)
        return self.tensors()

    def refuse_written(self) -> None:
        """Refuse to go on where somebody else has written to a parameter while the model was lent.

        Raises:
            RuntimeError: saying so.
        """
        if written := self._written():
            raise RuntimeError(
                "Expected nobody to write to the model while it is in use; somebody wrote to "
                f"{_some(written)}. What moves is again what it was before, so what was written to that "
                "meanwhile is lost. Wait for the landscape, or pause or stop it, before you train."
            )

    def close(self) -> None:
        """Remove the file; what is mapped from it stays readable."""
        self._remove()

    def _refuse_changed(self) -> None:
        now = self.tensors()
        others = (
            name for name, kept in self.origin.items() if name not in now or not is_same(now[name], kept)
        )
        if changed := self._written() or list(others):
            raise RuntimeError(
                "Expected the model as it was when this landscape was asked for; since then somebody changed "
                f"{_some(changed)}. It is left as it is now. Ask for a new landscape around these weights."
            )

    def _give_back(self, places: Mapping[str, Tensor], belongings: Belongings) -> None:
        for name, place in places.items():
            place.copy_(self.origin[name])
        belongings.give_back()

    def _written(self) -> list[str]:
        looks = self._looks()
        return [name for name, seen in self._seen.items() if looks.get(name) != seen]

    def _looks(self) -> dict[str, tuple[object, ...]]:
        """Of each parameter where it lies, of what type it is, and how often torch has written to it."""
        named = self.model.named_parameters(remove_duplicate=False)
        return {name: (p.data_ptr(), p.device, p.dtype, p.shape, p._version) for name, p in named}


@contextmanager
def closed_on_error(lender: Lender | None) -> Iterator[None]:
    """Leave no file behind where what follows fails."""
    try:
        yield
    except BaseException:
        if lender is not None:
            lender.close()
        raise


def _insist(restore: Callable[[], None]) -> None:
    """Do it to the end, however often Ctrl+C is pressed meanwhile."""
    pressed: KeyboardInterrupt | None = None
    while True:
        try:
            restore()
            break
        except KeyboardInterrupt as interrupt:
            pressed = interrupt
    if pressed is not None:
        raise pressed


def _some(names: list[str]) -> str:
    return repr(names[0]) if len(names) == 1 else f"{names[0]!r} and {len(names) - 1} more tensors"
