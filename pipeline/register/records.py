"""From cells to records: finds sheets and headings, reads every row by its columns' types, and links the rows.

What is wrong with the workbook's shape (a sheet or heading is gone) is a fault, and all of them are told at once.
What is wrong in a row is a finding: the cell becomes a `FaultyCell`, the row stays, and nothing is lost on the way:
rows seen = records + excluded.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Final

from pipeline.faults import (
    DoubleColumn,
    Fault,
    MissingColumn,
    MissingHeadings,
    MissingSheet,
    MisspeltColumn,
    NoWorkbook,
    Several,
)
from pipeline.findings import Finding, Place, Severity, column_letters
from pipeline.profile.expressions import EMPTY, Rules
from pipeline.profile.kinds import WORDS
from pipeline.profile.model import EVERYTHING, Column, Profile, Sheet
from pipeline.register.asides import Line, aside, bare, may_be_aside, spans
from pipeline.register.cells import Conventions, Doubtful, Reader, clean, folded, is_blank, look_alikes, reader_of, several
from pipeline.register.choices import outdated_choices
from pipeline.register.grid import UNCOMPUTED, Raw, SheetCells, Workbook
from pipeline.register.model import KEY_JOINT, FaultyCell, Record, Ref, Register, Value, View
from pipeline.register.problems import Problem, finding_at, worked_out
from pipeline.texts import message

HEADING_ROWS: Final = 10
"""How many rows from the top the line of headings is looked for in."""


def read_register(profile: Profile, rules: Rules, workbooks: Mapping[str, Workbook], today: date) -> Register:
    """All rows of the profile's sheets as typed and linked records.

    Args:
        profile: names the sheets and their columns.
        rules: works out which cells are required.
        workbooks: by path as the profile writes it.
        today: the as-of day, which such rules may read.

    Raises:
        Fault: a workbook, sheet or heading is missing; `Several` where more than one is.
    """
    tables = _tables(profile, workbooks)
    read = {
        table.sheet.name: _rows(profile, table, Conventions(profile.office.country, today, date1904=table.date1904))
        for table in tables
    }
    keyed = _keyed(profile, tables, read)
    for table in tables:
        references = [column.name for column in table.sheet.stored_columns if column.to]
        for row in read[table.sheet.name]:
            if not row.aside:
                _link(row, keyed, references)
    findings: list[Finding] = []
    excluded: list[Finding] = []
    records: dict[str, dict[str, Record]] = {}
    for table in tables:
        records[table.sheet.name] = {}
        findings += _sheet_findings(table, read[table.sheet.name])
        for row in read[table.sheet.name]:
            findings += _settle(table, row)
            if row.excluded:
                excluded.append(_aside_finding(table, row) if row.aside else _key_finding(table, row, row.excluded))
            else:
                place = Place(table.file, table.cells.title, row.number)
                records[table.sheet.name][row.key] = Record(table.sheet.name, row.key, place, row.values, table.columns)
    findings += outdated_choices(profile, workbooks)
    register = Register(profile, records, excluded=in_order(profile, excluded))
    required = tuple(_missing_by_rule(View(register, rules, today)))
    return spoilt(register, required).with_findings(in_order(profile, (*findings, *excluded, *required)))


def in_order(profile: Profile, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of sheet, row and column."""
    order = {name: number for number, name in enumerate(profile.sheets)}
    return tuple(sorted(findings, key=lambda f: (order.get(f.sheet, -1), f.place.row, f.place.column)))


def spoilt(register: Register, findings: Iterable[Finding]) -> Register:
    """The register with a `FaultyCell` in place of every value that an error says is wrong.

    Key columns keep their value, since the key goes on naming the row and what refers to it.
    """
    wrong: defaultdict[Ref, dict[int, Finding]] = defaultdict(dict)
    for finding in findings:
        if finding.severity is Severity.ERROR and finding.place.column:
            wrong[Ref(finding.sheet, finding.record)].setdefault(finding.place.column, finding)
    if not wrong:
        return register
    records = {name: dict(rows) for name, rows in register.records.items()}
    for ref, by_column in wrong.items():
        record, key = records[ref.sheet][ref.key], register.profile.sheets[ref.sheet].key
        faulty = {
            name: FaultyCell(by_column[number])
            for name, number in record.columns.items()
            if number in by_column and name not in key
        }
        records[ref.sheet][ref.key] = replace(record, values={**record.values, **faulty})
    return replace(register, records=records)


# ------------------------------------------------------------------ the workbook's shape


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of the profile found in its workbook."""

    sheet: Sheet
    file: str
    cells: SheetCells
    heading_row: int
    columns: Mapping[str, int]
    date1904: bool


def _tables(profile: Profile, workbooks: Mapping[str, Workbook]) -> tuple[_Table, ...]:
    faults: dict[str, Fault] = {}
    tables: list[_Table] = []
    for sheet in profile.sheets.values():
        path = sheet.workbook or profile.register_file.workbook
        try:
            if path not in workbooks:
                raise NoWorkbook(file=path)
            tables.append(_table(sheet, workbooks[path]))
        except Several as several_faults:
            faults |= {str(fault): fault for fault in several_faults.faults}
        except Fault as fault:
            faults[str(fault)] = fault
    _raise(tuple(faults.values()))
    return tuple(tables)


def _raise(faults: tuple[Fault, ...]) -> None:
    """Raise what there is: a single fault as itself."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise Several(faults)


def _table(sheet: Sheet, workbook: Workbook) -> _Table:
    titles = {bare(title): title for title in workbook.sheets}
    title = sheet.title if sheet.title in workbook.sheets else titles.get(bare(sheet.title))
    if title is None:
        present = ", ".join(f"«{name}»" for name in workbook.sheets)
        raise MissingSheet(sheet=sheet.title, file=workbook.file, present=present, headings=_headings(sheet), name=sheet.name)
    cells = workbook.sheets[title]
    wanted = {bare(name) for column in sheet.stored_columns for name in (column.heading, *column.aliases)}
    lines = [[bare(raw) if isinstance(raw, str) else "" for raw in row] for row in cells.rows[:HEADING_ROWS]]
    matches = [len(wanted.intersection(line)) for line in lines]
    if not any(matches):
        raise MissingHeadings(sheet=title, file=workbook.file, headings=_headings(sheet), rows=HEADING_ROWS, name=sheet.name)
    found = matches.index(max(matches))
    columns = _columns(sheet, workbook.file, cells, found, lines[found])
    return _Table(sheet, workbook.file, cells, found + 1, columns, workbook.date1904)


def _columns(sheet: Sheet, file: str, cells: SheetCells, row: int, line: Sequence[str]) -> Mapping[str, int]:
    """Excel's column number of every stored column, by its name."""
    faults: list[Fault] = []
    columns: dict[str, int] = {}
    missing: list[Column] = []
    for column in sheet.stored_columns:
        name = next((name for name in map(bare, (column.heading, *column.aliases)) if name in line), None)
        if name is None:
            missing.append(column)
            continue
        places = [Place(file, cells.title, row + 1, number) for number, heading in enumerate(line, 1) if heading == name]
        columns[column.name] = places[0].column
        if len(places) > 1:
            first, second = places[0].cell, places[1].cell
            faults.append(DoubleColumn(sheet=cells.title, file=file, heading=column.heading, first=first, second=second))
    spare = {heading: number for number, heading in enumerate(line, 1) if heading and number not in columns.values()}
    for column in missing:
        facts = {"heading": column.heading, "sheet": cells.title, "file": file, "name": sheet.name, "column": column.name}
        near = difflib.get_close_matches(bare(column.heading), spare, n=1, cutoff=0.7)
        if near:
            number = spare[near[0]]
            heading = clean(str(cells.rows[row][number - 1]))
            faults.append(MisspeltColumn(**facts, nearest=heading, cell=Place(file, "", row + 1, number).cell))
        else:
            faults.append(MissingColumn(**facts, **_where_to_add(sheet, column, columns)))
    _raise(tuple(faults))
    return columns


def _headings(sheet: Sheet) -> str:
    return ", ".join(f"«{column.heading}»" for column in sheet.stored_columns)


def _where_to_add(sheet: Sheet, column: Column, found: Mapping[str, int]) -> Mapping[str, str]:
    """Beside which column a register in use gets a column that the profile asks for, and what it holds."""
    before = sheet.stored_columns[: sheet.stored_columns.index(column)]
    neighbour = next((other for other in reversed(before) if other.name in found), None)
    letters = column_letters(found[neighbour.name]) if neighbour else ""
    after = f"«{neighbour.heading}» ({letters})" if neighbour else message("the sheet's left edge")
    choices = f" ({', '.join(column.choices)})" if column.choices else ""
    return {"after": after, "kind": WORDS[column.type], "choices": choices}


# ------------------------------------------------------------------ rows


@dataclass(slots=True)
class _Row:
    """A row on its way to a record; the stations of `read_register` fill it in.

    Attributes:
        number: Excel's row number.
        values: what could be read, references still as they are written.
        problems: what could not be read, or was read with a doubt, by column, with the value as shown.
        key: set once the references in the key are resolved.
        doubles: where other rows with the same key stand.
        excluded: why the row gives no record.
        aside: Excel's number of the first filled column, where the row is no record by what it is; else 0.
        covered: further columns that share the problem of the column which names them.
    """

    number: int
    values: dict[str, Value]
    problems: dict[str, tuple[Problem, str]]
    key: str = ""
    doubles: list[str] = field(default_factory=list)
    excluded: Problem | None = None
    aside: int = 0
    covered: Mapping[str, Sequence[str]] = field(default_factory=dict)


def _rows(profile: Profile, table: _Table, conventions: Conventions) -> list[_Row]:
    """Every row below the headings in which a column of the profile holds something."""
    sheet, faulty = table.sheet, table.cells.faulty
    readers = [
        (column.name, table.columns[column.name] - 1, _reader(profile, column, conventions), column.required is True)
        for column in sheet.stored_columns
    ]
    faulty_rows = {row for row, _ in faulty}
    rows: list[_Row] = []
    for number, cells in enumerate(table.cells.rows[table.heading_row :], start=table.heading_row + 1):
        values: dict[str, Value] = {}
        problems: dict[str, tuple[Problem, str]] = {}
        blank = True
        for name, index, reader, required in readers:
            raw = cells[index]
            if isinstance(raw, str) and is_blank(raw):
                if number in faulty_rows and (error := faulty.get((number, index + 1))) is not None:
                    problems[name] = (Problem("formula-uncomputed" if error == UNCOMPUTED else "cell-error"), error)
                    blank = False
                elif required:
                    problems[name] = (Problem("required-missing"), "")
                values[name] = EMPTY
                continue
            blank = blank and raw is False
            reading = reader(raw)
            if isinstance(reading, Problem):
                problems[name] = (reading, conventions.shown(raw))
                values[name] = EMPTY
            elif isinstance(reading, Doubtful):
                problems[name] = (reading.problem, conventions.shown(raw))
                values[name] = reading.value
            else:
                values[name] = reading
        if not blank:
            rows.append(_Row(number, values, problems))
    _set_merged(table, rows)
    _set_aside(table, rows)
    return rows


def _set_merged(table: _Table, rows: Iterable[_Row]) -> None:
    """Merged cells are in error in every row that they cover: what belongs to which row nobody can tell."""
    numbers = {row.number: row for row in rows}
    by_column = sorted((number, name) for name, number in table.columns.items())
    for area in table.cells.merged:
        names = [name for number, name in by_column if area.first_column <= number <= area.last_column]
        if not names or (area.first_row == area.last_row and len(names) == 1):
            continue  # it reaches over columns that nobody reads
        for number in range(area.first_row, min(area.last_row, len(table.cells.rows)) + 1):
            row = numbers.get(number)
            if row is None:
                continue
            first, *others = names
            row.problems[first] = (Problem("merged-cells", facts=(("cells", str(area)),)), "")
            row.covered = {**row.covered, first: others}
            for name in others:
                row.problems.pop(name, None)


def _set_aside(table: _Table, rows: Sequence[_Row]) -> None:
    """Leave out the rows that are no records by what they are, from below, since what stands last is looked at closer."""
    by_column = sorted((number, table.sheet.columns[name]) for name, number in table.columns.items())
    headings = {number: _names(column) for number, column in by_column}
    key = table.columns[table.sheet.key[0]]
    last = True
    rows_above = (None, *rows)
    for row, above in zip(reversed(rows), reversed(rows_above[:-1]), strict=True):
        cells = table.cells.rows[row.number - 1]
        keyed = _holds(table, row.number, key)
        lacking = not keyed or any(problem.severity is Severity.ERROR for problem, _ in row.problems.values())
        summing = row.number in table.cells.summing
        if not (last or lacking or summing or may_be_aside(cells[key - 1], headings[key])):
            continue
        filled = [number for number, _ in by_column if _holds(table, row.number, number)]
        line = Line(
            cells=[cells[number - 1] for number in filled],
            headings=[headings[number] for number in filled],
            keyed=keyed,
            lacking=lacking,
            summing=summing,
            last=last,
            apart=above is not None and above.number < row.number - 1,
        )
        row.excluded = aside(line) if filled else None
        if row.excluded:
            row.aside = filled[0]
        else:
            last = False


def _holds(table: _Table, row: int, column: int) -> bool:
    """Whether a cell holds anything, an error or an uncomputed formula included."""
    return _is_filled(table.cells.rows[row - 1][column - 1]) or (row, column) in table.cells.faulty


def _is_filled(raw: Raw) -> bool:
    return not (isinstance(raw, str) and is_blank(raw))


def _names(column: Column) -> frozenset[str]:
    return frozenset(map(bare, (column.heading, *column.aliases)))


def _reader(profile: Profile, column: Column, conventions: Conventions) -> Reader:
    reader = _reference_reader(profile, column, conventions) if column.to else reader_of(column, conventions)
    return several(reader) if column.many else reader


def _reference_reader(profile: Profile, column: Column, conventions: Conventions) -> Reader:
    """A reader of references: a cell is read as the other sheet's key is, so that a date finds a date however it is typed."""
    target = column.to or ""
    readers = [reader_of(leaf, conventions) for leaf in _key_leaves(profile, target)]

    def read(raw: Raw) -> Ref:
        parts: Sequence[Raw] = (raw,)
        if len(readers) > 1 and isinstance(raw, str):
            parts = [part.strip() for part in raw.split(KEY_JOINT.strip())]
        if len(parts) != len(readers):
            return Ref(target, _key_text(conventions.shown(raw)))
        readings = [(reader(part), part) for reader, part in zip(readers, parts, strict=True)]
        return Ref(target, KEY_JOINT.join(_part_text(reading, conventions.shown(part)) for reading, part in readings))

    return read


def _part_text(reading: object, shown: str) -> str:
    value = reading.value if isinstance(reading, Doubtful) else reading
    return _key_text(shown if isinstance(value, Problem) else value)


def _key_leaves(profile: Profile, sheet: str, seen: frozenset[str] = frozenset()) -> list[Column]:
    """The columns that a sheet's key is made of in the end, references in it followed."""
    leaves: list[Column] = []
    for name in profile.sheets[sheet].key:
        column = profile.sheets[sheet].columns[name]
        if column.to and column.to not in seen:
            leaves += _key_leaves(profile, column.to, seen | {sheet})
        else:
            leaves.append(column)
    return leaves


def _key_text(value: object) -> str:
    """A value as part of a key."""
    match value:
        case Ref():
            return value.key
        case date():
            return value.isoformat()
        case time():
            return f"{value:%H:%M}"
        case _:
            return " ".join(str(value).split())


# ------------------------------------------------------------------ keys and references


@dataclass(frozen=True, slots=True)
class _Keys:
    """The keys of a sheet that stands in the workbook with this title.

    Attributes:
        heading: of the columns that make up the key.
        people: its rows receive letters or are protected, so that people type names and addresses for a key.
        rows: by key as it is written.
        folded: the keys in small letters where that names one alone.
    """

    title: str
    heading: str
    people: bool
    rows: Mapping[str, _Row]
    folded: Mapping[str, str]


def _keyed(profile: Profile, tables: Iterable[_Table], read: Mapping[str, list[_Row]]) -> Mapping[str, _Keys]:
    """Give every row its key; a sheet whose key holds references comes after those it refers to."""
    keyed: dict[str, _Keys] = {}
    by_name = {table.sheet.name: table for table in tables}
    for name in _by_key_references(profile):
        sheet = by_name[name].sheet
        references = [column for column in sheet.key if sheet.columns[column].to]
        rows: dict[str, _Row] = {}
        for row in read[name]:
            if row.aside:
                continue
            _link(row, keyed, references)
            row.key = _key(row, sheet.key)
            _note_look_alikes(row, sheet)
            if not row.key:
                row.excluded = Problem("key-missing")
            elif row.key in rows:
                _mark_double(by_name[name], rows[row.key], row)
            else:
                rows[row.key] = row
        people = sheet.protected is not None or (sheet.recipient is not None and bool(sheet.recipient.address))
        keyed[name] = _Keys(by_name[name].cells.title, _key_heading(sheet), people, rows, _unambiguous(rows))
    return keyed


def _by_key_references(profile: Profile) -> list[str]:
    ordered: list[str] = []

    def visit(name: str, on_the_way: frozenset[str]) -> None:
        if name in ordered or name in on_the_way:
            return
        for column in (profile.sheets[name].columns[key] for key in profile.sheets[name].key):
            if column.to:
                visit(column.to, on_the_way | {name})
        ordered.append(name)

    for name in profile.sheets:
        visit(name, frozenset())
    return ordered


def _note_look_alikes(row: _Row, sheet: Sheet) -> None:
    """A key that holds a letter of another alphabet will not be found by anyone who types it."""
    for name in sheet.key:
        value = row.values[name]
        if isinstance(value, str) and (letters := look_alikes(value)):
            row.problems[name] = (Problem("look-alike", facts=(("letters", letters),)), value)


def _key(row: _Row, columns: Sequence[str]) -> str:
    """The row's key; empty where no part of it is filled in.

    A part that cannot be read counts as it is shown, so that the row stays and what uses the cell is unknown, not absent;
    one that may hold a name typed where a reference belongs is told by its row instead, since keys stand on every list.
    """
    parts = [_key_part(row, name) for name in columns]
    return KEY_JOINT.join(parts) if any(parts) else ""


def _key_part(row: _Row, name: str) -> str:
    problem, shown = row.problems.get(name, (None, ""))
    if problem is not None and problem.secret:
        return f"? {row.number}"
    return shown if row.values[name] is EMPTY and problem is not None else _key_text(row.values[name])


def _mark_double(table: _Table, kept: _Row, double: _Row) -> None:
    """Two rows have one key: the later is left out, and the first is in error too, since nobody can tell which is meant."""
    double.excluded = _double(table, str(_key_place(table, kept)))
    kept.doubles.append(str(_key_place(table, double)))


def _double(table: _Table, other: str) -> Problem:
    return Problem("key-double", facts=(("other", other), ("key", _key_heading(table.sheet))))


def _key_heading(sheet: Sheet) -> str:
    """The headings of the columns that make up a sheet's key."""
    return KEY_JOINT.join(sheet.columns[name].heading for name in sheet.key)


def _key_place(table: _Table, row: _Row) -> Place:
    return Place(table.file, table.cells.title, row.number, table.columns[table.sheet.key[0]])


def _key_finding(table: _Table, row: _Row, problem: Problem) -> Finding:
    column = table.sheet.columns[table.sheet.key[0]]
    return finding_at(_key_place(table, row), table.sheet, column, problem, record=row.key, value=row.key)


def _aside_finding(table: _Table, row: _Row) -> Finding:
    """What a row is that is no record; its text is shown nowhere, for remarks name people."""
    problem = row.excluded or Problem("remark-below")
    place = Place(table.file, table.cells.title, row.number, row.aside)
    return Finding(problem.code, place, problem.severity, sheet=table.sheet.name)


def _unambiguous(keys: Iterable[str]) -> Mapping[str, str]:
    by_fold: defaultdict[str, list[str]] = defaultdict(list)
    for key in keys:
        by_fold[folded(key)].append(key)
    return {fold: alike[0] for fold, alike in by_fold.items() if len(alike) == 1}


def _link(row: _Row, keyed: Mapping[str, _Keys], columns: Iterable[str]) -> None:
    """Resolve the row's references in some columns against the sheets that have their keys."""
    for name in columns:
        value = row.values[name]
        if isinstance(value, Ref):
            row.values[name] = _linked(row, name, value, keyed)
        elif isinstance(value, tuple):
            row.values[name] = tuple(_linked(row, name, ref, keyed) for ref in value if isinstance(ref, Ref))


def _linked(row: _Row, column: str, ref: Ref, keyed: Mapping[str, _Keys]) -> Ref:
    """The reference as the other sheet writes the key; where there is none, itself with a problem noted in the row."""
    keys = keyed.get(ref.sheet)
    if keys is not None and ref.key in keys.rows:
        return ref
    key = keys.folded.get(folded(ref.key)) if keys else None
    if key is None and (letters := look_alikes(ref.key)):
        row.problems[column] = (Problem("look-alike", facts=(("letters", letters),)), ref.key)
        return ref
    if key is None:
        facts = (("target", keys.title if keys else ref.sheet), ("key", keys.heading if keys else ""))
        row.problems[column] = (Problem("reference-broken", facts=facts, secret=keys is None or keys.people), ref.key)
        return ref
    if column not in row.problems:
        row.problems[column] = (Problem("reference-case", Severity.WARNING, (("key", key),), revealing=True), ref.key)
    return Ref(ref.sheet, key)


# ------------------------------------------------------------------ findings


def _settle(table: _Table, row: _Row) -> Iterator[Finding]:
    """The row's findings, each error also standing in its cell as a `FaultyCell`."""
    if row.aside:
        return
    for name, (problem, shown) in row.problems.items():
        if problem.code == "required-missing" and row.excluded and name in table.sheet.key:
            continue  # the missing key has its own finding
        place = Place(table.file, table.cells.title, row.number, table.columns[name])
        finding = finding_at(place, table.sheet, table.sheet.columns[name], problem, record=row.key, value=shown)
        if finding.severity is Severity.ERROR:
            row.values |= {spoilt_name: FaultyCell(finding) for spoilt_name in (name, *row.covered.get(name, ()))}
        yield finding
    yield from _struck(table, row)
    for other in row.doubles:
        yield _key_finding(table, row, _double(table, other))


def _struck(table: _Table, row: _Row) -> Iterator[Finding]:
    """What is struck through counts all the same, but a person ought to look; a whole row is told of once."""
    struck, cells = table.cells.struck, table.cells.rows[row.number - 1]
    if not struck or row.excluded:
        return
    filled = [(name, number) for name, number in table.columns.items() if _is_filled(cells[number - 1])]
    wrong = [(name, number) for name, number in filled if (row.number, number) in struck]
    row_place = Place(table.file, table.cells.title, row.number)
    if len(wrong) == len(filled) > 1:
        yield Finding("row-struck", row_place, Severity.WARNING, sheet=table.sheet.name, record=row.key)
        return
    for name, number in wrong:
        heading = table.sheet.columns[name].heading
        place = replace(row_place, column=number)
        yield Finding("cell-struck", place, Severity.WARNING, heading=heading, sheet=table.sheet.name, record=row.key)


def _sheet_findings(table: _Table, rows: Sequence[_Row]) -> Iterator[Finding]:
    """What a person ought to look at in the sheet as a whole: columns that nobody reads, rows that nobody sees, gaps."""
    known = {name for column in table.sheet.columns.values() for name in _names(column)} | set(map(bare, table.sheet.ignores))
    place = Place(table.file, table.cells.title, table.heading_row)
    for number, raw in enumerate(table.cells.rows[table.heading_row - 1], start=1):
        heading = clean(raw) if isinstance(raw, str) else ""
        if heading and bare(heading) not in known and table.sheet.ignores != (EVERYTHING,):
            yield _warning("column-unknown", replace(place, column=number), table.sheet, heading=heading)
    numbers = {row.number for row in rows}
    hidden = numbers & table.cells.hidden
    if hidden:
        yield _warning("rows-hidden", replace(place, row=min(hidden)), table.sheet, rows=spans(hidden))
    gaps = set(range(table.heading_row + 1, max(numbers, default=0))) - numbers
    gaps = {number for number in gaps if not any(map(_is_filled, table.cells.rows[number - 1]))}
    if gaps:
        yield _warning("rows-blank", replace(place, row=min(gaps)), table.sheet, rows=spans(gaps))


def _warning(code: str, place: Place, sheet: Sheet, heading: str = "", **facts: str) -> Finding:
    return Finding(code, place, Severity.WARNING, heading=heading, sheet=sheet.name, facts=tuple(facts.items()))


def _missing_by_rule(view: View) -> Iterator[Finding]:
    """The empty cells that a rule of the profile asks to be filled in."""
    for sheet in view.register.profile.sheets.values():
        rules = [(column, column.required) for column in sheet.stored_columns if isinstance(column.required, str)]
        for row in view.rows(sheet.name) if rules else ():
            record = row.record
            for column, rule in rules:
                if record.values[column.name] is not EMPTY:
                    continue
                required = worked_out(view, rule, row)
                if required:
                    problem = required if isinstance(required, Problem) else Problem("required-missing")
                    yield finding_at(record.cell(column.name), sheet, column, problem, record=record.key, value="")
