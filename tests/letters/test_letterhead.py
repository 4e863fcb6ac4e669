"""One letterhead for all: what it takes with it, what a template keeps, and that it costs no version without a change."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import docx
import pytest

from pipeline.calendars import Calendar
from pipeline.letters.contract import check_templates
from pipeline.letters.letterhead import with_letterhead
from pipeline.letters.template import TemplateEnvironment, read_templates
from pipeline.profile.model import Profile
from pipeline.texts import texts_in
from tests.letters.made_up import profile


def _file(header: str, body: str = "", *, style: str = "", picture: bytes = b"") -> bytes:
    document = docx.Document()
    section = document.sections[0]
    if header:
        section.header.is_linked_to_previous = False
        paragraph = section.header.paragraphs[0]
        paragraph.text = header
        if style:
            document.styles.add_style(style, 1).font.bold = True
            paragraph.style = style
        if picture:
            paragraph.add_run().add_picture(io.BytesIO(picture))
    document.add_paragraph(body)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _routine() -> Profile:
    plain = profile()
    return plain.model_copy(update={"office": plain.office.model_copy(update={"letterhead": "head.docx"})})


def _picture() -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"")


def _opened(content: bytes) -> docx.document.Document:
    return docx.Document(io.BytesIO(content))


def test_the_letterhead_takes_the_place_of_the_templates_own_and_the_body_stays() -> None:
    headed = _opened(with_letterhead(_file("Old town", "The decision"), _file("New town", "For staff", style="Crest")))

    header = headed.sections[0].header.paragraphs[0]
    assert (header.text, header.style.name, header.style.font.bold) == ("New town", "Crest", True)
    assert [paragraph.text for paragraph in headed.paragraphs] == ["The decision"]


def test_a_coat_of_arms_comes_along() -> None:
    headed = _opened(with_letterhead(_file("Old town"), _file("New town", picture=_picture())))

    part = headed.sections[0].header.part
    assert [relation.target_part.blob for relation in part.rels.values()] == [_picture()]


def test_a_template_without_a_header_stays_without() -> None:
    assert _opened(with_letterhead(_file("", "A form"), _file("New town"))).sections[0].header.is_linked_to_previous


@pytest.mark.parametrize("content", [None, b"no Word file"])
def test_a_letterhead_that_is_missing_or_damaged_is_a_mistake_of_every_letter(tmp_path: Path, content: bytes | None) -> None:
    routine = _routine()
    (tmp_path / "notice.docx").write_bytes(_file("Old town"))
    if content is not None:
        (tmp_path / "head.docx").write_bytes(content)

    templates = read_templates([tmp_path], routine)
    mistakes = check_templates(routine, templates, TemplateEnvironment(Calendar("NO")), texts_in("en")).mistakes

    assert {letter: [mistake.template for mistake in found] for letter, found in mistakes.items()} == {"notice": ["head.docx"]}


@pytest.mark.parametrize(("changed", "same"), [("New town", True), ("Newer town", False)])
def test_the_letterhead_is_part_of_every_templates_version(tmp_path: Path, changed: str, *, same: bool) -> None:
    routine = _routine()
    (tmp_path / "notice.docx").write_bytes(_file("Old town"))
    (tmp_path / "head.docx").write_bytes(_file("New town"))
    before = read_templates([tmp_path], routine)["notice.docx"].digest

    (tmp_path / "head.docx").write_bytes(_file(changed))

    assert (read_templates([tmp_path], routine)["notice.docx"].digest == before) is same
