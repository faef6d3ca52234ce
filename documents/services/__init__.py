"""Every change to papers; import the module and call its plain verbs."""

from documents.services.content import content_path, sniff, store
from documents.services.delivery import confirm_address, deliver, note_attempt, send
from documents.services.efile import export_efile
from documents.services.issue import issue, may_issue, propose, send_back_draft, void
from documents.services.materials import Paper, explain_missing, missing_kinds, receive, stage_upload
from documents.services.printing import print_document, print_waiting, retry_printing
from documents.services.reissues import draft_releases, may_reissue, reissue, reissue_all, reissue_several
from documents.services.several import ask_several, issue_several
from documents.services.templates import sync_templates

__all__ = [
    "Paper",
    "ask_several",
    "confirm_address",
    "content_path",
    "deliver",
    "draft_releases",
    "explain_missing",
    "export_efile",
    "issue",
    "issue_several",
    "may_issue",
    "may_reissue",
    "missing_kinds",
    "note_attempt",
    "print_document",
    "print_waiting",
    "propose",
    "receive",
    "reissue",
    "reissue_all",
    "reissue_several",
    "retry_printing",
    "send",
    "send_back_draft",
    "sniff",
    "stage_upload",
    "store",
    "sync_templates",
    "void",
]
