"""Makes the Word templates of Alta's routine and their enclosures anew: ``python -m tools.letters``.

The files in templates/docx belong to the office once it has begun to edit them; this overwrites them.
"""

from __future__ import annotations

from pathlib import Path

from tools.letters import appeals, case_file, companion, contractors, decisions, forms, notices, nynorsk, timesheet

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "docx"
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
}


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in DOCUMENTS.items():
        content = make().content()
        (FOLDER / f"{name}.docx").write_bytes(content)
        if name in nynorsk.LETTERS:
            (FOLDER / f"{name}.nn.docx").write_bytes(nynorsk.in_nynorsk(name, content))
    (FOLDER / "timeliste.xlsx").write_bytes(timesheet.time_sheet())
    print(f"{len(DOCUMENTS) + len(nynorsk.LETTERS) + 1} filer i {FOLDER}")


if __name__ == "__main__":
    main()
