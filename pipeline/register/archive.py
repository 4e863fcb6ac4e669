"""A zip archive by hand: some members changed, all others copied as the bytes they are.

`zipfile` writes headers of its own; here a member that nobody changes keeps its header, stream and data descriptor,
so that a workbook of any program stays what that program made of it.
What this cannot do for certain (zip64, several disks, encrypted members) is refused.

Source of the layout: PKWARE, APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pipeline.faults import Fault
from pipeline.texts import message


class Unspliceable(Fault):
    """The workbook is of a kind that cannot be changed without risk; `reason` says which."""

    sentence = message("The register {file} is read but not written to: {reason}.")


ENCRYPTED: Final = message("it is protected by a password or encrypted")
ZIP64: Final = message("it is packed in the form for very large files; open it in Excel and save it once")
SEVERAL_DISKS: Final = message("it is one part of a divided archive")
DUPLICATE: Final = message("it holds two parts of the same name; open it in Excel and save it once")
DAMAGED: Final = message("it is damaged or put together in an unusual way; open it in Excel and save it once")

_END: Final = struct.Struct("<4sHHHHIIH")
_CENTRAL: Final = struct.Struct("<4sHHHHHHIIIHHHHHII")
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
_LONGEST_COMMENT: Final = 0xFFFF
_ZIP64_LOCATOR_SIZE: Final = 20
_IS_ENCRYPTED: Final = 0x2041  # encrypted, strongly encrypted, or with a masked header
_HAS_DESCRIPTOR: Final = 0x8
_STORED, _DEFLATED = 0, 8
_DEFLATE_VERSION: Final = 20
_TOO_LARGE: Final = 0xFFFFFFFF
_ZIP64_FIELD: Final = 0x0001


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive.

    Attributes:
        name: as stored; UTF-8, or code page 437 in old archives.
        raw: its bytes from the local header up to the next member: header, stream and data descriptor.
        entry: its entry in the central directory.
    """

    name: str
    raw: bytes
    entry: bytes


class Archive:
    """A zip archive whose members can be exchanged."""

    def __init__(self, file: str, content: bytes) -> None:
        """Take the archive apart.

        Raises:
            Unspliceable: it is of a kind that cannot be put together again for certain.
        """
        self.file = file
        if content.startswith(bytes.fromhex("D0CF11E0A1B11AE1")):
            raise Unspliceable(file=file, reason=ENCRYPTED)
        try:
            self.members, self._end = self._take_apart(content)
        except struct.error as error:
            raise Unspliceable(file=file, reason=DAMAGED) from error

    @cached_property
    def by_name(self) -> Mapping[str, Member]:
        """The members by the name that Open XML knows them by: without case, slashes forward."""
        return {_part_name(member.name): member for member in self.members}

    def part(self, name: str) -> bytes | None:
        """What a member holds, unpacked; None where there is none of the name.

        Raises:
            Unspliceable: it cannot be unpacked, or is not what its checksum says.
        """
        member = self.by_name.get(_part_name(name))
        if member is None:
            return None
        method, checksum, packed, size = (_CENTRAL.unpack_from(member.entry)[field] for field in (4, 7, 8, 9))
        start = _data_offset(member.raw)
        stream = member.raw[start : start + packed]
        if method == _DEFLATED:
            try:
                stream = zlib.decompressobj(-zlib.MAX_WBITS).decompress(stream, size + 1)
            except zlib.error as error:
                raise Unspliceable(file=self.file, reason=DAMAGED) from error
        if len(stream) != size or zlib.crc32(stream) != checksum:
            raise Unspliceable(file=self.file, reason=DAMAGED)
        return stream

    def with_parts(self, parts: Mapping[str, bytes]) -> bytes:
        """The archive's bytes with these parts in the place of their members; every other member as it was.

        Raises:
            Unspliceable: a header of a member to be changed has a form that cannot be written.
        """
        wanted = {_part_name(name): part for name, part in parts.items()}
        written: list[bytes] = []
        entries: dict[str, bytes] = {}
        offset = 0
        for member in sorted(self.members, key=lambda member: _offset(member.entry)):
            part = wanted.get(_part_name(member.name))
            raw, entry = (member.raw, member.entry) if part is None else self._repacked(member, part)
            entries[member.name] = entry[:42] + struct.pack("<I", offset) + entry[46:]
            written.append(raw)
            offset += len(raw)
        directory = b"".join(entries[member.name] for member in self.members)
        end = self._end[:12] + struct.pack("<II", len(directory), offset) + self._end[20:]
        return b"".join((*written, directory, end))

    def _take_apart(self, content: bytes) -> tuple[tuple[Member, ...], bytes]:
        at = _end_offset(content)
        if at is None:
            raise Unspliceable(file=self.file, reason=DAMAGED)
        _, disk, start_disk, here, total, size, start, _ = _END.unpack_from(content, at)
        locator = content[max(at - _ZIP64_LOCATOR_SIZE, 0) :].startswith(b"PK\x06\x07")
        if locator or _TOO_LARGE in {size, start} or total == 0xFFFF:
            raise Unspliceable(file=self.file, reason=ZIP64)
        if disk or start_disk or here != total:
            raise Unspliceable(file=self.file, reason=SEVERAL_DISKS)
        if start + size != at:
            raise Unspliceable(file=self.file, reason=DAMAGED)
        entries = dict(self._entries(content[start:at], total))
        offsets = sorted({_offset(entry) for entry in entries.values()})
        if offsets[:1] != [0] or len(offsets) != len(entries):
            raise Unspliceable(file=self.file, reason=DAMAGED)
        ends = dict(zip(offsets, [*offsets[1:], start], strict=True))
        members = []
        for name, entry in entries.items():
            raw = content[_offset(entry) : ends[_offset(entry)]]
            if not raw.startswith(b"PK\x03\x04") or _data_offset(raw) + _CENTRAL.unpack_from(entry)[8] > len(raw):
                raise Unspliceable(file=self.file, reason=DAMAGED)
            members.append(Member(name, raw, entry))
        if len({_part_name(name) for name in entries}) != len(entries):
            raise Unspliceable(file=self.file, reason=DUPLICATE)
        return tuple(members), content[at:]

    def _entries(self, directory: bytes, total: int) -> Iterator[tuple[str, bytes]]:
        """The entries of the central directory by name."""
        at = 0
        seen: set[str] = set()
        for _ in range(total):
            fields = _CENTRAL.unpack_from(directory, at)
            flags, method, packed, size = fields[3], fields[4], fields[8], fields[9]
            name_size, extra_size, comment_size, disk, offset = (fields[number] for number in (10, 11, 12, 13, 16))
            after = at + _CENTRAL.size + name_size + extra_size + comment_size
            entry = directory[at:after]
            raw_name = entry[_CENTRAL.size : _CENTRAL.size + name_size]
            extra = entry[_CENTRAL.size + name_size : _CENTRAL.size + name_size + extra_size]
            if flags & _IS_ENCRYPTED:
                raise Unspliceable(file=self.file, reason=ENCRYPTED)
            if _TOO_LARGE in {packed, size, offset} or _is_zip64(extra):
                raise Unspliceable(file=self.file, reason=ZIP64)
            if disk:
                raise Unspliceable(file=self.file, reason=SEVERAL_DISKS)
            if fields[0] != b"PK\x01\x02" or method not in {_STORED, _DEFLATED} or after > len(directory):
                raise Unspliceable(file=self.file, reason=DAMAGED)
            name = raw_name.decode("utf-8" if flags & 0x800 else "cp437", errors="replace")
            if name in seen:
                raise Unspliceable(file=self.file, reason=DUPLICATE)
            seen.add(name)
            yield name, entry
            at = after
        if at != len(directory):
            raise Unspliceable(file=self.file, reason=DAMAGED)

    def _repacked(self, member: Member, part: bytes) -> tuple[bytes, bytes]:
        """Header and stream of a member that holds something else now, and its entry; sizes stand in the header."""
        deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
        stream = deflate.compress(part) + deflate.flush()
        sizes = (zlib.crc32(part), len(stream), len(part))
        local = list(_LOCAL.unpack_from(member.raw))
        names = member.raw[_LOCAL.size : _data_offset(member.raw)]
        if _is_zip64(names[local[9] :]):
            raise Unspliceable(file=self.file, reason=ZIP64)
        local[1] = max(local[1], _DEFLATE_VERSION)
        local[2] &= ~_HAS_DESCRIPTOR
        local[3], local[6:9] = _DEFLATED, sizes
        central = list(_CENTRAL.unpack_from(member.entry))
        central[2] = max(central[2], _DEFLATE_VERSION)
        central[3] &= ~_HAS_DESCRIPTOR
        central[4], central[7:10] = _DEFLATED, sizes
        return _LOCAL.pack(*local) + names + stream, _CENTRAL.pack(*central) + member.entry[_CENTRAL.size :]


def _part_name(name: str) -> str:
    return name.replace("\\", "/").lstrip("/").lower()


def _end_offset(content: bytes) -> int | None:
    """Where the end record stands: the last one whose comment ends with the file."""
    at = len(content)
    first = len(content) - _END.size - _LONGEST_COMMENT
    while (at := content.rfind(b"PK\x05\x06", max(first, 0), at)) >= 0:
        if at + _END.size <= len(content) and at + _END.size + _END.unpack_from(content, at)[7] == len(content):
            return at
    return None


def _offset(entry: bytes) -> int:
    return int(_CENTRAL.unpack_from(entry)[16])


def _data_offset(raw: bytes) -> int:
    """Where the stream begins, after the local header, its name and its extra fields."""
    fields = _LOCAL.unpack_from(raw)
    return int(_LOCAL.size + fields[9] + fields[10])


def _is_zip64(extra: bytes) -> bool:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == _ZIP64_FIELD:
            return True
        at += 4 + size
    return False
