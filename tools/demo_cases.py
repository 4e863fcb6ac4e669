"""The cases of the demo register: where each stands, how old it is, whose it is, and what is special or wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from pipeline.calendars import Calendar

AS_OF: Final = date(2026, 11, 23)
CALENDAR: Final = Calendar("NO", ("12-24", "12-31"))

TRACKS: Final = {
    "A": "A støttekontakt",
    "B": "B treningskompis",
    "C": "C aktivitetsgruppe",
    "D": "D frivillig organisasjon",
    "K": "Kombinert",
}

STAGES: Final = {
    "nymottatt": "Nymottatt",
    "melding": "Foreløpig melding skal sendes eller er forfalt",
    "meldt": "Foreløpig melding sendt",
    "kartlagt": "Kartleggingsmøte holdt",
    "utredet": "Saksutredning ferdig",
    "fagmøte": "Drøftet i fagmøte",
    "vedtatt": "Vedtak fattet, ikke sendt",
    "sendt": "Vedtak sendt",
    "rekruttering": "Oppdragstaker eller organisasjon søkes",
    "avtale": "Avtale inngås",
    "startet": "Startet, første tiden",
    "løpende": "Løpende, evalueres",
    "endring": "Endring eller avslutning varslet eller vedtatt",
    "avsluttet": "Avsluttet",
    "klage": "Klage",
}
PHASES: Final = {
    "Søknad": ("nymottatt", "melding", "meldt"),
    "Utredning og vedtak": ("kartlagt", "utredet", "fagmøte", "vedtatt", "sendt", "klage"),
    "Iverksetting": ("rekruttering", "avtale"),
    "Løpende": ("startet", "løpende"),
    "Endring og avslutning": ("endring", "avsluttet"),
}
FAULTS: Final = {
    "mangler": "Mangler",
    "uleselig": "Uleselig dato",
    "ukjent": "Ukjent valg",
    "brutt": "Brutt henvisning",
    "rekkefølge": "Datoer i feil rekkefølge",
    "tekst": "Tekst for tall",
    "feilverdi": "Feilverdi",
    "dobbelt": "Dobbel nøkkel",
    "fortrolig": "Fortrolig adresse",
    "strengt": "Strengt fortrolig adresse",
}
IMPOSSIBLE: Final = {
    ("Søknad", "tekst"): "ikke mulig: det første tallet, timer per uke, kommer med vedtaket",
}


@dataclass(frozen=True)
class Spec:
    """One case: where it stands, on which track, how many days ago it came in, whose it is, and what is special."""

    stage: str
    track: str
    age: int
    who: str = "voksen"
    outcome: str = "innvilget"
    facts: Mapping[str, Any] = field(default_factory=dict)
    protect: str = ""
    faults: tuple[str, ...] = ()
    note: str = ""


def _spec(stage: str, track: str, age: int, who: str = "voksen", /, **rest: Any) -> Spec:
    known = {name: rest.pop(name) for name in ("outcome", "protect", "faults", "note") if name in rest}
    return Spec(stage, track, age, who, facts=rest, **known)


CLEAN: Final = (
    _spec("nymottatt", "A", 6, "barn", note="kom inn i forrige uke; foreløpig melding kan vente"),
    _spec(
        "nymottatt",
        "A",
        2,
        "barn",
        protect="home",
        note="barnet har fortrolig adresse; foreldrene på samme sted har ingen sperre, men behandles som om de hadde den",
    ),
    _spec("nymottatt", "B", 5),
    _spec("nymottatt", "C", 4, "ung16"),
    _spec("nymottatt", "D", 3, "verge"),
    _spec(
        "nymottatt",
        "K",
        3,
        "voksen",
        protect="strengt",
        address="Skjermhaugvegen 31",
        note="brukeren har strengt fortrolig adresse, og adressen står likevel i registeret: det er en feil",
    ),
    _spec("melding", "A", 11, "delt", note="foreldrene bor hver for seg"),
    _spec(
        "melding",
        "A",
        27,
        "voksen",
        no_promise=True,
        note="foreløpig melding er forfalt, og holdes tilbake til noen skriver når svaret kommer",
    ),
    _spec("melding", "B", 14, "voksen"),
    _spec("melding", "C", 13, "barn"),
    _spec("melding", "D", 25, "fullmektig", note="forfalt; søkeren er fullmektig, ikke bruker"),
    _spec("melding", "K", 21, "ung15", note="fristen er i dag"),
    _spec("melding", "B", 12, "voksen", protect="fortrolig", note="foreløpig melding må skrives for hånd"),
    _spec("meldt", "A", 67, "voksen", weeks=8, note="kartleggingsmøtet skulle vært holdt, og svaret gitt"),
    _spec("meldt", "B", 33, "voksen"),
    _spec("meldt", "C", 42, "delt", pause="open", note="pause som ikke er slutt: fristen flytter seg for hver dag"),
    _spec(
        "meldt",
        "D",
        50,
        "verge_utløpt",
        weeks=7,
        new_promise=21,
        note="ny foreløpig melding skal sendes; det ene vergemandatet er utløpt",
    ),
    _spec("meldt", "K", 45, "ung16", weeks=6, new_promise=14, new_sent=True),
    _spec("kartlagt", "A", 46, "barn"),
    _spec("kartlagt", "B", 41, "ung16"),
    _spec("kartlagt", "C", 48, "voksen", pause="closed"),
    _spec("kartlagt", "D", 39, "voksen", weeks=5, note="kartleggingsmøtet er holdt, men svaret som ble lovet, er forfalt"),
    _spec("kartlagt", "K", 44, "verge"),
    _spec("utredet", "A", 52, "voksen"),
    _spec("utredet", "B", 47, "voksen"),
    _spec("utredet", "C", 50, "barn"),
    _spec("utredet", "D", 49, "voksen", protect="strengt"),
    _spec("utredet", "K", 55, "delt", weeks=9, note="svaret er lovet om en drøy uke"),
    _spec("fagmøte", "A", 56, "fullmektig"),
    _spec("fagmøte", "B", 54, "voksen"),
    _spec("fagmøte", "C", 53, "ung15"),
    _spec("fagmøte", "D", 57, "barn"),
    _spec("fagmøte", "K", 55, "voksen"),
    _spec(
        "vedtatt", "A", 49, "delt16", decided=3, note="vedtak til begge foreldrene hver for seg, kopi til brukeren som er 16 år"
    ),
    _spec("vedtatt", "A", 54, "voksen", decided=4, outcome="avslag"),
    _spec("vedtatt", "B", 53, "voksen", decided=4, outcome="delvis innvilget"),
    _spec("vedtatt", "C", 55, "barn", decided=7, outcome="avslag", note="avslag som skulle vært sendt"),
    _spec("vedtatt", "D", 50, "verge", decided=3, method="Fritid med bistand", note="vedtak til både bruker og verge"),
    _spec("vedtatt", "K", 52, "voksen", decided=4),
    _spec("sendt", "A", 60, "en_forelder", relieves=True, note="avlaster også en forelder: § 2-8 står i vedtaket"),
    _spec("sendt", "B", 62, "voksen"),
    _spec("sendt", "C", 64, "voksen", outcome="delvis innvilget"),
    _spec("sendt", "D", 58, "ung16", method="Fritid med bistand"),
    _spec("sendt", "K", 66, "fullmektig", outcome="avslag"),
    _spec("sendt", "A", 61, "voksen", protect="fortrolig"),
    _spec(
        "rekruttering",
        "A",
        80,
        "barn",
        checked=5,
        note="anmodning om politiattest skal sendes; oppdraget gjelder en mindreårig",
    ),
    _spec("rekruttering", "B", 125, "voksen", asked=47, note="politiattesten er ikke vist innen seks uker"),
    _spec("rekruttering", "C", 88, "voksen", asked=14),
    _spec("rekruttering", "D", 84, "ung15", method="Fritid med bistand", note="organisasjonen er kontaktet"),
    _spec("rekruttering", "K", 95, "voksen", shown=6, talked=4, note="velkomstbrev skal sendes"),
    _spec("rekruttering", "B", 98, "voksen", shown=10, talked=5, note="velkomstbrev med målplan skal sendes"),
    _spec(
        "rekruttering",
        "A",
        90,
        "voksen",
        checked=3,
        protect="contractor",
        note="oppdragstakeren har fortrolig adresse: anmodningen skrives for hånd",
    ),
    _spec("avtale", "A", 100, "voksen", agreed=3),
    _spec(
        "avtale",
        "A",
        190,
        "voksen",
        agreed=3,
        old_certificate=True,
        note="politiattesten er eldre enn tre måneder: avtalen holdes tilbake",
    ),
    _spec("avtale", "B", 104, "ung16", agreed=4),
    _spec("avtale", "C", 108, "barn", agreed=3),
    _spec("avtale", "A", 103, "voksen", agreed=4, employed=True, note="ansatt og ikke oppdragstaker: arbeidsavtale"),
    _spec("avtale", "C", 112, "voksen", agreed=3, employed=True, note="ansatt leder av en aktivitetsgruppe: arbeidsavtale"),
    _spec("avtale", "B", 107, "voksen", agreed=3, employed=True, note="ansatt treningskompis: arbeidsavtale"),
    _spec(
        "rekruttering",
        "A",
        79,
        "barn",
        checked=6,
        child_welfare=True,
        note="anmodning om politiattest når oppdraget er et tiltak fra barnevernet",
    ),
    _spec(
        "avtale",
        "D",
        97,
        "voksen",
        agreed=4,
        loan=True,
        method="Fritid med bistand",
        note="avtale med organisasjon og låneavtale for utstyr",
    ),
    _spec("avtale", "K", 130, "verge", agreed=22, signed=21, note="avtalen er ikke kommet i retur"),
    _spec("avtale", "A", 106, "barn", agreed=5, protect="strengt", note="barnet har strengt fortrolig adresse"),
    _spec("startet", "A", 196, "barn", started=91, note="tremånederssamtalen er i morgen"),
    _spec("startet", "B", 215, "voksen", started=105, note="tremånederssamtalen er forfalt"),
    _spec(
        "startet",
        "C",
        170,
        "voksen",
        started=60,
        complained=100,
        forwarded=85,
        settled=("delvis medhold", 4),
        note="Statsforvalteren har endret en del av vedtaket: brev til brukeren, og svaret skal følges opp",
    ),
    _spec("startet", "D", 180, "voksen", started=70, follow_up=-6, note="oppfølgingen av inkluderingen er forfalt"),
    _spec("startet", "K", 165, "delt", started=55),
    _spec(
        "løpende", "A", 392, "voksen", meeting=14, note="innkalling til evaluering skal sendes, med kopi til støttekontakten"
    ),
    _spec(
        "løpende",
        "B",
        428,
        "voksen",
        complained=350,
        forwarded=325,
        settled=("medhold", 260),
        note="årlig evaluering er forfalt",
    ),
    _spec("løpende", "C", 400, "barn", meeting=9, invited=True),
    _spec("løpende", "D", 815, "voksen", held=(385, 30), complained=738, forwarded=715, settled=("stadfestet", 640)),
    _spec("løpende", "K", 402, "verge", meeting=10, note="innkalling til bruker og verge, kopi til to oppdragstakere"),
    _spec("løpende", "A", 790, "fylt18", held=(380, 20), note="brukeren er fylt 18 år; foreldrene står fremdeles i registeret"),
    _spec(
        "løpende", "C", 330, "voksen", until=date(2027, 1, 31), note="løper ut før årsdagen: evaluering og nytt vedtak trengs"
    ),
    _spec("løpende", "B", 300, "voksen", protect="fortrolig", meeting=16),
    _spec(
        "løpende",
        "A",
        410,
        "delt",
        protect="parent",
        meeting=18,
        note="den ene forelderen har strengt fortrolig adresse: innkallingene skrives for hånd",
    ),
    _spec("endring", "A", 350, "delt", change=("endring", "", "", ""), note="forhåndsvarsel til begge foreldrene"),
    _spec("endring", "B", 290, "voksen", change=("endring", 14, "", ""), note="uttalefristen går ut i dag"),
    _spec("endring", "C", 310, "voksen", change=("mål nådd", 34, 26, 3), note="avslutningsvedtak skal sendes"),
    _spec("endring", "D", 320, "barn", change=("endring", 25, "", 4), note="endringsvedtak etter at uttalefristen gikk ut"),
    _spec("endring", "K", 340, "ung15", change=("endring", "", "", ""), note="forhåndsvarsel også til brukeren, som er 15 år"),
    _spec(
        "endring",
        "A",
        300,
        "voksen",
        change=("endring", 12, "", 3),
        note="vedtaket er datert før uttalefristen er ute: holdes tilbake",
    ),
    _spec("endring", "D", 315, "voksen", change=("brukers ønske", 40, 33, "frafalt"), note="forslaget er frafalt"),
    _spec("endring", "C", 305, "voksen", protect="fortrolig", change=("endring", "", "", "")),
    _spec("avsluttet", "A", 540, "voksen", ended=("flyttet", 60), held=(150,)),
    _spec("avsluttet", "B", 480, "ung16", ended=("brukers ønske", 35)),
    _spec("avsluttet", "C", 700, "voksen", ended=("mål nådd", 120), held=(330,), note="avsluttet fordi målet er nådd"),
    _spec("avsluttet", "D", 610, "barn", ended=("mål nådd", 45), held=(240,), note="deltar uten bistand"),
    _spec("avsluttet", "K", 640, "verge", ended=("vilkår bortfalt", 90), held=(270,)),
    _spec("avsluttet", "A", 500, "voksen", protect="strengt", ended=("annet", 70), held=(110,)),
    _spec("klage", "A", 120, "barn", outcome="avslag", complained=42, note="klagen skulle vært vurdert og sendt videre"),
    _spec(
        "klage",
        "B",
        100,
        "voksen",
        outcome="delvis innvilget",
        complained=12,
        ruled=("avvist", 3),
        note="klagen kom etter fristen og er avvist: brev som det kan klages på",
    ),
    _spec("klage", "C", 110, "voksen", outcome="avslag", complained=30, forwarded=10),
    _spec("klage", "D", 92, "delt", outcome="avslag", complained=14),
    _spec(
        "klage",
        "K",
        105,
        "fullmektig",
        outcome="delvis innvilget",
        complained=24,
        ruled=("medhold", 2),
        note="kommunen gir medhold i klagen: nytt vedtak skal sendes",
    ),
)

FAULTY: Final = (
    _spec("melding", "A", 20, faults=("mangler",)),
    _spec("melding", "B", 26, "barn", faults=("uleselig",), note="mottaksdatoen er uleselig: fristen er ukjent og står øverst"),
    _spec("melding", "C", 18, faults=("ukjent", "brutt")),
    _spec("meldt", "D", 36, faults=("rekkefølge", "feilverdi")),
    _spec("melding", "K", 16, "ung16", faults=("dobbelt",)),
    _spec("sendt", "A", 65, faults=("mangler", "tekst")),
    _spec("fagmøte", "B", 58, "barn", faults=("uleselig",)),
    _spec("vedtatt", "C", 54, faults=("ukjent", "feilverdi"), decided=4),
    _spec("utredet", "D", 51, faults=("brutt", "rekkefølge")),
    _spec("kartlagt", "K", 47, faults=("dobbelt",), pause="closed"),
    _spec("rekruttering", "A", 86, faults=("mangler", "uleselig"), asked=9),
    _spec("rekruttering", "B", 92, faults=("ukjent", "tekst"), asked=11),
    _spec("avtale", "C", 105, faults=("brutt", "feilverdi"), agreed=6),
    _spec("avtale", "D", 101, faults=("rekkefølge",), agreed=12, signed=10),
    _spec("avtale", "K", 110, "verge", faults=("dobbelt",), agreed=15, signed=13),
    _spec("løpende", "A", 260, faults=("mangler", "tekst")),
    _spec("løpende", "B", 270, "barn", faults=("uleselig", "ukjent"), meeting=-20),
    _spec("løpende", "C", 280, faults=("brutt",)),
    _spec("startet", "A", 205, faults=("rekkefølge", "feilverdi"), started=100),
    _spec("løpende", "D", 420, faults=("dobbelt",), held=(15,)),
    _spec("endring", "A", 330, faults=("mangler",), change=("endring", 30, 24, 6)),
    _spec("endring", "B", 325, faults=("uleselig", "ukjent"), change=("endring", 20, "", "")),
    _spec("endring", "C", 335, faults=("brutt", "rekkefølge"), change=("endring", 18, 11, "")),
    _spec("endring", "D", 345, "verge", faults=("feilverdi", "tekst"), change=("annet", 22, "", "")),
    _spec("endring", "K", 355, faults=("dobbelt",), change=("endring", 16, "", "")),
)


def back(day: date) -> date:
    """The last working day on or before."""
    return CALENDAR.last_working_day(day)


def ahead(day: date) -> date:
    """The first working day on or after."""
    while not CALENDAR.is_working_day(day):
        day += timedelta(days=1)
    return day


def phase_of(stage: str) -> str:
    """The phase of the fault table that a stage belongs to."""
    return next(phase for phase, stages in PHASES.items() if stage in stages)


def numbered() -> list[tuple[Spec, str]]:
    """All cases with their numbers, in the order they came in."""
    specs = sorted(CLEAN + FAULTY, key=lambda spec: -spec.age)
    counters: dict[int, int] = {}
    found = []
    for spec in specs:
        year = back(AS_OF - timedelta(days=spec.age)).year
        counters[year] = counters.get(year, 0) + 1 + spec.age % 3
        found.append((spec, f"{year}/{counters[year]:04d}"))
    return found
