"""What the commands `sent` and `withdraw` write down, and take back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from pipeline.ledger.store import Ledger
from tests.walk.small_office import PROFILE, SmallOffice, cases

FIRST, SECOND, THIRD = "2026-11-23", "2026-11-24", "2026-11-25"
TWO = cases(
    ("C-1", "P-1", None, date(2026, 11, 10)),
    ("C-6", "P-2", None, date(2026, 11, 10), None, date(2026, 11, 20), "granted", "Because."),
)


@pytest.fixture
def written(office: SmallOffice) -> SmallOffice:
    """The office after its first night: a notice and a decision."""
    office.write_register(TWO)
    office.run(day=FIRST)
    return office


def ids(office: SmallOffice) -> dict[str, str]:
    """The letters' ids by record."""
    found = (path.stem.split(" ") for path in office.output.glob("2*/*/*.docx"))
    return {words[0]: words[-1] for words in found}


def outcomes(office: SmallOffice, day: str) -> dict[str, str]:
    found = office.json("letters", day=day)
    return {each["record"]: each["outcome"] for each in found if each["letter"] in {"notice", "decision"} and each["file"]}


def told(office: SmallOffice) -> list[tuple[str, str]]:
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        return [(str(event.what), str(event.source)) for event in ledger.events() if event.source == "command"]


@pytest.mark.parametrize(
    ("options", "sent"),
    [
        (("--run", "2026-11-23/1"), {"C-1", "C-6"}),
        (("--run", "2026-11-23"), {"C-1", "C-6"}),
        (("--letter", "notice"), {"C-1"}),
        (("--run", "2026-11-23/1", "--letter", "decision"), {"C-6"}),
    ],
)
def test_a_run_or_a_kind_is_sent(written: SmallOffice, options: tuple[str, ...], sent: set[str]) -> None:
    result = written.call("sent", *options, "--as-of", SECOND)
    assert result.exit_code == 0, result.stderr
    assert {record for record, outcome in outcomes(written, SECOND).items() if outcome == "sent"} == sent


def test_single_letters_are_sent_on_a_day_and_it_is_news_once(written: SmallOffice) -> None:
    options = ("sent", "--id", ids(written)["C-6"], "--on", FIRST, "--as-of", SECOND)
    (noted,) = json.loads(written.call(*options, "--json").stdout)
    assert (noted["record"], noted["what"], noted["day"]) == ("C-6", "sent", FIRST)
    assert "Nothing new was written down." in written.call(*options).stdout


def test_arrival_and_return_are_written_down(written: SmallOffice) -> None:
    letter = ids(written)["C-6"]
    for option, day in (("--arrived", SECOND), ("--returned", THIRD)):
        assert written.call("sent", "--id", letter, option, "--on", day, "--as-of", THIRD).exit_code == 0
    with Ledger(written.folder / "fristbrev.sqlite", read_only=True) as ledger:
        entry = ledger.entries()[letter]
    assert (entry.sent, entry.arrived, entry.returned) == (date(2026, 11, 25), None, date(2026, 11, 25))


def test_a_check_of_a_row_knows_its_deadlines_and_when_its_letters_arrived(written: SmallOffice) -> None:
    check = "not letters.arrived or (letters.arrived | max) <= deadlines.answer.due"
    written.write_profile(PROFILE + f'[sheets.case.checks]\n"The letter came before the answer was due" = "{check}"\n')

    def warned() -> set[str]:
        return {each["record"] for each in written.json("validate", day="2026-12-02") if "before the answer" in each["message"]}

    assert warned() == set()
    for record, day in (("C-1", "2026-12-01"), ("C-6", "2026-12-02")):  # the answers are due on 1 December
        arrived = written.call("sent", "--id", ids(written)[record], "--arrived", "--on", day, "--as-of", "2026-12-02")
        assert arrived.exit_code == 0, arrived.stderr
    assert warned() == {"C-6"}


def test_no_clock_counts_from_a_letter_that_came_back_until_its_new_paper_is_sent(written: SmallOffice) -> None:
    from tests.walk.test_questions import page, write

    appeal = '[deadlines.appeal]\non = "letters"\ntitle = "Appeal"\nwhen = "letter == \'decision\'"\n'
    written.write_profile(PROFILE + appeal + 'due = "(arrived or sent) + answer_within"\nwhose = "citizen"\n')
    letter = ids(written)["C-6"]

    def due(day: str) -> set[str | None]:
        return {each["due"] for each in written.json("deadlines", day=day) if each["deadline"] == "appeal"} - {None}

    written.call("sent", "--id", letter, "--on", FIRST, "--as-of", FIRST)
    assert due(SECOND) == {"2026-12-14"}
    written.call("sent", "--id", letter, "--returned", "--on", SECOND, "--as-of", SECOND)
    written.change("People", "C3", "Gate 22")
    written.run(day=THIRD)
    assert f"«Decision» ({letter}) came back on 2026-11-24" in page(written)
    assert due(THIRD) == set()
    write(written, THIRD, "Yes or no", "yes", "Decision")
    written.run(day="2026-11-26")
    assert "came back on" not in page(written)
    papers = {path.parent.parent.name: path.read_bytes() for path in written.output.glob(f"2*/decision/* {letter}.docx")}
    assert sorted(papers) == [FIRST, "2026-11-26"], "the same letter on a new paper, and the one that was sent where it lay"
    assert papers[FIRST] == papers["2026-11-26"]
    written.call("sent", "--id", letter, "--on", "2026-11-26", "--as-of", "2026-11-26")
    assert due("2026-11-26") == {"2026-12-17"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ((), "Say which letters"),
        (("--id", "AAAAAAAA"), "No letter has the id «AAAAAAAA». An id has eight signs, A to Z and 2 to 7"),
        (("--id", "C-1"), "«C-1» is no letter's id but has these letters: "),
        (("--letter", "greeting"), "The profile has no letter «greeting»"),
        (("--letter", "notise"), "The profile has no letter «notise»; «notice» may be meant."),
        (("--letter", "Decision"), "The profile has no letter «Decision»; «decision» may be meant."),
        (
            ("--run", "yesterday"),
            "There was no run «yesterday». Write the day and the number of its dispatch list, such as 2026-11-23/1",
        ),
        (("--run", "23.11.2026"), "such as 2026-11-23/1, which is the latest"),
        (("--run", "2026-11-23/1", "--on", "2026-11-25"), "has not come yet"),
        (("--run", "2026-11-23/1", "--on", "2026-11-19"), "Nothing was written down."),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(written: SmallOffice, options: tuple[str, ...], says: str) -> None:
    result = written.call("sent", *options, "--as-of", SECOND)
    assert result.exit_code == 2
    assert says in result.stderr
    assert told(written) == []


def test_an_id_that_is_typed_wrong_is_told_with_the_one_that_is_meant(written: SmallOffice) -> None:
    id_ = ids(written)["C-6"]
    for typed in (id_.lower(), id_[:-1], f"{id_}.docx"):
        result = written.call("sent", "--id", typed, "--as-of", SECOND)
        assert result.exit_code == 2
        assert f"No letter has the id «{typed}»; {id_} may be meant." in result.stderr
    assert told(written) == []


def test_an_unsent_run_is_taken_back_and_made_anew_where_it_is_still_asked_for(written: SmallOffice) -> None:
    written.call("sent", "--id", ids(written)["C-6"], "--as-of", FIRST)
    result = written.call("withdraw", "--run", "2026-11-23/1", "--as-of", FIRST)
    assert "1 letter was taken out of its place." in result.stdout
    assert list(written.letters()) == ["C-6 Decision to"]
    assert told(written) == [("sent", "command"), ("withdrawn", "command")]
    written.run(day=SECOND)
    assert sorted(written.letters()) == ["C-1 Notice to", "C-6 Decision to"]
    assert written.call("verify", "--as-of", SECOND).exit_code == 0


def test_a_mistaken_sent_is_taken_back_and_leaves_a_trace(written: SmallOffice) -> None:
    written.call("sent", "--run", "2026-11-23/1", "--as-of", FIRST)
    result = written.call("withdraw", "--sent", "--run", "2026-11-23/1", "--as-of", FIRST)
    assert "2 letters count as not sent." in result.stdout
    assert set(outcomes(written, FIRST).values()) == {"produced"}
    assert told(written).count(("not sent", "command")) == 2


def test_what_was_sent_yesterday_is_taken_back_only_by_its_id(written: SmallOffice) -> None:
    written.call("sent", "--run", "2026-11-23/1", "--as-of", FIRST)
    assert "Nothing was taken back." in written.call("withdraw", "--sent", "--letter", "notice", "--as-of", SECOND).stdout
    written.call("withdraw", "--sent", "--id", ids(written)["C-1"], "--as-of", SECOND)
    assert outcomes(written, SECOND) == {"C-1": "produced", "C-6": "sent"}


def test_a_date_that_was_taken_back_does_not_come_again_from_the_dispatch_list(written: SmallOffice) -> None:
    from tests.walk.test_questions import page, write

    write(written, FIRST, "Sent", date(2026, 11, 23), "Notice")
    written.run(day=SECOND)
    written.call("withdraw", "--sent", "--id", ids(written)["C-1"], "--as-of", SECOND)
    written.run(day=THIRD)
    assert outcomes(written, THIRD)["C-1"] == "produced"
    assert "has been taken back by a command" in page(written)


def test_an_edited_letter_is_not_taken_away(written: SmallOffice) -> None:
    (letter,) = written.output.glob("2*/notice/*.docx")
    letter.write_bytes(letter.read_bytes() + b" ")
    result = written.call("withdraw", "--letter", "notice", "--as-of", FIRST)
    assert result.exit_code == 3
    assert letter.is_file()
