"""Templates with mistakes in a whole run: told, withheld, and handed back to their author with a comment at each mistake."""

from __future__ import annotations

import io
import json

import docx

from tests.walk.small_office import NOTICE, PROFILE, SmallOffice

COPY = "overview/templates/notice with comments.docx"


def comments(content: bytes) -> list[str]:
    """The comments of a Word file."""
    return [comment.text for comment in docx.Document(io.BytesIO(content)).comments]


def test_a_run_withholds_the_letters_of_a_broken_template_and_leaves_a_commented_copy(office: SmallOffice) -> None:
    office.write_template("notice.docx", *NOTICE, "{{ case.raeson }} and {{ case.received | dat }}")
    result = office.run()
    assert result.exit_code == 3
    assert not any("Notice" in name for name in office.letters())
    assert any("Decision" in name for name in office.letters())
    assert [text.partition("\n")[0] for text in comments(office.made()[COPY])] == [
        "body, paragraph 5: {{ case.raeson }}",
        "body, paragraph 5: {{ case.received | dat }}",
    ]
    assert "notice.docx, body, paragraph 5, «{{ case.raeson }}»" in result.stderr
    assert COPY in result.stderr
    assert f"Open {COPY}" in office.made()["overview/overview.html"].decode()


def test_the_copy_goes_when_the_template_is_mended(office: SmallOffice) -> None:
    office.write_template("notice.docx", "{{ case.raeson }}")
    assert office.call("templates").exit_code == 1
    first = office.made()[COPY]
    assert office.call("templates").exit_code == 1
    assert office.made()[COPY] == first
    office.write_template("notice.docx", *NOTICE)
    assert office.run().exit_code == 0
    assert not (office.output / "overview" / "templates").exists()
    assert any("Notice" in name for name in office.letters())


def test_what_lies_beside_the_copies_is_left_alone(office: SmallOffice) -> None:
    office.write_template("notice.docx", "{{ case.raeson }}")
    office.call("templates")
    mine = office.output / "overview" / "templates" / "mine.docx"
    mine.write_bytes(b"mine")
    office.write_template("notice.docx", *NOTICE)
    assert office.call("templates").exit_code == 0
    assert [path.name for path in mine.parent.iterdir()] == ["mine.docx"]


def test_programs_are_told_place_and_expression(office: SmallOffice) -> None:
    office.write_template("notice.docx", *NOTICE, "{{ case.raeson | default(„none“) }} {{ case.reason | default(„none“) }}")
    result = office.call("templates", "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [
        (each["severity"], each["sheet"], each["cell"], each["value"]) for each in found if each["file"] == "notice.docx"
    ] == [
        ("error", "body", "paragraph 5", "{{ case.raeson | default(„none“) }}"),
        ("note", "body", "paragraph 5", "{{ case.raeson | default(„none“) }}"),
        ("note", "body", "paragraph 5", "{{ case.reason | default(„none“) }}"),
    ]
    assert {each["code"] for each in found} == {"template-broken", "template-note", "column-in-rules-only"}


def test_a_letter_of_a_mended_tag_is_made(office: SmallOffice) -> None:
    office.write_template("notice.docx", *NOTICE, "Since {{ case.reason | default(„none“) }}")
    assert office.run().exit_code == 0
    assert any(text.endswith("Since none") for text in office.letters().values())


def test_columns_that_nobody_asks_stand_out_from_those_that_rules_ask(office: SmallOffice) -> None:
    office.write_profile(PROFILE.replace('clerk = { type = "text" }', 'clerk = { type = "text" }\nshoe = { type = "text" }'))
    told = office.call("templates").stdout.splitlines()
    assert "Neither a template nor a rule uses these columns of Cases: Shoe" in told
    assert "No template uses 10 columns that rules use; «fristbrev templates --json» lists them." in told
    found = {each["heading"]: each["code"] for each in json.loads(office.call("templates", "--json").stdout)}
    assert found["Shoe"] == "column-unused"
    assert found["Clerk"] == "column-in-rules-only"
