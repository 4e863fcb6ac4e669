"""The contractor's travel claim, and the office's own list of what shall be paid in a month."""

from __future__ import annotations

from tools.letters.filling import ENCLOSED, IN_EXCEL, YOUR_NAME, Filling
from tools.letters.form_book import NO_NAMES, FormBook, book

TRIPS, OUTLAYS, PAYMENTS = 16, 8, 20
FIRST_TRIP = 10
"""Counted from zero, as all rows here."""
FIRST_OUTLAY = FIRST_TRIP + TRIPS + 3
FIRST_PAYMENT = 9
KINDS = ("Billett eller inngang", "Mat og drikke", "Bom, ferge, parkering", "Buss, tog, drosje", "Utstyr", "Annet")


def travel_claim(filling: Filling = ENCLOSED) -> bytes:
    """One month, one case number: kilometres at the municipality's rate, and outlays with their receipts."""
    return book("Reiseregning", (15, 22, 22, 30, 13, 14), lambda form: _write_claim(form, filling))


def _write_claim(form: FormBook, filling: Filling) -> None:
    form.sheet.set_portrait()
    form.top(filling, "Reiseregning og utgifter")
    form.asked(4, "Saksnummer", filling.case)
    form.asked(5, YOUR_NAME, filling.contractor)
    form.month(6)
    form.sheet.write_string(7, 0, "Kroner per km", form.label)
    rate = (7, 1)
    if filling.kilometre_rate:
        form.sheet.write_string(*rate, filling.kilometre_rate, form.amount)
    else:
        form.sheet.write_blank(*rate, None, form.amount)
    form.sheet.write_string(7, 2, " Satsen i avtalen. Før kilometerne ett sted: her eller på timelisten.", form.unit)
    form.sheet.write_string(8, 0, NO_NAMES, form.unit)
    form.headings(FIRST_TRIP - 1, ("Dato", "Fra", "Til", "Formål med turen", "Kilometer", "Kroner"))
    last = FIRST_TRIP + TRIPS - 1
    # A rate that the letter brings is a text; one that somebody types is a number.
    kroner = 'IF(ISNUMBER($B$8),$B$8,_xlfn.NUMBERVALUE($B$8,","," "))'
    for row in range(FIRST_TRIP, last + 1):
        form.blanks(row, (form.date, form.text, form.text, form.text, form.amount))
        form.sheet.write_formula(
            row, 5, f'=IF(AND(ISNUMBER(E{row + 1}),$B$8<>""),ROUND(E{row + 1}*{kroner},2),"")', form.reckoned, ""
        )
    form.no_less_than_zero((FIRST_TRIP, 4), (last, 4))
    form.sheet.merge_range(last + 1, 0, last + 1, 3, "Sum kjøring", form.heading)
    form.summed(last + 1, 4, FIRST_TRIP, last, form.total)
    form.summed(last + 1, 5, FIRST_TRIP, last, form.total)
    _write_outlays(form, last + 2)
    end = FIRST_OUTLAY + OUTLAYS
    form.sheet.merge_range(end + 1, 0, end + 1, 4, "Til utbetaling, kroner", form.heading)
    form.sheet.write_formula(end + 1, 5, f"=F{last + 2}+F{end + 1}", form.total, 0)
    form.sheet.merge_range(
        end + 3, 0, end + 3, 5,
        "Vi dekker bare det som er avtalt på forhånd. Legg ved kvitteringer, og skriv nummeret på hver av dem. Lever skjemaet "
        f"senest den {filling.time_sheet_day}. i måneden etter. Send det til {filling.office}.",
        form.note,
    )  # fmt: skip
    form.sheet.set_row(end + 3, 44)
    form.signatures(end + 5, ("Underskriften din og dato", "Godkjent av kommunen, navn og dato"), (3, 5))


def _write_outlays(form: FormBook, row: int) -> None:
    form.sheet.set_row(row, 8)
    form.headings(FIRST_OUTLAY - 1, ("Dato", "Hva det gjelder", "", "Slag", "Bilag nr.", "Kroner"))
    form.sheet.merge_range(FIRST_OUTLAY - 1, 1, FIRST_OUTLAY - 1, 2, "Hva det gjelder", form.heading)
    last = FIRST_OUTLAY + OUTLAYS - 1
    for line in range(FIRST_OUTLAY, last + 1):
        form.blanks(line, (form.date, form.text, form.text, form.text, form.whole, form.amount))
        form.sheet.merge_range(line, 1, line, 2, "", form.text)
    form.sheet.data_validation(FIRST_OUTLAY, 3, last, 3, {"validate": "list", "source": list(KINDS)})
    form.no_less_than_zero((FIRST_OUTLAY, 5), (last, 5))
    form.sheet.merge_range(last + 1, 0, last + 1, 4, "Sum utlegg", form.heading)
    form.summed(last + 1, 5, FIRST_OUTLAY, last, form.total)


PAY_HEADINGS = (
    "Oppdragstaker", "Ansattnr.", "Saksnummer", "Timer", "Timesats", "Lønn", "Kilometer", "Kr per km", "Kjøring", "Utlegg",
    "Til utbetaling",
)  # fmt: skip


def pay_list(filling: Filling = IN_EXCEL) -> bytes:
    """What the office sends to payroll: a row for each time sheet of a month. A rate in the row goes before the usual one."""
    return book("Lønn og utgifter", (30, 11, 13, 9, 11, 13, 11, 11, 13, 12, 15), lambda form: _write_pay(form, filling))


def _write_pay(form: FormBook, filling: Filling) -> None:
    form.sheet.set_landscape()
    form.sheet.repeat_rows(FIRST_PAYMENT - 1)
    form.top(filling, "Lønn og utgiftsdekning til oppdragstakere")
    form.month(4)
    for row, label in ((5, "Vanlig timesats, kroner"), (6, "Vanlig sats per km, kroner")):
        form.sheet.write_string(row, 0, label, form.label)
        form.sheet.merge_range(row, 1, row, 2, "", form.amount)
    form.sheet.write_string(4, 6, "Ansvar og konto", form.label)
    form.sheet.merge_range(4, 8, 4, 10, "", form.text)
    form.sheet.write_string(
        5, 3, "Satsene i raden er de vanlige. Har avtalen en annen sats, skriver du den i raden.", form.unit
    )
    form.sheet.write_string(6, 3, "Bruk saksnummeret. Brukerens navn skal ikke stå her.", form.unit)
    form.headings(FIRST_PAYMENT - 1, PAY_HEADINGS)
    last = FIRST_PAYMENT + PAYMENTS - 1
    for row in range(FIRST_PAYMENT, last + 1):
        _write_payment(form, row)
    for first, to in ((3, 4), (6, 7), (9, 9)):
        form.no_less_than_zero((FIRST_PAYMENT, first), (last, to))
    form.sheet.merge_range(last + 1, 0, last + 1, 2, "Sum", form.heading)
    for column in range(3, 11):
        if column in {4, 7}:
            form.sheet.write_blank(last + 1, column, None, form.heading)
        else:
            form.summed(last + 1, column, FIRST_PAYMENT, last, form.total)
    form.signatures(
        last + 3,
        ("Laget av, navn og dato", "Attestert, navn og dato", "Anvist, navn og dato"),
        (2, 6),
    )


def _write_payment(form: FormBook, row: int) -> None:
    line = row + 1
    form.blanks(row, (form.text, form.text, form.text, form.amount))
    form.sheet.write_formula(row, 4, f'=IF(AND(ISNUMBER(D{line}),ISNUMBER($B$6)),$B$6,"")', form.amount, "")
    form.sheet.write_formula(row, 5, f'=IF(COUNT(D{line}:E{line})=2,ROUND(D{line}*E{line},2),"")', form.reckoned, "")
    form.sheet.write_blank(row, 6, None, form.amount)
    form.sheet.write_formula(row, 7, f'=IF(AND(ISNUMBER(G{line}),ISNUMBER($B$7)),$B$7,"")', form.amount, "")
    form.sheet.write_formula(row, 8, f'=IF(COUNT(G{line}:H{line})=2,ROUND(G{line}*H{line},2),"")', form.reckoned, "")
    form.sheet.write_blank(row, 9, None, form.amount)
    form.sheet.write_formula(
        row, 10, f'=IF(COUNT(F{line},I{line},J{line})=0,"",SUM(F{line},I{line},J{line}))', form.reckoned, ""
    )
