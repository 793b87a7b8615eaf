"""What goes wrong with workers, and what follows from it?"""

from __future__ import annotations

from concurrent.futures import BrokenExecutor

from landscape_widget.evaluate.spread.account import Account
from landscape_widget.evaluate.spread.flights import Landing, Order, Orders

SETBACKS = 2
"""How often tasks may get lost, with none coming back in between, before the rest is measured here."""

TRIES = 4
"""Of the same cells, while others get on: what kills every worker it is given to must end somewhere."""


class Troubles:
    """Counts what got lost, gives it to others, and says when there is nobody left to give it to.

    Attributes:
        are_gone: whether the workers are asked no more, and the rest is measured in this process.
    """

    def __init__(self, account: Account) -> None:
        self.are_gone = False
        self._account = account
        self._setbacks = 0

    def progress(self) -> None:
        """A task came back as it should."""
        self._setbacks = 0

    def gone(self, error: Exception | None) -> None:
        """The executor takes no tasks, or nobody answers."""
        if not self.are_gone:
            self.are_gone = True
            why = "no longer answer" if error is None else f"are gone ({_said(error)})"
            self._account.note(
                f"The workers {why}: what they measured is kept, and the rest is measured in this process."
            )

    def overdue(self, late: list[Order], orders: Orders) -> None:
        """Tasks take far longer than they should."""
        for order in late:
            self._account.note("A task never came back, so its cells were given to another worker.")
            orders.again(order)
        self._setback(len(late))

    def lost(self, landings: list[Landing], orders: Orders) -> list[BaseException]:
        """Tasks came back without an answer, together; return what the user must see to."""
        errors: list[BaseException] = []
        for order, error in ((landing.order, landing.error) for landing in landings):
            assert error is not None
            if isinstance(error, ImportError):
                said = (
                    f"The workers can't import this package: {error}. Install the same version of "
                    "landscape-widget where they are."
                )
                errors.append(_because(ImportError(said), error))
            elif order.tries >= TRIES or type(error).__name__ == "KilledWorker":  # Dask tries by itself
                said = (
                    f"Every worker that was given the same cells was lost; the last one left {_said(error)} "
                    "Is there memory enough for a cell? What is known is kept; give the workers more."
                )
                errors.append(_because(RuntimeError(said), error))
            else:
                orders.again(order, laden=True)
                if isinstance(error, BrokenExecutor):
                    self.gone(error)
                else:
                    self._account.note(f"A task was lost ({_said(error)}) and given to another worker.")
        self._setback(1)
        return errors

    def _setback(self, count: int) -> None:
        self._setbacks += count
        if self._setbacks >= SETBACKS:
            self.gone(None)


def _because(error: BaseException, cause: BaseException) -> BaseException:
    error.__cause__ = cause
    return error


def _said(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".rstrip(": ").rstrip(".") + "."
