"""Data faults are values: what is wrong in a register, where, and what to write instead.

A `Finding` carries a stable code and structured facts.
Its sentence is made last, in the reader's language, by `sentence`.
Faults of the run itself (no profile, no register, no room on the disk) are exceptions: `pipeline.faults`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pipeline.texts.messages import FINDINGS

if TYPE_CHECKING:
    from pipeline.texts import Texts


Fact = str | date


class Severity(StrEnum):
    """An error withholds the letters of its row, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a workbook.

    Attributes:
        file: the workbook's name, without its folder.
        sheet: the tab's title as it stands in the workbook; empty for the workbook as a whole.
        row: Excel's row number, from 1; 0 for the sheet as a whole.
        column: Excel's column number, from 1; 0 for the row as a whole.
    """

    file: str
    sheet: str = ""
    row: int = 0
    column: int = 0

    @property
    def cell(self) -> str:
        """The address as Excel shows it: ``D14``, ``14`` for a whole row, empty for a whole sheet."""
        return f"{column_letters(self.column)}{self.row or ''}"

    def __str__(self) -> str:
        """Sheet and cell, ``Cases!D14``."""
        return "!".join(part for part in (self.sheet or self.file, self.cell) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault in the office's data.

    Attributes:
        code: stable, readable, a key of `pipeline.texts.messages.FINDINGS`.
        place: the cell, row, sheet or file.
        severity: whether the row's letters are withheld.
        heading: the column's heading as staff see it; empty where no column is concerned.
        sheet: the sheet's name in the profile; empty where no sheet is concerned.
        record: the key of the record; empty where it has none.
        value: what the cell shows.
        facts: what the sentence names, by name; a day is written as the reader's language writes it.
        secret: the value is of a class that only the annotated copy may show.
    """

    code: str
    place: Place
    severity: Severity = Severity.ERROR
    heading: str = ""
    sheet: str = ""
    record: str = ""
    value: str = ""
    facts: tuple[tuple[str, Fact], ...] = ()
    secret: bool = False

    @property
    def shown(self) -> str:
        """The value as lists may show it: nothing where it is secret."""
        return "" if self.secret else self.value


@dataclass(frozen=True, slots=True)
class Sentence:
    """A finding in words: what is wrong, and what to write instead."""

    message: str
    cure: str


def sentence(finding: Finding, texts: Texts, *, reveal: bool = False) -> Sentence:
    """The finding in the language of `texts`.

    Args:
        finding: what was found.
        texts: the reader's language.
        reveal: name a secret value too (the annotated copy alone may).
    """
    kind = FINDINGS[finding.code]
    value = finding.value if reveal or not finding.secret else texts("(not shown)")
    facts = dict(finding.facts) | {"value": value, "heading": finding.heading, "record": finding.record}
    return Sentence(texts(kind.message, **facts), texts(kind.cure, **facts))


def counted(errors: int, warnings: int, texts: Texts) -> dict[str, str]:
    """How many errors and warnings there are, as facts of a sentence."""
    return {
        "errors": texts.count("{n} error", "{n} errors", errors),
        "warnings": texts.count("{n} warning", "{n} warnings", warnings),
    }


def column_letters(column: int) -> str:
    """Excel's letters for a column number counted from 1: 1 is ``A``, 28 is ``AB``, 0 is nothing."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
