"""The merge fields that the author of a letter may use, each with heading, type and a made-up sample, and the filters.

No sample is the register's: it follows from the column's type and choices. What the profile says of the office is its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from pipeline.calendars import Country, parse_duration
from pipeline.letters.fields import Voice, kinds_of_fields, shown
from pipeline.letters.words import Word, spoken, words
from pipeline.profile.expressions import Rows
from pipeline.profile.kinds import WORDS
from pipeline.profile.model import OPEN, Column, LetterRule, Profile, Sheet, conditional
from pipeline.texts import Texts, message

_DAY: Final = date(2026, 11, 23)
_NUMBER: Final = 7.5
_SAMPLES: Final[Mapping[str, Any]] = {"date": _DAY, "time": time(14, 30), "yesno": True}
_NATIONAL_IDS: Final[Mapping[Country, str]] = {"NO": "03848500134", "SE": "19121212-1212", "DK": "2512489996"}
"""Of nobody: Norway's of Skatteetaten's test population, Sweden's and Denmark's those that their manuals show."""


LOOP_END: Final = "{%p endfor %}"
"""The tag behind fields that are printed once for each row."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A merge field that an author may use.

    Attributes:
        name: as it is typed.
        heading: of the column that it prints.
        kind: of its value.
        sample: how a value of it is printed.
        many: it may print several values.
    """

    name: str
    heading: str
    kind: str
    sample: str
    many: bool = False

    @property
    def typed(self) -> str:
        """The field as it stands in a template."""
        return f"{{{{ {self.name} }}}}"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together.

    Attributes:
        title: what they are of.
        fields: each of them.
        loops: where they are printed once for each row of a list, the tag before them: one for each list of such rows.
    """

    title: str
    fields: tuple[Offered, ...]
    loops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A filter on one of the letter's fields.

    Attributes:
        typed: the field with the filter, as it stands in a template.
        sample: a value without the filter.
        printed: the value with it.
        does: what the filter is for, in words.
    """

    typed: str
    sample: str
    printed: str
    does: str


def kind_in_words(field: Offered, texts: Texts) -> str:
    """The type of what a field prints, as people call it."""
    kind = texts(WORDS[field.kind])
    return texts("{kind}, several", kind=kind) if field.many else kind


def fields_offered(rule: LetterRule, profile: Profile, texts: Texts) -> tuple[Group, ...]:
    """Every merge field of a letter.

    The row's columns and deadlines, the columns of the rows that it leads to and of the rows of its lists, the built-in fields
    and the terms; none of a class that the letter may not show.
    """
    return tuple(group for group in _Offer(rule, profile, texts).groups() if group.fields)


class _Offer:
    """Works out what is offered for one letter."""

    def __init__(self, rule: LetterRule, profile: Profile, texts: Texts) -> None:
        self._rule, self._profile, self._texts = rule, profile, texts

    def groups(self) -> Iterator[Group]:
        own = self._profile.sheets[self._rule.on]
        yield from self._rows(own, own.name, own.title, (own.name,))
        yield self._deadlines(own)
        yield from self._lists(own)
        yield from self._built_in()
        terms = self._profile.terms.items()
        title = self._texts("Numbers and words of the profile")
        yield Group(title, tuple(Offered(name, _headed(name), _kind_of(value), self._printed(value)) for name, value in terms))

    def _rows(self, sheet: Sheet, path: str, title: str, way: tuple[str, ...]) -> Iterator[Group]:
        """A row's columns, and those of the rows that it leads to; the way comes through no sheet twice."""
        columns = tuple(column for column in self._showable(sheet) if column.type != "ref" or not column.many)
        yield Group(title, tuple(self._offered(sheet, column, path) for column in columns))
        for link in columns:
            if link.to is not None and link.to not in way:
                further = f"{title}: {link.heading}"
                yield from self._rows(self._profile.sheets[link.to], f"{path}.{link.name}", further, (*way, link.to))

    def _lists(self, own: Sheet) -> Iterator[Group]:
        """The rows of the lists that a row has: its own references to several, and those that refer to it."""
        lists = [(link.to, link.name) for link in self._showable(own) if link.to is not None and link.many]
        lists += [
            (sheet.name, link.back)
            for sheet in self._profile.sheets.values()
            for link in self._showable(sheet)
            if link.back and link.to == own.name
        ]
        for of in dict.fromkeys(of for of, _ in lists):
            sheet = self._profile.sheets[of]
            each = sheet.name if sheet.name != own.name else f"{sheet.name}_2"
            loops = tuple(f"{{%p for {each} in {own.name}.{name} %}}" for listed, name in lists if listed == of)
            columns = (column for column in self._showable(sheet) if column.type != "ref")
            title = self._texts("{sheet}: for each row", sheet=sheet.title)
            yield Group(title, tuple(self._offered(sheet, column, each) for column in columns), loops)

    def _deadlines(self, own: Sheet) -> Group:
        said = {"due": message("due"), "act_by": message("to be done by"), "done": message("done")}
        sample = self._printed(_DAY)
        fields = (
            Offered(f"{own.name}.deadlines.{rule.name}.{fact}", f"{rule.title}: {self._texts(word)}", "date", sample)
            for rule in self._profile.deadlines.values()
            if rule.on == own.name
            for fact, word in said.items()
        )
        return Group(self._texts("{sheet}: deadlines", sheet=own.title), tuple(fields))

    def _built_in(self) -> Iterator[Group]:
        texts, office = self._texts, self._profile.office
        versions = (self._profile.reference(subject, _DAY) for subject, _ in map(conditional, self._rule.basis))
        basis = Rows(version.text_in(office.language) for version in versions if version is not None)
        samples: Mapping[str, Any] = {
            "name": texts("Kari Example"),
            "address": Rows((texts("Example Road 1"), texts("0000 Example"))),
            "role": "to",
            "date": _DAY,
            "title": self._rule.title,
            "basis": basis or Rows((texts("the Act, section 1"),)),
            "enclosures": Rows((texts("Enclosure"),)),
            "parties": Rows((texts("Kari Example"), texts("Ola Example"))),
            "copies": Rows((texts("Ola Example"),)),
            "due": _DAY,
            "id": "7KQ4MZ2P",
            "signed": True,
        }
        values = {texts.name(part): value for part, value in samples.items()}
        values |= {texts.name("municipality"): office.municipality, **office.fields}
        for field, parts in kinds_of_fields(texts, self._profile).items():
            yield Group(
                _headed(field),
                tuple(
                    Offered(
                        f"{field}.{part}",
                        _headed(part),
                        _kind_of(values[part]),
                        self._printed(values[part]),
                        isinstance(values[part], Rows),
                    )
                    for part in parts
                ),
            )

    def _offered(self, sheet: Sheet, column: Column, path: str) -> Offered:
        sample = self._printed(self._sample(sheet, column))
        return Offered(f"{path}.{column.name}", column.heading, column.type, sample, column.many)

    def _sample(self, sheet: Sheet, column: Column) -> Any:
        match column.type:
            case "choice" if column.choices:
                return Rows(column.choices[:3]) if column.many else column.choices[0]
            case "number":
                least = _NUMBER if column.min is None else max(_NUMBER, column.min)
                return least if column.max is None else min(least, column.max)
            case "nin":
                return _NATIONAL_IDS[self._profile.office.country]
        named = sheet.recipient is not None and sheet.recipient.name == column.name
        text = self._texts("Kari Example") if named else self._texts("example")
        return _SAMPLES.get(column.type, text)

    def _printed(self, value: Any) -> str:
        duration = parse_duration(value) if isinstance(value, str) else None
        return shown(value if duration is None else duration, self._texts)

    def _showable(self, sheet: Sheet) -> Iterator[Column]:
        """The columns that the letter may show: the open ones, and those of the classes that it names."""
        return (column for column in sheet.columns.values() if column.class_ == OPEN or column.class_ in self._rule.shows)


def _headed(name: str) -> str:
    """A name as a heading, for what has none of its own."""
    return (name[:1].upper() + name[1:]).replace("_", " ")


def _kind_of(value: Any) -> str:
    match value:
        case bool():
            return "yesno"
        case int() | float():
            return "number"
        case date():
            return "date"
        case str() if parse_duration(value):
            return "period"
    return "text"


def filters_shown(groups: tuple[Group, ...], profile: Profile, texts: Texts) -> tuple[Shown, ...]:
    """The filters that fit a field of the letter, each on such a field."""
    voice = Voice(texts, texts, profile.office.country, _DAY)
    fields = [field for group in groups if not group.loops for field in group.fields]
    found: list[Shown] = []
    for name, word in words(texts).items():
        field = _field_for(name, word, fields, texts)
        if field is not None:
            value = _NATIONAL_IDS[voice.country] if word.types == frozenset(("nin",)) else word.sample
            arguments = f"({', '.join(_literal(argument) for argument in word.with_)})" if word.with_ else ""
            typed = f"{{{{ {field.name} | {name}{arguments} }}}}"
            found.append(Shown(typed, shown(value, texts), str(spoken(word, value, voice, *word.with_)), texts(word.does)))
    return tuple(found)


def _field_for(name: str, word: Word, fields: list[Offered], texts: Texts) -> Offered | None:
    """The field to show a filter on: one that is called as the filter is, else of its type, for texts the recipient's name."""
    fitting = [field for field in fields if field.kind in word.types and field.many == isinstance(word.sample, Rows)]
    called = next((field for field in fitting if field.name.rpartition(".")[2] == name), None)
    of_text = "text" in word.types and not isinstance(word.sample, Rows)
    recipient = f"{texts.name('recipient')}.{texts.name('name')}"
    usual = next((field for field in fitting if not of_text or field.name == recipient), None)
    return called or usual


def _literal(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
