"""What every command shares: the office it works for, options, and how faults become sentences and exit codes.

Exit codes are those of ``docs/design.md``: 0 done, 1 a check found errors, 2 could not run, 3 left something undone, 4 busy.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec, TypeVar

import click

from pipeline.faults import Fault, NoWorkspace, Several, in_words
from pipeline.files import refuse_unnameable
from pipeline.texts import LANGUAGES, Texts, texts_in

if TYPE_CHECKING:
    from pipeline.profile.checks import ProfileMistake
    from pipeline.run import Workspace

FOUND_ERRORS, COULD_NOT_RUN, LEFT_UNDONE = 1, 2, 3

FIRST_DAY, LAST_DAY = date(1971, 1, 1), date(2098, 12, 31)
"""The as-of days from which every list can look a year back and ahead within `pipeline.calendars`."""

P = ParamSpec("P")
R = TypeVar("R")


class Office:
    """What every command needs to know: the workspace, and the language that its user reads, or has asked for."""

    def __init__(self, folder: Path, language: str | None) -> None:
        """Look for the office's language in the profile, where nobody asked for another."""
        self.folder = folder
        self.asked = language
        self.texts: Texts = texts_in(language or _language_of(folder))

    def texts_of(self, folder: Path) -> Texts:
        """The texts for who works in another folder, such as one just made."""
        return texts_in(self.asked or _language_of(folder))

    @property
    def workspace(self) -> Workspace:
        """The workspace; raises `NoWorkspace` where the folder holds no profile."""
        from pipeline.run import Workspace

        workspace = Workspace(self.folder)
        if not workspace.profile.is_file():
            raise NoWorkspace(folder=str(self.folder))
        return workspace


def _language_of(folder: Path) -> str:
    """The office's language as its profile, or one that it extends, says it, even where the rest is broken; else bokmål."""
    path = folder / "profile.toml"
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Fault):
        tables = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        if "language" not in tables.get("office", {}) and "extends" in tables:
            from pipeline.profile.load import lineage

            for base in lineage(path)[1:]:
                tables = tomllib.loads(base.read_text(encoding="utf-8-sig"))
                if "language" in tables.get("office", {}):
                    break
        language = tables["office"]["language"]
        if language in LANGUAGES:
            return str(language)
    return "nb"


def guarded(command: Callable[Concatenate[Office, P], R]) -> Callable[P, R]:
    """Turn faults into sentences and exit codes, nobody meets a stack trace; refuse a locale that cannot name the files."""

    def refusing(office: Office, /, *args: P.args, **kwargs: P.kwargs) -> R:
        refuse_unnameable(office.folder)
        return command(office, *args, **kwargs)

    return guarded_anywhere(wraps(command)(refusing))


def guarded_anywhere(command: Callable[Concatenate[Office, P], R]) -> Callable[P, R]:
    """As `guarded`, for what tells of the locale itself: ``doctor``, and the night with its log and e-mail."""

    @wraps(command)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        office = click.get_current_context().obj
        try:
            return command(office, *args, **kwargs)
        except Fault as fault:
            tell(fault, office.texts)
            sys.exit(fault.exit_code)
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:  # noqa: BLE001 -- the last resort: a sentence, and where to look, without the data
            _tell_unforeseen(error, office.texts)

    return guarded


def tell(fault: Fault, texts: Texts) -> None:
    """Say on stderr what stopped the command, each mistake of a broken profile on a line of its own."""
    from pipeline.profile.load import BrokenProfile

    if isinstance(fault, Several):
        for each in fault.faults:
            tell(each, texts)
        return
    click.echo(in_words(fault, texts), err=True)
    if isinstance(fault, BrokenProfile):
        for mistake in fault.mistakes:
            click.echo(f"  {_mistake(mistake, texts)}", err=True)


def _mistake(mistake: ProfileMistake, texts: Texts) -> str:
    from pipeline.profile.kinds import facts_in_words

    where = " ".join(part for part in (mistake.table, mistake.key) if part)
    said = texts(mistake.sentence, **facts_in_words(mistake.facts, texts))
    return f"{where}: {said}" if where else said


def _tell_unforeseen(error: Exception, texts: Texts) -> NoReturn:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "?"
    sentence = texts(
        "Something unforeseen happened ({kind} in {where}). Tell the makers of Fristbrev these words.",
        kind=type(error).__name__,
        where=where,
    )
    click.echo(sentence, err=True)
    sys.exit(COULD_NOT_RUN)


class Day(click.ParamType[date]):
    """A day, as 2026-11-23."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day of the calendar; anything else is refused in words."""
        if isinstance(value, date):
            return value
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            day = None
        if day is None or not FIRST_DAY <= day <= LAST_DAY:
            self.fail(f"«{value}» is no day of the calendar that Fristbrev knows; write it as 2026-11-23.", param, ctx)
        return day


as_of = click.option("--as-of", "today", type=Day(), default=date.today, show_default="today", help="The day to reckon from.")
as_it_stood = click.option(
    "--as-it-stood", "stood", is_flag=True, help="By the register and ledger of that day, as the runs have kept them."
)
by_workers = click.option(
    "--workers", type=click.IntRange(1), metavar="N", show_default="the cores", help="How many processes fill letters."
)
as_json = click.option("--json", "machine", is_flag=True, help="Print JSON for programs.")


def print_json(objects: Sequence[dict[str, Any]]) -> None:
    """A list of flat objects on stdout."""
    click.echo(json.dumps(list(objects), ensure_ascii=False, indent=2))
