"""What a template may ask of the machine for one document: so much and no more, so that none runs for ever or fills the memory.

It is counted in steps, not in seconds: the same template on the same register ends the same way on every machine, in every
process and on every system.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any, Final

from jinja2.exceptions import SecurityError

from pipeline.texts import message

LIMIT: Final = 2_000_000
"""A character made or a row asked is one: no more than some seconds, and some dozen megabytes."""

TURN: Final = 5
CALL: Final = 50
"""What a turn of a loop and the call of a macro cost besides the text in them."""

_CHARACTERS_A_STEP: Final = 10

TOO_MUCH: Final = message(
    "It asks for more work than any letter needs, perhaps a list of everything inside another, "
    "or a text made longer again and again."
)
ENDLESS: Final = message("A macro of it calls itself without end.")


class Budget:
    """The steps that are left."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        """All of them."""
        self._left = LIMIT

    def renew(self) -> None:
        """Begin another document."""
        self._left = LIMIT

    def spend(self, steps: int) -> None:
        """Take steps; raises `SecurityError` where there are no more."""
        self._left -= steps
        if self._left < 0:
            raise SecurityError(TOO_MUCH)

    def spent(self, made: Any) -> Any:
        """What was made, its size taken."""
        self.spend(1 + size(made))
        return made


def turn(characters: int) -> int:
    """What a turn costs that puts so many characters of the template into the document."""
    return TURN + characters // _CHARACTERS_A_STEP


def size(value: Any) -> int:
    """How much a value takes: a step a character, a turn an item; nothing where it is neither text nor list."""
    if not isinstance(value, Sized):
        return 0
    return len(value) if isinstance(value, str) else len(value) * TURN
