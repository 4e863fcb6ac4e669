"""Who has to act on a row: its owner, or while they are away whoever stands in for them."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipeline.profile.expressions import EMPTY, FAULTS
from pipeline.register.model import Ref, Row


class Responsible(NamedTuple):
    """Who has to act on a row.

    Attributes:
        owner: the key or text; empty where nobody is named or the cell cannot be read.
        stands_in_for: the key of the one who is away, where the owner is their substitute; else empty.
        rows: of both, where the register has them.
    """

    owner: str = ""
    stands_in_for: str = ""
    rows: tuple[Row, ...] = ()


def responsible(source: str | None, row: Row, known: dict[Ref, Responsible]) -> Responsible:
    """Who has to act: the owner, or while they are away whoever stands in for them.

    Args:
        source: the expression that names the owner.
        row: on which it is asked.
        known: remembers who acts for each owner, since few people own much.
    """
    owner = _owner(source, row)
    if not isinstance(owner, Row):
        return Responsible("" if owner is EMPTY else str(owner))
    who = known.get(owner.ref)
    if who is None:
        acting = _acting(owner)
        who = known[owner.ref] = (
            Responsible(owner.ref.key, rows=(owner,))
            if acting is owner
            else Responsible(acting.ref.key, owner.ref.key, (acting, owner))
        )
    return who


def _acting(owner: Row) -> Row:
    """The owner, their substitute, or the substitute's; where all of them are away in a circle, the owner."""
    sheets = owner.view.register.profile.sheets
    acting, seen = owner, [owner]
    while (substitute := sheets[acting.ref.sheet].substitute) is not None:
        other = _owner(substitute, acting)
        if not isinstance(other, Row):
            return acting
        if other in seen:
            return owner
        acting = other
        seen.append(other)
    return acting


def _owner(source: str | None, row: Row) -> Any:
    try:
        value = EMPTY if source is None else row.view.rules[source](row)
    except FAULTS:
        return EMPTY
    return next((item for item in value if item is not EMPTY), EMPTY) if isinstance(value, list | tuple) else value


def display_name(row: Row) -> str:
    """A row's name as its sheet's recipient rule prints it, else its key."""
    recipient = row.view.register.profile.sheets[row.record.sheet].recipient
    try:
        name = row.view.evaluate(recipient.name, row) if recipient else EMPTY
    except FAULTS:
        name = EMPTY
    return str(name) or row.record.key
