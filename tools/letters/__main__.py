"""Makes the Word templates of Alta's routine, their enclosures and the ready forms anew: ``python -m tools.letters``.

The files in templates belong to the office once it has begun to edit them; this overwrites them.
"""

from __future__ import annotations

from pathlib import Path

from tools.letters import (
    appeals,
    case_file,
    companion,
    contractors,
    decisions,
    filling,
    forms,
    money,
    notices,
    nynorsk,
    ready,
    reporting,
    timesheet,
)

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
FOLDER = TEMPLATES / "docx"
READY = TEMPLATES / "skjema"
"""Forms that nothing is filled into: for staff to print, to send on or to fill in."""
DOCUMENTS = {
    "brevhode": forms.letterhead,
    "foreløpig_melding": notices.preliminary_notice,
    "ny_foreløpig_melding": notices.renewed_preliminary_notice,
    "vedtak": decisions.grant,
    "avslag": decisions.refusal,
    "politiattest": contractors.police_certificate_request,
    "velkommen": contractors.welcome,
    "oppdragsavtale": contractors.engagement_agreement,
    "organisasjonsavtale": contractors.organisation_agreement,
    "samarbeidsavtale": contractors.cooperation_agreement,
    "innkalling_evaluering": notices.evaluation_invitation,
    "innkalling_oppdragstaker": contractors.evaluation_invitation,
    "forhåndsvarsel": notices.advance_notice,
    "endringsvedtak": decisions.change,
    "avslutningsvedtak": decisions.ending,
    "innkalling_kartlegging": notices.mapping_invitation,
    "klage_mottatt": appeals.received,
    "klage_oversendt": appeals.sent_on,
    "klage_avvist": appeals.dismissed,
    "klage_medhold": appeals.granted,
    "klage_avgjort": appeals.answered,
    "ledsagerbevis": companion.decision,
    "referanser": contractors.reference_request,
    "arbeidsavtale": contractors.employment_agreement,
    "saksutredning": case_file.case_report,
    "intervju": case_file.interview,
    "oppstartssamtale": case_file.start_talk,
    "tremånederssamtale": case_file.three_month_talk,
    "evalueringsskjema": forms.evaluation_form,
    "referanseskjema": forms.reference_form,
    "informasjon om IPLOS-registeret": forms.iplos,
    "taushetserklæring": forms.confidentiality_declaration,
    "målplan": forms.training_plan,
    "låneavtale": forms.loan_agreement,
    "retningslinjer for oppdragstakere": forms.guidelines,
    "rapportskjema": reporting.report,
    "avviksmelding": reporting.deviation,
}
WORKBOOKS = {"timeliste": timesheet.time_sheet, "reiseregning": money.travel_claim}
READY_DOCUMENTS = {
    "søknad om støttekontakt": ready.application_for_support,
    "søknad om å bli støttekontakt": ready.application_to_become,
    "søknad om ledsagerbevis": ready.application_for_card,
    "sjekkliste oppstart": ready.start_checklist,
    "rapportskjema": ready.report,
    "avviksmelding": ready.deviation,
}


def ready_forms() -> dict[str, bytes]:
    """The ready forms' bytes by their files' names."""
    workbooks = {f"{name}.xlsx": make(filling.IN_EXCEL) for name, make in WORKBOOKS.items()}
    documents = {f"{name}.docx": ready.content(make()) for name, make in READY_DOCUMENTS.items()}
    kept = (filling.READY.office, filling.READY.telephone)
    others = {f"{name}.nn.docx": nynorsk.in_nynorsk(name, documents[f"{name}.docx"], kept) for name in nynorsk.FORMS}
    return {**documents, **others, **workbooks, "lønn og utgiftsdekning.xlsx": money.pay_list()}


def main() -> None:
    for folder in (FOLDER, READY):
        folder.mkdir(parents=True, exist_ok=True)
    for name, make in DOCUMENTS.items():
        content = make().content()
        (FOLDER / f"{name}.docx").write_bytes(content)
        if name in nynorsk.LETTERS:
            (FOLDER / f"{name}.nn.docx").write_bytes(nynorsk.in_nynorsk(name, content))
    for name, workbook in WORKBOOKS.items():
        (FOLDER / f"{name}.xlsx").write_bytes(workbook())
    forms_ready = ready_forms()
    for name, content in forms_ready.items():
        (READY / name).write_bytes(content)
    print(f"{len(DOCUMENTS) + len(nynorsk.LETTERS) + len(WORKBOOKS)} filer i {FOLDER}, {len(forms_ready)} i {READY}")


if __name__ == "__main__":
    main()
