"""Alta's own rules on single rows: guards, chains, ages, where the clock of an appeal starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.calendars import Calendar
from pipeline.deadlines.compute import DEADLINES, deadlines_of
from pipeline.deadlines.model import Deadline, Status
from pipeline.deadlines.rule import work_out
from pipeline.findings import Place
from pipeline.lists.story import why
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.load import load_profile
from pipeline.profile.model import LETTERS
from pipeline.register.model import Record, Ref, Register, Row, View
from pipeline.texts import texts_in

ALTA = load_profile(Path(__file__).parents[2] / "profile.toml")
RULES = Rules(Calendar(ALTA.office.country, ALTA.office.closed), ALTA.terms)
BASE: Mapping[str, Mapping[str, Any]] = {
    "person": {"nummer": "1", "fødselsdato": date(1990, 5, 5)},
    "ansatt": {"initialer": "1"},
    "sak": {"saksnummer": "1", "bruker": Ref("person", "1"), "saksbehandler": Ref("ansatt", "1")},
    "endring": {"nummer": "1", "sak": Ref("sak", "1"), "slag": "avslutning"},
    "pause": {"sak": Ref("sak", "1")},
    "evaluering": {"sak": Ref("sak", "1")},
}


def d(text: str) -> date:
    return date.fromisoformat(text)


Cells = Mapping[str, Any] | Sequence[Mapping[str, Any]]
"""What a row has in its cells, or several rows of a sheet, whose keys are 1, 2 and so on."""


def row(sheet: str, today: str, **cells: Cells) -> Row:
    """A row of a small register; of a sheet that is not named only what every row has, a pause and an evaluation not at all."""
    records = {
        name: {
            key: Record(
                name,
                key,
                Place("r.xlsx", ALTA.sheets[name].title, 2),
                {**{column.name: EMPTY for column in ALTA.sheets[name].stored_columns}, **values, **given},
            )
            for key, given in keyed(cells.get(name, {}))
        }
        for name, values in BASE.items()
        if name not in {"pause", "evaluering"} or name in cells
    }
    letters = [
        Record(LETTERS, key, Place("", LETTERS), {"record": Ref("sak", "1"), **given})
        for key, given in (keyed(cells[LETTERS]) if LETTERS in cells else ())
    ]
    register = Register(ALTA, records).with_sheet(LETTERS, letters)
    found = View(register, RULES, d(today), {DEADLINES: deadlines_of}).row(Ref(sheet, "1"))
    assert found is not None
    return found


def keyed(rows: Cells) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for number, given in enumerate([rows] if isinstance(rows, Mapping) else rows, start=1):
        yield str(number), given


def deadline(rule: str, today: str, **cells: Cells) -> Deadline:
    return work_out(ALTA.deadlines[rule], row(ALTA.deadlines[rule].on, today, **cells))


# ------------------------------------------------------------------ advance notice and decision (example 24)


@pytest.mark.parametrize("letter", ["endringsvedtak", "avslutningsvedtak"])
@pytest.mark.parametrize(
    ("decided", "comment", "let_through"),
    [
        ("2026-12-25", EMPTY, False),  # the raw date, a holiday
        ("2026-12-28", EMPTY, False),  # the last day on which the recipient may comment
        ("2026-12-29", EMPTY, True),
        ("2026-12-20", d("2026-12-18"), True),
        ("2026-12-17", d("2026-12-18"), False),
    ],
)
def test_example_24_a_decision_waits_for_the_comment_or_the_end_of_its_period(
    letter: str, decided: str, comment: Any, let_through: bool
) -> None:
    cells = {"varsel_sendt": d("2026-12-11"), "uttalelse_mottatt": comment, "vedtaksdato": d(decided)}
    check = ALTA.letters[letter].checks["Vedtaket er fattet etter uttalelsen eller uttalefristen"]
    change = row("endring", "2026-12-31", endring=cells)

    assert bool(change.view.evaluate(check, change)) is let_through


# ------------------------------------------------------------------ the promise


PROMISED = {"mottatt": d("2026-09-01"), "foreløpig_melding_sendt": d("2026-09-15"), "svar_innen": d("2026-11-02")}


@pytest.mark.parametrize(
    ("today", "cells", "status"),
    [
        ("2026-11-02", {}, Status.NOT_NEEDED),
        ("2026-11-03", {}, Status.DUE_SOON),
        ("2026-11-04", {}, Status.DUE_SOON),
        ("2026-11-05", {}, Status.OVERDUE),
        ("2026-11-05", {"nytt_svar_innen": d("2026-12-01")}, Status.NOT_NEEDED),
        ("2026-12-02", {"nytt_svar_innen": d("2026-12-01")}, Status.DUE_SOON),
        ("2026-11-05", {"vedtaksdato": d("2026-11-05")}, Status.NOT_NEEDED),
        ("2026-11-05", {"foreløpig_melding_sendt": EMPTY}, Status.NOT_NEEDED),
    ],
)
def test_a_promise_that_slips_asks_for_a_new_notice(today: str, cells: Mapping[str, Any], status: Status) -> None:
    assert deadline("ny_melding", today, sak={**PROMISED, **cells}).status is status


def paused(start: str, end: str = "") -> Mapping[str, Any]:
    return {"fra": d(start), "til": d(end) if end else EMPTY}


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "2026-11-02"),
        ([paused("2026-10-05", "2026-10-19")], "2026-11-16"),
        ([paused("2026-10-28")], "2026-11-05"),  # still running: so far three days
        ([paused("2026-10-28", "2026-11-14")], "2026-11-19"),  # and until a day that is known
        ([paused("2026-10-31")], "2026-11-02"),
        ([paused("2026-12-01")], "2026-11-02"),  # one that lies ahead takes no days back
        ([paused("2026-12-01", "2026-12-15")], "2026-11-02"),
        # overlapping ones cost each day once, whichever of them has no end
        ([paused("2026-10-05", "2026-10-19"), paused("2026-10-12", "2026-10-26")], "2026-11-23"),
        ([paused("2026-10-05", "2026-10-26"), paused("2026-10-12", "2026-10-19")], "2026-11-23"),
        ([paused("2026-10-12"), paused("2026-10-05", "2026-10-19")], "2026-11-28"),
        ([paused("2026-10-05"), paused("2026-10-12", "2026-10-19")], "2026-11-28"),
        # what was known when the answer was promised
        ([paused("2026-09-03", "2026-09-10")], "2026-11-02"),
        ([paused("2026-09-03", "2026-10-10")], "2026-11-02"),
        ([paused("2026-09-15", "2026-09-16")], "2026-11-03"),
    ],
)
def test_a_pause_moves_what_was_promised_by_the_days_it_lasted(pauses: Sequence[Mapping[str, Any]], due: str) -> None:
    assert deadline("svar", "2026-10-31", sak=PROMISED, pause=pauses).due == d(due)
    assert deadline("kartlegging", "2026-10-31", sak=PROMISED, pause=pauses).due == d(due)
    assert deadline("foreløpig_melding", "2026-10-31", sak=PROMISED, pause=pauses).due == d("2026-09-22"), "it stops no other"


@pytest.mark.parametrize(
    ("today", "pauses", "due", "status"),
    [
        ("2026-11-20", [paused("2026-11-02", "2026-11-16")], "2026-11-16", Status.OVERDUE),  # begun on the last day
        ("2026-11-20", [paused("2026-11-03", "2026-12-03")], "2026-11-02", Status.OVERDUE),  # what is broken stays so
        # the second begins after the promised day, but within the days that the first has added
        ("2026-11-20", [paused("2026-10-20", "2026-11-10"), paused("2026-11-18", "2026-11-20")], "2026-11-25", Status.DUE_SOON),
        ("2026-12-01", [paused("2026-10-20", "2026-11-10"), paused("2026-11-24", "2026-12-24")], "2026-11-23", Status.OVERDUE),
    ],
)
def test_a_pause_does_not_mend_a_promise_that_was_broken_before_it_began(
    today: str, pauses: Sequence[Mapping[str, Any]], due: str, status: Status
) -> None:
    found = deadline("svar", today, sak=PROMISED, pause=pauses)

    assert (found.due, found.status) == (d(due), status)


@pytest.mark.parametrize(
    ("noticed", "pauses", "due"),
    [
        (d("2026-10-20"), [paused("2026-10-05", "2026-10-19")], "2026-12-01"),  # the new date was given knowing of it
        (d("2026-10-20"), [paused("2026-10-05", "2026-10-19"), paused("2026-10-26", "2026-11-02")], "2026-12-08"),
        (EMPTY, [paused("2026-10-05", "2026-10-19")], "2026-12-01"),  # the notice is not out yet
    ],
)
def test_a_new_promise_counts_the_pauses_since_it_was_given(
    noticed: Any, pauses: Sequence[Mapping[str, Any]], due: str
) -> None:
    case = {**PROMISED, "nytt_svar_innen": d("2026-12-01"), "ny_melding_sendt": noticed}

    assert deadline("svar", "2026-11-05", sak=case, pause=pauses).due == d(due)


# ------------------------------------------------------------------ ages


RUNNING = {"utfall": "innvilget", "vedtaksdato": d("2026-01-10"), "gjelder_fra": d("2026-01-10")}


@pytest.mark.parametrize(
    ("rule", "born", "until", "today", "status", "due"),
    [
        ("blir_myndig", "2008-12-17", EMPTY, "2026-10-20", Status.UPCOMING, "2026-12-01"),
        ("blir_myndig", "2008-12-17", EMPTY, "2026-11-02", Status.DUE_SOON, "2026-12-01"),
        ("blir_myndig", "2008-12-17", EMPTY, "2026-12-10", Status.DONE, "2026-12-01"),
        ("blir_myndig", "2008-12-17", EMPTY, "2026-12-17", Status.NOT_NEEDED, None),
        ("blir_myndig", "2008-12-17", d("2026-12-16"), "2026-11-02", Status.NOT_NEEDED, "2026-12-01"),
        ("blir_myndig", "2008-12-17", d("2026-12-17"), "2026-11-02", Status.DUE_SOON, "2026-12-01"),
        ("får_kopi_fra", "2010-12-17", EMPTY, "2026-11-02", Status.DUE_SOON, "2026-12-01"),
        ("varsles_selv_fra", "2011-12-17", EMPTY, "2026-11-02", Status.DUE_SOON, "2026-12-01"),
        ("varsles_selv_fra", "1990-05-05", EMPTY, "2026-11-02", Status.NOT_NEEDED, None),
    ],
)
def test_who_reaches_an_age_within_the_decision_is_announced_without_the_birthday(
    rule: str, born: str, until: Any, today: str, status: Status, due: str | None
) -> None:
    found = deadline(rule, today, sak={**RUNNING, "gjelder_til": until}, person={"fødselsdato": d(born)})

    assert (found.status, found.due) == (status, d(due) if due else None)


def test_an_age_tells_nothing_where_nobody_can_read_the_outcome_of_a_grown_ups_case() -> None:
    assert deadline("blir_myndig", "2026-11-02", sak={"vedtaksdato": d("2026-01-10")}).status is Status.NOT_NEEDED


# ------------------------------------------------------------------ the clock of an appeal (examples 19 and 22)


@pytest.mark.parametrize(
    ("letter", "due"),
    [
        ({"sent": d("2027-04-14"), "arrived": d("2027-04-19")}, "2027-05-18"),
        ({"sent": d("2026-04-14"), "arrived": d("2026-04-16")}, "2026-05-15"),
        ({"sent": d("2026-04-09")}, "2026-05-15"),  # by post: presumed there a week later
        ({"sent": d("2026-04-09"), "channel": "post"}, "2026-05-15"),
        ({"sent": d("2026-04-09"), "channel": "digital"}, "2026-05-07"),
        ({}, None),
    ],
)
def test_an_appeal_runs_from_arrival_and_else_from_presumed_arrival_by_channel(
    letter: Mapping[str, Any], due: str | None
) -> None:
    letter = {"letter": "vedtak", "role": "to", "channel": EMPTY, "sent": EMPTY, "arrived": EMPTY, **letter}

    assert deadline("klage", "2026-05-01", **{LETTERS: letter}).due == (d(due) if due else None)


def test_an_appeal_that_came_in_is_assessed_and_forwarded() -> None:
    found = deadline("klage_oversendes", "2026-11-02", sak={**RUNNING, "klage_mottatt": d("2026-10-12")})

    assert (found.due, found.status) == (d("2026-11-09"), Status.DUE_SOON)


@pytest.mark.parametrize("decided", [{"klagevedtak_dato": d("2026-10-30")}, {"klage_oversendt": d("2026-10-30")}])
def test_an_appeal_that_the_office_has_decided_or_sent_on_needs_no_more(decided: Mapping[str, date]) -> None:
    found = deadline("klage_oversendes", "2026-11-12", sak={**RUNNING, "klage_mottatt": d("2026-10-12"), **decided})

    assert found.status is Status.DONE


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ({}, Status.OVERDUE),
        ({"klage_avgjort": d("2026-09-01")}, Status.DONE),
    ],
)
def test_the_appeal_body_is_asked_for_its_answer(answer: Mapping[str, date], status: Status) -> None:
    found = deadline("klagesvar_ventes", "2026-11-12", sak={**RUNNING, "klage_oversendt": d("2026-08-10"), **answer})

    assert (found.due, found.status) == (d("2026-11-10"), status)


@pytest.mark.parametrize(
    ("outcome", "followed", "status"),
    [
        ("medhold", EMPTY, Status.DUE_SOON),
        ("delvis medhold", EMPTY, Status.DUE_SOON),
        ("opphevet", EMPTY, Status.DUE_SOON),
        ("opphevet", d("2026-11-20"), Status.DONE),
        ("stadfestet", EMPTY, Status.NOT_NEEDED),
        ("avvist", EMPTY, Status.NOT_NEEDED),
    ],
)
def test_an_answer_that_changes_or_quashes_the_decision_is_followed_up(outcome: str, followed: Any, status: Status) -> None:
    case = {**RUNNING, "klage_avgjort": d("2026-11-12"), "klageutfall": outcome, "klagesvar_fulgt_opp": followed}
    found = deadline("klagesvar_følges_opp", "2026-11-23", sak=case)

    assert found.status is status
    assert status is Status.NOT_NEEDED or found.due == d("2026-11-26")


@pytest.mark.parametrize(
    ("sent", "posted", "received", "late"),
    [
        ("2026-09-30", None, "2026-11-04", False),  # seven days by post and four weeks
        ("2026-09-30", None, "2026-11-05", True),
        ("2026-09-30", "2026-11-04", "2026-11-06", False),  # posted in time is in time
        ("2026-10-03", None, "2026-11-09", False),  # the last day is a Saturday: the Monday after
        ("2026-10-03", None, "2026-11-10", True),
        ("2026-11-19", None, "2026-12-24", False),
        (
            "2026-11-19",
            None,
            "2026-12-28",
            True,
        ),  # the office is closed on Christmas Eve; the law's last day it is all the same
        (None, None, "2026-11-10", False),
    ],
)
def test_an_appeal_may_be_late_once_the_last_day_has_passed(
    sent: str | None, posted: str | None, received: str, late: bool
) -> None:
    case = {
        **RUNNING,
        "vedtak_sendt": d(sent) if sent else EMPTY,
        "klage_postet": d(posted) if posted else EMPTY,
        "klage_mottatt": d(received),
    }

    assert bool(row("sak", "2026-12-30", sak=case).lookup("klage_for_sen")) is late


def went(sent: str, channel: str = "post", arrived: str = "", **more: Any) -> Mapping[str, Any]:
    """A letter to a party, as the ledger has it."""
    days = {"sent": d(sent) if sent else EMPTY, "arrived": d(arrived) if arrived else EMPTY}
    return {"letter": "vedtak", "role": "to", "channel": channel, **days, **more}


@pytest.mark.parametrize(
    ("letters", "last"),
    [
        ([], "2026-11-04"),  # Fristbrev has not made it: by post
        ([went("2026-09-30")], "2026-11-04"),
        ([went("2026-09-30", "digital")], "2026-10-28"),
        ([went("2026-09-30", arrived="2026-10-05")], "2026-11-02"),
        ([went("2026-09-30", arrived="2026-10-14")], "2026-11-11"),  # collected late: the four weeks begin then
        # each party has four weeks of their own, and who appeals is not written down: the last one's count
        ([went("2026-09-30", "digital"), went("2026-09-30")], "2026-11-04"),
        ([went("2026-09-30", "digital"), went("2026-09-30", arrived="2026-10-01")], "2026-10-29"),
        ([went("2026-09-30", "digital"), went("2026-10-07", "digital")], "2026-11-04"),
        ([went("2026-09-30", "digital"), went("2026-10-20", role="copy")], "2026-10-28"),  # who is informed is no party
        ([went("2026-09-30", "digital"), went("2026-10-20", letter="klage_mottatt")], "2026-10-28"),
        ([went("2026-09-30", "digital"), went("")], "2026-10-28"),  # one that came back has reached nobody
    ],
)
def test_an_appeal_is_in_time_while_any_party_could_appeal(letters: Sequence[Mapping[str, Any]], last: str) -> None:
    for received, late in ((d(last), False), (d(last) + timedelta(days=1), True)):
        case = {**RUNNING, "vedtak_sendt": d("2026-09-30"), "klage_mottatt": received}
        cells: Mapping[str, Cells] = {"sak": case, **({LETTERS: letters} if letters else {})}

        found = deadline("klagen_kom", "2026-11-30", **cells)

        assert (found.due, found.status) == (d(last), Status.DONE_LATE if late else Status.DONE)
        assert bool(row("sak", "2026-11-30", **cells).lookup("klage_for_sen")) is late


def test_before_an_appeal_there_is_no_last_day_for_it() -> None:
    case = {**RUNNING, "vedtak_sendt": d("2026-09-30")}

    assert deadline("klagen_kom", "2026-11-30", sak=case, **{LETTERS: went("2026-09-30")}).status is Status.NOT_STARTED


def test_an_appeal_against_a_change_is_counted_from_when_the_change_came() -> None:
    case = {**RUNNING, "vedtak_sendt": d("2026-01-12"), "klage_mottatt": d("2026-11-11")}
    change = {"vedtaksdato": d("2026-09-28"), "vedtak_sendt": d("2026-09-30")}
    arrived = went("2026-09-30", arrived="2026-10-14", letter="endringsvedtak", record=Ref("endring", "1"))

    assert deadline("klagen_kom", "2026-11-30", sak=case, endring=change).due == d("2026-11-04")
    assert deadline("klagen_kom", "2026-11-30", sak=case, endring=change, **{LETTERS: arrived}).due == d("2026-11-11")


@pytest.mark.parametrize(
    ("judged", "clear"),
    [
        ({}, False),
        ({"klage_sen_grunn": "Brevet kom til feil adresse."}, True),
        ({"klagevedtak": "avvist"}, True),
        ({"klagevedtak": "trukket"}, True),
        ({"klagevedtak": "medhold"}, False),
        ({"klage_mottatt": d("2026-11-04")}, True),
    ],
)
def test_a_late_appeal_is_told_of_until_somebody_has_said_what_becomes_of_it(judged: Mapping[str, Any], clear: bool) -> None:
    [check] = (check for sentence, check in ALTA.sheets["sak"].checks.items() if sentence.startswith("En klage etter fristen"))
    case = {**RUNNING, "vedtak_sendt": d("2026-09-30"), "klage_mottatt": d("2026-11-05"), **judged}
    seen = row("sak", "2026-11-12", sak=case)

    assert bool(seen.view.evaluate(check, seen)) is clear


def test_an_appeal_is_against_the_last_decision_before_it() -> None:
    changed = {"vedtaksdato": d("2026-08-03"), "vedtak_sendt": d("2026-08-04"), "slag": "endring"}
    case = {**RUNNING, "vedtaksdato": d("2025-02-03"), "vedtak_sendt": d("2025-02-04"), "klage_mottatt": d("2026-08-20")}

    assert row("sak", "2026-08-24", sak=case, endring=changed).lookup("påklaget") == d("2026-08-03")
    assert not row("sak", "2026-08-24", sak=case, endring=changed).lookup("klage_for_sen")
    assert row("sak", "2026-08-24", sak=case).lookup("påklaget") == d("2025-02-03")


def test_a_decision_for_a_time_is_looked_at_three_months_before_it_ends() -> None:
    found = deadline("nytt_vedtak", "2026-10-01", sak={**RUNNING, "gjelder_til": d("2026-12-31")})

    assert (found.due, found.act_by, found.remind_from, found.status) == (
        *(d("2026-12-31"), d("2026-12-30"), d("2026-09-30")),
        Status.DUE_SOON,
    )


@pytest.mark.parametrize(
    ("today", "case", "later", "status"),
    [
        ("2026-10-31", {}, None, Status.DUE_SOON),
        ("2026-11-01", {}, None, Status.OVERDUE),  # from now on there is a service without a decision, or none
        ("2027-11-01", {}, None, Status.OVERDUE),
        ("2026-11-01", {"avsluttet": d("2026-10-31")}, None, Status.DONE),
        ("2026-11-15", {"avsluttet": d("2026-11-10")}, None, Status.DONE_LATE),
        ("2026-11-01", {}, {"mottatt": d("2026-09-01"), "vedtaksdato": d("2026-10-20")}, Status.DONE),
        ("2026-11-20", {}, {"mottatt": d("2026-09-01"), "vedtaksdato": d("2026-11-10")}, Status.DONE_LATE),
        ("2026-11-01", {}, {"mottatt": d("2026-09-01")}, Status.OVERDUE),  # applied for, not yet decided
        # one that came later but ends no later is another service, not its renewal
        (
            "2026-11-01",
            {},
            {"mottatt": d("2026-05-04"), "vedtaksdato": d("2026-06-01"), "gjelder_til": d("2026-10-31")},
            Status.OVERDUE,
        ),
        (
            "2026-11-01",
            {},
            {"mottatt": d("2026-05-04"), "vedtaksdato": d("2026-06-01"), "gjelder_til": d("2027-10-31")},
            Status.DONE,
        ),
        ("2026-11-01", {"utfall": "avslag"}, None, Status.NOT_NEEDED),
    ],
)
def test_a_decision_that_has_run_out_is_overdue_until_somebody_has_decided(
    today: str, case: Mapping[str, Any], later: Mapping[str, Any] | None, status: Status
) -> None:
    first = {**RUNNING, "mottatt": d("2025-12-01"), "gjelder_til": d("2026-10-31"), **case}
    cases = [first] if later is None else [first, {"saksnummer": "2", **later}]

    assert deadline("nytt_vedtak", today, sak=cases).status is status


@pytest.mark.parametrize(
    ("until", "held", "today", "yearly", "before_the_end"),
    [
        # decided on 10 January 2026; ending the day before its anniversary it has no yearly evaluation but one of its own
        (d("2027-01-09"), EMPTY, "2026-10-07", Status.NOT_NEEDED, Status.UPCOMING),
        (d("2027-01-09"), EMPTY, "2026-10-08", Status.NOT_NEEDED, Status.DUE_SOON),
        (d("2027-01-09"), d("2026-12-01"), "2026-12-01", Status.DONE, Status.DONE),
        (d("2027-01-09"), d("2026-12-01"), "2026-11-30", Status.NOT_NEEDED, Status.DUE_SOON),  # planned, not yet held
        (d("2026-03-31"), EMPTY, "2026-02-02", Status.NOT_NEEDED, Status.DUE_SOON),
        # on the anniversary, later, or without an end, the yearly one comes
        (d("2027-01-10"), EMPTY, "2026-12-01", Status.DUE_SOON, Status.NOT_NEEDED),
        (d("2029-01-09"), EMPTY, "2026-12-01", Status.DUE_SOON, Status.NOT_NEEDED),
        (d("2029-01-09"), d("2026-12-01"), "2026-12-01", Status.UPCOMING, Status.NOT_NEEDED),  # held: not this one too
        (EMPTY, EMPTY, "2026-12-01", Status.DUE_SOON, Status.NOT_NEEDED),
        # it has run out: nothing is left to continue or to end
        (d("2026-11-30"), EMPTY, "2026-12-01", Status.NOT_NEEDED, Status.NOT_NEEDED),
    ],
)
def test_a_decision_that_ends_before_its_anniversary_is_evaluated_once_before_it_ends(
    until: Any, held: Any, today: str, yearly: Status, before_the_end: Status
) -> None:
    meeting = {"evaluering": {"møtedato": d("2026-12-01"), "holdt": held}}
    case = {**RUNNING, "gjelder_til": until}

    found = [deadline(rule, today, sak=case, **meeting).status for rule in ("årlig_evaluering", "evaluering_før_slutt")]

    assert found == [yearly, before_the_end]


@pytest.mark.parametrize(
    ("decided", "until", "last", "evaluated"),
    [
        ("2026-01-10", "2026-03-31", "2026-01-10", True),  # no anniversary: the decision's own day
        ("2026-01-10", "2027-01-09", "2026-01-10", True),
        ("2026-01-10", "2027-01-10", "2027-01-10", False),  # it ends on the anniversary
        ("2026-01-10", "2027-03-31", "2027-01-10", False),
        ("2026-01-10", "2027-07-09", "2027-01-10", False),  # a year and a half
        ("2026-01-10", "2027-07-10", "2027-01-10", False),
        ("2026-01-10", "2027-07-11", "2027-01-10", True),
        ("2026-01-10", "2028-01-09", "2027-01-10", True),  # two years: the second ends the day before its anniversary
        ("2026-01-10", "2029-01-09", "2028-01-10", True),
        ("2025-12-10", "2026-12-31", "2026-12-10", False),  # decided three weeks before it began
        ("2024-02-29", "2026-02-27", "2025-02-28", True),
        ("2024-02-29", "2026-02-28", "2026-02-28", False),
        ("2024-02-29", "2028-02-28", "2027-02-28", True),
        ("2024-02-29", "2028-02-29", "2028-02-29", False),
        ("2026-01-10", None, None, False),
        (None, "2028-01-09", None, False),
    ],
)
def test_how_long_after_its_last_anniversary_a_decision_ends(
    decided: str | None, until: str | None, last: str | None, evaluated: bool
) -> None:
    case = {**RUNNING, "vedtaksdato": d(decided) if decided else EMPTY, "gjelder_til": d(until) if until else EMPTY}
    seen = row("sak", "2026-02-01", sak=case)

    assert (seen.lookup("siste_årsdag") or None) == (d(last) if last else None)
    assert bool(seen.lookup("evalueres_før_slutt")) is evaluated


@pytest.mark.parametrize(
    ("until", "today", "held", "yearly", "before_the_end"),
    [
        # decided on 10 January 2026 for two years: a yearly evaluation in January 2027, and one before the end
        ("2028-01-09", "2026-12-01", [], Status.DUE_SOON, Status.NOT_NEEDED),
        ("2028-01-09", "2027-01-20", ["2027-01-12"], Status.DONE, Status.UPCOMING),
        ("2028-01-09", "2027-01-20", ["2026-12-20"], Status.DONE, Status.UPCOMING),  # held a little early
        ("2028-01-09", "2027-10-09", ["2027-01-12"], Status.DONE, Status.DUE_SOON),
        ("2028-01-09", "2027-10-09", ["2027-01-12", "2027-07-05"], Status.DONE, Status.DUE_SOON),  # nearer the anniversary
        ("2028-01-09", "2027-12-01", ["2027-01-12", "2027-11-20"], Status.DONE, Status.DONE),
        # nobody held the yearly one: it alone asks, and a meeting near the end answers both
        ("2028-01-09", "2027-12-01", [], Status.OVERDUE, Status.NOT_NEEDED),
        ("2028-01-09", "2027-12-01", ["2027-11-20"], Status.DONE, Status.DONE),
        ("2028-01-09", "2027-12-01", ["2027-04-01"], Status.DONE, Status.DUE_SOON),
        # three months after the last anniversary, the yearly evaluation is the last one too
        ("2027-04-09", "2027-01-20", [], Status.OVERDUE, Status.NOT_NEEDED),
        ("2027-04-09", "2027-02-20", ["2027-01-12"], Status.DONE, Status.NOT_NEEDED),
        ("2027-04-09", "2027-03-20", ["2027-03-12"], Status.DONE, Status.NOT_NEEDED),
        # eight months after it: a meeting a month before the end counts
        ("2027-09-09", "2027-06-20", ["2027-01-12"], Status.DONE, Status.DUE_SOON),
        ("2027-09-09", "2027-08-20", ["2027-01-12", "2027-08-10"], Status.DONE, Status.DONE),
        # of less than a year: one soon after the decision does not stand in for the one before the end
        ("2026-12-09", "2026-10-01", ["2026-02-10"], Status.NOT_NEEDED, Status.DUE_SOON),
        ("2026-12-09", "2026-10-01", ["2026-08-10"], Status.DONE, Status.DONE),
    ],
)
def test_no_two_evaluations_of_a_decision_for_a_time_ask_for_the_same_meeting(
    until: str, today: str, held: Sequence[str], yearly: Status, before_the_end: Status
) -> None:
    meetings = {"evaluering": [{"holdt": d(day)} for day in held]} if held else {}
    case = {**RUNNING, "gjelder_til": d(until)}

    found = [deadline(rule, today, sak=case, **meetings) for rule in ("årlig_evaluering", "evaluering_før_slutt")]

    assert [each.status for each in found] == [yearly, before_the_end]
    assert sum(each.status.open for each in found) < 2


def test_an_evaluation_before_the_end_is_due_and_announced_with_the_new_decision() -> None:
    case = {**RUNNING, "gjelder_til": d("2027-01-09")}
    evaluation, decision = (deadline(rule, "2026-10-08", sak=case) for rule in ("evaluering_før_slutt", "nytt_vedtak"))

    assert (evaluation.due, evaluation.act_by, evaluation.remind_from) == (d("2027-01-09"), d("2027-01-08"), d("2026-10-08"))
    assert (decision.due, decision.act_by, decision.remind_from) == (d("2027-01-09"), d("2027-01-08"), d("2026-10-08"))


# ------------------------------------------------------------------ why


def in_words(rule: str, today: str, **cells: Cells) -> list[str]:
    seen = row(ALTA.deadlines[rule].on, today, **cells)
    return list(why(work_out(ALTA.deadlines[rule], seen), seen.view, texts_in("nb")))


def test_a_pause_is_told_with_its_days_its_dates_and_its_reason() -> None:
    waited = {**paused("2026-10-20", "2026-11-03"), "grunn": "venter på opplysninger"}
    too_late = {**paused("2026-11-20", "2026-11-24"), "grunn": "bruker ønsker utsettelse"}
    told = in_words("svar", "2026-11-25", sak=PROMISED, pause=[waited, too_late])

    assert "Pauser, Dager: 14 (20.10.2026, 03.11.2026, venter på opplysninger)." in told
    assert "Pauser, Dager: 0 (20.11.2026, 24.11.2026, bruker ønsker utsettelse)." in told


def test_a_birthday_is_not_told_where_an_age_is_explained() -> None:
    told = in_words("blir_myndig", "2026-11-02", sak=RUNNING, person={"fødselsdato": d("2008-12-17")})

    assert not [line for line in told if "17.12" in line]


def test_nobody_has_checked_a_reference_until_somebody_says_so() -> None:
    told = in_words("foreløpig_melding", "2026-11-02", sak=PROMISED)

    assert "Hjemmel: forvaltningsloven § 11 a (ingen har kontrollert henvisningen)." in told
