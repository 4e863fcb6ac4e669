"""The page as a manager uses it: in Chromium, from a file, by mouse and by keyboard, on a desk, on a phone and on paper."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from pipeline.deadlines.model import Status
from pipeline.findings import Finding, Place
from pipeline.letters.model import Outcome, Reason
from pipeline.lists.course import Night
from pipeline.lists.overview import Lying, Overview
from pipeline.lists.page import render_page
from pipeline.texts import LANGUAGES, texts_in
from tests.lists.browser import chromium, needs_chromium, opened
from tests.lists.made_up import (
    ENGLISH,
    FRIDAY,
    TODAY,
    deadline,
    letter,
    ordinary_morning,
    overview,
    register,
    unreadable,
)

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _written(ordinary_morning(), tmp_path_factory.mktemp("a shared drive æ"))


def _written(made: Overview, folder: Path) -> Path:
    path = folder / "oversikt.html"
    path.write_text(render_page(made, ENGLISH), encoding="utf-8")
    return path


def _rows(page: Page, table: str = "deadlines") -> list[list[str]]:
    """The rows that fit, cell by cell, all put in their place; without the headings of groups."""
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    rows: list[list[str]] = page.eval_on_selector_all(
        f"#{table} tbody tr:not(:has(.group)):not(:has(.none))",
        "rows => rows.map(row => [...row.cells].map(cell => cell.textContent.trim()))",
    )
    return rows


def _shown(page: Page) -> str:
    return page.locator("#filters output").inner_text()


def test_every_deadline_is_there_in_groups(browser: Browser, morning: Path) -> None:
    with opened(browser, morning) as page:
        made = ordinary_morning()
        assert sorted(row[1] for row in _rows(page)) == sorted(row.record for row in made.deadlines)
        assert _shown(page) == f"{len(made.deadlines)} of {len(made.deadlines)} shown"
        groups = page.locator("#deadlines th.group").all_inner_texts()
        assert groups == [
            f"{group.name or 'Nobody named'} ({sum(group.counts)})" for group in made.by_owner if sum(group.counts)
        ]
        page.select_option("[name=group]", "none")
        assert [row[1] for row in _rows(page)] == [row.record for row in made.deadlines]


@pytest.mark.parametrize(
    ("field", "value", "fits"),
    [
        ("owner", "=Kari Hætta", lambda row: row[3] == "Kari Hætta"),
        ("owner", "=", lambda row: row[3] == "Nobody named"),
        ("kind", "=Årlig evaluering", lambda row: row[2].startswith("Årlig evaluering")),
        ("status", "overdue", lambda row: row[0].startswith("Overdue")),
        ("fresh", "1", lambda row: row[0].endswith("new")),
    ],
)
def test_a_filter_shows_what_fits_and_stands_in_the_address(
    browser: Browser, morning: Path, field: str, value: str, fits: Any
) -> None:
    with opened(browser, morning) as page:
        everything = _rows(page)
        page.select_option(f"[name={field}]", value)
        found = _rows(page)
        assert found == [row for row in everything if fits(row)]
        assert 0 < len(found) < len(everything)
        fragment = "#" + page.url.partition("#")[2]
    with opened(browser, morning, fragment) as sent_on:
        assert _rows(sent_on) == found
        assert sent_on.input_value(f"[name={field}]") == value


@pytest.mark.parametrize(
    ("fragment", "shown", "fields"),
    [
        pytest.param("#", "all", {}, id="nothing"),
        pytest.param("#list", "all", {}, id="a place"),
        pytest.param("#nowhere", "all", {}, id="a place that is not there"),
        pytest.param("#colour=red&status=overdue", "some", {"status": "overdue"}, id="a key that nobody knows"),
        pytest.param("#status=asleep&group=5&fresh=2", "all", {"status": "", "group": "owner"}, id="values that nobody knows"),
        pytest.param("#owner=%3DSomebody%20Gone", "none", {"owner": "=Somebody Gone"}, id="somebody who has nothing any more"),
        pytest.param("#kind=%3D%3Cb%3Ex%3C%2Fb%3E", "none", {"kind": "=<b>x</b>"}, id="a kind like markup"),
        pytest.param("#owner=Kari&sort=99&sort=x", "all", {"owner": ""}, id="a name and a column out of form"),
        pytest.param("#text=%E0%A4%A&status=%", "none", {"status": ""}, id="broken escapes"),
        pytest.param("#__proto__=x&constructor=y&toString=z", "all", {}, id="names that objects have"),
        pytest.param("#text=" + "x" * 200_000, "none", {}, id="a huge one"),
    ],
)
def test_an_odd_address_shows_what_it_asks_for_and_nothing_breaks(
    browser: Browser, morning: Path, fragment: str, shown: str, fields: dict[str, str]
) -> None:
    everything = len(ordinary_morning().deadlines)
    with opened(browser, morning, fragment) as page:
        found = len(_rows(page))
        assert {0: "none", everything: "all"}.get(found, "some") == shown
        assert {name: page.input_value(f"[name={name}]") for name in fields} == fields
        assert page.locator("main b:not(.story b)").count() == 0
        page.evaluate("location.hash = 'owner=%3DKari%20H%C3%A6tta'")
        page.wait_for_function("document.querySelector('[name=owner]').value === '=Kari Hætta'")
        page.evaluate("location.hash = 'status=asleep'")
        page.wait_for_function("document.querySelector('[name=owner]').value === ''")
        assert len(_rows(page)) == everything


def test_the_number_before_monday_leads_to_just_those(browser: Browser, morning: Path) -> None:
    made = ordinary_morning()
    with opened(browser, morning) as page:
        page.click("a[href='#status=monday']")
        page.wait_for_function("document.querySelector('[name=status]').value === 'monday'")
        days = [row[5] or row[4] for row in _rows(page)]
        assert len(days) == made.numbers.by_monday > 0
        assert max(days) < made.monday.isoformat()


def test_search_looks_through_every_list(browser: Browser, morning: Path) -> None:
    with opened(browser, morning) as page:
        page.fill("[name=text]", "2026/12")
        assert {row[1] for row in _rows(page)} == {"2026/12"}
        assert {row[4] for row in _rows(page, "findings")} == {"2026/12"}
        page.fill("[name=text]", "nothing has this in it")
        assert page.locator("#deadlines td.none").inner_text() == "No row fits what you look for."
        page.click("button[type=reset]")  # the form is empty only once the event is over
        page.wait_for_function("document.querySelector('#filters output').innerText.startsWith('28 of 28')")


def test_a_number_on_top_leads_to_its_rows(browser: Browser, morning: Path) -> None:
    with opened(browser, morning) as page:
        page.click(".numbers a[href='#status=overdue']")
        page.wait_for_function("document.querySelector('[name=status]').value === 'overdue'")
        assert len(_rows(page)) == ordinary_morning().numbers.overdue


def test_sorting_goes_up_down_and_back(browser: Browser, morning: Path) -> None:
    with opened(browser, morning, "#group=none") as page:
        night = [row[4] for row in _rows(page)]
        due = page.get_by_role("button", name="Due", exact=True)
        dated = sorted(filter(None, night))
        for direction, expected in (("ascending", dated), ("descending", dated[::-1])):
            due.click()
            found = [row[4] for row in _rows(page)]
            assert found[: len(dated)] == expected
            assert not any(found[len(dated) :])  # what has no date comes last either way
            assert page.locator("#deadlines th[aria-sort]").get_attribute("aria-sort") == direction
        due.click()
        assert [row[4] for row in _rows(page)] == night


def test_everything_can_be_done_by_keyboard(browser: Browser, morning: Path) -> None:
    with opened(browser, morning) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "text"
        page.keyboard.type("2026/2")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.name") == "owner"
        page.keyboard.press("ArrowDown")
        assert page.input_value("[name=owner]") != ""
        for _ in range(5):
            page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.type") == "reset"
        page.keyboard.press("Tab")  # the list itself, which can be scrolled
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Status"
        page.keyboard.press("Enter")
        assert page.locator("#deadlines th[aria-sort]").inner_text().startswith("Status")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_why_a_date_is_what_it_is_opens_on_demand(browser: Browser, tmp_path: Path) -> None:
    one = overview([deadline(Status.OVERDUE, due=TODAY)], why=lambda _: ("Received on 2.11.", "«x» gives 23.11."))
    with opened(browser, _written(one, tmp_path)) as page:
        steps = page.locator("#deadlines details li")
        assert not steps.first.is_visible()
        page.get_by_text("Why this date").click()
        assert steps.all_inner_texts() == ["Received on 2.11.", "«x» gives 23.11."]


def test_on_paper_stands_every_row_on_a4_landscape(browser: Browser, tmp_path: Path) -> None:
    some = [deadline(Status.OVERDUE, f"2026/{n}", due=TODAY) for n in range(700)]
    with opened(browser, _written(overview(some), tmp_path)) as page:
        assert page.locator("#deadlines tbody tr").count() < len(some)
        paper = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    width, height = (round(float(side) / 72 * 25.4) for side in paper.pages[0].mediabox[2:])
    assert (width, height) == (297, 210)
    sheets = [sheet.extract_text() for sheet in paper.pages]
    assert [
        ("2026/0" in sheet, "Is it getting better" in sheet) for sheet in sheets if "First what cannot be told" in sheet
    ] == [(True, False)], "the list's heading stands over its rows, on a page of its own"
    text = " ".join(sheets)
    assert all(f"2026/{n}" in text for n in range(700))
    assert "Search all lists" not in text


def test_on_a_phone_nothing_is_wider_than_the_window(browser: Browser, morning: Path) -> None:
    with opened(browser, morning, width=390) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.locator("#deadlines thead").is_hidden()
        assert "Responsible: " in page.evaluate(
            "getComputedStyle(document.querySelector('#deadlines td[data-label=Responsible]'), '::before').content"
        )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [800, 1100, 1440])
def test_no_word_of_a_status_reaches_over_what_stands_beside_it(
    browser: Browser, tmp_path: Path, language: str, width: int
) -> None:
    path = tmp_path / "oversikt.html"
    path.write_text(render_page(ordinary_morning(), texts_in(language)), encoding="utf-8")
    with opened(browser, path, width=width) as page:
        wider = page.eval_on_selector_all(
            "#deadlines .status",
            """marks => marks.filter(mark => {
                const beside = mark.closest('td, th').nextElementSibling
                return mark.getBoundingClientRect().right > beside.getBoundingClientRect().left
            }).map(mark => mark.textContent)""",
        )
    assert wider == []


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False)])
def test_axe_finds_nothing(browser: Browser, morning: Path, width: int, dark: bool) -> None:
    with opened(browser, morning, width=width, dark=dark) as page:
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("today", "alarm"), [("2026-11-23", False), ("2026-11-24", False), ("2026-11-25", True)])
def test_a_page_that_nobody_has_renewed_says_so(browser: Browser, morning: Path, today: str, alarm: bool) -> None:
    with opened(browser, morning, today=f"{today}T08:00:00") as page:
        assert page.locator("#stale").is_visible() is alarm


HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script><!--",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "javascript:alert(1)",
    "=cmd|'/C calc'!A0",
    "å" * 10_000,
    "\N{RIGHT-TO-LEFT OVERRIDE}avsluttet\N{HEBREW LETTER ALEF}",
    "&lt;b&gt;&amp;",
)


def test_hostile_texts_are_shown_and_do_nothing(browser: Browser, tmp_path: Path) -> None:
    made = [letter(Outcome.DUE, text) for text in HOSTILE]
    finding = [unreadable(text, value=text) for text in HOSTILE]
    one = overview(
        [deadline(Status.OVERDUE, text, due=TODAY, owner=text) for text in HOSTILE],
        [*made, *(letter(Outcome.WITHHELD, t, "vedtak", reasons=(Reason("{who}", (("who", t),)),)) for t in HOSTILE)],
        of=register((), finding, [Finding("date-unreadable", Place(t, t, 3, 1), heading=t, value=t) for t in HOSTILE]),
        lying={
            each.obligation.id: Lying(f"2026-11-23/{text[:50]}.docx", TODAY) for each, text in zip(made, HOSTILE, strict=True)
        },
        before={},
        nights=[Night(FRIDAY)],
        why=lambda each: (each.record.key,),
    )
    with opened(browser, _written(one, tmp_path)) as page:
        assert [row[1] for row in _rows(page)] == [row.record for row in one.deadlines] or len(_rows(page)) == len(HOSTILE)
        assert {row[1] for row in _rows(page)} == {row.record for row in one.deadlines}
        assert page.locator("main :is(script, img, iframe, b:not(.story b))").count() == 0
        assert page.locator("script").count() == 2
        links = page.eval_on_selector_all("#lying a", "links => links.map(link => link.protocol)")
        assert links == ["file:"] * len(HOSTILE)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for text in HOSTILE[:4]:
            page.fill("[name=text]", text[:40])
            assert _rows(page)


def test_search_answers_at_once_in_ten_thousand_rows(browser: Browser, tmp_path: Path) -> None:
    some = [
        deadline(
            Status.OVERDUE,
            f"2026/{n}",
            ("melding", "vedtak", "evaluering")[n % 3],
            due=TODAY - timedelta(days=n % 90),
            owner=f"O{n % 40}",
        )
        for n in range(10_000)
    ]
    path = _written(overview(some, why=lambda each: (f"Saker!E{each.record.key}: 1.11.2026", "Three weeks.")), tmp_path)
    assert path.stat().st_size < 4_000_000
    with opened(browser, path) as page:
        page.fill("[name=text]", "2")  # the texts are gathered once
        seconds = {text: _seconds_to_search(page, text) for text in ("2026/99", "vedtak", "o17", "2026/1234")}
        assert _shown(page) == "1 of 10000 shown"
        assert max(seconds.values()) < 0.1, seconds


def _seconds_to_search(page: Page, text: str) -> float:
    """From the key to the next frame, in seconds of the processor: whatever else the machine does weighs nothing."""
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent() -> float:
        found = metrics.send("Performance.getMetrics")["metrics"]
        return next(float(metric["value"]) for metric in found if metric["name"] == "TaskDuration")

    before = spent()
    page.evaluate(
        "text => { const field = document.querySelector('[name=text]'); field.value = text;"
        " field.dispatchEvent(new InputEvent('input', { bubbles: true }));"
        " return new Promise(done => requestAnimationFrame(() => setTimeout(done))); }",
        text,
    )
    seconds = spent() - before
    metrics.detach()
    return seconds
