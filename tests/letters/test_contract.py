"""What is told about templates: each mistake with its place, and nothing about what is sound."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from lxml import etree
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from pipeline.calendars import Calendar
from pipeline.letters.commented import commented
from pipeline.letters.contract import Contract, check_templates, place_in_words, said
from pipeline.letters.quotes import straight
from pipeline.letters.template import Template, TemplateEnvironment
from pipeline.lists.story import reason_in_words
from pipeline.profile.load import load_profile
from pipeline.texts import texts_in
from tests.letters.made_up import case, excel, filled, person, profile, text_of, view, word

EN = texts_in("en")
_CASE = (person("P-1", name="Kari"), case(person="P-1", received=date(2026, 11, 10)))
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def checked(content: bytes, name: str = "notice.docx", **rule: object) -> Contract:
    """What is wrong in a template."""
    return check_templates(profile(rule), {name: Template(name, content)}, TemplateEnvironment(Calendar("NO")), EN)


def told(content: bytes) -> list[tuple[str, str, str]]:
    """Each mistake: its place, the expression as typed, and the sentence."""
    found = checked(content).mistakes.get("notice", ())
    return [(place_in_words(mistake, EN), mistake.typed, said(mistake, EN)) for mistake in found]


def document(build: Callable[[Any], None]) -> bytes:
    """A Word file as `build` makes it."""
    made = docx.Document()
    build(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def paragraph(xml: str) -> bytes:
    """A Word file of one paragraph, given as what stands in it."""
    return document(lambda made: made.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>")))


def runs(*texts: str) -> str:
    """Runs of these texts."""
    return "".join(f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>' for text in texts)


# ------------------------------------------------------------------ what is wrong

BROKEN: Mapping[str, tuple[tuple[str, ...], str, str]] = {
    "unknown field": (("{{ case.raeson }}",), "{{ case.raeson }}", "did you mean «reason»"),
    "unknown field, nothing near": (("{{ case.zzzz }}",), "{{ case.zzzz }}", "templates --fields notice"),
    "capital letters": (("{{ CASE.number }}",), "{{ CASE.number }}", "did you mean «case»"),
    "unknown filter": (("{{ case.reason | uppre }}",), "{{ case.reason | uppre }}", "no filter «uppre»; did you mean «upper»"),
    "one brace": (("{ case.reason }",), "{ case.reason }", "write {{ case.reason }}"),
    "one brace at the end": (("{{ case.reason }",), "{{ case.reason }", "closed with «}»"),
    "one brace at the beginning": (("{ case.reason }}",), "{ case.reason }}", "closes nothing"),
    "a name to fill in by hand": (("Dear [NAVN],",), "[NAVN]", "put the field in its place"),
    "an address to fill in by hand": (("[POSTNR OG STED]",), "[POSTNR OG STED]", "put the field in its place"),
    "angle brackets to fill in": (("Dear <<fornavn etternavn>>,",), "<<fornavn etternavn>>", "put the field in its place"),
    "a day to fill in": (("Received dd.mm.åååå",), "dd.mm.åååå", "put the field in its place"),
    "a day of crosses": (("Received XX.XX.2026 and XX.XX.XXXX",), "XX.XX.XXXX", "put the field in its place"),
    "a field without its sheet": (("{{ reason }}",), "{{ reason }}", "did you mean «case.reason»"),
    "a heading without its sheet": (
        ("{{ Health of the child }}",),
        "{{ Health of the child }}",
        "was not expected",  # of a class that the letter does not show: it is not suggested
    ),
    "three braces": (("{{ case.reason }}}",), "{{ case.reason }}}", "A brace too many"),
    "never closed": (("{{ case.reason",), "{{ case.reason", "not closed in its paragraph"),
    "wrong end": (("{% if case.reason }}x{% endif %}",), "{% if case.reason }}", "closed with «}}»"),
    "empty": (("{{ }}",), "{{ }}", "Nothing stands between"),
    "space in a name": (("{{ case reason }}",), "{{ case reason }}", "did you mean «case.reason»"),
    "space in a filter's name": (("{{ case.received | short date }}",), "{{ case.received | short date }}", "| short_date»"),
    "space in a column's name": (("{% if case.sent out %}x{% endif %}",), "{% if case.sent out %}", "did you mean «case.sent»"),
    "no stroke before a filter": (("{{ case.received date }}",), "{{ case.received date }}", "«case.received | date»"),
    "a comma for a full stop": (("{{ case,reason }}",), "{{ case,reason }}", "did you mean «case.reason»"),
    "a filter like a function": (("{{ date(case.received) }}",), "{{ date(case.received) }}", "is a filter"),
    "a field like a function": (("{{ case.received() }}",), "{{ case.received() }}", "take away the brackets"),
    "a number too many": (("{{ 3 4 }}",), "{{ 3 4 }}", "«number» was not expected"),
    "a sheet": (("{{ sheets.case.deadlines }}",), "{{ sheets.case.deadlines }}", "name a field of it"),
    "the recipient": (("{{ recipient }}",), "{{ recipient }}", "name a field of it"),
    "square brackets": (("[[ case.reason ]]",), "[[ case.reason ]]", "write {{ case.reason }}"),
    "Word's own brackets": (("«case.reason»",), "«case.reason»", "write {{ case.reason }}"),
    "a word of ours before a field": (("{% if ikke case.reason %}x{% endif %}",), "{% if ikke case.reason %}", "write «not»"),
    "else if": (("{% if case.hours %}x{% else if case.reason %}y{% endif %}",), "{% else if case.reason %}", "«elif»"),
    "elseif": (("{% if case.hours %}x{% elseif case.reason %}y{% endif %}",), "{% elseif case.reason %}", "«elif»"),
    "end": (("{% for g in case.guardians %}{{ g.name }}{% end %}",), "{% end %}", "did you mean «endfor»"),
    "no name set": (("{% set = 3 %}",), "{% set = 3 %}", "«=» was not expected"),
    "a mark within a text in such marks": (
        ("{{ case.reason | default('it’s') }}",),
        "{{ case.reason | default('it’s') }}",
        "come in pairs",
    ),
    "a soft hyphen": (("{{ case.re\u00adason }}",), "{{ case.re\u00adason }}", "«U+00AD» cannot stand"),
    "joined by a plus": (("{{ case.reason + 'x' }}",), "{{ case.reason + 'x' }}", "texts are joined by «~»"),
    "a macro's default": (("{% macro m(a=case.raeson) %}{{ a }}{% endmacro %}",), "{% macro m(a=case.raeson) %}", "«reason»"),
    "far too many filters": (
        ("{{ case.reason " + "| upper " * 500 + "}}",),
        "{{ case.number }}",
        "nested too deeply",
    ),
    "weeks in words": (("{{ case.received + 3 uker }}",), "{{ case.received + 3 uker }}", "write «weeks(3)»"),
    "unequal as elsewhere": (("{% if case.reason <> 'x' %}x{% endif %}",), "{% if case.reason <> 'x' %}", "write «!=»"),
    "at least": (("{% if case.hours ≥ 3 %}x{% endif %}",), "{% if case.hours ≥ 3 %}", "write «>=»"),
    "a choice without marks": (
        ("{% if recipient.role == copy %}x{% endif %}",),
        "{% if recipient.role == copy %}",
        'write it in quotation marks: "copy"',
    ),
    "a number set": (("{% set 3 = case.hours %}",), "{% set 3 = case.hours %}", "write it anew"),
    "bracket": (("{{ (case.reason }}",), "{{ (case.reason }}", "not complete"),
    "one equals sign": (("{% if case.reason = 'x' %}x{% endif %}",), "{% if case.reason = 'x' %}", "write «==»"),
    "one equals sign beside low marks": (
        ("{% if case.reason = „x“ %}x{% endif %}",),
        "{% if case.reason = „x“ %}",
        "write «==»",
    ),
    "a word of ours": (
        ("{% if case.reason og case.hours %}x{% endif %}",),
        "{% if case.reason og case.hours %}",
        "write «and»",
    ),
    "an instruction of ours": (("{% hvis case.reason %}x{% endif %}",), "{% hvis case.reason %}", "did you mean «if»"),
    "end in two words": (("{% if case.reason %}x{% end if %}",), "{% end if %}", "«endif»"),
    "a space before p": (("{% p if case.reason %}", "x", "{%p endif %}"), "{% p if case.reason %}", "{%p if case.reason %}"),
    "a blank that does not break": (
        ("{%p\u00a0if case.reason %}", "x", "{%p endif %}"),
        "{%p\u00a0if case.reason %}",
        "type an ordinary one: {%p if case.reason %}",
    ),
    "never ended": (("{% if case.reason %}x",), "{% if case.reason %}", "write {% endif %}"),
    "ended too often": (("{% endfor %}",), "{% endfor %}", "closes nothing"),
    "crossed": (
        ("{% if case.reason %}{% for g in case.guardians %}{{ g.name }}{% endif %}{% endfor %}",),
        "{% endif %}",
        "close the inner one first",
    ),
    "else alone": (("{% else %}",), "{% else %}", "stands in no"),
    "p in company": (("{%p if case.reason %} but", "x", "{%p endif %}"), "{%p if case.reason %}", "and «but» with it"),
    "p with a plain end": (("{%p if case.reason %}", "x", "{% endif %}"), "{% endif %}", "belong together"),
    "p with a sign": (("{%p if case.hours % 2 %}", "x", "{%p endif %}"), "{%p if case.hours % 2 %}", "cannot be used"),
    "tr outside": (("{%tr if case.reason %}", "x", "{%tr endif %}"), "{%tr if case.reason %}", "outside of any table"),
    "another file": (("{% include 'x' %}",), "{% include 'x' %}", "one template"),
    "after a sum": (("{{ case.hours + 1 | round }}",), "{{ case.hours + 1 | round }}", "put brackets"),
    "after or": (("{{ case.reason or case.number | upper }}",), "{{ case.reason or case.number | upper }}", "put brackets"),
    "always empty": (("{% if not case.reason %}{{ case.reason }}{% endif %}",), "{{ case.reason }}", "always empty here"),
    "always empty in else": (
        ("{% if case.reason and case.hours %}a{% elif case.reason %}b{% else %}{{ case.reason }}{% endif %}",),
        "{{ case.reason }}",
        "always empty here",
    ),
    "never": (
        ("{% if case.reason == 'a' %}x{% elif case.reason in ['a'] %}y{% endif %}",),
        "{% elif case.reason in ['a'] %}",
        "never holds here",
    ),
    "a class not shown": (("{{ case.secret }}",), "{{ case.secret }}", "may not show"),
    "a field as text": (("{{ 'case.reason' }}",), "{{ 'case.reason' }}", "take the marks away"),
    "marks that do not pair": (("{{ case.reason | default(“x) }}",), "{{ case.reason | default(“x) }}", "come in pairs"),
    "a date's filter on a text": (("{{ case.reason | date }}",), "{{ case.reason | date }}", "is for a date; what stands"),
    "a number's filter on a date": (("{{ case.received | amount }}",), "{{ case.received | amount }}", "for a number"),
    "a filter of yes and no": (("{{ case.hours | yes_no }}",), "{{ case.hours | yes_no }}", "for a yes or no; what"),
    "rounding a text": (("{{ case.reason | round }}",), "{{ case.reason | round }}", "what stands before it is a text"),
    "a filter on a built-in field": (("{{ letter.date | number }}",), "{{ letter.date | number }}", "is a date"),
    "a filter in a condition": (
        ("{% if case.reason | date == 'x' %}x{% endif %}",),
        "{% if case.reason | date == 'x' %}",
        "is for a date",
    ),
    "the default before the filter": (
        ("{{ case.received | default('none') | date }}",),
        "{{ case.received | default('none') | date }}",
        "write «date» before «default»",
    ),
    "a loop over a text": (
        ("{% for c in case.reason %}{{ c }}{% endfor %}",),
        "{% for c in case.reason %}",
        "this is a text",
    ),
    "a loop over a row": (("{% for p in case.person %}x{% endfor %}",), "{% for p in case.person %}", "this is a row"),
    "equal to nothing": (("{% if case.reason == none %}x{% endif %}",), "{% if case.reason == none %}", "ask with {% if not"),
    "a column for a filter": (
        ("{{ case.guardians | map('name') | join }}",),
        "{{ case.guardians | map('name') | join }}",
        'did you mean «map(attribute="name")»',
    ),
    "no filter for each": (
        ("{{ case.guardians | map('x') | join }}",),
        "{{ case.guardians | map('x') | join }}",
        "no filter «x»",
    ),
    "no test to select by": (("{{ [1] | select('od') | join }}",), "{{ [1] | select('od') | join }}", "did you mean «odd»"),
    "a sign": (("{{ case.reason@x }}",), "{{ case.reason@x }}", "«@» cannot stand"),
}


@pytest.mark.parametrize(("body", "typed", "sentence"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_told_once_as_it_was_typed(body: tuple[str, ...], typed: str, sentence: str) -> None:
    ((_, shown, words), *further) = told(word("Sound: {{ case.number }}", *body, "{{ case.number }}"))
    assert shown == typed
    assert sentence in words
    assert {other[1] for other in further} <= {tag for tag in body if tag.startswith("{%tr")}


@pytest.mark.parametrize(
    ("typed", "guess"),
    [("{{ case.Health of the child }}", "case.secret"), ("{{ case.health_of_the_child | upper }}", "secret")],
)
def test_a_column_by_its_heading_is_known(typed: str, guess: str) -> None:
    found = checked(word(typed), shows=["health"]).mistakes["notice"]
    assert [f"did you mean «{guess}»" in said(mistake, EN) for mistake in found] == [True]


SOUND = (
    "{% if case.reason %}x{% else %}{{ case.reason | default('none') }}{% endif %}",
    "{% if not case.hours %}{{ case.hours }}{% endif %}",
    "{% if case.reason == 'a' %}a{% elif case.reason == 'b' %}{{ case.reason }}{% else %}c{% endif %}",
    "{% set x = case.reason %}{% if not x %}{% set x = case.number %}{% endif %}{{ x }}",
    "{% for g in case.guardians %}{% if not g.street %}-{% endif %}{{ g.name }}{% else %}none{% endfor %}",
    "{% for g in case.guardians if g.name %}{{ loop.index }}{{ g.name }}{% endfor %}",
    "{% macro row(a) %}{{ a }}{% endmacro %}{{ row(case.reason) }}",
    "{% set x %}{{ case.reason }}{% endset %}{{ x }}",
    "{% filter upper %}{{ case.reason }}{% endfilter %}",
    "{% with a = case.reason %}{{ a }}{% endwith %}",
    "{% raw %}{{ nothing }}{% endraw %}",
    "{# {{ nothing }} #}",
    "{{ {'a': {'b': 1}}['a'] }}",
    "{{ case.reason | default('it is «x»') }}",
    "{{ case.hours | round if case.hours else '' }}",
    "{{ case.reason | upper or case.number | upper }}",
    "{{ case.reason or case.number | default('-') }}",
    "{{ (case.reason or case.number) | upper }}",
    "{% if recipient.role == 'to' %}a{% elif recipient.role in ['copy', 'file'] %}b{% endif %}",
    "{{ case.received | short_date }} {{ letter.due | date | default('none') }} {{ case.received | default('') | date }}",
    "{{ case.hours | number(2) }} {{ (case.hours * 4) | round | amount }} {{ fee | amount }} {{ case.guardians | length }}",
    "{% set x = case.received %}{{ x | weekday }} {% for line in recipient.address %}{{ line | upper }}{% endfor %}",
    "{{ sheets.case | selectattr('reason') | map(attribute='number') | join(', ') }}",
    "{{ case.person.cases | map(attribute='reason') | join(', ') }}",
    "{% for g in (case.guardians or []) | sort(attribute='name') %}{{ g.name }}{% endfor %}",
    "{% for g in case.guardians[1:] + [case.person] %}{{ g.name }}{% endfor %}{% for n in [1, 2] %}{{ n }}{% endfor %}",
    "{% for name in case.guardians.name %}{{ name }}{% endfor %}{% for at in {'a': 1}.items() %}{{ at[0] }}{% endfor %}",
    "{% for part in case.guardians | batch(2) %}{% for g in part %}{{ g.name }}{% endfor %}{% endfor %}",
    "{% if case.reason is none or case.reason is not none %}x{% endif %}",
    "Price {5} and {a}, set {x|y} and 100 %}".replace(" %}", ""),
    "[the municipality] shall [X] within 2 < 3 weeks [1], [II] and [§ 12]; a <b@c.example>, <https://c.example>, chapter XX",
)


@pytest.mark.parametrize("text", SOUND)
def test_what_is_sound_is_not_told(text: str) -> None:
    found = checked(word("{{ case.number }}", text, header=[text], footer=[text], cells=[text]))
    assert (found.mistakes, found.notes) == ({}, ())


@pytest.mark.parametrize(
    "body",
    [
        ("{% if case.reason %}", "x {{ case.number }}", "{% else %}", "y", "{% endif %}"),
        ("{%p for g in case.guardians %}", "{{ g.name }}", "{%p endfor %}"),
        ("{# a remark", "over several", "paragraphs #}", "{{ case.number }}"),
        ("{%p if case.reason %}", "x", "{%p elif case.hours %}", "y", "{%p else %}", "z", "{%p endif %}"),
        ("{#p a remark of its own #}", "x"),
        ("{%r if case.reason %}x{%r endif %} y",),
        ("x {%- if case.reason -%} y {%- endif -%} z",),
    ],
)
def test_sound_blocks_over_paragraphs_are_not_told(body: tuple[str, ...]) -> None:
    assert told(word(*body)) == []


def test_a_letter_that_says_the_same_to_everybody_is_noted() -> None:
    found = checked(word("We have received your application.", cells=["Case"]))
    assert not found.mistakes
    assert [said(note, EN) for note in found.notes] == [
        "No field stands in this file, so the letter says the same to everybody, and not to whom it goes: {{ recipient.name }}."
    ]
    assert not checked(word("For the file."), to=None).notes


def test_a_form_that_goes_with_a_letter_is_filled_in_by_hand() -> None:
    routine = profile({"enclosures": ["form.docx"]})
    files = {"notice.docx": word("{{ recipient.name }}"), "form.docx": word("Name: [NAVN], born dd.mm.åååå")}
    templates = {name: Template(name, content) for name, content in files.items()}
    found = check_templates(routine, templates, TemplateEnvironment(Calendar("NO")), EN)
    assert (found.mistakes, found.notes) == ({}, ())


def test_blocks_nested_too_deeply_are_told_in_the_office_s_words() -> None:
    content = word("{% if case.reason %}" * 400 + "x" + "{% endif %}" * 400)
    ((_, _, sentence),) = told(content)
    assert sentence == "This is nested too deeply."
    nb = texts_in("nb")
    assert [said(mistake, nb) for mistake in checked(content).mistakes["notice"]] == ["Her er for mange ledd inne i hverandre."]


def test_letters_that_a_mac_has_taken_apart_are_understood() -> None:
    apart = unicodedata.normalize("NFD", "{% set år = case.number %}{{ år }}")
    content = word(apart)
    assert told(content) == []
    letters, _ = filled(view(profile({"dated": "received"}), *_CASE), {"notice.docx": Template("notice.docx", content)})
    assert [text_of(letter.content) for letter in letters] == ["C-1"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "has a password"),
        (b"Dear all", "no file that Word or Excel wrote"),
        (b"", "no file that Word or Excel wrote"),
    ],
)
def test_what_is_no_word_file_is_told(content: bytes, sentence: str) -> None:
    ((place, _, words),) = told(content)
    assert (place, sentence in words) == ("", True)


def test_a_minus_that_draws_text_out_of_its_cell_is_told() -> None:
    ((place, typed, sentence),) = told(word("a", cells=["{%- if case.reason %}x{% endif %}"]))
    assert (place, typed) == ("body, table 1, row 1, column 1", "{%- if case.reason %}")
    assert "minus" in sentence


# ------------------------------------------------------------------ mended, and worth a look


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("„none“", '"none"'),
        ("“none”", '"none"'),
        ("«none»", '"none"'),
        ("”none”", '"none"'),
        ("‚none‘", "'none'"),
        ("'it is «x»'", "'it is «x»'"),
        ('"a – b"', '"a – b"'),
        ("a – b", "a - b"),
    ],
)
def test_what_word_makes_of_marks_is_read_as_it_was_meant(typed: str, read: str) -> None:
    assert straight(f"{{{{ {typed} }}}}") == f"{{{{ {read} }}}}"


def test_a_tag_that_was_mended_is_noted() -> None:
    found = checked(word("{{ case.reason | default(„none“) }}"))
    assert found.mistakes == {}
    assert [(note.typed, note.noted) for note in found.notes] == [("{{ case.reason | default(„none“) }}", True)]


def test_a_filter_behind_joined_texts_is_noted() -> None:
    found = checked(word("{{ 'a' ~ case.reason | upper }}"))
    assert found.mistakes == {}
    assert "put brackets" in said(found.notes[0], EN)


def test_columns_that_no_template_uses_are_listed() -> None:
    found = checked(word("{{ case.reason }} {{ case.person.name }}{% if case.hours %}x{% endif %}"))
    assert found.unused["person"] == ("street", "born", "tongue", "shielded", "helper")
    assert found.unused["case"] == ("guardians", "received", "sent", "decided", "secret")


# ------------------------------------------------------------------ places


def test_the_place_is_told_as_people_count() -> None:
    def build(made: Any) -> None:
        made.add_paragraph("First")
        made.add_paragraph("")
        made.add_paragraph("{{ case.aa }}")
        for _ in range(2):
            table = made.add_table(rows=3, cols=2)
        table.cell(2, 0).text = "{{ case.bb }}"
        table.cell(1, 1).text = "one"
        table.cell(1, 1).add_paragraph("{{ case.cc }}")
        table.cell(0, 0).add_table(rows=1, cols=1).cell(0, 0).text = "{{ case.dd }}"
        made.add_paragraph("{{ case.ee }}")

    assert [place for place, *_ in told(document(build))] == [
        "body, paragraph 2",
        "body, table 2, row 1, column 1, table 1, row 1, column 1",
        "body, table 2, row 2, column 2, paragraph 2",
        "body, table 2, row 3, column 1",
        "body, paragraph 3",
    ]


def test_a_block_that_crosses_rows_is_told() -> None:
    def build(made: Any) -> None:
        table = made.add_table(rows=2, cols=1)
        table.cell(0, 0).text = "{% for g in case.guardians %}{{ g.name }}"
        table.cell(1, 0).text = "{% endfor %}"

    ((place, typed, sentence),) = told(document(build))
    assert (place, typed) == ("body, table 1, row 2, column 1", "{% endfor %}")
    assert "for whole rows write tr" in sentence


@pytest.mark.parametrize("heading", ["", "Name"])
def test_rows_are_repeated_by_rows_of_their_own(heading: str) -> None:
    def build(made: Any) -> None:
        table = made.add_table(rows=3, cols=2)
        for row, text in enumerate(("{%tr for g in case.guardians %}", "{{ g.name }}", "{%tr endfor %}")):
            table.cell(row, 0).text = text
        table.cell(0, 1).text = heading

    assert [(typed, heading in sentence) for _, typed, sentence in told(document(build))] == (
        [("{%tr for g in case.guardians %}", True)] if heading else []
    )


def _with(content: bytes, member: str, xml: str, kind: str) -> bytes:
    """The file with a further part of notes."""
    out = io.BytesIO()
    relation = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "[Content_Types].xml":
                override = (
                    f'<Override PartName="/{member}" ContentType="application/vnd.openxmlformats-officedocument.'
                    f'wordprocessingml.{kind}+xml"/></Types>'
                )
                data = data.replace(b"</Types>", override.encode())
            elif name == "word/_rels/document.xml.rels":
                line = f'<Relationship Id="rIdX" Type="{relation}" Target="{member.removeprefix("word/")}"/></Relationships>'
                data = data.replace(b"</Relationships>", line.encode())
            new.writestr(name, data)
        new.writestr(member, xml)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "sentence"), [("footnotes", "did you mean «reason»"), ("endnotes", "not filled in here")])
def test_notes_are_read_too(kind: str, sentence: str) -> None:
    one = kind.removesuffix("s")
    text = f'<w:{one} w:id="2"><w:p><w:r><w:t>{{{{ case.raeson }}}}</w:t></w:r></w:p></w:{one}>'
    content = _with(word("x"), f"word/{kind}.xml", f"<w:{kind} {nsdecls('w')}>{text}</w:{kind}>", kind)
    ((place, typed, words),) = told(content)
    assert place == f"{kind}, note 2, paragraph 1"
    assert typed == "{{ case.raeson }}"
    assert sentence in words


# ------------------------------------------------------------------ what Word and LibreOffice make of paragraphs

_LINK = '<w:hyperlink w:anchor="x">{}</w:hyperlink>'
_CONTROL = "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>"
_BOUND = (
    '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="{{x}}"/><w:text/></w:sdtPr>'
    "<w:sdtContent>{}</w:sdtContent></w:sdt>"
)
_SMART = '<w:smartTag w:uri="u" w:element="e">{}</w:smartTag>'
_BEGIN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_CHECKED = '<w:proofErr w:type="spellStart"/>'
_BOX = (
    '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps"><w:txbxContent><w:p>{0}</w:p></w:txbxContent></mc:Choice>'
    "<mc:Fallback><w:txbxContent><w:p>{0}</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
)


@pytest.mark.parametrize(
    "xml",
    [
        runs("{", "{ case.num", "ber }", "}"),
        runs("{{ case.") + _CHECKED + runs("number") + '<w:proofErr w:type="spellEnd"/>' + runs(" }}"),
        _LINK.format(runs("{{ case.number }}")),
        _CONTROL.format(runs("{{ case.", "number }}")),
        _SMART.format(runs("{{ case.number }}")),
        runs("{{ case.") + _SMART.format(runs("num")) + runs("ber }}"),
        runs("{{ case.") + "<w:r><w:lastRenderedPageBreak/></w:r>" + runs("number }}"),
        _BOX.replace("{0}", runs("{{ case.number }}")),
        '<w:bookmarkStart w:id="1" w:name="a"/>' + runs("{{ case.number }}") + '<w:bookmarkEnd w:id="1"/>',
    ],
    ids=["runs", "spelling", "link", "control", "smart tag", "half a smart tag", "page break", "text box", "bookmark"],
)
def test_what_word_puts_between_is_read_through(xml: str) -> None:
    assert told(paragraph(xml)) == []
    wrong = paragraph(xml.replace("num", "nxm")) if "number" not in xml else paragraph(xml.replace("number", "nxmber"))
    assert [typed for _, typed, _ in told(wrong)] == ["{{ case.nxmber }}"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<w:rPr><w:vanish/></w:rPr><w:t>{% if case.number %}</w:t>",
        "<w:rPr><w:vanish/></w:rPr><w:t>{# ask {{ nobody }} #}{% if case.number %}</w:t>",
        '<w:rPr><w:vanish w:val="0"/></w:rPr><w:t>{% if case.number %}shown</w:t>',
    ],
    ids=["tag", "remark", "not hidden after all"],
)
def test_an_author_may_hide_tags_that_leave_nothing_behind(hidden: str) -> None:
    assert told(paragraph(f"<w:r>{hidden}</w:r>" + runs("x{% endif %}"))) == []


@pytest.mark.parametrize(
    ("xml", "sentence"),
    [
        (_LINK.format(runs("{{ case.")) + runs("number }}"), "half of this field"),
        (runs("{{ case.") + _CONTROL.format(runs("number }}")), "half of this field"),
        (runs("{{ case.number }}") + "<w:del><w:r><w:delText>old</w:delText></w:r></w:del>", "neither accepted nor refused"),
        ("<w:ins>" + runs("new") + "</w:ins>", "neither accepted nor refused"),
        (runs("x") + '<w:r><w:commentReference w:id="1"/></w:r>', "A Word comment stands here"),
        (runs("x") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>{{ case.number }}</w:t></w:r>", "Hidden text stands here"),
        ('<w:r><w:rPr><w:vanish w:val="1"/></w:rPr><w:t>Ring Kari</w:t></w:r>', "Hidden text stands here"),
        ('<w:r><w:rPr><w:b/><w:rPrChange w:id="1" w:author="a"/></w:rPr><w:t>x</w:t></w:r>', "neither accepted nor refused"),
        (
            '<w:pPr><w:pPrChange w:id="1" w:author="a"><w:pPr/></w:pPrChange></w:pPr>' + runs("x"),
            "neither accepted nor refused",
        ),
        (_BOUND.format(runs("{{ case.number }}")), "Remove content control"),
        ('<w:r><w:pict alt="{{ case.nxmber }}"/></w:r>', "did you mean «number»"),
        ("<w:r><w:instrText> MERGEFIELD Navn </w:instrText></w:r>", "merge field of Word's own"),
        ('<w:fldSimple w:instr=" ADDRESSBLOCK \\f x "><w:r><w:t>x</w:t></w:r></w:fldSimple>', "merge field of Word's own"),
        (_BEGIN + "<w:r><w:instrText> MACROBUTTON NoMacro [Type here] </w:instrText></w:r>", "somebody is to type something"),
        (_BEGIN + "<w:r><w:instrText> FILENAME \\p </w:instrText></w:r>", "from that file or that person"),
        (
            _BEGIN + "<w:r><w:instrText> DA</w:instrText></w:r><w:r><w:instrText>TE \\@ d </w:instrText></w:r>",
            "a date that Word",
        ),
        ('<w:fldSimple w:instr=" TIME "><w:r><w:t>12:00</w:t></w:r></w:fldSimple>', "a date that Word changes"),
        (_BEGIN + '<w:r><w:instrText>INCLUDEPICTURE "C:/x.png"</w:instrText></w:r>', "from another file"),
    ],
    ids=[
        *(
            "link",
            "control",
            "deleted",
            "inserted",
            "comment",
            "hidden field",
            "hidden words",
            "format changed",
            "paragraph changed",
            "bound control",
        ),
        *("alternative text", "merge field", "address block", "button", "file name", "date", "time", "picture"),
    ],
)
def test_what_would_go_wrong_or_go_out_is_told(xml: str, sentence: str) -> None:
    assert [sentence in words for *_, words in told(paragraph(xml))] == [True]


def test_a_content_control_that_nobody_has_filled_in_is_told_in_a_letter() -> None:
    looks = "<w:sdtPr><w:showingPlcHdr/><w:text/></w:sdtPr>"
    control = f"<w:sdt>{looks}<w:sdtContent>{{}}</w:sdtContent></w:sdt>"
    assert told(paragraph(control.format(runs("{{ case.", "number }}")))) == []
    ((place, typed, sentence),) = told(paragraph(runs("{{ case.number }}") + control.format(runs("Click here", " to type"))))
    assert (place, typed) == ("body, paragraph 1", "Click here to type")
    assert "would be printed as it is" in sentence


def test_a_page_number_is_no_mistake() -> None:
    number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    assert told(paragraph(number + _BEGIN + "<w:r><w:instrText> NUMPAGES </w:instrText></w:r>")) == []


@pytest.mark.parametrize(
    ("kind", "attribute", "expected"),
    [
        ("image", "embed", [("body, paragraph 2", "lies in another place (http://example.org/logo.png)")]),
        ("image", "link", [("body, paragraph 2", "lies in another place (http://example.org/logo.png)")]),
        ("oleObject", "id", [("body, paragraph 2", "lies in another place (http://example.org/logo.png)")]),
        ("hyperlink", "id", []),
    ],
)
def test_what_lies_in_another_place_is_told_and_links_are_not(
    kind: str, attribute: str, expected: list[tuple[str, str]]
) -> None:
    def build(made: Any) -> None:
        relation = made.part.relate_to("http://example.org/logo.png", f"{_RELATIONS}/{kind}", is_external=True)
        made.add_paragraph("Dear {{ case.number }}")
        run = made.add_paragraph("Our logo: ").add_run()
        run._r.append(parse_xml(f'<a:blip {nsdecls("a", "r")} r:{attribute}="{relation}"/>'))

    found = told(document(build))
    assert [place for place, *_ in found] == [place for place, _ in expected]
    assert all(part in sentence for (*_, sentence), (_, part) in zip(found, expected, strict=True))


@pytest.mark.parametrize("address", ["mailto:{{ office.phone }}", "mailto:%7b%7b%20office.phone%20%7d%7d"])
def test_a_field_in_the_address_of_a_link_is_told(address: str) -> None:
    def build(made: Any) -> None:
        relation = made.part.relate_to(address, f"{_RELATIONS}/hyperlink", is_external=True)
        link = f'<w:hyperlink {nsdecls("w", "r")} r:id="{relation}">{runs("write to us")}</w:hyperlink>'
        made.add_paragraph("Mail: ")._p.append(parse_xml(link))

    ((place, _, sentence),) = told(document(build))
    assert place == "body, paragraph 1"
    assert "(mailto:{{ office.phone }}), which is not filled in there" in sentence


def test_a_table_s_row_that_came_in_as_a_change_is_told_in_its_first_cell() -> None:
    def build(made: Any) -> None:
        for row in made.add_table(rows=2, cols=1).rows[1:]:
            row._tr.get_or_add_trPr().append(parse_xml(f'<w:ins {nsdecls("w")} w:id="1" w:author="a"/>'))

    ((place, _, sentence),) = told(document(build))
    assert place == "body, table 1, row 2, column 1"
    assert "neither accepted nor refused" in sentence


def _edited(content: bytes, member: str, old: bytes, new: bytes) -> bytes:
    """The file with something exchanged in a member."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            assert name != member or old in data
            after.writestr(name, data.replace(old, new) if name == member else data)
    return out.getvalue()


_STRICT = b"http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
_USUAL = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


@pytest.mark.parametrize(
    ("member", "old", "new", "sentence"),
    [
        ("[Content_Types].xml", b"document.main+xml", b"template.main+xml", "not Word's usual form"),
        (
            "[Content_Types].xml",
            b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"vnd.ms-word.document.macroEnabled.main+xml",
            "not Word's usual form",
        ),
        ("_rels/.rels", _USUAL, _STRICT, "not Word's usual form"),
        ("word/settings.xml", b"</w:settings>", b"<w:mailMerge/></w:settings>", "Word's own mail merge is set up"),
    ],
    ids=["template", "macros", "strict", "mail merge"],
)
def test_what_word_saved_besides_the_text_is_told(member: str, old: bytes, new: bytes, sentence: str) -> None:
    ((place, _, words),) = told(_edited(word("{{ case.number }}"), member, old, new))
    assert place == ""
    assert sentence in words


@pytest.mark.parametrize("name", ["notice.dotx", "notice.odt", "notice.pdf", "notice"])
def test_a_letter_is_made_of_no_file_that_is_not_filled_in(name: str) -> None:
    ((mistake,),) = checked(word("{{ case.number }}"), name, template=name).mistakes.values()
    assert said(mistake, EN).startswith("Only files that end in .docx or .xlsx are filled in")


@pytest.mark.parametrize(("content", "mistakes"), [(b"%PDF", 0), (word("as it is"), 0), (word("{{ case.number }}"), 1)])
def test_an_enclosure_of_another_form_is_as_it_is_and_has_no_fields(content: bytes, mistakes: int) -> None:
    files = {"notice.docx": word("x"), "more.dotx": content}
    found = check_templates(
        profile({"enclosures": ["more.dotx"]}),
        {name: Template(name, held) for name, held in files.items()},
        TemplateEnvironment(Calendar("NO")),
        EN,
    )
    assert len(found.mistakes.get("notice", ())) == mistakes


@pytest.mark.parametrize(("kind", "label"), [("diagramData", "diagrams"), ("chart", "charts")])
def test_a_field_in_a_drawing_s_own_text_is_told(kind: str, label: str) -> None:
    texts = "".join(f"<a:r><a:t>{text}</a:t></a:r>" for text in ("{{ case.", "number }}"))
    xml = f"<x {nsdecls('a')}><a:p>{texts}</a:p></x>"
    content = _with(word("x"), "word/drawn.xml", xml, kind)
    named = f"wordprocessingml.{kind}+xml".encode()
    ((place, typed, sentence),) = told(_edited(content, "[Content_Types].xml", named, f"drawingml.{kind}+xml".encode()))
    assert (place, typed) == (label, "{{ case.number }}")
    assert "not filled in here" in sentence


def test_a_file_made_to_fill_the_memory_is_refused_unopened() -> None:
    out = io.BytesIO(word("{{ case.number }}"))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for number in range(3):
            package.writestr(f"word/media/{number}.bmp", bytes(50_000_000))
    assert len(out.getvalue()) < 1_000_000
    ((mistake,),) = checked(out.getvalue()).mistakes.values()
    assert "far more than any template needs" in said(mistake, EN)
    assert commented(out.getvalue(), "notice.docx", [mistake], lambda _: "", date(2026, 11, 23)) is None
    letters, (withheld,) = filled(
        view(profile({"dated": "received"}), *_CASE), {"notice.docx": Template("notice.docx", out.getvalue())}
    )
    assert letters == ()
    assert reason_in_words(withheld.reasons[0], EN).startswith("Cases!2")


def test_a_mistake_in_a_text_box_is_told_once_and_with_its_place() -> None:
    ((place, *_),) = told(paragraph(_BOX.replace("{0}", runs("{{ case.nxmber }}"))))
    assert place == "body, paragraph 1, text box, paragraph 1"


# ------------------------------------------------------------------ the commented copy


def _twelve() -> bytes:
    """A template with twelve mistakes of different kinds, in all its parts."""

    def build(made: Any) -> None:
        made.add_paragraph("Dear {{ recipient.nmae }},")
        made.add_paragraph("We have your {{ case.reason | uppercase }} of {{ case.received.")
        made.add_paragraph("{%p if case.hours %} Your hours:")
        made.add_paragraph("{{ case.hours + 1 | round }}")
        made.add_paragraph("{%p endif %}")
        made.add_paragraph("{% if not case.reason %}because of {{ case.reason }}{% endif %}")
        made.add_paragraph("{{ case.number | default(“none) }}")
        for _ in range(2):
            table = made.add_table(rows=3, cols=2)
        table.cell(0, 0).text = "{% for g in case.guardians %}"
        table.cell(1, 0).text = "{{ g.name }}"
        table.cell(2, 0).text = "{% endfor %}"
        table.cell(2, 1).text = "{{ case.secret }}"
        made.add_paragraph("{% if case.decided %}decided")
        section = made.sections[0]
        section.header.paragraphs[0].text = "{ case.number }"
        section.footer.paragraphs[0].text = "{{ case number }}"

    return document(build)


TWELVE = [
    ("body, paragraph 1", "{{ recipient.nmae }}", "did you mean «name»"),
    ("body, paragraph 2", "{{ case.received.", "not closed"),
    ("body, paragraph 2", "{{ case.reason | uppercase }}", "did you mean «upper»"),
    ("body, paragraph 3", "{%p if case.hours %}", "and «Your hours:» with it"),
    ("body, paragraph 4", "{{ case.hours + 1 | round }}", "put brackets"),
    ("body, paragraph 6", "{{ case.reason }}", "always empty"),
    ("body, paragraph 7", "{{ case.number | default(“none) }}", "come in pairs"),
    ("body, table 2, row 3, column 1", "{% endfor %}", "for whole rows write tr"),
    ("body, table 2, row 3, column 2", "{{ case.secret }}", "may not show"),
    ("body, paragraph 8", "{% if case.decided %}", "write {% endif %}"),
    ("header, paragraph 1", "{ case.number }", "write {{ case.number }}"),
    ("footer, paragraph 1", "{{ case number }}", "did you mean «case.number»"),
]


def test_twelve_mistakes_are_told_at_once_with_their_places() -> None:
    found = told(_twelve())
    assert [(place, typed) for place, typed, _ in found] == [(place, typed) for place, typed, _ in TWELVE]
    assert [part in words for (*_, words), (*_, part) in zip(found, TWELVE, strict=True)] == [True] * 12


def _copy(content: bytes, name: str = "notice.docx") -> bytes:
    mistakes = checked(content, name, template=name).mistakes["notice"]
    made = commented(
        content, name, mistakes, lambda mistake: f"{place_in_words(mistake, EN)}: {said(mistake, EN)}", date(2026, 11, 23)
    )
    assert made is not None
    return made


def _members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_the_copy_has_a_comment_at_each_mistake_and_is_otherwise_the_same() -> None:
    content = _twelve()
    before, after = _members(content), _members(_copy(content))
    comments = docx.Document(io.BytesIO(_copy(content))).comments
    assert [comment.text.partition(": ")[0] for comment in comments] == [place for place, *_ in TWELVE]
    mark = re.compile(r'<w:commentRange(?:Start|End) w:id="\d+"/>|<w:r><w:commentReference w:id="\d+"/></w:r>', re.DOTALL)
    for name, data in before.items():
        if name.endswith(".xml") and name not in {"[Content_Types].xml", "docProps/core.xml"}:
            now = mark.sub("", after[name].decode())
            assert etree.tostring(etree.fromstring(now.encode()), method="c14n") == etree.tostring(
                etree.fromstring(data), method="c14n"
            ), name
    assert set(after) - set(before) == {"word/comments.xml"}


def test_a_comment_stands_round_the_runs_of_its_field() -> None:
    made = docx.Document(io.BytesIO(_copy(paragraph(runs("Dear ", "{{ case.", "nxmber }}", ", hello")))))
    (first, *_) = made.paragraphs
    names = [etree.QName(child).localname for child in first._p]
    assert names == ["r", "commentRangeStart", "r", "r", "commentRangeEnd", "r", "r"]


def test_a_copy_made_twice_has_the_same_bytes() -> None:
    assert _copy(_twelve()) == _copy(_twelve())


def test_the_copy_of_a_form_has_its_comments_in_the_cells() -> None:
    made = openpyxl.load_workbook(io.BytesIO(_copy(excel(A1="x", B3="{{ case.raeson }}"), "notice.xlsx")))
    comment = made.worksheets[0]["B3"].comment
    assert comment is not None
    assert "«reason»" in comment.text


def _form(change: Callable[[Any, Any], None]) -> bytes:
    """A form with a sound field in A1 and what is changed besides."""
    book = openpyxl.Workbook()
    book.worksheets[0]["A1"] = "{{ case.number }} of 5 [x] and <y>"
    change(book, book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _header(_: Any, sheet: Any) -> None:
    sheet.oddHeader.center.text = "{{ case.number }}"


def _comment(_: Any, sheet: Any) -> None:
    sheet["B2"].comment = Comment("{{ case.number }}", "a")


def _dropdown(_: Any, sheet: Any) -> None:
    sheet.add_data_validation(DataValidation(type="list", formula1='"{{ case.number }},b"', sqref="C3:C9"))


def _value(text: str) -> Callable[[Any, Any], None]:
    return lambda _, sheet: sheet.cell(4, 4, text)


FORMS: Mapping[str, tuple[Callable[[Any, Any], None], str, str]] = {
    "a header": (_header, "header", "not filled in here"),
    "a comment": (_comment, "Sheet!B2", "not filled in here"),
    "a dropdown": (_dropdown, "Sheet!C3", "not filled in here"),
    "a name of a sheet": (lambda book, _: book.create_sheet("{{ case.number }}"), "{{ case.number }}", "not filled in here"),
    "a formula": (_value('="No. "&"{{ case.number }}"'), "Sheet!D4", "Give it a cell of its own"),
    "single braces": (_value("{ case.number }"), "Sheet!D4", "write {{ case.number }}"),
}


@pytest.mark.parametrize(("change", "place", "sentence"), FORMS.values(), ids=FORMS)
def test_a_form_is_filled_in_in_its_cells_alone(change: Callable[[Any, Any], None], place: str, sentence: str) -> None:
    ((mistake,),) = checked(_form(change), "notice.xlsx", template="notice.xlsx").mistakes.values()
    assert place_in_words(mistake, EN) == place
    assert sentence in said(mistake, EN)


def test_what_a_form_would_lose_is_told() -> None:
    assert checked(_form(lambda _, __: None), "notice.xlsx", template="notice.xlsx").mistakes == {}
    out = io.BytesIO(_form(lambda _, __: None))
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("xl/drawings/drawing1.xml", '<xdr:wsDr xmlns:xdr="x"><xdr:sp macro=""/></xdr:wsDr>')
    ((mistake,),) = checked(out.getvalue(), "notice.xlsx", template="notice.xlsx").mistakes.values()
    assert "would be lost" in said(mistake, EN)


def test_comments_left_from_a_copy_are_told() -> None:
    sound = _copy(word("{{ case.nxmber }}"))
    made = docx.Document(io.BytesIO(sound))
    made.paragraphs[0].runs[0].text = "{{ case.number }}"
    out = io.BytesIO()
    made.save(out)
    assert [sentence.partition(" and")[0] for *_, sentence in told(out.getvalue())] == ["A Word comment stands here"]


# ------------------------------------------------------------------ the page for authors


def test_the_examples_of_the_page_for_authors_are_sound() -> None:
    root = Path(__file__).parents[2]
    routine = load_profile(root / "profile.toml")
    page = (root / "docs" / "maler.md").read_text(encoding="utf-8").replace("\\|", "|")  # a column's edge in a table
    examples = [text for text in re.findall(r"`(\{[{%](?!%?t)[^`…]+\}[^`…]*)`", page) if not re.search(r"\{%p? (end|el)", text)]
    closed = [f"{text}{{% endif %}}" if text.startswith("{% if") else text for text in examples]
    nb = texts_in("nb")
    environment = TemplateEnvironment(Calendar("NO"), nb)
    found = check_templates(routine, {"vedtak.docx": Template("vedtak.docx", word(*closed))}, environment, nb).mistakes[
        "vedtak"
    ]
    assert len(examples) > 12
    assert [(mistake.typed, said(mistake, nb)) for mistake in found if mistake.template == "vedtak.docx"] == []


def test_a_list_that_is_compared_with_one_value_is_told() -> None:
    routine, nb = load_profile(Path(__file__).parents[2] / "profile.toml"), texts_in("nb")
    body = word('{% if sak.tiltak == "støttekontakt" %}x{% endif %}', '{% if "støttekontakt" in sak.tiltak %}x{% endif %}')
    found = check_templates(
        routine, {"vedtak.docx": Template("vedtak.docx", body)}, TemplateEnvironment(Calendar("NO"), nb), nb
    )
    mistakes = [mistake for mistake in found.mistakes["vedtak"] if mistake.template == "vedtak.docx"]
    assert [(mistake.typed, "{% if … in … %}" in said(mistake, nb)) for mistake in mistakes] == [
        ('{% if sak.tiltak == "støttekontakt" %}', True)
    ]
