"""Golden texts of what a letter may say otherwise, and of every enclosure: what a change to a template changes, git shows.

Each group of variants is the demo with a few columns set throughout, filled in memory.
`test_demo.py` has the plain letters, in bokmål and nynorsk.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipeline.ledger.store import Ledger
from pipeline.letters.model import Filled
from pipeline.letters.template import enclosure_files
from pipeline.letters.write import envelope
from pipeline.profile.load import load_profile
from pipeline.register.build import build_workbook, workbook_bytes
from pipeline.run import Workspace, look
from pipeline.run.workspace import Stopwatch
from pipeline.texts import texts_in
from tests.walk.golden import cells, is_golden, words
from tools.demo_register import make

TODAY = date(2026, 11, 23)
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Group:
    """Columns that are set in every row in which they, or the column named after a slash, have a value.

    Attributes:
        language: everybody's.
        sets: values by sheet and column.
        signed: letters are signed by hand.
    """

    language: str = "nb"
    sets: Mapping[str, Any] = field(default_factory=dict)
    signed: bool = False


GROUPS = {
    "bokmål": Group(),
    "nynorsk": Group("nn"),
    "first": Group(
        sets={
            "sak.metode/metode": "Fritid med bistand",
            "sak.avlaster_pårørende/tiltak": True,
            "sak.avslutningsgrunn": "brukers ønske",
            "sak.klage_sen_grunn/klage_mottatt": "Brevet ble liggende på et gammelt postkontor.",
            "sak.klageutfall": "avvist",
            "oppdragstaker.attestgrunnlag": "mindreårige",
            "oppdragstaker.taushetserklæring": None,
            "ledsagerbevis.gjelder_til": None,
        }
    ),
    "second": Group(
        sets={
            "sak.metode/metode": "treningskontakt",
            "sak.utfall/tiltak": "delvis innvilget",
            "sak.ikke_innvilget/tiltak": "Fem timer til i uken og tur til utlandet.",
            "sak.gjelder_til": None,
            "sak.avslutningsgrunn": "flyttet",
            "sak.klageutfall": "stadfestet",
            "ledsagerbevis.utfall": "avslag",
            "ledsagerbevis.begrunnelse/vedtaksdato": "Behovet for følge er kortvarig.",
            "endring.slag": "avslutning",
            "oppdragstaker.attestgrunnlag": "barnevern",
        }
    ),
    "third": Group(
        sets={
            "sak.avslutningsgrunn": "vilkår bortfalt",
            "sak.kartlagt": None,
            "sak.klageutfall": "opphevet",
            "endring.uttalelse_mottatt": None,
            "oppdrag.godtgjøring": None,
            "oppdrag.låneavtale": None,
        }
    ),
    "fourth": Group(
        sets={
            "sak.klageutfall": "medhold",
            "sak.tiltak/tiltak": ["aktivitetsgruppe"],
            "oppdrag.form/oppdragstaker": "aktivitetsgruppe",
            "oppdrag.organisasjon/oppdragstaker": "O-01",
            "oppdrag.særskilte_tiltak/oppdragstaker": "Møt alltid opp ti minutter før.",
        }
    ),
    "late": Group(sets={"sak.klage_mottatt": date(2026, 11, 20)}),
    "nynorsk late": Group("nn", {"sak.klage_mottatt": date(2026, 11, 20)}),
    "nynorsk first": Group(
        "nn",
        {"sak.metode/metode": "Fritid med bistand", "sak.avslutningsgrunn": "brukers ønske", "sak.klageutfall": "opphevet"},
    ),
    "nynorsk second": Group(
        "nn",
        {
            "sak.metode/metode": "treningskontakt",
            "sak.utfall/tiltak": "delvis innvilget",
            "sak.ikke_innvilget/tiltak": "Fem timar til i veka.",
            "sak.avslutningsgrunn": "flyttet",
            "sak.klageutfall": "stadfestet",
            "ledsagerbevis.utfall": "avslag",
            "ledsagerbevis.begrunnelse/vedtaksdato": "Behovet for følgje er kortvarig.",
            "endring.slag": "avslutning",
        },
    ),
    "nynorsk third": Group(
        "nn",
        {
            "sak.avslutningsgrunn": "vilkår bortfalt",
            "sak.kartlagt": None,
            "sak.klageutfall": "avvist",
            "sak.klage_sen_grunn/klage_mottatt": "Brevet vart liggjande på eit gammalt postkontor.",
            "endring.uttalelse_mottatt": None,
        },
    ),
    "nynorsk fourth": Group("nn", {"sak.klageutfall": "medhold"}),
    "young": Group(sets={"person.fødselsdato": date(2010, 5, 5)}),
    "nynorsk young": Group("nn", {"person.fødselsdato": date(2010, 5, 5)}),
    "signed": Group(signed=True),
    "nynorsk signed": Group("nn", signed=True),
}

VARIANTS = [
    ("vedtak", "to", "young", "vedtak, til den unge selv"),
    ("vedtak", "to", "nynorsk young", "vedtak, til den unge selv.nn"),
    ("vedtak", "to", "signed", "vedtak, underskrevet"),
    ("foreløpig_melding", "to", "signed", "foreløpig_melding, underskrevet"),
    ("velkommen", "to", "signed", "velkommen, underskrevet"),
    ("vedtak", "to", "nynorsk signed", "vedtak, underskrevet.nn"),
    ("foreløpig_melding", "to", "nynorsk signed", "foreløpig_melding, underskrevet.nn"),
    ("vedtak", "to", "first", "vedtak, Fritid med bistand, avlaster pårørende"),
    ("vedtak", "to", "second", "vedtak, delvis innvilget, treningskontakt, inntil videre"),
    ("forhåndsvarsel", "to", "second", "forhåndsvarsel, avslutning"),
    ("avslutningsvedtak", "to", "first", "avslutningsvedtak, brukers ønske"),
    ("avslutningsvedtak", "to", "second", "avslutningsvedtak, flyttet"),
    ("avslutningsvedtak", "to", "third", "avslutningsvedtak, vilkår bortfalt, ingen uttalelse"),
    ("ny_foreløpig_melding", "to", "third", "ny_foreløpig_melding, ikke kartlagt"),
    ("klage_mottatt", "to", "first", "klage_mottatt, for sent"),
    ("klage_mottatt", "to", "late", "klage_mottatt, kanskje for sent"),
    ("klage_mottatt", "to", "nynorsk late", "klage_mottatt, kanskje for sent.nn"),
    ("klage_avgjort", "to", "first", "klage_avgjort, avvist"),
    ("klage_avgjort", "to", "second", "klage_avgjort, stadfestet"),
    ("klage_avgjort", "to", "third", "klage_avgjort, opphevet"),
    ("klage_avgjort", "to", "nynorsk first", "klage_avgjort, opphevet.nn"),
    ("klage_avgjort", "to", "nynorsk second", "klage_avgjort, stadfestet.nn"),
    ("ledsagerbevis", "to", "second", "ledsagerbevis, avslag"),
    ("ledsagerbevis", "to", "nynorsk second", "ledsagerbevis, avslag.nn"),
    ("politiattest", "to", "bokmål", "politiattest, voksne"),
    ("politiattest", "to", "first", "politiattest, mindreårige"),
    ("politiattest", "to", "second", "politiattest, barnevern"),
    ("innkalling_evaluering", "copy", "young", "innkalling_evaluering, kopi til den unge"),
    ("klage_mottatt", "copy", "nynorsk young", "klage_mottatt, kopi til den unge.nn"),
    ("vedtak", "to", "nynorsk first", "vedtak, Fritid med bistand.nn"),
    ("vedtak", "to", "nynorsk second", "vedtak, delvis innvilget, treningskontakt.nn"),
    ("forhåndsvarsel", "to", "nynorsk second", "forhåndsvarsel, avslutning.nn"),
    ("avslutningsvedtak", "to", "nynorsk first", "avslutningsvedtak, brukers ønske.nn"),
    ("avslutningsvedtak", "to", "nynorsk second", "avslutningsvedtak, flyttet.nn"),
    ("avslutningsvedtak", "to", "nynorsk third", "avslutningsvedtak, vilkår bortfalt, ingen uttalelse.nn"),
    ("ny_foreløpig_melding", "to", "nynorsk third", "ny_foreløpig_melding, ikke kartlagt.nn"),
    ("klage_mottatt", "to", "nynorsk third", "klage_mottatt, for sent.nn"),
    ("klage_avgjort", "to", "fourth", "klage_avgjort, medhold"),
    ("klage_avgjort", "to", "nynorsk third", "klage_avgjort, avvist.nn"),
    ("klage_avgjort", "to", "nynorsk fourth", "klage_avgjort, medhold.nn"),
    ("ledsagerbevis", "to", "first", "ledsagerbevis, uten tidsgrense"),
    ("foreløpig_melding", "to", "bokmål", "foreløpig_melding, til brukeren selv"),
    ("foreløpig_melding", "to", "nynorsk", "foreløpig_melding, til brukeren selv.nn"),
    ("innkalling_kartlegging", "to", "bokmål", "innkalling_kartlegging, på kontoret"),
    ("innkalling_evaluering", "to", "bokmål", "innkalling_evaluering, til vergen"),
    ("vedtak", "to", "bokmål", "vedtak, til en forelder"),
    ("vedtak", "to", "nynorsk", "vedtak, til en forelder.nn"),
    ("avslag", "to", "young", "avslag, til den unge selv"),
    ("endringsvedtak", "to", "bokmål", "endringsvedtak, til brukeren selv"),
    ("oppdragsavtale", "to", "bokmål", "oppdragsavtale, støttekontakt"),
    ("oppdragsavtale", "to", "bokmål", "oppdragsavtale, treningskompis"),
    ("oppdragsavtale", "to", "fourth", "oppdragsavtale, særskilte tiltak"),
    ("arbeidsavtale", "to", "bokmål", "arbeidsavtale, støttekontakt"),
    ("arbeidsavtale", "to", "bokmål", "arbeidsavtale, treningskompis"),
    ("velkommen", "to", "first", "velkommen, uten taushetserklæring"),
    ("velkommen", "to", "fourth", "velkommen, aktivitetsgruppe"),
    ("organisasjonsavtale", "to", "third", "organisasjonsavtale, uten godtgjøring og utstyr"),
]

SAYS = {
    "til brukeren selv": r"aktiv fritid \d|endring\nVi",
    "på kontoret": r"\| Eksempelveien 1, 9510 Alta",
    "til vergen": "møte om tilbudet til",
    "til en forelder": "(?m)^(Saken gjelder|Saka gjeld)",
    "uten tidsgrense": "Uten tidsgrense",
    "støttekontakt": "Støttekontakt, oppdrag",
    "treningskompis": "Treningskompis, oppdrag",
}
"""What tells a letter from the others of its kind, where the register has several of them."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The filled letters of a group, worked out once."""

    @cache
    def of(name: str) -> tuple[Filled, ...]:
        return fill(GROUPS[name], tmp_path_factory.mktemp("variants"))

    return of


def fill(group: Group, folder: Path) -> tuple[Filled, ...]:
    """The demo's letters, with the columns of a group, filled in memory by the walk itself."""
    shutil.copytree(ROOT / "templates", folder / "templates")
    routine = (ROOT / "profile.toml").read_text(encoding="utf-8")
    routine = routine.replace('language = "målform"', f"""language = "'{group.language}'\"""")
    signed = "signed       = false"
    assert signed in routine
    (folder / "profile.toml").write_text(routine.replace(signed, f"signed = {str(group.signed).lower()}"), encoding="utf-8")
    workspace = Workspace(folder)
    profile = load_profile(workspace.profile)
    rows, _ = make()
    for place, value in group.sets.items():
        sheet, _, names = place.partition(".")
        column, _, told_by = names.partition("/")
        for row in rows[sheet]:
            if row.get(told_by or column) not in (None, ""):
                row[column] = value
    path = folder / profile.register_file.workbook
    path.parent.mkdir()
    path.write_bytes(workbook_bytes(build_workbook(profile, texts_in("nb"), profile.register_file.workbook, rows)))
    with Ledger(folder / profile.run.ledger) as ledger:
        return look(workspace, TODAY, ledger, Stopwatch(lambda: 0.0)).filled


@pytest.mark.parametrize(("letter", "role", "group", "name"), VARIANTS, ids=[name for *_, name in VARIANTS])
def test_every_variant_reads_as_its_golden_text(
    filled: Any, request: pytest.FixtureRequest, letter: str, role: str, group: str, name: str
) -> None:
    one = chosen(filled(group), letter, role, name)
    assert is_golden(f"letters/{name}", words(bytes(one.content)), request), "look at the .actual.txt beside it"


def chosen(filled: Sequence[Filled], letter: str, role: str, name: str) -> Filled:
    """The letter of a group that the variant's name means."""
    found = [one for one in filled if (one.letter.obligation.letter, one.letter.recipient.role) == (letter, role)]
    if "den unge" in name:
        found = [one for one in found if _is_of_a_young_user(one)]
    if (said := SAYS.get(name.removesuffix(".nn").partition(", ")[2])) is not None:
        found = [one for one in found if re.search(said, words(bytes(one.content)))]
    assert found, "the demo has such a letter"
    return found[-1]


def _is_of_a_young_user(one: Filled) -> bool:
    """The letter is the user's own, beside those of parents: the facts name the user, and the letter somebody else besides."""
    user = next((key for fact, key in one.facts if fact.startswith("sak ") and fact.endswith(" bruker")), "")
    recipient = one.letter.recipient.ref
    return recipient is not None and recipient.key == user and "sendt til" in words(bytes(one.content))


def test_what_contractors_carry_has_the_case_number_and_never_the_users_name(filled: Any) -> None:
    """All letters to contractors and organisations, their enclosures and their files' names."""
    profile = load_profile(ROOT / "profile.toml")
    rows, _ = make()
    names = {row["nummer"]: row["navn"] for row in rows["person"]}
    users = {names[row["bruker"]] for row in rows["sak"] if row["bruker"] in names}
    contractors = {row["person"] for row in rows["oppdragstaker"]}
    carried = {rule.name for rule in profile.letters.values() if rule.on in {"oppdrag", "oppdragstaker"}} | {
        "innkalling_oppdragstaker"
    }
    seen = set()
    for one in (*filled("bokmål"), *filled("first")):
        letter, recipient = one.letter.obligation.letter, one.letter.recipient
        if recipient.ref is None or (recipient.ref.sheet == "person" and letter not in carried):
            continue
        assert recipient.ref.sheet == "organisasjon" or recipient.ref.key in contractors
        seen.add(letter)
        said = {letter: words(bytes(one.content))}
        said |= {name: (cells if name.endswith(".xlsx") else words)(bytes(content)) for name, content in one.enclosures}
        paper = envelope(one, profile.letters[letter].title, TODAY, texts_in("nb"))
        said |= {document.path: document.path for document in paper.documents}
        for name, text in said.items():
            assert not {user for user in users - {recipient.name} if user in text}, name
        if letter not in {"politiattest", "referanser", "samarbeidsavtale"}:
            number = one.letter.obligation.record.key.partition("-")[0].partition(" ")[0]
            assert number in said[letter]
            assert all(number in said[name] for name, _ in one.enclosures if name not in WITHOUT_A_NUMBER), letter

    assert seen == {
        "arbeidsavtale", "innkalling_oppdragstaker", "oppdragsavtale", "organisasjonsavtale", "politiattest", "referanser",
        "samarbeidsavtale", "velkommen",
    }  # fmt: skip


WITHOUT_A_NUMBER = {"retningslinjer for oppdragstakere.docx", "taushetserklæring.docx"}
"""What holds for every assignment of a contractor."""


def test_every_enclosure_reads_as_its_golden_text(filled: Any, request: pytest.FixtureRequest) -> None:
    profile = load_profile(ROOT / "profile.toml")
    enclosed = {
        name: content for group in ("first", "bokmål", "nynorsk") for one in filled(group) for name, content in one.enclosures
    }
    named = {name for rule in profile.letters.values() for name in enclosure_files(rule)}
    in_nynorsk = {
        path.name for path in (ROOT / "templates" / "docx").glob("*.nn.docx") if path.name.replace(".nn", "") in named
    }

    assert set(enclosed) == named | in_nynorsk
    texts = {name: (cells if name.endswith(".xlsx") else words)(bytes(content)) for name, content in enclosed.items()}
    different = [name for name, text in texts.items() if not is_golden(f"enclosures/{name.rpartition('.')[0]}", text, request)]
    assert not different, "look at tests/golden/enclosures/*.actual.txt; renew with --update-golden"
