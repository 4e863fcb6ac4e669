from __future__ import annotations

from datetime import date

import pytest

from pipeline.findings import Place
from pipeline.ledger.model import Entry, Event, File, Source, State, Version, What
from pipeline.ledger.records import dates_for_register, with_letters
from pipeline.letters.model import Obligation, Role
from pipeline.profile.expressions import EMPTY
from pipeline.profile.model import Profile
from pipeline.register.model import Record, Ref, Register, Value

MADE, SENT, LATER = date(2026, 11, 20), date(2026, 11, 23), date(2026, 11, 25)
CASE = Ref("case", "C-1")


def register(sent: Value = EMPTY) -> Register:
    """One case, and what its ``sent`` column says."""
    columns = {name: {"name": name, "heading": name, "type": kind} for name, kind in (("number", "text"), ("sent", "date"))}
    letter = {"name": "notice", "on": "case", "title": "Notice", "template": "notice.docx"}
    profile = Profile.model_validate(
        {
            "office": {"municipality": "Sted", "country": "NO", "language": "en"},
            "register": {"workbook": "book.xlsx"},
            "sheets": {"case": {"name": "case", "title": "Cases", "key": "number", "columns": columns}},
            "letters": {"notice": letter | {"sent": "sent"}, "unsigned": letter | {"name": "unsigned"}},
        }
    )
    values: dict[str, Value] = {"number": "C-1", "sent": sent}
    record = Record("case", "C-1", Place("book.xlsx", "Cases", 2), values, {"number": 1, "sent": 4})
    return Register(profile, {"case": {"C-1": record}})


def entry(
    person: str = "P-1",
    *,
    letter: str = "notice",
    role: Role = "to",
    occurrence: int = 0,
    sent: date | None = None,
    state: State = State.PRODUCED,
    case: Ref = CASE,
) -> Entry:
    """What the ledger knows of one letter."""
    owed = Obligation(letter, case, Ref("person", person) if role != "file" else None, role, occurrence)
    version = Version(owed.id, 1, MADE, (), "", "t", (File("a.docx", "d"),), state, 1)
    events = [Event(1, 1, MADE, What.PRODUCED, Source.RUN, owed.id, 1)]
    if sent:
        events.append(Event(2, 1, sent, What.SENT, Source.DISPATCH, owed.id, 1, sent))
    return Entry(owed, "post", (version,), tuple(events))


def sent_column(*entries: Entry, sent: Value = EMPTY) -> Value:
    """What rules read in the ``sent`` column."""
    found = with_letters(register(sent), entries).get(CASE)
    assert found is not None
    return found.values["sent"]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([], EMPTY, id="no letter"),
        pytest.param([entry()], EMPTY, id="made and not sent"),
        pytest.param([entry(sent=SENT)], SENT, id="sent"),
        pytest.param([entry("P-1", sent=SENT), entry("P-2")], EMPTY, id="one of two parties"),
        pytest.param([entry("P-1", sent=SENT), entry("P-2", sent=LATER)], LATER, id="the last of two parties"),
        pytest.param([entry("P-1", sent=SENT), entry("P-2", role="copy")], SENT, id="a copy need not be out"),
        pytest.param([entry(role="copy", sent=SENT)], EMPTY, id="a copy alone counts for nothing"),
        pytest.param([entry(role="file", sent=SENT)], SENT, id="for the file"),
        pytest.param([entry(sent=SENT, state=State.WITHDRAWN)], EMPTY, id="withdrawn"),
        pytest.param([entry(letter="unsigned", sent=SENT)], EMPTY, id="another letter"),
        pytest.param([entry(letter="forgotten", sent=SENT)], EMPTY, id="a letter that the profile no longer has"),
        pytest.param([entry(sent=SENT, case=Ref("case", "C-9"))], EMPTY, id="a case that is gone"),
        pytest.param(
            [entry(occurrence=1, sent=SENT), entry(occurrence=2)],
            SENT,
            id="the next occurrence is made and does not take it back",
        ),
        pytest.param([entry(occurrence=1, sent=SENT), entry(occurrence=2, sent=LATER)], LATER, id="the latest occurrence"),
        pytest.param([entry(occurrence=2, sent=LATER), entry(occurrence=1, sent=SENT)], LATER, id="whatever their order"),
    ],
)
def test_an_empty_sent_column_reads_as_the_ledger_s_date_once_all_parties_are_written_to(
    entries: list[Entry], expected: Value
) -> None:
    assert sent_column(*entries) is expected or sent_column(*entries) == expected


def test_what_the_register_says_stands() -> None:
    assert sent_column(entry(sent=LATER), sent=SENT) == SENT


def test_each_letter_is_a_record_of_the_built_in_sheet() -> None:
    one, two = entry(sent=SENT), entry(role="file", letter="unsigned")
    seen = with_letters(register(), [one, two])
    assert {record.key: dict(record.values) for record in seen.records["letters"].values()} == {
        one.obligation.id: {
            "letter": "notice",
            "record": CASE,
            "recipient": Ref("person", "P-1"),
            "role": "to",
            "channel": "post",
            "produced": MADE,
            "sent": SENT,
            "arrived": EMPTY,
        },
        two.obligation.id: {
            "letter": "unsigned",
            "record": CASE,
            "recipient": EMPTY,
            "role": "file",
            "channel": "post",
            "produced": MADE,
            "sent": EMPTY,
            "arrived": EMPTY,
        },
    }


def test_a_letter_counts_as_sent_where_the_register_alone_says_so() -> None:
    (record,) = with_letters(register(SENT), [entry()]).records["letters"].values()
    assert record.values["sent"] == SENT


def test_a_withdrawn_letter_and_a_letter_without_a_rule_are_no_records() -> None:
    seen = with_letters(register(), [entry(state=State.WITHDRAWN), entry("P-2", letter="forgotten")])
    assert seen.records["letters"] == {}


def test_the_register_itself_is_left_as_it_was() -> None:
    before = register()
    with_letters(before, [entry(sent=SENT)])
    assert before == register()


@pytest.mark.parametrize(
    ("entries", "sent", "day"),
    [
        ((entry(sent=SENT),), EMPTY, SENT),
        ((entry(sent=SENT), entry("P-2", sent=LATER)), EMPTY, LATER),
        ((entry(sent=SENT), entry("P-2")), EMPTY, None),
        ((entry(sent=SENT), entry("P-2", role="copy")), EMPTY, SENT),
        ((entry("P-2", role="copy", sent=SENT),), EMPTY, None),
        ((entry(sent=SENT),), MADE, None),
        ((entry(letter="unsigned", sent=SENT),), EMPTY, None),
        ((entry(sent=SENT, case=Ref("case", "C-9")),), EMPTY, None),
        ((), EMPTY, None),
    ],
)
def test_the_register_lacks_a_date_once_all_parties_have_been_written_to(
    entries: tuple[Entry, ...], sent: Value, day: date | None
) -> None:
    lacking = dates_for_register(register(sent), entries)
    assert lacking == ({"book.xlsx": {Place("book.xlsx", "Cases", 2, 4): day}} if day else {})
