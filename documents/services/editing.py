"""A draft edited in Word comes back and becomes the text that waits for its signature."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import User
from bureau.versions import refuse_stale
from cases.models import Case
from cases.record import record
from documents import editing, filling, word_reading
from documents.facts import facts_of
from documents.filling import Filled
from documents.library.declared import canonical
from documents.models import Draft, Template
from documents.services.issue import locked, may_issue, propose, require, text_sha256

UNNUMBERED = "（签发时编号）"


@transaction.atomic
def propose_edited(
    case: Case, *, template: Template, values: Mapping[str, str], content: bytes, at: dt.datetime, actor: User
) -> Draft:
    """Lay a filled template with its text edited in Word before its signer.

    Raises Refused for a file that may not be taken in, a changed head, remedy or signature, or no change at all.
    """
    draft = propose(case, template=template, values=values, at=at, actor=actor)
    return edit_draft(draft, content=content, at=at, actor=actor)


@transaction.atomic
def edit_draft(draft: Draft, *, content: bytes, seen: str = "", at: dt.datetime, actor: User) -> Draft:
    """Replace the text of a waiting draft by what was edited in Word; its author or its signer may.

    The remedy clause, the number and the signature stay the court's. What two persons must draw up and sign is edited
    by its author alone. `seen` is the mark of what the page was opened with; raises Stale where the other has sent in
    another text since.
    """
    case = locked(draft.case)
    draft = Draft.objects.select_related("template").get(pk=draft.pk)
    is_author = draft.proposed_by_id == actor.pk and actor.has_perm("documents.issue_document")
    is_signer = may_issue(case, draft.template, actor) and not draft.template.spec.is_two_person
    require(is_author or is_signer, case, actor)
    if draft.state != Draft.State.WAITING:
        raise Refused(_("该拟稿已处理"))
    refuse_stale(text_now(draft), seen)
    filled = generated(case, draft, on=timezone.localdate(at))
    result = editing.edited(filled, word_reading.read(content))
    draft.edited_text, draft.edited_count = canonical(result.text), result.count
    draft.base_sha256 = text_sha256(filled)
    draft.edited_by = actor
    draft.save(update_fields=["edited_text", "edited_count", "base_sha256", "edited_by"])
    record(
        draft,
        "edit_draft",
        at=at,
        case=case,
        actor=actor,
        title=draft.template.title,
        template=draft.template.code,
        edited_count=result.count,
        sha256=hashlib.sha256(draft.edited_text.encode()).hexdigest(),
    )
    return draft


def text_now(draft: Draft) -> dict[str, str]:
    """Return which edited text of a draft stands, as its form names it; empty while it is the template's."""
    if not draft.edited_text:
        return {"upload": ""}
    words = _("人工改动稿，改动 %(count)d 段，校验码 %(sha)s")
    sha = hashlib.sha256(draft.edited_text.encode()).hexdigest()[:8]
    return {"upload": words % {"count": draft.edited_count, "sha": sha}}


def generated(case: Case, draft: Draft, *, on: dt.date) -> Filled:
    """Return the draft as the template fills it on that day."""
    return filling.fill(draft.template.spec, draft.typed(), facts_of(case, on=on), number=UNNUMBERED, on=on)


def with_own_text(filled: Filled, draft: Draft) -> Filled:
    """Return the paper with the text edited by hand in place of the generated one."""
    return replace(filled, text=draft.own_text())
