"""Alta's own rules on single rows: guards, chains, ages, where the clock of an appeal starts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
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
RULES = Rules(Calendar(ALTA.office.country, ALTA.office.closed))
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


def row(sheet: str, today: str, **cells: Mapping[str, Any]) -> Row:
    """A row of a small register; of a sheet that is not named only what every row has, a pause and an evaluation not at all."""
    records = {
        name: {
            "1": Record(
                name,
                "1",
                Place("r.xlsx", ALTA.sheets[name].title, 2),
                {**{column.name: EMPTY for column in ALTA.sheets[name].stored_columns}, **values, **cells.get(name, {})},
            )
        }
        for name, values in BASE.items()
        if name not in {"pause", "evaluering"} or name in cells
    }
    letters = [Record(LETTERS, "1", Place("", LETTERS), {"record": Ref("sak", "1"), **cells.get(LETTERS, {})})]
    register = Register(ALTA, records).with_sheet(LETTERS, letters if LETTERS in cells else [])
    found = View(register, RULES, d(today), {DEADLINES: deadlines_of}).row(Ref(sheet, "1"))
    assert found is not None
    return found


def deadline(rule: str, today: str, **cells: Mapping[str, Any]) -> Deadline:
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


@pytest.mark.parametrize(
    ("pause", "due"),
    [
        ({"fra": d("2026-10-05"), "til": d("2026-10-19")}, "2026-11-16"),
        ({"fra": d("2026-10-28")}, "2026-11-05"),  # still running: so far three days
    ],
)
def test_a_pause_moves_what_was_promised_by_the_days_it_lasted(pause: Mapping[str, Any], due: str) -> None:
    assert deadline("svar", "2026-10-31", sak=PROMISED, pause=pause).due == d(due)
    assert deadline("svar", "2026-10-31", sak=PROMISED).due == d("2026-11-02")
    assert deadline("foreløpig_melding", "2026-10-31", sak=PROMISED, pause=pause).due == d("2026-09-22"), "it stops no other"


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

    assert bool(row("sak", "2026-11-12", sak=case).lookup("klage_for_sen")) is late


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


def test_an_evaluation_before_the_end_is_due_and_announced_with_the_new_decision() -> None:
    case = {**RUNNING, "gjelder_til": d("2027-01-09")}
    evaluation, decision = (deadline(rule, "2026-10-08", sak=case) for rule in ("evaluering_før_slutt", "nytt_vedtak"))

    assert (evaluation.due, evaluation.act_by, evaluation.remind_from) == (d("2027-01-09"), d("2027-01-08"), d("2026-10-08"))
    assert (decision.due, decision.act_by, decision.remind_from) == (d("2027-01-09"), d("2027-01-08"), d("2026-10-08"))


# ------------------------------------------------------------------ why


def in_words(rule: str, today: str, **cells: Mapping[str, Any]) -> list[str]:
    seen = row(ALTA.deadlines[rule].on, today, **cells)
    return list(why(work_out(ALTA.deadlines[rule], seen), seen.view, texts_in("nb")))


def test_a_pause_is_told_with_its_days_its_dates_and_its_reason() -> None:
    pause = {"fra": d("2026-11-03"), "til": d("2026-11-17"), "grunn": "venter på opplysninger"}
    told = in_words("svar", "2026-11-20", sak=PROMISED, pause=pause)

    assert "Pauser, Dager: 14 (03.11.2026, 17.11.2026, venter på opplysninger)." in told


def test_a_birthday_is_not_told_where_an_age_is_explained() -> None:
    told = in_words("blir_myndig", "2026-11-02", sak=RUNNING, person={"fødselsdato": d("2008-12-17")})

    assert not [line for line in told if "17.12" in line]


def test_nobody_has_checked_a_reference_until_somebody_says_so() -> None:
    told = in_words("foreløpig_melding", "2026-11-02", sak=PROMISED)

    assert "Hjemmel: forvaltningsloven § 11 a (ingen har kontrollert henvisningen)." in told
