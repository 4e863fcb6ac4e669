"""The page is one file that holds everything, runs nothing foreign and asks for nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html

from pipeline.deadlines.model import Status
from pipeline.findings import Finding, Place
from pipeline.letters.model import Outcome, Reason
from pipeline.lists.overview import Lying, Overview
from pipeline.lists.page import render_page
from pipeline.texts import LANGUAGES, texts_in
from tests.lists.made_up import ENGLISH, TODAY, deadline, letter, ordinary_morning, overview, register, unreadable

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
        self._open = tag
        if dict(attrs).get("http-equiv") == "Content-Security-Policy":
            self.policy = dict(attrs)["content"] or ""

    def handle_data(self, data: str) -> None:
        if self._open in self.inline:
            self.inline[self._open] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._open:
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
    links = [attributes["href"] or "" for tag, attributes in hostile.tags if tag == "a"]
    assert all(link.startswith(("#", "../2026-11-23/")) for link in links)


def test_the_policy_lets_run_exactly_the_script_and_style_that_stand_in_the_page() -> None:
    page = _parsed(render_page(ordinary_morning(), ENGLISH))
    for kind, source in page.inline.items():
        digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'")
    assert [tag for tag, _ in page.tags].count("script") == 1


def test_the_page_asks_the_network_for_nothing_and_has_no_inline_handler() -> None:
    page = render_page(ordinary_morning(), ENGLISH)
    assert not re.search(r"https?://|//[a-z]+\.", page)
    for tag, attributes in _parsed(page).tags:
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "src"}], tag


def test_without_script_every_row_is_visible_and_only_the_filters_are_not() -> None:
    root = html.fromstring(render_page(ordinary_morning(), ENGLISH))
    assert [element.tag for element in root.iter() if "hidden" in element.attrib] == ["svg", "form"]


def test_tables_have_a_caption_and_scoped_headings_for_every_cell() -> None:
    root = html.fromstring(render_page(ordinary_morning(), ENGLISH))
    tables = root.findall(".//table")
    assert len(tables) == 9
    for table in tables:
        assert table.findtext("caption")
        assert all(heading.get("scope") for heading in table.iter("th"))
        width = len(table.findall("thead/tr/th"))
        assert {len(row) for row in table.findall("tbody/tr")} == {width}


def test_every_status_is_a_symbol_and_a_word() -> None:
    root = html.fromstring(render_page(ordinary_morning(), ENGLISH))
    symbols = {element.get("id") for element in root.iter("symbol")}
    marks = [element for element in root.iter("span") if "status" in (element.get("class") or "").split()]
    assert marks
    for mark in marks:
        assert "".join(map(str, mark.itertext())).strip()
        assert [use.get("href", "").removeprefix("#") in symbols for use in mark.iter("use")] == [True]


def test_letters_are_linked_from_where_the_page_lies() -> None:
    made = letter(Outcome.DUE)
    there = Lying("2026-11-20/foreløpig_melding/a #1.docx", date(2026, 11, 20))
    page = render_page(overview([], [made], lying={made.obligation.id: there}), ENGLISH)
    assert 'href="../2026-11-20/forel%C3%B8pig_melding/a%20%231.docx"' in page


def _by_id(root: html.HtmlElement, name: str) -> html.HtmlElement:
    (found,) = root.findall(f".//*[@id='{name}']")
    return found


def test_each_number_is_a_link_to_its_part_of_the_page() -> None:
    root = html.fromstring(render_page(ordinary_morning(), ENGLISH))
    links = [str(link.get("href")) for link in root.findall(".//ul[@class='numbers']/li/a")]
    assert links == ["#unknown", "#overdue", "#due-soon", "#withheld"]
    for link in links[:3]:
        row = _by_id(root, link[1:])
        assert row.get("data-status") == link[1:]
        assert all(before.get("data-status") != link[1:] for before in row.itersiblings("tr", preceding=True))
    assert _by_id(root, "withheld").tag == "h3"


def test_a_number_of_nothing_leads_to_where_it_would_stand() -> None:
    root = html.fromstring(render_page(overview(), ENGLISH))
    links = [str(link.get("href")) for link in root.findall(".//ul[@class='numbers']/li/a")]
    assert links == ["#list", "#list", "#list", "#held"]
    assert [_by_id(root, link[1:]).tag for link in links] == ["section"] * 4


def test_the_people_responsible_have_a_column_for_their_withheld_letters() -> None:
    root = html.fromstring(render_page(ordinary_morning(), ENGLISH))
    table = root.find(".//table")
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
    root = html.fromstring(render_page(overview(some), ENGLISH))
    rows = [heading.text for heading in root.findall(".//table[@id='deadlines']/tbody/tr/th")]
    assert sorted(map(str, rows)) == sorted(one.record.key for one in some)
