"""Faults of a run: what stops a command, one class for each cause.

The sentence is a message of the catalogues with named facts, put into words by the command line in the reader's language.
What is wrong in the office's data is no fault but a `pipeline.findings.Finding`.
"""

from __future__ import annotations

from typing import ClassVar, Final

from pipeline.texts import Texts, message

BUSY: Final = 4
"""The exit code of what may succeed when it is tried again."""


class Fault(Exception):
    """A reason why a command could not do what it was asked to.

    Attributes:
        sentence: what happened and what to do, before translation.
        exit_code: the process's exit code (``docs/design.md``, Commands).
        facts: what the sentence names.
    """

    sentence: ClassVar[str] = ""
    exit_code: ClassVar[int] = 2

    def __init__(self, **facts: object) -> None:
        """Keep the facts that the sentence names."""
        super().__init__(self.sentence.format_map(facts))
        self.facts = facts


def in_words(fault: Fault, texts: Texts) -> str:
    """The fault's sentence in the language of `texts`, facts that are sentences themselves among it."""
    if isinstance(fault, Several):
        return " ".join(in_words(each, texts) for each in fault.faults)
    facts = {name: texts(fact) if isinstance(fact, str) else fact for name, fact in fault.facts.items()}
    return texts(fault.sentence, **facts)


class NoWorkspace(Fault):
    """The folder holds no profile."""

    sentence = message(
        "There is no profile.toml in {folder}. "
        "Go to the office's workspace, name it with --workspace, or make one with «fristbrev init»."
    )


class NoWorkbook(Fault):
    """The register's file is not there."""

    sentence = message(
        "The register {file} is not there. Put the workbook back in its place, or correct «workbook» in profile.toml."
    )


class UnreadableWorkbook(Fault):
    """The register's file is no workbook that can be read; `reason` says what it is instead."""

    sentence = message("The register {file} cannot be read: {reason}")


class UnopenedWorkbook(UnreadableWorkbook):
    """The file is there, but the system does not let it be opened: it is being saved, or the account has no right to it."""

    sentence = message(
        "The register {file} cannot be opened. Somebody may be saving it just now: try again in a few minutes. "
        "If it goes on, see whether the account that runs this may read the file."
    )
    exit_code = BUSY


class FolderForWorkbook(UnreadableWorkbook):
    """A folder lies where the profile says that the workbook is."""

    sentence = message("{file} is a folder and no workbook. Name the workbook itself in profile.toml, [register] workbook.")


class EmptyFile(UnreadableWorkbook):
    """The file holds no bytes, or nothing but zeros, as an interrupted copy or synchronisation leaves it."""

    sentence = message(
        "The register {file} is empty: the file holds nothing. "
        "It was probably not copied or synchronised to the end; put a whole copy or the latest backup in its place."
    )


class OtherKindOfFile(UnreadableWorkbook):
    """The file is of another kind, whatever its name says."""

    sentence = message(
        "The register {file} is no Excel workbook but {kind}, whatever its name says. "
        "Open it in Excel and save it as «Excel Workbook (*.xlsx)»."
    )


class OwnerFile(UnreadableWorkbook):
    """The small hidden file that Excel keeps beside a workbook while somebody has it open."""

    sentence = message(
        "{file} is not the register but the mark that Excel leaves while somebody has it open. "
        "Name the workbook itself, without «~$», in profile.toml."
    )


class EncryptedWorkbook(UnreadableWorkbook):
    """The workbook is protected by a password, or encrypted by a sensitivity label."""

    sentence = message(
        "The register {file} is protected by a password or encrypted and cannot be read unattended. "
        "Take the password off in Excel (File, Info, Protect Workbook) and protect the folder instead."
    )


class DamagedWorkbook(UnreadableWorkbook):
    """The workbook is cut short, or a part of it cannot be unpacked or read."""

    sentence = message(
        "The register {file} is damaged or cut short. "
        "Open it in Excel, let Excel repair it and save it, or put the latest backup in its place."
    )


class ImpossibleCell(DamagedWorkbook):
    """A cell holds a number that its format cannot show, such as a date before all calendars."""

    sentence = message(
        "The register {file} cannot be read: a cell of the sheet «{sheet}» holds a date or time outside every calendar. "
        "Excel shows such a cell as #####; find it, type the date again, and save."
    )


class OversizedWorkbook(UnreadableWorkbook):
    """The workbook unpacks to more than any register holds."""

    sentence = message(
        "The register {file} unpacks to {size} MB, and {limit} MB is the most that is read. "
        "Delete empty rows and columns after the last filled one and save it, or check where the file comes from."
    )


class StrayCell(UnreadableWorkbook):
    """A filled cell lies so far out that the sheet would fill the memory."""

    sentence = message(
        "The register {file} has something in {sheet}!{cell}, far outside any table. "
        "Go to that cell, delete what stands there, and save."
    )


class OvergrownSheet(UnreadableWorkbook):
    """A sheet has more cells, text or errors than any register: it is broken, or made to fill the memory."""

    sentence = message(
        "The sheet «{sheet}» of the register {file} holds more cells, text or errors than can be read. "
        "Delete empty rows and columns after the last filled one, let Excel calculate and save it, "
        "or check where the file comes from."
    )


class UnsafeWorkbook(UnreadableWorkbook):
    """The workbook declares XML entities, which Excel never does and which serve attacks alone."""

    sentence = message(
        "The register {file} holds XML entity declarations, which Excel never writes, and is refused. "
        "Find out where the file comes from; open and save it in Excel if it can be trusted."
    )


class MissingSheet(Fault):
    """A sheet that the profile names is not in the workbook."""

    sentence = message(
        "The sheet «{sheet}» is missing from {file}; it has {present}. "
        "Give the tab its name back; if the profile asks for it anew, make a tab with the headings {headings}. "
        "If it has a new name, change «title» in profile.toml, [sheets.{name}]."
    )


class MissingColumn(Fault):
    """A column that the profile names is not in its sheet."""

    sentence = message(
        "The column «{heading}» is missing from the sheet «{sheet}» in {file}. "
        "Write «{heading}» above the column again; if the profile asks for it anew, put it to the right of {after}: "
        "{kind}{choices}. "
        "If the column has a new name, tell whoever looks after the profile "
        "(profile.toml, [sheets.{name}.columns] {column})."
    )


class MisspeltColumn(MissingColumn):
    """A column that the profile names is not in its sheet, but a heading that is much like it."""

    sentence = message(
        "The column «{heading}» is missing from the sheet «{sheet}» in {file}; «{nearest}» in {cell} may be it. "
        "Write «{heading}» there again. If the column has a new name, tell whoever looks after the profile "
        "(profile.toml, [sheets.{name}.columns] {column})."
    )


class DoubleColumn(Fault):
    """Two columns of a sheet have the same heading, and nobody can tell which is meant."""

    sentence = message(
        "The sheet «{sheet}» in {file} has the heading «{heading}» twice, in {first} and {second}. "
        "Rename or delete one of them."
    )


class MissingHeadings(Fault):
    """None of a sheet's headings stands in its first rows."""

    sentence = message(
        "The sheet «{sheet}» in {file} has none of its headings ({headings}) in its first {rows} rows. "
        "Put the line of headings back, or change the headings in profile.toml, [sheets.{name}.columns]."
    )


class NoSnapshot(Fault):
    """No run has kept the register as it stood on a day."""

    sentence = message(
        "No copy of the register {file} as it stood on {day} is kept. "
        "A run keeps one each time that it finds the register changed; "
        "the copies lie in the folder «{folder}» for as long as the profile says."
    )


class ClosedBackups(Fault):
    """The register's backups are there, but the account may not read them."""

    sentence = message(
        "{path} may not be read. The backups belong to the account that runs the nights: "
        "give the command as that account, or as one that may read them."
    )


class Unwritable(Fault):
    """A file or folder of ours could not be written."""

    sentence = message("{path} cannot be written: {reason}. Nothing was left half done; see to it and run again.")
    exit_code = 3


class OtherEncoding(Fault):
    """The account's locale holds no letters but those of English, so that names of files could not be written."""

    sentence = message(
        "Names of files are written as {encoding} here, which does not hold every letter, so nothing was begun. "
        "Set the environment variable PYTHONUTF8 to 1 for the account that runs this."
    )


class UnnameableFolder(Fault):
    """The path of the workspace holds bytes that are no text."""

    sentence = message(
        "The path {folder} holds a letter that is no UTF-8, as an old system may have written it, so no list, link or timer "
        "can name it. Rename the folder; nothing was begun."
    )


class Busy(Fault):
    """Another run is under way in this workspace."""

    sentence = message("Another run is under way in this workspace ({owner}). Try again when it has ended.")
    exit_code = BUSY


class BusyFor(Busy):
    """Another run is under way, and since when is known."""

    sentence = message(
        "Another run is under way in this workspace ({owner}), for {minutes} minutes by now. Try again when it has ended. "
        "If it hangs, end that process; what it leaves half done the next run puts in order."
    )


class ClockBack(Fault):
    """The clock says an earlier day than the last run had."""

    sentence = message(
        "It is {today} by the clock, but the last run was of {last}: letters would be dated back, and deadlines would look "
        "young again. Nothing was done. Set the clock of the machine right; if {today} is meant, say --as-of {day}."
    )


class StationFailed(Fault):
    """A station of the run failed for no reason that was foreseen."""

    sentence = message(
        "Not done: {undone}. Something unforeseen happened ({kind} in {where}); tell the makers of Fristbrev these words. "
        "All else was done, and the next run tries again."
    )
    exit_code = 3


class UnknownRecord(Fault):
    """No record has the key that was asked for."""

    sentence = message("The register has no record «{record}».{hint}")


class WrongLedger(Fault):
    """The ledger is of another version, or no ledger."""

    sentence = message("The ledger {file} cannot be used: {reason}. Put the backup back or move the file away.")


class Several(Fault):
    """More than one fault, all told at once."""

    sentence = message("{count} faults")

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        """Keep the faults; each is told on its own line."""
        super().__init__(count=len(faults))
        self.faults = faults


class LeftUndone(Several):
    """Stations of a run failed; the others were gone through, and the next run takes this one up."""

    exit_code = 3
