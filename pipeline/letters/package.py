"""A filled document as a package: the members that no letter changes packed once, those of a letter put behind them.

Word finds a package's members by the directory at its end, so their order says nothing; the unchanged ones come first,
copied as they were deflated once. Every member has the same fixed date: same input, same bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Final, Self
from xml.sax.saxutils import escape

from pipeline.files import digest
from pipeline.letters.fields import printable

FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The date of every member of a file that we make: same input, same bytes."""

LOCALES: Final = {"nb": "nb-NO", "nn": "nn-NO", "sv": "sv-SE", "da": "da-DK", "en": "en-GB"}
"""Our languages as Word names them."""

_DATE: Final = 1 << 5 | 1  # 1 January 1980 as a zip writes it: years since 1980, month, day
_QUICK: Final = 1  # for what is packed for each letter: harder work saves a few hundred bytes and costs as much as filling it
_SMALLEST: Final = 9  # for what is packed once
_SMALL: Final = 1_024  # bytes that are put in as they are: deflating them saves less than it costs
_STORED, _DEFLATED = 0, 8
_VERSION: Final = 20
_UTF_8: Final = 1 << 11

_LOCAL: Final = struct.Struct("<4s5H3I2H")
_CENTRAL: Final = struct.Struct("<4s6H3I5H2I")
_END: Final = struct.Struct("<4s4H2IH")
"""The records of a zip file (PKWARE, APPNOTE 4.3.7, 4.3.12, 4.3.16)."""


MOST_BYTES: Final = 100_000_000
"""So much may a template hold unpacked; a real one holds a hundredth of it, and a file made to fill the memory much more."""


def is_too_large(content: bytes) -> bool:
    """Whether a Word or Excel file would unpack to more than any template has; what is no such file is not."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return sum(member.file_size for member in package.infolist()) > MOST_BYTES
    except zipfile.BadZipFile:
        return False


@dataclass(frozen=True, slots=True)
class Member:
    """A member of a package.

    Attributes:
        name: its name.
        crc: the checksum of its content.
        size: of its content, in bytes.
        method: how it is packed, as a zip file says it.
        packed: its content as packed.
    """

    name: str
    crc: int
    size: int
    method: int
    packed: bytes

    @classmethod
    def of(cls, name: str, content: bytes, level: int = _QUICK) -> Self:
        """Pack a member's content."""
        if len(content) < _SMALL:
            return cls(name, zlib.crc32(content), len(content), _STORED, content)
        packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
        return cls(name, zlib.crc32(content), len(content), _DEFLATED, packer.compress(content) + packer.flush())

    @property
    def _fields(self) -> tuple[int, ...]:
        name = self.name.encode()
        flags = 0 if name.isascii() else _UTF_8
        return flags, self.method, 0, _DATE, self.crc, len(self.packed), self.size, len(name)

    @property
    def local(self) -> bytes:
        """Its header and content."""
        return _LOCAL.pack(b"PK\3\4", _VERSION, *self._fields, 0) + self.name.encode() + self.packed

    def listed(self, offset: int) -> bytes:
        """Its line in the directory."""
        return _CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *self._fields, 0, 0, 0, 0, 0, offset) + self.name.encode()


@dataclass(frozen=True, slots=True)
class Package:
    """The members of a template that no letter changes, packed.

    Attributes:
        count: how many.
        packed: their headers and contents.
        directory: their lines in the directory.
    """

    count: int
    packed: bytes
    directory: bytes

    @staticmethod
    def of(members: Mapping[str, bytes]) -> Package:
        """Pack the members, by name."""
        packed, directory = bytearray(), bytearray()
        for name, content in members.items():
            member = Member.of(name, content, _SMALLEST)
            directory += member.listed(len(packed))
            packed += member.local
        return _package(len(members), bytes(packed), bytes(directory))

    def __reduce__(self) -> tuple[object, tuple[int, bytes, bytes]]:
        """Sent with the letters of another process, it is one for all of them again, and the same as here."""
        return _package, (self.count, self.packed, self.directory)

    def with_members(self, members: Iterable[Member]) -> bytes:
        """The whole file."""
        pieces, directory, offset, count = [self.packed], [self.directory], len(self.packed), self.count
        for member in members:
            local = member.local
            pieces.append(local)
            directory.append(member.listed(offset))
            offset += len(local)
            count += 1
        listed = b"".join(directory)
        end = _END.pack(b"PK\5\6", 0, 0, count, count, len(listed), offset, 0)
        return b"".join((*pieces, listed, end))


@lru_cache(maxsize=256)
def _package(count: int, packed: bytes, directory: bytes) -> Package:
    return Package(count, packed, directory)


@dataclass(frozen=True)
class Paper:
    """A filled document: what its template shares with all its letters, and what is its own.

    Held in this form, ten thousand letters take a few dozen megabytes; the file's bytes are made when they are asked for.

    Attributes:
        package: the template's unchanged members.
        members: the letter's own.
    """

    package: Package = field(repr=False)
    members: tuple[Member, ...] = field(repr=False)

    def __bytes__(self) -> bytes:
        """The file."""
        return self.package.with_members(self.members)

    @cached_property
    def digest(self) -> str:
        """The digest of the file."""
        return digest(bytes(self))


@dataclass(frozen=True, slots=True)
class Properties:
    """The core properties of a file: no names of people, no clock.

    Attributes:
        title: of the letter.
        author: the office.
        subject: the record's key.
        language: of the text, as ``nb-NO``.
        dated: the letter's date.
    """

    title: str
    author: str
    subject: str
    language: str
    dated: date

    @property
    def xml(self) -> bytes:
        """The part ``docProps/core.xml`` (ECMA-376 part 2, 11)."""
        return _CORE.format(
            title=_property(self.title),
            subject=_property(self.subject),
            author=_property(self.author),
            language=_property(self.language),
            at=f"{self.dated.isoformat()}T00:00:00Z",
        ).encode()


_LONGEST_PROPERTY: Final = 255
"""The most characters of a core property, by Office Open XML (ECMA-376 part 2)."""

_CORE: Final = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>{title}</dc:title><dc:subject>{subject}</dc:subject><dc:creator>{author}</dc:creator>"
    "<cp:keywords></cp:keywords><dc:description></dc:description>"
    "<cp:lastModifiedBy>{author}</cp:lastModifiedBy><cp:revision>1</cp:revision>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">{at}</dcterms:created>'
    '<dcterms:modified xsi:type="dcterms:W3CDTF">{at}</dcterms:modified>'
    "<cp:category></cp:category><dc:identifier></dc:identifier><dc:language>{language}</dc:language>"
    "</cp:coreProperties>"
)


def _property(text: str) -> str:
    return escape(printable(text)[:_LONGEST_PROPERTY])
