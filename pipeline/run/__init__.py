"""The walk: from the register to letters and lists, one station after the other.

`look` goes as far as anything can be seen without changing it; `run` goes on and writes.
"""

from pipeline.letters.workers import Hands
from pipeline.run.after import Noted, Selection, note, take_back, unsend
from pipeline.run.copies import write_copies
from pipeline.run.drafts import Drafts, make_drafts
from pipeline.run.figures import Counted, count_figures, write_figures, write_together
from pipeline.run.into_register import IntoRegister, register_backups, restore_register
from pipeline.run.morning import annotate
from pipeline.run.night import Report, run
from pipeline.run.proof import Proof, verify
from pipeline.run.retention import purge
from pipeline.run.side_by_side import Ran, run_here, run_on_cluster, write_picture
from pipeline.run.sight import (
    Reading,
    Sight,
    check,
    check_workspace_templates,
    files_of_no_letter,
    look,
    read,
    ways,
    workspace_versions,
)
from pipeline.run.watch import Patience, night, report_in_words
from pipeline.run.workspace import Allowed, Clock, Stopwatch, Workspace, ledger_path

__all__ = [
    "Allowed",
    "Clock",
    "Counted",
    "Drafts",
    "Hands",
    "IntoRegister",
    "Noted",
    "Patience",
    "Proof",
    "Ran",
    "Reading",
    "Report",
    "Selection",
    "Sight",
    "Stopwatch",
    "Workspace",
    "annotate",
    "check",
    "check_workspace_templates",
    "count_figures",
    "files_of_no_letter",
    "ledger_path",
    "look",
    "make_drafts",
    "night",
    "note",
    "purge",
    "read",
    "register_backups",
    "report_in_words",
    "restore_register",
    "run",
    "run_here",
    "run_on_cluster",
    "take_back",
    "unsend",
    "verify",
    "ways",
    "workspace_versions",
    "write_copies",
    "write_figures",
    "write_picture",
    "write_together",
]
