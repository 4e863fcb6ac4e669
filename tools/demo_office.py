"""The made-up office: the rows of every sheet, grown case by case from `tools.demo_cases`.

National ids are synthetic (month + 80).
Streets and telephone numbers exist nowhere and come once, so that a leak of one can be searched for.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any, Final

from tools.demo_cases import AS_OF, Spec, ahead, back

TEXTS: Final = tomllib.loads((Path(__file__).parent / "demo_texts.toml").read_text(encoding="utf-8"))

FORMS: Final = {"A": "støttekontakt", "B": "treningskompis", "C": "aktivitetsgruppe", "D": "frivillig organisasjon"}

# Days from receipt to each step, as an office with enough people would do it.
STEPS: Final = {
    "journalført": 1,
    "foreløpig_melding_sendt": 9,
    "kartlegging_avtalt": 28,
    "kartlagt": 28,
    "utredet": 38,
    "fagmøte": 42,
    "vedtaksdato": 46,
    "vedtak_sendt": 47,
    "tjeneste_registrert": 53,
    "kopi_i_brukerjournal": 48,
}
REACHED: Final = {
    "nymottatt": ("journalført",),
    "melding": ("journalført",),
    "meldt": ("journalført", "foreløpig_melding_sendt", "kartlegging_avtalt"),
}
REACHED_BY: Final = (
    ("kartlagt", ("kartlagt",)),
    ("utredet", ("utredet",)),
    ("fagmøte", ("fagmøte",)),
    ("vedtatt", ("vedtaksdato",)),
    ("sendt", ("vedtak_sendt", "tjeneste_registrert", "kopi_i_brukerjournal")),
)

PLACES: Final = (
    ("9510", "Alta"),
    ("9512", "Alta"),
    ("9517", "Alta"),
    ("9513", "Alta"),
    ("9519", "Kviby"),
    ("9515", "Alta"),
    ("9540", "Talvik"),
    ("9518", "Alta"),
    ("9525", "Maze"),
    ("9511", "Alta"),
    ("9536", "Korsfjorden"),
    ("9545", "Langfjordbotn"),
)
STAFF: Final = ("AKT", "BSO", "EML", "HJN", "TVE")


def identity(born: date, serial: int) -> str:
    """A synthetic national id: month + 80, individual digits of the birth year's range, and both mod-11 check digits."""
    first_individual = 500 if born.year >= 2000 else 0
    for step in range(500):
        head = f"{born:%d}{born.month + 80:02d}{born:%y}{first_individual + (serial + step) % 500:03d}"
        first = _check_digit(head, (3, 7, 6, 1, 8, 9, 4, 5, 2))
        if first < 10:
            second = _check_digit(f"{head}{first}", (5, 4, 3, 2, 7, 6, 5, 4, 3, 2))
            if second < 10:
                return f"{head}{first}{second}"
    raise ValueError(f"no number left for {born}")


def _check_digit(digits: str, weights: Iterable[int]) -> int:
    return -sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11


def _names() -> Iterator[tuple[str, str]]:
    first, last = TEXTS["fornavn"].split(), TEXTS["etternavn"].split()
    for turn in range(len(last)):
        for number, name in enumerate(first):
            yield name, last[(7 * (number + turn * len(first)) + 3 * turn) % len(last)]


def _homes() -> Iterator[tuple[str, str, str]]:
    starts, ends = TEXTS["veier"].split(), TEXTS["veislag"].split()
    for number in range(len(starts) * len(ends)):
        turn, start = divmod(number, len(starts))
        end = (start + 3 * turn) % len(ends)  # 3 and 8 have no common divisor: no street comes twice
        postcode, place = PLACES[number % len(PLACES)]
        yield f"{starts[start]}{ends[end]} {number % 29 + 1}", postcode, place


COMPANION_CARDS: Final[tuple[Mapping[str, Any], ...]] = (
    {"age": 25, "decided": 3, "outcome": "innvilget", "gjelder_til": date(2029, 11, 30)},
    {"age": 28, "decided": 4, "outcome": "avslag"},
    {"age": 35},
    {
        "age": 1100,
        "decided": 1080,
        "outcome": "innvilget",
        "gjelder_til": date(2026, 12, 15),
        "vedtak_sendt": date(2023, 12, 11),
    },
)
"""Granted and refused with a letter to send, not decided in time, and one that runs out: days ago, and what came of it."""


class Demo:
    """The rows of all sheets by column name."""

    def __init__(self, seed: int = 20261123, names_from: int = 0) -> None:
        """An office before its first case; another seed and other names make another one."""
        self.rows: dict[str, list[dict[str, Any]]] = {}
        self.dice = random.Random(seed)
        self.names = islice(_names(), names_from, None)
        self.homes = _homes()
        self.turns: dict[str, Iterator[Any]] = {}
        self.staff = cycle(STAFF)
        self.changes = 0
        self._office()

    # -------------------------------------------------------------- small things

    def add(self, sheet: str, **values: Any) -> dict[str, Any]:
        self.rows.setdefault(sheet, []).append(values)
        return values

    def next_text(self, *path: str) -> Any:
        """The next of the texts at a path of ``demo_texts.toml``, from the start again after the last."""
        texts: Any = TEXTS
        for name in path:
            texts = texts[name]
        return next(self.turns.setdefault(".".join(path), cycle(texts)))

    def next_reason(self, outcome: str, user: Mapping[str, Any]) -> str:
        """The next of the reasons that suit an outcome and the user's age."""
        group = "voksen" if user["fødselsdato"] <= AS_OF.replace(year=AS_OF.year - 18) else "barn"
        reasons = TEXTS[outcome.replace(" ", "_")]
        return str(next(self.turns.setdefault(f"{outcome} {group}", cycle(reasons[group] + reasons["alle"]))))

    def person(
        self, born: date, home: tuple[str, str, str] | None = None, surname: str = "", protect: str = ""
    ) -> dict[str, Any]:
        first, last = next(self.names)
        number = len(self.rows.get("person", ())) + 101
        nowhere = protect == "strengt"  # the strictest grade has no address in a register at all
        street, postcode, place = ("", "", "") if nowhere else home or next(self.homes)
        return self.add(
            "person",
            nummer=f"P-{number}",
            navn=f"{first} {surname or last}",
            fødselsdato=born,
            fødselsnummer=identity(born, number * 37),
            adresse=street,
            postnummer=postcode,
            poststed=place,
            telefon="" if nowhere else f"00 1{number // 100 % 10} {number % 100:02d} {number * 7 % 100:02d}",
            målform="nn" if number % 11 == 0 else "nb",
            kanal="digital" if number % 3 == 0 else "post",
            adressesperre={"fortrolig": "fortrolig", "strengt": "strengt fortrolig"}.get(protect, ""),
        )

    def born(self, age: int) -> date:
        """A birthday on which somebody is so many years old on the as-of day, not within its nearest weeks."""
        return date(AS_OF.year - age, 1, 1) + timedelta(days=self.dice.randrange(20, 290))

    def _office(self) -> None:
        staff = (
            ("AKT", "Anne-Karin Tverrelvmo", "BSO", date(2026, 11, 9), date(2026, 12, 11)),
            ("BSO", "Bjarte Solbakknes", "AKT", None, None),
            ("EML", "Elle-Máret Luobbal", "HJN", date(2026, 7, 1), date(2026, 8, 14)),
            ("HJN", "Hans-Jørgen Nattmålsli", "EML", None, None),
            ("TVE", "Tuva Eidevindmo", "BSO", date(2026, 10, 19), None),
            ("RPR", "Ragnhild Prøvesen", "BSO", None, None),
        )
        for number, (initials, name, substitute, away, home) in enumerate(staff, start=1):
            self.add(
                "ansatt",
                initialer=initials,
                navn=name,
                tittel="enhetsleder" if initials == "RPR" else "konsulent",
                telefon=f"00 00 00 {number:02d}",
                epost=f"{initials.lower()}@alta.invalid",
                vikar=substitute,
                borte_fra=away,
                borte_til=home,
            )
        self.add("sats", gyldig_fra=date(2024, 1, 1), gyldig_til=date(2024, 12, 31), timesats=186, kilometersats=3.5)
        self.add("sats", gyldig_fra=date(2025, 1, 1), gyldig_til=date(2025, 12, 31), timesats=194, kilometersats=3.5)
        self.add("sats", gyldig_fra=date(2026, 1, 1), timesats=203, kilometersats=3.7)
        for name, due, done, owner in (
            ("Rapportering til KPR for 2025", date(2026, 1, 15), date(2026, 1, 13), "RPR"),
            ("Halvårsrapport om tilskudd til inkludering", date(2026, 11, 16), None, "HJN"),
            ("Tertialrapport til hovedutvalget", date(2026, 12, 1), None, "RPR"),
            ("Rapportering til KPR for 2026", date(2027, 1, 15), None, "RPR"),
        ):
            self.add("rapport", navn=name, frist=due, levert=done, ansvarlig=owner)
        for number, (kind, name, leader) in enumerate(
            (
                ("aktivitetsgruppe", "Turgruppa Lyngheia", "Unni Lavskrikestad"),
                ("aktivitetsgruppe", "Bowlinggruppa Strike", "Joar Sandlønes"),
                ("aktivitetsgruppe", "Matgruppa Smak", "Farah Karimovar"),
                ("aktivitetsgruppe", "Ungdomsgruppa Torsdag", "Levi Ullsokkmo"),
                ("frivillig organisasjon", "Rimtåkedalen skolekorps", "Abel Gråseljeli"),
                ("frivillig organisasjon", "Kvitsymra hundeklubb", "Ragna Bihttosuolu"),
                ("frivillig organisasjon", "Havblikk fotballag", "Dávvet Geitramsli"),
                ("frivillig organisasjon", "Nordavind fotoklubb", "Gunnhild Torvmyrli"),
            ),
            start=1,
        ):
            street, postcode, place = next(self.homes)
            self.add(
                "organisasjon",
                nummer=f"O-{number:02d}",
                navn=name,
                slag=kind,
                leder=leader,
                adresse=street,
                postnummer=postcode,
                poststed=place,
            )

        for organisation, agreed, until, offer, sent in (
            ("O-06", date(2026, 11, 19), date(2029, 11, 18), "Treningskveld tirsdager og hundetur hver søndag", None),
            ("O-07", date(2023, 12, 4), date(2026, 12, 31), "Trening for alle på torsdager", date(2023, 12, 5)),
        ):
            self.add(
                "samarbeid",
                organisasjon=organisation,
                avtaledato=agreed,
                gjelder_til=until,
                tilbud=offer,
                saksbehandler="HJN",
                avtale_sendt=sent,
            )

    # -------------------------------------------------------------- the people of a case

    def family(self, who: str, protect: str, received: date) -> tuple[dict[str, Any], str]:
        """The user and the number of the applicant, with guardians in their sheet."""
        grade = protect if protect in {"fortrolig", "strengt"} else ""
        own = "fortrolig" if protect == "home" else grade
        age = {
            "barn": 9 + self.dice.randrange(5),
            "en_forelder": 11,
            "delt": 10 + self.dice.randrange(4),
            "delt16": 16,
            "ung15": 15,
            "ung16": 16,
            "fylt18": 18,
        }.get(who, 21 + self.dice.randrange(50))
        born = self.born(age) if who != "fylt18" else date(2008, 9, 30)
        home = None if grade else next(self.homes)
        user = self.person(born, home, protect=own)
        surname = user["navn"].split()[-1]
        match who:
            case "barn" | "ung15" | "ung16" | "fylt18":
                parents = [self.person(self.born(38 + self.dice.randrange(9)), home, surname, grade) for _ in range(2)]
            case "en_forelder":
                parents = [self.person(self.born(41), home, surname)]
            case "delt" | "delt16":
                grades = ("", "strengt" if protect == "parent" else "")
                parents = [
                    self.person(self.born(40 + n), home if n == 0 else None, surname if n == 0 else "", grades[n])
                    for n in range(2)
                ]
            case _:
                parents = []
        for parent in parents:
            self.add("verge", person=user["nummer"], verge=parent["nummer"], slag="forelder")
        applicant = parents[0]["nummer"] if parents and who != "fylt18" else user["nummer"]
        if who in {"verge", "verge_utløpt", "fullmektig"}:
            helper = self.person(self.born(52 + self.dice.randrange(12)))
            kind = "fullmektig" if who == "fullmektig" else "verge"
            mandate = "personlig og økonomisk" if kind == "verge" else ""
            start = received - timedelta(days=400)
            self.add("verge", person=user["nummer"], verge=helper["nummer"], slag=kind, mandat=mandate, gyldig_fra=start)
            applicant = helper["nummer"]
        if who == "verge_utløpt":
            former = self.person(self.born(66))
            self.add(
                "verge",
                person=user["nummer"],
                verge=former["nummer"],
                slag="verge",
                mandat="personlig",
                gyldig_fra=date(2021, 3, 1),
                gyldig_til=date(2026, 2, 28),
            )
        return user, applicant

    # -------------------------------------------------------------- the case

    def case(self, spec: Spec, number: str) -> None:
        received = back(AS_OF - timedelta(days=spec.age))
        facts = spec.facts
        user, applicant = self.family(spec.who, spec.protect, received)
        first = user["navn"].split()[0]
        tracks = ("A", "D") if spec.track == "K" and spec.age % 2 else ("A", "C") if spec.track == "K" else (spec.track,)
        wishes = [FORMS[track] for track in tracks]
        told = {"navn": first, "aktivitet": self.next_text("aktiviteter", tracks[-1])}
        day = _after(received)
        row = self.add(
            "sak",
            saksnummer=number,
            bruker=user["nummer"],
            søker=applicant,
            saksbehandler=next(self.staff),
            mottatt=received,
            søknadsform="muntlig om endring" if spec.age % 9 == 0 else "skjema",
            ønsket_tiltak=wishes,
        )
        reached = list(REACHED.get(spec.stage, REACHED["meldt"]))
        position = [stage for stage, _ in REACHED_BY]
        upto = position.index(spec.stage) if spec.stage in position else len(position) if spec.stage not in REACHED else -1
        for _, columns in REACHED_BY[: upto + 1]:
            reached += columns
        row.update({name: day(STEPS[name]) for name in reached if name in STEPS})
        if row["mottatt"] > AS_OF - timedelta(days=4):
            row.pop("journalført", None)
        if spec.stage != "nymottatt" and not facts.get("no_promise"):
            row["svar_innen"] = day(facts.get("weeks", 12) * 7)
        if "foreløpig_melding_sendt" in reached:
            row["kartlegging_sted"] = ("hjemme hos søker", "hjemme hos søker", "saksbehandlers kontor")[spec.age % 3]
        if spec.stage == "meldt":
            row["kartlegging_avtalt"] = ahead(AS_OF + timedelta(days=4 + spec.age % 9))
            row["kartlegging_klokkeslett"] = time(9 + spec.age % 5, 30 * (spec.age % 2))
        self._promise(row, spec)
        if "kartlagt" in reached:
            row |= {
                "iplos_informert": True,
                "løsninger_drøftet": True,
                "interesser": self.next_text("interesser").format(**told),
            }
        if "vedtaksdato" in reached:
            self._decide(row, spec, user, told, tracks)
        if spec.stage in {"rekruttering", "avtale", "startet", "løpende", "endring", "avsluttet"}:
            for place, track in enumerate(tracks, start=1):
                self._assign(row, spec, track, f"{number}-{place}", user)
        self._follow(row, spec, told)

    def _promise(self, row: dict[str, Any], spec: Spec) -> None:
        if "new_promise" in spec.facts:
            row["nytt_svar_innen"] = ahead(row["svar_innen"] + timedelta(days=spec.facts["new_promise"]))
            if spec.facts.get("new_sent"):
                row["ny_melding_sendt"] = back(AS_OF - timedelta(days=6))
        match spec.facts.get("pause"):
            case "open":
                self.add(
                    "pause",
                    sak=row["saksnummer"],
                    fra=ahead(row["foreløpig_melding_sendt"] + timedelta(days=9)),
                    grunn="venter på opplysninger",
                )
            case "closed":
                start = ahead(row["foreløpig_melding_sendt"] + timedelta(days=4))
                end = ahead(start + timedelta(days=10))
                self.add("pause", sak=row["saksnummer"], fra=start, til=end, grunn="bruker ønsker utsettelse")

    def _decide(
        self, row: dict[str, Any], spec: Spec, user: Mapping[str, Any], told: dict[str, str], tracks: tuple[str, ...]
    ) -> None:
        facts = spec.facts
        if "decided" in facts:
            row["vedtaksdato"] = back(AS_OF - timedelta(days=facts["decided"]))
        row["utfall"] = spec.outcome
        if spec.outcome == "avslag":
            row["begrunnelse"] = self.next_reason("avslag", user).format(**told)
            row.pop("tjeneste_registrert", None)
        else:
            start = (row["vedtaksdato"].replace(day=1) + timedelta(days=31)).replace(day=1)
            row |= {
                "tiltak": row["ønsket_tiltak"],
                "metode": facts.get("method")
                or ("treningskontakt" if spec.track == "B" else "Fritid med bistand" if "D" in tracks else ""),
                "timer_per_uke": (2, 3, 4, 5, 3.5, 6)[spec.age % 6] if spec.outcome == "innvilget" else 2,
                "formål": self.next_text("formål", tracks[0]).format(**told),
                "begrunnelse": self.next_reason(spec.outcome, user).format(**told),
                "avlaster_pårørende": bool(facts.get("relieves")),
                "gjelder_fra": start,
                "gjelder_til": facts.get("until") or start.replace(year=start.year + 3) - timedelta(days=1),
            }
        if spec.outcome == "delvis innvilget":
            row["ikke_innvilget"] = TEXTS["ikke_innvilget"]
        if "complained" in facts:
            if facts["complained"] > 15:
                row["klagebekreftelse_sendt"] = back(AS_OF - timedelta(days=facts["complained"] - 3))
            row["klage_mottatt"] = back(AS_OF - timedelta(days=facts["complained"]))
        if "forwarded" in facts:
            row["klage_oversendt"] = back(AS_OF - timedelta(days=facts["forwarded"]))
            row["klagevurdering"] = TEXTS["klagevurdering"]
        if "ruled" in facts:
            ruling, days = facts["ruled"]
            row |= {"klagevedtak": ruling, "klagevedtak_dato": back(AS_OF - timedelta(days=days))} | TEXTS[f"klage_{ruling}"]
        if "settled" in facts:
            outcome, days = facts["settled"]
            answered = back(AS_OF - timedelta(days=days))
            row |= {"oversendelse_meldt": row["klage_oversendt"], "klageutfall": outcome, "klage_avgjort": answered}
            if days > 14:
                row |= {"klagesvar_meldt": answered, "klagesvar_fulgt_opp": ahead(answered + timedelta(days=8))}

    # -------------------------------------------------------------- the assignment

    def _assign(self, case: dict[str, Any], spec: Spec, track: str, number: str, user: dict[str, Any]) -> None:
        plan = self._plan(spec, case)
        row = self.add(
            "oppdrag",
            nummer=number,
            sak=case["saksnummer"],
            form=FORMS[track],
            timer_per_uke=case["timer_per_uke"] if spec.track != "K" else case["timer_per_uke"] / 2,
            aktiviteter=self.next_text("aktiviteter", track).capitalize(),
        )
        if track in "ABC":
            row["oppdragstaker"] = self._contractor(spec, track, plan, user)
            row["veiledning"] = self.next_text("veiledning")
        if track in "CD":
            first = 4 if track == "D" else 0
            row["organisasjon"] = f"O-{first + spec.age % 4 + 1:02d}"
            row["kontaktet"] = ahead(case["vedtak_sendt"] + timedelta(days=5))
        if track == "C":
            row["gruppe"] = "nyopprettet" if spec.age % 4 == 1 else "eksisterende"
        if track in "AB" and "talked" in plan:
            row["startsamtale"] = plan["talked"]
        if "agreed" in plan:
            self._agree(row, spec, track, plan)
        if "started" in plan:
            self._start(row, spec, track, plan)

    def _agree(self, row: dict[str, Any], spec: Spec, track: str, plan: Mapping[str, date]) -> None:
        row |= {"første_møte": plan["met"], "konsulent_deltok": True, "avtaledato": plan["agreed"]}
        if track != "D":
            row["avtaleslag"] = "arbeidsavtale" if spec.facts.get("employed") else "oppdragsavtale"
        if "signed" in plan:
            row["avtale_sendt"] = plan["signed"]
        if track in "AB":
            row["velkommen_sendt"] = ahead(plan["talked"] + timedelta(days=1))
        if track == "B":
            row["målplan"] = plan["met"]
        if track == "D":
            row["godtgjøring"] = 500
        if spec.facts.get("loan"):
            row |= {"låneavtale": plan["agreed"], "særskilte_tiltak": TEXTS["utstyr"]}

    def _start(self, row: dict[str, Any], spec: Spec, track: str, plan: Mapping[str, date]) -> None:
        row |= {"avtale_i_retur": plan["returned"], "startet": plan["started"]}
        if spec.stage == "avsluttet":
            row["sluttet"] = back(AS_OF - timedelta(days=spec.facts["ended"][1]))
        elif track in "CD":
            row["neste_oppfølging"] = AS_OF + timedelta(days=spec.facts.get("follow_up", 12 + spec.age % 15))
        if track in "ABC" and "sluttet" not in row:
            self._work(row)
        if track in "AB" and spec.stage != "startet":
            row["tremånederssamtale"] = back(plan["started"] + timedelta(days=88))

    def _work(self, row: dict[str, Any]) -> None:
        """The time sheets of the last three whole months: most give the hours agreed, some fewer."""
        for month in (8, 9, 10):
            if row["startet"] < date(2026, month, 1):
                given = (1.0, 0.9, 1.0, 0.75)[(len(self.rows.get("timeliste", ())) + month) % 4]
                hours = round(row["timer_per_uke"] * 52 / 12 * given * 2) / 2
                self.add(
                    "timeliste",
                    oppdrag=row["nummer"],
                    måned=date(2026, month, 1),
                    levert=back(date(2026, month + 1, 4)),
                    timer=hours,
                    kilometer=int(hours) * 3,
                    utlegg=100 if month == 9 else None,
                )

    def _plan(self, spec: Spec, case: dict[str, Any]) -> dict[str, date]:
        """The days of the assignment that have come, by what happened."""
        facts = spec.facts

        def ago(name: str) -> date:
            return back(AS_OF - timedelta(days=facts[name]))

        if spec.stage == "rekruttering":
            return {name: ago(name) for name in ("checked", "asked", "shown", "talked") if name in facts}
        if spec.stage == "avtale":
            agreed = ago("agreed")
            plan = {"agreed": agreed, "met": back(agreed - timedelta(days=3)), "talked": back(agreed - timedelta(days=12))}
            return plan | ({"signed": ago("signed")} if "signed" in facts else {})
        started = ago("started") if "started" in facts else ahead(case["vedtak_sendt"] + timedelta(days=54))
        return {
            "started": started,
            "returned": back(started - timedelta(days=2)),
            "signed": back(started - timedelta(days=9)),
            "agreed": back(started - timedelta(days=10)),
            "met": back(started - timedelta(days=12)),
            "talked": back(started - timedelta(days=20)),
        }

    def _contractor(self, spec: Spec, track: str, plan: Mapping[str, date], user: Mapping[str, Any]) -> str:
        protect = "fortrolig" if spec.protect == "contractor" else ""
        person = self.person(self.born(22 + self.dice.randrange(40)), protect=protect)
        row = self.add(
            "oppdragstaker",
            person=person["nummer"],
            attestgrunnlag="barnevern"
            if spec.facts.get("child_welfare")
            else "mindreårige"
            if (AS_OF - user["fødselsdato"]).days < 18 * 365
            else "voksne",
        )
        anchor = plan.get("agreed")
        if anchor is not None:
            issued = back(anchor - timedelta(days=130 if spec.facts.get("old_certificate") else 30))
            days = {
                "attest_vist": back(issued + timedelta(days=9)),
                "attest_utstedt": issued,
                "attest_anmodet": back(issued - timedelta(days=12)),
            }
        elif "shown" in plan:
            shown = plan["shown"]
            days = {
                "attest_vist": shown,
                "attest_utstedt": back(shown - timedelta(days=8)),
                "attest_anmodet": back(shown - timedelta(days=20)),
            }
        elif "asked" in plan:
            days = {"attest_anmodet": plan["asked"]}
        else:
            days = {}
        first = days.get("attest_anmodet") or plan.get("checked")
        if first is not None:
            row["referanser_sjekket"] = back(first - timedelta(days=4)) if days else first
        if "attest_vist" in days:
            row["taushetserklæring"] = ahead(days["attest_vist"] + timedelta(days=1))
        row |= days
        if track == "B":
            row |= {"kurs_treningskompis": date(2026, 2, 14)} if spec.age % 2 else {"treningskompetanse": True}
            row["opplæring"] = ["temakveld"] if spec.age % 3 else ["Fritid med mening", "temakveld"]
        return str(person["nummer"])

    # -------------------------------------------------------------- evaluation, change, end

    def _follow(self, case: dict[str, Any], spec: Spec, told: Mapping[str, str]) -> None:
        facts, number = spec.facts, case["saksnummer"]
        for ago in facts.get("held", ()):
            day = back(AS_OF - timedelta(days=ago))
            self.add(
                "evaluering",
                sak=number,
                møtedato=day,
                klokkeslett=time(14, 30),
                sted="Hjemme hos bruker",
                samling="eget møte",
                innkalling_sendt=back(day - timedelta(days=20)),
                deltok=["bruker", "pårørende", "oppdragstaker"] if ago % 2 else ["bruker", "oppdragstaker"],
                holdt=day,
                utfall="videreføres",
            )
        if "meeting" in facts:
            day = ahead(AS_OF + timedelta(days=facts["meeting"]))
            row = self.add(
                "evaluering",
                sak=number,
                møtedato=day,
                klokkeslett=time(9 + spec.age % 6, 30 * (spec.age % 2)),
                sted="Eksempelveien 1, møterom Lille",
                samling="ansvarsgruppe" if spec.age % 4 == 0 else "eget møte",
            )
            if facts["meeting"] < 0 or facts.get("invited"):
                row["innkalling_sendt"] = back(min(AS_OF, day) - timedelta(days=11))
            if facts["meeting"] < 0:
                row |= {"holdt": day, "utfall": "videreføres"}
        if "change" in facts:
            self._change(case, spec, told)
        if "ended" in facts:
            self._end(case, spec, told)

    def _new_change(self, case: dict[str, Any], reason: str, told: Mapping[str, str], **values: Any) -> dict[str, Any]:
        self.changes += 1
        hours = case["timer_per_uke"]
        text = self.next_text("endring", reason)
        return self.add(
            "endring",
            nummer=f"E-{self.changes:03d}",
            sak=case["saksnummer"],
            slag="endring" if reason == "endring" else "avslutning",
            foreslått=back(values.get("varsel_sendt", AS_OF) - timedelta(days=4)),
            forslag=text["forslag"].format(**told, fra=_plain(hours), til=_plain(max(1, hours - 1)), mer=_plain(hours + 1)),
            begrunnelse=text["begrunnelse"].format(**told),
            **values,
        )

    def _change(self, case: dict[str, Any], spec: Spec, told: Mapping[str, str]) -> None:
        kind, warned, heard, decided = spec.facts["change"]
        row = self._new_change(case, kind, told)
        for name, ago in (("varsel_sendt", warned), ("uttalelse_mottatt", heard)):
            if ago != "":
                row[name] = back(AS_OF - timedelta(days=ago))
        if "varsel_sendt" in row:
            row["foreslått"] = back(row["varsel_sendt"] - timedelta(days=4))
        if decided == "frafalt":
            row["frafalt"] = back(AS_OF - timedelta(days=9))
        elif decided != "":
            row["vedtaksdato"] = back(AS_OF - timedelta(days=decided))
            row["gjelder_fra"] = date(2027, 1, 1)
            if kind != "endring":
                case["avslutningsgrunn"] = kind

    def _end(self, case: dict[str, Any], spec: Spec, told: Mapping[str, str]) -> None:
        reason, ago = spec.facts["ended"]
        ended = back(AS_OF - timedelta(days=ago))
        decided = back(ended - timedelta(days=14))
        case |= {"avsluttet": ended, "avslutningsgrunn": reason}
        self._new_change(
            case,
            reason,
            told,
            varsel_sendt=back(decided - timedelta(days=25)),
            uttalelse_mottatt=back(decided - timedelta(days=15)),
            vedtaksdato=decided,
            gjelder_fra=ended,
            vedtak_sendt=ahead(decided + timedelta(days=1)),
        )

    def companion_cards(self) -> None:
        """Applications for companion cards, from people whose addresses nobody need hide."""
        sealed = {row["nummer"] for row in self.rows["person"] if row["adressesperre"]}
        relatives = {row["person"] for row in self.rows["verge"]}
        users = [
            row["bruker"]
            for row in self.rows["sak"]
            if row["bruker"] == row["søker"] and row["bruker"] not in sealed | relatives
        ]
        for number, (user, card) in enumerate(zip(users, COMPANION_CARDS, strict=False), start=1):
            received = back(AS_OF - timedelta(days=card["age"]))
            row = self.add(
                "ledsagerbevis",
                nummer=f"L-{number:03d}",
                bruker=user,
                søker=user,
                saksbehandler=next(self.staff),
                mottatt=received,
            )
            row["dokumentasjon"] = received
            if "decided" in card:
                row |= {"utfall": card["outcome"], "vedtaksdato": back(AS_OF - timedelta(days=card["decided"]))}
                row["begrunnelse"] = TEXTS["ledsagerbevis"].get(card["outcome"])
            row |= {name: card[name] for name in ("gjelder_til", "vedtak_sendt") if name in card}

    def free_contractors(self) -> None:
        """Two who have no assignment yet: one whose certificate shall be asked for, and one who has only come forward."""
        ready, waiting = self.person(self.born(29)), self.person(self.born(44))
        self.add("oppdragstaker", person=ready["nummer"], attestgrunnlag="voksne", referanser_sjekket=date(2026, 11, 18))
        self.add("oppdragstaker", person=waiting["nummer"], attestgrunnlag="mindreårige", meldt_interesse=date(2026, 11, 19))


def _after(start: date) -> Callable[[int], date]:
    """The working day so many days after `start`."""
    return lambda days: ahead(start + timedelta(days=days))


def _plain(hours: float) -> str:
    return f"{hours:g}".replace(".", ",")
