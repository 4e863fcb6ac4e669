"""Letters as PDF, through LibreOffice: PDF/A-2b and PDF/UA-1, many letters per start, a bad one costing only itself.

A PDF is derived from the Word file beside it and says from which: ``dc:source`` holds that file's digest, so that anyone can
tell whether it still shows what the Word file says. It is no file of the ledger.
The same Word file gives the same bytes with the same LibreOffice and fonts: its clock times and random numbers are taken out.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Event
from typing import Final

import psutil

from pipeline.faults import Fault
from pipeline.files import digest, make_folder, write_file
from pipeline.texts import message

FILTER: Final = "pdf:writer_pdf_Export:" + json.dumps(
    {
        "SelectPdfVersion": {"type": "long", "value": "2"},
        "PDFUACompliance": {"type": "boolean", "value": "true"},
        "UseTaggedPDF": {"type": "boolean", "value": "true"},
    },
    separators=(",", ":"),
)
"""PDF/A-2b and PDF/UA-1. Options as JSON are understood from LibreOffice 7.4 on (its help, «PDF export filter options»)."""

_READ_AS: Final = "MS Word 2007 XML"
"""Said outright, since LibreOffice would take a damaged Word file for plain text and print its bytes."""

_FAREWELL: Final = 10
"""Seconds that a program which is being ended may take."""

_CHUNK: Final = 100
"""The most letters per start: a start costs as much as some twenty letters, and what it does not finish is made again."""

_HOPELESS: Final = 3
"""Where so many letters were tried alone, and nothing came of them or of the others, it is LibreOffice that does not work."""

_FOLDERS: Final = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
)
"""Where it lies on systems that do not put it on the path."""

_END_OF_METADATA: Final = b"</rdf:RDF>"
_PDFUA_SCHEMA: Final = b"""\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
 <pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
  <pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
  <pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
  <pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
  <pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
   <pdfaProperty:category>internal</pdfaProperty:category>
   <pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
   <pdfaProperty:name>part</pdfaProperty:name>
   <pdfaProperty:valueType>Integer</pdfaProperty:valueType>
  </rdf:li></rdf:Seq></pdfaSchema:property>
 </rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""
"""PDF/A wants every schema described that it does not know itself (ISO 19005-2, 6.6.2.3); LibreOffice 7.4 leaves this out."""

_SOURCE: Final = re.compile("sha256:([0-9a-f]{64})")


class NoLibreOffice(Fault):
    """PDF was asked for on a machine without LibreOffice."""

    sentence = message(
        "No PDF was made, since LibreOffice is not installed; letters and lists are there all the same. Install it "
        "(Debian, Ubuntu: «sudo apt-get install libreoffice-writer»; "
        "Windows: «winget install TheDocumentFoundation.LibreOffice») and run with --pdf again."
    )
    exit_code = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A Word file that shall become pages.

    Attributes:
        path: where it lies.
        title: of the PDF, where the file has none of its own.
        language: of the PDF, where the file has none of its own.
        dated: the day that the PDF bears.
    """

    path: Path
    title: str
    language: str
    dated: date


@dataclass(frozen=True, slots=True)
class Shown:
    """A Word file as pages.

    Attributes:
        path: of the finished PDF.
        source: the digest of the Word file that it shows.
        pages: how many.
    """

    path: Path
    source: str
    pages: int


@dataclass(frozen=True, slots=True)
class Patience:
    """How many seconds a start of LibreOffice may take: for itself, and for each letter; it is ended after that."""

    start: float = 60
    each: float = 2


def find_libreoffice() -> str:
    """The program.

    Raises:
        NoLibreOffice: it is not there.
    """
    found = shutil.which("soffice") or shutil.which("libreoffice") or next(filter(os.path.exists, _FOLDERS), None)
    if found is None:
        raise NoLibreOffice
    return found


def convert(
    program: str, words: Sequence[Word], folder: Path, *, lanes: int, patience: Patience | None = None
) -> Mapping[int, Shown]:
    """Show Word files as pages, several starts of LibreOffice side by side, each with a profile folder of its own.

    What a start leaves undone, since it crashed, hung or met a file that it cannot open, is tried again: the first of it
    alone, the others together, until each was alone or is shown.

    Args:
        program: LibreOffice.
        words: the files; they are read and nothing else.
        folder: for everything on the way, and for the finished PDF; an existing folder that the caller removes.
        lanes: how many starts at a time.
        patience: how long to wait for one.

    Returns:
        By position among `words`, those that could be shown.

    Raises:
        Unwritable: the folder does not take the files.
    """
    press = _Press(program, folder, patience or Patience(), Event())
    size = min(_CHUNK, max(1, math.ceil(len(words) / lanes)))
    numbered = list(enumerate(words))
    chunks = [numbered[start : start + size] for start in range(0, len(numbered), size)]
    with ThreadPoolExecutor(lanes) as pool:
        return {number: shown for found in pool.map(press.chunk, chunks) for number, shown in found.items()}


def source_of(path: Path) -> str | None:
    """The digest of the Word file that a PDF of ours shows; None where it is somebody else's, or somebody has changed it.

    Programs that change a PDF leave its first identifier and give it a new second one (ISO 32000-1, 14.4).
    """
    import pikepdf  # only where there are PDF, as in `print_file`

    try:
        with pikepdf.open(path, attempt_recovery=False) as pdf:
            first, second = (bytes(part) for part in pdf.trailer.ID)
            said = _SOURCE.fullmatch(str(pdf.open_metadata().get("dc:source", "")))
    except (pikepdf.PdfError, AttributeError, ValueError):
        return None
    return said[1] if said and first == second else None


@dataclass(frozen=True, slots=True)
class _Press:
    """LibreOffice, and where it works."""

    program: str
    folder: Path
    patience: Patience
    broken: Event

    def chunk(self, words: Sequence[tuple[int, Word]]) -> Mapping[int, Shown]:
        """The files that can be shown. Where a start ended early, the first that it left undone is what it stopped at."""
        shown = self._start(words)
        tried = 0
        while missing := [(number, word) for number, word in words[tried:] if number not in shown]:
            suspect, *others = missing
            shown |= self._start([suspect])
            shown |= self._start(others)
            tried = words.index(suspect) + 1
            if not shown and tried >= _HOPELESS:
                self.broken.set()
        return shown

    def _start(self, words: Sequence[tuple[int, Word]]) -> dict[int, Shown]:
        """One start of LibreOffice, and what it finished."""
        if self.broken.is_set() or not words:
            return {}
        place = self.folder / f"{words[0][0]}-{len(words)}"
        copies = {number: content for number, word in words if (content := _read(word.path)) is not None}
        for part in ("word", "raw", "temp"):
            make_folder(place / part)
        for number, content in copies.items():
            write_file(place / "word" / f"{number}.docx", content)
        try:
            if copies:
                self._run(place, [place / "word" / f"{number}.docx" for number in copies])
            finished = {
                number: _finish(place / "raw" / f"{number}.pdf", self.folder / f"{number}.pdf", word, digest(copies[number]))
                for number, word in words
                if number in copies
            }
            return {number: shown for number, shown in finished.items() if shown is not None}
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def _run(self, place: Path, files: Sequence[Path]) -> None:
        profile = _profile_in(place)
        options = ["--headless", "--norestore", f"--infilter={_READ_AS}", "--convert-to", FILTER]
        target = ["--outdir", str(place / "raw")]
        temp = dict.fromkeys(("TMPDIR", "TMP", "TEMP"), str((place / "temp").resolve()))
        with _started([self.program, profile, *options, *target, *map(str, files)], temp) as process:
            try:
                process.wait(self.patience.start + self.patience.each * len(files))
            except subprocess.TimeoutExpired:
                return


def _profile_in(place: Path) -> str:
    """The word that gives LibreOffice a profile of its own, so that it does not hand the work to one that somebody uses."""
    return f"-env:UserInstallation={(place / 'profile').resolve().as_uri()}"


def end_left_behind(folder: Path) -> None:
    """End what a killed run has left at work in its folder, where it would go on to write letters after that was cleared."""
    ours = _profile_in(folder).removesuffix("profile")
    left = [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(word.startswith(ours) for word in process.info["cmdline"] or ())
    ]
    for process in left:
        with suppress(psutil.Error):  # it has ended by itself, or belongs to another account
            process.kill()
    psutil.wait_procs(left, timeout=_FAREWELL)


@contextmanager
def _started(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program that is gone afterwards with all that it has started, however it went."""
    process = subprocess.Popen(  # noqa: S603 -- LibreOffice, with paths of ours alone
        command,
        env={**os.environ, **environment, "SAL_USE_VCLPLUGIN": "svp"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if sys.platform == "win32":
            if process.poll() is None:
                subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], check=False, capture_output=True)  # noqa: S603, S607
        else:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _read(path: Path) -> bytes | None:
    """The file's bytes; None where it cannot be read, or is no zip: LibreOffice prints an empty file as an empty page."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    return content if content.startswith(b"PK") else None


def _finish(raw: Path, finished: Path, word: Word, source: str) -> Shown | None:
    """Take out of a PDF what differs from one run to the next, and write in whose pages they are; None where there is none."""
    import pikepdf

    try:
        with pikepdf.open(raw, attempt_recovery=False) as pdf:
            with pdf.open_metadata(set_pikepdf_as_editor=False) as said:
                if not (said.pdfa_status and said.get("pdfuaid:part")):
                    return None
                said["dc:source"] = f"sha256:{source}"
                said["xmp:CreateDate"] = f"{word.dated.isoformat()}T00:00:00Z"
                said.setdefault("dc:title", word.title)
            said_all = pdf.Root.Metadata.read_bytes()
            if b"pdfaExtension" not in said_all:
                pdf.Root.Metadata.write(said_all.replace(_END_OF_METADATA, _PDFUA_SCHEMA + _END_OF_METADATA))
            if "/Lang" not in pdf.Root:
                pdf.Root.Lang = pikepdf.String(word.language)
            for random in ("/ID", "/DocChecksum"):
                del pdf.trailer[random]
            for intent in pdf.Root.OutputIntents.as_list():
                intent.DestOutputProfile.write(_dated_profile(intent.DestOutputProfile.read_bytes(), word.dated))
            buffer = io.BytesIO()
            pdf.save(buffer, deterministic_id=True)
            pages = len(pdf.pages)
    except (pikepdf.PdfError, FileNotFoundError, KeyError):
        return None
    write_file(finished, buffer.getvalue())
    return Shown(finished, source, pages)


def _dated_profile(profile: bytes, day: date) -> bytes:
    """A colour profile that bears the day, and no identifier (ICC.1:2010, 7.2: a date of six numbers; zeros for none)."""
    stamp = struct.pack(">6H", day.year, day.month, day.day, 0, 0, 0)
    return profile[:24] + stamp + profile[36:84] + bytes(16) + profile[100:]
