"""What the annotated copy of a register must not show: everything about people whose address is protected.

A copy lies where more people look than at the register, so it fails closed.
A protected row is hidden whole; of the rows that refer to one, only columns that every list may show stay.
A row that gave no record has not been asked whether it is protected: it is treated as if it were.
Names, addresses and numbers that only a protected row holds are hidden wherever else they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Final

from pipeline.profile.model import OPEN, Sheet
from pipeline.register.grid import Raw, SheetCells
from pipeline.register.model import Record, Ref, Register

_SHORTEST: Final = 5
"""Characters; what is shorter, such as a postal code, names nobody and stands in too many other cells."""

_NAMING: Final = frozenset({"text", "nin"})
"""Types of columns whose values may name a person or a place."""


@dataclass(frozen=True, slots=True)
class TabMask:
    """What is hidden on one tab.

    Attributes:
        shown: for every row that is not shown whole, the numbers of the columns that are.
    """

    shown: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def hides(self, row: int, column: int) -> bool:
        """Whether the cell is hidden; column 0 stands for the row as a whole."""
        return row in self.shown and column not in self.shown[row]

    def hides_all(self, row: int) -> bool:
        """Whether nothing of the row is shown, its key neither."""
        return self.shown.get(row) == frozenset()


class Secrets:
    """Words that only protected rows hold, and where they stand in a text.

    There may be thousands, and every text of a register is asked for them:
    a secret can stand only where its first word does, so only those whose first word the text has are looked for.
    """

    def __init__(self, words: Iterable[str]) -> None:
        """Of these words, in any case."""
        self._by_first: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(words):
            self._by_first[next(iter(_words(word)), "")].append(word)

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self._by_first)

    def replaced(self, text: str, word: str) -> str:
        """The text with `word` in the place of each secret."""
        near = [secret for first in {"", *_words(text)} for secret in self._by_first.get(first, ())] if self else []
        if not near:
            return text
        replaced, found = _finding(frozenset(near)).subn(word, unicodedata.normalize("NFC", text))
        return replaced if found else text


_WORD: Final = re.compile(r"\w+")


class _Plain(dict[int, str]):
    """Letters without their accents, and nothing in the place of an accent that has no letter, by code point."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        self[code] = " " if unicodedata.combining(sign) else unicodedata.normalize("NFD", sign)[0]
        return self[code]


_PLAIN: Final = _Plain({ord("ı"): "i"})


def _words(text: str) -> list[str]:
    """The words of a text without case and accents: whatever a search without case takes for alike is alike here."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text).translate(_PLAIN)
    return _WORD.findall(plain.casefold())


@lru_cache(maxsize=1000)
def _finding(secrets: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, secrets), key=lambda secret: (-len(secret), secret))
    return re.compile(rf"(?<!\w)(?:{'|'.join(longest_first)})(?!\w)", re.IGNORECASE)


@dataclass(frozen=True)
class Mask:
    """What is hidden in one workbook.

    Attributes:
        tabs: by title.
        secrets: the words that only protected rows hold.
        word: what stands in the place of what is hidden.
    """

    tabs: Mapping[str, TabMask]
    secrets: Secrets
    word: str

    def tab(self, title: str) -> TabMask:
        """The mask of a tab, which hides nothing where the profile does not know the tab."""
        return self.tabs.get(title, TabMask())

    def hidden_in(self, text: str) -> str:
        """The text with the words of protected rows hidden in it."""
        return self.secrets.replaced(text, self.word)

    def gives_away(self, value: object) -> bool:
        """Whether a cell's value holds a word of a protected row."""
        if not self.secrets:
            return False
        text = as_text(value)
        if text not in self._asked:
            self._asked[text] = self.hidden_in(text) != text
        return self._asked[text]

    @cached_property
    def _asked(self) -> dict[str, bool]:
        """Most cells of a register repeat what others say."""
        return {}


def masks(
    register: Register, protected: frozenset[Ref], tabs: Mapping[str, Mapping[str, SheetCells]], word: str
) -> Mapping[str, Mask]:
    """What is hidden in each of the register's workbooks.

    Args:
        register: as it was read.
        protected: the rows that are protected, and those that refer to them.
        tabs: the workbooks' tabs by title, by path as the profile writes it.
        word: what stands for what is hidden.

    Returns:
        The masks, by the same paths.
    """
    hidden: dict[str, dict[str, TabMask]] = {path: {} for path in tabs}
    secrets: set[str] = set()
    for sheet in register.profile.sheets.values():
        path = sheet.workbook or register.profile.register_file.workbook
        title = _title(register, sheet)
        if title is None or title not in tabs.get(path, {}):
            continue
        cells = tabs[path][title]
        mask = hidden[path][title] = _tab_mask(register, sheet, protected, len(cells.rows))
        if sheet.protected is not None:
            secrets |= _only_hidden(register, sheet, mask, cells, protected)
    found = Secrets(secrets)
    return {path: Mask(found_tabs, found, word) for path, found_tabs in hidden.items()}


def _records(register: Register, sheet: Sheet) -> Iterator[Record]:
    yield from register.records.get(sheet.name, {}).values()


def _title(register: Register, sheet: Sheet) -> str | None:
    """The title of the sheet's tab as the workbook writes it; None where the sheet has no row."""
    places = [record.place for record in _records(register, sheet)]
    places += [finding.place for finding in register.excluded if finding.sheet == sheet.name]
    return places[0].sheet if places else None


def _tab_mask(register: Register, sheet: Sheet, protected: frozenset[Ref], last: int) -> TabMask:
    records = {record.place.row: record for record in _records(register, sheet)}
    excluded = {finding.place.row for finding in register.excluded if finding.sheet == sheet.name}
    first = min((*records, *excluded))
    columns = next((record.columns for record in records.values()), {})
    is_open = frozenset(number for name, number in columns.items() if sheet.columns[name].class_ == OPEN)
    shown: dict[int, frozenset[int]] = {}
    for row in range(first, last + 1):
        record = records.get(row)
        doubtful = row in excluded or sheet.protected is not None
        if doubtful if record is None else record.ref in protected:
            shown[row] = frozenset() if sheet.protected is not None else is_open
    return TabMask(shown)


def _only_hidden(
    register: Register, sheet: Sheet, mask: TabMask, cells: SheetCells, protected: frozenset[Ref]
) -> frozenset[str]:
    """The values of protected rows, in small letters, that stand in no other row's cell of the same column."""
    rows = {record.place.row for record in _records(register, sheet) if record.ref in protected}
    columns = next((record.columns for record in _records(register, sheet)), {})
    plain = {number for name, number in columns.items() if name in sheet.key or sheet.columns[name].type not in _NAMING}
    naming = [number for number in range(1, len(cells.rows[0]) + 1) if number not in plain] if rows else []
    others = [row for row in range(1, len(cells.rows) + 1) if row not in mask.shown]
    secret: set[str] = set()
    for number in naming:
        of_others = {_text(cells.rows, row, number) for row in others}
        secret |= {_text(cells.rows, row, number) for row in rows} - of_others
    return frozenset(text for text in secret if len(text) >= _SHORTEST)


def _text(rows: Sequence[Sequence[Raw]], row: int, column: int) -> str:
    return unicodedata.normalize("NFC", as_text(rows[row - 1][column - 1])).strip().lower()


def as_text(value: object) -> str:
    """A cell's value as people would type it: a telephone number that Excel keeps as a number has no decimals."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)
