"""The nightly run for systemd, cron and Windows: each is asked by the program that reads it, or by its documented grammar."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree

from pipeline.cli import main
from pipeline.setup.schedule import Night, schedule, unit_name
from pipeline.setup.shortcut import shortcut
from pipeline.texts import texts_in

TASK = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
FOLDERS = ("office", "Øst 100 % & «Ås»", "with $HOME and 'quotes'")

GRAMMAR = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns="{t}" targetNamespace="{t}" elementFormDefault="qualified">
  <xs:element name="Task"><xs:complexType><xs:all>
    <xs:element name="RegistrationInfo"><xs:complexType><xs:all>
      <xs:element name="Description" type="xs:string"/>
    </xs:all></xs:complexType></xs:element>
    <xs:element name="Triggers"><xs:complexType><xs:choice>
      <xs:element name="CalendarTrigger"><xs:complexType><xs:sequence>
        <xs:element name="Enabled" type="xs:boolean" minOccurs="0"/>
        <xs:element name="StartBoundary" type="xs:dateTime"/>
        <xs:element name="ScheduleByDay"><xs:complexType><xs:all>
          <xs:element name="DaysInterval" type="xs:unsignedInt"/>
        </xs:all></xs:complexType></xs:element>
      </xs:sequence></xs:complexType></xs:element>
    </xs:choice></xs:complexType></xs:element>
    <xs:element name="Principals"><xs:complexType><xs:sequence>
      <xs:element name="Principal"><xs:complexType><xs:all>
        <xs:element name="LogonType"><xs:simpleType><xs:restriction base="xs:string">
          <xs:enumeration value="S4U"/><xs:enumeration value="Password"/><xs:enumeration value="InteractiveToken"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="RunLevel"><xs:simpleType><xs:restriction base="xs:string">
          <xs:enumeration value="LeastPrivilege"/><xs:enumeration value="HighestAvailable"/>
        </xs:restriction></xs:simpleType></xs:element>
      </xs:all><xs:attribute name="id" type="xs:ID" use="required"/></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    <xs:element name="Settings"><xs:complexType><xs:all>
      <xs:element name="MultipleInstancesPolicy"><xs:simpleType><xs:restriction base="xs:string">
        <xs:enumeration value="Parallel"/><xs:enumeration value="Queue"/>
        <xs:enumeration value="IgnoreNew"/><xs:enumeration value="StopExisting"/>
      </xs:restriction></xs:simpleType></xs:element>
      <xs:element name="DisallowStartIfOnBatteries" type="xs:boolean"/>
      <xs:element name="StopIfGoingOnBatteries" type="xs:boolean"/>
      <xs:element name="StartWhenAvailable" type="xs:boolean"/>
      <xs:element name="RunOnlyIfNetworkAvailable" type="xs:boolean"/>
      <xs:element name="Enabled" type="xs:boolean"/>
      <xs:element name="WakeToRun" type="xs:boolean"/>
      <xs:element name="ExecutionTimeLimit" type="xs:duration"/>
      <xs:element name="RestartOnFailure"><xs:complexType><xs:all>
        <xs:element name="Interval"><xs:simpleType><xs:restriction base="xs:duration">
          <xs:minInclusive value="PT1M"/><xs:maxInclusive value="P31D"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="Count"><xs:simpleType><xs:restriction base="xs:unsignedByte">
          <xs:minInclusive value="1"/>
        </xs:restriction></xs:simpleType></xs:element>
      </xs:all></xs:complexType></xs:element>
    </xs:all></xs:complexType></xs:element>
    <xs:element name="Actions"><xs:complexType><xs:sequence>
      <xs:element name="Exec"><xs:complexType><xs:all>
        <xs:element name="Command"><xs:simpleType><xs:restriction base="xs:string">
          <xs:minLength value="1"/><xs:maxLength value="260"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="Arguments" type="xs:string" minOccurs="0"/>
        <xs:element name="WorkingDirectory" type="xs:string" minOccurs="0"/>
      </xs:all></xs:complexType></xs:element>
    </xs:sequence><xs:attribute name="Context" type="xs:IDREF" use="required"/></xs:complexType></xs:element>
  </xs:all><xs:attribute name="version" use="required"><xs:simpleType><xs:restriction base="xs:string">
    <xs:pattern value="1\\.[1-4]"/>
  </xs:restriction></xs:simpleType></xs:attribute></xs:complexType></xs:element>
</xs:schema>
"""
"""What a task of ours uses of the grammar in Microsoft's «Task Scheduler Schema» and [MS-TSCH] 2.5; nothing else may stand."""


@pytest.fixture(params=FOLDERS)
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / str(request.param)
    assert CliRunner().invoke(main, ["init", str(folder)]).exit_code == 0
    return folder


def written(folder: Path, *options: str) -> dict[str, Path]:
    result = CliRunner().invoke(main, ["--workspace", str(folder), "schedule", *options])
    assert (result.exit_code, result.stderr) == (0, "")
    return {path.suffix: path for path in (folder / "tidsplan").iterdir()}


def test_systemd_takes_unit_and_timer(office: Path, program: Callable[[str], str]) -> None:
    files = written(office)
    done = subprocess.run(
        [program("systemd-analyze"), "verify", "--man=no", str(files[".timer"]), str(files[".service"])],
        capture_output=True,
        text=True,
        check=False,
    )
    about_ours = [line for line in done.stderr.splitlines() if "fristbrev" in line]
    assert (done.returncode, about_ours) == (0, [])


def test_systemd_reads_the_time_as_meant(office: Path, program: Callable[[str], str]) -> None:
    files = written(office, "--at", "23:05")
    (when,) = [line.partition("=")[2] for line in files[".timer"].read_text("utf-8").splitlines() if line.startswith("OnCal")]
    said = subprocess.run([program("systemd-analyze"), "calendar", when], capture_output=True, text=True, check=True).stdout
    assert "Normalized form: *-*-* 23:05:00" in said


def test_the_cron_line_runs_this_workspace(office: Path) -> None:
    """cron hands everything after the five times to the shell, once it has turned each escaped percent sign into a bare one."""
    line = written(office, "--pdf")[".cron"].read_text("utf-8")
    assert line.startswith("0 2 * * * ")
    command = line.rstrip("\n").split(" ", 5)[5].replace("\\%", "%")
    program, *arguments = shlex.split(command)
    assert arguments == ["--workspace", str(office), "run", "--wait", "60", "--pdf"]
    shown = subprocess.run(["sh", "-c", command + " --help"], capture_output=True, text=True, check=False)
    assert (shown.returncode, "The nightly run" in shown.stdout) == (0, True)
    assert Path(program).is_absolute()


def test_the_task_for_windows_is_what_its_grammar_asks(office: Path) -> None:
    content = written(office)[".xml"].read_bytes()
    assert content.startswith(b"\xff\xfe")
    task = etree.fromstring(content)
    etree.XMLSchema(etree.fromstring(GRAMMAR.format(t=TASK["t"]))).assertValid(task)
    assert task.findtext("t:Actions/t:Exec/t:WorkingDirectory", namespaces=TASK) == str(office)


def test_windows_paths_are_quoted_as_its_programs_read_them() -> None:
    command = (r"C:\Program Files\fristbrev\fristbrev.exe", "--workspace", r"N:\Øst kontor\\"[:-1], "run")
    task = etree.fromstring(
        schedule(Night(command, command[2], time(2, 0)), date(2026, 11, 23), texts_in("nb"))["fristbrev-ost-kontor.xml"]
    )
    assert task.findtext("t:Actions/t:Exec/t:Command", namespaces=TASK) == command[0]
    assert task.findtext("t:Actions/t:Exec/t:Arguments", namespaces=TASK) == r'--workspace "N:\Øst kontor\\" run'
    assert task.findtext("t:Triggers/t:CalendarTrigger/t:StartBoundary", namespaces=TASK) == "2026-11-23T02:00:00"


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("/srv/fristbrev", "fristbrev-fristbrev"),
        ("N:\\Øst\\", "fristbrev-ost"),
        ("/", "fristbrev"),
        ("/srv/æ-Å 1", "fristbrev-ae-a-1"),
    ],
)
def test_units_are_named_after_the_workspace(folder: str, name: str) -> None:
    assert unit_name(folder) == name


@pytest.mark.parametrize("at", ["25:00", "2", "two"])
def test_what_is_no_time_of_day_is_refused(tmp_path: Path, at: str) -> None:
    CliRunner().invoke(main, ["init", str(tmp_path / "office")])
    result = CliRunner().invoke(main, ["--workspace", str(tmp_path / "office"), "schedule", "--at", at])
    assert result.exit_code == 2
    assert not (tmp_path / "office" / "tidsplan").exists()


def test_the_file_to_double_click_has_windows_lines_and_names_the_overview(tmp_path: Path) -> None:
    CliRunner().invoke(main, ["init", str(tmp_path / "office")])
    content = (tmp_path / "office" / "Fristbrev.cmd").read_bytes()
    lines = content.split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert lines[0] == b"@echo off"
    assert lines[:2] == [b"@echo off", b"chcp 65001 >nul"]
    assert b'if exist "output\\oversikt\\oversikt.html" start "" "output\\oversikt\\oversikt.html"' in lines
    assert lines[-2] == b"pause"


def test_a_percent_sign_in_a_path_stays_one_in_a_batch_file() -> None:
    assert b'set "FRISTBREV=C:\\100%%\\fristbrev.exe"' in shortcut("C:\\100%\\fristbrev.exe", "output/a.html").split(b"\r\n")
