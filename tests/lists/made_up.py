"""A made-up routine and a made-up night, for the tests of the lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from pipeline.calendars import Calendar
from pipeline.deadlines.model import Deadline, Status
from pipeline.findings import Finding, Place, Severity
from pipeline.letters.model import Letter, Obligation, Outcome, Reason, Recipient, Role
from pipeline.lists.course import Before, Identity, Night
from pipeline.lists.overview import Lying, Overview, OverviewInput, build_overview
from pipeline.lists.own import OwnList
from pipeline.profile.expressions import EMPTY
from pipeline.profile.model import LETTERS, Profile
from pipeline.register.model import Record, Ref, Register, Value
from pipeline.texts import texts_in

TODAY = date(2026, 11, 23)
FRIDAY = date(2026, 11, 20)
CALENDAR = Calendar("NO", closed=("12-24",))
ENGLISH = texts_in("en")

PROFILE = Profile.model_validate(
    {
        "office": {"municipality": "Fjellvik kommune", "country": "NO", "language": "nb"},
        "register": {"workbook": "registers/saksregister.xlsx"},
        "sheets": {
            "sak": {
                "name": "sak",
                "title": "Saker",
                "key": "saksnummer",
                "columns": {
                    "saksnummer": {"name": "saksnummer", "heading": "Saksnummer", "type": "text"},
                    "melding_sendt": {"name": "melding_sendt", "heading": "Foreløpig melding sendt", "type": "date"},
                    "vedtak_sendt": {"name": "vedtak_sendt", "heading": "Vedtak sendt", "type": "date"},
                    "innvilget": {"name": "innvilget", "heading": "Innvilget", "type": "yesno", "value": "true"},
                },
            },
            "evaluering": {
                "name": "evaluering",
                "title": "Evalueringer",
                "key": ["sak", "møtedato"],
                "columns": {
                    "sak": {"name": "sak", "heading": "Sak", "type": "ref", "to": "sak", "back": "evalueringer"},
                    "holdt": {"name": "holdt", "heading": "Holdt", "type": "date"},
                },
            },
        },
        "deadlines": {
            "melding": {
                "name": "melding",
                "on": "sak",
                "title": "Foreløpig melding",
                "basis": ["svar", "rutine if innvilget"],
                "done": "melding_sendt",
            },
            "vedtak": {"name": "vedtak", "on": "sak", "title": "Vedtaket sendes", "basis": ["svar"], "done": "vedtak_sendt"},
            "evaluering": {
                "name": "evaluering",
                "on": "sak",
                "title": "Årlig evaluering",
                "basis": ["rutine"],
                "done": "evalueringer.holdt",
            },
            "oppfølging": {"name": "oppfølging", "on": "sak", "title": "Samtale etter tre måneder", "done": "innvilget"},
            "klage": {"name": "klage", "on": LETTERS, "title": "Klagefrist", "whose": "citizen"},
        },
        "letters": {
            "melding": {
                "name": "melding",
                "on": "sak",
                "title": "Foreløpig melding",
                "template": "melding.docx",
                "serves": "melding",
            },
            "vedtak": {
                "name": "vedtak",
                "on": "sak",
                "title": "Vedtak om aktiv fritid",
                "template": "vedtak.docx",
                "serves": "vedtak",
            },
            "velkommen": {
                "name": "velkommen",
                "on": "sak",
                "title": "Velkommen som oppdragstaker",
                "template": "velkommen.docx",
            },
            "avslag": {"name": "avslag", "on": "sak", "title": "Avslag", "template": "avslag.docx", "sent": "vedtak_sendt"},
        },
        "law": {
            "svar": [
                {"text": "Forvaltningsloven § 11 a (gammel)", "valid_to": date(2025, 12, 31)},
                {"text": "Forvaltningsloven § 11 a", "valid_from": date(2026, 1, 1)},
            ],
            "rutine": [{"text": "Retningslinjer for aktiv fritid, punkt 4"}],
        },
    }
)


def case(key: str, row: int = 2, **values: Value) -> Record:
    """A row of the cases' sheet."""
    return Record("sak", key, Place("saksregister.xlsx", "Saker", row), {"saksnummer": key, "vedtak_sendt": EMPTY, **values})


def sent_letter(key: str, about: str) -> Record:
    """A row of the ledger's letters."""
    values: dict[str, Value] = {"letter": "melding", "record": Ref("sak", about), "role": "to"}
    return Record(LETTERS, key, Place("fristbrev.sqlite"), values)


def unreadable(record: str = "2026/41", row: int = 14, value: str = "32.13.2026", *, secret: bool = False) -> Finding:
    """A date that is none."""
    return Finding(
        "date-unreadable",
        Place("saksregister.xlsx", "Saker", row, 4),
        heading="Søknad mottatt",
        sheet="sak",
        record=record,
        value=value,
        secret=secret,
    )


def deadline(
    status: Status,
    key: str = "2026/41",
    rule: str = "melding",
    *,
    due: date | None = None,
    owner: str = "KH",
    occurrence: int = 1,
) -> Deadline:
    """A deadline whose act by is its due date; an unknown one has its unreadable cell."""
    cause = unreadable(key) if status is Status.UNKNOWN else None
    sheet = LETTERS if PROFILE.deadlines[rule].on == LETTERS else "sak"
    return Deadline(rule, Ref(sheet, key), status, occurrence, raw=due, due=due, act_by=due, owner=owner, cause=cause)


def letter(
    outcome: Outcome,
    key: str = "2026/41",
    rule: str = "melding",
    *,
    reasons: tuple[Reason, ...] = (),
    role: Role = "to",
    recipient: Recipient | None = None,
    occurrence: int = 1,
) -> Letter:
    """A letter on a case; the first occurrence's where nothing else is said."""
    reader = recipient or Recipient(
        Ref("person", "P-001"), role, "Solveig Myrvang", ("Fjordveien 3", "9999 Fjellvik"), "nb", "post"
    )
    serves = PROFILE.letters[rule].serves
    owed = Obligation(rule, Ref("sak", key), reader.ref, reader.role, occurrence if serves else 0)
    return Letter(owed, reader, outcome, reasons, dated=TODAY, owner="KH", due=TODAY)


def register(records: Sequence[Record] = (), findings: Sequence[Finding] = (), excluded: Sequence[Finding] = ()) -> Register:
    """A register of these rows."""
    sheets = {name: {r.key: r for r in records if r.sheet == name} for name in (*PROFILE.sheets, LETTERS)}
    return Register(PROFILE, sheets, tuple(findings), tuple(excluded))


def overview(
    deadlines: Sequence[Deadline] = (),
    letters: Sequence[Letter] = (),
    *,
    of: Register | None = None,
    lying: Mapping[str, Lying] | None = None,
    before: Mapping[Identity, Status] | None = None,
    nights: Sequence[Night] = (),
    owners: Mapping[str, str] | None = None,
    why: Callable[[Deadline], tuple[str, ...]] = lambda _: (),
    own: Sequence[OwnList] = (),
) -> Overview:
    """The overview in English, so that a test may read it without a catalogue."""
    given = OverviewInput(
        register=of or register(),
        deadlines=deadlines,
        letters=letters,
        lying=lying or {},
        today=TODAY,
        calendar=CALENDAR,
        before=None if before is None else Before(nights[-1] if nights else Night(FRIDAY), before),
        nights=nights,
        owners=owners or {},
        why=why,
        own=own,
    )
    return build_overview(given, ENGLISH)


def lying(*letters: Letter, made: date = TODAY) -> Mapping[str, Lying]:
    """These letters in the folder of the day on which they were made, unsent."""
    return {letter.obligation.id: Lying(_file(letter, made), made) for letter in letters}


def _file(letter: Letter, made: date) -> str:
    title, owed = PROFILE.letters[letter.obligation.letter].title, letter.obligation
    return f"{made}/{title.lower().replace(' ', '_')}/{owed.record.key.replace('/', '-')} {title} til {owed.id}.docx"


def ordinary_morning() -> Overview:
    """What an office of four may meet on a Monday: some of everything."""
    owners = {"KH": "Kari Hætta", "OS": "Odd Svendsen", "MB": "Marit Berg", "TL": "Turid Lyngstad"}
    rules = ("melding", "vedtak", "evaluering", "oppfølging")
    initials = (*owners, "KH")
    deadlines = [
        *(deadline(Status.UNKNOWN, f"2026/{n}", rules[n % 2], owner=initials[n % 5]) for n in range(11, 14)),
        *(
            deadline(
                Status.OVERDUE, f"2026/{20 + n}", rules[n % 4], due=TODAY - timedelta(days=3 + 6 * n), owner=initials[n % 5]
            )
            for n in range(9)
        ),
        *(
            deadline(Status.DUE_SOON, f"2026/{40 + n}", rules[n % 4], due=TODAY + timedelta(days=n), owner=initials[n % 5])
            for n in range(8)
        ),
        *(
            deadline(Status.UPCOMING, f"2026/{60 + n}", rules[n % 4], due=TODAY + timedelta(days=8 + n), owner=initials[n % 4])
            for n in range(12)
        ),
        deadline(Status.OVERDUE, "2026/77", "vedtak", due=date(2026, 10, 30), owner=""),
        *(deadline(Status.DONE, f"2025/{n}") for n in range(64)),
        *(deadline(Status.NOT_STARTED, f"2025/{n}", "vedtak") for n in range(31)),
    ]
    secret = unreadable("2026/12", 31, "01018012345", secret=True)
    withheld = (Reason("The recipient «{recipient}» has no address.", (("recipient", "P-017"),)), Reason(finding=unreadable()))
    letters = [
        *(letter(Outcome.DUE, f"2026/{40 + n}", "melding") for n in range(0, 8, 4)),
        *(letter(Outcome.DUE, f"2026/{n}", "velkommen") for n in (51, 52, 53)),
        letter(Outcome.WITHHELD, "2026/24", "melding", reasons=withheld),
        letter(Outcome.WITHHELD, "2026/21", "vedtak", reasons=(Reason(finding=secret),)),
        letter(Outcome.MANUAL, "2026/25", "vedtak", reasons=(Reason("A person whom the letter concerns is protected."),)),
        letter(
            Outcome.REVIEW,
            "2024/3",
            "vedtak",
            reasons=(Reason("It is from before the start day {day}.", (("day", date(2025, 1, 1)),)),),
        ),
    ]
    older = [letter(Outcome.PRODUCED, f"2026/{n}", "velkommen") for n in (31, 32)]
    unsent = {
        **lying(*(each for each in letters if each.outcome is Outcome.DUE)),
        **lying(*older, made=TODAY - timedelta(days=3)),
    }
    findings = [unreadable(f"2026/{n}", n + 3) for n in range(11, 14)]
    findings += [
        secret,
        Finding(
            "date-unreadable",
            Place("saksregister.xlsx", "Evalueringer", 9, 2),
            Severity.WARNING,
            "Møtedato",
            "evaluering",
            "2026/22 · 4.11.26",
            "ca. 4. nov",
        ),
    ]
    excluded = [Finding("date-unreadable", Place("saksregister.xlsx", "Saker", 97), value="(tom nøkkel)")]
    before = {(d.rule, d.record, d.occurrence): d.status for d in deadlines[2:-3:2]}
    rows = [case(f"2026/{n}", n) for n in range(120)]
    return overview(
        deadlines, [*letters, *older], of=register(rows, findings, excluded), lying=unsent, before=before, owners=owners
    )
