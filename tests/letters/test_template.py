from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import docx
import pytest

from pipeline.letters.package import FIXED_DATE
from pipeline.letters.template import read_templates, variant
from tests.letters.made_up import case, excel, filled, mistakes, person, profile, templates, text_of, view, word

RECEIVED = date(2026, 11, 10)


def found_in(content: bytes, name: str = "notice.docx", **rule: object) -> list[tuple[str, str]]:
    """The mistakes of a template: part and sentence."""
    return [(part, sentence) for _, part, sentence in mistakes(profile(rule), templates(**{name.replace(".", "__"): content}))]


def made(content: bytes, **values: str) -> bytes:
    """The letter made of a template."""
    seen = view(profile({"dated": "received"}), person("P-1", name="Kari"), case(person="P-1", received=RECEIVED, **values))
    (letter,), _ = filled(seen, templates(notice__docx=content))
    return bytes(letter.content)


# ------------------------------------------------------------------ the static check


@pytest.mark.parametrize(
    "text",
    [
        "{{ case.raeson }}",
        "{{ case.person.nmae }}",
        "{{ caes.number }}",
        "{{ recipient.fax }}",
        "{{ office.fax }}",
        "{{ letter.dat }}",
        "{{ aswer_within }}",
        "{{ case.reason | uper }}",
        "{{ case.reason | safe }}",
        "{{ case.reason }",
        "{{ case.reason",
        "{{ }}",
        "{% if case.reason %}",
        "{% endif %}",
        "{% for p in case.guardians %}{{ p.nmae }}{% endfor %}",
        "{% if case.raeson %}x{% endif %}",
        "{{ case.reason is odd_one }}",
        "{{ „case.reason“ }}",
        "{{ case.person.cases.raeson }}",
        "{{ sheets.cases }}",
        "{{ case.secret }}",
    ],
)
@pytest.mark.parametrize("part", ["body", "header", "footer", "cells"])
def test_a_mistake_is_found_in_every_part(text: str, part: str) -> None:
    content = word(text) if part == "body" else word("x", **{part: [text]})
    found = found_in(content)
    assert {where for where, _ in found} == {"body" if part == "cells" else part}
    assert all(sentence for _, sentence in found)


def test_every_mistake_of_a_template_is_told_at_once() -> None:
    content = word("{{ case.a }} {{ case.b }}", "{{ case.c }}", header=["{{ case.d }}"], footer=["{{ case.e }}"])
    assert len(found_in(content)) == 5


@pytest.mark.parametrize(
    "text",
    [
        "no field at all",
        "{{ case.reason }}",
        "{{case.person.name|upper}}",
        "{% for p in case.guardians %}{{ p.name }}, {% endfor %}",
        "{% if case.decided and case.hours > 2 %}{{ case.decided + answer_within }}{% endif %}",
        "{{ case.received + weeks(3) }}",
        "{{ letter.basis }} {{ letter.copies }} {{ letter.enclosures }}",
        "{# a remark #}",
        "{{ “P-1” ~ case.number }}",
    ],
)
def test_a_sound_template_has_no_mistake(text: str) -> None:
    assert found_in(word(text, header=[text], footer=[text], cells=[text])) == []


def test_a_class_may_be_shown_by_a_letter_that_says_so() -> None:
    assert found_in(word("{{ case.secret }}"), shows=["health"]) == []


@pytest.mark.parametrize(
    "content", [b"", b"no zip", b"PK\x03\x04", word("x")[:400], excel(A1="x")], ids=["empty", "text", "stub", "cut", "workbook"]
)
def test_a_file_that_is_no_document_is_told(content: bytes) -> None:
    ((part, sentence),) = found_in(content)
    assert part == ""
    assert sentence.startswith("This is no file that Word or Excel wrote")


def test_a_missing_template_and_a_missing_enclosure_are_told() -> None:
    routine = profile({"enclosures": ["form.docx if hours", "leaflet.pdf"]})
    assert mistakes(routine, {}) == [
        (name, "", "The file is missing from the folder of templates.") for name in ("notice.docx", "form.docx", "leaflet.pdf")
    ]


def test_enclosures_and_variants_are_checked_too() -> None:
    routine = profile({"enclosures": ["hours.xlsx", "leaflet.pdf"]})
    found = templates(
        notice__docx=word("x"),
        notice__nn__docx=word("{{ case.a }}"),
        hours__xlsx=excel(B3="{{ case.b }}"),
        leaflet__pdf=b"{{ case.c }}",
    )
    assert [(file, part) for file, part, _ in mistakes(routine, found)] == [
        ("notice.nn.docx", "body"),
        ("hours.xlsx", "Sheet!B3"),
    ]


def test_a_mistake_carries_the_words_of_its_paragraph() -> None:
    from pipeline.calendars import Calendar
    from pipeline.letters.contract import check_templates
    from pipeline.letters.template import TemplateEnvironment
    from pipeline.texts import texts_in

    found = templates(notice__docx=word("First", "Dear {{ case.nmae }},", "Last"))
    checked = check_templates(profile(), found, TemplateEnvironment(Calendar("NO")), texts_in("en")).mistakes
    assert [mistake.text for mistake in checked["notice"]] == ["Dear {{ case.nmae }},"]


# ------------------------------------------------------------------ rendering


def test_every_part_is_filled() -> None:
    content = word(
        "{{ case.number }}", header=["H {{ case.number }}"], footer=["F {{ case.number }}"], cells=["a", "{{ case.number }}"]
    )
    assert text_of(made(content)) == "H C-1\nC-1\na\nC-1\nF C-1"


def test_a_field_that_word_has_split_over_runs_is_one_field() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    for piece in ("{", "{ case.", "num", "ber }", "}"):
        paragraph.add_run(piece)
    out = io.BytesIO()
    document.save(out)
    assert text_of(made(out.getvalue())) == "C-1"


def test_the_properties_say_office_record_and_date_and_nothing_of_the_author() -> None:
    document = docx.Document(io.BytesIO(word("x")))
    core = document.core_properties
    core.author, core.last_modified_by, core.comments, core.keywords = "Per Privat", "Per Privat", "{{ case.a }}", "draft"
    core.title, core.subject, core.identifier = "{{ case.b }}", "{{ case.c }}", "{{ case.d }}"
    out = io.BytesIO()
    document.save(out)
    core = docx.Document(io.BytesIO(made(out.getvalue()))).core_properties
    assert (core.author, core.last_modified_by, core.title, core.subject) == ("Sted", "Sted", "Notice", "C-1")
    assert (core.comments, core.keywords, core.identifier, core.language) == ("", "", "", "en-GB")
    assert core.created is not None
    assert core.created.date() == RECEIVED


def test_no_member_of_the_file_carries_a_clock_time() -> None:
    with zipfile.ZipFile(io.BytesIO(made(word("{{ case.number }}")))) as archive:
        assert {member.date_time for member in archive.infolist()} == {FIXED_DATE}


# ------------------------------------------------------------------ reading


def test_templates_are_read_with_their_variants_and_what_is_missing_is_left_out(tmp_path: Path) -> None:
    for name in ("notice.docx", "notice.nn.docx", "unnamed.docx"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "form.docx").mkdir()
    routine = profile({"enclosures": ["form.docx", "none.pdf if hours"]})
    assert {name: found.content for name, found in read_templates([tmp_path], routine).items()} == {
        "notice.docx": b"notice.docx",
        "notice.nn.docx": b"notice.nn.docx",
        "form.docx": b"",  # a folder lies in its place: it cannot be read, and is told
    }


def test_a_variant_carries_its_language_before_the_ending() -> None:
    assert variant("a.b.docx", "nn") == "a.b.nn.docx"
