"""Every change to papers; import the module and call its plain verbs."""

from documents.services.content import TYPES, content_path, page_count, refuse_infected, sniff, store
from documents.services.delivery import address_now, confirm_address, deliver, ended_objections, note_attempt, send
from documents.services.editing import edit_draft, generated, propose_edited, text_now, with_own_text
from documents.services.efile import export_efile
from documents.services.issue import ANOTHERS, issue, may_issue, may_sign, propose, send_back_draft, still_issues, void
from documents.services.materials import (
    Paper,
    discard_table,
    explain_missing,
    explain_objections,
    missing_kinds,
    receive,
    receive_photos,
    stage_again,
    stage_table,
    stage_upload,
    table_bytes,
)
from documents.services.pictures import page_picture
from documents.services.printing import print_document, print_waiting, retry_printing
from documents.services.reissues import draft_releases, may_reissue, reissue, reissue_all, reissue_several
from documents.services.revisions import approve_revision, propose_revision, send_back_revision, words_now
from documents.services.sealing import is_genuine
from documents.services.several import ask_several, issue_several
from documents.services.templates import sync_templates

__all__ = [
    "ANOTHERS",
    "TYPES",
    "Paper",
    "address_now",
    "approve_revision",
    "ask_several",
    "confirm_address",
    "content_path",
    "deliver",
    "discard_table",
    "draft_releases",
    "edit_draft",
    "ended_objections",
    "explain_missing",
    "explain_objections",
    "export_efile",
    "generated",
    "is_genuine",
    "issue",
    "issue_several",
    "may_issue",
    "may_reissue",
    "may_sign",
    "missing_kinds",
    "note_attempt",
    "page_count",
    "page_picture",
    "print_document",
    "print_waiting",
    "propose",
    "propose_edited",
    "propose_revision",
    "receive",
    "receive_photos",
    "refuse_infected",
    "reissue",
    "reissue_all",
    "reissue_several",
    "retry_printing",
    "send",
    "send_back_draft",
    "send_back_revision",
    "sniff",
    "stage_again",
    "stage_table",
    "stage_upload",
    "still_issues",
    "store",
    "sync_templates",
    "table_bytes",
    "text_now",
    "void",
    "with_own_text",
    "words_now",
]
