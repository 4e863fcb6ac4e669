"""What a run asks a person on its dispatch list, and what it does with the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import openpyxl
import pytest

from tests.walk.small_office import CASES, PROFILE, SmallOffice, cases

FIRST, SECOND, THIRD, FOURTH = "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26"
DECIDED = cases(("C-6", "P-2", None, date(2026, 11, 10), None, date(2026, 11, 20), "granted", "Because."))


def rows(office: SmallOffice, day: str, nth: int = 1) -> list[dict[str, Any]]:
    """A dispatch list, a row a letter, by heading."""
    book = openpyxl.load_workbook(office.output / day / f"dispatch {nth}.xlsx")
    headings, *values = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, headings), row, strict=True)) for row in values]


def write(office: SmallOffice, day: str, heading: str, value: Any, *words: str, nth: int = 1) -> None:
    """Type into the rows of a dispatch list that hold all these words."""
    path = office.output / day / f"dispatch {nth}.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    headings = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if all(any(word in str(cell.value) for cell in row) for word in words):
            row[headings.index(heading)].value = value
    book.save(path)


def page(office: SmallOffice) -> str:
    return (office.output / "overview" / "overview.html").read_text(encoding="utf-8")


def outcome(office: SmallOffice, letter: str, day: str) -> str:
    (found,) = {each["outcome"] for each in office.json("letters", day=day) if each["letter"] == letter}
    return str(found)


def sent_and_changed(office: SmallOffice) -> None:
    """A decision that was sent on Monday; its reason changes before Tuesday's run."""
    office.write_register(DECIDED)
    office.run(day=FIRST)
    write(office, FIRST, "Sent", date(2026, 11, 23), "Decision")
    office.change("Cases", "H2", "Another reason.")
    office.run(day=SECOND)


def test_a_letter_that_was_sent_and_changed_is_proposed_with_the_difference(office: SmallOffice) -> None:
    sent_and_changed(office)
    (row,) = rows(office, SECOND)
    assert row["Letter"] == "Decision"
    assert "Reason Because. → Another reason." in row["Question"]
    assert row["Recipient"] == "Ola Prøve"
    assert row["Yes or no"] is None
    assert "says something else now" in page(office)


def test_it_is_asked_once(office: SmallOffice) -> None:
    sent_and_changed(office)
    office.run(day=THIRD)
    assert not (office.output / THIRD / "dispatch 1.xlsx").exists()
    assert "says something else now" in page(office)


def test_a_yes_makes_it_again_with_the_day_on_which_that_is_done(office: SmallOffice) -> None:
    sent_and_changed(office)
    office.write_profile(PROFILE.replace('dated = "decided"\n', ""))  # so that its date is that of the run
    write(office, SECOND, "Yes or no", "yes", "Decision")
    office.run(day=THIRD)
    (row,) = rows(office, THIRD)
    assert (row["Letter"], row["Date"].date()) == ("Decision", date(2026, 11, 25))
    letters = sorted(office.output.glob("2*/decision/*.docx"))
    assert [path.parent.parent.name for path in letters] == [FIRST, THIRD]
    assert "No new letter" in office.run(day=FOURTH).stdout
    assert outcome(office, "decision", FOURTH) == "produced"


def test_what_was_made_again_is_unsent_until_its_own_row_says_so(office: SmallOffice) -> None:
    sent_and_changed(office)
    write(office, SECOND, "Yes or no", "yes", "Decision")
    office.run(day=THIRD)
    assert outcome(office, "decision", THIRD) == "produced"
    office.change("Cases", "H2", "A third reason.")  # unsent: replaced without a question
    office.run(day=FOURTH)
    assert "A third reason." in office.letters()["C-6 Decision to"]
    write(office, FOURTH, "Sent", date(2026, 11, 26), "Decision")
    office.run(day="2026-11-27")
    assert outcome(office, "decision", "2026-11-27") == "sent"
    assert not (office.output / "2026-11-27" / "dispatch 1.xlsx").exists()


def test_a_no_settles_it_until_something_else_changes(office: SmallOffice) -> None:
    sent_and_changed(office)
    write(office, SECOND, "Yes or no", "no", "Decision")
    assert "No new letter" in office.run(day=THIRD).stdout
    assert "says something else now" not in page(office)
    office.change("Cases", "H2", "A third reason.")
    office.run(day=FOURTH)
    (row,) = rows(office, FOURTH)
    assert "Because. → A third reason." in row["Question"]


def test_a_yes_to_what_has_changed_once_more_is_asked_again(office: SmallOffice) -> None:
    sent_and_changed(office)
    write(office, SECOND, "Yes or no", "yes", "Decision")
    office.change("Cases", "H2", "A third reason.")
    assert "No new letter" in office.run(day=THIRD).stdout
    (row,) = rows(office, THIRD)
    assert "Because. → A third reason." in row["Question"]


def test_a_letter_that_the_register_says_was_sent_is_proposed_too(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run(day=FIRST)
    office.change("Cases", "E2", date(2026, 11, 23))
    office.run(day=SECOND)
    office.change("Cases", "D2", date(2026, 11, 9))
    office.run(day=THIRD)
    (row,) = rows(office, THIRD)
    assert "Received 11/10/26 → 11/9/26" in row["Question"] or "Received 2026-11-10 → 2026-11-09" in row["Question"]
    (answer,) = office.json("deadlines", day=THIRD)
    assert answer["due"] == "2026-11-30"


@pytest.mark.parametrize("what", ["template", "office"])
def test_what_was_sent_is_not_made_again_for_a_new_template_or_telephone(office: SmallOffice, what: str) -> None:
    office.write_register(DECIDED)
    office.run(day=FIRST)
    write(office, FIRST, "Sent", date(2026, 11, 23), "Decision")
    if what == "template":
        office.write_template("decision.docx", "New head", "{{ case.outcome }}, since {{ case.reason }}")
    else:
        office.write_profile(PROFILE.replace('municipality = "Sted"', 'municipality = "Sted"\nphone = "12 34 56 78"'))
    office.run(day=SECOND)
    assert not (office.output / SECOND / "dispatch 1.xlsx").exists()


def test_the_address_that_changed_is_told_without_saying_it(office: SmallOffice) -> None:
    office.write_register(DECIDED)
    office.write_template("decision.docx", "{% for line in recipient.address %}{{ line }} {% endfor %}")
    office.run(day=FIRST)
    write(office, FIRST, "Sent", date(2026, 11, 23), "Decision")
    office.change("People", "C3", "Gate 77")
    office.run(day=SECOND)
    (row,) = rows(office, SECOND)
    assert "The recipient's address changed" in row["Question"]
    assert "Gate" not in row["Question"]


# ------------------------------------------------------------------ the past, many at once, another key


def test_what_the_past_seems_to_lack_is_asked_about_once_and_made_on_a_yes(office: SmallOffice) -> None:
    office.write_register(cases(("C-5", "P-2", None, date(2026, 7, 1))))
    office.run(day=FIRST)
    (row,) = rows(office, FIRST)
    assert row["Record"] == "C-5"
    assert "Shall it be made now?" in row["Question"]
    office.run(day=SECOND)
    assert not (office.output / SECOND / "dispatch 1.xlsx").exists()
    write(office, FIRST, "Yes or no", "yes", "C-5")
    office.run(day=THIRD)
    assert list(office.letters()) == ["C-5 Notice to"]


def test_what_is_answered_with_no_is_not_needed(office: SmallOffice) -> None:
    office.write_register(cases(("C-5", "P-2", None, date(2026, 7, 1))))
    office.run(day=FIRST)
    write(office, FIRST, "Yes or no", "no", "C-5")
    office.run(day=SECOND)
    assert outcome(office, "notice", SECOND) == "not needed"


MANY = cases(*((f"C-{n}", "P-1", None, date(2026, 11, 10)) for n in range(1, 5)))


def test_more_letters_than_usual_are_held_and_made_where_a_yes_stands(office: SmallOffice) -> None:
    office.write_profile(f"{PROFILE}\n[run]\nusual = 3\n")
    office.write_register(MANY)
    result = office.run(day=FIRST)
    assert office.letters() == {}
    assert result.exit_code == 3
    assert "4 letters wait for a yes or no on a dispatch list" in result.stderr
    assert len(rows(office, FIRST)) == 4
    assert "The run would make 4 new letters of this kind, more than the usual 3." in rows(office, FIRST)[0]["Question"]
    write(office, FIRST, "Yes or no", "yes", "C-2")
    write(office, FIRST, "Yes or no", "no", "C-3")
    office.run(day=SECOND)
    assert list(office.letters()) == ["C-2 Notice to"]
    office.change("Cases", "A6", "C-9")
    for column, value in zip("BD", ("P-1", date(2026, 11, 23)), strict=True):
        office.change("Cases", f"{column}6", value)
    office.run(day=THIRD)  # one more is not unusual; those that wait go on waiting
    assert sorted(office.letters()) == ["C-2 Notice to", "C-9 Notice to"]


def test_many_letters_that_were_meant_are_made_with_an_option(office: SmallOffice) -> None:
    office.write_profile(f"{PROFILE}\n[run]\nusual = 3\n")
    office.write_register(MANY)
    assert office.run("--allow-many", day=FIRST).exit_code == 0
    assert len(office.letters()) == 4


def renamed_office(office: SmallOffice) -> None:
    office.write_register([CASES[0], ("C-1", "P-1", None, date(2026, 11, 10), None, None, None, "Because.", "ABC"), CASES[4]])
    office.run(day=FIRST)
    write(office, FIRST, "Sent", date(2026, 11, 23), "Notice")
    office.change("Cases", "A2", "2026/1")
    office.run(day=SECOND)


def test_a_letter_under_a_new_key_waits_for_an_answer(office: SmallOffice) -> None:
    renamed_office(office)
    assert list(office.letters()) == ["C-1 Notice to"]
    (row,) = rows(office, SECOND)
    assert (row["Record"], row["Letter"]) == ("2026/1", "Notice")
    assert "the letter was made for C-1 already" in row["Question"]
    outcomes = {each["record"]: each["outcome"] for each in office.json("letters", day=THIRD) if each["letter"] == "notice"}
    assert outcomes["2026/1"] == "held"
    office.run(day=THIRD)
    assert list(office.letters()) == ["C-1 Notice to"]


@pytest.mark.parametrize(("answer", "letters"), [("yes", ["2026-1 Notice to", "C-1 Notice to"]), ("no", ["C-1 Notice to"])])
def test_the_answer_about_a_new_key_settles_it(office: SmallOffice, answer: str, letters: list[str]) -> None:
    renamed_office(office)
    write(office, SECOND, "Yes or no", answer, "2026/1")
    office.run(day=THIRD)
    assert sorted(office.letters()) == letters


def test_an_unsent_letter_stays_while_nobody_has_said_whether_the_new_key_is_the_same_case(office: SmallOffice) -> None:
    office.write_register([CASES[0], ("C-1", "P-1", None, date(2026, 11, 10), None, None, None, "Because.", "ABC")])
    office.run(day=FIRST)
    office.change("Cases", "A2", "2026/1")
    for day in (SECOND, THIRD):
        office.run(day=day)
        assert list(office.letters()) == ["C-1 Notice to"]
    write(office, SECOND, "Yes or no", "yes", "2026/1")
    office.run(day=FOURTH)
    assert list(office.letters()) == ["2026-1 Notice to"]


def notice_of(office: SmallOffice, record: str, day: str) -> tuple[str, str]:
    """What becomes of a record's notice, and where the deadline stands that it meets."""
    (outcome,) = {
        each["outcome"] for each in office.json("letters", day=day) if (each["record"], each["letter"]) == (record, "notice")
    }
    (status,) = {each["status"] for each in office.json("deadlines", day=day) if each["record"] == record}
    return outcome, status


def test_once_it_is_the_same_case_the_new_key_has_the_history_of_the_old_one(office: SmallOffice) -> None:
    renamed_office(office)
    write(office, SECOND, "Yes or no", "no", "2026/1")
    office.run(day=THIRD)
    assert notice_of(office, "2026/1", THIRD) == ("sent", "done")
    story = office.call("explain", "--record", "2026/1", "--as-of", THIRD).stdout
    assert "sent" in story.splitlines()[-3], story
    assert office.call("verify", "--as-of", THIRD).exit_code == 0
    office.change("Cases", "A2", "2026/01")  # and once more
    office.run(day=FOURTH)
    (row,) = rows(office, FOURTH)
    assert "the letter was made for 2026/1 already" in row["Question"]
    write(office, FOURTH, "Yes or no", "no", "2026/01")
    office.run(day="2026-11-27")
    assert notice_of(office, "2026/01", "2026-11-27") == ("sent", "done")
    assert list(office.letters()) == ["C-1 Notice to"]


def test_a_sent_letter_of_a_former_key_is_proposed_where_something_but_the_key_has_changed(office: SmallOffice) -> None:
    renamed_office(office)
    write(office, SECOND, "Yes or no", "no", "2026/1")
    office.run(day=THIRD)
    assert not (office.output / THIRD / "dispatch 1.xlsx").exists()
    office.change("Cases", "D2", date(2026, 11, 11))
    office.run(day=FOURTH)
    (row,) = rows(office, FOURTH)
    assert "Received 2026-11-10 → 2026-11-11." in row["Question"]
    write(office, FOURTH, "Yes or no", "yes", "2026/1")
    for day in ("2026-11-27", "2026-11-28"):
        office.run(day=day)
        assert sorted(office.letters()) == ["2026-1 Notice to", "C-1 Notice to"]
    assert [row["Record"] for row in rows(office, "2026-11-27")] == ["2026/1"]
    assert not (office.output / "2026-11-28" / "dispatch 1.xlsx").exists()


def test_a_letter_that_is_made_again_under_a_new_key_leaves_its_deadline_met(office: SmallOffice) -> None:
    """An obligation is met once: as where the key had not changed, what was sent stays sent, and the new paper waits."""
    renamed_office(office)
    write(office, SECOND, "Yes or no", "no", "2026/1")
    office.run(day=THIRD)
    office.change("Cases", "D2", date(2026, 11, 11))
    office.run(day=FOURTH)
    assert notice_of(office, "2026/1", FOURTH) == ("sent", "done")
    write(office, FOURTH, "Yes or no", "yes", "2026/1")
    office.run(day="2026-11-27")
    assert notice_of(office, "2026/1", "2026-11-27") == ("produced", "done")
    office.change("Cases", "E2", date(2026, 11, 23))  # the day of the first one, which its new paper does not get
    office.run(day="2026-11-28")
    assert notice_of(office, "2026/1", "2026-11-28") == ("produced", "done")
    assert office.call("verify", "--as-of", "2026-11-28").exit_code == 0
    office.change("Cases", "D2", date(2026, 11, 12))  # unsent: replaced without a question
    office.run(day="2026-11-29")
    assert [row["Record"] for row in rows(office, "2026-11-29")] == ["2026/1"]
    assert [path.name.rpartition(" ")[0] for path in office.output.glob("replaced/*")] == ["2026-1 Notice to"]
    write(office, "2026-11-29", "Sent", date(2026, 11, 29), "2026/1")
    office.run(day="2026-11-30")
    assert notice_of(office, "2026/1", "2026-11-30") == ("sent", "done")


def test_an_unsent_letter_of_a_former_key_is_replaced_once_it_says_something_else(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run(day=FIRST)
    office.change("Cases", "A2", "2026/1")
    office.run(day=SECOND)
    write(office, SECOND, "Yes or no", "no", "2026/1")
    office.run(day=THIRD)
    assert list(office.letters()) == ["C-1 Notice to"]
    assert notice_of(office, "2026/1", THIRD) == ("produced", "due soon")
    office.change("Cases", "D2", date(2026, 11, 11))
    office.run(day=FOURTH)
    assert list(office.letters()) == ["2026-1 Notice to"]
    assert [path.name.rpartition(" ")[0] for path in office.output.glob("replaced/*")] == ["C-1 Notice to"]
    office.run(day="2026-11-27")
    assert list(office.letters()) == ["2026-1 Notice to"]
    assert office.call("verify", "--as-of", "2026-11-27").exit_code == 0


@pytest.mark.parametrize("between", [("--lists-only",), ()])
def test_a_key_that_changed_before_a_run_that_makes_no_letters_is_asked_about_by_the_next(
    office: SmallOffice, between: tuple[str, ...]
) -> None:
    rows_ = [(f"C-{n}", "P-1", None, date(2026, 11, 10), None, None, None, "Because.", f"Clerk {n}") for n in range(1, 7)]
    office.write_register([CASES[0], *rows_])
    office.run("--allow-many", day=FIRST)
    renamed = [CASES[0], ("2026/1", *rows_[0][1:]), *rows_[1:]]
    if between:
        office.write_register(renamed)
        office.run(*between, day=SECOND)
    else:  # so many rows are gone that the run holds every letter
        office.write_register(renamed[:3])
        office.run(day=SECOND)
        office.write_register(renamed)
    office.run(day=THIRD)
    assert "2026-1 Notice to" not in office.letters()
    assert len(office.letters()) == 6


# ------------------------------------------------------------------ what staff fill in wrong


def test_an_unknown_letter_on_a_dispatch_list_is_told(office: SmallOffice) -> None:
    office.write_register(DECIDED)
    office.run(day=FIRST)
    write(office, FIRST, "Letter id", "AAAAAAA1", "Decision")
    office.run(day=SECOND)
    assert "No letter has the id AAAAAAA1." in page(office)


def test_a_mistyped_letter_on_a_dispatch_list_is_told_with_the_one_that_is_meant(office: SmallOffice) -> None:
    office.write_register(DECIDED)
    office.run(day=FIRST)
    (path,) = office.output.glob("2*/decision/*.docx")
    id_ = path.stem.rpartition(" ")[2]
    write(office, FIRST, "Letter id", id_[:-1], "Decision")
    office.run(day=SECOND)
    assert f"No letter has the id {id_[:-1]}; {id_} may be meant." in page(office)


def test_a_date_that_is_emptied_again_is_told_and_kept(office: SmallOffice) -> None:
    office.write_register(DECIDED)
    office.run(day=FIRST)
    write(office, FIRST, "Sent", date(2026, 11, 23), "Decision")
    office.run(day=SECOND)
    write(office, FIRST, "Sent", None, "Decision")
    office.run(day=THIRD)
    assert "The date 2026-11-23 was read here before" in page(office)
    assert outcome(office, "decision", THIRD) == "sent"


@pytest.mark.parametrize(("said", "told"), [(date(2026, 11, 24), True), (date(2026, 11, 23), False)])
def test_where_register_and_ledger_have_different_dates_it_is_found(office: SmallOffice, said: date, told: bool) -> None:
    office.write_register(cases(("C-1", "P-1", None, date(2026, 11, 10))))
    office.run(day=FIRST)
    write(office, FIRST, "Sent", date(2026, 11, 23), "Notice")
    office.change("Cases", "E2", said)
    office.run(day=THIRD)
    assert ("was sent on 2026-11-24, the ledger says 2026-11-23" in page(office)) is told


def test_an_edited_letter_of_which_the_register_says_something_else_is_told(office: SmallOffice) -> None:
    office.write_register(DECIDED)
    office.run(day=FIRST)
    (letter,) = office.output.glob("2*/decision/*.docx")
    letter.write_bytes(letter.read_bytes() + b" ")
    office.change("Cases", "H2", "Another reason.")
    office.run(day=SECOND)
    assert "Somebody has edited the letter" in page(office)
    assert letter.is_file()
