"""A letter, the obligation that it meets, and what became of it."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Literal, SupportsBytes

from pipeline.findings import Finding
from pipeline.register.model import Ref

Role = Literal["to", "copy", "file"]
"""A party, somebody who is informed, or the case file (a letter without address)."""


@dataclass(frozen=True)
class Obligation:
    """What a letter is owed for; met once (``docs/design.md``, «What always holds» 4).

    Attributes:
        letter: the letter rule's name.
        record: the row that needs it.
        recipient: who gets it; None for a letter for the file.
        role: how the recipient is concerned.
        occurrence: of the deadline that it serves; 0 where it serves none.
    """

    letter: str
    record: Ref
    recipient: Ref | None
    role: Role
    occurrence: int = 0

    @cached_property
    def id(self) -> str:
        """Eight letters and digits, the same on every machine and every night, that stand in file name and dispatch list.

        The role is left out: who moves from copy to party gets no second letter.
        """
        recipient = f"{self.recipient.sheet}\x1f{self.recipient.key}" if self.recipient else ""
        parts = (self.letter, self.record.sheet, self.record.key, recipient, str(self.occurrence))
        digest = hashlib.sha256("\x1e".join(parts).encode()).digest()
        return base64.b32encode(digest[:5]).decode()


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who a letter goes to, as worked out on the letter's date.

    Attributes:
        ref: the row; None for the file.
        role: party, copy or file.
        name: as printed.
        address: the lines below the name.
        language: the recipient's own, else the office's.
        channel: how letters reach them; empty where the register does not say.
    """

    ref: Ref | None
    role: Role
    name: str = ""
    address: tuple[str, ...] = ()
    language: str = ""
    channel: str = ""


class Outcome(StrEnum):
    """What the next run does with a letter, or why it does nothing."""

    DUE = "due"
    WITHHELD = "withheld"
    MANUAL = "manual"
    REVIEW = "review"
    HELD = "held"
    WAITING = "waiting"
    PRODUCED = "produced"
    SENT = "sent"
    NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a letter has its outcome: a sentence of the catalogues with its facts, or a finding in the register."""

    sentence: str = ""
    facts: tuple[tuple[str, str | date], ...] = ()
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter to one recipient, as planned.

    Attributes:
        obligation: what it is owed for.
        recipient: who gets it.
        outcome: what happens to it.
        reasons: why.
        dated: the letter's own date; None where it is not known yet.
        owner: who is responsible for it, as the deadline it serves or the record's letters say; may be empty.
        stands_in_for: for whom, where the owner is a substitute; else empty.
        due: the due date of the deadline it serves, if any.
    """

    obligation: Obligation
    recipient: Recipient
    outcome: Outcome
    reasons: tuple[Reason, ...] = ()
    dated: date | None = None
    owner: str = ""
    due: date | None = None
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter as text: what goes into the file.

    Attributes:
        letter: the plan.
        content: the .docx file; its bytes are made when they are asked for.
        facts: what it says of the register, by field: the fingerprint is made of these.
        template: digest of the template it was made from.
        enclosures: further files, by name.
    """

    letter: Letter
    content: SupportsBytes
    facts: tuple[tuple[str, str], ...]
    template: str
    enclosures: tuple[tuple[str, SupportsBytes], ...] = ()
