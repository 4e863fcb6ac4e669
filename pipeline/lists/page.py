"""The overview as a page: one file that opens from a shared drive, without network and without server.

The lists travel as JSON and become rows where they are looked at: tens of thousands at once cost a browser too much.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment
from markupsafe import Markup

from pipeline.deadlines.model import Status
from pipeline.findings import Severity
from pipeline.letters.model import Outcome
from pipeline.lists import words
from pipeline.lists.overview import LISTED
from pipeline.lists.own import shown
from pipeline.lists.plain import content_digest, page_environment

if TYPE_CHECKING:
    from pipeline.lists.overview import HeldLetter, ListedDeadline, ListedFinding, LyingLetter, Overview
    from pipeline.lists.own import Cell, OwnList, OwnRow
    from pipeline.texts import Texts

_OFF_LIST: Final = tuple(status for status in Status if status not in {Status.UNKNOWN, Status.OVERDUE, Status.DUE_SOON})
"""Statuses of which the page only counts how many there are, all or in part."""

_PACKED_FROM: Final = 1_000_000
"""Characters from which on the lists are packed; a smaller page can be searched and read as it is."""


def render_page(overview: Overview, texts: Texts) -> str:
    """The page as HTML; the content security policy lets run only the style and the script that stand in it.

    Args:
        overview: what to show; everything in it is escaped.
        texts: the reader's language.
    """
    style, script = _asset("overview.css"), _asset("overview.js")
    data, packed = _packed(_data(overview, texts))
    return (
        _environment()
        .get_template("overview.html.j2")
        .render(
            overview=overview,
            texts=texts,
            words=words,
            off_list=[(status, overview.statuses[status]) for status in _OFF_LIST],
            listed=LISTED,
            style=Markup(style),  # noqa: S704 -- a file of this package, not data
            script=Markup(script),  # noqa: S704 -- as above
            data=Markup(data),  # noqa: S704 -- JSON without «<», or base64
            packed=packed,
            style_hash=content_digest(style),
            script_hash=content_digest(script),
        )
    )


class _Pool:
    """Every text of the lists once; rows name it by its place."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._marks: dict[tuple[type, str], list[int]] = {}

    def __call__(self, text: str) -> int:
        return self._places.setdefault(text, len(self._places))

    def all(self, texts: Iterable[str]) -> list[int]:
        places = self._places
        return [places.setdefault(text, len(places)) for text in texts]

    def day(self, day: date | None) -> int:
        return self(day.isoformat() if day else "")

    def mark(self, mark: Status | Outcome | Severity, texts: Texts) -> list[int]:
        """Symbol and word."""
        known = (type(mark), mark.value)
        if known not in self._marks:
            self._marks[known] = [self(_slug(mark)), self(texts(_word(mark)).capitalize())]
        return self._marks[known]

    def texts(self) -> list[str]:
        return list(self._places)


def _data(overview: Overview, texts: Texts) -> tuple[str, ...]:
    """The lists as JSON, in pieces: a row has a value for each column of its table in the template, of its heading's kind."""
    pool = _Pool()
    held = overview.held
    lists = {
        "deadlines": _rows(_deadline(row, n, pool, texts) for n, row in enumerate(overview.deadlines)),
        "cured": _rows(
            [
                pool.mark(cured.was, texts),
                pool(cured.record),
                [pool(cured.title), [], []],
                pool(texts(words.STATUS[cured.now]) if cured.now else texts("not in the register any more")),
            ]
            for cured in (overview.since.cured if overview.since else ())
        ),
        "withheld": _rows(_held(letter, pool, texts) for letter in held if letter.outcome is Outcome.WITHHELD),
        "manual": _rows(
            [*_held(letter, pool, texts)[:2], pool.all((letter.owner, letter.stands_in_for))]
            for letter in held
            if letter.outcome is Outcome.MANUAL
        ),
        "others": _rows(
            _held(letter, pool, texts) for letter in held if letter.outcome not in {Outcome.WITHHELD, Outcome.MANUAL}
        ),
        **{f"own-{n}": _rows(_own(row, own, pool, texts) for row in own.rows) for n, own in enumerate(overview.own)},
        "lying": _rows(_lying(letter, pool, texts) for letter in overview.lying),
        "findings": _rows(_finding(row, pool, texts) for row in overview.findings),
        "excluded": _rows(_finding(row, pool, texts) for row in overview.excluded),
    }
    said = {
        "why": texts("Why this date"),
        "new": texts("new"),
        "away": texts("for {away}", away="{away}"),
        "nobody": texts(words.NOBODY),
        "more": texts("Show more rows ({n} left)", n="{n}"),
        "shown": texts("{shown} of {all} shown", shown="{shown}", all="{all}"),
        "none": texts("No row fits what you look for."),
    }
    heads = (f'{"," * (n > 0)}"{name}":' for n, name in enumerate(lists))
    listed = (piece for pair in zip(heads, lists.values(), strict=True) for piece in pair)
    return ('{"words":', _JSON.encode(said), ',"lists":{', *listed, '},"pool":', _JSON.encode(pool.texts()), "}")


_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def _rows(rows: Iterable[list[Any]]) -> str:
    """Rows as JSON, one after the other: ten times as much memory for all of them as lists."""
    return f"[{','.join(map(_JSON.encode, rows))}]"


def _packed(data: Sequence[str]) -> tuple[str, bool]:
    """JSON as a script element may hold it, so that no text can end the element; packed where it is large."""
    if sum(map(len, data)) < _PACKED_FROM:
        return "".join(data).replace("<", "\\u003c"), False
    packer = zlib.compressobj(zlib.Z_BEST_SPEED)
    packed = b"".join((*(packer.compress(piece.encode()) for piece in data), packer.flush()))
    return base64.b64encode(packed).decode(), True


def _word(mark: Status | Outcome | Severity) -> str:
    match mark:
        case Status():
            return words.STATUS[mark]
        case Outcome():
            return words.OUTCOME[mark]
        case Severity():
            return words.SEVERITY[mark]


def _deadline(row: ListedDeadline, place: int, pool: _Pool, texts: Texts) -> list[Any]:
    return [
        [*pool.mark(row.status, texts), int(row.new)],
        pool(row.record),
        [pool(row.title), pool.all(row.basis), pool.all(row.why)],
        pool.all((row.owner, row.stands_in_for)),
        pool.day(row.due),
        pool.day(row.act_by),
        [pool(words.working_days(row.status, row.working_days, texts)), place],
        pool(row.first_step),
    ]


def _own(row: OwnRow, own: OwnList, pool: _Pool, texts: Texts) -> list[Any]:
    """The cells of an office's own list, each with what it is sorted by: days and numbers are so by size."""
    cells = ([pool(shown(cell, texts)), _order(cell)] for cell in row.cells)
    return [pool(row.record), *cells, *([pool(row.cause)] if own.to_mend else [])]


def _order(cell: Cell) -> float | str:
    match cell:
        case date():
            return cell.toordinal()
        case None:
            return ""
    return cell


def _held(letter: HeldLetter, pool: _Pool, texts: Texts) -> list[Any]:
    return [
        pool.mark(letter.outcome, texts),
        pool(letter.record),
        pool(letter.title),
        pool.all((letter.owner, letter.stands_in_for)),
        pool.all(letter.why),
    ]


def _lying(letter: LyingLetter, pool: _Pool, texts: Texts) -> list[Any]:
    return [
        pool.day(letter.made),
        pool(letter.record),
        pool(letter.title),
        pool(texts(words.ROLE[letter.role]) if letter.role else ""),
        pool.all((letter.owner, letter.stands_in_for)),
        [pool(letter.note), pool(letter.file)],
    ]


def _finding(row: ListedFinding, pool: _Pool, texts: Texts) -> list[Any]:
    told = (row.sheet or row.file, row.cell, row.heading, row.record, row.value, row.message, row.cure)
    return [pool.mark(row.severity, texts), *pool.all(told)]


@cache
def _environment() -> Environment:
    environment = page_environment("pipeline.lists")
    environment.filters["slug"] = _slug
    environment.filters["line"] = _line
    return environment


@cache
def _asset(name: str) -> str:
    return (files("pipeline.lists") / "templates" / name).read_text("utf-8")


def _slug(mark: Status | Outcome | Severity) -> str:
    """The word as a class name of the style sheet: ``due-soon``."""
    return mark.value.replace(" ", "-")


def _line(values: Sequence[int], top: int) -> str:
    """The points of a line over a square of 100 by 100, the highest at the top.

    >>> _line([0, 5, 10], 10)
    '0,100 50,50 100,0'
    """
    step = 100 / max(len(values) - 1, 1)
    return " ".join(f"{round(n * step, 2):g},{round(100 - 100 * value / top, 2):g}" for n, value in enumerate(values))
