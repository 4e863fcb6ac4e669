"""Letters per second beside docxtpl, and a whole run of 10 000 letters beside docxtpl merely rendering them.

``python -m bench.letters`` prints the table of the README. Both sides make the same letters, on the same machine, in the same
run, their rounds taking turns, and the texts of the letters are compared. The template of the first rows is one as Word
saves it: revision marks and properties on each run, one page A4 with letterhead, fifteen fields, a conditional paragraph,
a table of four rows and a footer. The whole run makes the letters of the demo's cases, by its templates.
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
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, SupportsBytes

import docx
import docxtpl
import jinja2
import psutil
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm

from bench.registers import multiplied, read, write
from bench.run import AS_OF, CASES, PEAK, ROOT, SPEED
from pipeline.calendars import Calendar
from pipeline.ledger.store import Ledger
from pipeline.letters.fields import Printer, Voice
from pipeline.letters.fill import Filling, fill
from pipeline.letters.model import Outcome
from pipeline.letters.package import Properties
from pipeline.letters.template import Template, TemplateEnvironment, read_templates
from pipeline.profile.load import load_profile
from pipeline.run import Allowed, Clock, Hands, Sight, Workspace, run
from pipeline.run.sight import look
from pipeline.run.workspace import Stopwatch
from pipeline.texts import texts_in

ROUNDS: Final = 3
"""They take turns, and of each measure the fastest counts, on both sides: what else the machine does is not measured."""

LETTERS: Final = 2_000
PEER: Final = 150
"""How many letters a round has; what docxtpl takes for more than its own is reckoned."""

_FIRST: Final = 10

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
                rounds = [Path(folder) / str(number) for number in range(ROUNDS)]
                for each in rounds:
                    each.mkdir()
                found = [{what: _in_a_process(what, each) for what in MEASURES} for each in rounds]
                _print_table({what: max((figures[what] for figures in found), key=itemgetter(SPEED)) for what in MEASURES})


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
    print(
        f"{os.cpu_count()} cores; the fastest of {ROUNDS} rounds; docxtpl's time for {RUN} letters reckoned from {PEER} of them"
    )
    peer, merely, one, two, whole = (figures[what] for what in MEASURES)
    rows = (
        ("letters per second, one process", peer[SPEED], one[SPEED], "more"),
        ("letters per second, two processes", peer[SPEED], two[SPEED], "more"),
        (
            f"{RUN} letters, seconds: docxtpl merely rendering, a whole run",
            RUN / merely[SPEED],
            RUN / whole[SPEED],
            "less",
        ),
    )
    print(f"{'':66}{'docxtpl':>10}{'Fristbrev':>11}{'ratio':>8}")
    for name, theirs, ours, better in rows:
        print(f"{name:66}{theirs:10.1f}{ours:11.1f}{ours / theirs if better == 'more' else theirs / ours:7.1f}×")
    print(f"{'peak memory of that run, MB (its processes together)':66}{'':10}{whole[PEAK]:11.0f}")
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
    content = folder / "template.docx"
    content.write_bytes(template())
    return _timed(_rendered_by_docxtpl, [(content, letter) for letter in letters(PEER)], folder / "docxtpl")


def _timed(make: Callable[..., float], work: Sequence[Any], target: Path) -> dict[str, float]:
    """Letters per second, made into a folder of their own; `make` answers with its seconds.

    The first letters are made twice, the first time untimed: by then all is imported.
    """
    target.mkdir()
    make(work[:_FIRST], target)
    return {SPEED: len(work) / make(work, target)}


def _docxtpl_of_the_run(folder: Path) -> dict[str, float]:
    """The peer merely renders the letters of the demo's cases, which are those of the run."""
    papers = _papers_of_the_demo()
    target = folder / "docxtpl run"
    target.mkdir()
    files = [target / f"{number}-{paper.template}" for number, paper in enumerate(papers)]
    for file, paper in zip(files, papers, strict=True):
        file.write_bytes(paper.content)
    environment = _AsItComes(Calendar("NO"), texts_in("nb"))
    for file, paper in zip(files, papers, strict=True):
        environment.tell(paper.printer)
        said = _words(io.BytesIO(_rendered(file, paper.fields, environment)))
        if said != _words(io.BytesIO(bytes(paper.ours))):
            raise AssertionError(f"a letter from {paper.template} differs")
    started = time.perf_counter()
    for number in range(PEER):
        paper = papers[number % len(papers)]
        environment.tell(paper.printer)
        (target / f"{number}.docx").write_bytes(_rendered(files[number % len(files)], paper.fields, environment))
    return {SPEED: PEER / (time.perf_counter() - started)}


class _AsItComes(TemplateEnvironment):
    """The names and filters of templates, and docxtpl as it comes: Jinja2 compiles each letter's template anew."""

    def tell(self, printer: Printer) -> None:
        """How the values of the next letter are printed."""
        self.finalize = printer.show
        self.budget.renew()

    def from_string(self, source: Any, globals: Any = None, template_class: Any = None) -> Any:  # noqa: A002 -- Jinja2's signature
        return jinja2.Environment.from_string(self, source, globals, template_class)


@dataclass(frozen=True, slots=True)
class _Paper:
    """A letter of the demo: its template, what is merged into it and how values are printed, and what Fristbrev makes of it."""

    template: str
    content: bytes
    fields: Letter
    printer: Printer
    ours: SupportsBytes


def _papers_of_the_demo() -> list[_Paper]:
    papers: list[_Paper] = []

    class Recorded(Template):
        def render(
            self, context: Letter, printer: Printer, environment: TemplateEnvironment, properties: Properties
        ) -> SupportsBytes:
            made = super().render(context, printer, environment, properties)
            if self.name.partition(".")[0] in rules:  # the letter itself, not what is enclosed with it
                papers.append(_Paper(self.name, self.content, {**context, **printer.names}, printer, made))
            return made

    sight, owed = _demo()
    rules = sight.profile.letters
    found = read_templates(Workspace(ROOT).templates, sight.profile)
    recorded = {name: Recorded(each.name, each.content) for name, each in found.items()}
    letters_owed = [letter for letter in sight.letters if letter.obligation.record.key in owed]
    fill(letters_owed, Filling(sight.view, recorded, TemplateEnvironment(sight.view.rules.calendar, texts_in("nb"))))
    return papers


def _demo() -> tuple[Sight, Mapping[str, int]]:
    """The demo, and how many letters each of its cases owes, those apart of which a letter is withheld."""
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "none.sqlite") as ledger:
        sight = look(Workspace(ROOT), AS_OF, ledger, Stopwatch(time.perf_counter))
    of_cases = [letter for letter in sight.letters if letter.obligation.record.sheet == CASES]
    stopped = {letter.obligation.record.key for letter in of_cases if letter.outcome in {Outcome.WITHHELD, Outcome.MANUAL}}
    owed = (letter.obligation.record.key for letter in of_cases if letter.outcome is Outcome.DUE)
    return sight, Counter(key for key in owed if key not in stopped)


def _rendered_by_docxtpl(papers: Sequence[tuple[Path, Letter]], target: Path) -> float:
    environment = jinja2.Environment(autoescape=True)
    started = time.perf_counter()
    for number, (file, said) in enumerate(papers):
        (target / f"{number}.docx").write_bytes(_rendered(file, said, environment))
    return time.perf_counter() - started


def _rendered(file: Path, said: Letter, environment: jinja2.Environment) -> bytes:
    """The peer: a fresh template for each letter, since rendering one twice leaks state (docxtpl #540)."""
    document = docxtpl.DocxTemplate(file)
    document.render(dict(said), environment)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _one_process(folder: Path) -> dict[str, float]:
    content = (folder / "template.docx").read_bytes()
    figures = _timed(lambda said, target: _make(content, said, target), letters(LETTERS), folder / "fristbrev")
    _compare(folder / "docxtpl", folder / "fristbrev")
    return figures


def _two_processes(folder: Path) -> dict[str, float]:
    """Halves, each in a process that is there already, as in a run."""
    content = (folder / "template.docx").read_bytes()
    with multiprocessing.get_context("spawn").Pool(2, _get_ready) as pool:

        def halves(said: Sequence[Letter], target: Path) -> float:
            started = time.perf_counter()
            pool.starmap(_make, [(content, said[half::2], target, half, 2) for half in range(2)], chunksize=1)
            return time.perf_counter() - started

        figures = _timed(halves, letters(LETTERS), folder / "fristbrev two")
    _compare(folder / "docxtpl", folder / "fristbrev two")
    return figures


def _get_ready() -> None:
    import pipeline.letters.template  # noqa: F401 -- what a worker has imported before its first letter


def _make(content: bytes, said: Sequence[Letter], target: Path, first: int = 0, step: int = 1) -> float:
    """Make the letters as a run does, each checked to be well-formed; the template is compiled within the seconds."""
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


def _words(file: Path | io.BytesIO) -> list[str]:
    document = docx.Document(str(file) if isinstance(file, Path) else file)
    section = document.sections[0]
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = (*section.header.paragraphs, *document.paragraphs, *section.footer.paragraphs)
    return [*(paragraph.text for paragraph in paragraphs), *cells]


# ------------------------------------------------------------------ a whole run

_KEPT: Final = ("ansatt", "sats")
"""Sheets of the demo's register that stay as they are, however many cases there are."""


def _whole_run(folder: Path) -> dict[str, float]:
    """A first night over a register in which every case has a letter due, by the demo's routine and templates."""
    workspace = folder / "workspace"
    workspace.mkdir()
    _make_register(workspace)
    night = datetime(AS_OF.year, AS_OF.month, AS_OF.day, 2, tzinfo=UTC)
    started = time.perf_counter()
    clock, hands = Clock(AS_OF, lambda: night, time.perf_counter), Hands(os.cpu_count() or 1)
    report = run(Workspace(workspace), clock, allowed=Allowed(many=True), hands=hands)
    seconds = time.perf_counter() - started
    stations = {f"· {station}": value for station, value in report.seconds.items()}
    if len(report.made) < RUN:
        raise AssertionError(f"only {len(report.made)} letters were made")
    return {SPEED: len(report.made) / seconds, "letters": len(report.made), **stations}


def _make_register(workspace: Path) -> None:
    """The demo's register, of its cases those that owe letters and nothing stops, as often as `RUN` letters take."""
    profile = load_profile(ROOT / "profile.toml")
    cells = read(ROOT / profile.register_file.workbook, profile)

    def column(sheet: str, name: str) -> int:
        return cells[sheet][0].index(profile.sheets[sheet].columns[name].heading)

    _, owed = _demo()
    cases = [row for row in cells[CASES][1:] if row[column(CASES, "saksnummer")] in owed]
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
    count = -(-RUN // sum(owed.values())) * len(cases)
    write(workspace / profile.register_file.workbook, profile, multiplied(profile, due, "sak", count, spread=1))


MEASURES: Final = {
    "docxtpl": _docxtpl,
    "docxtpl of the run": _docxtpl_of_the_run,
    "one process": _one_process,
    "two processes": _two_processes,
    "a whole run": _whole_run,
}

if __name__ == "__main__":
    main(sys.argv[1:])
