"""The trial before a register is replaced sees whatever else has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from pipeline.findings import Place
from pipeline.register.archive import Archive, Unspliceable
from pipeline.register.readback import HARMED, assure_unharmed, cell_at, cells_of
from pipeline.register.splice import Spliced, splice
from tests.register.rich_books import FILE, TITLE, by_xlsxwriter

CELL = Place(FILE, TITLE, 2, 3)
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def before() -> bytes:
    return by_xlsxwriter()


@pytest.fixture
def spliced(before: bytes) -> Spliced:
    return splice(FILE, before, {CELL: "ny"})


def changed(spliced: Spliced, part: str, change: Callable[[bytes], bytes]) -> Spliced:
    """The splice with a part changed besides."""
    archive = Archive(FILE, spliced.content)
    xml = archive.part(part)
    assert xml is not None
    assert change(xml) != xml
    return replace(spliced, content=archive.with_parts({part: change(xml)}))


def test_a_splice_as_it_should_be_passes(before: bytes, spliced: Spliced) -> None:
    assure_unharmed(FILE, before, spliced)


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("xl/theme/theme1.xml", lambda xml: xml + b"\n"),
        (SHEET, lambda xml: xml.replace(b"<v>2</v>", b"<v>3</v>", 1)),
        (SHEET, lambda xml: xml.replace(b">ny<", b">gammel<")),
        (SHEET, lambda xml: xml.replace(b"</sheetData>", b'<row r="99"><c r="A99"><v>1</v></c></row></sheetData>')),
        (SHEET, lambda xml: xml.replace(b"</sheetData>", b"")),
    ],
)
def test_whatever_else_has_changed_is_seen(
    before: bytes, spliced: Spliced, part: str, change: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(Unspliceable) as fault:
        assure_unharmed(FILE, before, changed(spliced, part, change))
    assert fault.value.facts["reason"] == HARMED


@pytest.mark.parametrize("value", ["annet", 7, True, date(2026, 11, 23)])
def test_a_cell_that_does_not_read_as_it_was_given_is_seen(before: bytes, spliced: Spliced, value: str | int | date) -> None:
    with pytest.raises(Unspliceable):
        assure_unharmed(FILE, before, replace(spliced, written={CELL: value}))


def test_a_place_beyond_the_sheet_reads_as_empty(before: bytes) -> None:
    cells = cells_of(FILE, before)
    assert [
        cell_at(cells, place) for place in (Place(FILE, TITLE, 999, 1), Place(FILE, TITLE, 2, 99), Place(FILE, "?", 1, 1))
    ] == [
        "",
        "",
        "",
    ]


def test_what_is_no_workbook_cannot_be_tried() -> None:
    with pytest.raises(Unspliceable):
        cells_of(FILE, b"PK")
