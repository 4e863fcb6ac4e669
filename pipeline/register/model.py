"""Records and the register they make; and a register seen on a day, which is what rules read.

`Record` and `Register` are values.
A `View` answers what a rule or template asks: it follows references and ways back, and works out computed columns on its day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import cached_property
from typing import Any, Final, NamedTuple, Self

from pipeline.findings import Finding, Place, Severity
from pipeline.profile.expressions import EMPTY, NO_ROWS, CellError, Empty, Rows, Rule, RuleError, Rules, age, rows_of
from pipeline.profile.model import DEADLINES, LETTERS, Profile

KEY_JOINT: Final = " · "
"""Stands between the parts of a key of several columns."""


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to a record by its sheet's name in the profile and its key."""

    sheet: str
    key: str


@dataclass(frozen=True, slots=True)
class FaultyCell:
    """What stands in for a value that cannot be used: unreadable is not empty."""

    finding: Finding

    def __str__(self) -> str:
        """The cell's address."""
        return str(self.finding.place)


Scalar = str | int | float | bool | date | time | Ref
Value = Scalar | tuple[Scalar, ...] | Empty | FaultyCell
"""What a cell holds once read; a column with ``many`` holds a tuple, also where it holds one value."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a sheet.

    Attributes:
        sheet: the sheet's name in the profile.
        key: identifies the record in its sheet; parts of a key of several columns are joined by `KEY_JOINT`.
        place: the row.
        values: by column name; every stored column of the sheet is there.
        columns: Excel's column number by column name.
        ref: a reference to this record.
    """

    sheet: str
    key: str
    place: Place
    values: Mapping[str, Value]
    columns: Mapping[str, int] = field(default_factory=dict)
    ref: Ref = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the reference once: every list of the night asks for it."""
        object.__setattr__(self, "ref", Ref(self.sheet, self.key))

    def cell(self, column: str) -> Place:
        """Where the column's value stands; the row itself for a computed column."""
        return Place(self.place.file, self.place.sheet, self.place.row, self.columns.get(column, 0))


@dataclass(frozen=True)
class Register:
    """All records, and what was found while reading them.

    Attributes:
        profile: the grammar they were read by.
        records: by sheet and key, in the workbook's order.
        findings: the faults, in the order of sheet, row and column.
        excluded: rows that gave no record, each with the finding that says why: rows seen = records + excluded.
    """

    profile: Profile
    records: Mapping[str, Mapping[str, Record]]
    findings: tuple[Finding, ...] = ()
    excluded: tuple[Finding, ...] = ()

    def get(self, ref: Ref) -> Record | None:
        """The record that is referred to, if there is one."""
        return self.records.get(ref.sheet, {}).get(ref.key)

    def with_sheet(self, sheet: str, records: Iterable[Record]) -> Register:
        """The register with one sheet more, such as the ledger's letters."""
        return Register(self.profile, {**self.records, sheet: {r.key: r for r in records}}, self.findings, self.excluded)

    def with_findings(self, findings: Iterable[Finding]) -> Register:
        """The register with further findings."""
        return Register(self.profile, self.records, (*self.findings, *findings), self.excluded)

    def errors(self, ref: Ref) -> tuple[Finding, ...]:
        """The errors that withhold a record's letters."""
        return self._errors.get(ref, ())

    @cached_property
    def _errors(self) -> Mapping[Ref, tuple[Finding, ...]]:
        grouped: defaultdict[Ref, list[Finding]] = defaultdict(list)
        for finding in self.findings:
            if finding.severity is Severity.ERROR and finding.record:
                grouped[Ref(finding.sheet, finding.record)].append(finding)
        return {ref: tuple(found) for ref, found in grouped.items()}

    @cached_property
    def ways_back(self) -> Mapping[tuple[str, str], Mapping[str, tuple[Ref, ...]]]:
        """For each sheet and name of a way back: by key of the record referred to, who refers to it."""
        links = [
            (column.to, column.back, sheet.name, column.name)
            for sheet in self.profile.sheets.values()
            for column in sheet.columns.values()
            if column.to and column.back
        ]
        links += [(sheet, LETTERS, LETTERS, "record") for sheet in self.profile.sheets]
        backs: dict[tuple[str, str], Mapping[str, tuple[Ref, ...]]] = {}
        for target, back, source, column in links:
            found: defaultdict[str, list[Ref]] = defaultdict(list)
            for record in self.records.get(source, {}).values():
                value = record.values.get(column)
                for ref in value if type(value) is tuple else (value,):
                    if type(ref) is Ref and ref.sheet == target:
                        found[ref.key].append(record.ref)
            backs[target, back] = {key: tuple(refs) for key, refs in found.items()}
        return backs


def references(record: Record, column: str) -> tuple[Ref, ...]:
    """What a record refers to in a column; nothing where the cell is empty or faulty."""
    value = record.values.get(column)
    return tuple(ref for ref in (value if isinstance(value, tuple) else (value,)) if isinstance(ref, Ref))


_AS_IT_IS: Final = frozenset((str, date, int, float, bool, time, Empty))
"""Types of values that rules see as the record holds them."""


_ELSEWHERE: Final = object()
"""Stands for a name that is no column with a value of its own."""


Related = Callable[["Row"], Any]
"""What a later station adds to every row's names: its deadlines."""


class View:
    """A register as seen on a day.

    Attributes:
        register: what is looked at.
        today: the day; for letters the letter's own date (``docs/profile.md``, convention 10).
    """

    def __init__(
        self,
        register: Register,
        rules: Rules,
        today: date,
        related: Mapping[str, Related] | None = None,
        computed: Mapping[str, Mapping[str, _Computed]] | None = None,
    ) -> None:
        """Look at the register on a day.

        Args:
            register: what is looked at.
            rules: made for the register's profile, with its terms.
            today: the day.
            related: further names that every row answers to.
            computed: the computed columns, where another view of the same profile has made them ready.
        """
        self.register = register
        self.rules = rules
        self.today = today
        self.related = dict(related or {})
        self._rows: defaultdict[str, dict[str, Row]] = defaultdict(dict)
        self.computed = _computed(register.profile, rules) if computed is None else computed
        self.same_for_all: Mapping[str, Any] = {
            "today": today,
            "age": lambda born: age(born, today),
            "sheets": _Sheets(self),
            **rules.terms,
        }
        self.read: set[Ref] | None = None
        """The records that were asked for anything since; None where nobody keeps count."""

    def __reduce__(self) -> tuple[type[View], tuple[Register, Rules, date, Mapping[str, Related]]]:
        """In another process the same register is looked at anew."""
        return View, (self.register, self.rules, self.today, self.related)

    def assuming(self, record: Record, day: date) -> View:
        """The register seen on a day as if one of its records read otherwise, keeping count of what is read: for a letter."""
        view = View(self.register, self.rules, day, self.related, self.computed)
        view.read = set()
        view._rows[record.sheet][record.key] = _CountedRow(view, record)
        return view

    def with_findings(self, findings: Iterable[Finding]) -> View:
        """The same view of the register with further findings."""
        findings = tuple(findings)
        if not findings:
            return self
        return View(self.register.with_findings(findings), self.rules, self.today, self.related, self.computed)

    def row(self, ref: Ref) -> Row | None:
        """The record that is referred to, seen on this day."""
        rows = self._rows[ref.sheet]
        row = rows.get(ref.key)
        if row is None:
            record = self.register.get(ref)
            if record is None:
                return None
            row = rows[ref.key] = self._seen(record)
        return row

    def rows(self, sheet: str) -> Iterator[Row]:
        """All rows of a sheet, in the workbook's order."""
        rows = self._rows[sheet]
        for key, record in self.register.records.get(sheet, {}).items():
            row = rows.get(key)
            if row is None:
                row = rows[key] = self._seen(record)
            yield row

    def _seen(self, record: Record) -> Row:
        return Row(self, record) if self.read is None else _CountedRow(self, record)

    def evaluate(self, source: str, row: Row) -> Any:
        """The value of an expression on a row; raises as `pipeline.profile.expressions.Rule` does."""
        return self.rules[source](row)

    def outer(self, row: Row, name: str) -> Any:
        """A name that is no column of the row's sheet; raises `KeyError` where nobody knows it."""
        back = self.register.ways_back.get((row.ref.sheet, name))
        if back is not None:
            return Rows([found for ref in back.get(row.ref.key, ()) if (found := self.row(ref)) is not None]) or NO_ROWS
        if name in self.same_for_all:
            return self.same_for_all[name]
        if name in self.related:
            return self.related[name](row)
        if name == row.ref.sheet and name in self.register.profile.sheets:
            return row
        raise KeyError(name)


class Row:
    """A record seen on a day; rules and templates ask it for names."""

    __slots__ = ("_known", "_values", "record", "ref", "view")

    def __init__(self, view: View, record: Record) -> None:
        """See the record in the view."""
        self.view = view
        self.record = record
        self.ref = record.ref
        self._values = record.values
        self._known: dict[str, Any] = {}

    def __eq__(self, other: object) -> bool:
        """Two rows are the same where they are of the same record."""
        return isinstance(other, Row) and other.ref == self.ref

    def __hash__(self) -> int:
        """By the record alone."""
        return hash(self.ref)

    def __str__(self) -> str:
        """The record's key."""
        return self.record.key

    def lookup(self, name: str) -> Any:
        """The value of a column, way back, term or other name.

        Raises:
            CellError: the cell, or one that a computed column needs, cannot be used.
            RuleError: the cells do not fit the computed column's rule.
            KeyError: nobody knows the name.
        """
        value = self._values.get(name, _ELSEWHERE)
        if type(value) in _AS_IT_IS:
            return value
        known = self._known.get(name, _ELSEWHERE)
        if known is _ELSEWHERE:
            if value is _ELSEWHERE:
                shared = self.view.same_for_all.get(name, _ELSEWHERE)
                if shared is not _ELSEWHERE:
                    return shared
            known = self._known[name] = self._beyond(name) if value is _ELSEWHERE else self._linked(value)
        return known

    def valid_on(self, day: date) -> bool:
        """Whether the row's ``valid`` columns span the day, both ends included; an open end does."""
        columns = self.view.register.profile.sheets[self.record.sheet].valid
        if columns is None:
            raise RuleError(f"«valid» is asked of the sheet {self.record.sheet}, which has no «valid» columns")
        start, end = self.lookup(columns[0]), self.lookup(columns[1])
        return not (start is not EMPTY and start > day) and not (end is not EMPTY and end < day)

    def _linked(self, value: Any) -> Any:
        match value:
            case Ref():
                found = self.view.row(value)
                return EMPTY if found is None else found
            case FaultyCell():
                raise CellError(value)
            case tuple():
                return Rows([item if type(item) in _AS_IT_IS else self._linked(item) for item in value])
        return value

    def _beyond(self, name: str) -> Any:
        column = self.view.computed[self.record.sheet].get(name)
        if column is None:
            return self.view.outer(self, name)
        value = column.rule(self)
        if column.many:
            return rows_of(value)
        return bool(value) if column.yesno else value


class _CountedRow(Row):
    """A row that tells its view when it is asked for anything."""

    __slots__ = ("_read",)

    def __init__(self, view: View, record: Record) -> None:
        super().__init__(view, record)
        self._read = False

    def lookup(self, name: str) -> Any:
        if not self._read and self.view.read is not None:
            self.view.read.add(self.ref)
            self._read = True
        return super().lookup(name)


class _Computed(NamedTuple):
    """A computed column: its rule, and what becomes of its value."""

    rule: Rule
    many: bool
    yesno: bool


def _computed(profile: Profile, rules: Rules) -> Mapping[str, Mapping[str, _Computed]]:
    """The computed columns by sheet and name; the built-in sheets have none."""
    return {LETTERS: {}, DEADLINES: {}} | {
        sheet.name: {
            column.name: _Computed(rules[column.value], column.many, column.type == "yesno")
            for column in sheet.columns.values()
            if column.value is not None
        }
        for sheet in profile.sheets.values()
    }


class _Sheets:
    """The name ``sheets``: ``sheets.rates`` is all rows of a sheet, ``sheets.rates['2026']`` one of them."""

    __slots__ = ("_known", "_view")

    def __init__(self, view: View) -> None:
        self._view = view
        self._known: dict[str, _SheetRows] = {}

    def lookup(self, name: str) -> Rows:
        if name not in self._known:
            self._known[name] = _SheetRows(self._view, name)
        return self._known[name]


class _SheetRows(Rows):
    """All rows of a sheet, which can also be asked for one by its key."""

    _view: View
    _sheet: str

    def __new__(cls, view: View, sheet: str) -> Self:
        rows = super().__new__(cls, view.rows(sheet))
        rows._view, rows._sheet = view, sheet
        return rows

    def row(self, key: str) -> Any:
        """The row with this key, or empty."""
        found = self._view.row(Ref(self._sheet, key))
        return EMPTY if found is None else found
