"""The sentences of the findings: for each stable code, what is wrong and what to write instead.

A sentence may name ``{value}``, ``{heading}``, ``{record}`` and the finding's own facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.texts import message


@dataclass(frozen=True, slots=True)
class FindingText:
    """A finding's two sentences, before translation, and for ``explain --code`` what lies behind it."""

    message: str
    cure: str
    meaning: str


FINDINGS: Final[Mapping[str, FindingText]] = {
    "cell-error": FindingText(
        message("The cell shows the error {value} instead of a value."),
        message("Mend the formula, or type the value itself."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "formula-uncomputed": FindingText(
        message("The cell holds a formula whose result is not stored in the file."),
        message("Open the workbook in Excel, let it calculate, and save it."),
        message(
            "Programs that write workbooks often leave the results of formulas to Excel. A cell that cannot be "
            "read is not treated as empty: every deadline that needs it is unknown, and every letter that needs "
            "it is withheld until the cell is mended."
        ),
    ),
    "date-unreadable": FindingText(
        message("«{value}» is not a date."),
        message("Type the date as day.month.year, such as 23.11.2026."),
        message(
            "A date that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "date-ambiguous": FindingText(
        message("«{value}» can be {first} or {second}."),
        message("Type the date with full stops, day first, such as 23.11.2026."),
        message(
            "With strokes between, the day stands first in some places and the month in others. A cell that "
            "cannot be read is not treated as empty: every deadline that needs it is unknown, and every letter "
            "that needs it is withheld until the cell is mended."
        ),
    ),
    "date-impossible": FindingText(
        message("There is no day «{value}» in the calendar."),
        message("Look the date up and type it again, such as 23.11.2026."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "date-implausible": FindingText(
        message("The date «{value}» lies in a year that cannot be meant."),
        message("Type the whole date with the right year, such as 23.11.2026."),
        message(
            "A date counts as possible from 1910 to 2099. A year alone, typed into a cell with a date format, "
            "becomes a day of 1905 in Excel."
        ),
    ),
    "date-short-year": FindingText(
        message("«{value}» has a year of two digits and is read as {read}."),
        message("Type the year with four digits."),
        message(
            "Nobody can tell the century from two digits: up to ten years ahead this century is meant, otherwise "
            "the last. The value is used as it was read, and nothing is withheld. The warning goes when the cell "
            "is written in full."
        ),
    ),
    "date-in-words": FindingText(
        message("«{value}» is text and is read as {read}."),
        message("Type the date with digits, such as 23.11.2026."),
        message(
            "The value is used as it was read, and nothing is withheld. The warning goes when the cell is written in full."
        ),
    ),
    "date-serial": FindingText(
        message("The cell holds the number {value}, which is read as the date {read}."),
        message("Give the cell a date format in Excel, and look whether the date is right."),
        message(
            "Excel keeps dates as numbers of days; without a date format the cell shows that number. The value is "
            "used as it was read, and nothing is withheld. The warning goes when the cell is written in full."
        ),
    ),
    "date-month-first": FindingText(
        message("«{value}» has the month first and is read as {read}."),
        message("Type the date with the day first, such as 23.11.2026."),
        message(
            "The value is used as it was read, and nothing is withheld. The warning goes when the cell is written in full."
        ),
    ),
    "number-unreadable": FindingText(
        message("«{value}» is not a number."),
        message("Type the number alone, with a decimal comma where it has one, such as 7,5."),
        message(
            "A unit or word beside the number makes it text, and Excel turns some numbers with a full stop into "
            "dates. A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, "
            "and every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "number-ambiguous": FindingText(
        message("«{value}» can be thousands or decimals."),
        message("Type the number without a full stop, with a decimal comma where it has one, such as 7,5."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "time-unreadable": FindingText(
        message("«{value}» is not a time of day."),
        message("Type the time as hours and minutes, such as 13:30."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "not-text": FindingText(
        message(
            "The cell shows «{value}», but Excel holds a date, a time or a truth value there and not the text that was typed."
        ),
        message("Give the cell the format «Text» and type the value again."),
        message(
            "Excel turns what looks like a date into one: 2026/5 becomes a day in May. What was typed is lost. A "
            "cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and every "
            "letter that needs it is withheld until the cell is mended."
        ),
    ),
    "digits-lost": FindingText(
        message("«{value}» has more digits than Excel keeps in a number."),
        message("Give the cell the format «Text» and type the number again."),
        message(
            "Excel keeps the first 15 digits of a number and makes the others nought. A cell that cannot be read "
            "is not treated as empty: every deadline that needs it is unknown, and every letter that needs it is "
            "withheld until the cell is mended."
        ),
    ),
    "unknown-choice": FindingText(
        message("«{value}» is not one of the choices."),
        message("Write one of these: {choices}."),
        message(
            "The choices of a column stand in the profile. A cell that cannot be read is not treated as empty: "
            "every deadline that needs it is unknown, and every letter that needs it is withheld until the cell "
            "is mended."
        ),
    ),
    "unknown-choice-near": FindingText(
        message("«{value}» is not one of the choices; did you mean «{guess}»?"),
        message("Write one of these: {choices}."),
        message(
            "The choices of a column stand in the profile. A cell that cannot be read is not treated as empty: "
            "every deadline that needs it is unknown, and every letter that needs it is withheld until the cell "
            "is mended."
        ),
    ),
    "unknown-choice-of-several": FindingText(
        message("«{value}» is not made up of the choices."),
        message("Write one or more of these, with a semicolon between them: {choices}."),
        message("The choices of a column stand in the profile. A cell that cannot be read is not treated as empty."),
    ),
    "yesno-unreadable": FindingText(
        message("«{value}» is neither yes nor no."),
        message("Write yes or no."),
        message(
            "An empty cell counts as no. A cell that cannot be read is not treated as empty: every deadline that "
            "needs it is unknown, and every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "nin-unreadable": FindingText(
        message("«{value}» has not the form of a national identity number."),
        message("Type all digits of the number, as it stands in the population register."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "nin-check-digits": FindingText(
        message("The national identity number «{value}» has a wrong digit: its check digits do not match."),
        message("Compare the number digit by digit with the population register."),
        message(
            "The last digits of the number are worked out from the others, so that a slip of the finger shows. A "
            "cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and every "
            "letter that needs it is withheld until the cell is mended."
        ),
    ),
    "nin-impossible-date": FindingText(
        message("The national identity number «{value}» begins with a day that nobody can be born on."),
        message("Compare the number digit by digit with the population register."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "nin-zero-lost": FindingText(
        message("Excel has dropped the nought at the beginning of «{value}»; the number is read with it."),
        message("Give the column the format «Text» and type the number again."),
        message(
            "The nought is put back only where the whole number is right with it. The value is used as it was "
            "read, and nothing is withheld. The warning goes when the cell is written in full."
        ),
    ),
    "date-week": FindingText(
        message("«{value}» is a week and not a day."),
        message("Type the day itself, such as 23.11.2026."),
        message(
            "A deadline counts from a day; which day of the week is meant, nobody but you can tell. A cell that "
            "cannot be read is not treated as empty: every deadline that needs it is unknown, and every letter "
            "that needs it is withheld until the cell is mended."
        ),
    ),
    "date-run-together": FindingText(
        message("«{value}» has nothing between day, month and year, so that it can be several dates."),
        message("Type the date with full stops, such as 23.11.2026."),
        message(
            "Some people put the day first and some the year, and Excel drops a nought at the beginning. A cell "
            "that cannot be read is not treated as empty: every deadline that needs it is unknown, and every "
            "letter that needs it is withheld until the cell is mended."
        ),
    ),
    "date-incomplete": FindingText(
        message("«{value}» is only a part of a date."),
        message("Type day, month and year, such as 23.11.2026."),
        message(
            "A deadline counts from a day; the day, month or year that is left out cannot be guessed. A cell "
            "that cannot be read is not treated as empty: every deadline that needs it is unknown, and every "
            "letter that needs it is withheld until the cell is mended."
        ),
    ),
    "digits-shortened": FindingText(
        message("«{value}» is a long number that was shortened, and its last digits are gone."),
        message("Give the cell the format «Text» and type the whole number again."),
        message(
            "In a narrow cell Excel shows a long number with an E and a power of ten; where this was copied as "
            "text, the rest is lost. A cell that cannot be read is not treated as empty: every deadline that "
            "needs it is unknown, and every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "digits-missing": FindingText(
        message("«{value}» has one digit less than {digits}; Excel may have dropped a nought at the beginning."),
        message("Give the column the format «Text» and type the number again with all its digits."),
        message(
            "Excel takes digits for a number and drops the noughts before it. They are not put back, because "
            "nothing proves that they were there. A cell that cannot be read is not treated as empty: every "
            "deadline that needs it is unknown, and every letter that needs it is withheld until the cell is "
            "mended."
        ),
    ),
    "nin-digit-missing": FindingText(
        message(
            "The national identity number «{value}» has one digit too few; Excel may have dropped a nought at "
            "the beginning, but no check digits prove it."
        ),
        message(
            "Give the column the format «Text» and type all digits of the number, as it stands in the population register."
        ),
        message(
            "A nought is put back only where the check digits of the whole number are right with it. A cell "
            "that cannot be read is not treated as empty: every deadline that needs it is unknown, and every "
            "letter that needs it is withheld until the cell is mended."
        ),
    ),
    "nin-synthetic": FindingText(
        message("The national identity number «{value}» is a made-up one for tests and belongs to nobody."),
        message("Type the person's own number, or delete the row if it was only a trial."),
        message(
            "In Norwegian test numbers the month is 80 or 65 higher. Nothing is withheld. A register in which "
            "all numbers are made up counts as a demonstration and gives no warning."
        ),
    ),
    "look-alike": FindingText(
        message("«{value}» holds letters of another alphabet that only look like ours: {letters}."),
        message("Delete the text and type it again on your own keyboard."),
        message(
            "Copied text may hold Cyrillic or Greek letters that nobody can tell from Latin ones by the eye. "
            "Whoever types the key finds nothing. A cell that cannot be read is not treated as empty: every "
            "deadline that needs it is unknown, and every letter that needs it is withheld until the cell is "
            "mended."
        ),
    ),
    "merged-cells": FindingText(
        message("The cells {cells} are merged, so that nobody can tell which row the text belongs to."),
        message("Unmerge the cells (Home, Merge & Center) and write the text into each row that it belongs to."),
        message(
            "Only the first of merged cells holds anything; the others are empty, whatever the screen shows. "
            "Every deadline that needs one of them is unknown, and every letter that needs one is withheld."
        ),
    ),
    "headings-again": FindingText(
        message("The line of headings stands here once more, among the rows."),
        message("Delete the line; if the rows below come from another list, look whether their columns are in the same order."),
        message(
            "A second line of headings is a sign that two lists were pasted together. The line is left out, the "
            "rows below it are read like all others."
        ),
    ),
    "totals-row": FindingText(
        message("This row is read as a total and not as a record."),
        message("Nothing, if it is a total. Otherwise fill in what its first cells lack."),
        message(
            "A row that begins with a word such as «total», or has no key but a formula that sums up, is left "
            "out and counts nowhere."
        ),
    ),
    "remark-below": FindingText(
        message("This row is read as a remark below the table and not as a record."),
        message("Nothing, if it is a remark; better, move it to a sheet of its own. Otherwise fill in the row."),
        message(
            "A line of text in a single cell after the last row is left out. Its text is not shown on lists, "
            "since remarks often name people."
        ),
    ),
    "rows-hidden": FindingText(
        message("Rows that are hidden count as all others: {rows}."),
        message(
            "Show them (select the rows around them, then Unhide; or clear the filter), and look whether they "
            "still belong there."
        ),
        message(
            "Rows are hidden by hand or by a filter. Their deadlines run and their letters are made. Delete or "
            "close what is over instead of hiding it."
        ),
    ),
    "rows-blank": FindingText(
        message("There are blank rows among the others: {rows}."),
        message("Delete the blank rows, so that filters and sorting in Excel reach all the rows below them."),
        message("Everything below a blank row is read. Excel itself stops at it when it sorts or filters."),
    ),
    "row-struck": FindingText(
        message("The row is struck through, but counts as all others."),
        message("Delete or close what is over, as the routine says, or take the strike-through off."),
        message("Formatting tells Fristbrev nothing: the row's deadlines run, and its letters are made."),
    ),
    "cell-struck": FindingText(
        message("The text in «{heading}» is struck through, wholly or in part, but counts as it stands."),
        message("Delete what does not apply any more, or take the strike-through off."),
        message("Formatting tells Fristbrev nothing. Where only a part of a text is struck through, letters print all of it."),
    ),
    "column-unknown": FindingText(
        message("The profile knows no column «{heading}», so nobody reads it."),
        message(
            "Nothing, if the column is your own. If it is a column with a new name, write the old heading; "
            "otherwise ask whoever looks after the profile to add it or to name it in «ignores»."
        ),
        message(
            "Columns that the profile does not name are passed over. The warning is there because a renamed "
            "column looks like a new one."
        ),
    ),
    "rows-lost": FindingText(
        message("{lost} of the {had} rows that this sheet had at the last run are gone."),
        message(
            "Bring the rows back from a backup or an earlier version of the workbook. If they were meant to go, let "
            "whoever looks after the runs say so: fristbrev run --accept-changes."
        ),
        message(
            "A sheet that is emptied or halved overnight has mostly been sorted, filtered or deleted by mistake. Until a "
            "person says that it was meant, no letter is made or taken back, and the loss is told every morning."
        ),
    ),
    "row-removed": FindingText(
        message("The row {record} stood here at the last run and is gone."),
        message("Nothing, if it was meant. Otherwise bring the row back from a backup or an earlier version of the workbook."),
        message(
            "With its row a case leaves every list. It is told once, by the run that finds it, and by «validate» until the "
            "next run."
        ),
    ),
    "key-changed": FindingText(
        message("«{value}» was called {before} at the last run."),
        message(
            "Write {before} again, unless the new key is meant; then look whether letters that were made already come again."
        ),
        message("Letters and deadlines go by the key. Under a new one nobody knows what has been sent before."),
    ),
    "date-removed": FindingText(
        message("{before} stood here at the last run; the cell is empty now."),
        message("Nothing, if it was meant. Otherwise type the date again."),
        message("A date that is emptied opens a closed case again, or lets a letter that was sent look unsent."),
    ),
    "deadline-moved": FindingText(
        message("«{rule}» was overdue at the last run, since {before}, and is due on {after} now."),
        message("Nothing, if the date was corrected. Otherwise type again what stood there."),
        message("A due date that moves later after it has passed hides a delay."),
    ),
    "choices-outdated": FindingText(
        message(
            "The dropdown of «{heading}» on the sheet «{in_sheet}» does not offer what the profile allows by now: {choices}."
        ),
        message("Show the hidden sheet, and write it into this cell and those below, one choice in each."),
        message(
            "A register in use is never rebuilt: what a newer profile asks for is added by hand. Until then the dropdown "
            "refuses the new choice, though Fristbrev would read it."
        ),
    ),
    "reference-broken": FindingText(
        message("«{value}» is not found in «{target}»."),
        message("Write one of those in the column «{key}» of the sheet «{target}», or add the row there."),
        message(
            "The cell refers to a row of another sheet. Without that row every deadline that needs it is unknown, "
            "and every letter that needs it is withheld."
        ),
    ),
    "reference-case": FindingText(
        message("«{value}» is written «{key}» in the other sheet."),
        message("Write it as the other sheet does."),
        message(
            "The value is used as it was read, and nothing is withheld. The warning goes when the cell is written in full."
        ),
    ),
    "required-missing": FindingText(
        message("«{heading}» is empty and must be filled in."),
        message("Fill in the cell."),
        message(
            "The profile says that the column must be filled in, always or for a row like this. Until it is, "
            "every deadline that needs it is unknown, and every letter that needs it is withheld."
        ),
    ),
    "not-empty": FindingText(
        message("«{heading}» must be empty in a row like this."),
        message("Empty the cell, and keep elsewhere what nobody may find here."),
        message(
            "The profile says that the column must be empty in some rows: an address that no register may hold, for example. "
            "Until it is, every letter that needs it is withheld. What stands in the cell is shown nowhere."
        ),
    ),
    "key-missing": FindingText(
        message("The row has no «{heading}», so that nobody can refer to it."),
        message("Fill in «{heading}», or empty the whole row."),
        message("Such a row is left out: it has no deadlines and no letters, and stands here so that it is not forgotten."),
    ),
    "key-double": FindingText(
        message("«{value}» stands here and in {other}."),
        message("Give one of the rows its right «{key}», or delete the row that is too many."),
        message(
            "Nobody can tell which of the rows is meant. The first is kept and its letters are withheld; the "
            "later ones are left out until this is mended."
        ),
    ),
    "pattern-mismatch": FindingText(
        message("«{value}» has not the form that «{heading}» has."),
        message("Compare with the other rows and correct the cell."),
        message(
            "The profile says what form the values of the column have. A cell that cannot be read is not treated "
            "as empty: every deadline that needs it is unknown, and every letter that needs it is withheld until "
            "the cell is mended."
        ),
    ),
    "pattern-mismatch-example": FindingText(
        message("«{value}» has not the form that «{heading}» has."),
        message("Write it in the form that the other rows have, such as «{example}»."),
        message(
            "The profile says what form the values of the column have. A cell that cannot be read is not treated "
            "as empty: every deadline that needs it is unknown, and every letter that needs it is withheld until "
            "the cell is mended."
        ),
    ),
    "pattern-mismatch-digits": FindingText(
        message("«{value}» has not the form that «{heading}» has."),
        message("Write digits and nothing else; there must be {digits} of them."),
        message(
            "The profile says what form the values of the column have. A cell that cannot be read is not treated "
            "as empty: every deadline that needs it is unknown, and every letter that needs it is withheld until "
            "the cell is mended."
        ),
    ),
    "not-unique": FindingText(
        message("«{value}» stands in {other} too."),
        message("Find out whose it is, and correct the other cell."),
        message("The profile says that no two rows have the same value here. Letters that need either cell are withheld."),
    ),
    "too-small": FindingText(
        message("{value} is less than {limit}, the least that «{heading}» can be."),
        message("Correct the number."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "too-large": FindingText(
        message("{value} is more than {limit}, the most that «{heading}» can be."),
        message("Correct the number."),
        message(
            "A cell that cannot be read is not treated as empty: every deadline that needs it is unknown, and "
            "every letter that needs it is withheld until the cell is mended."
        ),
    ),
    "too-early": FindingText(
        message("{value} is before {limit}, and «{heading}» cannot be earlier than «{rule}»."),
        message("Correct the date that is wrong."),
        message(
            "The profile says in which order the dates of a row come. Until they do, every deadline that needs "
            "this date is unknown, and every letter that needs it is withheld."
        ),
    ),
    "too-late": FindingText(
        message("{value} is after {limit}, and «{heading}» cannot be later than «{rule}»."),
        message("Correct the date that is wrong."),
        message(
            "The profile says in which order the dates of a row come. Until they do, every deadline that needs "
            "this date is unknown, and every letter that needs it is withheld."
        ),
    ),
    "in-the-future": FindingText(
        message("{value} is after {today}, and «{heading}» is filled in only when it has happened."),
        message("Correct the date, or fill it in when the day has come."),
        message(
            "The profile says that this date cannot lie ahead. A year typed wrong is the usual cause. "
            "Every deadline that needs the date is unknown, and every letter that needs it is withheld."
        ),
    ),
    "check-failed": FindingText(
        message("This does not hold for the row: {sentence}."),
        message("Correct the row, or leave it if it is right all the same."),
        message("The sentence is one of the profile's own checks. It is a warning and withholds nothing."),
    ),
    "letter-check": FindingText(
        message("The letter «{letter}» waits until this holds: {sentence}. ({cells})"),
        message("Mend what is lacking; the letter is made in the next run after that."),
        message(
            "The sentence is one of the conditions that the profile sets for the letter. "
            "The cells are those that it was decided by."
        ),
    ),
    "letter-check-plain": FindingText(
        message("The letter «{letter}» waits until this holds: {sentence}."),
        message("Mend what is lacking; the letter is made in the next run after that."),
        message("The sentence is one of the conditions that the profile sets for the letter."),
    ),
    "rule-failed": FindingText(
        message("The rule «{rule}» cannot be worked out with the values of this row."),
        message("Correct the values that the rule uses, or show the rule to whoever looks after the profile."),
        message("A rule of the profile met values that it was not made for. What depends on it is unknown or withheld."),
    ),
    "deadline-reference": FindingText(
        message("«{rule}» falls on {day}, and no version of the legal reference «{subject}» is valid then."),
        message(
            "Show this to whoever looks after the profile: the version of the law that holds on that day is to be entered."
        ),
        message("A due date must name the law that is valid on its day. The date itself stands, and nothing is withheld."),
    ),
    "outside-calendar": FindingText(
        message("The rule «{rule}» leads to a year whose holidays are not known."),
        message("Correct the date that the rule counts from."),
        message("Working days are counted from 1970 to 2099. A date outside is nearly always a slip of the finger."),
    ),
    "recipient-missing": FindingText(
        message("Nobody is found to send «{letter}» to."),
        message("Fill in who receives letters in this case."),
        message("A letter that must go to somebody is withheld while the register names nobody on the letter's date."),
    ),
    "dispatch-unreadable": FindingText(
        message("The dispatch list cannot be read any more, so the dates on it are not counted."),
        message("Write the dates into the register instead."),
        message(
            "The run reads what staff fill in on its dispatch lists. This one is damaged, has lost its headings, or is no "
            "workbook. Nothing is lost: a date in the register counts just as well."
        ),
    ),
    "dispatch-double": FindingText(
        message("The file {other} beside the dispatch lists looks like a copy of one, and is not read."),
        message(
            "Write what stands in it alone into the dispatch list itself, then delete the copy. "
            "Is it the list itself under another name, give it its old name back."
        ),
        message(
            "Dates and answers count where they stand in the list that the run made, under the name that it gave it. "
            "A copy that somebody saved, or that a synchronised folder made of two savings at once, would be missed."
        ),
    ),
    "letter-unknown": FindingText(
        message("No letter has the id {value}."),
        message("Write the id as it stands last in the letter's file name, eight signs, A to Z and 2 to 7; or delete the row."),
        message(
            "The id in a dispatch list tells which letter a row is about. Where it is typed wrong, the dates and the answer "
            "in the row cannot be counted."
        ),
    ),
    "letter-mistyped": FindingText(
        message("No letter has the id {value}; {guess} may be meant."),
        message("Write the id as it stands last in the letter's file name, eight signs, A to Z and 2 to 7; or delete the row."),
        message(
            "The id in a dispatch list tells which letter a row is about. Where it is typed wrong, the dates and the answer "
            "in the row cannot be counted."
        ),
    ),
    "dispatch-date-removed": FindingText(
        message("The date {day} was read here before, and the cell is empty now; the ledger keeps it."),
        message("Write the date again. If letter {id} was not sent after all: fristbrev withdraw --sent --id {id}."),
        message(
            "A date that has been counted is not forgotten because a cell is empty: an old copy of the list may have been "
            "saved. A mistaken date is taken back by a command, and that leaves a trace."
        ),
    ),
    "dispatch-taken-back": FindingText(
        message("That letter {id} was sent on {day} has been taken back by a command, but the date stands here still."),
        message("Empty the cell, or fill in the right date."),
        message("What a command took back is not counted again from the same cell. Another date is."),
    ),
    "sent-differs": FindingText(
        message("The register says that «{letter}» was sent on {value}, the ledger says {day}."),
        message("Write the date on which it was sent into the register, or into the dispatch list if that is wrong."),
        message(
            "The register's date counts for the deadlines that it names. The ledger's is from a dispatch list or a command. "
            "One of them is a slip of the finger, and a time for appeal may run from the wrong day."
        ),
    ),
    "arrived-unsent": FindingText(
        message("«{letter}» arrived or came back on {day}, and nobody has written down when it was sent."),
        message("Write the date on which letter {id} was sent into the dispatch list, beside the other one."),
        message("Until then it counts as sent on the day on which it arrived or came back, and clocks run from that day."),
    ),
    "letter-returned": FindingText(
        message("«{letter}» ({id}) came back on {day}, so it has reached nobody, and no deadline counts from it."),
        message(
            "Correct the address in the register: a dispatch list then asks whether the letter is to be made again. "
            "If it was handed over after all, write that day as the day on which it arrived."
        ),
        message(
            "A time for appeal counts from the day on which a letter reached its recipient. One that came back counts as sent, "
            "so that it is not made a second time unasked, but starts no time."
        ),
    ),
    "sent-changed": FindingText(
        message("«{letter}» was sent on {day}, and the register says something else now than the letter: {fields}."),
        message("Answer yes or no on the dispatch list that asks whether letter {id} is to be made again."),
        message(
            "A letter that was sent is never made again unasked. The dispatch list shows what has changed; with a yes there "
            "the next run makes it anew, with a no it stays as it is."
        ),
    ),
    "edited-outdated": FindingText(
        message("Somebody has edited the letter «{letter}» ({id}), and the register has changed since it was made."),
        message("Correct the letter in Word before it is sent, or delete the file so that the next run makes it anew."),
        message(
            "A letter that somebody has edited in Word is theirs: it is never overwritten. So what changes in the register "
            "afterwards does not reach it."
        ),
    ),
    "double-register": FindingText(
        message("The file {other} beside the register looks like a second version of it."),
        message("See whether something is written there that the register lacks, then move the file to another folder."),
        message(
            "Where two people save at once, a synchronised folder keeps both files, the second under a similar name. "
            "Only the register itself is read, so what stands in the other alone would be missed."
        ),
    ),
    "template-not-approved": FindingText(
        message(
            "«{letter}» is no longer as {by} approved it on {on}: its files are version {version}, approved was {approved}."
        ),
        message("Have the letter looked at, and put the line that «templates» prints for it into the profile."),
        message(
            "The profile says who approved a letter, when, and which version of its template, enclosures and letterhead. "
            "Somebody has changed one of these files since. Letters are made all the same."
        ),
    ),
    "address-missing": FindingText(
        message("«{letter}» cannot be sent: the recipient «{record}» has no address."),
        message("Fill in the address in the recipient's row."),
        message("A letter that nobody could put into an envelope is withheld until the recipient has an address."),
    ),
    "blank-field": FindingText(
        message("«{letter}» needs the field {field}, and it is empty."),
        message("Fill in the cell."),
        message("No letter goes out with a blank in it. The template may say that a field can be empty."),
    ),
    "protected": FindingText(
        message("A person concerned has a protected address: letters about this row are not made automatically."),
        message("Write and send the letter by hand, by the office's routine for protected addresses."),
        message("Letters that go to, or print anything about, a person with a protected address are always left to people."),
    ),
    "sent-erased": FindingText(
        message("«{letter}» ({id}), sent on {day}, is no longer kept here: somebody in it has a protected address now."),
        message("Nothing needs to be done here. Whoever needs the letter finds it in the case archive."),
        message(
            "An address that is protected stands in nothing that Fristbrev keeps, in letters that were sent neither. "
            "That the letter was sent, and when, is still known, so it is not made again and its deadlines run."
        ),
    ),
    "protected-left": FindingText(
        message("The file {path} gives away a protected address, and could not be deleted."),
        message("Close the file, keep what you need of it in the case archive, and delete it."),
        message(
            "Somebody has edited the file or has it open. Only what Fristbrev made itself is deleted; "
            "it tries again each night."
        ),
    ),
    "reference-not-valid": FindingText(
        message("The legal reference «{subject}» has no version that is valid on {date}."),
        message("Add the version that is in force to the profile, or correct the letter's date."),
        message(
            "A letter prints the law as it reads on the letter's date. Where the profile knows none, the letter is withheld."
        ),
    ),
    "letter-unfilled": FindingText(
        message("«{letter}» cannot be filled in: {problem}"),
        message("Correct the cell, or show this to whoever looks after the template."),
        message("A letter that its template cannot be filled in for is withheld; all others and the lists are made."),
    ),
    "template-mistakes": FindingText(
        message("The template {template} has mistakes, {count} in all, so no «{letter}» is made."),
        message("Open {copy} in the output folder: a comment stands at each. Mend the template itself, in Word, and save it."),
        message("Letters of a kind whose template has a mistake are withheld; all others and the lists are made."),
    ),
    "template-broken": FindingText(
        message("The template of «{letter}» cannot be used."),
        message("«fristbrev templates» tells each mistake and its place. Mend the template in Word and save it."),
        message("Letters of a kind whose template has a mistake are withheld; all others and the lists are made."),
    ),
    # what «verify» finds
    "ledger-row-gone": FindingText(
        message("A row of the ledger is gone: {row}."),
        message("Find out who has been in the file, and put the ledger back from its backup."),
        message(
            "Each thing that happened is sealed to the one before, and what was made is vouched for by it. A row cannot go "
            "without being missed. No program of Fristbrev deletes one."
        ),
    ),
    "ledger-row-changed": FindingText(
        message("A row of the ledger is not what was written there: {row}."),
        message("Find out who has been in the file, and put the ledger back from its backup."),
        message(
            "Each thing that happened is sealed to the one before, and what was made is vouched for by it. A row cannot be "
            "changed or added by hand without being seen."
        ),
    ),
    "intent-unconfirmed": FindingText(
        message("Letter {value} was about to be put in its place, or taken out of it, when the run ended."),
        message("Run again: the next run finishes it or takes it back."),
        message("Before a file is moved the ledger says what is meant. A run that is killed in between leaves that behind."),
    ),
    "sent-unproduced": FindingText(
        message("The ledger says that letter {value} was sent or arrived on {day}, but it was never made."),
        message("Find out who has been in the file, and put the ledger back from its backup."),
        message("Fristbrev writes down only of letters that it made that they were sent. Such a row was put there by hand."),
    ),
    "sent-without-letter": FindingText(
        message("The register says that «{letter}» was sent on {day}, but Fristbrev has not made it."),
        message("If it was written by hand all is well; otherwise empty the cell, and the next run makes it."),
        message(
            "A date in the register counts as sent, whoever wrote the letter. Where it was typed into the wrong row, somebody "
            "waits for a letter in vain. Dates before the first run are not told."
        ),
    ),
    "sent-only-in-register": FindingText(
        message("The register says that «{letter}» was sent on {day}; the ledger does not have the date."),
        message("Nothing needs to be done: the register counts. See that the date is right."),
        message("A letter is sent when the register or the ledger says so. Dates on the dispatch list reach the ledger."),
    ),
    "sent-only-in-ledger": FindingText(
        message("The letter was sent on {day} by the ledger; the register's cell is empty."),
        message("Fill in the date, or let Fristbrev do it: write_back = true under [register] in profile.toml."),
        message("A letter is sent when the register or the ledger says so. Staff look into the register."),
    ),
    "letter-missing": FindingText(
        message("Letter {value} should lie here, and does not."),
        message("Put it back from a backup of the folder. If it was moved on purpose after it was sent, all is well."),
        message(
            "The ledger knows where each letter lies. One that is not sent and is gone is not made again as long as it is "
            "taken to lie there."
        ),
    ),
    "letter-gone": FindingText(
        message("The letter «{letter}» ({id}) waits to be sent, and lies in its folder no more."),
        message(
            "If it was sent, write the day on the dispatch list or in the register. If not, put it back; "
            "or give the command «fristbrev withdraw --id {id}», and the next run makes it anew."
        ),
        message(
            "A letter that is gone may have been printed and sent, so none is made in its place unasked. "
            "Who has it elsewhere and sends it has only to write the day."
        ),
    ),
    "letter-changed": FindingText(
        message("Letter {value} is not the file that was made."),
        message("If somebody has edited it in Word all is well; if nobody has, do not send it, and ask who did."),
        message(
            "A letter that somebody has edited is theirs and is never overwritten. "
            "The ledger keeps the digest of what was made."
        ),
    ),
    "letter-closed": FindingText(
        message("Letter {value} lies here, but may not be read, so it was not compared."),
        message("Give the account that runs this the right to read it, or have whoever has it open close it; then try again."),
        message(
            "A letter that somebody saves on a shared drive may come to belong to them alone. "
            "Everything else was compared all the same."
        ),
    ),
    "file-unknown": FindingText(
        message("The ledger knows nothing of this file."),
        message("If you put it there, move it to another folder; if nobody did, do not send it."),
        message("Between the letters lie only letters, their PDF and the lists of the runs. A copy may be sent twice."),
    ),
    "snapshots-closed": FindingText(
        message("The folder with the copies of the register may not be read, so they were not compared."),
        message("Run the command as the account that the nightly run has, or give this one the right to read the folder."),
        message("The copies hold whole registers, so they are open to their owner alone."),
    ),
    "snapshot-missing": FindingText(
        message("The copy of the register that run {run} read on {day} is gone from the backups, or is not the same any more."),
        message("See whether somebody tidies up in the folder of the backups. The next run makes a new copy."),
        message(
            "Each run keeps the register as it read it, for 30 days and the latest for good, so that one can see what a letter "
            "was made from and «restore» can bring it back."
        ),
    ),
}
