"""An archive is put together again as the bytes it was, or not touched."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from pipeline.register import archive
from pipeline.register.archive import Archive, Unspliceable
from tests.register.rich_books import by_xlsxwriter, members, packed

PARTS = {"a.xml": b"<a/>" * 50, "map/b.xml": b"<b/>", "c.bin": bytes(range(256))}


def streamed() -> bytes:
    """An archive whose sizes stand behind each stream, as a program that cannot go back writes it."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation

        def tell(self) -> int:
            raise io.UnsupportedOperation

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as written:
        for name, part in PARTS.items():
            written.writestr(name, part)
    return pipe.getvalue()


@pytest.mark.parametrize("content", [packed(PARTS), packed(PARTS, method=zipfile.ZIP_STORED), streamed(), by_xlsxwriter()])
def test_put_together_unchanged_it_is_the_same_bytes(content: bytes) -> None:
    assert Archive("x", content).with_parts({}) == content


@pytest.mark.parametrize("content", [packed(PARTS), packed(PARTS, method=zipfile.ZIP_STORED), streamed()])
@pytest.mark.parametrize("part", [b"", b"<n/>", b"long" * 10_000])
def test_a_changed_member_is_read_by_others_and_the_rest_are_the_same_bytes(content: bytes, part: bytes) -> None:
    before = Archive("x", content)
    changed = before.with_parts({"map/b.xml": part})
    assert members(changed) == PARTS | {"map/b.xml": part}
    assert zipfile.ZipFile(io.BytesIO(changed)).testzip() is None
    after = Archive("x", changed)
    assert after.part("map/b.xml") == part
    assert [after.by_name[name].raw == member.raw for name, member in before.by_name.items()] == [True, False, True]


def test_a_comment_at_the_end_stays() -> None:
    content = io.BytesIO(packed(PARTS))
    with zipfile.ZipFile(content, "a") as archived:
        archived.comment = b"PK from the archive"
    changed = Archive("x", content.getvalue()).with_parts({"a.xml": b"<n/>"})
    assert zipfile.ZipFile(io.BytesIO(changed)).comment == b"PK from the archive"


def end_field(at: int, form: str, value: int) -> Callable[[bytes], bytes]:
    """Change a field of the end record."""

    def change(content: bytes) -> bytes:
        changed = bytearray(content)
        struct.pack_into(form, changed, content.rindex(b"PK\x05\x06") + at, value)
        return bytes(changed)

    return change


def entry_field(at: int, form: str, value: int) -> Callable[[bytes], bytes]:
    """Change a field of the first member's entry."""

    def change(content: bytes) -> bytes:
        changed = bytearray(content)
        struct.pack_into(form, changed, content.index(b"PK\x01\x02") + at, value)
        return bytes(changed)

    return change


def doubled(content: bytes) -> bytes:
    """An archive in which the last member has the first one's name."""
    return content.replace(b"c.bin", b"A.XML")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda content: content[:-30], archive.DAMAGED),
        (lambda content: b"junk" + content, archive.DAMAGED),
        (lambda content: content[:2000] and b"", archive.DAMAGED),
        (lambda content: bytes.fromhex("D0CF11E0A1B11AE1") + content, archive.ENCRYPTED),
        (doubled, archive.DUPLICATE),
        (lambda content: content.replace(b"c.bin", b"a.xml"), archive.DUPLICATE),
        (end_field(4, "<H", 1), archive.SEVERAL_DISKS),
        (end_field(8, "<H", 2), archive.SEVERAL_DISKS),
        (end_field(16, "<I", 0xFFFFFFFF), archive.ZIP64),
        (end_field(10, "<H", 0xFFFF), archive.ZIP64),
        (entry_field(8, "<H", 1), archive.ENCRYPTED),
        (entry_field(8, "<H", 0x2000), archive.ENCRYPTED),
        (entry_field(10, "<H", 12), archive.DAMAGED),
        (entry_field(20, "<I", 0xFFFFFFFF), archive.ZIP64),
        (entry_field(34, "<H", 3), archive.SEVERAL_DISKS),
        (entry_field(42, "<I", 7), archive.DAMAGED),
        (entry_field(28, "<H", 60_000), archive.DAMAGED),
    ],
)
def test_what_cannot_be_put_together_for_certain_is_refused(change: Callable[[bytes], bytes], reason: str) -> None:
    with pytest.raises(Unspliceable) as refusal:
        Archive("x", change(packed({"a.xml": b"<a/>" * 50, "map/b.xml": b"<b/>", "c.bin": b"123"})))
    assert refusal.value.facts == {"file": "x", "reason": reason}


def test_zip64_by_its_extra_field_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as written, written.open(zipfile.ZipInfo("a.xml"), "w", force_zip64=True) as member:
        member.write(b"<a/>")
    with pytest.raises(Unspliceable) as refusal:
        Archive("x", content.getvalue()).with_parts({"a.xml": b"<b/>"})
    assert refusal.value.facts["reason"] == archive.ZIP64


def test_a_member_that_is_not_what_its_checksum_says_is_refused() -> None:
    content = packed(PARTS, method=zipfile.ZIP_STORED).replace(b"<b/>", b"<x/>")
    with pytest.raises(Unspliceable) as refusal:
        Archive("x", content).part("map/b.xml")
    assert refusal.value.facts["reason"] == archive.DAMAGED


def test_there_is_no_part_of_an_unknown_name() -> None:
    assert Archive("x", packed(PARTS)).part("nowhere.xml") is None
