"""A night with somebody watching over it: the log, the alarm on the overview, and word by e-mail."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from pipeline.faults import BUSY, Busy, Fault, in_words
from pipeline.files import refuse_unnameable, shown_name, write_atomically
from pipeline.findings import counted
from pipeline.ledger.store import Ledger
from pipeline.profile.load import load_profile
from pipeline.profile.model import Mail
from pipeline.run.log import Log
from pipeline.run.mail import MailNotSent, send
from pipeline.run.night import Report, run
from pipeline.run.workspace import Clock, Workspace, ledger_path
from pipeline.texts import LANGUAGES, Texts, texts_in

_ALARM: Final = re.compile(r'(</h1>\n)(?:<p class="stale failed overdue"[^\n]*\n)?')
"""Where the page takes word of a night that failed: below its title, in the place of what an earlier night said."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How a run bears that another one is under way, or that the register is being saved.

    Attributes:
        minutes: for how long it tries again.
        sleep: lets so many seconds pass.
        attended: somebody sees on a terminal that it came to nothing, so that nobody else has to be told.
    """

    minutes: int = 0
    sleep: Callable[[float], None] = lambda _: None
    attended: bool = False


NONE_AT_ALL: Final = Patience()
_EVERY: Final = 60.0
"""Seconds from one try to the next."""


def night(
    workspace: Workspace, clock: Clock, tell: Callable[[Fault], None], patience: Patience = NONE_AT_ALL, **wishes: Any
) -> Report:
    """A run as `pipeline.run.night.run` goes it, tried again while it is busy, and whatever became of it told.

    Args:
        workspace: the office's folder.
        clock: the time.
        tell: told why word of a failed run could not be sent.
        patience: for how long it is tried again.
        wishes: what `run` is asked for.

    Raises:
        Fault: as `run` does.
    """
    log = Log(workspace.folder, clock.now)
    log.say("begun", day=clock.today.isoformat())
    try:
        refuse_unnameable(workspace.folder)
        report = _run_when_free(workspace, clock, patience, log, **wishes)
    except Exception as error:
        if not (isinstance(error, Busy) and patience.attended):
            _failed(workspace, clock, error, log, tell)
        raise
    for station, seconds in report.seconds.items():
        log.say(
            "station", run=report.run.number, station=station, seconds=round(seconds, 3), megabytes=report.memory.get(station)
        )
    for fault in report.faults:
        log.say("left undone", run=report.run.number, kind=type(fault).__name__)
    log.say("ended", run=report.run.number, complete=report.complete, **report.figures)
    unsent = _word_of(workspace, clock, report, log)
    return replace(report, faults=(*report.faults, unsent)) if unsent else report


def _run_when_free(workspace: Workspace, clock: Clock, patience: Patience, log: Log, **wishes: Any) -> Report:
    until = clock.ticks() + 60 * patience.minutes
    while True:
        try:
            return run(workspace, clock, **wishes)
        except Fault as fault:
            left = until - clock.ticks()
            if fault.exit_code != BUSY or left <= 0:
                raise
            log.say("busy", kind=type(fault).__name__, minutes=round(left / 60))
        patience.sleep(min(_EVERY, left))


# ------------------------------------------------------------------ a night that failed


def _failed(workspace: Workspace, clock: Clock, error: Exception, log: Log, tell: Callable[[Fault], None]) -> None:
    kind = type(error).__name__
    station = next(iter(getattr(error, "__notes__", ())), "")
    log.say("failed", kind=kind, station=station, exit=error.exit_code if isinstance(error, Fault) else 2)
    mail, texts = _settings(workspace)
    last = _last_good(workspace)
    said = in_words(error, texts) if isinstance(error, Fault) else texts("Something unforeseen happened ({kind}).", kind=kind)
    lines = [
        texts("The run of {day} failed: {reason}", day=clock.today, reason=said),
        texts("The last good run was {when}.", when=day_in_words(last, clock.today, texts)),
        texts("What lies in {folder} is as it was.", folder=shown_name(str(workspace.output))),
    ]
    if not isinstance(error, Busy):  # whoever holds the workspace may be writing the page this very moment
        with suppress(Fault, OSError):
            _ring(workspace.output, " ".join(lines[:2]), texts)
    if mail and not log.said_today("mail", about="failed", kind=kind):
        unsent = _send(mail, texts("Fristbrev: the run of {day} failed", day=clock.today), lines, workspace, clock)
        log.say("mail", about="failed", kind=kind, sent=unsent is None)
        if unsent:
            tell(unsent)


def _ring(output: Path, sentence: str, texts: Texts) -> None:
    """Say it in red on the overview that lies there; the next good run writes a new one."""
    name = texts.name("overview")
    page = output / name / f"{name}.html"
    if page.is_file():
        alarm = f'<p class="stale failed overdue" role="alert">{html.escape(sentence)}</p>\n'
        there = page.read_text(encoding="utf-8")
        write_atomically(page, _ALARM.sub(lambda title: title[1] + alarm, there, count=1).encode())


def _settings(workspace: Workspace) -> tuple[Mail | None, Texts]:
    """Where word goes and in which language, even by a profile that is broken elsewhere."""
    with suppress(Fault):
        profile = load_profile(workspace.profile)
        return profile.mail, texts_in(profile.office.language)
    mail, language = None, "nb"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
        raw = tomllib.loads(workspace.profile.read_text(encoding="utf-8-sig"))
        language = raw["office"]["language"] if raw["office"]["language"] in LANGUAGES else "nb"
        with suppress(ValidationError):
            mail = Mail.model_validate(raw["mail"])
    return mail, texts_in(language)


def _last_good(workspace: Workspace) -> date | None:
    with suppress(Fault), Ledger(ledger_path(workspace), read_only=True) as ledger:
        return next((run.day for run in reversed(ledger.runs()) if run.finished), None)
    return None


# ------------------------------------------------------------------ a night that came to its end


def _word_of(workspace: Workspace, clock: Clock, report: Report, log: Log) -> MailNotSent | None:
    """Send word where something was left undone or the overdue list has news; why that could not be done."""
    mail, texts = _settings(workspace)
    if mail is None or (report.complete and not report.news):
        return None
    new = sum(report.news.values())
    subject = (
        texts.count(
            "Fristbrev: {n} deadline has passed since last time", "Fristbrev: {n} deadlines have passed since last time", new
        )
        if report.complete
        else texts("Fristbrev: the run of {day} left something undone", day=report.run.day)
    )
    lines = [*report_in_words(report, texts), ""]
    if report.news:
        kinds = ", ".join(f"{title} {count}" for title, count in report.news.items())
        lines.append(texts("New among the unknown and overdue: {kinds}.", kinds=kinds))
    if not report.complete:
        lines += [in_words(fault, texts) for fault in report.faults]
        lines.append(texts("The command «fristbrev run» tells what was left undone and how to mend it."))
    lines.append(texts("Look at {page}", page=str(report.page)))
    unsent = _send(mail, subject, lines, workspace, clock)
    log.say("mail", about="news" if report.complete else "left undone", sent=unsent is None)
    return unsent


def _send(mail: Mail, subject: str, lines: list[str], workspace: Workspace, clock: Clock) -> MailNotSent | None:
    try:
        send(mail, subject, lines, clock.now(), workspace.folder)
    except MailNotSent as unsent:
        return unsent
    return None


# ------------------------------------------------------------------ in words


def report_in_words(report: Report, texts: Texts) -> Iterator[str]:
    """A night in three lines."""
    numbers = report.numbers
    yield texts(
        "{read} rows read, {excluded} of them left out; {errors} and {warnings} in the register. The last good run was {when}.",
        read=numbers.read,
        excluded=numbers.excluded,
        **counted(numbers.errors, numbers.warnings, texts),
        when=day_in_words(report.before, report.run.day, texts),
    )
    if numbers.rules:
        yield texts(
            "Deadlines: {unknown} unknown, {overdue} overdue, {soon} due soon.",
            unknown=numbers.unknown,
            overdue=numbers.overdue,
            soon=numbers.due_soon,
        )
    else:
        yield texts("The profile has no deadlines yet: no list will show any, whatever the register holds.")
    made = texts.count("{n} new letter", "{n} new letters", len(report.made)) if report.made else texts("No new letter")
    yield texts(
        "{made}, {withheld} withheld, {manual} to be made by hand, {review} to look through.",
        made=made,
        withheld=numbers.withheld,
        manual=numbers.manual,
        review=numbers.review,
    )


def day_in_words(day: date | None, today: date, texts: Texts) -> str:
    """How long ago a day is, as one says it of a night."""
    if day is None:
        return texts("never")
    near = {0: texts("earlier today"), 1: texts("yesterday")}
    return near.get((today - day).days) or texts("on {day}", day=day)
