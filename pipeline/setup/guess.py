"""What a foreign register seems to be: its sheets, keys, columns and references, each guess with its reason.

A guess is made from headings, from what the cells hold, and from nothing else. What could not be told is said as a doubt,
and a doubt names cells and never what stands in them.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import combinations
from typing import Final

from pipeline.calendars import Country
from pipeline.findings import column_letters
from pipeline.profile.kinds import TAKEN
from pipeline.profile.model import OPEN, Column
from pipeline.register.asides import bare
from pipeline.register.cells import Conventions, Reader, clean, folded, is_blank, reader_of
from pipeline.register.grid import Raw, SheetCells, Workbook
from pipeline.register.problems import Problem
from pipeline.register.records import HEADING_ROWS
from pipeline.texts import message

ENOUGH: Final = 0.8
"""The share of a column's cells that must be of a type for the column to be taken for it."""

CERTAIN: Final = 0.95
"""The share where another meaning is likely too: yes and no, and keys that some rows share."""

MOST_CHOICES: Final = 12
MOST_OFFERED: Final = 60
FEWEST_FOR_CHOICES: Final = 6
LONGEST_CHOICE: Final = 30
LONG_TEXT: Final = 40
"""Characters, on the average, from which on a text is free and not a name for something."""

FEWEST_FOR_REQUIRED: Final = 5
MOST_CELLS_NAMED: Final = 5
MOST_FOR_KEY: Final = 8
"""The columns, from the left, that are tried in pairs as a key."""

REASONS: Final[Mapping[str, str]] = {
    "date": message("{read} of {filled} cells hold a day."),
    "time": message("{read} of {filled} cells hold a time of day."),
    "number": message("{read} of {filled} cells hold a number."),
    "yesno": message("{read} of {filled} cells say yes or no."),
    "nin": message("{read} of {filled} cells hold a national id."),
    "choice": message("{filled} cells have {distinct} different values."),
    "ref": message("{read} of {filled} cells hold a key of the sheet «{sheet}»."),
    "text": message("{filled} cells hold texts, {distinct} of them different."),
}

Note = tuple[str, tuple[tuple[str, str], ...]]
"""A sentence of the catalogues and its facts."""


def note(sentence: str, /, **facts: object) -> Note:
    """A sentence with what it names."""
    return sentence, tuple((name, str(fact)) for name, fact in facts.items())


@dataclass(frozen=True, slots=True)
class Words:
    """What headings say, by language and by kind.

    Attributes:
        kinds: words of headings by what such a column is.
        languages: words that tell a language.
        countries: the country of each language.
        classes: what the classes are called, by language.
    """

    kinds: Mapping[str, Sequence[str]]
    languages: Mapping[str, Sequence[str]]
    countries: Mapping[str, Country]
    classes: Mapping[str, Mapping[str, str]]

    def kind(self, heading: str) -> str:
        """What a heading says that the column is, or nothing."""
        return next((kind for kind, words in self.kinds.items() if any(_says(heading, word) for word in words)), "")


@dataclass(frozen=True, slots=True)
class Guess:
    """A column as it seems to be.

    Attributes:
        column: for the profile.
        letters: where it stands.
        kind: what its heading says that it is.
        reason: why it is of this type.
        doubts: what could not be told.
    """

    column: Column
    letters: str
    kind: str
    reason: Note
    doubts: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet as it seems to be.

    Attributes:
        name: in the profile.
        title: the tab's.
        rows: how many there are.
        key: the columns that tell the rows apart.
        reason: why these.
        columns: in their order.
        ignored: headings that the profile leaves out.
        name_from: what makes up a person's name, where rows can receive letters.
        address_from: the lines of the address.
        channel: the column that says how letters go.
        protected: the column that says whose address is protected.
        doubts: what could not be told of the sheet as a whole.
    """

    name: str
    title: str
    rows: int
    key: tuple[str, ...]
    reason: Note
    columns: tuple[Guess, ...]
    ignored: tuple[str, ...] = ()
    name_from: str = ""
    address_from: tuple[str, ...] = ()
    channel: str = ""
    protected: str = ""
    doubts: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A register as it seems to be.

    Attributes:
        language: of the office.
        country: whose numbers and days off.
        reason: why.
        tabs: the sheets.
        doubts: what could not be told of the register as a whole.
    """

    language: str
    country: Country
    reason: Note
    tabs: tuple[Tab, ...]
    doubts: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class _Strip:
    """A column's cells below its heading, blank ones left out, with their row numbers, and what its dropdown offers."""

    number: int
    heading: str
    name: str
    kind: str
    cells: tuple[tuple[int, Raw], ...]
    offered: tuple[str, ...] = ()

    @property
    def letters(self) -> str:
        return column_letters(self.number)

    @property
    def texts(self) -> list[str]:
        return [_shown(raw) for _, raw in self.cells]

    def places(self, rows: Iterable[int]) -> str:
        """Some of the cells by their addresses."""
        found = [f"{self.letters}{row}" for row in rows]
        return ", ".join(found[:MOST_CELLS_NAMED]) + (" …" if len(found) > MOST_CELLS_NAMED else "")


@dataclass(slots=True)
class _Sheet:
    """A tab on its way to a `Tab`."""

    name: str
    title: str
    rows: int
    strips: list[_Strip]
    ignored: list[str] = field(default_factory=list)
    doubts: list[Note] = field(default_factory=list)
    key: tuple[str, ...] = ()
    reason: Note = ("", ())


def propose(
    workbook: Workbook,
    dropdowns: Mapping[str, Mapping[int, Sequence[str]]],
    words: Words,
    conventions: Conventions,
    fallback: str,
) -> Proposal:
    """What a register seems to be.

    Args:
        workbook: the register.
        dropdowns: what its cells may be chosen from, by the tab's title and the column's number.
        words: what headings say.
        conventions: how its cells are read; the country is that of the language that is found.
        fallback: the language where nothing tells it.
    """
    taken: set[str] = set()
    doubts: list[Note] = []
    sheets: list[_Sheet] = []
    for cells in workbook.sheets.values():
        sheet = _sheet(cells, dropdowns.get(cells.title, {}), words, taken)
        if sheet is not None and _are_lists(sheet):
            doubts.append(note(message("The tab «{sheet}» holds lists to choose from; it is left out."), sheet=cells.title))
        elif sheet is None:
            doubts.append(
                note(
                    message("The tab «{sheet}» has no line of headings within its first {rows} rows; it is left out."),
                    sheet=cells.title,
                    rows=HEADING_ROWS,
                )
            )
        else:
            sheets.append(sheet)
            taken.add(sheet.name)
    language, reason = _language([strip.heading for sheet in sheets for strip in sheet.strips], words, fallback)
    country = words.countries[language]
    conventions = replace(conventions, country=country, date1904=workbook.date1904)
    for sheet in sheets:
        _find_key(sheet)
    for sheet in sheets:
        _say_whose_day(sheet, sheets)
    tabs = tuple(_tab(sheet, sheets, words, language, conventions) for sheet in sheets)
    return Proposal(language, country, reason, tabs, tuple(doubts))


# ------------------------------------------------------------------ sheets and headings


def _are_lists(sheet: _Sheet) -> bool:
    """Columns of different lengths in which nothing stands twice, or a single one: no rows, but lists side by side."""
    lengths = [len(strip.cells) for strip in sheet.strips]
    shorter = sum(length < max(lengths) for length in lengths)
    alone = len(lengths) == 1 and not sheet.ignored
    return (alone or (len(lengths) > 1 and 2 * shorter >= len(lengths))) and all(
        strip.cells and _unlike(strip) == len(strip.cells) and _from_the_top(strip) for strip in sheet.strips
    )


def _from_the_top(strip: _Strip) -> bool:
    rows = [row for row, _ in strip.cells]
    return not rows or rows[-1] - rows[0] == len(rows) - 1


def _sheet(cells: SheetCells, dropdowns: Mapping[int, Sequence[str]], words: Words, taken: Iterable[str]) -> _Sheet | None:
    heading_row = _heading_row(cells)
    if heading_row is None:
        return None
    line = [" ".join(clean(raw).split()) if isinstance(raw, str) else "" for raw in cells.rows[heading_row]]
    width = len(line)
    numbers = [
        number
        for number in range(heading_row + 2, len(cells.rows) + 1)
        if number not in cells.summing and sum(map(_is_filled, cells.rows[number - 1])) > 0
    ]
    while numbers and width > 2 and sum(map(_is_filled, cells.rows[numbers[-1] - 1])) == 1:
        numbers.pop()  # a remark below the table
    sheet = _Sheet(_name(cells.title, set(taken)), cells.title, len(numbers), [])
    repeated = {heading for heading, count in Counter(map(bare, line)).items() if heading and count > 1}
    for number, heading in enumerate(line, 1):
        found = tuple((row, raw) for row in numbers if _is_filled(raw := cells.rows[row - 1][number - 1]))
        if not heading:
            if found:
                sheet.doubts.append(
                    note(message("Column {column} has no heading, so it is not read."), column=column_letters(number))
                )
        elif bare(heading) in repeated:
            if heading not in sheet.ignored:
                sheet.ignored.append(heading)
                sentence = message("«{heading}» stands over more than one column; it is left out until each has its own name.")
                sheet.doubts.append(note(sentence, heading=heading))
        else:
            used = {strip.name for strip in sheet.strips}
            offered = tuple(dropdowns.get(number, ()))
            sheet.strips.append(_Strip(number, heading, _name(heading, used), words.kind(heading), found, offered))
    return sheet if sheet.strips else None


def _heading_row(cells: SheetCells) -> int | None:
    """The index of the line of headings: the first with the most different texts among the first lines."""
    best, found = 1, None
    for index, row in enumerate(cells.rows[:HEADING_ROWS]):
        texts = [folded(raw) for raw in row if isinstance(raw, str) and not is_blank(raw)]
        others = sum(1 for raw in row if not isinstance(raw, str))
        score = len(set(texts)) - 2 * others
        if score > best:
            best, found = score, index
    return found


_KEYWORDS: Final = frozenset(("and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "loop", "self", "letters"))


def _name(heading: str, used: Iterable[str]) -> str:
    """A heading or title as a name that rules can use."""
    name = re.sub(r"\W+", "_", heading.casefold()).strip("_") or "x"
    if name[0].isdigit():
        name = f"x_{name}"
    if name in TAKEN or name in _KEYWORDS:
        name = f"{name}_"
    known, plain, number = set(used), name, 2
    while name in known:
        name, number = f"{plain}_{number}", number + 1
    return name


def _says(heading: str, word: str) -> bool:
    tokens = [*re.findall(r"\w+", folded(heading)), re.sub(r"\W+", "", folded(heading))]
    if word.startswith("*"):
        return any(token.endswith(word[1:]) for token in tokens)
    if word.endswith("*"):
        return any(token.startswith(word[:-1]) for token in tokens)
    return word in tokens


def _language(headings: Iterable[str], words: Words, fallback: str) -> tuple[str, Note]:
    telling = {
        language: [heading for heading in headings if any(_says(heading, word) for word in known)]
        for language, known in words.languages.items()
    }
    headings = list(headings)
    most = max(map(len, telling.values()))
    leading = [language for language, found in telling.items() if len(found) == most]
    if most and len(leading) == 1:
        examples = ", ".join(f"«{heading}»" for heading in list(dict.fromkeys(telling[leading[0]]))[:3])
        return leading[0], note(message("Language and country follow from headings such as {examples}."), examples=examples)
    language = fallback if fallback in words.countries else next(iter(words.countries))
    return language, note(message("Nothing tells the language; see whether it is right."))


# ------------------------------------------------------------------ keys


def _find_key(sheet: _Sheet) -> None:
    """The column, or two, that tell the rows apart; where none does, the one that comes nearest."""
    candidates = sorted((strip for strip in sheet.strips if _may_be_key(strip)), key=lambda strip: _rank(strip, sheet))
    for strip in candidates:
        if len(strip.cells) == sheet.rows and len(set(map(folded, strip.texts))) == sheet.rows:
            sheet.key = (strip.name,)
            sheet.reason = note(
                message("«{heading}» tells the rows apart: its {rows} cells are all different."),
                heading=strip.heading,
                rows=sheet.rows,
            )
            _doubt_personal_key(sheet, strip)
            if _counts_the_rows(strip):
                sheet.doubts.append(note(_COUNTED, heading=strip.heading))
            elif strip.kind != "number" and _is_of_days(strip):
                sheet.doubts.append(note(_BY_CHANCE, rows=sheet.rows, heading=strip.heading))
            elif strip.kind != "number" and sheet.rows < FEWEST_FOR_REQUIRED:
                sheet.doubts.append(note(_FEW_ROWS))
            return
    numbers = [strip for strip in candidates if _unlike(strip) >= CERTAIN * sheet.rows and strip.kind == "number"]
    nearest = max(numbers or candidates or sheet.strips, key=_unlike)
    pair, unlike = (None, 0) if numbers else _best_pair(sheet)
    if pair and unlike > _unlike(nearest):
        _take_pair(sheet, pair)
        heading = " · ".join(strip.heading for strip in pair)
    else:
        sheet.key, unlike, heading = (nearest.name,), _unlike(nearest), nearest.heading
        sheet.reason = note(message("«{heading}» comes nearest to telling the rows apart."), heading=heading)
        _doubt_personal_key(sheet, nearest)
    if unlike < sheet.rows:
        sentence = message(
            "Nothing tells all rows apart: «{heading}» is empty or the same as in another row {count} times. "
            "«validate» shows where; a row whose key another one has is left out until it is mended."
        )
        sheet.doubts.append(note(sentence, heading=heading, count=sheet.rows - unlike))


def _say_whose_day(sheet: _Sheet, sheets: Sequence[_Sheet]) -> None:
    """Where days alone tell the rows apart, they do so by chance as soon as each row refers to another sheet."""
    key = [strip for strip in sheet.strips if sheet.key == (strip.name,) and _is_of_days(strip)]
    for day in key:
        for strip in sheet.strips:
            if strip is not day and len(strip.cells) == sheet.rows and _reference(strip, sheet, sheets):
                _take_pair(sheet, (strip, day))
                sheet.doubts = [doubt for doubt in sheet.doubts if doubt[0] != _BY_CHANCE]
                return


def _take_pair(sheet: _Sheet, pair: tuple[_Strip, _Strip]) -> None:
    first, second = pair
    sheet.key = (first.name, second.name)
    sentence = message("«{first}» and «{second}» tell the rows apart together.")
    sheet.reason = note(sentence, first=first.heading, second=second.heading)


_BY_CHANCE: Final = message("Nothing but these {rows} rows says that «{heading}» never is the same in two.")
_FEW_ROWS: Final = message(
    "The sheet has only a few rows. Is it an explanation or something else that holds no cases, take it out of the profile: "
    "everything from its [sheets. …] to the next line of hyphens."
)
_COUNTED: Final = message(
    "«{heading}» counts the rows. The key follows a case for good: where rows are numbered anew, letters belong to other rows. "
    "Is there a case number that never changes, take that for the key."
)


def _best_pair(sheet: _Sheet) -> tuple[tuple[_Strip, _Strip] | None, int]:
    """The two whole columns that together tell most rows apart, and how many rows these are."""
    whole = [strip for strip in sheet.strips if strip.cells and len(strip.cells) == sheet.rows][:MOST_FOR_KEY]
    pairs = [(pair, len(set(zip(pair[0].texts, pair[1].texts, strict=True)))) for pair in combinations(whole, 2)]
    return max(pairs, key=lambda found: found[1], default=(None, 0))


def _doubt_personal_key(sheet: _Sheet, strip: _Strip) -> None:
    if strip.kind in _PERSONAL:
        sentence = message(
            "The key stands on every list and in the names of files, and «{heading}» is about a person. "
            "Give the sheet a column of numbers of its own before letters are made of it."
        )
        sheet.doubts.append(note(sentence, heading=strip.heading))


def _may_be_key(strip: _Strip) -> bool:
    """Texts, days, and whole numbers where the heading says so: what is counted tells no row apart."""
    return bool(strip.cells) and all(
        isinstance(raw, date)
        or (isinstance(raw, float) and raw.is_integer() and strip.kind == "number")
        or (isinstance(raw, str) and len(clean(raw)) <= LONG_TEXT)
        for _, raw in strip.cells
    )


def _rank(strip: _Strip, sheet: _Sheet) -> tuple[bool, bool, bool, bool, int]:
    """Numbers before others, those that count the rows last of them, then days, then people; else from the left."""
    numbered = strip.kind == "number"
    return (
        strip.kind in _PERSONAL,
        _is_of_days(strip),
        not numbered,
        _counts_the_rows(strip),
        sheet.strips.index(strip),
    )


def _counts_the_rows(strip: _Strip) -> bool:
    """1, 2, 3 and so on from the top: they say where a row stands and not which it is."""
    return [raw for _, raw in strip.cells] == list(range(1, len(strip.cells) + 1))


def _is_of_days(strip: _Strip) -> bool:
    return bool(strip.cells) and isinstance(strip.cells[0][1], date)


def _unlike(strip: _Strip) -> int:
    return len(set(map(folded, strip.texts)))


# ------------------------------------------------------------------ columns

_CLASSES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("name", "first_name", "last_name"), "name"),
    **dict.fromkeys(("address", "postcode", "place", "phone", "email"), "address"),
    **dict.fromkeys(("national_id", "born"), "identity"),
}
_PERSONAL: Final = frozenset(_CLASSES)
_NEVER_NUMBERS: Final = frozenset(("postcode", "phone", "number", "national_id"))
_NEVER_CHOICES: Final = _PERSONAL
_YES_AND_NO: Final = frozenset(("ja", "nei", "nej", "x"))
_BY_HEADING: Final = {"national_id": "nin", "born": "date", "received": "date", "protected": "yesno", "day": "date"}
"""The types of empty columns whose headings say what they are for."""

_TURNED: Final = re.compile(r"[^\W\d_][^,;/\d]*, *[^\W\d_][^,;/\d]*")
"""A name as registers sort it: «Prøve, Kari»."""

_SEVERAL: Final = re.compile(r"\s/\s|[;\n]|\s(?:&|og|och)\s")
"""What stands between two people in one cell."""

_INITIALS: Final = re.compile(r"[^\W\d_]{2,4}")


def _tab(sheet: _Sheet, sheets: Sequence[_Sheet], words: Words, language: str, conventions: Conventions) -> Tab:
    staff = _are_staff(sheet)
    classes = {kind: words.classes[kind][language] for kind in words.classes}
    columns: list[Guess] = []
    for strip in sheet.strips:
        guess = _column(strip, sheet, sheets, conventions)
        class_ = OPEN if staff else _class(strip, guess, classes)
        if class_ == classes["private"]:
            sentence = message('Long texts: lists never show them, and a letter only where it says shows = ["{name}"].')
            guess = replace(guess, doubts=(*guess.doubts, note(sentence, name=class_)))
        if strip.name in sheet.key and class_ != OPEN:
            class_ = OPEN  # a key stands in file names; the doubt says so
        columns.append(replace(guess, column=guess.column.model_copy(update={"class_": class_})))
    tab = Tab(sheet.name, sheet.title, sheet.rows, sheet.key, sheet.reason, tuple(columns), tuple(sheet.ignored))
    return replace(tab, doubts=tuple(sheet.doubts)) if staff else _addressed(tab, sheet, words)


def _are_staff(sheet: _Sheet) -> bool:
    """People known by their initials are at work here, and stand on lists by name."""
    key = next(strip for strip in sheet.strips if strip.name == sheet.key[0])
    return bool(key.cells) and all(_INITIALS.fullmatch(text) and text.isupper() for text in key.texts)


def _class(strip: _Strip, guess: Guess, classes: Mapping[str, str]) -> str:
    if guess.column.type in {"nin", "ref"}:
        return classes["identity"] if guess.column.type == "nin" else OPEN
    if strip.kind in _CLASSES:
        return classes[_CLASSES[strip.kind]]
    if guess.column.type == "text" and _are_turned(strip):
        return classes["name"]
    if guess.column.type == "text" and strip.cells and sum(map(len, strip.texts)) / len(strip.cells) > LONG_TEXT:
        return classes["private"]
    return OPEN


def _are_turned(strip: _Strip) -> bool:
    """Whether these are names with the family name first."""
    return bool(strip.cells) and sum(map(bool, map(_TURNED.fullmatch, strip.texts))) >= ENOUGH * len(strip.cells)


def _spoken_name(name: str, sheet: _Sheet) -> str:
    """The name as a letter has it."""
    strip = next((strip for strip in sheet.strips if strip.name == name), None)
    return f"{name} | given_name_first" if strip is not None and _are_turned(strip) else name


def _of_two(name: str, sheet: _Sheet) -> Iterator[Note]:
    """A letter goes to one person, and has one name on it."""
    for strip in sheet.strips:
        found = [row for (row, _), text in zip(strip.cells, strip.texts, strict=True) if _SEVERAL.search(text)]
        if strip.name == name and found:
            sentence = message(
                "There seems to be more than one person in {cells}. A letter has one name on it: give each a row."
            )
            yield note(sentence, cells=strip.places(found))


def _said_to_be_protected(sheet: _Sheet, words: Words) -> Iterator[Note]:
    """A remark is no protection: nothing reads it before a letter is made."""
    known = words.kinds["protected"]
    for strip in sheet.strips:
        found = [
            row for (row, _), text in zip(strip.cells, strip.texts, strict=True) if any(_says(text, word) for word in known)
        ]
        if found:
            yield note(
                message("{cells} seem to say that an address is protected. A remark stops no letter."),
                cells=strip.places(found),
            )


def _addressed(tab: Tab, sheet: _Sheet, words: Words) -> Tab:
    """The tab with who its rows are, where they have a name and an address."""
    printable = [guess for guess in tab.columns if guess.column.type in {"text", "choice", "number"}]
    by_kind = {guess.kind: guess.column.name for guess in reversed(printable)}
    doubts = list(sheet.doubts)
    names = [by_kind[kind] for kind in ("first_name", "last_name") if kind in by_kind]
    name = " ~ ' ' ~ ".join(names) if len(names) > 1 else by_kind.get("name", names[0] if names else "")
    if not name or "address" not in by_kind:
        return replace(tab, doubts=tuple(doubts))
    last = " ~ ' ' ~ ".join(by_kind[kind] for kind in ("postcode", "place") if kind in by_kind)
    doubts += _of_two(name, sheet)
    protected = next((guess.column.name for guess in tab.columns if guess.kind == "protected"), "")
    if not protected:
        sentence = message(
            "No column says whose address is protected. Add one, and «protected» with its name, before a letter is sent."
        )
        doubts += [note(sentence), *_said_to_be_protected(sheet, words)]
    return replace(
        tab,
        name_from=_spoken_name(name, sheet),
        address_from=(by_kind["address"], *([last] if last else [])),
        channel=by_kind.get("channel", ""),
        protected=protected,
        doubts=tuple(doubts),
    )


def _column(strip: _Strip, sheet: _Sheet, sheets: Sequence[_Sheet], conventions: Conventions) -> Guess:
    """The column as it seems to be, its class left open."""
    found = (
        _reference(strip, sheet, sheets)
        or _from_dropdown(strip)
        or _nothing(strip)
        or _key_column(strip, sheet)
        or _by_reading(strip, conventions)
        or _choices(strip)
        or _text(strip, conventions)
    )
    if strip.cells and sheet.rows >= FEWEST_FOR_REQUIRED and len(strip.cells) == sheet.rows:
        found = replace(found, column=found.column.model_copy(update={"required": True}))
    return found


def _guess(strip: _Strip, type_: str, reason: Note, *doubts: Note, **facts: object) -> Guess:
    column = Column.model_validate({"name": strip.name, "heading": strip.heading, "type": type_, **facts})
    return Guess(column, strip.letters, strip.kind, reason, doubts)


def _reason(type_: str, strip: _Strip, read: int = 0, **facts: object) -> Note:
    distinct = len(set(map(folded, strip.texts)))
    return note(REASONS[type_], read=read, filled=len(strip.cells), distinct=distinct, **facts)


def _from_dropdown(strip: _Strip) -> Guess | None:
    """The column is filled in from a list."""
    known = set(map(folded, strip.offered))
    if not known or strip.kind in _NEVER_CHOICES or len(known) > MOST_OFFERED:
        return None
    if known <= _YES_AND_NO:
        return _guess(strip, "yesno", note(message("Its dropdown offers yes and no.")))
    many = any(re.search(r"[;\n]", text) for text in strip.texts)
    stray = [
        row
        for (row, _), text in zip(strip.cells, strip.texts, strict=True)
        if not known.issuperset(map(folded, _parts(text, many=many)))
    ]
    doubts = [note(message("These are not in its dropdown: {cells}."), cells=strip.places(stray))] if stray else []
    choices = list({folded(choice): choice for choice in reversed(strip.offered)}.values())[::-1]
    return _guess(strip, "choice", note(message("Its dropdown offers these.")), *doubts, choices=choices, many=many)


def _nothing(strip: _Strip) -> Guess | None:
    if strip.cells:
        return None
    type_ = _BY_HEADING.get(strip.kind, "")
    if type_:
        return _guess(strip, type_, note(message("No cell holds anything; the heading says what is to stand there.")))
    return _guess(strip, "text", note(message("No cell holds anything.")), note(message("The type could not be told.")))


def _key_column(strip: _Strip, sheet: _Sheet) -> Guess | None:
    """The one column that tells rows apart is text, whatever its numbers look like: nobody counts with them."""
    if sheet.key != (strip.name,) or _is_of_days(strip):
        return None
    pattern = _pattern(strip.texts)
    facts = {"pattern": pattern} if pattern else {}
    return _guess(strip, "text", _reason("text", strip), unique=True, required=True, **facts)


def _pattern(texts: Sequence[str]) -> str:
    """A regular expression of what all keys look like, where they have digits in the same places, else nothing."""
    shapes = {re.sub(r"\d+", "0", text) for text in texts}
    if len(shapes) != 1 or (shape := shapes.pop()) == "0" or "0" not in shape:
        return ""
    runs = [re.findall(r"\d+", text) for text in texts]
    lengths = [(min(map(len, run)), max(map(len, run))) for run in zip(*runs, strict=True)]
    parts = re.split("0", shape)
    digits = [rf"\d{{{least}}}" if least == most else rf"\d{{{least},{most + 1}}}" for least, most in lengths]
    return "".join(
        re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", part) + digit for part, digit in zip(parts, [*digits, ""], strict=True)
    )


def _reference(strip: _Strip, sheet: _Sheet, sheets: Sequence[_Sheet]) -> Guess | None:
    """The column refers to the sheet whose keys its cells hold."""
    texts = strip.texts or list(strip.offered)
    if strip.kind in _PERSONAL or not texts or any(not isinstance(raw, str | float) for _, raw in strip.cells):
        return None
    many = any(isinstance(raw, str) and re.search(r"[;\n]", clean(raw)) for _, raw in strip.cells)
    parts = [[part for part in map(folded, re.split(r"[;\n]", text)) if part] if many else [folded(text)] for text in texts]
    distinct = {part for cell in parts for part in cell}
    found: list[tuple[bool, float, _Sheet]] = []
    for other in sheets:
        if len(other.key) != 1 or (sheet.key == (strip.name,) and other.rows <= sheet.rows):
            continue  # of two sheets with the same keys the larger one is referred to
        key = next(each for each in other.strips if each.name == other.key[0])
        keys = set(map(folded, key.texts))
        share = sum(keys.issuperset(cell) for cell in parts) / len(parts)
        if share >= ENOUGH and 2 * len(distinct & keys) >= len(distinct):
            found.append((_alike(strip.heading, other.title, key.heading), share, other))
    if not found:
        return None
    named, _, target = max(found, key=lambda each: each[:2])
    if not named and (len(distinct) < 2 or all(part.isdigit() for part in distinct)):
        return None
    key = next(each for each in target.strips if each.name == target.key[0])
    keys = set(map(folded, key.texts))
    stray = [row for (row, _), cell in zip(strip.cells, parts, strict=False) if not keys.issuperset(cell)]
    doubts = [note(message("«validate» finds nothing there for these: {cells}."), cells=strip.places(stray))] if stray else []
    others = [other for _, _, other in found if other is not target]
    if others:
        titles = ", ".join(f"«{other.title}»" for other in others)
        doubts.append(note(message("The cells are also keys of {sheets}."), sheets=titles))
    reason = _reason("ref", strip, len(strip.cells) - len(stray), sheet=target.title)
    if not strip.cells:
        reason = note(message("Its dropdown offers the keys of the sheet «{sheet}»."), sheet=target.title)
    return _guess(strip, "ref", reason, *doubts, to=target.name, many=many)


def _alike(heading: str, title: str, key: str) -> bool:
    """Whether a heading names a sheet or its key: the same word, or the same beginning."""
    said, sheet = bare(heading), bare(title)
    return said == bare(key) or said[:4] == sheet[:4] or sheet.rstrip("enra") in said


def _by_reading(strip: _Strip, conventions: Conventions) -> Guess | None:
    """The first type that can be read from nearly all cells."""
    raws = [raw for _, raw in strip.cells]
    plain = all(isinstance(raw, float) for raw in raws)
    proven = strip.kind == "national_id" or conventions.country != "DK"
    for type_, possible, enough in (
        ("nin", proven and not any(isinstance(raw, bool) for raw in raws), ENOUGH),
        ("date", not plain, ENOUGH),
        ("time", not plain, ENOUGH),
        ("yesno", not plain, CERTAIN),
        ("number", strip.kind not in _NEVER_NUMBERS, ENOUGH),
    ):
        if not possible:
            continue
        reader = _reader(type_, conventions)
        unread = [row for row, raw in strip.cells if isinstance(reader(raw), Problem)]
        read = len(raws) - len(unread)
        if read < enough * len(raws):
            continue
        doubts = []
        if unread:
            sentence = message("These cannot be read so: {cells}. «validate» says what to write instead.")
            doubts.append(note(sentence, cells=strip.places(unread)))
        if type_ == "number" and {_shown(raw) for raw in raws} <= {"0", "1"}:
            doubts.append(note(message("Only 0 and 1; write «yesno» where they mean no and yes.")))
        return _guess(strip, type_, _reason(type_, strip, read), *doubts)
    return None


def _reader(type_: str, conventions: Conventions, **facts: object) -> Reader:
    return reader_of(Column.model_validate({"name": "x", "heading": "x", "type": type_, **facts}), conventions)


def _choices(strip: _Strip) -> Guess | None:
    """The column's cells share a few short values."""
    many = any(re.search(r"[;\n]", text) for text in strip.texts)
    parts = [(row, part) for row, text in zip(strip.cells, strip.texts, strict=True) for part in _parts(text, many=many)]
    counts = Counter(folded(part) for _, part in parts)
    written: dict[str, str] = {}
    for _, part in parts:
        written.setdefault(folded(part), part)
    if any(not isinstance(raw, str) for _, raw in strip.cells):
        return None
    few = 2 <= len(counts) <= MOST_CHOICES and len(strip.cells) >= FEWEST_FOR_CHOICES and len(parts) >= 3 * len(counts)
    if strip.kind in _NEVER_CHOICES or not few or max(map(len, counts)) > LONGEST_CHOICE:
        return None
    slips = {}
    for value, count in counts.items():
        near = difflib.get_close_matches(value, [other for other in counts if counts[other] >= 3], n=1, cutoff=0.85)
        if count == 1 and near:
            slips[value] = near[0]
    doubts = [
        note(
            message("{cell} looks like a slip of «{choice}» and is no choice of its own."),
            cell=strip.places(row for (row, _), part in parts if folded(part) == slip),
            choice=written[meant],
        )
        for slip, meant in slips.items()
    ]
    choices = [written[value] for value in counts if value not in slips]
    return _guess(strip, "choice", _reason("choice", strip), *doubts, choices=choices, many=many)


def _parts(text: str, *, many: bool) -> list[str]:
    return [part for part in map(clean, re.split(r"[;\n]", text)) if part] if many else [text]


def _text(strip: _Strip, conventions: Conventions) -> Guess:
    """Text, and what else some of the cells look like."""
    doubts = []
    reader = _reader("date", conventions)
    days = sum(1 for _, raw in strip.cells if not isinstance(raw, float) and not isinstance(reader(raw), Problem))
    if days:
        sentence = message(
            "{days} of {filled} cells hold a day, too few for a column of days; mend the others and write «date»."
        )
        doubts.append(note(sentence, days=days, filled=len(strip.cells)))
    return _guess(strip, "text", _reason("text", strip), *doubts)


def _is_filled(raw: Raw) -> bool:
    return not (isinstance(raw, str) and is_blank(raw))


def _shown(raw: Raw) -> str:
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return clean(str(raw))
