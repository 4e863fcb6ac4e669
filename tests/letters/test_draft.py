from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm

from pipeline.cli import main
from pipeline.letters.draft import DraftEnvironment, as_draft
from pipeline.letters.fill import Filling, fill
from pipeline.letters.model import Outcome
from pipeline.register.model import Record
from pipeline.texts import texts_in
from tests.letters.made_up import case, faulty, person, planned, profile, templates, text_of, view, word

RECEIVED = date(2026, 11, 10)


def drafted(body: str, *records: Record, **values: Any) -> str:
    """What the draft says."""
    seen = view(
        profile({"dated": "received"}), person("P-1", name="Kari"), *records, case(person="P-1", received=RECEIVED, **values)
    )
    environment = DraftEnvironment(seen.rules.calendar, texts_in("en"))
    (letter,), left = fill(planned(seen), Filling(seen, templates(notice__docx=word(body)), environment))
    assert left == ()
    return text_of(as_draft(bytes(letter.content), "DRAFT"))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Dear {{ case.person.name }}", "Dear Kari"),
        ("On {{ case.decided }}.", "On [missing: Decided, Cases!F2]."),
        ("On {{ case.decided | short_date | upper }}.", "On [missing: Decided, Cases!F2]."),
        ("By {{ case.decided + weeks(3) }}.", "By [missing: Decided, Cases!F2]."),
        ("{{ 'on ' ~ case.decided ~ '!' }}", "on [missing: Decided, Cases!F2]!"),
        ("{{ case.reason or case.decided }}", "[missing: Decided, Cases!F2]"),
        ("{{ case.hours | round | amount }}", "[missing: Hours, Cases!H2]"),
        ("{{ '%.2f' | format(case.hours) | replace('.', ',') }} kr", "[missing: Hours, Cases!H2] kr"),
        ("{{ '%.2f' % case.hours }} kr", "[missing: Hours, Cases!H2] kr"),
        ("{{ case.person.helper.name }}", "[missing: Helper, People!G2]"),
        ("{{ case.decided.strftime('%d') }}", "[missing: Decided, Cases!F2]"),
        ("{{ days(case.hours) }}", "[missing: Hours, Cases!H2]"),
        ("{{ (case.received - case.decided).days }}", "[missing: Decided, Cases!F2]"),
        ("{{ case.person.cases.reason }}", "[missing: Reason, Cases!G2]"),
        ("{{ case.person.cases | sum(attribute='hours') }}", "[missing: Hours, Cases!H2]"),
        ("{% for text in case.person.cases.reason %}{{ text }}{% endfor %}", "[missing: Reason, Cases!G2]"),
        ("{{ letter.basis }}", "[missing: letter.basis, Cases!2]"),
        ("{{ case.reason | default('none') }}", "none"),
        ("{% if case.reason %}{{ case.reason }}{% endif %}.", "."),
    ],
)
def test_a_draft_marks_what_is_missing_and_where(body: str, text: str) -> None:
    assert drafted(body) == text


@pytest.mark.parametrize(
    "body", ["{{ case.reason }}", "{{ case.reason | upper }}", "{% if case.reason < 'x' %}{% endif %}{{ case.reason }}"]
)
def test_a_draft_marks_what_cannot_be_read(body: str) -> None:
    assert drafted(body, reason=faulty("G2")) == "[cannot be read: Received, Cases!G2]"


def test_the_mark_alone_is_highlighted() -> None:
    seen = view(profile({"dated": "received"}), person("P-1", name="Kari"), case(person="P-1", received=RECEIVED))
    environment = DraftEnvironment(seen.rules.calendar, texts_in("en"))
    found = templates(notice__docx=word("On {{ case.decided }}, Kari", header=["{{ case.reason }}"]))
    (letter,), _ = fill(planned(seen), Filling(seen, found, environment))
    document = docx.Document(io.BytesIO(as_draft(bytes(letter.content), "DRAFT")))
    runs = [(run.text, run.font.highlight_color is not None) for run in document.paragraphs[-1].runs]
    assert runs == [("On ", False), ("[missing: Decided, Cases!F2]", True), (", Kari", False)]
    assert any(run.font.highlight_color for each in document.sections[0].header.paragraphs for run in each.runs)


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("even", [False, True])
def test_the_word_stands_in_every_header_of_every_section(first: bool, even: bool) -> None:
    document = docx.Document()
    document.add_paragraph("one")
    second = document.add_section()
    second.left_margin = Cm(1)
    second.different_first_page_header_footer = first
    second.header.is_linked_to_previous = False
    document.settings.odd_and_even_pages_header_footer = even
    out = io.BytesIO()
    document.save(out)
    made = docx.Document(io.BytesIO(as_draft(out.getvalue(), "DRAFT")))
    for section in made.sections:
        headers = [section.header]
        headers += [section.first_page_header] if section.different_first_page_header_footer else []
        headers += [section.even_page_header] if even else []
        for header in headers:
            assert "DRAFT" in [shape.get("string") for shape in header._element.iter("{urn:schemas-microsoft-com:vml}textpath")]
    assert len({id(section.header.part) for section in made.sections}) == 2
    assert made.element.body.find(qn("w:sectPr")) is not None


def test_nobody_who_is_protected_is_drafted() -> None:
    seen = view(
        profile({"dated": "received"}), person("P-1", name="Kari", shielded=True), case(person="P-1", received=RECEIVED)
    )
    environment = DraftEnvironment(seen.rules.calendar, texts_in("en"))
    found = templates(notice__docx=word("{{ case.person.name }}"))
    assert fill(planned(seen), Filling(seen, found, environment))[0] == ()
    other = view(
        profile({"dated": "received"}),
        person("P-1"),
        person("P-2", shielded=True, helper="P-1"),
        case(person="P-1", received=RECEIVED),
    )
    letters, (left,) = fill(
        planned(other), Filling(other, templates(notice__docx=word("{{ case.person.helps.name }}")), environment)
    )
    assert (letters, left.outcome) == ((), Outcome.MANUAL)


def test_drafts_lie_in_a_folder_of_their_own_made_anew_and_in_no_ledger(tmp_path: Path) -> None:
    from click.testing import CliRunner

    office = tmp_path / "office"
    runner = CliRunner()
    assert runner.invoke(main, ["init", str(office), "--demo"]).exit_code == 0
    left_behind = office / "output" / "utkast" / "vedtak" / "UTKAST old.docx"
    left_behind.parent.mkdir(parents=True)
    left_behind.write_bytes(b"old")
    made = runner.invoke(main, ["--workspace", str(office), "letters", "--draft", "--as-of", "2026-11-23", "--workers", "1"])
    assert made.exit_code == 0, made.output
    assert not left_behind.exists()
    assert list(office.glob("output/utkast/*/UTKAST *.docx"))
    assert sorted(path.name for path in (office / "output").iterdir()) == ["utkast"]
    assert not (office / "fristbrev.sqlite").exists()


def test_a_wrong_cell_that_decides_about_an_enclosure_costs_no_draft() -> None:
    routine = profile({"dated": "received", "enclosures": ["note.docx if reason == 'x'"]})
    seen = view(routine, person("P-1", name="Kari"), case(person="P-1", received=RECEIVED, reason=faulty("G2")))
    found = templates(notice__docx=word("Dear {{ case.person.name }}"), note__docx=word("Note"))
    (letter,), left = fill(planned(seen), Filling(seen, found, DraftEnvironment(seen.rules.calendar, texts_in("en"))))
    assert (text_of(letter.content), letter.enclosures, left) == ("Dear Kari", (), ())
