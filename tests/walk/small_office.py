"""A small office whose profile, register and templates are all to be read here: the neutral workspace of the walk's tests."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
from click.testing import CliRunner, Result

from pipeline.cli import main

TODAY = "2026-11-23"

PROFILE = """
[office]
municipality = "Sted"
country = "NO"
language = "en"
start = 2026-09-01

[terms]
answer_within = "3 weeks"

[register]
workbook = "registers/book.xlsx"

[sheets.person]
title = "People"
key = "number"
recipient = { name = "name", address = ["street", "place"], language = "tongue" }
protected = "shielded"
[sheets.person.columns]
number = { type = "text", required = true, unique = true }
name = { type = "text", required = true }
street = { type = "text", class = "address" }
place = { type = "text", class = "address" }
tongue = { type = "choice", choices = ["nb", "nn", "en"] }
shielded = { type = "yesno" }

[sheets.case]
title = "Cases"
key = "number"
[sheets.case.columns]
number = { type = "text", required = true, unique = true }
person = { type = "ref", to = "person", required = true, back = "cases" }
informed = { type = "ref", to = "person", many = true }
received = { type = "date", required = true, not_after = "today" }
notice_sent = { type = "date", not_before = "received" }
decided = { type = "date", not_before = "received" }
outcome = { type = "choice", choices = ["granted", "refused"] }
reason = { type = "text" }
clerk = { type = "text" }

[deadlines.answer]
on = "case"
title = "Answer"
due = "received + answer_within"
done = "notice_sent or decided"
remind = "3 weeks"
owner = "clerk"

[letters.notice]
on = "case"
title = "Notice"
template = "notice.docx"
serves = "answer"
sent = "notice_sent"
to = "person"
copy = "informed"

[letters.decision]
on = "case"
title = "Decision"
template = "decision.docx"
when = "decided"
dated = "decided"
to = "person"
"""

PEOPLE: Sequence[Sequence[Any]] = (
    ("Number", "Name", "Street", "Place", "Tongue", "Shielded"),
    ("P-1", "Kari Prøve", "Gate 1", "0150 Sted", None, None),
    ("P-2", "Ola Prøve", "Gate 2", "0150 Sted", None, None),
    ("P-3", "Åse Skjermet", "Hemmelig vei 99", "9999 Gjemt", None, "yes"),
)

CASES: Sequence[Sequence[Any]] = (
    ("Number", "Person", "Informed", "Received", "Notice sent", "Decided", "Outcome", "Reason", "Clerk"),
    ("C-1", "P-1", "P-2", date(2026, 11, 10), None, None, None, None, "ABC"),
    ("C-2", "P-2", None, "week 45", None, None, None, None, "ABC"),
    ("C-3", "P-3", None, date(2026, 11, 12), None, None, None, None, "DEF"),
    ("C-4", "P-1", None, date(2026, 11, 9), date(2026, 11, 11), None, None, None, "ABC"),
    ("C-5", "P-2", None, date(2026, 7, 1), None, None, None, None, "DEF"),
    ("C-6", "P-2", None, date(2026, 11, 10), None, date(2026, 11, 20), "granted", "Because.", "ABC"),
    ("C-7", "P-1", None, date(2026, 11, 11), None, date(2026, 11, 19), "refused", None, "DEF"),
)

NOTICE = (
    "{{ recipient.name }}",
    "{% for line in recipient.address %}{{ line }} {% endfor %}",
    "{{ letter.date }}: we have got your application of {{ case.received }} and answer by {{ letter.due }}.",
    "Copy: {{ letter.copies | default('') }}",
)
DECISION = ("{{ recipient.name }}", "{{ letter.date }}: {{ case.outcome }}, since {{ case.reason }}")


class SmallOffice:
    """A workspace, and what its staff do with it."""

    def __init__(self, folder: Path) -> None:
        """Furnish the folder with the tables above."""
        self.folder = folder
        self.output = folder / "output"
        self.workbook = folder / "registers" / "book.xlsx"
        for part in ("registers", "templates/docx"):
            (folder / part).mkdir(parents=True)
        self.write_profile(PROFILE)
        self.write_register()
        self.write_template("notice.docx", *NOTICE)
        self.write_template("decision.docx", *DECISION)

    def write_profile(self, text: str) -> None:
        """Put another profile in place."""
        (self.folder / "profile.toml").write_text(text, encoding="utf-8")

    def write_register(self, cases: Sequence[Sequence[Any]] = CASES, people: Sequence[Sequence[Any]] = PEOPLE) -> None:
        """Put another register in place."""
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for title, rows in (("People", people), ("Cases", cases)):
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        book.save(self.workbook)

    def change(self, sheet: str, cell: str, value: Any) -> None:
        """Type into one cell of the register."""
        book = openpyxl.load_workbook(self.workbook)
        book[sheet][cell] = value
        book.save(self.workbook)

    def write_template(self, name: str, *paragraphs: str) -> None:
        """Put another template in place."""
        document = docx.Document()
        for paragraph in paragraphs:
            document.add_paragraph(paragraph)
        document.save(str(self.folder / "templates" / "docx" / name))

    def call(self, *arguments: str) -> Result:
        """Give a command in this workspace."""
        return CliRunner().invoke(main, ["--workspace", str(self.folder), *arguments])

    def run(self, *options: str, day: str = TODAY) -> Result:
        """The night's run."""
        return self.call("run", "--as-of", day, *options)

    def json(self, *arguments: str, day: str = TODAY) -> list[dict[str, Any]]:
        """What a command prints for programs, on a day."""
        result = self.call(*arguments, "--as-of", day, "--json")
        assert result.exit_code in {0, 1}, result.stderr
        return list(json.loads(result.stdout))

    def tree(self) -> Mapping[str, bytes]:
        """Every file of the workspace with its bytes; ledger, lock and log, which every run opens, aside."""
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name not in {".fristbrev.lock", "fristbrev.sqlite", "fristbrev.log"}
        }

    def made(self) -> Mapping[str, bytes]:
        """Every file below the output, the records with clock times aside."""
        files = {name.removeprefix("output/"): content for name, content in self.tree().items() if name.startswith("output/")}
        return {name: content for name, content in files.items() if not name.endswith(".json")}

    def letters(self) -> Mapping[str, str]:
        """The text of each letter that lies to be sent, by record key, title and role."""
        found = (path for path in self.output.glob("2*/*/*.docx"))
        return {path.stem.rpartition(" ")[0]: text_of(path.read_bytes()).replace("\u00a0", " ") for path in sorted(found)}


def text_of(content: bytes) -> str:
    """What a Word document says, a line a paragraph; it must open."""
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def unpacked(content: bytes) -> bytes:
    """All bytes of a file, those of a zip archive unpacked."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def cases(*rows: Sequence[Any]) -> Sequence[Sequence[Any]]:
    """A table of cases with these rows, each cut short where the rest is empty."""
    return (CASES[0], *((*row, *[None] * (len(CASES[0]) - len(row))) for row in rows))


def sheet_rows(content: bytes) -> list[tuple[Any, ...]]:
    """All rows of all sheets of a workbook; days as days."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    rows = (row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True))
    return [tuple(cell.date() if isinstance(cell, datetime) else cell for cell in row) for row in rows]
