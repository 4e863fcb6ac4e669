"""A run's dispatch list: a row for each letter it made, with columns that staff fill in and the next run reads."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from posixpath import relpath
from typing import Any, Final

import xlsxwriter

from pipeline.letters.model import Letter
from pipeline.lists import words
from pipeline.lists.sheets import OPTIONS, Column, Look, frame_table, set_properties
from pipeline.lists.words import plain
from pipeline.texts import Texts, message

TITLE: Final = message("Dispatch")

ID: Final = message("Letter id")
DATED: Final = message("Date")
SENT: Final = message("Sent")
ARRIVED: Final = message("Arrived")
RETURNED: Final = message("Returned")
QUESTION: Final = message("Question")
ANSWER: Final = message("Yes or no")
NOTE: Final = message("Note")

COLUMNS: Final = (
    Column(ID, 12, "key"),
    Column(message("Record"), 14),
    Column(message("Letter"), 28),
    Column(message("Recipient"), 26),
    Column(message("Role"), 10),
    Column(message("Channel"), 10),
    Column(DATED, 12, "day"),
    Column(message("File"), 44),
    Column(message("Enclosures"), 26),
    Column(SENT, 12, "fill in day"),
    Column(ARRIVED, 12, "fill in day"),
    Column(RETURNED, 12, "fill in day"),
    Column(NOTE, 28, "fill in"),
)
"""The headings are found by their words in the office's language when the list is read back."""

QUESTIONS: Final = (Column(QUESTION, 52), Column(ANSWER, 10, "fill in"))
"""Stand before the note on a list that asks something."""

_FILE: Final = 7
_MEANS_SOMETHING: Final = re.compile(r"""[\x00-\x20%#"<>\[\]`^{}\\]""")
_EARLIEST: Final = date(2000, 1, 1)
_LATEST: Final = date(2099, 12, 31)


@dataclass(frozen=True, slots=True)
class Dispatched:
    """A letter of this run.

    Attributes:
        letter: the plan.
        title: the letter rule's.
        file: relative to ``output``, with forward slashes; the list lies in the folder of the as-of day, which may be another.
        enclosures: the names of further files.
    """

    letter: Letter
    title: str
    file: str
    enclosures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Questioned:
    """A question that is answered with yes or no in its row.

    Attributes:
        letter: about which letter.
        title: the letter rule's.
        sentence: the question, in the office's language.
    """

    letter: Letter
    title: str
    sentence: str


def dispatch_workbook(letters: Sequence[Dispatched], texts: Texts, today: date, questions: Sequence[Questioned] = ()) -> bytes:
    """``utsending N.xlsx``: the same bytes for the same letters, questions, day and language.

    Args:
        letters: those of one run, in any order; the list is in the order of their files, as a folder shows them.
        texts: the office's language.
        today: the as-of day.
        questions: what the run asks, below the letters; in the order of record, letter and recipient.
    """
    ordered = sorted(letters, key=lambda dispatched: (dispatched.file, dispatched.letter.obligation.id))
    asked = sorted(questions, key=_question_order)
    columns = (*COLUMNS[:-1], *QUESTIONS, COLUMNS[-1]) if asked else COLUMNS
    rows = [_values(dispatched, texts) for dispatched in ordered]
    if asked:
        rows = [(*row[:-1], None, None, row[-1]) for row in rows] + [_asking(question, texts) for question in asked]
    title = f"{texts(TITLE)} · {texts.short_date(today)}"
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    look = Look(book, texts)
    link = book.add_format({"valign": "top", "text_wrap": True, "font_color": "#1C4F5E", "underline": 1})
    sheet = book.add_worksheet(texts(TITLE))
    frame_table(sheet, columns, rows, look, texts, title)
    for n, values in enumerate(rows, start=1):
        _write_row(sheet, n, columns, values, look)
    for n, (dispatched, values) in enumerate(zip(ordered, rows, strict=False), start=1):
        sheet.write_url(n, _FILE, _link(dispatched.file, today), link, values[_FILE])
    for n, column in enumerate(columns):
        if column.kind == "fill in day":
            sheet.data_validation(1, n, max(len(rows), 1), n, _a_date(texts))
        elif column.heading == ANSWER:
            sheet.data_validation(
                len(ordered) + 1, n, len(rows), n, {"validate": "list", "source": [texts("yes"), texts("no")]}
            )
    set_properties(book, title, today)
    book.close()
    return buffer.getvalue()


def _values(dispatched: Dispatched, texts: Texts) -> tuple[str | date | None, ...]:
    """A value for each of `COLUMNS`; staff fill in the last four."""
    letter = dispatched.letter
    return (
        letter.obligation.id,
        plain(letter.obligation.record.key),
        plain(dispatched.title),
        plain(letter.recipient.name),
        texts(words.ROLE[letter.recipient.role]),
        plain(letter.recipient.channel),
        letter.dated,
        PurePosixPath(dispatched.file).name,
        plain("\n".join(dispatched.enclosures)),
        None,
        None,
        None,
        None,
    )


def _question_order(question: Questioned) -> tuple[str, str, str]:
    owed = question.letter.obligation
    return owed.record.key, question.title, owed.id


def _asking(question: Questioned, texts: Texts) -> tuple[str | date | None, ...]:
    """A row that asks: a value for each of `COLUMNS`, with the question before the note."""
    letter = question.letter
    recipient = letter.recipient
    return (
        letter.obligation.id,
        plain(letter.obligation.record.key),
        plain(question.title),
        plain(recipient.name),
        texts(words.ROLE[recipient.role]) if recipient.ref is not None else None,
        plain(recipient.channel),
        *[None] * 6,
        plain(question.sentence),
        None,
        None,
    )


def _write_row(sheet: Any, row: int, columns: Sequence[Column], values: Sequence[str | date | None], look: Look) -> None:
    for n, (column, value) in enumerate(zip(columns, values, strict=True)):
        style = look.of[column.kind]
        match value:
            case date():
                sheet.write_datetime(row, n, value, style)
            case str():
                sheet.write_string(row, n, value, style)
            case None:
                sheet.write_blank(row, n, None, style)


def _link(file: str, today: date) -> str:
    """From the list's folder to the file, with what means something in a link escaped; letters stay as Excel writes them."""
    path = relpath(file, today.isoformat())
    return "external:" + _MEANS_SOMETHING.sub(lambda found: f"%{ord(found[0]):02X}", path)


def _a_date(texts: Texts) -> dict[str, object]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": _EARLIEST,
        "maximum": _LATEST,
        "error_title": texts("No date"),
        "error_message": texts("Type the date as day.month.year, such as 23.11.2026."),
    }
