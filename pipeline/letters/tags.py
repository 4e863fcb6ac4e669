"""A Word template as its author sees it: paragraphs with their places, and the tags in them as they were typed.

docxtpl works on XML text and Jinja2 on lines of it, neither of which an author meets. What is told to authors is read here,
from the file itself; what docxtpl and Jinja2 make of a tag is asked of them by `pipeline.letters.contract`.
"""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from lxml import etree

from pipeline.texts import message

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W: Final = f"{{{_WORD}}}"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"

Saying = tuple[str, tuple[tuple[str, str], ...]]
"""A sentence of the catalogues, and what it names."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a document something stands.

    Attributes:
        member: of the package.
        paragraph: the number of the paragraph among all of the member's, from 0, in the order of the XML.
        where: the place in words: the table, row and column, the paragraph.
        text: the words of the paragraph.
        first: the number of the paragraph's child, from 0, in which it begins.
        last: the number of the child in which it ends.
    """

    member: str
    paragraph: int
    where: tuple[Saying, ...] = ()
    text: str = ""
    first: int = 0
    last: int = -1


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as its author typed it.

    Attributes:
        typed: all of it.
        opening: ``{{``, ``{%`` or ``{#``.
        prefix: docxtpl's ``p``, ``tr``, ``tc`` or ``r``; mostly empty.
        inner: what stands between, without the prefix.
        spot: where it stands.
        level: what has to be the same where a block is closed as where it is opened, else the document falls apart.
        crowd: what docxtpl takes away with it besides itself.
        whole: it has its closing braces.
        joined: docxtpl can join the pieces that Word has made of it.
    """

    typed: str
    opening: str
    prefix: str
    inner: str
    spot: Spot
    level: tuple[Any, ...] = ()
    crowd: str = ""
    whole: bool = True
    joined: bool = True

    @property
    def word(self) -> str:
        """The first word of a statement: ``if``, ``endfor``."""
        found = re.match(r"\w+", self.inner)
        return found[0] if found and self.opening == "{%" else ""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong that shows without asking what the tags mean."""

    sentence: str
    facts: tuple[tuple[str, str], ...]
    typed: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a document.

    Attributes:
        label: what people call it, a word of the catalogues.
        filled: merge fields are filled in here.
        tags: in the order in which they are read.
        flaws: what is wrong whatever the tags mean.
        singles: names in single braces and other brackets, which may be meant as fields.
        blanks: what people type where something is to be filled in by hand: «[PLACE]», «dd.mm.åååå».
    """

    label: str
    filled: bool
    tags: tuple[Tag, ...]
    flaws: tuple[Flaw, ...]
    singles: tuple[Flaw, ...]
    blanks: tuple[Flaw, ...] = ()


_PARTS: Final = {
    "document.main": (message("body"), True),
    "template.main": (message("body"), True),
    "header": (message("header"), True),
    "footer": (message("footer"), True),
    "footnotes": (message("footnotes"), True),
    "endnotes": (message("endnotes"), False),
    "comments": (message("comments"), False),
    "drawingml.diagramData": (message("diagrams"), False),
    "drawingml.chart": (message("charts"), False),
}
"""The parts with text by their content type, and whether docxtpl fills them in."""
_DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

_TYPE: Final = re.compile(r"\.([\w.]+)\+xml$")


def parts_of(content: bytes) -> tuple[Part, ...]:
    """Every part of a Word file that has text, in the order: body, headers, footers, notes, comments.

    Raises:
        zipfile.BadZipFile, KeyError, etree.XMLSyntaxError: it is no Word file, or damaged.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        types = etree.fromstring(package.read("[Content_Types].xml"))
        named = sorted(
            (list(_PARTS).index(kind), len(name), name, kind)
            for item in types
            if (name := (item.get("PartName") or "").lstrip("/")) in package.namelist()
            and (kind := _kind(item.get("ContentType", ""))) in _PARTS
        )
        return tuple(
            _drawn(name, etree.fromstring(package.read(name)), *_PARTS[kind])
            if kind.startswith("drawingml")
            else _read(name, etree.fromstring(package.read(name)), _outside(package, name), *_PARTS[kind])
            for *_, name, kind in named
        )


def is_joined_to_list(content: bytes) -> bool:
    """Whether Word's own mail merge is set up in a file: every letter would ask whoever opens it for the list."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return _SETTINGS in package.namelist() and b"<w:mailMerge" in package.read(_SETTINGS)


_SETTINGS: Final = "word/settings.xml"


def _outside(package: zipfile.ZipFile, name: str) -> Mapping[str, tuple[str, bool]]:
    """What a part names that lies outside of the file, by the id by which it names it, and whether it is a link."""
    folder, _, base = name.rpartition("/")
    relations = f"{folder}/_rels/{base}.rels"
    if relations not in package.namelist():
        return {}
    return {
        item.get("Id", ""): (item.get("Target", ""), item.get("Type", "").endswith("/hyperlink"))
        for item in etree.fromstring(package.read(relations))
        if item.get("TargetMode") == "External"
    }


def _drawn(member: str, root: Any, label: str, filled: bool) -> Part:
    """What is typed into the boxes of a diagram or the titles of a chart."""
    texts = ("".join(piece.text or "" for piece in line.iter(f"{_DRAWING}t")) for line in root.iter(f"{_DRAWING}p"))
    tags = (
        Tag(found[0], found[0][:2], "", found[0][2:-2].strip(), Spot(member, 0, (), text[:200]))
        for text in texts
        for found in re.finditer(r"\{\{.*?\}\}|\{%.*?%\}", text)
    )
    return Part(label, filled, tuple(tags), (), ())


def _kind(content_type: str) -> str:
    found = _TYPE.search(content_type)
    return found[1].removeprefix("wordprocessingml.") if found else ""


# ------------------------------------------------------------------ paragraphs and their places


@dataclass(slots=True)
class _Paragraph:
    """A paragraph with its pieces of text.

    Attributes:
        element: of the XML.
        spot: of the whole of it.
        pieces: each text element with its number in the order of the XML.
    """

    element: Any
    spot: Spot
    pieces: list[tuple[int, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What docxtpl takes the tags from."""
        return "".join(piece.text or "" for _, piece in self.pieces)


def _read(member: str, root: Any, outside: Mapping[str, tuple[str, bool]], label: str, filled: bool) -> Part:
    numbers = {element: number for number, element in enumerate(root.iter())}
    order = {element: number for number, element in enumerate(root.iter(f"{W}p"))}
    paragraphs = [_paragraph(element, Spot(member, order[element], where), numbers) for element, where in _walk(root, ())]
    found = _Found()
    opened: _Paragraph | None = None
    for paragraph in paragraphs:
        opened = found.scan(paragraph, numbers, opened)
        for text in _instructions(paragraph.element):
            found.instruction(text, paragraph)
    if opened is not None:
        found.unclosed_remark(opened)
    found.blanks += _unanswered(root, paragraphs)
    found.tags.sort(key=lambda pair: pair[0])
    tags = tuple(tag for _, tag in found.tags)
    if filled:
        found.flaws += _changes(root, paragraphs)
        found.flaws += _remarks_of_others(paragraphs)
        found.flaws += _hidden(paragraphs)
        found.flaws += _named_outside(outside, paragraphs)
    return Part(label, filled, _crowded(tags, paragraphs), tuple(found.flaws), tuple(found.singles), tuple(found.blanks))


def _walk(container: Any, where: tuple[Saying, ...]) -> Iterator[tuple[Any, tuple[Saying, ...]]]:
    """Every paragraph with its place in words; paragraphs without text are not counted, since nobody sees them."""
    counted = {"p": 0, "tbl": 0}
    alone = container.tag == f"{W}tc" and sum(bool(_shown(p).strip()) for p in container.iterchildren(f"{W}p")) < 2
    for element in _blocks(container):
        match etree.QName(element).localname:
            case "p":
                counted["p"] += bool(_shown(element).strip())
                here = where if alone else (*where, _saying(message("paragraph {n}"), n=max(counted["p"], 1)))
                yield element, here
                for box in _boxes(element):
                    yield from _walk(box, (*here, _saying(message("text box"))))
            case "tbl":
                counted["tbl"] += 1
                for row, line in enumerate(_children(element, "tr"), start=1):
                    for column, cell in enumerate(_children(line, "tc"), start=1):
                        place = message("table {table}, row {row}, column {column}")
                        yield from _walk(cell, (*where, _saying(place, table=counted["tbl"], row=row, column=column)))
            case "footnote" | "endnote":
                yield from _walk(element, (*where, _saying(message("note {n}"), n=element.get(f"{W}id"))))
            case "comment":
                yield from _walk(element, where)


def _saying(sentence: str, **facts: object) -> Saying:
    return sentence, tuple((name, str(fact)) for name, fact in facts.items())


_BLOCKS: Final = frozenset(f"{W}{name}" for name in ("p", "tbl", "footnote", "endnote", "comment"))


def _blocks(container: Any) -> Iterator[Any]:
    """The paragraphs and tables of a container, those in content controls and the like among them."""
    for child in container:
        if child.tag in _BLOCKS:
            yield child
        elif isinstance(child.tag, str) and child.tag != _FALLBACK:
            yield from _blocks(child)


def _children(container: Any, name: str) -> Iterator[Any]:
    for child in container:
        if child.tag == f"{W}{name}":
            yield child
        elif child.tag in {f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}ins"}:
            yield from _children(child, name)


def _own(paragraph: Any) -> Iterator[Any]:
    """What stands in a paragraph, without the text boxes that hang on it."""
    for child in paragraph:
        if isinstance(child.tag, str) and child.tag not in {f"{W}p", _FALLBACK}:
            yield child
            yield from _own(child)


def _boxes(paragraph: Any) -> Iterator[Any]:
    return (element for element in _own(paragraph) if element.tag == f"{W}txbxContent")


def _shown(paragraph: Any) -> str:
    return "".join(element.text or "" for element in _own(paragraph) if element.tag == f"{W}t")


def _paragraph(element: Any, spot: Spot, numbers: Mapping[Any, int]) -> _Paragraph:
    pieces = [(numbers[piece], piece) for piece in _own(element) if piece.tag == f"{W}t"]
    text = " ".join("".join(piece.text or "" for _, piece in pieces).split())
    whole = Spot(spot.member, spot.paragraph, spot.where, text[:200], 0, max(len(element) - 1, 0))
    return _Paragraph(element, whole, pieces)


# ------------------------------------------------------------------ tags

_OPENING: Final = re.compile(r"\{[{%#]")
_CLOSING: Final = re.compile(r"[}%#]\}")
_PAIRS: Final = {"{{": "}}", "{%": "%}", "{#": "#}"}
_PREFIX: Final = re.compile(r"(p|tr|tc|r) ")
_SINGLE: Final = re.compile(
    r"(?<![{\w])(?P<open>\{|\[\[?|<<?|«)\s*(?P<field>(?P<name>[^\W\d]\w*)\.[\w.]+\s*(?:\|[^{}\[\]<>«»]*)?)(?:\}|\]\]?|>>?|»)(?![}\w])"
)
"""What may be meant as a field, in other brackets than a field's."""


_CUT: Final = re.compile(r"(?:%\s*)?\b((?:end[a-z]+|else|elif|if|for|set)\b[^{}%]*)%\}")
"""A statement whose opening brace is gone."""


_WORD_S_OWN: Final[Mapping[tuple[str, ...], str]] = {
    ("INCLUDEPICTURE", "INCLUDETEXT", "LINK", "DDE", "DDEAUTO", "DATABASE", "IMPORT", "RD"): message(
        "«{name}» takes something from another file, which a letter does not have with it; put it in itself."
    ),
    ("DATE", "TIME", "SAVEDATE", "PRINTDATE"): message(
        "«{name}» is a date that Word changes whenever the letter is opened; "
        "take it out, and type the field of the letter's date."
    ),
    ("MERGEFIELD", "ADDRESSBLOCK", "GREETINGLINE", "MERGEREC", "MERGESEQ", "NEXT", "NEXTIF", "SKIPIF"): message(
        "«{name}» is a merge field of Word's own, which is not filled in here; "
        "take it out, and type the field with braces: {example}"
    ),
    ("ASK", "FILLIN", "MACROBUTTON"): message(
        "«{name}» is a field of Word's own in which somebody is to type something, and a letter goes out without it; "
        "take it out, and type the field with braces: {example}"
    ),
    ("FILENAME", "FILESIZE", "USERNAME", "USERINITIALS", "USERADDRESS", "LASTSAVEDBY", "EDITTIME", "REVNUM"): message(
        "«{name}» is a field that Word fills in anew wherever the letter is opened, from that file or that person; take it out."
    ),
}
"""Word's own fields that a letter cannot have, and why."""


_BLANK: Final = re.compile(
    r"\[[^\W\d_a-zæøåäö]{3}[^\[\]{}a-zæøåäö]{0,40}\]"  # in capitals: small letters in brackets are somebody's quotation
    r"|<<?\s*[^\W\d_][^<>{}@:/=]{1,40}>>?"
    r"|\b(?i:dd|xx)[./-](?i:mm|xx)[./-](?i:åååå|yyyy|xxxx|åå|yy|xx)\b"
)
"""What is typed in a letter's draft for whoever fills it in by hand."""


_AS_IT_IS: Final = message("«{blank}» would be printed as it is; put the field in its place.")


class _Found:
    """What is found in a part, paragraph by paragraph."""

    def __init__(self) -> None:
        self.tags: list[tuple[tuple[int, int], Tag]] = []
        self.flaws: list[Flaw] = []
        self.singles: list[Flaw] = []
        self.blanks: list[Flaw] = []
        self._raw = False

    def scan(self, paragraph: _Paragraph, numbers: Mapping[Any, int], opened: _Paragraph | None) -> _Paragraph | None:
        """Find the tags of a paragraph.

        Args:
            paragraph: where to look.
            numbers: of the elements, in the order of the XML.
            opened: the paragraph in which a remark ``{#`` was opened that is not closed yet.

        Returns:
            The paragraph with the remark that is still open at the end of this one.
        """
        text, at = paragraph.text, 0
        if opened is not None:
            if opened.element.getparent() is not paragraph.element.getparent():
                self.unclosed_remark(opened)
            else:
                closed = text.find("#}")
                if closed < 0:
                    return opened
                at = closed + 2
        while found := _OPENING.search(text, at):
            self._between(text, at, found.start(), paragraph, numbers)
            opening, begin = found[0], found.start()
            if opening == "{{" and text[begin + 2 : begin + 3] == "%":  # a statement with a brace too many
                opening, begin = "{%", begin + 1
            end = _end(text, begin + 2, _PAIRS[opening])
            limit = _OPENING.search(text, begin + 2) if opening != "{#" else None
            if end < 0 and opening == "{#":
                return paragraph
            if end < 0 or (limit is not None and limit.start() < end and not _nested(text, begin + 2, limit.start())):
                at = self._unclosed(paragraph, begin, limit.start() if limit else len(text), numbers)
                continue
            self._add(paragraph, begin, end, numbers)
            self._brace_too_many(paragraph, begin, end)
            at = end
        self._between(text, at, len(text), paragraph, numbers)
        return None

    def _brace_too_many(self, paragraph: _Paragraph, begin: int, end: int) -> None:
        text = paragraph.text
        if text[end : end + 1] == "}" or text[max(begin - 1, 0) : begin] == "{":
            sentence = message("A brace too many stands beside this field and would be printed; take it away.")
            self.flaws.append(Flaw(sentence, (), text[max(begin - 1, 0) : end + 1].strip(), _spot(paragraph, begin, end)))

    def instruction(self, text: str, paragraph: _Paragraph) -> None:
        """Note what stands in one of Word's own fields."""
        word, *rest = text.split() or [""]
        word = word.upper()
        sentence = next((sentence for words, sentence in _WORD_S_OWN.items() if word in words), "")
        if sentence:
            name = rest[0].strip('"') if word == "MERGEFIELD" and rest else word
            facts = (("name", name), ("example", "{{ … }}"))
            self.flaws.append(Flaw(sentence, facts, text.strip()[:80], paragraph.spot))
        for found in re.finditer(r"\{\{.*?\}\}", text):
            inner = found[0][2:-2].strip()
            self.tags.append(((_last(paragraph), 0), Tag(found[0], "{{", "", inner, paragraph.spot)))

    def unclosed_remark(self, paragraph: _Paragraph) -> None:
        """Note a remark that has no end in its cell or text."""
        at = paragraph.text.rfind("{#")
        spot = _spot(paragraph, at, len(paragraph.text))
        self._never_closed(paragraph.text[at : at + 60], "{#", spot)

    def _never_closed(self, typed: str, opening: str, spot: Spot) -> None:
        sentence = message("«{opening}» is opened and not closed in its paragraph; write «{closing}» behind the field.")
        self.flaws.append(Flaw(sentence, (("opening", opening), ("closing", _PAIRS[opening])), typed.strip(), spot))

    def _between(self, text: str, begin: int, end: int, paragraph: _Paragraph, numbers: Mapping[Any, int]) -> None:
        """Look at the text outside of tags: closing braces that nothing opens, and names in other brackets."""
        for found in _CLOSING.finditer(text, begin, end):
            start = max(begin, text.rfind("{", begin, found.start()), found.start() - 40)
            cut = _CUT.search(text, start, found.end()) if found[0] == "%}" else None
            if cut:
                start = cut.start()
                self._add(paragraph, start, found.end(), numbers, inner=cut[1])
            sentence = message("«{closing}» closes nothing; write «{opening}» where the field begins.")
            opening = next(opening for opening, closing in _PAIRS.items() if closing == found[0])
            spot = _spot(paragraph, start, found.end())
            facts = (("closing", found[0]), ("opening", opening))
            self.flaws.append(Flaw(sentence, facts, text[start : found.end()].strip(), spot))
        for found in _BLANK.finditer(text, begin, end):
            self.blanks.append(Flaw(_AS_IT_IS, (("blank", found[0]),), found[0], _spot(paragraph, *found.span())))
        self.singles += singles(text, begin, end, lambda found: _spot(paragraph, *found.span()))

    def _unclosed(self, paragraph: _Paragraph, begin: int, limit: int, numbers: Mapping[Any, int]) -> int:
        """A tag without its own end: closed with other braces, or not at all; where to look on."""
        text, opening = paragraph.text, paragraph.text[begin : begin + 2]
        wrong = re.compile(r"\s*(%\}|#\}|\}\}|\}|$)").search(text, begin + 2, limit)
        closing = wrong[1] if wrong else ""
        end = wrong.end() if wrong and closing else limit
        typed = text[begin:end].strip()
        if text[begin : begin + 3] == "{{{":
            sentence = message("A brace too many stands beside this field and would be printed; take it away.")
            self.flaws.append(Flaw(sentence, (), typed, _spot(paragraph, begin, end)))
        elif closing:
            sentence = message("The field is opened with «{opening}» and closed with «{wrong}»; write «{closing}».")
            facts = (("opening", opening), ("wrong", closing), ("closing", _PAIRS[opening]))
            self.flaws.append(Flaw(sentence, facts, typed, _spot(paragraph, begin, end)))
        else:
            self._never_closed(typed[:60], opening, _spot(paragraph, begin, end))
        if opening == "{%":
            inner = text[begin + 2 : wrong.start() if wrong else limit]
            self._add(paragraph, begin, end, numbers, inner=inner.rstrip(" %"))
        return end

    def _add(self, paragraph: _Paragraph, begin: int, end: int, numbers: Mapping[Any, int], inner: str | None = None) -> None:
        typed, opening = paragraph.text[begin:end], paragraph.text[begin : begin + 2] if inner is None else "{%"
        bare = (inner if inner is not None else typed[2:-2]).removeprefix("-").removesuffix("-").removeprefix("+")
        prefixed = _PREFIX.match(bare)
        prefix = prefixed[1] if prefixed else ""
        rest = (bare[prefixed.end() :] if prefixed else bare).strip()
        if opening == "{%" and rest in {"raw", "endraw"}:
            self._raw = rest == "raw"
            return
        if self._raw:
            return
        first, last = _piece(paragraph, begin), _piece(paragraph, end - 1)
        if any(_is_bound(control) for control in first.iterancestors(f"{W}sdt")):
            sentence = message(
                "Word fills the content control round this field from the document's own properties, and would put those in "
                "its place; right-click the control, choose «Remove content control», and type the field again."
            )
            self.flaws.append(Flaw(sentence, (), typed.strip(), _spot(paragraph, begin, end)))
        tag = Tag(
            typed=typed,
            opening=opening,
            prefix=prefix,
            inner=unicodedata.normalize("NFC", rest),
            spot=_spot(paragraph, begin, end),
            level=_level(first, prefix, numbers),
            whole=inner is None,
            joined=_parents(first)[0] is _parents(last)[0],
        )
        self.tags.append(((numbers[first], begin), tag))


def _is_bound(control: Any) -> bool:
    """Whether Word keeps the text of a content control in another part of the file, and takes it from there."""
    looks = control.find(f"{W}sdtPr")
    return looks is not None and any(etree.QName(each).localname == "dataBinding" for each in looks.iterchildren("{*}*"))


def singles(text: str, begin: int, end: int, spot: Callable[[re.Match[str]], Spot]) -> Iterator[Flaw]:
    """Names in single braces or other brackets, which may be meant as fields."""
    for found in _SINGLE.finditer(text, begin, end):
        sentence = (
            message("«{field}» stands in single braces, and would be printed as it is; write {example}.")
            if found["open"] == "{"
            else message("«{field}» would be printed as it is, for a field stands in double braces; write {example}.")
        )
        example = f"{{{{ {found['field'].strip()} }}}}"
        named = (("field", found[0]), ("example", example), ("root", str(found["name"])))
        yield Flaw(sentence, named, found[0], spot(found))


def _end(text: str, start: int, closing: str) -> int:
    """Where the closing braces end; those of a dictionary inside belong to it. -1 where there are none."""
    at = text.find(closing, start)
    while closing == "}}" and at >= 0 and text.count("{", start, at) > text.count("}", start, at):
        at = text.find("}", at + 1)
        if at >= 0 and text[at : at + 2] != closing:
            at = text.find(closing, at)
    return at + 2 if at >= 0 else -1


def _nested(text: str, start: int, at: int) -> bool:
    """Whether an opening within a tag is one of a dictionary, as in ``{{ {'a': {{…``; it is not, after a word."""
    return text[start:at].strip().endswith((":", "[", "(", ","))


def _piece(paragraph: _Paragraph, at: int) -> Any:
    """The text element in which a character of the paragraph stands."""
    for _, piece in paragraph.pieces:
        at -= len(piece.text or "")
        if at < 0:
            return piece
    return paragraph.pieces[-1][1]


def _spot(paragraph: _Paragraph, begin: int, end: int) -> Spot:
    whole = paragraph.spot
    if not paragraph.pieces:
        return whole
    first, last = (_child(paragraph, _piece(paragraph, at)) for at in (begin, max(begin, end - 1)))
    return Spot(whole.member, whole.paragraph, whole.where, whole.text, first, last)


def _child(paragraph: _Paragraph, element: Any) -> int:
    while element.getparent() is not paragraph.element:
        element = element.getparent()
    return int(paragraph.element.index(element))


def _last(paragraph: _Paragraph) -> int:
    return paragraph.pieces[-1][0] if paragraph.pieces else 0


def _parents(piece: Any) -> list[Any]:
    """What holds a piece's run, from within: the paragraph last."""
    found = [piece.getparent().getparent()]
    while found[-1].tag != f"{W}p":
        found.append(found[-1].getparent())
    return found


def _level(piece: Any, prefix: str, numbers: Mapping[Any, int]) -> tuple[Any, ...]:
    """What has to be the same at both ends of a block: the place whose pieces its tags take away, and what lies between."""
    parents = _parents(piece)
    paragraph = parents[-1]
    match prefix:
        case "p":
            return "p", numbers[paragraph.getparent()]
        case "tr" | "tc":
            around = next(paragraph.iterancestors(f"{W}{prefix}"), None)
            return prefix, numbers[around.getparent()] if around is not None else -1
    return prefix, numbers[paragraph.getparent()], *(str(parent.tag) for parent in parents)


# ------------------------------------------------------------------ what goes away with a tag


def _crowded(tags: Sequence[Tag], paragraphs: Sequence[_Paragraph]) -> tuple[Tag, ...]:
    """The tags, each with what docxtpl takes away with it."""
    by_number = {paragraph.spot.paragraph: paragraph for paragraph in paragraphs}
    return tuple(
        Tag(tag.typed, tag.opening, tag.prefix, tag.inner, tag.spot, tag.level, _crowd(tag, by_number), tag.whole, tag.joined)
        if tag.prefix in {"p", "tr", "tc"}
        else tag
        for tag in tags
    )


_SOLID: Final = frozenset(
    f"{W}{name}" for name in ("drawing", "pict", "object", "sectPr", "footnoteReference", "endnoteReference", "br")
)


def _crowd(tag: Tag, paragraphs: Mapping[int, _Paragraph]) -> str:
    element = paragraphs[tag.spot.paragraph].element
    if tag.prefix != "p":
        element = next(element.iterancestors(f"{W}{tag.prefix}"), None)
        if element is None:
            return ""
    inside = [element] if tag.prefix == "p" else [p for p in element.iter(f"{W}p") if not any(p.iterancestors(_FALLBACK))]
    text = " ".join(_shown(paragraph) for paragraph in inside).replace(tag.typed, "", 1).strip()
    if text.strip("{}"):
        return " ".join(text.split())[:80]
    solid = any(
        each.tag in _SOLID and (each.tag != f"{W}br" or each.get(f"{W}type") == "page")
        for paragraph in inside
        for each in _own(paragraph)
    )
    return "…" if solid else ""


# ------------------------------------------------------------------ what goes out with every letter

_CHANGES: Final = tuple(
    f"{W}{name}"
    for name in (
        *("ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange"),
        *(f"{what}Change" for what in ("rPr", "pPr", "sectPr", "tblPr", "tblPrEx", "tblGrid", "trPr", "tcPr")),
    )
)
_HOLDING: Final = frozenset(f"{W}{name}" for name in ("tc", "tr", "tbl", "body", "hdr", "ftr", "footnotes"))


def _instructions(paragraph: Any) -> Iterator[str]:
    """What Word's own fields in a paragraph say, each in one piece however Word has split it."""
    said: list[str] = []
    for element in _own(paragraph):
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr", "")
        elif element.tag == f"{W}fldChar" and element.get(f"{W}fldCharType") == "begin":
            said.append("")
        elif element.tag == f"{W}instrText":
            said[-1:] = [f"{said[-1] if said else ''}{element.text or ''}"]
    yield from said


def _named_outside(outside: Mapping[str, tuple[str, bool]], paragraphs: Sequence[_Paragraph]) -> Iterator[Flaw]:
    elsewhere = message(
        "A picture or an object here lies in another place ({target}) and not in the template; put it in itself."
    )
    address = message(
        "The address of this link has a field in it ({target}), which is not filled in there. "
        "Take the link away, and let the field stand as text."
    )
    for paragraph in paragraphs if outside else ():
        named = (value for element in _own(paragraph.element) for value in element.attrib.values() if value in outside)
        for target, is_link in dict.fromkeys(outside[each] for each in named):
            if not is_link:
                yield Flaw(elsewhere, (("target", target[:120]),), "", paragraph.spot)
            elif _OPENING.search(unquote(target)):
                yield Flaw(address, (("target", unquote(target)[:120]),), "", paragraph.spot)


def _unanswered(root: Any, paragraphs: Sequence[_Paragraph]) -> Iterator[Flaw]:
    """Content controls that still say what is to be typed into them: «Click here to enter text»."""
    told = {paragraph.element: paragraph for paragraph in paragraphs}
    for control in root.iter(f"{W}sdt"):
        text = "".join(piece.text or "" for piece in control.iter(f"{W}t")).strip()
        near = next((each for each in (*control.iterancestors(f"{W}p"), *control.iter(f"{W}p")) if each in told), None)
        if control.find(f"{W}sdtPr/{W}showingPlcHdr") is not None and text and near is not None and not _OPENING.search(text):
            yield Flaw(_AS_IT_IS, (("blank", text[:60]),), text[:60], told[near].spot)


def _changes(root: Any, paragraphs: Sequence[_Paragraph]) -> Iterator[Flaw]:
    """The changes that Word has kept track of, one for each paragraph; those of a table are told at its first one."""
    sentence = message("A change of the text is neither accepted nor refused, and would stand in every letter; do either.")
    told = {paragraph.element: paragraph for paragraph in paragraphs}
    changed: dict[Any, list[str]] = {}
    for element in root.iter(*_CHANGES):
        near = next((place for around in element.iterancestors() if (place := _near(around)) is not None), None)
        if near in told:
            changed.setdefault(near, []).extend(piece.text or "" for piece in element.iter(f"{W}t", f"{W}delText"))
    for near, words in changed.items():
        yield Flaw(sentence, (), "".join(words).strip()[:60], told[near].spot)


def _near(around: Any) -> Any:
    """The paragraph at which something in an element is told, if it is a paragraph, a row, a table or the whole part."""
    if around.tag == f"{W}p":
        return around
    return next(around.iter(f"{W}p"), None) if around.tag in _HOLDING else None


def _remarks_of_others(paragraphs: Sequence[_Paragraph]) -> Iterator[Flaw]:
    sentence = message("A Word comment stands here and would go out with every letter; delete it.")
    for paragraph in paragraphs:
        if any(element.tag == f"{W}commentReference" for element in _own(paragraph.element)):
            yield Flaw(sentence, (), "", paragraph.spot)


_UNPRINTED: Final = re.compile(r"\{%.*?%\}|\{#.*?#\}")
"""Tags that leave nothing behind, which some authors hide from their own eyes."""


def _hidden(paragraphs: Sequence[_Paragraph]) -> Iterator[Flaw]:
    """Words and fields in Word's hidden text: nobody who approves the letter sees them, and whoever gets the file can."""
    sentence = message(
        "Hidden text stands here: nobody sees it, and it would go out with every letter. Take «Hidden» off it, or delete it."
    )
    for paragraph in paragraphs:
        hidden = (element for element in _own(paragraph.element) if element.tag == f"{W}r" and _is_hidden(element))
        words = _UNPRINTED.sub("", "".join(piece.text or "" for run in hidden for piece in run.iterchildren(f"{W}t"))).strip()
        if words:
            yield Flaw(sentence, (), words[:60], paragraph.spot)


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(f"{W}val", "true") not in {"0", "false", "off"}
