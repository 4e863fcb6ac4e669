"""Statistics of one workspace or of several together: counted, laid out, and written beside the other lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipeline.files import make_folder, replace_or_beside
from pipeline.ledger.store import Ledger
from pipeline.profile.model import Profile
from pipeline.run.sight import look
from pipeline.run.workspace import Stopwatch, Workspace, ledger_path
from pipeline.statistics import words
from pipeline.statistics.figures import Figure, count, together
from pipeline.statistics.flat import as_csv
from pipeline.statistics.kept import with_deadlines
from pipeline.statistics.page import statistics_page
from pipeline.statistics.tables import Table, tabulate
from pipeline.statistics.workbook import statistics_workbook
from pipeline.texts import Texts, message, texts_in


@dataclass(frozen=True, slots=True)
class Counted:
    """A workspace's figures.

    Attributes:
        profile: the routine that says which there are.
        figures: in the profile's order.
    """

    profile: Profile
    figures: tuple[Figure, ...]


def count_figures(workspace: Workspace, today: date, stopwatch: Stopwatch, *, stood: bool = False) -> Counted:
    """Count a workspace's figures on a day.

    Args:
        workspace: the office's folder.
        today: the as-of day.
        stopwatch: measures the stations.
        stood: count by the register as it stood on that day, as the runs have kept it.

    Raises:
        Fault: the profile, the register or its copy of that day cannot be used.
    """
    with Ledger(ledger_path(workspace), read_only=True) as ledger:
        sight = look(workspace, today, ledger, stopwatch, stood=stood, hands=None)
    texts = texts_in(sight.profile.office.language)
    yes_or_no = {True: texts(message("yes")), False: texts(message("no"))}
    return Counted(sight.profile, count(with_deadlines(sight.view, sight.deadlines), yes_or_no))


def write_figures(counted: Counted, folder: Path, today: date) -> tuple[Path, ...]:
    """Write an office's own statistics, with the records behind them, and beside them those that may leave it.

    Returns:
        Where they lie: page, workbook and lines for programs of each.
    """
    texts = texts_in(counted.profile.office.language)
    office = counted.profile.office.municipality
    own = {office: counted.figures}
    name, smallest = texts.name("statistics"), counted.profile.run.smallest
    titles = {sheet.name: sheet.title for sheet in counted.profile.sheets.values()}
    inside = _write(_tables(own, None), folder, name, texts, _Heading(office, today, smallest), titles)
    shared = f"{name} {texts.name('to share')}"
    return inside + _write(_tables(own, smallest), folder, shared, texts, _Heading(office, today, smallest))


def write_together(counted: Mapping[str, Counted], folder: Path, today: date, texts: Texts) -> tuple[Path, ...]:
    """Write what several offices' figures are, each and together, with small numbers hidden.

    Args:
        counted: the offices' figures by name.
        folder: where to write.
        today: the as-of day.
        texts: the reader's language.
    """
    smallest = max(each.profile.run.smallest for each in counted.values())
    tables = _tables({office: each.figures for office, each in counted.items()}, smallest)
    name = f"{texts.name('statistics')} {texts.name('together')}"
    return _write(tables, folder, name, texts, _Heading(" · ".join(counted), today, smallest))


@dataclass(frozen=True, slots=True)
class _Heading:
    """Whose figures, of which day, and from which number on they are shown."""

    whose: str
    today: date
    smallest: int


def _tables(offices: Mapping[str, Sequence[Figure]], smallest: int | None) -> tuple[Table, ...]:
    names = tuple(offices)
    return tuple(tabulate(whole, of_office, names, smallest) for whole, of_office in together(offices))


def _write(
    tables: Sequence[Table],
    folder: Path,
    name: str,
    texts: Texts,
    heading: _Heading,
    titles: Mapping[str, str] | None = None,
) -> tuple[Path, ...]:
    title = f"{texts(words.TITLE)} · {heading.whose}"
    today = heading.today
    made = {
        f"{name}.html": statistics_page(tables, texts, title, today, heading.smallest).encode(),
        f"{name}.xlsx": statistics_workbook(tables, texts, title, today, titles),
        f"{name}.csv": as_csv(tables, texts),
    }
    make_folder(folder)
    return tuple(replace_or_beside(folder / file, content, today) for file, content in made.items())
