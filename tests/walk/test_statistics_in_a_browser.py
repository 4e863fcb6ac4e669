"""The statistics' page in Chromium, and its three forms where the register's texts are hostile."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.lists.browser import chromium, needs_chromium, opened
from tests.walk.small_office import PEOPLE, SmallOffice, cases
from tests.walk.test_statistics import TODAY, furnished, made_up, numbers

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|'/C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "{{ 7 * 7 }}",
    "\N{RIGHT-TO-LEFT OVERRIDE}avsluttet\N{HEBREW LETTER ALEF}",
    "å" * 10_000,
    'a;b"c\nd',
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> SmallOffice:
    """An office whose cases lie with clerks of hostile names."""
    made = furnished(tmp_path_factory.mktemp("office"), "Sted", made_up(3))
    day = date(2026, 10, 1)
    rows = [(f"C-{n}", "P-1", None, day, None, date(2026, 11, 2), "granted", None, name) for n, name in enumerate(HOSTILE)]
    made.write_register(cases(*rows), PEOPLE)
    book = openpyxl.load_workbook(made.workbook)
    for row in book["Cases"].iter_rows(min_row=2):
        row[-1].data_type = "s"  # a text that somebody typed behind an apostrophe, not a formula
    book.save(made.workbook)
    assert made.call("statistics", "--as-of", str(TODAY)).exit_code == 0
    return made


@needs_chromium
def test_a_long_figure_is_a_cross_table_with_every_number_and_a_short_one_has_a_line_for_each(
    browser: Browser, tmp_path: Path
) -> None:
    rows = [("Årlig", 2024 + n // 4, n % 4) for n in range(9)] + [("Svar", 2025, n) for n in range(4)]
    made = furnished(tmp_path / "office", "Sted", made_up(1))
    made.write_register(
        cases(
            *(
                (f"C-{n}", "P-1", None, date(year, 1 + 3 * q, 5), None, None, None, None, who)
                for n, (who, year, q) in enumerate(rows)
            )
        ),
        PEOPLE,
    )
    made.write_profile(
        (made.folder / "profile.toml").read_text("utf-8")
        + """
[statistics.crossed]
title = "Crossed"
on = "case"
[statistics.crossed.by]
Clerk = "clerk"
Quarter = "received.strftime('%Y-%m')"
"""
    )
    assert made.call("statistics", "--as-of", str(TODAY)).exit_code == 0
    with opened(browser, made.output / "statistics" / "statistics.html", ready="main") as page:
        cells = page.eval_on_selector_all(".crossed tr", "all => all.map(row => [...row.cells].map(cell => cell.textContent))")
        months = sorted({f"{year}-{1 + 3 * q:02}" for _, year, q in rows})
        assert cells[0] == ["Clerk", *months]
        assert [[row[0], sum(cell == "1" for cell in row)] for row in cells[1:]] == [["Svar", 4], ["Årlig", 9], ["In total", 0]]
        assert cells[-1] == ["In total", "13"]
        assert page.locator("table:not(.crossed)").count() == 5
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, found.generate_report()


@needs_chromium
@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False)])
def test_axe_finds_nothing_and_hostile_names_do_nothing(browser: Browser, office: SmallOffice, width: int, dark: bool) -> None:
    page_file = office.output / "statistics" / "statistics.html"
    with opened(browser, page_file, width=width, dark=dark, ready="main") as page:
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") == width
        assert page.locator("img, script").count() == 0
        assert page.get_by_role("rowheader", name=HOSTILE[0]).count() == 1


def test_hostile_names_are_texts_in_the_workbook_and_in_the_file_for_programs(office: SmallOffice) -> None:
    book = openpyxl.load_workbook(office.output / "statistics" / "statistics.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert {str(cell.value) for cell in cells} >= {name for name in HOSTILE if len(name) < 400}

    groups = {group for figure, group, _ in numbers(office.output / "statistics" / "statistics.csv") if figure == "took"}
    assert len(groups) == len(HOSTILE) + 1
    assert not [group for group in groups if group.startswith(("=", "+", "-", "@"))]


def test_a_number_shows_one_decimal_at_most_in_the_workbook_and_keeps_the_others(tmp_path: Path) -> None:
    office = furnished(tmp_path / "office", "Sted", made_up(9))
    office.call("statistics", "--as-of", str(TODAY))
    rows = openpyxl.load_workbook(office.output / "statistics" / "statistics.xlsx")["Statistics"].iter_rows(min_row=2)
    shown = [(cell.number_format, float(str(cell.value))) for _, _, cell, _ in rows]
    assert {form for form, value in shown if round(value, 1) == round(value)} == {"#,##0"}
    parts = [value for form, value in shown if form == "#,##0.0"]
    assert any(value != round(value, 1) for value in parts)
