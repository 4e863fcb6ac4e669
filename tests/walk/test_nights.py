"""Night after night: what staff change between two runs, and what then lies in the folders."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.ledger.store import Ledger
from tests.walk.small_office import CASES, PEOPLE, PROFILE, SmallOffice, cases, unpacked

NEXT = "2026-11-24"


def fill_in(office: SmallOffice, heading: str, letter: str, value: date | str, day: str = "2026-11-23") -> None:
    """Type into a dispatch list, in the row of the letter whose file name holds these words."""
    (path,) = (office.output / day).glob("dispatch 1.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    (row,) = (row for row in sheet.iter_rows(min_row=2) if letter in str(row[headings.index("File")].value))
    row[headings.index(heading)].value = value
    book.save(path)


def everything(office: SmallOffice) -> bytes:
    """All bytes that were made, unpacked, and those of the ledger."""
    return b"".join(unpacked(content) for content in office.made().values()) + (office.folder / "fristbrev.sqlite").read_bytes()


def replaced(office: SmallOffice) -> list[str]:
    return sorted(path.stem.rpartition(" ")[0] for path in (office.output / "replaced").glob("*"))


def test_a_letter_to_somebody_else_takes_the_first_one_back(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()

    office.change("Cases", "B2", "P-2")
    result = office.run(day=NEXT)

    assert "1 unsent letter is no longer right and was taken back." in result.stdout
    assert list(office.letters()) == ["C-1 Notice to"]
    assert office.letters()["C-1 Notice to"].startswith("Ola Prøve")
    assert replaced(office) == ["C-1 Notice to"]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        pytest.param("D2", "week 45", id="the row cannot be read any more"),
        pytest.param("F2", date(2026, 11, 23), id="nobody needs it any more"),
    ],
)
def test_an_unsent_letter_that_the_register_no_longer_stands_behind_is_taken_back(
    office: SmallOffice, cell: str, value: object
) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()

    office.change("Cases", cell, value)
    office.run(day=NEXT)

    assert "C-1 Notice to" not in office.letters()
    assert replaced(office) == ["C-1 Notice to"]


def test_what_was_taken_back_is_made_again_once_the_cell_is_mended(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    office.change("Cases", "D2", "week 45")
    office.run(day=NEXT)

    office.change("Cases", "D2", date(2026, 11, 10))
    office.run(day="2026-11-25")

    assert list(office.letters()) == ["C-1 Notice to"]
    assert {each["letter"]: each["outcome"] for each in office.json("letters", day="2026-11-25")}["notice"] == "produced"


def test_who_is_protected_after_the_letter_was_made_stands_nowhere(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    assert b"Gate 1" in everything(office)

    office.change("People", "F2", "yes")
    office.run(day=NEXT)

    assert office.letters() == {}
    assert b"Gate 1" not in everything(office)


def test_a_letter_that_somebody_has_edited_is_never_taken_back(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    (letter,) = office.output.glob("2*/*/*.docx")
    letter.write_bytes(letter.read_bytes() + b" ")

    office.change("Cases", "D2", "week 45")
    result = office.run(day=NEXT)

    assert letter.is_file()
    assert "was left as it lies" in result.stderr


def test_a_date_on_the_dispatch_list_counts_as_sent(office: SmallOffice) -> None:
    office.write_register(cases(("C-6", "P-2", None, date(2026, 11, 10), None, date(2026, 11, 20), "granted", "Because.")))
    office.run()
    fill_in(office, "Sent", "C-6 Decision", date(2026, 11, 23))

    office.change("Cases", "H2", "Another reason.")
    result = office.run(day=NEXT)

    assert "No new letter" in result.stdout
    assert {each["letter"]: each["outcome"] for each in office.json("letters", day=NEXT)}["decision"] == "sent"
    assert replaced(office) == []
    assert result.exit_code == 0


def test_the_date_of_the_dispatch_list_meets_the_deadline_of_the_letters_own_column(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    fill_in(office, "Sent", "C-1 Notice", "23.11.2026")

    office.run(day=NEXT)

    (answer,) = office.json("deadlines", day=NEXT)
    assert (answer["status"], answer["done"]) == ("done", "2026-11-23")


def test_what_cannot_be_read_on_a_dispatch_list_is_told_with_its_cell(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    fill_in(office, "Sent", "C-1 Notice", "last Friday")

    result = office.run(day=NEXT)

    page = (office.output / "overview" / "overview.html").read_text(encoding="utf-8")
    assert result.exit_code == 0
    assert "last Friday" in page
    assert "Dispatch" in page


def test_a_dispatch_list_that_is_no_workbook_any_more_is_told_and_stops_nothing(office: SmallOffice) -> None:
    office.run()
    (path,) = (office.output / "2026-11-23").glob("dispatch 1.xlsx")
    path.write_bytes(b"")

    result = office.run(day=NEXT)

    assert result.exit_code == 0
    assert "dispatch 1.xlsx" in (office.output / "overview" / "overview.html").read_text(encoding="utf-8")


Rows = list[list[Any]]
SENT = date(2026, 11, 23)


def as_staff_leave_it(heads: list[Any], rows: Rows) -> Mapping[str, tuple[Rows, list[str], str]]:
    """What may have become of a list of three letters in the first row of which a date is filled in."""
    first, second, third = rows
    sent, id_ = heads.index("Sent"), heads.index("Letter id")
    once_more = [date(2026, 11, 24) if n == sent else value for n, value in enumerate(first)]
    without_id = [None if n == id_ else value for n, value in enumerate(first)]
    renamed = ["Date" if heading == "Sent" else heading for heading in heads]
    return {
        "sorted": ([heads, third, second, first], ["C-1"], ""),
        "rows deleted": ([heads, first], ["C-1"], ""),
        "all rows deleted": ([heads], [], ""),
        "a row copied": ([heads, first, second, third, first], ["C-1"], "stands here and in"),
        "a row copied and changed": ([heads, first, second, third, once_more], ["C-1"], "stands here and in"),
        "an id deleted": ([heads, without_id, second, third], [], "The row has no"),
        "a heading renamed": ([renamed, first, second, third], [], "cannot be read any more"),
        "headings deleted": ([first, second, third], [], "cannot be read any more"),
        "a title above": ([["Our list"], [], heads, first, second, third], ["C-1"], ""),
        "a column before": ([["n", *row] for row in (heads, first, second, third)], ["C-1"], ""),
    }


@pytest.mark.parametrize("case", as_staff_leave_it(["Sent", "Letter id"], [[], [], []]))
def test_a_dispatch_list_counts_however_staff_leave_it_or_is_told(office: SmallOffice, case: str) -> None:
    office.write_register(cases(*((f"C-{n}", "P-1", None, date(2026, 11, 10)) for n in range(1, 4))))
    office.run()
    fill_in(office, "Sent", "C-1 Notice", SENT)
    path = office.output / "2026-11-23" / "dispatch 1.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    heads, *rows = ([cell.value for cell in row] for row in sheet.iter_rows())
    left, sent, told = as_staff_leave_it(heads, rows)[case]
    sheet.delete_rows(1, sheet.max_row)
    for row in left:
        sheet.append(row)
    book.save(path)

    assert office.run(day=NEXT).exit_code == 0

    page = (office.output / "overview" / "overview.html").read_text(encoding="utf-8")
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        assert [entry.obligation.record.key for entry in ledger.entries().values() if entry.sent] == sent
    assert ("<caption>What to mend in the register" in page) is bool(told)
    assert told in page


@pytest.mark.parametrize("name", ["dispatch 1 - Copy.xlsx", "dispatch 1 (1).xlsx", "dispatch-PC7.xlsx"])
def test_a_copy_of_a_dispatch_list_is_told_and_not_read(office: SmallOffice, name: str) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    (path,) = (office.output / "2026-11-23").glob("dispatch 1.xlsx")
    before = path.read_bytes()
    fill_in(office, "Sent", "C-1 Notice", SENT)
    path.rename(path.with_name(name))
    path.write_bytes(before)

    assert office.run(day=NEXT).exit_code == 0

    assert f"The file {name} beside the dispatch lists" in (office.output / "overview" / "overview.html").read_text(
        encoding="utf-8"
    )
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        assert not any(entry.sent for entry in ledger.entries().values())


def test_nobody_is_written_to_without_an_address(office: SmallOffice) -> None:
    people = [PEOPLE[0], ("P-1", "Kari Prøve", None, None, None, None)]
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))), people)

    office.run()

    assert office.letters() == {}
    (notice,) = (each for each in office.json("letters") if each["letter"] == "notice")
    assert notice["outcome"] == "withheld"
    assert "People!2" in str(notice["reasons"])


@pytest.mark.parametrize(
    "line",
    [
        "{{ case.reason }}",
        "{{ case.reason if case.decided else '' }}",
        "{% set t = 'Since ' ~ case.reason %}{{ t }}",
        "{{ [case.reason, 'x'] | join(', ') }}",
        "{{ (case.reason ~ '.') | capitalize }}",
        "{{ case.reason | upper }}",
        "{{ case['reason'] }}",
        "{{ case.clerk or case.reason }}",
        "{{ 'Since X' | replace('X', case.reason) }}",
        "{% set t = ['Since', case.reason] | join(' ') %}{{ t }}",
        "{% set t = ('Since ' ~ case.reason) | upper %}{{ t }}",
        "{% set t = 'Since ' ~ case.reason if case.decided else 'x' %}{{ t }}",
        "{% set a, b = 'Since ' ~ case.reason, 1 %}{{ a }}",
        "{% for x in ['Since ' ~ case.reason] %}{{ x }}{% endfor %}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m('Since ' ~ case.reason) }}",
        "{{ ('Since ' ~ case.reason)[:50] }}",
        "{{ {'a': 'Since ' ~ case.reason}['a'] }}",
        "{{ ('Since ' ~ case.reason) or 'x' }}",
        "{{ 'Since ' ~ (case.reason | default(case.reason)) }}",
    ],
)
def test_no_blank_reaches_paper_however_it_is_wrapped(office: SmallOffice, line: str) -> None:
    office.write_register(cases(("C-7", "P-1", None, date(2026, 11, 11), None, date(2026, 11, 19), "refused")))
    office.write_template("decision.docx", line)

    office.run()

    assert office.letters() == {}
    (decision,) = (each for each in office.json("letters") if each["letter"] == "decision")
    assert "Cases!H2" in str(decision["reasons"])


@pytest.mark.parametrize(
    "line",
    [
        "{{ case.reason | default('') }}",
        "{{ case.reason or 'no reason' }}",
        "{{ case.reason or '' }}",
        "{{ case.reason if case.clerk else '' }}",
        "{% set reason = case.reason %}{% if reason %}{{ reason }}{% endif %}",
        "{% if case.reason %}{{ case.reason }}{% endif %}",
        "{{ case.reason if case.reason else 'none' }}",
        "{% set cases = case.person.cases | length %}{{ cases }}",
    ],
)
def test_what_the_template_says_may_be_empty_may_be(office: SmallOffice, line: str) -> None:
    office.write_register(cases(("C-7", "P-1", None, date(2026, 11, 11), None, date(2026, 11, 19), "refused")))
    office.write_template("decision.docx", line)

    office.run()

    assert list(office.letters()) == ["C-7 Decision to"]


@pytest.mark.parametrize(
    "line",
    [
        "{{ case.informed | map(attribute='name') | join }}",
        "{{ (case.informed | first)['name'] }}",
        "{% for person in case.informed %}{{ person.name }}{% endfor %}",
        "{% set friend = case.friend %}{{ friend }}",
    ],
)
def test_a_protected_person_stops_every_letter_that_reads_of_them(office: SmallOffice, line: str) -> None:
    profile = PROFILE.replace('copy = "informed"\n', "").replace(
        'clerk = { type = "text" }', 'clerk = { type = "text" }\nfriend = { type = "text", value = "(informed | first).name" }'
    )
    office.write_profile(
        profile.replace('{ type = "ref", to = "person", many = true }', '{ type = "text" }').replace(
            'informed = { type = "text" }',
            'informed = { type = "ref", to = "person", many = true, value = "sheets.person | selectattr(\'shielded\')" }',
        )
    )
    rows = [
        [*row[:2], *row[3:]]
        for row in cases(("C-7", "P-1", None, date(2026, 11, 11), None, date(2026, 11, 19), "refused", "x"))
    ]
    office.write_register(rows)
    office.write_template("decision.docx", line)

    result = office.run()

    assert office.letters().get("C-7 Decision to") is None, result.output
    assert b"Skjermet" not in everything(office)


YEARLY = (
    PROFILE.replace("clerk = {", 'yearly_sent = { type = "date" }\nclerk = {')
    + """
[deadlines.yearly]
on = "case"
title = "Yearly"
from = "received"
every = "1 year"
done = "yearly_sent"
remind = "4 weeks"

[deadlines.comment]
on = "case"
title = "Comment"
due = "yearly_sent + weeks(3)"
whose = "citizen"

[letters.yearly]
on = "case"
title = "Yearly"
template = "yearly.docx"
serves = "yearly"
sent = "yearly_sent"
to = "person"
"""
)
"""The same office with a letter that comes every year, and a time to comment on it."""


def test_the_year_after_a_recurring_letter_says_its_own_dates(office: SmallOffice) -> None:
    office.write_profile(YEARLY)
    heading, *rest = cases(("C-1", "P-1", None, date(2024, 12, 1), date(2024, 12, 2)))
    office.write_register([[*heading, "Yearly sent"], *([*row, date(2025, 12, 1)] for row in rest)])
    office.write_template("yearly.docx", "{{ case.yearly_sent }} and {{ case.deadlines.comment.due }}")

    office.run()

    assert office.letters()["C-1 Yearly to"] == "November 23, 2026 and December 14, 2026"


def test_the_story_of_a_letter_is_in_the_ledger(office: SmallOffice, tmp_path: Path) -> None:
    office.write_register(CASES)
    office.run()
    office.change("Cases", "D2", "week 45")
    office.run(day=NEXT)

    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        told = [(event.day.isoformat(), str(event.what)) for event in ledger.events() if event.obligation]

    assert told.count(("2026-11-23", "produced")) == 3
    assert told.count((NEXT, "withdrawn")) == 2


# ------------------------------------------------------------------ what lies, what was sent, what is owed still


TWO = cases(("C-1", "P-1", "P-2", date(2026, 11, 10)))


def outcome_of(office: SmallOffice, recipient: str, day: str) -> str:
    (found,) = (
        each for each in office.json("letters", day=day) if (each["letter"], each["recipient"]) == ("notice", recipient)
    )
    return str(found["outcome"])


def test_one_party_sent_does_not_settle_what_another_is_owed(office: SmallOffice) -> None:
    office.write_profile(PROFILE.replace('to = "person"\ncopy = "informed"', 'to = ["person", "informed"]'))
    people = [PEOPLE[0], PEOPLE[1], ("P-2", "Ola Prøve", None, None, None, None)]
    office.write_register(TWO, people)
    office.run()
    fill_in(office, "Sent", "C-1 Notice", date(2026, 11, 23))

    office.run(day=NEXT)

    assert outcome_of(office, "P-1", NEXT) == "sent"
    assert outcome_of(office, "P-2", NEXT) == "withheld"


def test_a_sent_copy_shields_no_letter_to_a_protected_party(office: SmallOffice) -> None:
    office.write_register(TWO)
    office.run()
    fill_in(office, "Sent", "C-1 Notice copy", date(2026, 11, 23))

    office.change("People", "F2", "yes")
    office.run(day=NEXT)

    assert "C-1 Notice to" not in office.letters()
    assert b"Gate 1" not in everything(office)


def test_all_versions_of_a_letter_go_once_somebody_in_it_is_protected(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    office.change("People", "D2", "0151 Sted")
    office.run(day=NEXT)
    assert replaced(office) == ["C-1 Notice to"]

    office.change("People", "F2", "yes")
    office.change("Cases", "F2", date(2026, 11, 24))
    office.run(day="2026-11-25")

    assert replaced(office) == []
    assert b"Gate 1" not in everything(office)


def test_what_was_taken_back_but_sent_all_the_same_is_not_made_again(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    office.change("Cases", "D2", "week 45")
    office.run(day=NEXT)
    fill_in(office, "Sent", "C-1 Notice", date(2026, 11, 23))
    office.change("Cases", "D2", date(2026, 11, 10))

    result = office.run(day="2026-11-25")

    assert "No new letter" in result.stdout
    assert outcome_of(office, "P-1", "2026-11-25") == "sent"


def test_a_letter_made_again_keeps_its_new_date(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    office.change("Cases", "D2", "week 45")
    office.run(day=NEXT)
    office.change("Cases", "D2", date(2026, 11, 10))
    office.run(day="2026-11-25")
    letters = office.letters()

    result = office.run(day="2026-11-26")

    assert "No new letter" in result.stdout
    assert office.letters() == letters
    assert "November 25, 2026: we have got" in letters["C-1 Notice to"]


def test_a_broken_template_takes_no_good_letter_back(office: SmallOffice) -> None:
    office.run()
    letters = office.letters()
    office.write_template("notice.docx", "{{ case.")

    office.run(day=NEXT)

    assert office.letters() == letters


def test_the_later_of_two_lists_counts_and_is_told_once(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    office.change("People", "D2", "0151 Sted")
    office.run(day=NEXT)
    fill_in(office, "Sent", "C-1 Notice", date(2026, 11, 23))
    fill_in(office, "Sent", "C-1 Notice", date(2026, 11, 24), day=NEXT)

    for day in ("2026-11-25", "2026-11-26"):
        office.run(day=day)

    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        told = [event.dated for event in ledger.events() if str(event.what) == "sent"]
    assert told == [date(2026, 11, 24)]


def test_a_date_before_the_letter_was_written_is_a_slip_of_the_finger(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    fill_in(office, "Sent", "C-1 Notice", date(2016, 11, 23))

    office.run(day=NEXT)

    assert outcome_of(office, "P-1", NEXT) == "produced"
    assert "23.11.2016" in (office.output / "overview" / "overview.html").read_text(encoding="utf-8")


def test_a_lost_ledger_stops_the_run_before_every_letter_is_made_again(office: SmallOffice) -> None:
    office.run()
    (office.folder / "fristbrev.sqlite").unlink()
    before = office.made()

    result = office.run(day=NEXT)

    assert result.exit_code == 2
    assert "Put the ledger back from its backup." in result.stderr
    alarmed = {"overview/overview.html": office.made()["overview/overview.html"]}
    assert office.made() == {**before, **alarmed}, "the page says in red that the night failed, and nothing else is touched"


def test_an_older_ledger_stops_the_run_before_the_letters_since_are_made_again(office: SmallOffice) -> None:
    ledger = office.folder / "fristbrev.sqlite"
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    yesterday = ledger.read_bytes()
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10)), ("C-2", "P-2", None, date(2026, 11, 11))))
    office.run(day=NEXT)
    today = ledger.read_bytes()
    made = set(office.letters())
    ledger.write_bytes(yesterday)

    result = office.run(day="2026-11-25")
    told = office.call("doctor").stdout

    assert result.exit_code == 2
    assert "ends with the run of 2026-11-23, but letters of 2026-11-24 lie in output" in result.stderr
    assert "ends with the run of" in told
    assert set(office.letters()) == made
    ledger.write_bytes(today)
    assert office.run(day="2026-11-25").exit_code == 0


def test_a_withdrawal_that_was_killed_half_way_is_finished(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    with Ledger(office.folder / "fristbrev.sqlite") as ledger:
        ((_, (move,)),) = ledger.intend_withdrawal(ledger.entries(), "replaced").items()
    (office.output / "replaced").mkdir()
    (office.output / move.path).rename(office.output / move.to)

    office.run(day=NEXT)

    assert list(office.letters()) == ["C-1 Notice to"]
    assert replaced(office) == ["C-1 Notice to"]


def test_a_withdrawal_that_never_began_leaves_the_letter(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run()
    letters = office.letters()
    with Ledger(office.folder / "fristbrev.sqlite") as ledger:
        ledger.intend_withdrawal(ledger.entries(), "replaced")

    result = office.run(day=NEXT)

    assert "No new letter" in result.stdout
    assert office.letters() == letters


def test_a_date_for_this_year_s_recurring_letter_leaves_it_where_it_lies(office: SmallOffice) -> None:
    office.write_profile(YEARLY)
    heading, row = cases(("C-1", "P-1", None, date(2025, 12, 1), date(2025, 12, 2)))
    office.write_register([[*heading, "Yearly sent"], [*row, None]])
    office.write_template("yearly.docx", "{{ case.number }}")
    office.run()
    assert "C-1 Yearly to" in office.letters()

    office.change("Cases", "J2", date(2026, 11, 23))
    result = office.run(day=NEXT)

    assert "taken back" not in result.stdout
    assert "C-1 Yearly to" in office.letters()
