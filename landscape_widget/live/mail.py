"""How do messages travel where only traits do? As letters in a trait, told again until they are read."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from landscape_widget.live.protocol import Message, ProtocolError, pack

NOTHING: dict[str, Any] = {"read": {}, "letters": []}
LONGEST = 64
"""Letters of a page's own name, and bits of a number."""

PAGES = 16
"""How many pages are remembered; one that is forgotten has been silent while as many came."""


@dataclass(frozen=True, eq=False)
class Letter:
    """A message on its way to the browser."""

    number: int
    message: bytes


class Mail:
    """Both directions of a correspondence in which any value of a trait may be overtaken by a later one.

    So each value holds all that is unread: to the browser the latest letter of each kind, from it every
    message that wasn't acted on yet. Both are numbered, and the other side says how far it has read. Not for
    several threads at once. The twin of js/src/kernel/mail.ts.
    """

    def __init__(self, write: Callable[[dict[str, Any]], None]) -> None:
        """Tell what is unread by ``write``, as JSON but for the bytes of the letters."""
        self._write = write
        self._letters: dict[Hashable, Letter] = {}
        self._number = 0
        self._read: dict[str, int] = {}

    def post(self, messages: Iterable[Message]) -> None:
        """Tell these; each replaces what it makes obsolete."""
        for message in messages:
            self._number += 1
            self._letters[_replaces(message)] = Letter(self._number, pack(message))
        self._tell()

    def take(self, asked: object) -> list[Any]:
        """Return the messages of a page that are new, in their order, and forget the letters it has read.

        Raises:
            ProtocolError: if it isn't what a page writes.
        """
        match asked:
            case {"page": str(page), "read": int(read), "messages": list(messages)} if len(page) <= LONGEST:
                pass
            case _:
                came = type(asked).__name__
                raise ProtocolError(f"Expected a page, how far it has read, and messages; got {came}.")
        known = self._read.get(page, 0)
        numbered = [(_number_of(message), message) for message in messages]
        latest = max((number for number, _ in numbered), default=known)
        letters = {what: letter for what, letter in self._letters.items() if letter.number > read}
        if latest > known or len(letters) < len(self._letters):
            earlier = {other: number for other, number in self._read.items() if other != page}
            self._read = dict([*earlier.items(), (page, max(known, latest))][-PAGES:])
            self._letters = letters
            self._tell()
        return [message["content"] for number, message in numbered if number > known]

    def _tell(self) -> None:
        letters = [vars(letter) for letter in sorted(self._letters.values(), key=lambda one: one.number)]
        self._write({"read": self._read, "letters": letters})


def _replaces(message: Message) -> Hashable:
    """A surface replaces that of the same map, a refusal that of the same control, a pong the last one."""
    content = message.content
    return content["kind"], content.get("map"), content.get("name")


def _number_of(message: object) -> int:
    match message:
        case {"number": int(number), "content": _} if number.bit_length() <= LONGEST:
            return number
    raise ProtocolError(f"Expected a message with its number; got {type(message).__name__}.")
