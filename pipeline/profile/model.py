"""The grammar of ``profile.toml`` as frozen models; ``docs/profile.md`` tells it in prose.

An `Expression` is the text of a Jinja2 expression: `pipeline.profile.expressions` compiles it, `.kinds` checks it.
Names that follow from a table's own name (title, heading) are filled in by `pipeline.profile.load` beforehand.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.calendars import Country

Expression = str
"""A Jinja2 expression over the names of a row."""

OPEN: Final = "open"
"""The class of columns that every letter and list may show."""

EVERYTHING: Final = "*"
"""All further columns of a sheet, in its ``ignores``."""

ALWAYS: Final = "true"
"""The condition of what has none."""

LETTERS: Final = "letters"
"""The built-in sheet: the ledger's letters, a row for each letter and recipient."""

DEADLINES: Final = "deadlines"
"""The built-in sheet of what became of deadlines, for statistics."""


def _listed(value: object) -> object:
    """A single text where a list of texts is asked for is a list of one."""
    return (value,) if isinstance(value, str) else value


ClosedDay = Annotated[str, Field(pattern=r"^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
"""``12-24`` every year, or ``2026-05-15`` once: the month before the day."""

Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Table(BaseModel):
    """A TOML table: frozen, and without keys that nobody knows."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Office(Table):
    """Who the office is, and its days; every further key is a merge field."""

    model_config = ConfigDict(frozen=True, extra="allow")

    municipality: str
    country: Country
    language: Literal["nb", "nn", "sv", "da", "en"]
    closed: tuple[ClosedDay, ...] = ()
    start: date | None = None
    letterhead: str | None = None
    signed: bool = False

    @property
    def fields(self) -> dict[str, object]:
        """The further keys, by name."""
        return dict(self.model_extra or {})


class Workbook(Table):
    """Where the register lies, seen from the workspace."""

    workbook: str
    write_back: bool = False


class RecipientRule(Table):
    """How a row is addressed."""

    name: Expression
    address: tuple[Expression, ...]
    language: Expression | None = None
    channel: Expression | None = None


class Column(Table):
    """One column of a sheet."""

    name: str
    heading: str
    type: Literal["text", "number", "date", "time", "choice", "yesno", "ref", "nin"]
    required: bool | Expression = False
    empty: Expression | None = None
    unique: bool = False
    pattern: str | None = None
    min: float | None = None
    max: float | None = None
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    many: bool = False
    to: str | None = None
    back: str | None = None
    not_before: Expression | None = None
    not_after: Expression | None = None
    value: Expression | None = None
    class_: str = Field(default=OPEN, alias="class")

    @property
    def stored(self) -> bool:
        """The column stands in Excel; the others are computed."""
        return self.value is None


class Sheet(Table):
    """One sheet of the register."""

    name: str
    title: str
    key: Texts = Field(min_length=1)
    workbook: str | None = None
    valid: tuple[str, str] | None = None
    recipient: RecipientRule | None = None
    protected: Expression | None = None
    substitute: Expression | None = None
    checks: Mapping[str, Expression] = {}
    ignores: Texts = ()
    columns: Mapping[str, Column]

    @property
    def stored_columns(self) -> tuple[Column, ...]:
        """The columns that stand in Excel, in the profile's order."""
        return tuple(column for column in self.columns.values() if column.stored)


class DeadlineRule(Table):
    """One deadline: when it applies, from when it counts, whose it is, what ends it."""

    name: str
    on: str
    title: str
    basis: Texts = ()
    when: Expression = ALWAYS
    due: Expression | None = None
    from_: Expression | None = Field(default=None, alias="from")
    every: str | None = None
    until: Expression | None = None
    whose: Literal["office", "citizen", "exact"] = "office"
    done: Expression | None = None
    remind: str | None = None
    owner: Expression | None = None


class Approval(Table):
    """Who approved a template, when, and which version of it."""

    by: str
    on: date
    version: str


class LetterRule(Table):
    """One kind of letter: which rows need it, when, to whom, and what it may show."""

    name: str
    on: str
    title: str
    template: str
    when: Expression = ALWAYS
    serves: str | None = None
    dated: Expression | None = None
    sent: str | None = None
    to: Texts | None = None
    copies: Texts = Field(default=(), alias="copy")
    checks: Mapping[str, Expression] = {}
    shows: frozenset[str] = frozenset()
    basis: Texts = ()
    owner: Expression | None = None
    approved: Approval | None = None
    signed: bool | None = None
    enclosures: Texts = ()


class Checked(Table):
    """Who compared a legal reference with its source, and when."""

    by: str
    on: date


class LawVersion(Table):
    """A legal reference as it reads within a span of days, both ends included; `translations` by language."""

    text: str
    translations: Mapping[str, str] = {}
    valid_from: date | None = None
    valid_to: date | None = None
    checked: Checked | None = None

    def text_in(self, language: str) -> str:
        """The reference as a letter in the language names it."""
        return self.translations.get(language, self.text)

    def valid_on(self, day: date) -> bool:
        """Whether this version is the law on the day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class Run(Table):
    """How the nightly run behaves in this office."""

    usual: int = 200
    retention: str = "10 years"
    ledger: str = "fristbrev.sqlite"
    backups: str = "backups"
    paper: Texts = ()
    print_order: tuple[Literal["postal_code", "owner", "letter", "record"], ...] = ()
    smallest: int = 5


class Mail(Table):
    """Where word of a failed night goes, and by which server; the password itself never stands in the profile."""

    server: str
    sender: str = Field(alias="from")
    to: Texts
    user: str = ""
    password_env: str = ""
    password_file: str = ""


class Statistic(Table):
    """One figure that a manager asks for: which rows count, what of them, in which groups.

    Attributes:
        how: the rows whose value is true are counted, or are a share of all; of other values the different ones are counted,
            or they are added up, or their average or median is taken.
        by: headings, each with the expression that gives the group.
        unit: what stands behind the number.
        personal: it is about people, so that a small number is not shown outside the office.
    """

    name: str
    title: str
    on: str
    when: Expression = ALWAYS
    value: Expression = ALWAYS
    how: Literal["count", "distinct", "share", "sum", "average", "median"] = "count"
    by: Mapping[str, Expression] = {}
    unit: str = ""
    personal: bool = True


class OwnList(Table):
    """A list of the office's own on the overview: which rows stand on it, and what is told of them.

    Attributes:
        columns: headings, each with the expression that gives what stands below; the first decides the order.
    """

    name: str
    title: str
    on: str
    when: Expression = "true"
    columns: Mapping[str, Expression] = {}


Term = bool | int | float | str
"""A number, a text, or a period such as ``3 weeks``."""


class Profile(Table):
    """A whole routine."""

    office: Office
    terms: Mapping[str, Term] = {}
    register_file: Workbook = Field(alias="register")
    sheets: Mapping[str, Sheet]
    deadlines: Mapping[str, DeadlineRule] = {}
    letters: Mapping[str, LetterRule] = {}
    law: Mapping[str, tuple[LawVersion, ...]] = {}
    run: Run = Run()
    mail: Mail | None = None
    statistics: Mapping[str, Statistic] = {}
    lists: Mapping[str, OwnList] = {}

    def is_signed(self, letter: str) -> bool:
        """Whether people sign the letter by hand; else a line in it says that it was approved electronically."""
        own = self.letters[letter].signed
        return self.office.signed if own is None else own

    def reference(self, subject: str, day: date) -> LawVersion | None:
        """The version of a legal reference that is the law on the day."""
        return next((version for version in self.law.get(subject, ()) if version.valid_on(day)), None)


def conditional(item: str) -> tuple[str, Expression]:
    """An item of a list that may end in `` if E``, as the item and its condition."""
    head, found, condition = item.partition(" if ")
    return (head, condition) if found else (item, ALWAYS)
