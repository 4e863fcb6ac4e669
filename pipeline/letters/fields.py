"""Merge fields: what a template may name besides its row, and how values stand on paper."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final, get_args

from markupsafe import Markup, escape

from pipeline.calendars import Country, Duration
from pipeline.letters.budget import Budget
from pipeline.letters.model import Letter, Recipient, Role
from pipeline.profile import kinds
from pipeline.profile.expressions import EMPTY, Rows
from pipeline.profile.model import Profile
from pipeline.register.model import Row
from pipeline.texts import Texts, message

PRINT: Final = "_print"
NOTE: Final = "_noted"
KEEP: Final = "_kept"
EACH: Final = "_each"
TEXT: Final = "_text"
VOICE: Final = "_voice"
"""The names under which a compiled template finds `Printer.show`, `.noted`, `.kept`, `.each`, `.text` and `.voice`; no author
types them by chance."""

NO_BREAK: Final = "\u00a0"

_LINES: Final = {0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
"""What else ends a line: in the document it is a line break like any other."""

_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


class Unprintable(Exception):
    """A value that no letter can print, or a filter is not made for: a sentence of the catalogues with what it names."""

    def __init__(self, sentence: str, **facts: str) -> None:
        """Keep sentence and facts apart, for they are told in the office's language."""
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Voice:
    """How a letter speaks.

    Attributes:
        texts: the recipient's language.
        office: the office's, for what is told to staff.
        country: whose customs of grouping numbers.
        today: the letter's date.
    """

    texts: Texts
    office: Texts
    country: Country
    today: date


class Year(int):
    """The year of a date: no amount, so that its figures are not grouped; the year before or after one is a year too."""

    __slots__ = ()

    def __add__(self, other: object) -> Any:
        found = super().__add__(other) if isinstance(other, int) else NotImplemented
        return found if found is NotImplemented else Year(found)

    __radd__ = __add__

    def __sub__(self, other: object) -> Any:
        found = super().__sub__(other) if isinstance(other, int) else NotImplemented
        return found if found is NotImplemented else Year(found)


class Fields:
    """A built-in merge field with its parts: the recipient, the office, the letter."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Mapping[str, Any]) -> None:
        """Keep the parts by the names that authors type."""
        self._parts = parts

    def lookup(self, name: str) -> Any:
        """The part; raises `KeyError` where there is none."""
        return self._parts[name]


@dataclass(frozen=True, slots=True)
class Company:
    """What a letter says of itself besides its plan.

    Attributes:
        title: of the letter rule.
        basis: the legal references that are the law on its date.
        enclosures: the titles of what lies with it.
        parties: the names of its other parties.
        copies: the names of those who get a copy.
    """

    title: str
    basis: tuple[str, ...]
    enclosures: tuple[str, ...]
    parties: tuple[str, ...]
    copies: tuple[str, ...]


def kinds_of_fields(texts: Texts, profile: Profile) -> Mapping[str, Mapping[str, kinds.Kind]]:
    """The built-in merge fields with their parts, in the office's language, and the kinds of their values."""
    several = replace(kinds.TEXT, many=True)
    recipient = {"name": kinds.TEXT, "address": several, "role": kinds.Kind("choice", choices=frozenset(get_args(Role)))}
    letter = {
        "date": kinds.DATE,
        "title": kinds.TEXT,
        "basis": several,
        "enclosures": several,
        "parties": several,
        "copies": several,
    }
    letter |= {"due": kinds.DATE, "id": kinds.TEXT, "signed": kinds.YESNO}
    office = {texts.name("municipality"): kinds.TEXT}
    return {
        texts.name("recipient"): {texts.name(part): kind for part, kind in recipient.items()},
        texts.name("office"): office | {name: kinds.kind_of(value) for name, value in profile.office.fields.items()},
        texts.name("letter"): {texts.name(part): kind for part, kind in letter.items()},
    }


def context(row: Row, letter: Letter, company: Company, texts: Texts) -> dict[str, Any]:
    """All merge fields of a letter; `texts` is the office's language, in which they are named."""
    profile = row.view.register.profile
    return {
        **{name: row.view.outer(row, name) for name in profile.terms},
        "sheets": row.view.outer(row, "sheets"),
        row.record.sheet: row,
        texts.name("recipient"): Fields(_recipient(letter.recipient, texts)),
        texts.name("office"): Fields({texts.name("municipality"): profile.office.municipality, **profile.office.fields}),
        texts.name("letter"): Fields(
            {
                texts.name("date"): letter.dated or EMPTY,
                texts.name("title"): company.title,
                texts.name("basis"): Rows(reference.replace("§ ", f"§{NO_BREAK}") for reference in company.basis),
                texts.name("enclosures"): Rows(company.enclosures),
                texts.name("parties"): Rows(company.parties),
                texts.name("copies"): Rows(company.copies),
                texts.name("due"): letter.due or EMPTY,
                texts.name("id"): letter.obligation.id,
                texts.name("signed"): profile.is_signed(letter.obligation.letter),
            }
        ),
    }


def _recipient(recipient: Recipient, texts: Texts) -> Mapping[str, Any]:
    return {
        texts.name("name"): recipient.name or EMPTY,
        texts.name("address"): Rows(recipient.address),
        texts.name("role"): recipient.role,
    }


@dataclass(frozen=True, slots=True)
class Blank:
    """A merge field that printed nothing.

    Attributes:
        source: the field as the template names it.
        row: the row that was asked; None where no row was.
        column: the name that was asked of it.
    """

    source: str
    row: Row | None
    column: str


class Printer:
    """Puts values on paper in the recipient's language, and notes the fields that came out empty.

    Attributes:
        voice: how the letter speaks.
        blanks: what came out empty.
    """

    def __init__(self, voice: Voice, budget: Budget | None = None) -> None:
        """Start with nothing noted."""
        self.voice = voice
        self.blanks: list[Blank] = []
        self._texts = voice.texts
        self._budget = budget or Budget()
        self._told = 0
        self._kept: dict[str, Blank] = {}

    @property
    def names(self) -> dict[str, Any]:
        """What a compiled template finds of it."""
        return {
            PRINT: self.show,
            NOTE: self.noted,
            KEEP: self.kept,
            EACH: self.each,
            TEXT: self.text,
            VOICE: self.voice,
        }

    def noted(self, value: Any, owner: Any, column: str, source: str, root: Any = None) -> Any:
        """The value as it is; noted as a blank where it would print nothing, in any of the rows that are asked for it.

        Args:
            value: what the field holds.
            owner: what was asked for it, a row where it is a column of one.
            column: the name that was asked.
            source: the field as the template names it.
            root: what the first name of the source stands for, where the owner is another.
        """
        text = value if type(value) is str else str(value) if hasattr(value, "__html__") else shown(value, self._texts)
        if not text or not (text[0].isalnum() or is_seen(printable(text))):
            if root is None and owner is EMPTY and len(self.blanks) > self._told:
                return value  # it was asked of a blank that is noted already
            self._note(*_blanks(owner, column, source, root), self._kept.get(source))
        elif isinstance(value, Rows) and isinstance(owner, Rows):
            self.each(owner, column, source.removesuffix(f".{column}"))
        return value

    def each(self, rows: Any, path: str, source: str) -> Any:
        """The rows as they are, on their way into a list or a sum; those in which the field is empty are noted.

        Args:
            rows: what is asked.
            path: the field that is asked of each, ``person.name``.
            source: the rows as the template names them.
        """
        for row in rows if isinstance(rows, Rows) else ():
            self._note(*_gaps(row, path, f"{source}.{path}", self._texts))
        return rows

    def kept(self, value: Any, owner: Any, column: str, source: str, root: Any, name: str) -> Any:
        """The value as it is, on its way to another name: whoever prints nothing under that name means this field."""
        self._kept.pop(name, None)
        if is_nothing(value, self._texts):
            self._kept[name] = next(iter(_blanks(owner, column, source, root)))
        return value

    def _note(self, *blanks: Blank | None) -> None:
        told = [blank for blank in blanks if blank is not None]
        self.blanks += [blank for blank in told if blank.row is not None] or told[:1]

    def text(self, value: Any) -> Any:
        """The value in words, for a filter of text; a list of values as the list of their words."""
        if isinstance(value, list | tuple):
            return [self._in_words(item) for item in value]
        return self._in_words(value)

    def _in_words(self, value: Any) -> Any:
        return value if isinstance(value, str) or hasattr(value, "__html__") else shown(value, self._texts)

    def show(self, value: Any, source: str = "", root: Any = None) -> Markup:
        """The value as XML text.

        Args:
            value: what the expression gave.
            source: its first field, where the template does not say that it may be empty: where it prints nothing although
                no field of it was blank, that one is noted.
            root: what the first name of that field stands for.
        """
        if type(value) is not str and hasattr(value, "__html__"):
            text = str(value.__html__())  # what a macro or the filter «e» made is escaped already
        else:
            text = str(escape(printable(value if type(value) is str else shown(value, self._texts))))
        if len(text) > _SHORT:
            self._budget.spend(len(text))
        if source and len(self.blanks) == self._told and not (text and text[0].isalnum()) and not is_seen(text):
            self._note(*_blanks(None, "", source, root), self._kept.get(source))
        self._told = len(self.blanks)
        # a brace as a character reference is text for every pass that the merge library makes, also over footnotes
        if "{" in text or "}" in text:
            text = text.replace("{", "&#123;").replace("}", "&#125;")
        return Markup(text)  # noqa: S704 -- escaped above


_SHORT: Final = 1000
"""Up to so many characters a field is printed without looking whether the document gets too long."""


def _blanks(owner: Any, column: str, source: str, root: Any) -> Iterator[Blank]:
    """The cells that a field without a value is missing: its own, or the one before it that leads to no row."""
    if isinstance(owner, Row):
        yield Blank(source, owner, column)
    elif isinstance(owner, Rows) and owner and all(isinstance(row, Row) for row in owner):
        yield from (Blank(source, row, column) for row in owner)
    elif isinstance(root, Row):
        yield from _leading_nowhere(root, source)
    else:
        yield Blank(source, None, column)


def _gaps(row: Any, path: str, source: str, texts: Texts) -> Iterator[Blank]:
    """The cell that is empty where one row is asked for ``person.name``; what leads to several rows is another list."""
    for name in path.split("."):
        if not isinstance(row, Row):
            return
        value = row.lookup(name)
        if is_nothing(value, texts):
            yield Blank(source, row, name)
            return
        row = value


def _leading_nowhere(root: Row, source: str) -> Iterator[Blank]:
    """The first cell on the way of ``case.person.name`` that is empty."""
    rows = [root]
    for name in source.split(".")[1:]:
        values = [(row, row.lookup(name)) for row in rows]
        followed = [item for _, value in values for item in (value if isinstance(value, Rows) else (value,))]
        rows = [item for item in followed if isinstance(item, Row)]
        if not rows:
            yield from (Blank(source, row, name) for row, _ in values)
            return
    yield Blank(source, None, "")


def printable(text: str) -> str:
    """The text without the characters that XML cannot hold, in composed Unicode."""
    if text.isascii() and text.isprintable():
        return text
    text = text.replace("\r\n", "\n").translate(_LINES)
    return _NOT_IN_XML.sub("", unicodedata.normalize("NFC", text))


def is_seen(text: str) -> bool:
    """Whether a reader sees anything of the text: blanks, and marks that only direct how others are set, are nothing."""
    return any(not (c.isspace() or unicodedata.category(c) in {"Cf", "Cc", "Cs"} or c == "\ufffe") for c in text)


def is_nothing(value: Any, texts: Texts) -> bool:
    """Whether a letter would print nothing of the value."""
    if value is EMPTY or value is None:
        return True
    if isinstance(value, str):
        return not is_seen(printable(value))
    return not is_seen(shown(value, texts))


def shown(value: Any, texts: Texts) -> str:  # noqa: C901, PLR0911 -- one return a kind of value
    """A value as a letter in this language writes it; nothing for an empty one, or for no number and no time."""
    if value is not EMPTY and value != value:  # noqa: PLR0124 -- only these are not themselves
        return ""
    match value:
        case str() | Year():
            return str(value)
        case bool():
            return texts("yes") if value else texts("no")
        case date():
            return texts.date(value).replace(" ", NO_BREAK, 1)  # the day stays with its month
        case time():
            return f"{value:%H.%M}" if texts.language == "da" else f"{value:%H:%M}"
        case float() | Decimal() if math.isinf(value):
            return ""
        case int() | float() | Decimal():
            return texts.number(value)
        case timedelta():
            return period(Duration(value.days, "days"), texts)
        case Duration():
            return period(value, texts)
        case Row():
            return value.record.key
        case list() | tuple():
            return enumeration([shown(item, texts) for item in value], texts)
    if value is EMPTY or value is None:
        return ""
    raise Unprintable(message("A whole row, list or table cannot be printed; name a field of it."))


def enumeration(items: Sequence[str], texts: Texts) -> str:
    """A list in running text: mandag, tirsdag og onsdag."""
    if len(items) < 2:
        return "".join(items)
    return texts("{list} and {last}", list=", ".join(items[:-1]), last=items[-1])


_PERIODS: Final = {
    "days": (message("{n} day"), message("{n} days")),
    "weeks": (message("{n} week"), message("{n} weeks")),
    "months": (message("{n} month"), message("{n} months")),
    "years": (message("{n} year"), message("{n} years")),
    "working days": (message("{n} working day"), message("{n} working days")),
}


def period(duration: Duration, texts: Texts) -> str:
    """A period in words: 4 uker."""
    one, many = _PERIODS[duration.unit]
    return texts(one if duration.count == 1 else many, n=duration.count)


def fingerprint(facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """What a letter says of the register, as plain text in order of field; nothing in it depends on place or language."""
    return tuple(sorted((field, plain_fact(value)) for field, value in facts.items()))


def plain_fact(value: Any) -> str:
    """A fact as `fingerprint` has it."""
    match value:
        case date() | time():
            return value.isoformat()
        case Row():
            return value.record.key
        case list() | tuple():
            return "\n".join(plain_fact(item) for item in value)
    return str(value)


def is_fact(value: Any) -> bool:
    """Whether a value read from a row is a fact of the register rather than a way to one."""
    if isinstance(value, list | tuple):
        return all(is_fact(item) for item in value)
    return value is EMPTY or isinstance(value, str | int | float | date | time | Row)


def titles(enclosures: Iterable[str]) -> tuple[str, ...]:
    """The titles of enclosed files: their names without the ending, first letter large."""
    stems = (name.rpartition(".")[0].replace("_", " ") for name in enclosures)
    return tuple(stem[:1].upper() + stem[1:] for stem in stems)
