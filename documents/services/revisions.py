"""The bureau edits the words of a template: one proposes, another approves, from a day on."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record
from bureau.versions import refuse_stale
from documents import filling, revising
from documents.library.declared import Spec
from documents.models import Revision, Template
from documents.services.templates import next_version, row_of
from documents.typesetting import CannotPrint, paper

NOTE_MAX, APPROVAL_MAX = 300, 100
PREVIEW = "preview"
Origin, State = Template.Origin, Revision.State


def words_now(base: Template) -> dict[str, str]:
    """Return the words of a version, by field of the form that edits them."""
    return {name: str(words) for name, words in revising.written(base.spec).items()}


@transaction.atomic
def propose_revision(
    template: Template,
    *,
    values: Mapping[str, Any],
    approval: str,
    effective_on: dt.date,
    note: str = "",
    start: Revision | None = None,
    seen: str = "",
    at: dt.datetime,
    actor: User,
) -> Revision:
    """Lay other words for a template before a second person; `values` as `revising.written` names them.

    `start` is an earlier proposal of it whose words were edited further instead of the newest version's. Raises Refused
    with every sentence that stands against it: unknown field or article, braces, a lost remedy, a day gone by. `seen`
    is the mark of what the page was opened with; raises Stale where a newer version stands since.
    """
    if not actor.has_perm("documents.edit_template"):
        raise PermissionDenied
    waiting = _waiting(template.code)
    base = Template.objects.filter(code=template.code).newest().get()
    refuse_stale(words_now(base), seen)
    spec, found = _worded(base, start, values)
    spec = replace(spec, approval=approval.strip()[:APPROVAL_MAX], effective_on=effective_on)
    _refuse(base, spec, found, on=timezone.localdate(at))
    _replace_own(waiting, at=at, actor=actor)
    revision = _kept(_laid(base, spec, note, at=at, actor=actor))
    record(
        revision,
        "propose_template",
        at=at,
        actor=actor,
        template=base.code,
        version=base.version,
        sha256=revision.sha256,
        effective_on=effective_on,
        origin=Origin.BUREAU,
    )
    return revision


def _laid(base: Template, spec: Spec, note: str, *, at: dt.datetime, actor: User) -> Revision:
    return Revision(
        code=base.code,
        base=base,
        title=spec.title,
        content=spec.content(),
        sha256=spec.sha256(),
        approval=spec.approval,
        effective_on=spec.effective_on,
        note=note.strip()[:NOTE_MAX],
        proposed_by=actor,
        proposed_at=at,
    )


def _kept(revision: Revision) -> Revision:
    try:
        with transaction.atomic():
            revision.save(force_insert=True)
    except IntegrityError:
        # Another proposed in the same moment; the database keeps one.
        raise Refused(_("该模板已有他人提交的修订稿待批准")) from None
    return revision


def _worded(base: Template, start: Revision | None, values: Mapping[str, Any]) -> tuple[Spec, list[str]]:
    if start is not None and start.code != base.code:
        raise PermissionDenied
    words = start.spec if start else base.spec
    spec = revising.revised(words, values)
    return spec, [
        of_field(name, said) for name, rows in revising.objections(words, spec, values).items() for said in rows
    ]


def _waiting(code: str) -> list[Revision]:
    # The waiting proposals of a template are the lock under which its versions are made.
    return list(Revision.objects.waiting().filter(code=code).select_for_update(of=("self",)).order_by("id"))


def _refuse(base: Template, spec: Spec, reasons: list[str], *, on: dt.date) -> None:
    if spec.sha256() == base.sha256:
        reasons.append(_("没有改动"))
    if not spec.approval:
        reasons.append(of_field("approval", _("请填写批准依据")))
    reasons += _wrong_day(base, spec.effective_on, on=on)
    if not reasons:
        reasons += _unprintable(spec, on=on)
    if reasons:
        raise Refused(reasons)


def _wrong_day(base: Template, effective_on: dt.date | None, *, on: dt.date) -> list[str]:
    if effective_on is None:
        return [of_field("effective_on", _("请填写生效日"))]
    if effective_on < on:
        return [of_field("effective_on", _("生效日不得早于今天"))]
    if effective_on < base.effective_on:
        return [of_field("effective_on", _("生效日不得早于第%(version)d版的生效日") % {"version": base.version})]
    return []


def _unprintable(spec: Spec, *, on: dt.date) -> list[str]:
    known = revising.sample_facts(on)
    filled = filling.fill(spec, revising.sample_values(spec, known), known, number=known["number"], on=on)
    if filled.problems:
        return list(filled.problems.values())
    try:
        paper(filled.blocks, title=spec.title, on=on, token=PREVIEW, sha256="0" * 64)
    except CannotPrint as fault:
        return [str(fault)]
    return []


def _replace_own(waiting: list[Revision], *, at: dt.datetime, actor: User) -> None:
    for row in waiting:
        if row.origin != Origin.BUREAU:
            continue
        if row.proposed_by_id != actor.pk:
            raise Refused(_("该模板已有他人提交的修订稿待批准"))
        _answer(row, State.REPLACED, at=at, actor=actor)


@transaction.atomic
def approve_revision(
    revision: Revision, *, effective_on: dt.date | None = None, at: dt.datetime, actor: User
) -> Template:
    """Make the proposed text a version, in force from its day; the approver is another than the author.

    A text of the library carries no day: the approver gives it, today if he gives none.
    """
    revision = _open(revision, actor)
    if revision.proposed_by_id == actor.pk:
        raise Refused(_("修订人不得批准自己的修订稿"))
    on = timezone.localdate(at)
    newest = Template.objects.filter(code=revision.code).newest().get()
    if newest.pk != revision.base_id:
        raise Refused(_("该模板已有更新的版本，请在新版本基础上重新修订"))
    day = revision.effective_on or effective_on or max(on, newest.effective_on)
    if said := _wrong_day(newest, day, on=on):
        raise Refused(said)
    spec = replace(revision.spec, effective_on=day)
    row = row_of(
        spec,
        version=next_version(revision.code),
        origin=revision.origin,
        edited_by=revision.proposed_by,
        approved_by=actor,
    )
    row.save(force_insert=True)
    _answer(revision, State.APPROVED, template=row, at=at, actor=actor)
    record(
        row,
        "approve_template",
        at=at,
        actor=actor,
        template=row.code,
        version=row.version,
        sha256=row.sha256,
        effective_on=day,
        origin=row.origin,
    )
    return row


@transaction.atomic
def send_back_revision(revision: Revision, *, note: str, at: dt.datetime, actor: User) -> Revision:
    """The second person does not approve; he says why."""
    revision = _open(revision, actor)
    if not note.strip():
        raise Refused(of_field("note", _("请写明退回意见")))
    revision.answer_note = note.strip()[:NOTE_MAX]
    _answer(revision, State.SENT_BACK, at=at, actor=actor)
    record(revision, "send_back_template", at=at, actor=actor, template=revision.code, note=revision.answer_note)
    return revision


def _open(revision: Revision, actor: User) -> Revision:
    if not actor.has_perm("documents.approve_template"):
        raise PermissionDenied
    _waiting(revision.code)
    row = Revision.objects.select_related("base", "proposed_by").get(pk=revision.pk)
    if row.state != State.WAITING:
        raise Refused(_("该修订稿已处理"))
    return row


def _answer(revision: Revision, state: str, *, template: Template | None = None, at: dt.datetime, actor: User) -> None:
    revision.state, revision.template, revision.answered_by, revision.answered_at = state, template, actor, at
    revision.save(update_fields=["state", "template", "answered_by", "answered_at", "answer_note"])
