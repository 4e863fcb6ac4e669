"""The main job, end to end: register in, letters, lists and ledger out, as the command line does it."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import docx
import pytest

from pipeline.ledger.store import Ledger
from tests.walk.small_office import CASES, NOTICE, PEOPLE, PROFILE, TODAY, SmallOffice, cases, sheet_rows, unpacked

RECEIVED = date(2026, 11, 10)


LISTS = {
    "overview/overview.html",
    "overview/overdue.xlsx",
    "overview/deadlines-ABC.ics",
    "overview/deadlines-DEF.ics",
    "overview/register check.xlsx",
}


def outcomes(office: SmallOffice, day: str = TODAY) -> dict[tuple[str, str, str | None], str]:
    """Each letter's outcome by record, rule and recipient."""
    return {(each["record"], each["letter"], each["recipient"]): each["outcome"] for each in office.json("letters", day=day)}


def test_a_run_makes_what_is_due_and_withholds_the_rest_with_its_reason(office: SmallOffice) -> None:
    result = office.run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert "3 new letters, 2 withheld, 1 to be made by hand, 1 to look through." in result.stdout
    assert office.letters() == {
        "C-1 Notice to": (
            "Kari Prøve\nGate 1 0150 Sted \n"
            "November 23, 2026: we have got your application of November 10, 2026 and answer by December 1, 2026.\n"
            "Copy: Ola Prøve"
        ),
        "C-1 Notice copy": (
            "Ola Prøve\nGate 2 0150 Sted \n"
            "November 23, 2026: we have got your application of November 10, 2026 and answer by December 1, 2026.\n"
            "Copy: Ola Prøve"
        ),
        "C-6 Decision to": "Ola Prøve\nNovember 20, 2026: granted, since Because.",
    }
    assert outcomes(office) == {
        ("C-1", "notice", "P-1"): "produced",
        ("C-1", "notice", "P-2"): "produced",
        ("C-1", "decision", None): "not needed",
        ("C-2", "notice", None): "withheld",
        ("C-2", "decision", None): "not needed",
        ("C-3", "notice", None): "manual",
        ("C-3", "decision", None): "not needed",
        ("C-4", "notice", None): "sent",
        ("C-4", "decision", None): "not needed",
        ("C-5", "notice", None): "review",
        ("C-5", "decision", None): "not needed",
        ("C-6", "notice", None): "not needed",
        ("C-6", "decision", "P-2"): "produced",
        ("C-7", "notice", None): "not needed",
        ("C-7", "decision", "P-1"): "withheld",
    }


def test_the_lists_and_the_record_of_the_run_lie_beside_the_letters(office: SmallOffice) -> None:
    office.run()
    names = {path.relative_to(office.output).as_posix() for path in office.output.rglob("*") if path.is_file()}
    assert {name for name in names if name.startswith("overview/")} == LISTS
    assert {f"{TODAY}/dispatch 1.xlsx", f"{TODAY}/run 1.json"} <= names
    record = json.loads((office.output / TODAY / "run 1.json").read_text(encoding="utf-8"))
    assert {letter["file"] for letter in record["letters"]} == {name for name in names if name.endswith(".docx")}
    assert (
        record["numbers"]["read"] == record["numbers"]["used"] + record["numbers"]["excluded"] == len(PEOPLE) + len(CASES) - 2
    )


def test_a_second_run_makes_nothing_new_and_says_so(office: SmallOffice) -> None:
    office.run()
    before = office.made()
    result = office.run()
    assert result.exit_code == 0
    assert "No new letter" in result.stdout
    assert office.made() == before


def test_a_letter_keeps_its_date_on_later_nights(office: SmallOffice) -> None:
    office.run()
    before = office.letters()
    result = office.run(day="2026-11-25")
    assert "No new letter" in result.stdout
    assert office.letters() == before


def test_an_unreadable_date_stands_on_top_as_unknown_and_its_letter_is_withheld(office: SmallOffice) -> None:
    office.run()
    overdue = sheet_rows(office.made()["overview/overdue.xlsx"])
    assert overdue[1][:4] == ("unknown", None, "C-2", "Answer")
    assert "Cases!D3" in overdue[1]
    page = office.made()["overview/overview.html"].decode()
    assert "week 45" in page
    assert page.index("C-2") < page.index("C-5")
    assert not any(name.startswith("C-2") for name in office.letters())


def test_mending_the_cell_makes_the_letter_the_next_night(office: SmallOffice) -> None:
    office.run()
    office.change("Cases", "D3", RECEIVED)
    assert "1 new letter, " in office.run(day="2026-11-24").stdout
    assert "C-2 Notice to" in office.letters()


def test_changed_facts_replace_an_unsent_letter_and_keep_the_old_one_apart(office: SmallOffice) -> None:
    office.run()
    (old,) = office.output.glob("2026-11-23/decision/*.docx")
    content = old.read_bytes()
    office.change("Cases", "H7", "Because of this.")
    result = office.run(day="2026-11-24")
    assert "1 new letter" in result.stdout
    assert "since Because of this." in office.letters()["C-6 Decision to"]
    assert (office.output / "replaced" / old.name).read_bytes() == content
    assert not old.exists()
    assert (office.output / "2026-11-24" / "decision" / old.name).is_file()


def test_a_changed_template_replaces_an_unsent_letter(office: SmallOffice) -> None:
    office.run()
    office.write_template("notice.docx", *NOTICE, "Kind regards")
    assert "2 new letters" in office.run().stdout
    assert office.letters()["C-1 Notice to"].endswith("Kind regards")


def test_a_file_that_somebody_has_edited_is_left(office: SmallOffice) -> None:
    office.run()
    (path,) = office.output.glob("2026-11-23/decision/*.docx")
    document = docx.Document(str(path))
    document.add_paragraph("Typed by hand")
    document.save(str(path))
    edited = path.read_bytes()
    office.change("Cases", "H7", "Something else.")
    result = office.run(day="2026-11-24")
    assert result.exit_code == 0
    assert path.read_bytes() == edited
    assert "was left as it lies" in result.stderr
    assert not (office.output / "replaced").exists()


def test_what_the_register_calls_sent_is_not_made(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, RECEIVED, date(2026, 11, 12))))
    result = office.run()
    assert "No new letter" in result.stdout
    assert office.letters() == {}


def test_a_letter_due_before_the_start_is_listed_for_review_alone(office: SmallOffice) -> None:
    office.run()
    listed = [row for row in sheet_rows(office.made()["overview/overdue.xlsx"]) if row[0] == "to review"]
    assert [row[1:3] for row in listed] == [("C-5", "Notice")]
    assert not any(name.startswith("C-5") for name in office.letters())
    deadline = next(each for each in office.json("deadlines") if each["record"] == "C-5")
    assert deadline["status"] == "overdue"


def test_without_a_start_in_the_profile_the_first_run_is_the_start(office: SmallOffice) -> None:
    office.write_profile(PROFILE.replace("start = 2026-09-01\n", ""))
    office.run(day="2026-11-23")
    assert set(office.letters()) == {"C-1 Notice to", "C-1 Notice copy"}, "C-6 was decided before the first run"
    office.change("Cases", "F5", date(2026, 11, 24))
    office.change("Cases", "G5", "granted")
    office.change("Cases", "H5", "Since.")
    office.run(day="2026-11-25")
    assert "C-4 Decision to" in office.letters(), "decided after the first run, though before the second"


def test_a_run_marks_what_withholds_letters_besides_what_a_check_finds_and_gives_no_protected_person_away(
    office: SmallOffice,
) -> None:
    office.run()
    copy = office.output / "overview" / "register check.xlsx"
    by_run = copy.read_bytes()
    assert [word for word in ("Åse Skjermet", "Hemmelig", "Gjemt") if word.encode() in unpacked(by_run)] == []
    office.call("validate", "--annotate", "--as-of", TODAY)
    by_check = sheet_rows(copy.read_bytes())
    (further,) = [row for row in sheet_rows(by_run)[3:] if row not in by_check]
    assert further[2:] == (
        *("Cases", "H8", "Reason", "C-7", ""),
        *("«Decision» needs the field case.reason, and it is empty.", "Fill in the cell."),
    )


def test_lists_only_writes_the_lists_and_no_letter(office: SmallOffice) -> None:
    result = office.run("--lists-only")
    assert result.exit_code == 0
    assert set(office.made()) == LISTS
    assert "3 new letters" in office.run().stdout, "they are still due"


def test_a_broken_template_withholds_its_letters_and_nothing_else(office: SmallOffice) -> None:
    office.write_template("notice.docx", "Dear {{ recipient.nmae }}")
    result = office.run()
    assert result.exit_code == 3
    assert "notice.docx, body, paragraph 1, «{{ recipient.nmae }}»" in result.stderr
    assert set(office.letters()) == {"C-6 Decision to"}
    assert "overview/overview.html" in office.made()
    assert outcomes(office)["C-1", "notice", None] == "withheld"


def test_a_missing_template_withholds_its_letters_and_nothing_else(office: SmallOffice) -> None:
    (office.folder / "templates" / "docx" / "decision.docx").unlink()
    result = office.run()
    assert result.exit_code == 3
    assert "decision.docx: The file is missing from the folder of templates." in result.stderr
    assert set(office.letters()) == {"C-1 Notice to", "C-1 Notice copy"}


# ------------------------------------------------------------------ protected persons

SECRETS = ("Hemmelig vei 99", "9999 Gjemt")


def leaks(office: SmallOffice) -> set[str]:
    """The files made by Fristbrev in which the protected address stands; copies of the register, kept apart, may have it."""
    apart = {office.workbook, *(office.folder / "backups").iterdir()}
    made = [path for path in office.folder.rglob("*") if path.is_file() and path not in apart]
    return {path.name for path in made for secret in SECRETS if secret.encode() in unpacked(path.read_bytes())}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(("C-1", "P-3", None, RECEIVED), id="the person herself"),
        pytest.param(("C-1", "P-1", "P-3", RECEIVED), id="who is informed"),
        pytest.param(("C-1", "P-1", "P-2;P-3", RECEIVED), id="one of several"),
    ],
)
def test_a_protected_person_stops_every_letter_of_the_row_and_the_address_appears_nowhere(
    office: SmallOffice, row: tuple[object, ...]
) -> None:
    office.write_register(cases(row))
    result = office.run()
    assert office.letters() == {}
    assert "1 to be made by hand" in result.stdout
    assert leaks(office) == set()
    for command in (("letters",), ("deadlines",), ("explain", "--record", "P-3"), ("validate",)):
        said = office.call(*command, "--as-of", TODAY).output
        assert not any(secret in said for secret in SECRETS), command


def test_a_protected_person_who_is_reached_from_afar_by_the_template_stops_the_letter(office: SmallOffice) -> None:
    """The case refers to nobody protected; the template finds her through all rows of the sheet."""
    office.write_register(cases(("C-1", "P-1", None, RECEIVED)))
    office.write_template("notice.docx", "{{ recipient.name }}", "See also {{ sheets.person['P-3'].name }}")
    office.run()
    assert office.letters() == {}
    assert outcomes(office)["C-1", "notice", "P-1"] == "manual"
    assert leaks(office) == set()


def test_a_row_that_cannot_be_told_to_be_protected_or_not_counts_as_protected(office: SmallOffice) -> None:
    office.write_register(
        cases(("C-1", "P-1", None, RECEIVED)), (*PEOPLE[:1], ("P-1", "Kari", "Gate 1", "Sted", None, "maybe"))
    )
    office.run()
    assert office.letters() == {}


# ------------------------------------------------------------------ recipients


def test_who_is_both_party_and_informed_gets_the_letter_once_as_a_party(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", "P-1;P-2;P-2", RECEIVED)))
    office.run()
    assert sorted(office.letters()) == ["C-1 Notice copy", "C-1 Notice to"]


def test_a_recipient_added_later_makes_no_second_letter_of_an_old_one(office: SmallOffice) -> None:
    """``docs/profile.md``, convention 10: recipients are worked out on the letter's date, kept from its first night."""
    profile = PROFILE.replace('shielded = { type = "yesno" }', 'shielded = { type = "yesno" }\nfrom = { type = "date" }')
    office.write_profile(profile.replace('copy = "informed"', "copy = \"informed | selectattr('from', 'le', today)\""))
    people = ((*PEOPLE[0], "From"), (*PEOPLE[1], None), (*PEOPLE[2], date(2026, 11, 24)))
    office.write_register(cases(("C-1", "P-1", "P-2", RECEIVED)), people)
    office.run()
    assert list(office.letters()) == ["C-1 Notice to"]
    assert "No new letter" in office.run(day="2026-11-30").stdout


# ------------------------------------------------------------------ data is never code, and never lost


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Berg & Sønn <AS>", "Berg & Sønn <AS>"),
        ("a < b && c > d", "a < b && c > d"),
        ("&lt;b&gt; &amp; &#123;", "&lt;b&gt; &amp; &#123;"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        ("{% if true %}x{% endif %}", "{% if true %}x{% endif %}"),
        ("{# not a comment #}", "{# not a comment #}"),
        ("{_{ 7*7 }_}", "{_{ 7*7 }_}"),
        ("{%p raw %}", "{%p raw %}"),
        ("</w:t></w:r>", "</w:t></w:r>"),
        ("]]> <!-- -->", "]]> <!-- -->"),
        ("„low“ ‘high’ “quotes” «gåseøyne»", "„low“ ‘high’ “quotes” «gåseøyne»"),
        ("line one\nline two", "line one\nline two"),
        ("tab\there", "tab\there"),
        ("👩‍👧 🎉", "👩‍👧 🎉"),
        ("e\u0301", "é"),
        ("None", "None"),
        ("NaT", "NaT"),
        ("0150", "0150"),
        ("=1+1", "=1+1"),
        ("æ" * 10_000, "æ" * 10_000),
    ],
)
def test_a_value_stands_in_the_letter_as_it_was_typed(office: SmallOffice, typed: str, printed: str) -> None:
    office.write_register(cases(("C-6", "P-2", None, RECEIVED, None, date(2026, 11, 20), "granted")))
    write_as_text(office, "H2", typed)
    result = office.run()
    assert (result.exit_code, result.stderr) == (0, "")
    assert office.letters()["C-6 Decision to"] == f"Ola Prøve\nNovember 20, 2026: granted, since {printed}"


@pytest.mark.parametrize("key", ["{{ 7*7 }}", "C & <b>", "../../etc/passwd", "C-1\u202e", "k" * 300])
def test_a_key_is_no_code_either_and_no_path(office: SmallOffice, key: str) -> None:
    office.write_register(cases((key, "P-1", None, RECEIVED)))
    result = office.run()
    assert (result.exit_code, result.stderr) == (0, "")
    (path,) = office.output.glob("2026-11-23/notice/*.docx")
    subject = docx.Document(io.BytesIO(path.read_bytes())).core_properties.subject
    assert subject == office.json("letters")[0]["record"][:255]
    assert key.replace("\u202e", "").startswith(subject[:255].replace("\u202e", ""))


def write_as_text(office: SmallOffice, cell: str, value: str) -> None:
    """Type a text, also one that begins with an equals sign, as Excel keeps it after an apostrophe."""
    import openpyxl

    book = openpyxl.load_workbook(office.workbook)
    book["Cases"][cell].value = value
    book["Cases"][cell].data_type = "s"
    book.save(office.workbook)


@pytest.mark.parametrize("blank", [None, "", "   ", "\u00a0", "\u200b"])
def test_a_blank_field_withholds_and_names_the_cell(office: SmallOffice, blank: str | None) -> None:
    office.write_register(cases(("C-6", "P-2", None, RECEIVED, None, date(2026, 11, 20), "granted", blank)))
    office.run()
    assert office.letters() == {}
    decision = next(each for each in office.json("letters") if each["letter"] == "decision")
    assert decision["outcome"] == "withheld"
    assert (
        decision["reasons"]
        == "Cases!H2, Reason, C-6: «Decision» needs the field case.reason, and it is empty. Fill in the cell."
    )


# ------------------------------------------------------------------ killed, and made twice

KILLED = """
import os, sys
from pipeline.letters import write
place, left = write._place, [int(sys.argv.pop(1))]
def placing(*arguments):
    if not left[0]:
        os._exit(9)
    left[0] -= 1
    return place(*arguments)
write._place = placing
from pipeline.cli import main
main()
"""


@pytest.mark.parametrize("placed", [0, 1, 2])
def test_killed_in_the_middle_and_run_again_is_as_if_undisturbed(
    office: SmallOffice, tmp_path: Path, root: Path, placed: int
) -> None:
    undisturbed = SmallOffice(tmp_path / "undisturbed")
    undisturbed.run()
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(placed), "--workspace", str(office.folder), "run", "--as-of", TODAY],
        cwd=root,
        check=False,
        capture_output=True,
    )
    assert killed.returncode == 9, killed.stderr
    assert len(list(office.output.glob("2*/*/*.docx"))) == placed
    assert office.run().exit_code == 0
    assert office.made() == undisturbed.made()
    assert office.json("letters") == undisturbed.json("letters")


def test_two_runs_in_two_folders_give_the_same_bytes(office: SmallOffice, tmp_path: Path) -> None:
    other = SmallOffice(tmp_path / "elsewhere" / "office")
    for each in (office, other):
        each.run()
    assert office.made() == other.made()
    assert len(office.made()) == 9


def test_the_ledger_remembers_the_runs_and_holds_no_clock_time_in_its_events(office: SmallOffice) -> None:
    office.run()
    office.run(day="2026-11-24")
    with Ledger(office.folder / "fristbrev.sqlite", read_only=True) as ledger:
        assert [(run.number, run.day.isoformat(), run.finished) for run in ledger.runs()] == [
            (1, TODAY, True),
            (2, "2026-11-24", True),
        ]
        made = [entry for entry in ledger.entries().values() if entry.versions]
        assert len(made) == 3


def test_the_same_job_runs_as_a_module_of_python(office: SmallOffice, root: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "pipeline", "--workspace", str(office.folder), "run", "--as-of", TODAY],
        cwd=root,
        check=False,
        capture_output=True,
        encoding="utf-8",
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert "3 new letters" in result.stdout
    assert set(office.letters()) == {"C-1 Notice to", "C-1 Notice copy", "C-6 Decision to"}
