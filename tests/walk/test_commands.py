"""What each command prints, for people and for programs."""

from __future__ import annotations

import json
import re
from datetime import date

import docx
import pytest

from pipeline.texts.messages import FINDINGS
from tests.letters.both_ways import template
from tests.walk.small_office import PROFILE, TODAY, SmallOffice, cases, sheet_rows

RECEIVED = date(2026, 11, 10)

FINDING = ["code", "severity", "file", "sheet", "cell", "heading", "record", "value", "message", "cure"]
DEADLINE = ["record", "deadline", "title", "owner", "trigger", "raw", "due", "act_by", "done", "status", "recipient"]
LETTER = ["record", "letter", "recipient", "role", "outcome", "reasons", "file"]


# ------------------------------------------------------------------ JSON


@pytest.mark.parametrize(
    ("command", "keys"),
    [(("validate",), FINDING), (("deadlines",), DEADLINE), (("letters",), LETTER)],
)
def test_the_objects_have_the_keys_that_the_design_names(
    office: SmallOffice, command: tuple[str, ...], keys: list[str]
) -> None:
    office.run()
    found = office.json(*command)
    assert found
    assert {tuple(each) for each in found} == {tuple(keys)}
    assert {type(value) for each in found for value in each.values()} <= {str, int, type(None)}


@pytest.mark.parametrize("command", ["validate", "deadlines", "letters", "run"])
def test_stdout_is_pure_json_and_stderr_is_empty(office: SmallOffice, command: str) -> None:
    result = office.call(command, "--as-of", TODAY, "--json")
    assert isinstance(json.loads(result.stdout), list)
    assert result.stderr == ""


def test_a_finding_as_json(office: SmallOffice) -> None:
    assert office.json("validate") == [
        {
            "code": "date-week",
            "severity": "error",
            "file": "book.xlsx",
            "sheet": "Cases",
            "cell": "D3",
            "heading": "Received",
            "record": "C-2",
            "value": "week 45",
            "message": "«week 45» is a week and not a day.",
            "cure": "Type the day itself, such as 23.11.2026.",
        }
    ]


def test_a_deadline_as_json(office: SmallOffice) -> None:
    found = {each["record"]: each for each in office.json("deadlines")}
    assert found["C-1"] == {
        "record": "C-1",
        "deadline": "answer",
        "title": "Answer",
        "owner": "ABC",
        "trigger": "2026-11-10",
        "raw": "2026-12-01",
        "due": "2026-12-01",
        "act_by": "2026-12-01",
        "done": None,
        "status": "due soon",
        "recipient": None,
    }
    assert [found["C-2"][key] for key in ("trigger", "raw", "due", "act_by", "status")] == [None, None, None, None, "unknown"]


def test_a_letter_as_json_names_its_file_once_it_is_made(office: SmallOffice) -> None:
    expected = {"record": "C-1", "letter": "notice", "recipient": "P-1", "role": "to"}
    before = next(each for each in office.json("letters") if each["role"] == "to")
    assert before == expected | {"outcome": "due", "reasons": None, "file": None}
    office.run()
    after = next(each for each in office.json("letters") if each["role"] == "to")
    assert after["outcome"] == "produced"
    assert (office.output / after["file"]).is_file()


def test_a_run_as_json_lists_what_it_made(office: SmallOffice) -> None:
    made = office.json("run")
    assert {tuple(each) for each in made} == {tuple(LETTER)}
    assert [(each["record"], each["recipient"], each["role"]) for each in made] == [
        ("C-1", "P-1", "to"),
        ("C-1", "P-2", "copy"),
        ("C-6", "P-2", "to"),
    ]
    assert all((office.output / each["file"]).is_file() for each in made)
    assert office.json("run") == []


# ------------------------------------------------------------------ looking changes nothing


@pytest.mark.parametrize(
    "command",
    [
        ("validate",),
        ("templates",),
        ("deadlines",),
        ("letters",),
        ("explain", "--record", "C-1"),
        ("explain", "--code", "key-double"),
    ],
)
def test_looking_makes_and_changes_no_file(office: SmallOffice, command: tuple[str, ...]) -> None:
    before = {path: path.stat().st_mtime_ns for path in office.folder.rglob("*")}
    office.call(*command)
    assert {path: path.stat().st_mtime_ns for path in office.folder.rglob("*")} == before


# ------------------------------------------------------------------ deadlines


@pytest.mark.parametrize(
    ("day", "status"),
    [
        ("2026-11-10", "due soon"),
        ("2026-12-01", "due soon"),
        ("2026-12-02", "overdue"),
    ],
)
def test_the_day_is_a_parameter(office: SmallOffice, day: str, status: str) -> None:
    assert [each["status"] for each in office.json("deadlines", day=day) if each["record"] == "C-1"] == [status]


@pytest.mark.parametrize("day", ["23.11.2026", "2026-02-30", "today", ""])
def test_what_is_no_day_is_refused_before_anything_is_read(office: SmallOffice, day: str) -> None:
    result = office.run(day=day)
    assert result.exit_code == 2
    assert "write it as 2026-11-23." in result.stderr
    assert not office.output.exists()


@pytest.mark.parametrize(
    ("options", "records"),
    [
        ((), ["C-2", "C-5", "C-1", "C-3", "C-4", "C-6", "C-7"]),
        (("--overdue",), ["C-2", "C-5"]),
        (("--owner", "DEF"), ["C-5", "C-3", "C-7"]),
        (("--owner", "DEF", "--overdue"), ["C-5"]),
        (("--owner", "XYZ"), []),
        (("--days", "0"), ["C-2", "C-5"]),
    ],
)
def test_deadlines_can_be_narrowed_down_and_the_unknown_stand_first(
    office: SmallOffice, options: tuple[str, ...], records: list[str]
) -> None:
    assert [each["record"] for each in office.json("deadlines", *options)] == records
    printed = office.call("deadlines", "--as-of", TODAY, *options).stdout.splitlines()
    assert [word for line in printed for word in line.split() if word.startswith("C-")] == records
    assert printed[-1] == f"{len(records)} deadlines."


@pytest.mark.parametrize(
    ("days", "records", "plan"),
    [
        ("0", ["C-2", "C-5"], ["ABC (ABC)", "unknown C-2 Answer Cases!D3", "DEF (DEF)", "overdue 2026-07-22 C-5 Answer"]),
        (
            "8",
            ["C-2", "C-5", "C-1"],
            [
                *("ABC (ABC)", "unknown C-2 Answer Cases!D3", "due soon 2026-12-01 C-1 Answer"),
                *("DEF (DEF)", "overdue 2026-07-22 C-5 Answer"),
            ],
        ),
        (
            "10",
            ["C-2", "C-5", "C-1", "C-3"],
            [
                *("ABC (ABC)", "unknown C-2 Answer Cases!D3", "due soon 2026-12-01 C-1 Answer"),
                *("DEF (DEF)", "overdue 2026-07-22 C-5 Answer", "due soon 2026-12-03 C-3 Answer"),
            ],
        ),
    ],
)
def test_the_plan_of_the_next_days_stands_by_owner(office: SmallOffice, days: str, records: list[str], plan: list[str]) -> None:
    assert [each["record"] for each in office.json("deadlines", "--days", days)] == records
    printed = office.call("deadlines", "--as-of", TODAY, "--days", days).stdout
    assert [" ".join(line.split()) for line in printed.splitlines() if line] == [*plan, f"{len(records)} deadlines."]


def test_a_negative_number_of_days_is_refused(office: SmallOffice) -> None:
    assert office.call("deadlines", "--days", "-1").exit_code == 2


# ------------------------------------------------------------------ explain


@pytest.mark.parametrize("key", ["C-1", "C-2", "C-3", "C-4", "C-5", "C-6", "C-7", "P-1", "P-2", "P-3"])
def test_every_record_has_its_story(office: SmallOffice, key: str) -> None:
    office.run()
    story = office.json("explain", "--record", key)
    assert {tuple(line) for line in story} == {("kind", "record", "name", "text")}
    assert (story[0]["kind"], story[0]["record"]) == ("record", key)
    assert all(line["text"] for line in story)
    assert office.call("explain", "--as-of", TODAY, "--record", key).exit_code == 0


def test_the_story_tells_each_date_with_its_steps_and_each_letter_with_its_reason(office: SmallOffice) -> None:
    office.run()
    story = office.json("explain", "--record", "C-1")
    about = {kind: [line["text"] for line in story if line["kind"] == kind] for kind in ("deadline", "step", "letter", "event")}
    assert about["deadline"] == ["Answer: due soon, 2026-12-01, owner ABC"]
    assert "«received + answer_within» gives 2026-12-01." in about["step"]
    assert about["letter"] == ["Notice to P-1: produced", "Notice to P-2: produced", "Decision: not needed"]
    assert [text.split(", ")[1:3] for text in about["event"]] == [["version 1", "made"]] * 2


def test_the_story_of_an_unreadable_date_names_its_cell(office: SmallOffice) -> None:
    story = [line["text"] for line in office.json("explain", "--record", "C-2")]
    assert "Answer: unknown, owner ABC" in story
    assert "Cases!D3, Received, C-2: «week 45» is a week and not a day. Type the day itself, such as 23.11.2026." in story
    assert "Notice: withheld" in story


def test_the_story_of_a_person_leads_on_to_the_cases(office: SmallOffice) -> None:
    records = [line["record"] for line in office.json("explain", "--record", "P-2") if line["kind"] == "record"]
    assert records == ["P-2", "C-1", "C-2", "C-5", "C-6"]


@pytest.mark.parametrize(("asked", "guess"), [("C-11", " Did you mean «C-1»?"), ("zzzzzzzz", "")])
def test_an_unknown_record_is_told_with_a_guess(office: SmallOffice, asked: str, guess: str) -> None:
    result = office.call("explain", "--record", asked)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"The register has no record «{asked}».{guess}\n"


@pytest.mark.parametrize("code", list(FINDINGS))
def test_every_code_has_its_explanation(office: SmallOffice, code: str) -> None:
    (said,) = json.loads(office.call("explain", "--code", code, "--json").stdout)
    assert list(said) == ["code", "message", "cure", "meaning"]
    assert all(said.values())
    assert said["code"] == code
    assert said["meaning"] in office.call("explain", "--code", code).stdout


def test_an_unknown_code_is_refused_with_those_that_there_are(office: SmallOffice) -> None:
    result = office.call("explain", "--code", "date-unreadible")
    assert result.exit_code == 2
    assert "date-unreadable" in result.stderr


@pytest.mark.parametrize("options", [(), ("--record", "C-1", "--code", "key-double")])
def test_explain_wants_one_thing_to_explain(office: SmallOffice, options: tuple[str, ...]) -> None:
    assert office.call("explain", *options).exit_code == 2


# ------------------------------------------------------------------ validate and templates


def test_a_clean_register_validates(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, RECEIVED)))
    result = office.call("validate", "--as-of", TODAY)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "4 rows read, 0 left out, 0 errors, 0 warnings.\n"
    assert office.json("validate") == []


def test_a_warning_alone_is_no_reason_to_fail(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, "10.11.26")))
    result = office.call("validate", "--as-of", TODAY)
    assert result.exit_code == 0
    assert result.stdout.startswith("warning: Cases!D2, Received, C-1: «10.11.26» has a year of two digits")


def test_a_second_version_beside_the_register_is_a_warning(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, RECEIVED)))
    office.workbook.with_name("book-PC7.xlsx").write_bytes(office.workbook.read_bytes())
    result = office.call("validate", "--annotate", "--as-of", TODAY)
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "warning: book.xlsx: The file book-PC7.xlsx beside the register looks like a second version"
    )
    (row,) = [
        row for row in sheet_rows((office.output / "overview" / "register check.xlsx").read_bytes()) if row[0] == "Warning"
    ]
    assert row[:4] == ("Warning", "Nobody named", "book.xlsx", "")


def test_an_error_fails_the_check(office: SmallOffice) -> None:
    result = office.call("validate", "--as-of", TODAY)
    assert result.exit_code == 1
    assert result.stdout.endswith("10 rows read, 0 left out, 1 error, 0 warnings.\n")


def test_a_check_writes_the_marked_copy_where_it_says_and_leaves_the_register_alone(office: SmallOffice) -> None:
    before = office.workbook.read_bytes()
    result = office.call("validate", "--annotate", "--as-of", TODAY)
    copy = office.output / "overview" / "register check.xlsx"
    assert result.exit_code == 1
    assert result.stdout.endswith(f"The register with its findings marked: {copy}\n")
    (found,) = [row for row in sheet_rows(copy.read_bytes()) if row[0] == "Error"]
    assert found[:7] == ("Error", "ABC", "Cases", "D3", "Received", "C-2", "week 45")
    assert office.workbook.read_bytes() == before
    assert not (office.folder / "fristbrev.sqlite").exists()


def test_a_check_for_programs_tells_where_the_copy_lies_beside_its_json(office: SmallOffice) -> None:
    result = office.call("validate", "--annotate", "--json", "--as-of", TODAY)
    assert [each["cell"] for each in json.loads(result.stdout)] == ["D3"]
    assert "register check.xlsx" in result.stderr


def test_a_mistake_in_a_template_fails_the_check_too(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, RECEIVED)))
    office.write_template("notice.docx", "{{ case.recieved }}")
    for command in ("validate", "templates"):
        result = office.call(command)
        assert result.exit_code == 1, command
        assert "notice.docx, body, paragraph 1, «{{ case.recieved }}»: " in result.stdout
        assert "received" in result.stdout


def test_templates_without_a_mistake(office: SmallOffice) -> None:
    result = office.call("templates")
    assert (result.exit_code, result.stderr) == (0, "")
    *ways, last = [*result.stdout.splitlines()[:2], result.stdout.splitlines()[-1]]
    assert [re.sub("version [0-9a-f]{12}:", "version …:", way) for way in ways] == [
        f"{name}.docx, version …: compiled once for all letters" for name in ("notice", "decision")
    ]
    assert last == "2 letters checked, 0 with mistakes in their templates."


def test_validate_tells_the_codes_that_explain_takes(office: SmallOffice) -> None:
    office.write_register(cases(("C-1", "P-1", None, "?"), ("C-2", "P-9", None, RECEIVED), ("C-3", "P-8", None, RECEIVED)))
    [told] = [line for line in office.call("validate").stdout.splitlines() if "explain --code" in line]
    codes = dict(part.split() for part in told.partition("there are ")[2].rstrip(".").split(", "))
    assert codes == {"reference-broken": "2", "date-unreadable": "1"}
    assert all(office.call("explain", "--code", code).exit_code == 0 for code in codes)


def test_a_profile_without_deadlines_is_told(office: SmallOffice) -> None:
    office.write_profile(PROFILE[: PROFILE.index("[deadlines.")])
    assert "The profile has no deadlines yet" in office.call("validate").stdout
    assert "The profile has no deadlines yet" in office.run().stdout
    assert "The profile has no deadlines yet" in (office.output / "overview" / "overview.html").read_text(encoding="utf-8")


def test_a_file_that_no_letter_is_made_of_is_told(office: SmallOffice) -> None:
    office.write_template("Notice (new).docx", "{{ case.number }}")
    office.write_template("~$notice.docx", "x")
    told = [line for line in office.call("templates").stdout.splitlines() if "no letter in the profile" in line]
    assert told == [
        "To be known: no letter in the profile is made of Notice (new).docx; a letter names its file with «template»."
    ]


def test_a_letter_is_approved_by_the_line_that_is_printed_for_it_until_its_files_change(office: SmallOffice) -> None:
    told = office.call("templates", "--as-of", TODAY).stdout.partition("2 letters are not approved as they are.")[2]
    lines = told.splitlines()[1:-1]
    assert lines[::2] == ["[letters.notice]", "[letters.decision]"]
    approved = lines[1].replace('"name"', '"Kari"')
    assert approved.startswith('approved = { by = "Kari", on = 2026-11-23, version = "')

    office.write_profile(PROFILE.replace("[letters.notice]", f"[letters.notice]\n{approved}"))
    assert "\n1 letter is not approved as it is." in office.call("templates").stdout
    assert all(finding["code"] != "template-not-approved" for finding in office.json("validate"))

    office.write_template("notice.docx", "Something else, {{ recipient.name }}")
    (finding,) = [finding for finding in office.json("validate") if finding["code"] == "template-not-approved"]
    assert (finding["severity"], finding["file"]) == ("warning", "notice.docx")
    assert finding["message"].startswith("«Notice» is no longer as Kari approved it on 2026-11-23: its files are version ")
    told = office.call("--language", "nb", "validate").stdout
    assert "23.11.2026" in told
    assert "2026-11-23" not in told


def test_a_letter_s_history_names_the_version_of_its_template(office: SmallOffice) -> None:
    office.run()
    listed = re.findall("notice.docx, version ([0-9a-f]{12}):", office.call("templates").stdout)
    told = office.call("explain", "--record", "C-1", "--as-of", TODAY).stdout
    assert len(listed) == 1
    assert set(re.findall("made, from the template in version ([0-9a-f]{12})", told)) == set(listed)


def test_a_template_that_must_be_rendered_anew_is_named_with_the_reason(office: SmallOffice) -> None:
    (office.folder / "templates" / "docx" / "notice.docx").write_bytes(template("footnotes rendered twice"))
    found = re.sub("versjon [0-9a-f]{12}:", "versjon …:", office.call("--language", "nb", "templates").stdout)
    why = "fotnotene fylles ut én gang for hver inndeling (seksjon)"
    assert f"notice.docx, versjon …: gjøres klar på nytt for hvert brev, og det går saktere: {why}\n" in found


@pytest.mark.parametrize("workers", ["1", "3"])
def test_a_run_is_the_same_whoever_fills_the_letters(office: SmallOffice, workers: str) -> None:
    result = office.call("run", "--as-of", TODAY, "--workers", workers)
    assert result.exit_code == 0
    assert "Filling letters" not in result.stderr


def test_nobody_at_all_cannot_fill_letters(office: SmallOffice) -> None:
    assert office.call("run", "--workers", "0").exit_code == 2


def test_templates_lists_the_fields_that_an_author_may_use(office: SmallOffice) -> None:
    offered = json.loads(office.call("templates", "--fields", "notice", "--json").stdout)
    assert {tuple(field) for field in offered} == {("field", "heading", "type", "sample", "loop")}
    fields = {field["field"]: field for field in offered}
    received = {"field": "case.received", "heading": "Received", "type": "date", "sample": "November\u00a023, 2026", "loop": ""}
    assert fields["case.received"] == received
    assert fields["case.person.name"]["sample"] == "Kari Example"
    assert {"recipient.name", "recipient.address", "office.municipality", "letter.date", "answer_within"} <= set(fields)


def test_the_fields_stand_below_each_other_on_the_terminal(office: SmallOffice) -> None:
    printed = office.call("templates", "--fields", "notice").stdout.splitlines()
    group = printed[printed.index("Cases") + 1 : printed.index("", printed.index("Cases"))]
    assert {line.index(" ", line.index("}}")) <= 32 for line in group} == {True}
    starts = {re.match(r"  \{\{ \S+ \}\} +", line).end() for line in group}  # type: ignore[union-attr]  # each is a field
    assert len(starts) == 1
    assert any(line.split() == ["{{", "case.received", "}}", "Received", "date", "November", "23,", "2026"] for line in group)
    assert any("{{ case.received | short_date }}" in line and "2026-11-23" in line for line in printed)


def test_every_field_that_is_offered_may_be_used(office: SmallOffice) -> None:
    offered = json.loads(office.call("templates", "--fields", "notice", "--json").stdout)
    lines = [f"{{{{ {field['field']} | default('') }}}}" for field in offered if not field["loop"]]
    for field in offered:
        if field["loop"]:
            lines += [field["loop"], f"{{{{ {field['field']} | default('') }}}}", "{%p endfor %}"]
    office.write_template("notice.docx", *lines)
    assert office.call("templates").stdout.endswith("2 letters checked, 0 with mistakes in their templates.\n")
    office.write_register(cases(("C-1", "P-1", None, RECEIVED)))
    assert "1 new letter" in office.run().stdout


def test_the_fields_are_written_as_a_word_file_to_copy_from(office: SmallOffice) -> None:
    page = office.folder / "fields.docx"
    result = office.call("templates", "--fields", "notice", "--docx", str(page))
    assert (result.exit_code, str(page) in result.stdout) == (0, True)
    cells = [[cell.text for cell in row.cells] for table in docx.Document(str(page)).tables for row in table.rows]
    assert ["{{ case.received }}", "Received", "date", "November\u00a023, 2026"] in cells
    assert office.call("templates", "--fields", "notice", "--docx", str(page)).exit_code == 2, "it is there already"


@pytest.mark.parametrize("options", [("--docx", "x.docx"), ("--fields", "notice", "--docx", "x.pdf")])
def test_a_page_of_nothing_or_of_another_kind_is_refused(office: SmallOffice, options: tuple[str, ...]) -> None:
    assert office.call("templates", *options).exit_code == 2


def test_the_fields_of_an_unknown_letter_are_refused(office: SmallOffice) -> None:
    result = office.call("templates", "--fields", "notise")
    assert result.exit_code == 2
    assert "notice, decision" in result.stderr


# ------------------------------------------------------------------ language


def test_lists_follow_the_asked_language_and_letters_the_office(office: SmallOffice) -> None:
    result = office.call("--language", "nb", "letters", "--as-of", TODAY)
    assert "holdt tilbake" in result.stdout
    office.write_profile(PROFILE.replace('language = "en"', 'language = "nb"'))
    assert "holdt tilbake" in office.call("letters", "--as-of", TODAY).stdout
    assert "withheld" in office.call("--language", "en", "letters", "--as-of", TODAY).stdout


def test_without_a_workspace_the_command_says_where_to_go(office: SmallOffice) -> None:
    (office.folder / "profile.toml").unlink()
    result = office.call("--language", "en", "validate")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"There is no profile.toml in {office.folder}.")


# ------------------------------------------------------------------ what if


def what_if(office: SmallOffice, text: str) -> str:
    path = office.folder / "what if.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_what_if_shows_old_and_new_of_what_would_change_and_writes_nothing(office: SmallOffice) -> None:
    lines = what_if(office, '[deadlines.answer]\ndue = "received + weeks(1)"\n')
    before = sorted(path for path in office.folder.rglob("*"))
    found = office.json("deadlines", "--what-if", lines)
    printed = office.call("deadlines", "--as-of", TODAY, "--what-if", lines).stdout.splitlines()

    first = next(each for each in found if each["record"] == "C-1")
    assert (first["due"], first["due_then"]) == ("2026-12-01", "2026-11-17")
    assert (first["status"], first["status_then"]) == ("due soon", "overdue")
    assert "C-2" not in {each["record"] for each in found}, "unknown by both"
    assert "C-1            Answer: 2026-12-01, due soon → 2026-11-17, overdue" in printed
    assert printed[-1] == f"{len(found)} deadlines would change; nothing was written."
    assert sorted(path for path in office.folder.rglob("*")) == before


def test_what_if_nothing_changes_says_so(office: SmallOffice) -> None:
    assert office.json("deadlines", "--what-if", what_if(office, "")) == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (
            '[deadlines.answer]\ndue = "receivde + weeks(1)"\n',
            "[deadlines.answer] due: «receivde» is unknown; did you mean «received»?",
        ),
        ('[deadlines.answer]\nremind = "soon"\n', "[deadlines.answer] remind: «soon» is no period"),
        ('extends = "alta"\n', "leave out «extends»"),
        ("[deadlines.answer\n", "Line 1"),
    ],
)
def test_what_if_tells_the_mistakes_of_its_file_like_those_of_a_profile(office: SmallOffice, lines: str, said: str) -> None:
    result = office.call("deadlines", "--as-of", TODAY, "--what-if", what_if(office, lines))

    assert result.exit_code == 2
    assert "what if.toml has 1 mistake" in result.stderr
    assert said in result.stderr


def test_what_if_names_what_only_one_of_the_routines_has(office: SmallOffice) -> None:
    lines = what_if(office, '[deadlines.thanks]\non = "case"\ndue = "received + weeks(2)"\n')
    found = office.json("deadlines", "--what-if", lines)

    assert {each["deadline"] for each in found} == {"thanks"}
    assert {each["status"] for each in found} == {None}


def test_the_overview_shows_on_demand_why_a_date_is_what_it_is(office: SmallOffice) -> None:
    office.run()
    [page] = office.output.rglob("*.html")
    text = page.read_text(encoding="utf-8")

    assert "Why this date" in text
    assert "Received (Cases!D2) is 2026-11-10." in text
