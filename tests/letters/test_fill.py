from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest

from pipeline.letters.model import Outcome
from pipeline.lists.story import reason_in_words
from pipeline.profile.expressions import EMPTY
from pipeline.profile.model import Column
from pipeline.register.model import Record, View
from pipeline.texts import texts_in
from tests.letters.made_up import case, excel, faulty, filled, person, profile, templates, text_of, view, word

RECEIVED = date(2026, 11, 10)
DATED = {"dated": "received"}
KARI = person("P-1", name="Kari", street="Gate 1")


def seen(*records: Record, rule: dict[str, Any] | None = None, **values: Any) -> View:
    """The register of one case of Kari's, and of further records."""
    return view(profile(DATED | (rule or {})), KARI, *records, case(person="P-1", received=RECEIVED, **values))


def printed(*body: str, rule: dict[str, Any] | None = None, records: tuple[Record, ...] = (), **values: Any) -> str:
    """What the letter says."""
    (letter,), withheld = filled(seen(*records, rule=rule, **values), templates(notice__docx=word(*body)))
    assert withheld == ()
    return text_of(letter.content)


def why(*body: str, rule: dict[str, Any] | None = None, records: tuple[Record, ...] = (), **values: Any) -> list[str]:
    """Why the letter is withheld."""
    letters, (withheld,) = filled(seen(*records, rule=rule, **values), templates(notice__docx=word(*body)))
    assert letters == ()
    assert withheld.outcome is Outcome.WITHHELD
    return [reason_in_words(reason, texts_in("en")) for reason in withheld.reasons]


# ------------------------------------------------------------------ what stands on paper


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("{{ case.number }}", "C-1"),
        ("{{ case.received }}", "November 10, 2026"),
        ("{{ case.hours }}", "7.5"),
        ("{{ case.person.name }}", "Kari"),
        ("{{ recipient.name }}, {{ recipient.address }}", "Kari, Gate 1"),
        ("{{ office.municipality }} {{ office.phone }}", "Sted 00 00"),
        ("{{ letter.date }} {{ letter.title }}", "November 10, 2026 Notice"),
        ("{{ fee }} {{ answer_within }}", "1,250.5 3 weeks"),
        ("{{ case.received + answer_within }}", "December 1, 2026"),
        ("{{ case.number ~ ', ' ~ case.received }}", "C-1, November 10, 2026"),
        ("{{ case.reason | default('') }}.", "."),
        ("{{ case.reason | default('none') }}", "none"),
        ("{{ case.reason | default('') | upper }}.", "."),
        ("{{ 'a' if case.reason else '' }}.", "."),
        ("{{ 'a' if case.reason }}.", "."),
        ("{% if case.reason %}{{ case.reason }}{% endif %}.", "."),
        ("{% for person in case.guardians %}{{ person.name }}{% else %}nobody{% endfor %}", "nobody"),
        ("{{ case.person.name | upper }}", "KARI"),
        ("{{ sheets.person['P-1'].name }}", "Kari"),
        ("{{ case.person.cases.number }}", "C-1"),
    ],
)
def test_a_field_prints_its_value(field: str, text: str) -> None:
    assert printed(field, hours=7.5) == text


@pytest.mark.parametrize(
    "field",
    [
        "{{ case.reason }}",
        "{{ case.reason | upper }}",
        "{{ case.reason | e }}",
        "{{ case.reason | trim }}",
        "{{ case.number ~ ' ' ~ case.reason }}",
        "{{ case.reason ~ case.number }}",
        "{{ case.decided }}",
        "{{ case.decided + days(1) }}",
        "{{ case.guardians }}",
        "{{ case.person.helper.name }}",
        "{% set text = case.reason %}{{ text }}",
        "{% if true %}{{ case.reason }}{% endif %}",
    ],
)
def test_a_field_that_prints_nothing_withholds_the_letter(field: str) -> None:
    (reason,) = why("Dear reader, " + field)
    assert "«Notice» needs the field" in reason


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("{{ case.guardians.name | upper }}", "OLA AND LISE"),
        ("{{ case.guardians.name | capitalize }}", "Ola and lise"),
        ("{{ case.guardians.name | e }}", "Ola and Lise"),
        ("{{ case.guardians.name | format }}", "Ola and Lise"),
        (
            "{{ ['Prøve, Ola', 'Lise'] | given_name_first }} {{ case.guardians | given_name_first }}",
            "Ola Prøve and Lise P-2 and P-3",
        ),
        ("{{ [case.guardians.name, 'you'] | join('; ') }}", "Ola and Lise; you"),
        ("{{ case.guardians.name | map('upper') | join('; ') }}", "OLA; LISE"),
        ("{{ case.guardians.name | replace('Ola', 'Per') | string }}", "Per and Lise"),
    ],
)
def test_a_list_is_put_into_words_before_a_filter_of_text(field: str, text: str) -> None:
    people = (person("P-2", name="Ola"), person("P-3", name="Lise"))
    assert printed(field, records=people, guardians=("P-2", "P-3")) == text


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        (
            "{{ case.reason }}",
            "Cases!G2, Reason, C-1: «Notice» needs the field case.reason, and it is empty. Fill in the cell.",
        ),
        ("{{ case.person.tongue }}", "People!E2, Tongue, P-1: «Notice» needs the field case.person.tongue, and it is empty."),
        ("{{ letter.basis }}", "Cases!2, C-1: «Notice» needs the field letter.basis, and it is empty."),
        (
            "{{ (case.reason or case.decided) }}",
            "Cases!F2, Decided, C-1: «Notice» needs the field case.decided, and it is empty.",
        ),
    ],
)
def test_a_blank_names_the_cell_to_fill(field: str, reason: str) -> None:
    (found,) = why(field)
    assert found.startswith(reason)


BLANK_CELLS = [
    ("{{ case.person.helper.name }}", ["People!G2, Helper, P-1"]),
    ("{{ case.guardians.name }}", ["Cases!C2, Guardians, C-1"]),
    (
        "{% for p in case.person.helps %}{{ p.born }}{% endfor %}",
        ["People!D3, Born, P-2", "People!D4, Born, P-3", "People!D5, Born, P-4"],
    ),
    ("{% for p in case.person.helps %}{{ p.helper.tongue }}{% endfor %}", ["People!E2, Tongue, P-1"]),
    (
        "{% for p in case.person.helps %}{{ p.born if loop.first else p.tongue or p.number }}{% endfor %}",
        ["People!D3, Born, P-2"],
    ),
    ("{{ case.person.helps.born }}", ["People!D3, Born, P-2", "People!D4, Born, P-3", "People!D5, Born, P-4"]),
    ("{{ case.reason or case.decided }}", ["Cases!F2, Decided, C-1"]),
    ("{{ case.reason | default(case.decided) }}", ["Cases!G2, Reason, C-1"]),
    ("{{ case.decided | short_date }}", ["Cases!F2, Decided, C-1"]),
    ("{{ case.decided | default(case.sent) | short_date }}", ["Cases!F2, Decided, C-1"]),
    ("{% set t = case.reason %}{{ t }}", ["Cases!G2, Reason, C-1"]),
    ("{% set t = case.reason | upper %}{{ t }}", ["Cases!G2, Reason, C-1"]),
    ("{% set t = case.person.helper.name %}{{ t }}", ["People!G2, Helper, P-1"]),
    ("{% with t = case.reason %}{{ t }}{% endwith %}", ["Cases!G2, Reason, C-1"]),
    ("{% macro m(t) %}({{ t }}){% endmacro %}{{ m(case.number) }}{{ m(case.reason) }}", ["Cases!G2, Reason, C-1"]),
    ("{% macro m(t) %}({{ t | upper }}){% endmacro %}{{ m(t=case.reason) }}", ["Cases!G2, Reason, C-1"]),
    (
        "{% macro m(t) %}{% if t %}{{ t }}{% endif %}{% endmacro %}{{ m(case.reason) }}{{ case.decided }}",
        ["Cases!F2, Decided, C-1"],
    ),
    ("{{ case.until }}", ["Cases!F2, Decided, C-1", "Cases!H2, Hours, C-1"]),
    ("{{ case.later }}", ["Cases!F2, Decided, C-1", "Cases!H2, Hours, C-1"]),
    ("{{ case.by_whom }}", ["People!G2, Helper, P-1"]),
    ("{{ letter.basis }}", ["Cases!2, C-1"]),
    ("{{ case.decided.strftime('%d') }}", ["Cases!F2, Decided, C-1"]),
    ("{% set d = case.decided %}{{ d.strftime('%d') }}", ["Cases!F2, Decided, C-1"]),
    ("{{ ['Mon', 'Tue'][case.decided.weekday()] }}", ["Cases!F2, Decided, C-1"]),
    ("{{ case.decided.year }}", ["Cases!F2, Decided, C-1"]),
    ("{{ days(case.hours) }}", ["Cases!H2, Hours, C-1"]),
    ("{{ (case.received - case.decided).days }}", ["Cases!F2, Decided, C-1"]),
    ("{{ (case.guardians | first).name }} {{ case.guardians[0].name }}", ["Cases!C2, Guardians, C-1"]),
    ("{{ (case.person.helps | first).born }}", ["People!D3, Born, P-2"]),
    ("{{ case.person.helps.name }}", ["People!B5, Name, P-4"]),
    ("{{ case.person.helps | map(attribute='name') | join(', ') }}", ["People!B5, Name, P-4"]),
    ("{{ case.person.helps | join(', ', 'name') }}", ["People!B5, Name, P-4"]),
    ("{{ case.person.helps | map(attribute='helper.tongue') | list }}", ["People!E2, Tongue, P-1"]),
    ("{% for name in case.person.helps.name %}{{ name }}{% endfor %}", ["People!B5, Name, P-4"]),
    ("{{ case.person.cases | sum(attribute='hours') }}", ["Cases!H2, Hours, C-1"]),
    ("{% set all = case.person.cases.hours | sum %}{{ all }}", ["Cases!H2, Hours, C-1"]),
    ("{{ case.person.cases | map(attribute='hours') | list | sum }}", ["Cases!H2, Hours, C-1"]),
    ("{{ case.person.helps.born | max }}", ["People!D3, Born, P-2", "People!D4, Born, P-3", "People!D5, Born, P-4"]),
]


@pytest.mark.parametrize(("field", "cells"), BLANK_CELLS)
def test_a_blank_names_every_cell_that_it_is_missing(field: str, cells: list[str]) -> None:
    routine = profile(DATED)
    computed = {"until": "decided + days(hours)", "later": "until", "by_whom": "person.helper.name"}
    more = {name: {"name": name, "heading": name, "type": "text", "value": value} for name, value in computed.items()}
    sheet = routine.sheets["case"]
    columns = {**sheet.columns, **{name: Column.model_validate(column) for name, column in more.items()}}
    routine = routine.model_copy(update={"sheets": {**routine.sheets, "case": sheet.model_copy(update={"columns": columns})}})
    people = (KARI, person("P-2", helper="P-1"), person("P-3", helper="P-1"), person("P-4", helper="P-1", name=EMPTY))
    registered = view(routine, *people, case(person="P-1", received=RECEIVED))
    _, (withheld,) = filled(registered, templates(notice__docx=word("Dear reader, " + field)))
    reasons = [reason_in_words(reason, texts_in("en")) for reason in withheld.reasons]
    assert [reason.partition(":")[0] for reason in reasons] == cells


@pytest.mark.parametrize("text", ["  ", "\u00a0", "\u200b", "\u200f\u2060", "\n\t", "\ufeff"])
def test_a_value_that_nobody_sees_is_a_blank(text: str) -> None:
    (reason,) = why("{{ case.reason }}", reason=text)
    assert reason.startswith("Cases!G2, Reason")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("{{ case.hours | default(case.decided) }}", "7"),
        ("{{ case.hours or case.decided }}", "7"),
        ("{{ case.decided | default('later') | upper }}", "LATER"),
        ("{{ (case.decided or 'later') | upper }}", "LATER"),
        ("{{ (case.decided | short_date) | default('later') }}", "later"),
        ("{% macro m(t) %}{{ t | default('none') }}{% endmacro %}{{ m(case.reason) }}", "none"),
        ("{% set t = case.reason %}{{ t or 'none' }}", "none"),
        ("{{ case.guardians | join(', ', attribute='name') | default('nobody', true) }}", "nobody"),
        ("{{ (case.person.cases.decided | max) or 'never' }}", "never"),
        ("{{ letter.copies | default('nobody') }}", "nobody"),
        ("{{ letter.copies | join(', ') | default('nobody') }}", "nobody"),
        ("{{ letter.copies | join(', ') or 'nobody' }}", "nobody"),
        ("{{ case.person.cases | selectattr('decided') | map(attribute='number') | list | d('none') | upper }}", "NONE"),
        ("{{ '  ' | default('none') }}", "none"),
        ("{{ 0 | default('none') }}{{ letter.signed | default('none') }}", "0no"),
        ("{{ case.guardians | sum(attribute='name') }}", "0"),
        ("{{ case.decided.strftime('%d') | default('later') }}", "later"),
        ("{{ case.decided.strftime('%d') if case.decided else '' }}later", "later"),
        ("{% if case.decided is none %}later{% endif %}", "later"),
        ("{% for at in ['a', 'b'] %}{{ loop.cycle('x', '') }}{% endfor %}", "x"),
    ],
)
def test_what_the_template_says_instead_is_printed(field: str, text: str) -> None:
    assert printed(field, hours=7) == text


def test_all_blanks_are_told_and_each_once() -> None:
    assert len(why("{{ case.reason }} {{ case.decided }}", "{{ case.reason }}")) == 2


@pytest.mark.parametrize(
    "field",
    [
        "{{ case.raeson }}",
        "{{ caes.reason }}",
        "{{ recipient.nmae }}",
        "{{ office.fax }}",
        "{{ case.reason.cell.column }}{{ nothing }}",
        "{{ sheets.person['P-9'].name }}",
        "{{ 'x' * 100000000 }}",
        "{{ 2 ** 100000 }}",
        "{{ case.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ case.view.register }}",
        "{{ 1 / 0 }}",
        "{{ case.received - case.number }}",
        "{{ case.number | valid(case.received) }}",
        "{{ case.number | int('x') | round('x') }}",
    ],
)
def test_what_cannot_be_worked_out_withholds_the_letter_and_stops_nothing_else(field: str) -> None:
    found = templates(notice__docx=word("{% if case.number == 'C-1' %}" + field + "{% endif %}"))
    other = case("C-2", person="P-1", received=RECEIVED)
    (letter,), (withheld,) = filled(seen(other), found)
    assert letter.letter.obligation.record.key == "C-2"
    assert withheld.outcome is Outcome.WITHHELD
    assert withheld.reasons


def test_a_cell_that_cannot_be_read_withholds_where_it_is_printed_and_nowhere_else() -> None:
    assert why("{{ case.reason }}", reason=faulty("G2")) == [
        "Cases!G2, Received, C-1: «?» is not a date. Type the date as day.month.year, such as 23.11.2026."
    ]
    assert printed("{% if false %}{{ case.reason }}{% endif %}Dear", reason=faulty("G2")) == "Dear"


def test_a_protected_person_whom_the_template_reaches_leaves_the_letter_to_people() -> None:
    found = templates(notice__docx=word("{{ case.person.helps.street }}"))
    letters, (left,) = filled(seen(person("P-2", shielded=True, street="Hidden", helper="P-1")), found)
    assert (letters, left.outcome) == ((), Outcome.MANUAL)


# ------------------------------------------------------------------ law, parties, enclosures, languages


@pytest.mark.parametrize(
    ("basis", "received", "text"),
    [
        (["appeal"], RECEIVED, "New Act § 2"),
        (["appeal if hours"], RECEIVED, ""),
        (["appeal if received"], RECEIVED, "New Act § 2"),
    ],
)
def test_the_law_is_that_of_the_letter_s_date(basis: list[str], received: date, text: str) -> None:
    assert printed("{{ letter.basis | default('') }}", rule={"basis": basis}) == text


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "The legal reference «gone» has no version that is valid on 2026-11-10."),
        ("nb", "«gone» har ingen versjon som gjelder 10.11.2026."),
    ],
)
def test_a_law_without_a_version_on_the_letter_s_date_withholds(language: str, said: str) -> None:
    _, (withheld,) = filled(seen(rule={"basis": ["gone"]}), templates(notice__docx=word("x")))
    assert withheld.outcome is Outcome.WITHHELD
    assert said in reason_in_words(withheld.reasons[0], texts_in(language))


def test_each_letter_names_the_other_parties_and_all_copies() -> None:
    rule = DATED | {"to": ["person", "guardians"], "copy": "person.helper"}
    people = (person("P-1", helper="P-4"), person("P-2"), person("P-3"), person("P-4"))
    registered = view(profile(rule), *people, case(person="P-1", guardians=["P-2", "P-3"], received=RECEIVED))
    found = templates(notice__docx=word("{{ recipient.name }}/{{ letter.parties }}/{{ letter.copies }}"))
    letters, _ = filled(registered, found)
    assert [text_of(letter.content) for letter in letters] == [
        "Name P-1/Name P-2 and Name P-3/Name P-4",
        "Name P-2/Name P-1 and Name P-3/Name P-4",
        "Name P-3/Name P-1 and Name P-2/Name P-4",
        "Name P-4/Name P-1, Name P-2 and Name P-3/Name P-4",
    ]


def test_enclosures_are_filled_where_they_are_templates_and_copied_where_not() -> None:
    rule = {"enclosures": ["form.docx", "hours.xlsx", "leaflet.pdf", "extra.pdf if hours"]}
    found = templates(
        notice__docx=word("{{ letter.enclosures }}"),
        form__docx=word("For {{ recipient.name }}"),
        hours__xlsx=excel(A1="{{ case.person.name }} & {{ case.received }}", A2="{{ case.reason }}", A3="kept", A4="=1+1"),
        leaflet__pdf=b"%PDF {{ 7*7 }}",
        extra__pdf=b"",
    )
    (letter,), _ = filled(seen(rule=rule, reason="=cmd()"), found)
    assert text_of(letter.content) == "Form, Hours and Leaflet"
    enclosed = dict(letter.enclosures)
    assert list(enclosed) == ["form.docx", "hours.xlsx", "leaflet.pdf"]
    assert text_of(enclosed["form.docx"]) == "For Kari"
    assert enclosed["leaflet.pdf"] == b"%PDF {{ 7*7 }}"
    sheet = openpyxl.load_workbook(io.BytesIO(bytes(enclosed["hours.xlsx"]))).worksheets[0]
    assert [sheet[cell].value for cell in ("A1", "A2", "A3")] == ["Kari & November\u00a010, 2026", "=cmd()", "kept"]
    assert (sheet["A2"].data_type, sheet["A4"].data_type) == ("s", "f"), "data never becomes a formula; the author's own stay"


def test_a_blank_in_an_enclosure_withholds_the_letter() -> None:
    found = templates(notice__docx=word("x"), hours__xlsx=excel(A1="{{ case.reason }}"))
    _, (withheld,) = filled(seen(rule={"enclosures": "hours.xlsx"}), found)
    assert withheld.outcome is Outcome.WITHHELD


@pytest.mark.parametrize(
    ("tongue", "variant", "text"),
    [
        ("nn", True, "Brev 10. november 2026"),
        ("nn", False, "Brev fra 10. november 2026"),
        ("nb", True, "Brev fra 10. november 2026"),
        (None, True, "Brev fra 10. november 2026"),
    ],
)
def test_the_variant_in_the_recipient_s_language_is_taken_where_there_is_one(
    tongue: str | None, variant: bool, text: str
) -> None:
    kari = person("P-1", **({"tongue": tongue} if tongue else {}))
    registered = view(profile(DATED, language="nb"), kari, case(person="P-1", received=RECEIVED))
    found = templates(notice__docx=word("Brev fra {{ case.received }}"))
    if variant:
        found |= templates(notice__nn__docx=word("Brev {{ case.received }}"))
    (letter,), _ = filled(registered, found)
    assert text_of(letter.content) == text


# ------------------------------------------------------------------ facts and bytes


def test_the_facts_are_what_the_template_read_through_references_lists_and_ways_back() -> None:
    other = case("C-2", person="P-1", hours=2)
    found = templates(notice__docx=word("{{ case.reason }} {{ case.person.name }} {{ case.person.cases.hours }}"))
    letters, _ = filled(seen(other, reason="Since", hours=1), found)
    facts = dict(letters[0].facts)
    assert facts["case C-1 reason"] == "Since"
    assert facts["person P-1 name"] == "Kari"
    assert (facts["case C-1 hours"], facts["case C-2 hours"]) == ("1", "2")
    assert (facts[" name"], facts[" address"]) == ("Kari", "Gate 1")
    assert "case C-1 decided" not in facts


def test_the_facts_of_one_letter_hold_nothing_of_the_one_before() -> None:
    found = templates(notice__docx=word("{{ case.reason | default('') }}"))
    letters, _ = filled(seen(case("C-2", person="P-1", received=RECEIVED)), found)
    assert [fact for letter in letters for fact, _ in letter.facts if letter.letter.obligation.record.key not in fact] == [
        " address",
        " name",
    ] * len(letters)


def test_made_twice_a_letter_has_the_same_bytes() -> None:
    rule = {"enclosures": ["hours.xlsx"]}
    found = templates(
        notice__docx=word("{{ case.number }}", header=["{{ letter.date }}"]), hours__xlsx=excel(A1="{{ case.number }}")
    )
    one, two = (filled(seen(rule=rule), found)[0][0] for _ in range(2))
    assert one == two


def test_state_of_one_letter_does_not_leak_into_the_next() -> None:
    found = templates(notice__docx=word("{{ case.number }} {{ case.reason | default('') }}", cells=["{{ case.number }}"]))
    letters, _ = filled(seen(case("C-2", person="P-1", received=RECEIVED, reason="B"), reason="A"), found)
    assert sorted(text_of(letter.content) for letter in letters) == ["C-1 A\nC-1", "C-2 B\nC-2"]


# ------------------------------------------------------------------ what a template cannot do with a row


@pytest.mark.parametrize(
    "body", ["{{ '%.2f' | format(case.hours) }}", "{{ case.hours | string | int }}", "{{ '%d hours' % case.hours }}"]
)
def test_an_empty_cell_that_stops_a_template_is_told_as_one(body: str) -> None:
    _, (withheld,) = filled(seen(), templates(notice__docx=word(body)))
    told = [reason_in_words(reason, texts_in("en")) for reason in withheld.reasons]
    assert [words.partition(",")[0] for words in told] == ["Cases!H2"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("Of {{ 1 / 0 }} hours", "A field in «Of {{ 1 / 0 }} hours» cannot be worked out"),
        ("{{ case.hours | number(1, 2) }}", "A field in «{{ case.hours | number(1, 2) }}» cannot be worked out"),
        ("{% for x in case.hours %}{{ x }}{% endfor %}", "A field in «{% for x in case.hours %}"),
        ("{% if case.hours > case.reason %}x{% endif %}", "A field in «{% if case.hours > case.reason %}x{% endif %}»"),
        ("{{ case.reason | int }}", "«Since» is no number."),
        ("{{ case.hours ** 9999 }}", "larger than anybody reads"),
        ("{% filter upper %}{{ case.reason }} &amp;{% endfilter %}{{ '' }}", "is no valid document"),
    ],
)
def test_what_a_template_cannot_do_with_a_row_is_told_with_its_words(body: str, problem: str) -> None:
    reason = "Since & so" if "filter upper" in body else "Since"
    letters, (withheld,) = filled(seen(hours=7.5, reason=reason), templates(notice__docx=word("x", body, "y")))
    assert letters == ()
    assert problem in reason_in_words(withheld.reasons[0], texts_in("en"))
