"""Offices as nobody thought of them: empty, without clerks, with hundreds, all protected, oddly named; two mornings of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import icalendar
import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from pipeline.lists.offices import Night, OfficeNight, offices_page
from pipeline.texts import texts_in
from tests.lists.browser import chromium, needs_chromium, opened
from tests.walk.small_office import PEOPLE, SmallOffice, cases

FIRST, SECOND = "2026-11-20", "2026-11-23"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ODD = (
    "Å" * 300,
    "<b>Kari</b> & Co",
    "\N{FAMILY}\N{ZERO WIDTH JOINER}\N{GIRL} Ida",
    "\N{RIGHT-TO-LEFT OVERRIDE}irak",
    "CON",
    "../x",
    "=1+1",
)
"""Names of clerks."""


def case(n: int, clerk: str | None, person: str = "P-1", received: date = date(2026, 10, 1)) -> Sequence[Any]:
    """A case whose answer is overdue, or as old as asked for."""
    return (f"C-{n:03}", person, None, received, None, None, None, None, clerk)


SHIELDED = (*PEOPLE[:1], ("P-9", "Ola Vernet", "Hemmelig vei 1", "9999 Sted", "nb", "yes"))

OFFICES = [
    pytest.param([], PEOPLE, 0, id="a register of headings alone"),
    pytest.param([(*case(1, "ABC")[:5], date(2026, 10, 9), "refused", "x", "ABC")], PEOPLE, 0, id="nothing that is open"),
    pytest.param([case(n, "ABC") for n in range(8)], PEOPLE, 1, id="one clerk"),
    pytest.param([case(n, None) for n in range(8)], PEOPLE, 1, id="no clerk at all"),
    pytest.param([case(n, f"K{n:03}") for n in range(300)], PEOPLE, 300, id="three hundred clerks"),
    pytest.param([case(n, "ABC", "P-9") for n in range(8)], SHIELDED, 1, id="everybody protected"),
    pytest.param([case(n, name) for n, name in enumerate(ODD)], PEOPLE, len(ODD), id="odd names"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@needs_chromium
@pytest.mark.parametrize(("rows", "people", "owners"), OFFICES)
def test_two_mornings_of_an_odd_office(
    browser: Browser, tmp_path: Path, rows: Sequence[Sequence[Any]], people: Sequence[Sequence[Any]], owners: int
) -> None:
    office = SmallOffice(tmp_path / "office")
    office.write_register(cases(*rows), people)
    for day in (FIRST, SECOND):
        result = office.run(day=day)
        assert result.exit_code in {0, 1, 3}, result.output
    late = {str(row[0]) for row in rows if row[5] is None}
    lists = office.output / "overview"

    book = openpyxl.load_workbook(lists / "overdue.xlsx")
    assert {str(row[2]) for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)} >= late
    assert len(book.sheetnames) >= 1 + owners
    found = [icalendar.Calendar.from_ical(file.read_bytes()) for file in lists.glob("*.ics")]
    assert len(found) == owners
    assert {str(event["summary"]).split()[0] for one in found for event in one.walk("VEVENT")} == late
    assert "Hemmelig" not in (lists / "overview.html").read_text("utf-8")
    for width in (1400, 390):
        with opened(browser, lists / "overview.html", width=width, today=f"{SECOND}T07:30:00") as page:
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            assert set(page.locator("#deadlines th.key").all_inner_texts()) == late
            assert page.locator("main :is(script, img)").count() == 0
            assert page.evaluate("document.documentElement.scrollWidth") == width
            if owners < 300:
                checked = Axe().run(page, options={"runOnly": RULES})
                assert checked.violations_count == 0, checked.generate_report()


@needs_chromium
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("names", [(), ("Sted",), ODD])
def test_axe_finds_nothing_on_the_page_of_several_offices(
    browser: Browser, tmp_path: Path, names: Sequence[str], width: int
) -> None:
    nights = list(Night)
    offices = [OfficeNight(name, nights[n % len(nights)], date(2026, 11, 20), {"unknown": n}) for n, name in enumerate(names)]
    page_file = tmp_path / "offices.html"
    page_file.write_text(offices_page(offices, texts_in("en"), date(2026, 11, 23)), "utf-8")
    with opened(browser, page_file, width=width, ready="main") as page:
        checked = Axe().run(page, options={"runOnly": RULES})
        assert checked.violations_count == 0, checked.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("img, script").count() == 0
