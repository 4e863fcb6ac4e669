from __future__ import annotations

import re
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from pipeline.deadlines.model import Status
from pipeline.faults import Busy, Fault, Unwritable, WrongLedger
from pipeline.files import digest
from pipeline.ledger.model import File, Question, Run, Source, Standing, State, What, facts_digest, seal
from pipeline.ledger.store import SCHEMA, Ledger
from pipeline.letters.model import Filled, Letter, Obligation, Outcome, Recipient, Role
from pipeline.letters.write import Document, Envelope, Move
from pipeline.register.model import Ref

FRIDAY, MONDAY = date(2026, 11, 20), date(2026, 11, 23)
AT = datetime(2026, 11, 23, 2, 0)  # noqa: DTZ001 -- the office's wall clock, as the command line passes it


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fristbrev.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path) as opened:
        yield opened


def owed(case: str = "A", role: Role = "to") -> Obligation:
    return Obligation("melding", Ref("sak", case), None if role == "file" else Ref("person", "P-001"), role)


def papers(
    case: str = "A", fact: str = "1", day: date = FRIDAY, role: Role = "to", enclosure: bytes | None = None
) -> tuple[Filled, Envelope]:
    obligation = owed(case, role)
    letter = Letter(obligation, Recipient(obligation.recipient, role, channel="post"), Outcome.DUE, dated=day)
    filled = Filled(letter, fact.encode(), (("fakta", fact), ("navn", "Åse")), "template")
    documents = [Document(f"{day}/melding/{case}.docx", filled.content)]
    if enclosure is not None:
        documents.append(Document(f"{day}/melding/{case} skjema.pdf", enclosure))
    return filled, Envelope(obligation.id, tuple(documents))


def begin(ledger: Ledger, day: date = FRIDAY) -> Run:
    return ledger.begin_run(day, AT, "register", "profile")


def produce(ledger: Ledger, *made: tuple[Filled, Envelope], day: date = FRIDAY) -> int:
    """A whole run that produces these letters."""
    run = begin(ledger, day).number
    ledger.intend(run, made, "erstattet")
    ledger.confirm(envelope.obligation for _, envelope in made)
    ledger.finish_run(run, AT, {})
    return run


# ---------------------------------------------------------------------- the file


def test_a_new_ledger_is_made_for_its_owner_alone_without_wal(path: Path) -> None:
    with Ledger(path) as ledger:
        assert ledger.entries() == {}
        assert ledger.runs() == ()
        settings = {
            name: ledger._connection.execute(f"pragma {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "user_version")
        }
    assert settings == {"journal_mode": "delete", "synchronous": 2, "foreign_keys": 1, "user_version": 4}
    assert oct(stat.S_IMODE(path.stat().st_mode)) == "0o600"
    assert [found.name for found in path.parent.iterdir()] == [path.name]


def test_a_ledger_may_lie_in_a_folder_that_is_not_there_yet(tmp_path: Path) -> None:
    with Ledger(tmp_path / "state" / "fristbrev.sqlite"):
        pass
    assert (tmp_path / "state" / "fristbrev.sqlite").exists()


def test_looking_at_a_missing_ledger_makes_none(path: Path) -> None:
    with Ledger(path, read_only=True) as ledger:
        assert ledger.entries() == {}
    assert not path.exists()


def test_a_ledger_that_is_only_looked_at_stays_as_it_is(path: Path) -> None:
    with Ledger(path) as ledger:
        produce(ledger, papers())
    before = path.read_bytes()
    with Ledger(path, read_only=True) as ledger:
        assert len(ledger.entries()) == 1
        with pytest.raises(Unwritable, match="read-only"):
            begin(ledger)
    assert path.read_bytes() == before


def test_a_ledger_that_was_killed_before_its_first_table_is_made_anew(path: Path) -> None:
    path.write_bytes(b"")
    with Ledger(path) as ledger:
        assert ledger.entries() == {}


def other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("create table run (number)")


def other_version(path: Path) -> None:
    with Ledger(path):
        pass
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("pragma user_version = 99")


def damaged(path: Path) -> None:
    with Ledger(path) as ledger:
        produce(ledger, *(papers(str(number)) for number in range(200)))
    content = path.read_bytes()
    path.write_bytes(content[:8192] + b"\xff" * 20_000 + content[28_192:])


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda path: path.write_bytes(b"PK\x03\x04 a workbook, not a ledger" * 50), "it is no database"),
        (other_program, "it is another program's database"),
        (other_version, "it was made by another version of Fristbrev"),
        (damaged, "it is damaged"),
    ],
)
def test_what_is_no_ledger_of_ours_is_refused_by_name_and_left_alone(path: Path, spoil: object, reason: str) -> None:
    assert callable(spoil)
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(WrongLedger, match=reason) as caught, Ledger(path) as ledger:
        ledger.entries()
    assert str(path) in str(caught.value)
    assert path.read_bytes() == before


def test_a_folder_in_the_ledgers_place_is_named(path: Path) -> None:
    path.mkdir()
    with pytest.raises(Unwritable, match="something else stands in its place"):
        Ledger(path)


def test_a_ledger_that_another_program_holds_is_busy(path: Path, ledger: Ledger) -> None:
    ledger._connection.execute("pragma busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        with pytest.raises(Busy):
            begin(ledger)


def test_a_full_disk_leaves_the_ledger_as_it_was(path: Path, ledger: Ledger) -> None:
    run = begin(ledger).number
    ledger._connection.execute("pragma max_page_count = 20")
    with pytest.raises(Unwritable, match="no room left"):
        ledger.intend(run, [papers(str(n), "x" * 500) for n in range(500)], "erstattet")
    assert ledger.entries() == {}
    assert ledger.unconfirmed() == ()


def test_every_table_and_column_says_what_it_is() -> None:
    lines = [line for line in SCHEMA.splitlines() if re.match(r"create table| {4}\w+ (text|integer)\b", line)]
    assert len(lines) > 40
    assert [line for line in lines if "--" not in line] == []


# ---------------------------------------------------------------------- runs


def test_runs_are_numbered_for_life_and_within_their_day(ledger: Ledger) -> None:
    for day in (FRIDAY, MONDAY, MONDAY):
        run = begin(ledger, day)
        ledger.finish_run(run.number, AT, {"letters": 3, "withheld": 1})
    figures = {"letters": 3, "withheld": 1}
    assert ledger.runs() == (
        Run(1, FRIDAY, 1, finished=True, summary=figures),
        Run(2, MONDAY, 1, finished=True, summary=figures),
        Run(3, MONDAY, 2, finished=True, summary=figures),
    )


def test_a_killed_run_is_taken_up_under_its_number_on_its_new_day(ledger: Ledger) -> None:
    assert begin(ledger, FRIDAY).number == 1
    assert begin(ledger, MONDAY) == Run(1, MONDAY, 1)
    assert ledger.runs() == (Run(1, MONDAY, 1),)


def test_clock_times_stand_in_the_runs_alone(path: Path) -> None:
    with Ledger(path) as ledger:
        produce(ledger, papers())
    with closing(sqlite3.connect(path)) as connection:
        rows = [row for row in connection.iterdump() if "02:00" in row]
    assert [row.partition(" VALUES")[0] for row in rows] == ['INSERT INTO "run"']


# ---------------------------------------------------------------------- letters


def test_a_letter_is_intended_then_produced(ledger: Ledger) -> None:
    run = begin(ledger).number
    (intent,) = ledger.intend(run, [papers(enclosure=b"form")], "erstattet")
    assert intent.moves == ()
    assert ledger.unconfirmed() == (intent,)
    assert ledger.entries()[owed().id].current is None

    ledger.confirm([owed().id])
    assert ledger.unconfirmed() == ()
    entry = ledger.entries()[owed().id]
    assert entry.obligation == owed()
    assert entry.channel == "post"
    current = entry.current
    assert current is not None
    assert current.state is State.PRODUCED
    assert current.dated == FRIDAY
    assert current.facts == (("fakta", "1"), ("navn", "Åse"))
    assert current.facts_digest == facts_digest(current.facts)
    assert current.files == (
        File("2026-11-20/melding/A.docx", digest(b"1")),
        File("2026-11-20/melding/A skjema.pdf", digest(b"form")),
    )
    assert entry.produced == FRIDAY


def test_an_unsent_letter_is_replaced(ledger: Ledger) -> None:
    produce(ledger, papers())
    run = begin(ledger, MONDAY).number
    (intent,) = ledger.intend(run, [papers(fact="2", day=MONDAY)], "erstattet")
    assert intent.moves == (Move("2026-11-20/melding/A.docx", "erstattet/A.docx", digest(b"1")),)
    ledger.confirm([owed().id])
    old, new = ledger.entries()[owed().id].versions
    assert (old.state, old.files) == (State.REPLACED, (File("erstattet/A.docx", digest(b"1")),))
    assert (new.state, new.number, new.run) == (State.PRODUCED, 2, run)


def test_a_letter_replaced_twice_leaves_two_files(ledger: Ledger) -> None:
    for fact in ("1", "2", "3"):
        produce(ledger, papers(fact=fact))
    files = [version.files[0].path for version in ledger.entries()[owed().id].versions]
    assert files == ["erstattet/A.docx", "erstattet/A (2).docx", "2026-11-20/melding/A.docx"]


def test_a_sent_letter_gets_a_further_version_and_stays_where_it_is(ledger: Ledger) -> None:
    produce(ledger, papers())
    ledger.record(MONDAY, What.SENT, {owed().id: MONDAY}, Source.REGISTER)
    run = begin(ledger, MONDAY).number
    (intent,) = ledger.intend(run, [papers(fact="2", day=MONDAY)], "erstattet")
    assert intent.replaces is None
    ledger.confirm([owed().id])
    assert [version.state for version in ledger.entries()[owed().id].versions] == [State.PRODUCED, State.PRODUCED]
    assert ledger.entries()[owed().id].sent == MONDAY


def test_a_dropped_intent_leaves_no_trace(path: Path, ledger: Ledger) -> None:
    produce(ledger, papers())
    run = begin(ledger, MONDAY).number
    before = [row for row in ledger._connection.iterdump() if "sqlite_" not in row]
    ledger.intend(run, [papers(fact="2", day=MONDAY), papers("B", day=MONDAY)], "erstattet")
    ledger.drop([owed().id, owed("B").id])
    assert [row for row in ledger._connection.iterdump() if "sqlite_" not in row] == before


def test_a_letter_cannot_be_intended_twice_at_once(ledger: Ledger) -> None:
    run = begin(ledger).number
    ledger.intend(run, [papers()], "erstattet")
    with pytest.raises(ValueError, match="intended already"):
        ledger.intend(run, [papers()], "erstattet")


def test_intents_are_written_all_or_none(ledger: Ledger) -> None:
    run = begin(ledger).number
    with pytest.raises(ValueError, match="intended already"):
        ledger.intend(run, [papers("B"), papers("A"), papers("A")], "erstattet")
    assert ledger.entries() == {}


def test_entries_come_in_the_order_in_which_they_came_up(ledger: Ledger) -> None:
    produce(ledger, papers("C"), papers("A"))
    produce(ledger, papers("B"))
    assert [entry.obligation.record.key for entry in ledger.entries().values()] == ["C", "A", "B"]


def test_who_moves_from_copy_to_party_keeps_the_obligation(ledger: Ledger) -> None:
    produce(ledger, papers(role="copy"))
    produce(ledger, papers(role="to", fact="2"))
    (entry,) = ledger.entries().values()
    assert entry.obligation.role == "to"
    assert len(entry.versions) == 2


def test_a_letter_for_the_file_has_no_recipient(ledger: Ledger) -> None:
    produce(ledger, papers(role="file"))
    (entry,) = ledger.entries().values()
    assert entry.obligation == owed(role="file")


# ---------------------------------------------------------------------- what people said


def test_what_is_sent_stays_sent_until_taken_back_and_leaves_a_trace(ledger: Ledger) -> None:
    produce(ledger, papers())
    letter = owed().id
    assert ledger.record(MONDAY, What.SENT, {letter: FRIDAY}, Source.DISPATCH, 1) == (letter,)
    assert ledger.record(MONDAY, What.SENT, {letter: FRIDAY}, Source.REGISTER, 1) == ()
    assert ledger.entries()[letter].sent == FRIDAY
    assert ledger.record(MONDAY, What.NOT_SENT, {letter: MONDAY}, Source.COMMAND) == (letter,)
    assert ledger.entries()[letter].sent is None
    told = [(event.what, event.source) for event in ledger.entries()[letter].events]
    assert told == [
        (What.PRODUCED, Source.RUN),
        (What.SENT, Source.DISPATCH),
        (What.NOT_SENT, Source.COMMAND),
    ]


def test_arrival_and_return_are_recorded_once(ledger: Ledger) -> None:
    produce(ledger, papers())
    letter = owed().id
    assert ledger.record(MONDAY, What.ARRIVED, {letter: MONDAY}, Source.COMMAND) == (letter,)
    assert ledger.record(MONDAY, What.ARRIVED, {letter: MONDAY}, Source.COMMAND) == ()
    assert ledger.entries()[letter].arrived == MONDAY
    assert ledger.record(MONDAY, What.RETURNED, {letter: MONDAY}, Source.COMMAND) == (letter,)
    assert ledger.entries()[letter].returned == MONDAY


def test_nothing_can_be_said_of_a_letter_that_was_not_produced(ledger: Ledger) -> None:
    with pytest.raises(KeyError, match="NOSUCH"):
        ledger.record(MONDAY, What.SENT, {"NOSUCH": MONDAY}, Source.COMMAND)
    produce(ledger, papers())
    with pytest.raises(ValueError, match="cannot say"):
        ledger.record(MONDAY, What.RAN, {owed().id: MONDAY}, Source.COMMAND)


def test_a_letter_is_listed_for_review_once(ledger: Ledger) -> None:
    first = begin(ledger).number
    assert ledger.ask(first, Question.REVIEW, {owed("A"): "", owed("B"): ""}) == (owed("A").id, owed("B").id)
    ledger.finish_run(first, AT, {})
    second = begin(ledger, MONDAY).number
    assert ledger.ask(second, Question.REVIEW, {owed("A"): "", owed("C"): ""}) == (owed("C").id,)
    asked = ledger.entries()[owed("A").id].asked(Question.REVIEW)
    assert asked is not None
    assert (asked.day, asked.run) == (FRIDAY, first)


def test_the_same_question_about_other_facts_is_another(ledger: Ledger) -> None:
    run = begin(ledger).number
    assert ledger.ask(run, Question.PROPOSAL, {owed(): "facts 1"})
    assert ledger.ask(run, Question.PROPOSAL, {owed(): "facts 1"}) == ()
    assert ledger.ask(run, Question.PROPOSAL, {owed(): "facts 2"})


def test_what_another_program_writes_is_seen_and_what_was_rolled_back_is_not(path: Path, ledger: Ledger) -> None:
    produce(ledger, papers("A"))
    assert len(ledger.entries()) == 1
    with Ledger(path) as other:
        produce(other, papers("B"))
    assert len(ledger.entries()) == 2
    run = begin(ledger).number
    with pytest.raises(ValueError, match="intended already"):
        ledger.intend(run, [papers("C"), papers("C")], "erstattet")
    assert len(ledger.entries()) == 2


# ---------------------------------------------------------------------- standings and seals


def standing(record: str, status: Status = Status.OVERDUE) -> Standing:
    return Standing("svar", "sak", record, "", 1, status, MONDAY, "Ola")


def test_the_standings_before_are_those_of_the_last_run_that_was_finished(ledger: Ledger) -> None:
    first = begin(ledger).number
    ledger.record_standings(first, [standing("A")])
    ledger.finish_run(first, AT, {})
    killed = begin(ledger, MONDAY).number
    ledger.record_standings(killed, [standing("A"), standing("B")])
    assert ledger.standings_before(killed) == (standing("A"),)
    assert ledger.standings_before(first) == ()

    again = begin(ledger, MONDAY).number
    ledger.record_standings(again, [standing("C", Status.UNKNOWN)])
    ledger.finish_run(again, AT, {})
    assert ledger.standings_before(begin(ledger, MONDAY).number) == (standing("C", Status.UNKNOWN),)


def test_every_event_is_sealed_to_the_one_before(ledger: Ledger) -> None:
    produce(ledger, papers("A"), papers("B"))
    produce(ledger, papers("A", "2"))
    ledger.record(MONDAY, What.SENT, {owed("A").id: MONDAY}, Source.COMMAND)
    before = ""
    for number, event in enumerate(ledger.events(), 1):
        assert event.number == number
        assert event.seal == seal(before, event)
        before = event.seal
    head = ledger._connection.execute("select events, seal from head").fetchone()
    assert tuple(head) == (7, before)


def test_a_produced_version_is_vouched_for_by_its_event(ledger: Ledger) -> None:
    produce(ledger, papers())
    (entry,) = ledger.entries().values()
    assert [event.about for event in entry.events] == [entry.versions[0].content]


def test_no_error_of_sqlite_gets_out(path: Path, ledger: Ledger) -> None:
    ledger._connection.execute("drop table standing")
    with pytest.raises(Fault):
        ledger.standings_before(1)
