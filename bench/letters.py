"""Letters per second beside docxtpl, and a whole run of 10 000 letters beside docxtpl merely rendering them.

``python -m bench.letters`` prints the table of the README. Both sides make the same letters, on the same machine, in the same
run, and their texts are compared. The template is one as Word saves it: revision marks and properties on each run,
one page A4 with letterhead, fifteen fields, a conditional paragraph, a table of four rows and a footer.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import docx
import docxtpl
import jinja2
import psutil
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from bench.registers import multiplied, read, write
from bench.run import AS_OF, PEAK, ROOT, SPEED
from pipeline.profile.load import load_profile

ROUNDS: Final = 3
"""Of these the fastest counts, on both sides: what else the machine does is not measured."""

LETTERS: Final = 2_000
PEER: Final = 150
"""How many letters a round has; what docxtpl takes for more than its own is reckoned."""

RUN: Final = 10_000
FIELDS: Final = 15
Letter = Mapping[str, Any]


def main(arguments: Sequence[str]) -> None:
    """Measure and print the table, or as a child process one thing."""
    match arguments:
        case ["--measure", what, folder]:
            print(json.dumps(MEASURES[what](Path(folder))))
        case _:
            with tempfile.TemporaryDirectory(prefix="fristbrev-bench-") as folder:
                _print_table({what: _in_a_process(what, Path(folder)) for what in MEASURES})


def _in_a_process(what: str, folder: Path) -> dict[str, float]:
    """Measured in a process of its own, so that nothing is warm and each has its own peak of memory."""
    command = [sys.executable, "-m", "bench.letters", "--measure", what, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8") as child:  # noqa: S603 -- this file
        peak = 0.0
        while child.poll() is None:
            peak = max(peak, _memory(psutil.Process(child.pid)))
            time.sleep(0.1)
        answer = child.communicate()[0]
    figures: dict[str, float] = json.loads(answer.splitlines()[-1])
    return {PEAK: peak, **figures}


def _memory(process: psutil.Process) -> float:
    """Of a process and those that it started, what they share counted once, in MB."""
    total = 0
    with suppress(psutil.Error):
        for each in (process, *process.children(recursive=True)):
            memory = each.memory_full_info()
            total += getattr(memory, "pss", memory.uss)
    return total / 2**20


def _print_table(figures: Mapping[str, Mapping[str, float]]) -> None:
    names = ("docxtpl", "Jinja2", "python-docx", "lxml")
    print(f"Python {platform.python_version()}, " + ", ".join(f"{name} {version(name)}" for name in names))
    peer, merely, one, two, whole = (figures[what] for what in MEASURES)
    rows = (
        ("letters per second, one process", peer[SPEED], one[SPEED], "more"),
        ("letters per second, two processes", peer[SPEED], two[SPEED], "more"),
        (
            f"{RUN} letters, seconds: docxtpl merely rendering, a whole run",
            RUN / merely[SPEED],
            whole["seconds"],
            "less",
        ),
    )
    print(f"{'':66}{'docxtpl':>10}{'Fristbrev':>11}{'ratio':>8}")
    for name, theirs, ours, better in rows:
        print(f"{name:66}{theirs:10.1f}{ours:11.1f}{ours / theirs if better == 'more' else theirs / ours:7.1f}×")
    print(f"{'peak memory of that run, MB (its processes together)':66}{'':10}{whole[PEAK]:11.0f}")
    print(f"The fastest of {ROUNDS} rounds; docxtpl rendered {PEER} letters in each, its time for more is reckoned.")
    print(f"The run made {whole['letters']:.0f} letters.")
    print("the run, seconds: " + ", ".join(f"{name} {value:.2f}" for name, value in whole.items() if name.startswith("·")))


# ------------------------------------------------------------------ the letters


def template() -> bytes:
    """The template, built here."""
    document = docx.Document()
    _lean(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    _letterhead(section.header.paragraphs[0], "Sted kommune · Helse og omsorg")
    body = document.element.body
    for number in range(FIELDS - 8):
        body.insert(
            len(body) - 1,
            _paragraph(f"Opplysning {number}: ", f"sak.felt_{number}", " etter forvaltningsloven § 17 første ledd."),
        )
    body.insert(len(body) - 1, _paragraph("{%p if sak.innvilget %}"))
    body.insert(len(body) - 1, _paragraph("Søknaden er innvilget fra ", "sak.dato", ". Vedtaket gjelder inntil videre."))
    body.insert(len(body) - 1, _paragraph("{%p endif %}"))
    for _ in range(8):
        body.insert(
            len(body) - 1,
            _paragraph("Du kan klage på vedtaket innen tre uker etter at du fikk det. Klagen sendes til kommunen."),
        )
    table = document.add_table(4, 2)
    for number, row in enumerate(table.rows):
        row.cells[0].text = f"Rad {number}"
        row.cells[1]._tc.replace(row.cells[1].paragraphs[0]._p, _paragraph("", f"sak.rad_{number}", ""))  # noqa: SLF001 -- no other way
    body.insert(len(body) - 1, _paragraph("Vennlig hilsen ", "sak.saksbehandler", ""))
    footer = section.footer.paragraphs[0]._p  # noqa: SLF001 -- as above
    footer.getparent().replace(footer, _paragraph("Saksnummer ", "sak.nummer", ", side 1"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _lean(document: Any) -> None:
    """Without the half megabyte of table styles in python-docx's own template: Word writes none, and docxtpl pays for them."""
    styles = document.styles.element
    for style in [style for style in styles.style_lst if style.get(qn("w:type")) == "table"]:
        styles.remove(style)
    for part in (document.part, document.part.package):
        for name, relation in list(part.rels.items()):
            if relation.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                part.rels.pop(name)


def _letterhead(paragraph: Any, text: str) -> None:
    paragraph.add_run(text).bold = True


def _paragraph(before: str, field: str = "", after: str = "") -> Any:
    """A paragraph as Word saves it: each run with its marks and properties, the tag split where the spelling was checked."""
    pieces = (before, "{{ ", field, " }}", after) if field else (before,)
    properties = (
        '<w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="nb-NO"/></w:rPr>'
    )
    runs = "".join(
        f'<w:r w:rsidRPr="00{number}E5F3A">{properties}<w:t xml:space="preserve">{piece}</w:t></w:r>'
        '<w:proofErr w:type="spellEnd"/>'
        for number, piece in enumerate(pieces)
        if piece
    )
    spacing = f'<w:pPr><w:spacing w:after="120"/>{properties}</w:pPr>'
    return parse_xml(
        f'<w:p {nsdecls("w")} w:rsidR="00A77B3E" w:rsidRDefault="00A77B3E" w:rsidP="00A77B3E">{spacing}{runs}</w:p>'
    )


def letters(count: int) -> list[Letter]:
    """What they say."""
    return [
        {
            "sak": {
                **{f"felt_{field}": f"Kari & Ola {number} <{field}>" for field in range(FIELDS - 8)},
                **{f"rad_{row}": f"{number * row} timer" for row in range(4)},
                "innvilget": number % 3 > 0,
                "dato": f"{number % 28 + 1}. november 2026",
                "saksbehandler": "Åse Ødegård",
                "nummer": f"2026/{number:05}",
            }
        }
        for number in range(count)
    ]


# ------------------------------------------------------------------ measured


def _docxtpl(folder: Path) -> dict[str, float]:
    """The peer: a fresh template for each letter, since rendering one twice leaks state (docxtpl #540)."""
    content = folder / "template.docx"
    content.write_bytes(template())
    return _fastest(_rendered_by_docxtpl, [(content, letter) for letter in letters(PEER)], folder / "docxtpl")


def _docxtpl_of_the_run(folder: Path) -> dict[str, float]:
    """The peer merely renders the run's templates, as often as the run does each; that its fields are empty favours it."""
    templates = [ROOT / "templates" / "docx" / name for name in TEMPLATES]
    return _fastest(_rendered_by_docxtpl, [(each, {}) for each in templates * (PEER // 5)], folder / "docxtpl run")


def _fastest(make: Callable[..., float], work: Sequence[Any], target: Path) -> dict[str, float]:
    """Letters per second of the fastest round, each into a folder of its own; `make` answers with its seconds."""
    seconds: list[float] = []
    for round_ in range(ROUNDS):
        folder = target.with_name(f"{target.name} {round_}")
        folder.mkdir()
        seconds.append(make(work, folder))
    return {SPEED: len(work) / min(seconds)}


def _rendered_by_docxtpl(papers: Sequence[tuple[Path, Letter]], target: Path) -> float:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.ChainableUndefined)
    started = time.perf_counter()
    for number, (file, said) in enumerate(papers):
        document = docxtpl.DocxTemplate(file)
        document.render(dict(said), environment)
        document.save(target / f"{number}.docx")
    return time.perf_counter() - started


def _one_process(folder: Path) -> dict[str, float]:
    content = (folder / "template.docx").read_bytes()
    figures = _fastest(lambda said, target: _make(content, said, target), letters(LETTERS), folder / "fristbrev")
    _compare(folder / "docxtpl 0", folder / "fristbrev 0")
    return figures


def _two_processes(folder: Path) -> dict[str, float]:
    """Halves, each in a process that is there already, as in a run."""
    content = (folder / "template.docx").read_bytes()
    with multiprocessing.get_context("spawn").Pool(2, _get_ready) as pool:

        def halves(said: Sequence[Letter], target: Path) -> float:
            started = time.perf_counter()
            pool.starmap(_make, [(content, said[half::2], target, half, 2) for half in range(2)], chunksize=1)
            return time.perf_counter() - started

        figures = _fastest(halves, letters(LETTERS), folder / "fristbrev two")
    _compare(folder / "docxtpl 0", folder / "fristbrev two 0")
    return figures


def _get_ready() -> None:
    import pipeline.letters.template  # noqa: F401 -- what a worker has imported before its first letter


def _make(content: bytes, said: Sequence[Letter], target: Path, first: int = 0, step: int = 1) -> float:
    """Make the letters as a run does, each checked to be well-formed; the template is compiled within the seconds."""
    from pipeline.calendars import Calendar
    from pipeline.letters.fields import Printer, Voice
    from pipeline.letters.package import Properties
    from pipeline.letters.template import Template, TemplateEnvironment
    from pipeline.texts import texts_in

    texts, environment, day = texts_in("nb"), TemplateEnvironment(Calendar("NO")), date(2026, 11, 23)
    started = time.perf_counter()
    compiled = Template("template.docx", content)
    for number, letter in enumerate(said):
        properties = Properties("Vedtak", "Sted", letter["sak"]["nummer"], "nb-NO", day)
        paper = compiled.render(letter, Printer(Voice(texts, texts, "NO", properties.dated)), environment, properties)
        (target / f"{first + number * step}.docx").write_bytes(bytes(paper))
    return time.perf_counter() - started


def _compare(theirs: Path, ours: Path) -> None:
    """Raise where a letter of both says something else."""
    for number in range(PEER):
        if _words(theirs / f"{number}.docx") != _words(ours / f"{number}.docx"):
            raise AssertionError(f"letter {number} differs")


def _words(path: Path) -> list[str]:
    document = docx.Document(str(path))
    section = document.sections[0]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = (*section.header.paragraphs, *document.paragraphs, *section.footer.paragraphs)
    return [*(paragraph.text for paragraph in paragraphs), *cells]


# ------------------------------------------------------------------ a whole run

_KEPT: Final = ("ansatt", "sats")
"""Sheets of the demo's register that stay as they are, however many cases there are."""

_DUE: Final = (
    *("2026/0115", "2026/0117", "2026/0124", "2026/0128", "2026/0138", "2026/0142"),
    *("2026/0168", "2026/0169", "2026/0178", "2026/0180", "2026/0184"),
)
"""Cases of the demo that have letters due: refusals, decisions with copies, preliminary answers."""

LETTERS_DUE: Final = 15
"""How many these are."""

TEMPLATES: Final = ("vedtak.docx", "vedtak.docx", "avslag.docx", "foreløpig_melding.docx", "foreløpig_melding.docx")
"""What they are made from, in the proportion in which they are."""


def _whole_run(folder: Path) -> dict[str, float]:
    """A first night over a register in which every case has a letter due, by the demo's routine and templates."""
    from pipeline.run import Clock, Hands, Workspace, run

    workspace = folder / "workspace"
    workspace.mkdir()
    _make_register(workspace)
    night = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 2, tzinfo=UTC)
    started = time.perf_counter()
    report = run(Workspace(workspace), Clock(AS_OF, lambda: night, time.perf_counter), hands=Hands(os.cpu_count() or 1))
    seconds = time.perf_counter() - started
    stations = {f"· {station}": value for station, value in report.seconds.items()}
    return {"seconds": seconds * RUN / len(report.made), "letters": len(report.made), **stations}


def _make_register(workspace: Path) -> None:
    """The demo's register, of its cases only those that have letters due, and as often as it takes."""
    profile = load_profile(ROOT / "profile.toml")
    cells = read(ROOT / profile.register_file.workbook, profile)
    headings = {
        name: {column: sheet.columns[column].heading for column in sheet.columns} for name, sheet in profile.sheets.items()
    }

    def column(sheet: str, name: str) -> int:
        return cells[sheet][0].index(headings[sheet][name])

    cases = [row for row in cells["sak"][1:] if row[column("sak", "saksnummer")] in _DUE]
    people = {row[column("sak", name)] for row in cases for name in ("bruker", "søker")}
    guardians = [row for row in cells["verge"][1:] if row[column("verge", "person")] in people]
    people |= {row[column("verge", "verge")] for row in guardians}
    rows = {
        "sak": cases,
        "verge": guardians,
        "person": [row for row in cells["person"][1:] if row[column("person", "nummer")] in people],
        **{name: cells[name][1:] for name in _KEPT},
    }
    due = {name: [found[0], *rows.get(name, [])] for name, found in cells.items()}
    shutil.copy(ROOT / "profile.toml", workspace)
    shutil.copytree(ROOT / "templates", workspace / "templates")
    (workspace / "registers").mkdir()
    write(workspace / profile.register_file.workbook, profile, multiplied(profile, due, "sak", RUN * len(_DUE) // LETTERS_DUE))


MEASURES: Final = {
    "docxtpl": _docxtpl,
    "docxtpl of the run": _docxtpl_of_the_run,
    "one process": _one_process,
    "two processes": _two_processes,
    "a whole run": _whole_run,
}

if __name__ == "__main__":
    main(sys.argv[1:])
