"""Who gets what in Alta's routine: one register with a case for each situation, one night, every letter opened.

The letters are dated on `DAY`; ages are told by the birthday, so that «16 today» and «16 tomorrow» stand side by side.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.text.paragraph import Paragraph

from pipeline.ledger.model import Source, What
from pipeline.ledger.store import Ledger
from pipeline.letters.model import Letter, Outcome, Reason
from pipeline.profile.load import load_profile
from pipeline.register.build import build_workbook, workbook_bytes
from pipeline.run import Clock, Workspace, ledger_path, look, run
from pipeline.run.workspace import Stopwatch
from pipeline.texts import texts_in

DAY = date(2026, 11, 23)
TOMORROW, YESTERDAY = DAY + timedelta(days=1), DAY - timedelta(days=1)
STRICT, CONFIDENTIAL = "strengt fortrolig", "fortrolig"

NOBODY = "recipient-missing"
NO_ADDRESS = "required-missing"
NOT_ENTITLED = "letter-check-plain"

Case = dict[str, Any]


def turns(age: int, day: date = DAY) -> date:
    """The birthday of somebody who is so many years old from the day on."""
    return day.replace(year=day.year - age)


def parent(name: str, **cells: Any) -> tuple[str, Case]:
    return name, {"slag": "forelder", **cells}


def guardian(name: str, mandate: str = "personlig og økonomisk", **cells: Any) -> tuple[str, Case]:
    return name, {"slag": "verge", "mandat": mandate, "gyldig_fra": date(2024, 1, 1), **cells}


def representative(name: str, **cells: Any) -> tuple[str, Case]:
    return name, {"slag": "fullmektig", "gyldig_fra": date(2024, 1, 1), **cells}


@dataclass(frozen=True)
class Situation:
    """A case and its people; who is not said to live elsewhere has a home of their own.

    Attributes:
        what: the situation, in the office's words.
        letter: the letter that the case is ready for.
        expected: who gets it as whom, or why nobody does; a part each.
        born: the user's birthday.
        around: parents, guardians and representatives, with the cells of their row.
        applicant: who applied; the user where nobody is said.
        people: cells of people, by name.
        cells: further cells of the case, by column.
    """

    what: str
    letter: str
    expected: str
    born: date = date(1990, 5, 5)
    around: tuple[tuple[str, Case], ...] = ()
    applicant: str = "bruker"
    people: Mapping[str, Case] = field(default_factory=dict)
    cells: Case = field(default_factory=dict)


MOTHER, FATHER = parent("mor"), parent("far")
BOTH = (MOTHER, FATHER)
SAME_HOME: Case = {"adresse": "Fellesheimen 1", "postnummer": "9510", "poststed": "Alta"}
HIDEOUT: Case = SAME_HOME | {"adresse": "Skjulheimen 2"}
HOMELESS: Case = {"adresse": None, "postnummer": None, "poststed": None}
HIDDEN: Case = {**HOMELESS, "telefon": None, "adressesperre": STRICT}
SHIELDED: Case = {"adressesperre": CONFIDENTIAL}

# fmt: off
SITUATIONS = (
    # ages to the day, the decision
    Situation("barn på 11, i morgen 12", "vedtak", "til mor", turns(12, TOMORROW), (MOTHER,)),
    Situation("barn på 12 i dag", "vedtak", "til mor", turns(12), (MOTHER,)),
    Situation("14 år, i morgen 15", "vedtak", "til mor, til far", turns(15, TOMORROW), BOTH),
    Situation("15 år i dag: part selv", "vedtak", "til mor, til far, til bruker", turns(15), BOTH),
    Situation("15 år, i morgen 16", "vedtak", "til mor, til far, til bruker", turns(16, TOMORROW), BOTH),
    Situation("16 år i dag", "vedtak", "til mor, til far, til bruker", turns(16), BOTH),
    Situation("17 år, i morgen 18", "vedtak", "til mor, til far, til bruker", turns(18, TOMORROW), BOTH),
    Situation("18 år i dag: ikke lenger til foreldrene", "vedtak", "til bruker", turns(18), BOTH),
    Situation("18 år i går", "vedtak", "til bruker", turns(18, YESTERDAY), BOTH),
    Situation("18 år med fullmakt til mor", "vedtak", "til bruker, til mor", turns(18), (representative("mor"), FATHER)),
    # ages to the day, the other letters
    Situation("14 år, i morgen 15", "forhåndsvarsel", "til mor", turns(15, TOMORROW), (MOTHER,)),
    Situation("15 år i dag: varsles selv", "forhåndsvarsel", "til mor, til bruker", turns(15), (MOTHER,)),
    Situation("17 år, i morgen 18", "forhåndsvarsel", "til mor, til bruker", turns(18, TOMORROW), (MOTHER,)),
    Situation("18 år i dag", "forhåndsvarsel", "til bruker", turns(18), (MOTHER,)),
    Situation("15 år i dag: rutinen gir kopi først fra 16", "innkalling_evaluering", "til mor", turns(15), (MOTHER,)),
    Situation("16 år i dag", "innkalling_evaluering", "til mor, kopi bruker", turns(16), (MOTHER,)),
    Situation("15 år i dag", "avslag", "til mor, til bruker", turns(15), (MOTHER,)),
    Situation("15 år i dag", "endringsvedtak", "til mor, til bruker", turns(15), (MOTHER,)),
    Situation("15 år i dag", "avslutningsvedtak", "til mor, til bruker", turns(15), (MOTHER,)),
    Situation("18 år i dag", "avslutningsvedtak", "til bruker", turns(18), (MOTHER,)),
    Situation("16 år i dag", "klage_mottatt", "til mor, kopi bruker", turns(16), (MOTHER,)),
    # two guardians, and where they live
    Situation("foreldre i samme hus: hver sitt brev", "vedtak", "til mor, til far", turns(9), BOTH,
              people={"mor": SAME_HOME, "far": SAME_HOME, "bruker": SAME_HOME}),
    Situation("foreldre hver for seg", "vedtak", "til mor, til far", turns(9), BOTH),
    Situation("far uten adresse: også mors brev venter", "vedtak", NO_ADDRESS, turns(9), BOTH, people={"far": HOMELESS}),
    Situation("ingen foresatte", "vedtak", NOBODY, turns(9)),
    Situation("16 år uten foresatte: ikke til den unge alene", "vedtak", NOT_ENTITLED, turns(16)),
    Situation("15 år uten foresatte: heller ikke varselet", "forhåndsvarsel", NOT_ENTITLED, turns(15)),
    Situation("mor på nynorsk, far på bokmål", "vedtak", "til mor, til far", turns(9), BOTH, people={"mor": {"målform": "nn"}}),
    Situation("mors ansvar er avsluttet", "vedtak", "til far", turns(9), (parent("mor", gyldig_til=YESTERDAY), FATHER)),
    Situation("fars ansvar begynner i morgen", "vedtak", "til mor", turns(9), (MOTHER, parent("far", gyldig_fra=TOMORROW))),
    # guardians appointed, and representatives
    Situation("voksen alene", "vedtak", "til bruker"),
    Situation("verge med mandat", "vedtak", "til bruker, til verge", around=(guardian("verge"),)),
    Situation("vergens mandat går ut i dag", "vedtak", "til bruker, til verge", around=(guardian("verge", gyldig_til=DAY),)),
    Situation("vergens mandat gikk ut i går", "vedtak", "til bruker", around=(guardian("verge", gyldig_til=YESTERDAY),)),
    Situation("verge bare for økonomien", "vedtak", "til bruker", around=(guardian("verge", "økonomisk"),)),
    Situation("verge for barn, ingen foreldre", "vedtak", "til verge", turns(9), (guardian("verge", "personlig"),)),
    Situation("barn med verge bare for økonomien", "vedtak", NOBODY, turns(9), (guardian("verge", "økonomisk"),)),
    Situation("fullmektig", "vedtak", "til bruker, til hjelper", around=(representative("hjelper"),)),
    Situation("fullmakten gikk ut i går", "vedtak", "til bruker", around=(representative("hjelper", gyldig_til=YESTERDAY),)),
    Situation("16 år med verge og mor", "vedtak", "til mor, til verge, til bruker", turns(16), (MOTHER, guardian("verge"))),
    # the applicant
    Situation("søker er bruker", "foreløpig_melding", "til bruker"),
    Situation("søker er bruker på 16: også mor", "foreløpig_melding", "til bruker, til mor", turns(16), (MOTHER,)),
    Situation("søker er mor", "foreløpig_melding", "til mor", turns(9), BOTH, "mor"),
    Situation("søker er mor, bruker ble 18 i dag", "foreløpig_melding", NOT_ENTITLED, turns(18), BOTH, "mor"),
    Situation("søker er fullmektig", "foreløpig_melding", "til hjelper",
              around=(representative("hjelper"),), applicant="hjelper"),
    Situation("søker er fullmektig, fullmakten gikk ut", "foreløpig_melding", NOT_ENTITLED,
              around=(representative("hjelper", gyldig_til=YESTERDAY),), applicant="hjelper"),
    Situation("søker er verge bare for økonomien", "foreløpig_melding", NOT_ENTITLED,
              around=(guardian("verge", "økonomisk"),), applicant="verge"),
    Situation("søker er en som ikke står blant de foresatte", "innkalling_kartlegging", NOT_ENTITLED, applicant="nabo"),
    # those who do the work
    Situation("oppdragstaker", "oppdragsavtale", "til støttekontakt"),
    Situation("oppdragstaker uten adresse", "oppdragsavtale", NO_ADDRESS, people={"støttekontakt": HOMELESS}),
    Situation("oppdragstaker med fortrolig adresse", "oppdragsavtale", "for hånd", people={"støttekontakt": SHIELDED}),
    Situation("innkalling: bruker får sin", "innkalling_evaluering", "til bruker", cells={"form": "støttekontakt"}),
    Situation("innkalling: støttekontakten får sin egen", "innkalling_oppdragstaker", "til støttekontakt"),
    Situation("frivillig organisasjon", "organisasjonsavtale", "til organisasjon"),
    Situation("oppdragstaker søker selv om politiattest", "politiattest", "til støttekontakt"),
    # protected, at each place
    Situation("bruker med fortrolig adresse", "vedtak", "for hånd", people={"bruker": SHIELDED}),
    Situation("bruker med strengt fortrolig adresse", "vedtak", "for hånd", people={"bruker": HIDDEN}),
    Situation("mor med fortrolig adresse: heller ikke fars brev", "vedtak", "for hånd, for hånd", turns(9), BOTH,
              people={"mor": SHIELDED}),
    Situation("far på barnets skjulte adresse", "vedtak", "for hånd", turns(9), BOTH,
              people={"bruker": HIDEOUT | SHIELDED, "far": HIDEOUT}),
    Situation("søker med fortrolig adresse", "foreløpig_melding", "for hånd", turns(9), BOTH, "mor", {"mor": SHIELDED}),
    Situation("verge med fortrolig adresse", "vedtak", "for hånd, for hånd",
              around=(guardian("verge"),), people={"verge": SHIELDED}),
    Situation("utløpt verge med fortrolig adresse stopper ikke", "vedtak", "til bruker",
              around=(guardian("verge", gyldig_til=YESTERDAY),), people={"verge": SHIELDED}),
    Situation("støttekontakt med fortrolig adresse stopper ikke brukers innkalling", "innkalling_evaluering", "til bruker",
              people={"støttekontakt": SHIELDED}, cells={"form": "støttekontakt"}),
    Situation("støttekontakt med fortrolig adresse: ingen innkalling", "innkalling_oppdragstaker", "for hånd",
              people={"støttekontakt": SHIELDED}),
    Situation("organisasjonen får ikke avtale om en bruker med sperre", "organisasjonsavtale", "for hånd",
              people={"bruker": SHIELDED}),
    Situation("støttekontakten får ikke avtale om en bruker med sperre", "oppdragsavtale", "for hånd",
              people={"bruker": HIDDEN}),
    # several at once
    Situation("18 i dag, utløpt verge, fullmektig på nynorsk", "vedtak", "til bruker, til hjelper", turns(18),
              (MOTHER, guardian("verge", gyldig_til=YESTERDAY), representative("hjelper")),
              people={"hjelper": {"målform": "nn"}}),
    Situation("15 år, foreldre hver for seg, far med sperre", "forhåndsvarsel", "for hånd, for hånd, for hånd", turns(15), BOTH,
              people={"far": SHIELDED}),
    Situation("16 i dag, foreldre hver for seg, utløpt verge, søker selv", "vedtak", "til mor, til far, til bruker", turns(16),
              (*BOTH, guardian("verge", gyldig_til=YESTERDAY))),
    Situation("11 år, i morgen 12, foreldre hver for seg, mor på nynorsk", "forhåndsvarsel", "til mor, til far",
              turns(12, TOMORROW), BOTH, people={"mor": {"målform": "nn"}}),
    Situation("søker selv på 15 uten foresatte", "foreløpig_melding", "til bruker", turns(15)),
)
# fmt: on


def ids(situation: Situation) -> str:
    return f"{situation.letter}: {situation.what}"


def case_number(number: int) -> str:
    return f"2026/{number:04d}"


# ------------------------------------------------------------------ the register


class Office:
    """The rows of all situations, by sheet."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Case]] = {
            "ansatt": [{"initialer": "BSO", "navn": "Bjarte Solbakknes", "telefon": "00 00 00 02"}],
            "sats": [{"gyldig_fra": date(2026, 1, 1), "timesats": 203, "kilometersats": 3.7}],
        }
        for number, situation in enumerate(SITUATIONS, start=1):
            self._add(number, situation)

    def add(self, sheet: str, **cells: Any) -> None:
        self.rows.setdefault(sheet, []).append(cells)

    def _add(self, number: int, situation: Situation) -> None:
        names = dict.fromkeys(("bruker", *(name for name, _ in situation.around), situation.applicant))
        contractor = (
            situation.letter in {"oppdragsavtale", "politiattest", "innkalling_oppdragstaker"} or "form" in situation.cells
        )
        if contractor:
            names["støttekontakt"] = None
        keys = {name: f"P-{100 * number + place}" for place, name in enumerate(names)}
        for name, key in keys.items():
            home = {"adresse": f"{name.capitalize()}veien {100 + number}", "postnummer": "9510", "poststed": "Alta"}
            born = situation.born if name == "bruker" else date(1980, 1, 1)
            self.add("person", nummer=key, navn=f"{name.capitalize()} {number}", fødselsdato=born, målform="nb", **home)
            self.rows["person"][-1] |= situation.people.get(name, {})
        for name, cells in situation.around:
            self.add("verge", person=keys["bruker"], verge=keys[name], **cells)
        key = case_number(number)
        state = STATES[situation.letter]
        self.add(
            "sak",
            saksnummer=key,
            bruker=keys["bruker"],
            søker=keys[situation.applicant],
            saksbehandler="BSO",
            **{"mottatt": date(2026, 9, 7), **state.case},
        )
        if contractor:
            self.add("oppdragstaker", person=keys["støttekontakt"], attestgrunnlag="voksne", **state.contractor)
        if situation.letter == "organisasjonsavtale":
            address = {"adresse": "Lagveien 1", "postnummer": "9510", "poststed": "Alta"}
            self.add(
                "organisasjon",
                nummer=f"O-{number}",
                navn=f"Laget {number}",
                slag="frivillig organisasjon",
                leder="Abel",
                **address,
            )
        if contractor or situation.letter == "organisasjonsavtale":
            holder = {"oppdragstaker": keys["støttekontakt"]} if contractor else {"organisasjon": f"O-{number}"}
            cells = {"form": "støttekontakt", **DOES, **state.assignment, **holder}
            self.add("oppdrag", nummer=f"{key}-1", sak=key, **cells)
        if situation.letter in {"forhåndsvarsel", "endringsvedtak", "avslutningsvedtak"}:
            self.add("endring", nummer=f"E-{number}", sak=key, **state.change)
        if situation.letter in {"innkalling_evaluering", "innkalling_oppdragstaker"}:
            self.add("evaluering", sak=key, møtedato=DAY + timedelta(days=14), klokkeslett=time(10), sted="Kontoret")


@dataclass(frozen=True)
class State:
    """The cells that make a case ready for a letter, by sheet."""

    case: Case = field(default_factory=dict)
    change: Case = field(default_factory=dict)
    assignment: Case = field(default_factory=dict)
    contractor: Case = field(default_factory=dict)


DOES: Case = {"timer_per_uke": 3, "aktiviteter": "Turer og kino"}
HEARD: Case = {"foreløpig_melding_sendt": date(2026, 9, 14), "svar_innen": date(2026, 12, 18)}
ASSESSED: Case = HEARD | {
    "kartlagt": date(2026, 10, 5), "iplos_informert": True, "utredet": date(2026, 10, 19), "fagmøte": date(2026, 11, 2),
}  # fmt: skip
GRANTED: Case = ASSESSED | {
    "utfall": "innvilget", "vedtaksdato": DAY, "tiltak": ["støttekontakt", "frivillig organisasjon"], "timer_per_uke": 3,
    "formål": "Komme seg ut.", "begrunnelse": "Behovet er der.", "gjelder_fra": date(2026, 12, 1),
    "gjelder_til": date(2028, 11, 30),
}  # fmt: skip
RUNNING: Case = GRANTED | {"vedtaksdato": date(2026, 11, 9), "vedtak_sendt": date(2026, 11, 10)}
PROPOSED: Case = {
    "slag": "endring",
    "foreslått": date(2026, 11, 16),
    "forslag": "Færre timer.",
    "begrunnelse": "Behovet er mindre.",
}
WARNED: Case = PROPOSED | {
    "foreslått": date(2026, 10, 5), "varsel_sendt": date(2026, 10, 9), "vedtaksdato": DAY, "gjelder_fra": date(2027, 1, 1),
}  # fmt: skip
READY: Case = {
    "referanser_sjekket": date(2026, 10, 1), "taushetserklæring": date(2026, 11, 9), "attest_anmodet": date(2026, 10, 2),
    "attest_utstedt": date(2026, 10, 20), "attest_vist": date(2026, 11, 2),
}  # fmt: skip
STATES = {
    "foreløpig_melding": State(case={"mottatt": date(2026, 11, 9), "svar_innen": date(2027, 1, 18)}),
    "innkalling_kartlegging": State(
        case=HEARD | {"kartlegging_avtalt": DAY + timedelta(days=8), "kartlegging_klokkeslett": time(10)}
    ),
    "vedtak": State(case=GRANTED),
    "avslag": State(case=ASSESSED | {"utfall": "avslag", "vedtaksdato": DAY, "begrunnelse": "Behovet er dekket."}),
    "klage_mottatt": State(case=RUNNING | {"klage_mottatt": date(2026, 11, 20)}),
    "forhåndsvarsel": State(case=RUNNING, change=PROPOSED),
    "endringsvedtak": State(case=RUNNING, change=WARNED),
    "avslutningsvedtak": State(case=RUNNING, change=WARNED | {"slag": "avslutning"}),
    "innkalling_evaluering": State(case=RUNNING, contractor=READY),
    "innkalling_oppdragstaker": State(case=RUNNING, contractor=READY),
    "oppdragsavtale": State(
        case=RUNNING, contractor=READY, assignment={"avtaledato": DAY, "avtaleslag": "oppdragsavtale", "velkommen_sendt": DAY}
    ),
    "politiattest": State(case=RUNNING, contractor={"referanser_sjekket": date(2026, 11, 16)}),
    "organisasjonsavtale": State(case=RUNNING, assignment={"form": "frivillig organisasjon", "avtaledato": DAY}),
}  # fmt: skip


# ------------------------------------------------------------------ the night


@dataclass(frozen=True)
class Night:
    """What came of it: every planned letter with its file's words, where one was made."""

    letters: tuple[Letter, ...]
    words: Mapping[str, str]
    homes: Mapping[str, tuple[str, ...]]
    folder: Path

    def of(self, number: int) -> list[Letter]:
        letter = SITUATIONS[number - 1].letter
        people = (f"P-{100 * number + place}" for place in range(10))
        owned = {f"{case_number(number)}-1", case_number(number), f"E-{number}", *people}
        return [
            found
            for found in self.letters
            if found.obligation.letter == letter
            and found.obligation.record.key.partition(" · ")[0] in owned
            and found.outcome is not Outcome.NOT_NEEDED
        ]


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    root = Path(__file__).parents[2]
    workspace = Workspace(tmp_path_factory.mktemp("situations"))
    shutil.copytree(root / "templates", workspace.folder / "templates")
    shutil.copy(root / "profile.toml", workspace.folder)
    profile = load_profile(workspace.profile)
    rows = Office().rows
    path = workspace.folder / profile.register_file.workbook
    path.parent.mkdir()
    path.write_bytes(workbook_bytes(build_workbook(profile, texts_in("nb"), profile.register_file.workbook, rows)))
    clock = Clock(DAY, lambda: datetime(2026, 11, 23, 2, 0, tzinfo=UTC), lambda: 0.0)
    report = run(workspace, clock)
    with Ledger(ledger_path(workspace), read_only=True) as ledger:
        letters = look(workspace, DAY, ledger, Stopwatch(lambda: 0.0)).letters
    words = {made.letter.obligation.id: _words(workspace.output / made.file) for made in report.made}
    homes = {row["nummer"]: (row["navn"], row["adresse"]) for row in rows["person"] if row["adresse"]}
    return Night(letters, words, homes, workspace.folder)


def _words(path: Path) -> str:
    blocks = docx.Document(str(path)).iter_inner_content()
    lines = [
        block.text if isinstance(block, Paragraph) else "\n".join(cell.text for row in block.rows for cell in row.cells)
        for block in blocks
    ]
    return "\n".join(lines)


def _said(letter: Letter) -> str:
    """A letter in a word or two: who gets it as whom, or why nobody does."""
    if letter.outcome is Outcome.MANUAL:
        return "for hånd"
    if letter.outcome is Outcome.WITHHELD:
        return ", ".join(dict.fromkeys(_code(reason) for reason in letter.reasons))
    assert letter.outcome is Outcome.PRODUCED, letter
    role = {"to": "til", "copy": "kopi"}[letter.recipient.role]
    name = letter.recipient.name.rpartition(" ")[0].lower()
    return f"{role} {'organisasjon' if name == 'laget' else name}"


def _code(reason: Reason) -> str:
    assert reason.finding is not None
    return reason.finding.code


NUMBERED = [pytest.param(number, situation, id=ids(situation)) for number, situation in enumerate(SITUATIONS, start=1)]


@pytest.mark.parametrize(("number", "situation"), NUMBERED)
def test_who_gets_what(night: Night, number: int, situation: Situation) -> None:
    assert ", ".join(_said(letter) for letter in night.of(number)) == situation.expected


@pytest.mark.parametrize(("number", "situation"), NUMBERED)
def test_each_has_a_letter_of_their_own(night: Night, number: int, situation: Situation) -> None:
    """Its own address and nobody else's, in the recipient's language, with the appeal's clock where it is a decision."""
    for letter in night.of(number):
        text = night.words.get(letter.obligation.id)
        if letter.outcome is not Outcome.PRODUCED:
            assert text is None, "nothing is made of what is withheld or written by hand"
            continue
        assert text is not None
        recipient = letter.recipient
        assert text.startswith("\n".join((recipient.name, *recipient.address)))
        for name, street in night.homes.values():
            assert street not in text or street in recipient.address, f"{name}'s address in the letter to {recipient.name}"
        copied = recipient.role == "copy"
        nynorsk = recipient.language == "nn"
        assert ("Dette er ein kopi til deg" if nynorsk else "Dette er en kopi til deg") in text or not copied
        if situation.letter in {"vedtak", "avslag", "endringsvedtak", "avslutningsvedtak"}:
            clock = (
                "Fristen er 4 veker frå den dagen du fekk dette brevet"
                if nynorsk
                else "Fristen er 4 uker fra den dagen du fikk dette brevet"
            )
            assert clock in text


def test_the_clock_of_an_appeal_runs_for_each_from_their_own_letters_arrival(night: Night, tmp_path: Path) -> None:
    """Two parents who live apart, and the young person of 16, who is a party too."""
    shutil.copytree(night.folder, tmp_path / "office")
    workspace = Workspace(tmp_path / "office")
    number = next(n for n, each in enumerate(SITUATIONS, start=1) if each.what == "16 år i dag" and each.letter == "vedtak")
    arrived = {"mor": date(2026, 11, 24), "far": date(2026, 11, 27), "bruker": date(2026, 12, 1)}
    by_name = {letter.recipient.name.rpartition(" ")[0].lower(): letter for letter in night.of(number)}

    with Ledger(ledger_path(workspace)) as ledger:
        days = {letter.obligation.id: arrived[name] for name, letter in by_name.items()}
        ledger.record(DAY, What.SENT, dict.fromkeys(days, DAY), Source.COMMAND)
        ledger.record(date(2026, 12, 2), What.ARRIVED, days, Source.COMMAND)
        deadlines = look(workspace, date(2026, 12, 2), ledger, Stopwatch(lambda: 0.0)).deadlines.items

    sealed = {letter.obligation.id: name for name, letter in by_name.items()}
    dues = {sealed[each.record.key]: each.due for each in deadlines if each.rule == "klage" and each.record.key in sealed}
    assert dues == {"mor": date(2026, 12, 22), "far": date(2026, 12, 28), "bruker": date(2026, 12, 29)}


def test_the_situations_are_many_and_of_every_kind() -> None:
    assert len(SITUATIONS) >= 40
    assert {situation.letter for situation in SITUATIONS} == set(STATES)
