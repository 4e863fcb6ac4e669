"""The page is one file that holds everything, runs nothing foreign and asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.deadlines.model import Status
from pipeline.findings import Finding, Place, Severity
from pipeline.letters.model import Outcome, Reason
from pipeline.lists.course import Night
from pipeline.lists.overview import LISTED, Lying, Overview
from pipeline.lists.page import render_page
from pipeline.texts import LANGUAGES, texts_in
from tests.lists.made_up import ENGLISH, FRIDAY, TODAY, deadline, letter, ordinary_morning, overview, register, unreadable

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "=cmd|'/C calc'!A0",
    "å" * 10_000,
    "\N{RIGHT-TO-LEFT OVERRIDE}avsluttet\N{HEBREW LETTER ALEF}",
    "\x00\x0b\ufffe",
)


class _Elements(HTMLParser):
    """Collects what a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.policy = ""
        self.inline: dict[str, str] = {"script": "", "style": ""}
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._open = "data" if dict(attrs).get("id") == "data" else tag
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._open in self.inline:
            self.inline[self._open] += data

    def handle_endtag(self, _tag: str) -> None:
        self._open = ""


def _parsed(page: str) -> _Elements:
    parser = _Elements()
    parser.feed(page)
    return parser


def _hostile_overview(text: str) -> Overview:
    file = f"2026-11-23/melding/{text[:50]}.docx"
    produced = letter(Outcome.DUE, text)
    finding = unreadable(text, value=text)
    return overview(
        [deadline(Status.OVERDUE, text, due=TODAY, owner=text)],
        [produced, letter(Outcome.WITHHELD, "2026/9", reasons=(Reason(finding=finding), Reason("{who}", (("who", text),))))],
        of=register((), [finding], [Finding("date-unreadable", Place(text, text, 3, 1), heading=text, value=text)]),
        lying={produced.obligation.id: Lying(file, TODAY)},
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_the_register_becomes_markup_or_script(text: str) -> None:
    innocent, hostile = (_parsed(render_page(_hostile_overview(each), ENGLISH)) for each in ("plain", text))
    assert [tag for tag, _ in hostile.tags] == [tag for tag, _ in innocent.tags]
    assert [set(attributes) for _, attributes in hostile.tags] == [set(attributes) for _, attributes in innocent.tags]
    assert hostile.inline == innocent.inline
    assert all((attributes["href"] or "").startswith("#") for tag, attributes in hostile.tags if tag == "a")


def test_the_policy_lets_run_exactly_the_script_and_style_that_stand_in_the_page() -> None:
    page = _parsed(render_page(ordinary_morning(), ENGLISH))
    for kind, source in page.inline.items():
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'")
    assert [tag for tag, _ in page.tags].count("script") == 2  # the other is data, which no browser runs


def test_the_page_asks_the_network_for_nothing_and_has_no_inline_handler() -> None:
    page = render_page(ordinary_morning(), ENGLISH)
    assert not re.search(r"https?://|//[a-z]+\.", page)
    for tag, attributes in _parsed(page).tags:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src"}], tag


def _by_id(root: html.HtmlElement, name: str) -> html.HtmlElement:
    (found,) = root.findall(f".//*[@id='{name}']")
    return found


def _data(page: str) -> Any:
    """The lists as a browser reads them: rows of texts, by list."""
    element = _by_id(html.fromstring(page), "data")
    text = element.text or ""
    read = json.loads(zlib.decompress(base64.b64decode(text)) if "data-packed" in element.attrib else text)
    pool = read["pool"]

    def told(cell: Any) -> Any:
        return [told(part) for part in cell] if isinstance(cell, list) else pool[cell]

    return {
        name: [told(row) if name != "deadlines" else [pool[row[1]], pool[row[2][0]]] for row in rows]
        for name, rows in read["lists"].items()
    }


def test_every_list_with_rows_has_a_table_with_a_column_for_each_cell() -> None:
    page = render_page(ordinary_morning(), ENGLISH)
    root = html.fromstring(page)
    read = json.loads(_by_id(root, "data").text or "")
    tables = {table.get("id"): table for table in root.iter("table") if "data-list" in table.attrib}
    assert set(tables) == {name for name, rows in read["lists"].items() if rows}
    for name, table in tables.items():
        assert {len(row) for row in read["lists"][name]} == {len(table.findall("thead/tr/th"))}, name
        kinds = [heading.get("data-kind") for heading in table.iter("th")]
        assert all(kinds), name


def test_tables_have_a_caption_and_scoped_headings() -> None:
    root = html.fromstring(render_page(ordinary_morning(), ENGLISH))
    tables = root.findall(".//table")
    assert len(tables) == 11
    for table in tables:
        assert table.findtext("caption")
        assert all(heading.get("scope") for heading in table.iter("th"))


def test_every_mark_has_a_symbol() -> None:
    symbols = {element.get("id") for element in html.fromstring(render_page(overview(), ENGLISH)).iter("symbol")}
    listed = (*LISTED, *(o for o in Outcome if o in {Outcome.WITHHELD, Outcome.MANUAL, Outcome.REVIEW, Outcome.DUE}), *Severity)
    assert {f"i-{mark.value.replace(' ', '-')}" for mark in listed} <= symbols


def test_a_large_page_is_packed_and_holds_the_same() -> None:
    some = [deadline(Status.OVERDUE, f"2026/{n} {'x' * 390}", due=TODAY) for n in range(2600)]
    page = render_page(overview(some), ENGLISH)
    assert "data-packed" in page
    assert len(page) < 200_000
    assert len(_data(page)["deadlines"]) == len(some)


def test_a_number_is_told_with_its_change_since_the_last_working_day() -> None:
    some = [deadline(Status.OVERDUE, f"2026/{n}", due=TODAY) for n in range(3)]
    figures = {"overdue": 1, "unknown": 2, "withheld": 0}
    page = render_page(overview(some, before={}, nights=[Night(FRIDAY, figures)]), ENGLISH)
    for told in ("▲ 2 more than on 2026-11-20", "▼ 2 fewer than on 2026-11-20", "= as on 2026-11-20"):
        assert told in page


def test_the_people_responsible_have_a_column_for_their_withheld_letters() -> None:
    root = html.fromstring(render_page(ordinary_morning(), ENGLISH))
    table = root.find(".//section[@aria-labelledby='groups-title']//table")
    assert table is not None
    assert [str(heading.text) for heading in table.findall("thead/tr/th")][-1] == "Letters withheld"
    assert {str(row[0].text): str(row[-1].text) for row in table.findall("tbody/tr")}["Kari Hætta"] == "2"


def test_an_empty_morning_says_so_in_each_section() -> None:
    page = render_page(overview(), ENGLISH)
    for sentence in (
        "Nothing is unknown, overdue, due soon or due within two weeks.",
        "No letter is withheld.",
        "Every letter that was made has been sent.",
        "Nothing was found.",
        "Every row was used.",
    ):
        assert sentence in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_names_its_language(language: str) -> None:
    assert html.fromstring(render_page(ordinary_morning(), texts_in(language))).get("lang") == language


def test_two_renders_are_the_same() -> None:
    assert render_page(ordinary_morning(), ENGLISH) == render_page(ordinary_morning(), ENGLISH)


@settings(max_examples=50)
@given(st.lists(st.sampled_from((Status.UNKNOWN, Status.OVERDUE)), max_size=20), st.text(max_size=20))
def test_every_unknown_and_overdue_deadline_is_a_row_of_the_page(statuses: list[Status], owner: str) -> None:
    some = [deadline(status, f"K-{n}", due=TODAY, owner=owner) for n, status in enumerate(statuses)]
    rows = _data(render_page(overview(some), ENGLISH))["deadlines"]
    assert sorted(key for key, _ in rows) == sorted(one.record.key for one in some)
