"""Merge fields: what a template may name besides its row, and how values stand on paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from markupsafe import Markup, escape

from pipeline.calendars import Duration
from pipeline.letters.model import Letter, Recipient
from pipeline.profile.expressions import EMPTY, Rows
from pipeline.profile.model import OPEN, Column, LetterRule, Profile, Sheet
from pipeline.register.model import Row
from pipeline.texts import Texts, message

PRINT: Final = "_print"
NOTE: Final = "_noted"
TEXT: Final = "_text"
"""The names under which a compiled template finds `Printer.show`, `.noted` and `.text`; no author types them by chance."""

NO_BREAK: Final = "\u00a0"

_NOT_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


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


def names_of_fields(texts: Texts, profile: Profile) -> Mapping[str, tuple[str, ...]]:
    """The built-in merge fields with their parts, in the office's language."""
    return {
        texts.name("recipient"): tuple(texts.name(part) for part in ("name", "address", "role")),
        texts.name("office"): (texts.name("municipality"), *profile.office.fields),
        texts.name("letter"): tuple(
            texts.name(part) for part in ("date", "title", "basis", "enclosures", "parties", "copies", "due", "id")
        ),
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
class Offered:
    """A merge field that an author may use: its name as typed, the heading and the kind of what it prints."""

    name: str
    heading: str
    kind: str


def fields_offered(rule: LetterRule, profile: Profile, texts: Texts) -> tuple[Offered, ...]:
    """Every merge field of a letter: the row's columns, those of the rows it refers to, the built-in ones and the terms."""
    own = profile.sheets[rule.on]
    offered = [Offered(f"{own.name}.{column.name}", column.heading, column.type) for column in _showable(own, rule)]
    for link in own.columns.values():
        if link.to is not None and not link.many:
            offered += [
                Offered(f"{own.name}.{link.name}.{column.name}", f"{link.heading}: {column.heading}", column.type)
                for column in _showable(profile.sheets[link.to], rule)
            ]
    offered += [
        Offered(f"{field}.{part}", part, "text") for field, parts in names_of_fields(texts, profile).items() for part in parts
    ]
    return (*offered, *(Offered(term, shown(value, texts), "text") for term, value in profile.terms.items()))


def _showable(sheet: Sheet, rule: LetterRule) -> Iterator[Column]:
    """The columns that the letter may show: the open ones, and those of the classes that it names."""
    return (column for column in sheet.columns.values() if column.class_ == OPEN or column.class_ in rule.shows)


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
    """Puts values on paper in the recipient's language, and notes the fields that came out empty."""

    def __init__(self, texts: Texts) -> None:
        """Start with nothing noted."""
        self._texts = texts
        self._told = 0
        self.blanks: list[Blank] = []

    def noted(self, value: Any, owner: Any, column: str, source: str) -> Any:
        """The value as it is; noted as a blank where it would print nothing.

        Args:
            value: what the field holds.
            owner: what was asked for it, a row where it is a column of one.
            column: the name that was asked.
            source: the field as the template names it.
        """
        text = value if type(value) is str else str(value) if hasattr(value, "__html__") else shown(value, self._texts)
        if not printable(text).strip():
            self.blanks.append(Blank(source, owner if isinstance(owner, Row) else None, column))
        return value

    def text(self, value: Any) -> Any:
        """The value in words, for a filter of text; a list of values as the list of their words."""
        if isinstance(value, list | tuple):
            return [self.text(item) for item in value]
        return value if isinstance(value, str) or hasattr(value, "__html__") else shown(value, self._texts)

    def show(self, value: Any, source: str = "") -> Markup:
        """The value as XML text.

        Args:
            value: what the expression gave.
            source: its first field, where the template does not say that it may be empty: where it prints nothing although
                no field of it was blank, that one is noted.
        """
        if type(value) is not str and hasattr(value, "__html__"):
            text = str(value.__html__())  # what a macro or the filter «e» made is escaped already
        else:
            text = str(escape(printable(value if type(value) is str else shown(value, self._texts))))
        if source and not text.strip() and len(self.blanks) == self._told:
            self.blanks.append(Blank(source, None, ""))
        self._told = len(self.blanks)
        # a brace as a character reference is text for every pass that the merge library makes, also over footnotes
        if "{" in text or "}" in text:
            text = text.replace("{", "&#123;").replace("}", "&#125;")
        return Markup(text)  # noqa: S704 -- escaped above


def printable(text: str) -> str:
    """The text without the characters that XML cannot hold, in composed Unicode."""
    if text.isascii() and text.isprintable():
        return text
    return _NOT_IN_XML.sub("", unicodedata.normalize("NFC", text))


def shown(value: Any, texts: Texts) -> str:  # noqa: PLR0911 -- one return a kind of value
    """A value as a letter in this language writes it; nothing for an empty one, or for no number and no time."""
    if value is not EMPTY and value != value:  # noqa: PLR0124 -- only these are not themselves
        return ""
    match value:
        case str():
            return value
        case bool():
            return texts("yes") if value else texts("no")
        case date():
            return texts.date(value).replace(" ", NO_BREAK, 1)  # the day stays with its month
        case time():
            return f"{value:%H.%M}" if texts.language == "da" else f"{value:%H:%M}"
        case int() | float():
            return texts.number(value)
        case Duration():
            return period(value, texts)
        case Row():
            return value.record.key
        case list() | tuple():
            return enumeration([shown(item, texts) for item in value], texts)
    return "" if value is EMPTY or value is None else str(value)


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
    return tuple(sorted((field, _plain(value)) for field, value in facts.items()))


def _plain(value: Any) -> str:
    match value:
        case date() | time():
            return value.isoformat()
        case Row():
            return value.record.key
        case list() | tuple():
            return "\n".join(_plain(item) for item in value)
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
