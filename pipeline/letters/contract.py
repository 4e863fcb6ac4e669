"""The contract between templates and profile: every mistake in a template at once, each with its place and what to do.

Jinja2 stops at the first mistake, and so does docxtpl. So each tag is tried on its own first; then the blocks are paired;
then the tags alone, one on each line and the broken ones replaced by harmless ones, are walked as one template,
so that a mistake found on a line is a mistake of a tag.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from jinja2 import TemplateSyntaxError, nodes
from lxml import etree
from openpyxl import load_workbook

from pipeline.letters.branches import never_filled
from pipeline.letters.compiled import Refused
from pipeline.letters.fields import kinds_of_fields
from pipeline.letters.hollow import BLOCKS
from pipeline.letters.package import is_too_large
from pipeline.letters.quotes import TYPED, straight
from pipeline.letters.tags import Flaw, Part, Saying, Spot, Tag, is_joined_to_list, parts_of, singles
from pipeline.letters.template import (
    TOO_DEEP,
    TOO_LARGE,
    Template,
    TemplateEnvironment,
    enclosure_files,
    says_it_may_be_empty,
    sources,
    text_at,
    variant,
)
from pipeline.letters.words import refusing
from pipeline.profile.kinds import Checker, Kind, Names, facts_in_words, filters_binding_tighter, nearest
from pipeline.profile.model import LetterRule, Profile
from pipeline.texts import LANGUAGES, Texts, message


@dataclass(frozen=True, slots=True)
class TemplateMistake:
    """One mistake in a template.

    Attributes:
        template: the file's name.
        part: where: ``body``, ``header``, ``footer``, ``footnotes``, a workbook's cell; empty for the file as a whole.
        sentence: what is wrong and what to do, a sentence of the catalogues.
        facts: what the sentence names.
        text: the words of the paragraph it stands in.
        typed: the expression as the author typed it.
        spot: its place; None for the file as a whole.
        noted: only to be known: it was mended, or does no harm.
    """

    template: str
    part: str
    sentence: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    typed: str = ""
    spot: Spot | None = None
    noted: bool = False

    @property
    def where(self) -> tuple[Saying, ...]:
        """The place within the part, in words."""
        return self.spot.where if self.spot is not None else ()


def said(mistake: TemplateMistake, texts: Texts) -> str:
    """What is wrong and what to do, in words."""
    return texts(mistake.sentence, **facts_in_words(mistake.facts, texts))


def place_in_words(mistake: TemplateMistake, texts: Texts) -> str:
    """Where in the file it is: the part, the table's cell, the paragraph."""
    steps = (texts(sentence, **dict(facts)) for sentence, facts in mistake.where)
    return ", ".join(part for part in (texts(mistake.part), *steps) if part)


@dataclass(frozen=True, slots=True)
class Contract:
    """What the check of all templates found.

    Attributes:
        mistakes: by letter; letters without a mistake are left out.
        notes: what was mended or is worth a look, each once.
        unused: the columns that no template uses, by sheet; nothing is wrong with them.
    """

    mistakes: Mapping[str, tuple[TemplateMistake, ...]]
    notes: tuple[TemplateMistake, ...] = ()
    unused: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def check_templates(
    profile: Profile, templates: Mapping[str, Template], environment: TemplateEnvironment, texts: Texts
) -> Contract:
    """Every mistake in the templates and enclosures of each letter."""
    names = Names(profile)
    found: dict[str, tuple[TemplateMistake, ...]] = {}
    notes: dict[TemplateMistake, None] = {}
    used: set[tuple[str, str]] = set()
    whom = f"{{{{ {texts.name('recipient')}.{texts.name('name')} }}}}"
    for rule in profile.letters.values():
        scope = {**names.terms, rule.on: Kind("row", frozenset((rule.on,))), "sheets": Kind("sheets")}
        scope |= {name: Kind("fields", parts=tuple(parts.items())) for name, parts in kinds_of_fields(texts, profile).items()}
        scope |= {name: Kind("function") for name in environment.globals}
        check = _Check(names, environment, scope, rule, refusing(texts))
        mistakes: list[TemplateMistake] = []
        head = (profile.office.letterhead,) if profile.office.letterhead else ()
        for name in (*head, rule.template, *enclosure_files(rule)):
            for file in (name, *(variant(name, language) for language in LANGUAGES)):
                if file in templates:
                    found_here = check.of(templates[file], as_letter=name == rule.template)
                    mistakes += _without_letterheads(found_here, mistakes if name not in head else [], head)
                    if file == rule.template and rule.to is not None and check.bare:
                        mistakes.append(TemplateMistake(name, "", _SAME_FOR_ALL, (("example", whom),), noted=True))
                elif file == name:
                    mistakes.append(TemplateMistake(name, "", message("The file is missing from the folder of templates.")))
        used |= check.used
        notes |= dict.fromkeys(mistake for mistake in mistakes if mistake.noted)
        wrong = tuple(mistake for mistake in mistakes if not mistake.noted)
        if wrong:
            found[rule.name] = wrong
    return Contract(found, tuple(notes), _unused(profile, used) if profile.letters else {})


def _without_letterheads(
    found: Iterable[TemplateMistake], told: Sequence[TemplateMistake], letterhead: tuple[str, ...]
) -> list[TemplateMistake]:
    """The mistakes of a template without those that its headers and footers have from the letterhead, which are told there."""
    known = {(mistake.part, mistake.sentence, mistake.typed) for mistake in told if mistake.template in letterhead}
    return [mistake for mistake in found if (mistake.part, mistake.sentence, mistake.typed) not in known]


def _unused(profile: Profile, used: set[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """The columns that staff fill in and no template prints or asks; keys and computed columns have other uses."""
    unused = {
        sheet.name: tuple(
            name
            for name, column in sheet.columns.items()
            if name not in sheet.key and not column.value and (sheet.name, name) not in used
        )
        for sheet in profile.sheets.values()
    }
    return {sheet: names for sheet, names in unused.items() if names}


class _Check:
    """Checks files by one letter's names."""

    def __init__(
        self,
        names: Names,
        environment: TemplateEnvironment,
        scope: Mapping[str, Kind],
        rule: LetterRule,
        takes: Mapping[str, frozenset[str]],
    ) -> None:
        self.used: set[tuple[str, str]] = set()
        self.bare = False
        """No field stands in the file that was last looked at."""
        self._names, self._environment, self._scope = names, environment, scope
        self._letter, self._shows, self._takes = rule.name, rule.shows, takes

    def of(self, template: Template, *, as_letter: bool = False) -> Iterator[TemplateMistake]:
        """The mistakes of a file; `as_letter` where the letter itself is made of it, and it is no enclosure."""
        self.bare = False
        unusable = _unusable(template, as_letter=as_letter)
        if unusable:
            yield TemplateMistake(template.name, "", unusable)
            return
        try:
            parts = _parts(template)
            prepared = dict(sources(template))
            listed = _is_word(template) and is_joined_to_list(template.content)
        except Refused as error:
            yield TemplateMistake(template.name, "", str(error.message))
            return
        except Exception:  # noqa: BLE001 -- a damaged file makes the libraries raise anything
            damaged = message(
                "This is no file that Word or Excel wrote, or it is damaged. Put the latest good copy in its place."
            )
            yield TemplateMistake(template.name, "", damaged)
            return
        told = listed
        self.bare = not any(part.tags for part in parts)
        if listed:
            joined = message(
                "Word's own mail merge is set up in this file, so that every letter would ask for its list when it is opened. "
                "Open it in Word, choose «Mailings», «Start mail merge», «Normal Word document», and save it."
            )
            yield TemplateMistake(template.name, "", joined)
        for part in parts:
            blanks = ((blank, False) for blank in part.blanks if as_letter)  # forms are filled in by hand
            for flaw, noted in sorted((*self._part(part), *blanks), key=_in_order):
                told = told or not noted
                yield TemplateMistake(
                    template.name, part.label, flaw.sentence, flaw.facts, flaw.spot.text, flaw.typed, flaw.spot, noted
                )
        if not told:
            yield from self._as_docxtpl_sees_it(template, prepared, parts)

    def _part(self, part: Part) -> Iterator[tuple[Flaw, bool]]:
        yield from ((flaw, False) for flaw in part.flaws)
        for single in part.singles:
            if dict(single.facts)["root"] in self._scope:
                yield single, False
        if not part.filled:
            sentence = message("Fields are not filled in here. Move them into the text.")
            yield from ((Flaw(sentence, (), tag.typed, tag.spot), False) for tag in part.tags)
            return
        script = _Script(part.tags, self._environment, self._meant)
        yield from ((flaw, False) for flaw in script.flaws)
        yield from ((flaw, True) for flaw in script.notes)
        checker = Checker(self._names, self._environment.filters, self._environment.tests, self._shows, self._takes)
        try:
            tree = self._environment.parse(script.source)
            checker.template(tree.body, self._scope)
        except TemplateSyntaxError as error:  # each tag is sound, and all of them are too many in each other
            yield Flaw(_sentence(error), (), part.tags[0].typed, part.tags[0].spot), False
            return
        except RecursionError:
            yield Flaw(TOO_DEEP, (), part.tags[0].typed, part.tags[0].spot), False
            return
        self.used |= checker.used
        yield from ((flaw, False) for flaw in self._quoted(part.tags))
        never = never_filled(tree.body, self._emptiness(), says_it_may_be_empty)
        unknown = {mistake.line for mistake in checker.mistakes if mistake.sentence.startswith("«{name}» is unknown")}
        for mistake in (*checker.mistakes, *never):
            tag = part.tags[mistake.line - 1]
            if mistake.line in unknown and "class_" in dict(mistake.facts):
                continue  # of what nobody knows, any column's class might be meant
            yield Flaw(_with_advice(mistake.sentence), (*mistake.facts, ("letter", self._letter)), tag.typed, tag.spot), False

    def _meant(self, typed: str, wrong: int) -> str:
        """What an author meant by words that are no expression, or no field: «case.Notice sent» is ``case.notice_sent``.

        Nothing where no way to join the words gives an expression of known names, up to so many wrong ones.
        """
        joined = [_BETWEEN_WORDS.sub(joint, typed) for joint in ("_", ".", " | ")]
        return next(filter(None, (self._corrected(each, few) for few in range(wrong + 1) for each in joined)), "")

    def _corrected(self, typed: str, few: int) -> str:
        """An expression with so many unknown names replaced by the ones that are near; nothing where more is wrong."""
        try:
            tree = self._environment.parse(f"{{{{ {typed} }}}}")
        except TemplateSyntaxError:
            return ""
        checker = Checker(self._names, self._environment.filters, self._environment.tests, self._shows, self._takes)
        checker.template(tree.body, self._scope)
        wrong = [dict(mistake.facts) for mistake in checker.mistakes]
        names = any(True for _ in tree.find_all(nodes.Name))
        if not names or len(wrong) != few or not all("guess" in facts for facts in wrong):
            return ""
        for facts in wrong:
            typed = re.sub(rf"\b{re.escape(facts['name'])}\b", facts["guess"], typed)
        return typed

    def _quoted(self, tags: Iterable[Tag]) -> Iterator[Flaw]:
        """Fields that are printed by name, since quotation marks make a text of them."""
        for tag in tags:
            quoted = re.fullmatch(r"(?P<mark>[\"'])(?P<field>(?P<root>[^\W\d]\w*)\.[\w.]+)(?P=mark).*", straight(tag.inner))
            if tag.opening == "{{" and quoted and quoted["root"] in self._scope:
                sentence = message("«{field}» stands in quotation marks, so its name would be printed; take the marks away.")
                yield Flaw(sentence, (("field", quoted["field"]),), tag.typed, tag.spot)

    def _emptiness(self) -> Callable[[str], bool]:
        """Whether a field that is not true is empty: not for a number, which may be nought, or a yes or no."""

        def empty(path: str) -> bool:
            checker = Checker(self._names, (), ())
            kind = checker.kind(self._environment.parse(f"{{{{ {path} }}}}").body[0].nodes[0], self._scope)  # type: ignore[attr-defined]  # an Output
            return not checker.mistakes and kind.base not in {"number", "yesno", "any", "fields", "function", "sheets"}

        return empty

    def _as_docxtpl_sees_it(
        self, template: Template, prepared: Mapping[str, str], parts: Sequence[Part]
    ) -> Iterator[TemplateMistake]:
        """What remains: tags that docxtpl cannot put together into a document although each is right."""
        for part, source in prepared.items():
            label = part.partition(" ")[0] if _is_word(template) else part
            try:
                self._environment.from_string(source)  # compiled here, it is ready when the first letter is filled
            except TemplateSyntaxError as error:
                yield TemplateMistake(template.name, label, _sentence(error), text=text_at(source, error.lineno))
                continue
            if _is_word(template):
                yield from self._elsewhere(template.name, label, source, parts)
            if _is_word(template) and not _stands_alone(source):
                sentence = message(
                    "The tags of this part cut through a table, a link or a text box; "
                    "put each pair of them in one paragraph or cell."
                )
                minus = next((tag for part in parts if part.label == label for tag in part.tags if _has_minus(tag)), None)
                if minus is None:
                    yield TemplateMistake(template.name, label, sentence)
                    continue
                sentence = message(
                    "The minus beside the brace draws the text before or behind it in, across the end of a cell; take it away."
                )
                yield TemplateMistake(template.name, label, sentence, text=minus.spot.text, typed=minus.typed, spot=minus.spot)

    def _elsewhere(self, name: str, label: str, source: str, parts: Sequence[Part]) -> Iterator[TemplateMistake]:
        """The mistakes of tags that stand in no text: in what describes a picture, in word art, in a formula."""
        read = {_bare(tag.typed) for part in parts for tag in part.tags}
        lines = {
            number: found[0]
            for number, line in enumerate(source.splitlines(), start=1)
            for found in _TAG.finditer(line)
            if _bare(html.unescape(found[0])) not in read
        }
        if not lines:
            return
        checker = Checker(self._names, self._environment.filters, self._environment.tests, self._shows, self._takes)
        checker.template(self._environment.parse(source).body, self._scope)
        for mistake in checker.mistakes:
            typed = html.unescape(lines.get(mistake.line, ""))
            facts = (*mistake.facts, ("letter", self._letter))
            yield TemplateMistake(name, label, _with_advice(mistake.sentence), facts, text_at(source, mistake.line), typed)


_FILLED: Final = frozenset((".docx", ".xlsx"))
_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}")


def _bare(tag: str) -> str:
    """A tag without what docxtpl and Word change in it: its letters for whole paragraphs, marks, blanks."""
    inner = straight(re.sub(r"^\{([{%])(?:p|tr|tc|r)\s", r"{\1 ", tag))
    return re.sub(r"[\s\"'‘’“”-]+", "", inner)


def _unusable(template: Template, *, as_letter: bool) -> str:
    """Why a file is not even looked into, a sentence of the catalogues; empty where nothing is in the way."""
    filled = Path(template.name).suffix.lower() in _FILLED
    if template.unread:
        return message(
            "The file is there, but cannot be read: somebody has it open, or the account that runs this has no right to it."
        )
    if is_too_large(template.content):
        return TOO_LARGE
    if template.content.startswith(_OLD_OR_LOCKED) and (filled or as_letter):
        return message("This file has a password, or the form of an old Word. Save it in Word as .docx, without a password.")
    if not filled and (as_letter or _has_tags(template.content)):
        return message(
            "Only files that end in .docx or .xlsx are filled in. Save this one as that, and write its new name in the profile."
        )
    if filled and _is_of_another_form(template.content):
        return message(
            "This is not Word's usual form: it is a template or has macros (.dotx, .docm), or is «Strict Open XML». "
            "Open it in Word, choose «Save as», and take «Word document (.docx)»."
        )
    return ""


def _members(content: bytes, *names: str, under: str = "") -> Iterator[bytes]:
    """The members of these names, or else all of XML in a folder, of a file that is a package; none of any other file."""
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name in names or (not names and name.startswith(under) and name.endswith(".xml")):
                yield package.read(name)


def _has_tags(content: bytes) -> bool:
    return any(re.search(rb"\{[{%]", re.sub(rb"<[^>]*>", b"", xml)) for xml in _members(content))


_OTHER_FORM: Final = re.compile(
    rb"wordprocessingml\.template\.main\+xml|ms-word\.(document|template)\.macroEnabled|//purl\.oclc\.org/ooxml/"
)


def _is_of_another_form(content: bytes) -> bool:
    """Whether Word saved a file as a template, with macros, or in the strict form that the merge library does not know."""
    return any(_OTHER_FORM.search(xml) for xml in _members(content, "[Content_Types].xml", "_rels/.rels"))


def _is_word(template: Template) -> bool:
    return template.name.lower().endswith(".docx")


_SAME_FOR_ALL: Final = message(
    "No field stands in this file, so the letter says the same to everybody, and not to whom it goes: {example}."
)
NOT_UNDERSTOOD: Final = message("This is not understood; take it out, and write it anew as in another template.")


def _sentence(error: TemplateSyntaxError) -> str:
    """Why a template is refused, where we refuse it; what Jinja2 says is in English and about lines that no author sees."""
    return str(error.message) if isinstance(error, Refused) else NOT_UNDERSTOOD


_OLD_OR_LOCKED: Final = bytes.fromhex("D0CF11E0A1B11AE1")
"""How compound files begin: Word's old ones, and those that are encrypted ([MS-CFB] 2.2)."""
_BETWEEN_WORDS: Final = re.compile(r"(?<=\w)[ ,]+(?=\w)")


def _with_advice(sentence: str) -> str:
    """The sentence, where it only says that a name is unknown, with where the known ones are listed."""
    if sentence == "«{name}» is unknown.":
        return message("«{name}» is unknown; «fristbrev templates --fields {letter}» lists the fields.")
    return sentence


def _in_order(told: tuple[Flaw, bool]) -> tuple[bool, int, int]:
    """As they stand in the document; what is only noted behind."""
    flaw, noted = told
    return noted, flaw.spot.paragraph, flaw.spot.first


def _parts(template: Template) -> tuple[Part, ...]:
    match Path(template.name).suffix.lower():
        case ".docx":
            return parts_of(template.content)
        case ".xlsx":
            return tuple(_cells(template.content))
    return ()


def _has_minus(tag: Tag) -> bool:
    return tag.typed[2:3] == "-" or tag.typed[-3:-2] == "-"


def _cells(content: bytes) -> Iterator[Part]:
    """The cells of a workbook with tags, each a part; only fields are filled in there, and nowhere else on a sheet."""
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and _BRACKET.search(cell.value):
                    yield _cell(f"{sheet.title}!{cell.coordinate}", cell.value, is_formula=cell.data_type == "f")
        for place, text in _besides_cells(sheet):
            spot = Spot(place, 0, (), text[:200])
            tags = (Tag(found[0], found[0][:2], "", found[0][2:-2].strip(), spot) for found in _TAG.finditer(text))
            yield Part(label=place, filled=False, tags=tuple(tags), flaws=(), singles=())
    if any(_SHAPE.search(xml) for xml in _members(content, under="xl/drawings/")):
        lost = message("A text box or a drawn shape of this workbook would be lost; write its text into a cell.")
        yield Part(label="", filled=True, tags=(), flaws=(Flaw(lost, (), "", Spot("", 0)),), singles=())


_BRACKET: Final = re.compile(r"[{\[<«]")
_SHAPE: Final = re.compile(rb"<xdr:(sp|cxnSp|grpSp)[ >]")


def _besides_cells(sheet: Any) -> Iterator[tuple[str, str]]:
    """What a sheet says besides its cells, and where."""
    yield sheet.title, sheet.title
    for each in (sheet.oddHeader, sheet.evenHeader, sheet.firstHeader):
        yield from ((message("header"), part.text) for part in (each.left, each.center, each.right) if part.text)
    for each in (sheet.oddFooter, sheet.evenFooter, sheet.firstFooter):
        yield from ((message("footer"), part.text) for part in (each.left, each.center, each.right) if part.text)
    for row in sheet.iter_rows():
        yield from ((f"{sheet.title}!{cell.coordinate}", cell.comment.text) for cell in row if cell.comment is not None)
    for validation in sheet.data_validations.dataValidation:
        place = f"{sheet.title}!{str(validation.sqref).partition(' ')[0].partition(':')[0]}"
        said = (validation.formula1, validation.formula2, validation.prompt, validation.error, validation.promptTitle)
        yield from ((place, str(text)) for text in said if text)


def _cell(place: str, text: str, *, is_formula: bool) -> Part:
    spot = Spot(place, 0, (), text[:200])
    tags = tuple(Tag(found[0], "{{", "", found[0][2:-2].strip(), spot) for found in re.finditer(r"\{\{.*?\}\}", text))
    flaws: list[Flaw] = []
    rest = re.sub(r"\{\{.*?\}\}", "", text)
    nowhere = message("Fields are not filled in here. Move them into the text.")
    unclosed = message("«{opening}» is opened and not closed in its paragraph; write «{closing}» behind the field.")
    formula = message(
        "A field in a formula would make a text of the formula. Give it a cell of its own, and let the formula ask that."
    )
    braces = (("opening", "{{"), ("closing", "}}"))
    flaws += [Flaw(formula, (), tag.typed, spot) for tag in tags if is_formula]
    flaws += [Flaw(nowhere, (), found[0], spot) for found in re.finditer(r"\{[%#].*?(?:[%#]\}|$)", rest)]
    flaws += [Flaw(unclosed, braces, found[0][:60], spot) for found in re.finditer(r"\{\{.*", rest)]
    single = () if is_formula else singles(rest, 0, len(rest), lambda _: spot)
    return Part(label=place, filled=True, tags=tags, flaws=tuple(flaws), singles=tuple(single))


def _stands_alone(source: str) -> bool:
    """Whether what stands between the tags is XML."""
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", "", source, flags=re.DOTALL)
    try:
        etree.fromstring(bare.encode())
    except etree.XMLSyntaxError:
        return False
    return True


# ------------------------------------------------------------------ the tags as one template

_MIDDLES: Final = frozenset(("elif", "else"))
_OF_CELLS: Final = frozenset(("vm", "hm"))
_CELL_LOOKS: Final = frozenset(("colspan", "cellbg"))
_OTHER_FILES: Final = frozenset(("include", "import", "from", "extends"))
_STATEMENTS: Final = (*sorted(BLOCKS), *sorted(_MIDDLES), "set", *(f"end{word}" for word in sorted(BLOCKS)), "endset")
_WORDS: Final = {
    **dict.fromkeys(("og", "och"), "and"),
    **dict.fromkeys(("eller",), "or"),
    **dict.fromkeys(("ikke", "inte", "ikkje"), "not"),
    **dict.fromkeys(("ellers", "annars", "elles"), "else"),
    **dict.fromkeys(("hvis", "om", "dersom"), "if"),
    **dict.fromkeys(("i",), "in"),
    **dict.fromkeys(("er", "är"), "=="),
    **dict.fromkeys(("elseif", "elsif"), "elif"),
}
"""What authors of our languages write where Jinja2 has a word of its own."""


_SIGNS: Final = {"<>": "!=", "≠": "!=", "=>": ">=", "≥": ">=", "=<": "<=", "≤": "<=", "&&": "and", "||": "or"}
_UNITS: Final = {
    **dict.fromkeys(("dag", "dager", "dagar", "dage"), "days"),
    **dict.fromkeys(("uke", "uker", "vecka", "veckor", "uge", "uger", "veke", "veker"), "weeks"),
    **dict.fromkeys(("måned", "måneder", "månad", "månader", "månadar"), "months"),
    **dict.fromkeys(("år",), "years"),
}
_ENDS: Final = frozenset(("end", "slutt", "slut"))


@dataclass(slots=True)
class _Open:
    """A block that is not closed yet.

    Attributes:
        word: with which it was opened.
        tag: that opened it.
        emitted: the word by which it stands in the script.
    """

    word: str
    tag: Tag
    emitted: str


class _Script:
    """The tags of a part, one on each line, as a template that Jinja2 can parse; what had to be replaced for it is told."""

    def __init__(self, tags: Sequence[Tag], environment: TemplateEnvironment, meant: Callable[[str, int], str]) -> None:
        self.flaws: list[Flaw] = []
        self.notes: list[Flaw] = []
        self._environment, self._meant = environment, meant
        self._open: list[_Open] = []
        self._crossed: list[str] = []
        self._tags = tags
        lines = [self._line(number, tag) for number, tag in enumerate(tags)]
        last = ""
        for block in reversed(self._open):
            self._never_closed(block)
            last += f"{{% end{block.emitted} %}}"
        self.source = "\n".join((*lines, last)) if last else "\n".join(lines)

    def _note(self, tag: Tag, sentence: str, **facts: str) -> None:
        self.flaws.append(Flaw(sentence, tuple(facts.items()), tag.typed, tag.spot))

    def _line(self, number: int, tag: Tag) -> str:
        """The tag as a line, harmless where it is broken."""
        self._beside(tag)
        if tag.opening == "{#":
            return ""
        inner = straight(tag.inner)
        match tag.opening:
            case "{{":
                return self._field(tag, inner)
            case _:
                return self._statement(number, tag, inner)

    def _beside(self, tag: Tag) -> None:
        """What docxtpl would do to what stands beside the tag."""
        if not tag.joined:
            self._note(
                tag,
                message(
                    "Word has put half of this field into a link, a content control or a tracked change; "
                    "delete it, and type it again in one go."
                ),
            )
        if tag.prefix and re.search(r"[}%]", tag.inner):
            self._note(tag, message("In a tag with {prefix} the signs «%» and «}}» cannot be used."), prefix=tag.prefix)
        if tag.prefix in {"tr", "tc"} and tag.level and tag.level[-1] == -1:
            self._note(
                tag,
                message("A tag with {prefix} stands outside of any table; it belongs in a table, or needs p."),
                prefix=tag.prefix,
            )
        elif tag.crowd:
            whole = {
                "p": message(
                    "This tag takes its whole paragraph out of the letter, and «{rest}» with it; "
                    "give it a paragraph of its own."
                ),
                "tr": message(
                    "This tag takes its whole table row out of the letter, and «{rest}» with it; give it a row of its own."
                ),
                "tc": message(
                    "This tag takes its whole table cell out of the letter, and «{rest}» with it; give it a cell of its own."
                ),
            }
            self._note(tag, whole[tag.prefix], rest=tag.crowd)
        if tag.opening != "{#" and TYPED.search(tag.inner) and straight(tag.inner) != tag.inner:
            sentence = message("The quotation marks or dashes that Word made here were read as straight ones.")
            if self._parses(f"{{{{ {straight(tag.inner)} }}}}") if tag.opening == "{{" else True:
                self.notes.append(Flaw(sentence, (), tag.typed, tag.spot))

    def _parses(self, source: str) -> bool:
        return self._error(source) is None

    def _error(self, source: str) -> str | None:
        return self._environment.complaint(source)

    # -------------------------------------------------------------- fields

    def _field(self, tag: Tag, inner: str) -> str:
        if not tag.whole:
            return ""
        if not inner:
            self._note(tag, message("Nothing stands between the braces; write the name of a field."))
            return ""
        line = f"{{{{ {inner} }}}}"
        error = self._error(line)
        if error is not None:
            self._misunderstood(tag, inner, error)
            return ""
        prepared = inner.translate(_AS_PREPARED)
        if prepared != inner and not self._parses(f"{{{{ {prepared} }}}}"):
            return self._in_pairs(tag)
        if re.fullmatch(r"\w+,\s*\w+", inner):
            return self._comma(tag, inner, line)
        self._tightly(tag, line)
        return line

    def _in_pairs(self, tag: Tag) -> str:
        sentence = message("The quotation marks do not come in pairs; write straight ones round the text: {example}")
        self._note(tag, sentence, example='"…"')
        return ""

    def _comma(self, tag: Tag, inner: str, line: str) -> str:
        """A comma where a full stop is meant makes a list of two names."""
        guess = self._meant(inner, 1)
        if guess:
            self._note(tag, message("«{name}» is unknown; did you mean «{guess}»?"), name=inner, guess=guess)
        return "" if guess else line

    def _tightly(self, tag: Tag, line: str) -> None:
        for name, sure in filters_binding_tighter(self._environment, line):
            sentence = message(
                "The filter «{name}» works on the last part of the calculation alone; put brackets round what it shall work on."
            )
            flaw = Flaw(sentence, (("name", name),), tag.typed, tag.spot)
            (self.flaws if sure else self.notes).append(flaw)

    def _misunderstood(self, tag: Tag, inner: str, said: str) -> None:
        """Why Jinja2 does not understand a tag, in words of the office's language."""
        got = re.search(r"got '(.+)'$", said) or re.match(r"unexpected '(.+?)'", said)
        odd = re.search(r"unexpected char '(.+?)' at", said)
        typed = inner[len(tag.word) :].strip()
        plain = _QUOTED.sub("", typed)
        sign = next((sign for sign in _SIGNS if sign in plain), "")
        span = re.search(r"\b(\d+) *(\w+)", plain)
        unit = _UNITS.get(span[2].casefold(), "") if span else ""
        ours = next((word for word in re.findall(r"\w+", plain) if word in _WORDS), "")
        guess = self._meant(typed, 0 if ours else 1) if tag.word in {"", "if", "elif"} else ""
        if TYPED.search(plain) or inner.count('"') % 2 or inner.count("'") % 2:
            self._in_pairs(tag)
        elif odd and not sign:
            self._note(
                tag,
                message("The sign «{sign}» cannot stand in a field."),
                sign=_sign(odd[1].encode("ascii", "backslashreplace").decode("unicode-escape")),
            )
        elif sign:
            self._note(tag, message("«{word}» is not understood here; write «{instead}»."), word=sign, instead=_SIGNS[sign])
        elif span and unit:
            instead = f"{unit}({span[1]})"
            self._note(tag, message("«{word}» is not understood here; write «{instead}»."), word=span[0], instead=instead)
        elif guess:
            self._note(tag, message("«{name}» is unknown; did you mean «{guess}»?"), name=typed, guess=guess)
        elif got and got[1] == "=" and tag.word != "set":
            self._note(tag, message("«{word}» is not understood here; write «{instead}»."), word="=", instead="==")
        elif ours:
            self._note(tag, message("«{word}» is not understood here; write «{instead}»."), word=ours, instead=_WORDS[ours])
        elif (got and got[1] == "}") or "unexpected end" in said or "'end of" in (f"'{got[1]}" if got else ""):
            self._note(tag, message("The field is not complete: something is missing at its end."))
        elif got:
            self._note(
                tag,
                message(
                    "«{kind}» was not expected here. "
                    "A name has no spaces, text stands in quotation marks, and brackets come in pairs."
                ),
                kind=_TOKENS.get(got[1], got[1]),
            )
        else:
            self._note(tag, NOT_UNDERSTOOD)

    # -------------------------------------------------------------- statements

    def _statement(self, number: int, tag: Tag, inner: str) -> str:  # noqa: PLR0911 -- one return a kind of statement
        word = tag.word
        rest = inner[len(word) :].strip()
        if word in _OF_CELLS and not rest:
            return ""
        if word in _CELL_LOOKS and rest:
            return self._field(tag, rest)
        if word in _OTHER_FILES:
            self._note(tag, message("«{word}» would fetch another file; a letter is made of one template."), word=word)
            return ""
        if word in _MIDDLES:
            return self._middle(tag, inner)
        if word.startswith("end") and word[3:] in {*BLOCKS, "set"}:
            return self._closing(number, tag, word[3:])
        if word in BLOCKS or (word == "set" and "=" not in inner):
            return self._opening(tag, inner)
        if word == "set":
            return self._set(tag, inner)
        meant = self._unknown(tag, word)
        return self._as_meant(number, tag, meant)

    def _as_meant(self, number: int, tag: Tag, meant: str) -> str:
        """The instruction that was meant by one that was told as unknown, so that what hangs on it is not told too."""
        loose = replace(tag, inner=meant, level=())
        return self._statement(number, loose, straight(meant)) if loose.word in {*_STATEMENTS} else ""

    def _unknown(self, tag: Tag, word: str) -> str:
        """Tell that there is no such instruction; the one that was probably meant."""
        guess = _WORDS.get(word.casefold()) or nearest(word.casefold(), _STATEMENTS)
        if word.casefold() in _ENDS and self._open:
            guess = f"end{self._open[-1].word}"
        spaced = re.match(r"(p|tr|tc|r)\s+((\w+).*)", tag.inner)
        if spaced and not tag.prefix:
            guess = spaced[2]
            example = f"{{%{spaced[1]} {spaced[2]} %}}"
            sentence = (
                message("Behind «{prefix}» stands a blank that does not break; type an ordinary one: {example}")
                if tag.typed[2:].startswith(spaced[1])
                else message("«{prefix}» stands right behind the brace: {example}")
            )
            self._note(tag, sentence, prefix=spaced[1], example=example)
        elif not word:
            self._note(tag, message("Nothing stands between the braces; write if, for, set or what closes them."))
        elif re.match(r"end\s+\w", tag.inner):
            guess = "".join(tag.inner.split())
            self._note(tag, message("«{word}» is written in one word: «{guess}»."), word=tag.inner, guess=guess)
        elif guess:
            self._note(tag, message("«{word}» is no instruction; did you mean «{guess}»?"), word=word, guess=guess)
            guess += tag.inner[len(word) :]
        else:
            self._note(
                tag,
                message("«{word}» is no instruction. A field that is to be printed stands in {example}."),
                word=word,
                example="{{ … }}",
            )
        return guess

    def _opening(self, tag: Tag, inner: str) -> str:
        word, line = tag.word, f"{{% {inner} %}}"
        error = self._error(f"{line}{{% end{word} %}}") if tag.whole else None
        emitted = word
        if error is not None:
            self._misunderstood(tag, inner, error)
        if error is not None or not self._parses(f"{line}{{% end{word} %}}"):
            named = re.match(r"for\s+(\w+(?:\s*,\s*\w+)*)", inner)
            emitted, line = ("for", f"{{% for {named[1]} in none %}}") if named else ("if", "{% if 1 %}")
            if not self._parses(f"{line}{{% end{emitted} %}}"):
                emitted, line = "if", "{% if 1 %}"
        else:
            self._tightly(tag, line)
        self._open.append(_Open(word, tag, emitted))
        return line

    def _set(self, tag: Tag, inner: str) -> str:
        line = f"{{% {inner} %}}"
        error = self._error(line) if tag.whole else None
        if error is not None:
            self._misunderstood(tag, inner, error)
        elif tag.whole:
            self._tightly(tag, line)
            return line
        named = re.match(r"set\s+([^\W\d]\w*)\s*=", inner)
        return f"{{% set {named[1]} = none %}}" if named else ""

    def _middle(self, tag: Tag, inner: str) -> str:
        block = self._open[-1] if self._open else None
        if tag.word == "else" and re.match(r"else\s+if\b", inner):
            self._note(tag, message("«{word}» is written in one word: «{guess}»."), word="else if", guess="elif")
            inner = re.sub(r"else\s+if\b", "elif", inner)
            tag = replace(tag, inner=inner)
        if block is None or block.word not in ({"if", "for"} if tag.word == "else" else {"if"}):
            self._note(tag, message("«{word}» stands in no {opening}."), word=tag.word, opening="{% if … %}")
            return ""
        self._same_level(block.tag, tag)
        error = self._error(f"{{% if 1 %}}{{% {inner} %}}{{% endif %}}") if tag.whole else None
        if error is not None:
            self._misunderstood(tag, inner, error)
            return ""
        if not tag.whole or (block.emitted == "if" and tag.word == "elif" and block.word != "if"):
            return ""
        return f"{{% {inner} %}}"

    def _closing(self, number: int, tag: Tag, word: str) -> str:
        if tag.inner != f"end{word}":
            self._note(tag, message("Only «{word}» stands here; take the rest away."), word=f"end{word}")
        at = next((at for at in range(len(self._open) - 1, -1, -1) if self._open[at].word == word), None)
        if at is not None and self._of_another(self._open[at], tag, number):
            at = None
        if at is None and word in self._crossed:
            self._crossed.remove(word)
            return ""
        if at is None:
            self._note(
                tag,
                message("«{word}» closes nothing; {opening} is missing before it, or it is one too many."),
                word=tag.inner,
                opening=f"{{% {word} … %}}",
            )
            return ""
        block, above = self._open[at], self._open[at + 1 :]
        del self._open[at:]
        line = ""
        for each in reversed(above):
            if self._closed_later(each, number):
                self._note(
                    tag,
                    message("«{word}» closes «{outer}» while «{inner}» is open still; close the inner one first."),
                    word=tag.inner,
                    outer=block.tag.typed,
                    inner=each.tag.typed,
                )
                self._crossed.append(each.word)
            else:
                self._never_closed(each)
            line += f"{{% end{each.emitted} %}}"
        self._same_level(block.tag, tag)
        return f"{line}{{% end{block.emitted} %}}"

    def _closed_later(self, block: _Open, number: int, level: tuple[object, ...] = ()) -> bool:
        """Whether one of the tags behind closes the block; on a level, where one is given."""
        depth = 1
        for tag in self._tags[number + 1 :]:
            if not level or tag.level == level:
                depth += (tag.word == block.word) - (tag.word == f"end{block.word}")
            if not depth:
                return True
        return False

    def _of_another(self, block: _Open, tag: Tag, number: int) -> bool:
        """Whether a closing tag is one too many, since what closes the block stands behind it in its right place."""
        level = block.tag.level
        return bool(level and tag.level) and level != tag.level and self._closed_later(block, number, level)

    def _never_closed(self, block: _Open) -> None:
        example = f"{{% end{block.word} %}}"
        self._note(block.tag, message("This is opened and never closed; write {example} where it ends."), example=example)

    def _same_level(self, opening: Tag, closing: Tag) -> None:
        """Note a block whose ends would tear the document."""
        if opening.level == closing.level or not (opening.level and closing.level):
            return
        if opening.prefix != closing.prefix:
            self._note(
                closing,
                message(
                    "«{opening}» and «{closing}» belong together; "
                    "write both with the same letters behind the brace, or both without."
                ),
                opening=opening.typed,
                closing=closing.typed,
            )
        else:
            self._note(
                closing,
                message(
                    "«{opening}» begins in another cell, row or text box than it ends in here; "
                    "for whole rows write tr behind the brace, for cells tc, and give each its own row or cell."
                ),
                opening=opening.typed,
            )


_QUOTED: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_AS_PREPARED: Final = str.maketrans("‘’“”", "''\"\"")
"""What docxtpl makes of quotation marks in a tag, also of those that are part of a text."""
_TOKENS: Final = {"integer": "number", "float": "number", "string": "text"}
"""What Jinja2 calls what it met, by the kind of value that it is."""


def _sign(character: str) -> str:
    """A character as it can be shown: those that nobody sees by their number."""
    return character if character.isprintable() and not character.isspace() else f"U+{ord(character[:1]):04X}"
