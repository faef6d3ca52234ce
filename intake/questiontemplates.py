"""Every change to the questions of a first reception: proposed by one, approved or sent back by another."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record
from intake import questionbook, questions
from intake.models import ClaimType, ReceptionTemplate

NOTE_MAX = 300
State = ReceptionTemplate.State


@transaction.atomic
def sync_questions() -> None:
    """Write the first version of each claim type where there is none; every later one is made on its page."""
    there = set(ReceptionTemplate.objects.values_list("claim_type", flat=True))
    at = timezone.make_aware(dt.datetime.combine(questionbook.FROM_ON, dt.time()))
    for claim_type in ClaimType.values:
        if claim_type in there:
            continue
        content = questionbook.content(claim_type)
        assert not questions.problems(content), questions.problems(content)
        ReceptionTemplate.objects.create(
            claim_type=claim_type,
            version=1,
            content=content,
            sha256=questions.sha256_of(content),
            state=State.APPROVED,
            note=questionbook.NOTE,
            effective_on=questionbook.FROM_ON,
            authored_by=User.objects.system(),
            authored_at=at,
            answered_at=at,
        )


@transaction.atomic
def propose_questions(
    base: ReceptionTemplate,
    *,
    content: Mapping[str, Any],
    note: str,
    effective_on: dt.date,
    at: dt.datetime,
    actor: User,
) -> ReceptionTemplate:
    """Lay another version of the questions before a second person; records already begun keep theirs."""
    if not actor.has_perm("intake.edit_reception_template"):
        raise PermissionDenied
    versions = list(
        ReceptionTemplate.objects.select_for_update().filter(claim_type=base.claim_type).order_by("-version")
    )
    reasons = questions.problems(content)
    sha256 = questions.sha256_of(content)
    newest = next(row for row in versions if row.state == State.APPROVED)
    if not reasons and sha256 == newest.sha256:
        reasons.append(_("没有改动"))
    if not note.strip():
        reasons.append(of_field("note", _("请写明修订说明")))
    reasons += _wrong_day(effective_on, newest, on=timezone.localdate(at))
    if any(row.state == State.WAITING for row in versions):
        reasons.append(_("该类型已有修订稿待批准，请先答复"))
    if reasons:
        raise Refused(reasons)
    row = ReceptionTemplate(
        claim_type=base.claim_type,
        version=versions[0].version + 1,
        content=content,
        sha256=sha256,
        note=note.strip()[:NOTE_MAX],
        effective_on=effective_on,
        authored_by=actor,
        authored_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(_("该类型已有修订稿待批准，请先答复")) from None
    record(row, "propose_questions", at=at, actor=actor, claim_type=row.claim_type, version=row.version, sha256=sha256)
    return row


@transaction.atomic
def approve_questions(row: ReceptionTemplate, *, at: dt.datetime, actor: User) -> ReceptionTemplate:
    """Put a version in force from its day on; the approver is another than the author."""
    row = _waiting(row, actor)
    if row.authored_by_id == actor.pk:
        raise Refused(_("起草人不得批准自己的修订稿"))
    newest = ReceptionTemplate.objects.approved().filter(claim_type=row.claim_type).order_by("-version")[0]
    if reasons := _wrong_day(row.effective_on, newest, on=timezone.localdate(at)):
        raise Refused([str(reason) for reason in reasons])
    return _answered(row, State.APPROVED, "approve_questions", at=at, actor=actor)


@transaction.atomic
def send_back_questions(row: ReceptionTemplate, *, note: str, at: dt.datetime, actor: User) -> ReceptionTemplate:
    """The second person does not approve; he says why. The author takes his own back in the same way."""
    row = _waiting(row, actor, or_author=True)
    if not note.strip():
        raise Refused(of_field("note", _("请写明退回意见")))
    row.answer_note = note.strip()[:NOTE_MAX]
    return _answered(row, State.SENT_BACK, "send_back_questions", at=at, actor=actor)


def may_answer(row: ReceptionTemplate, user: User) -> bool:
    """Return whether the user may approve it or send it back."""
    is_another = row.authored_by_id != user.pk
    return row.state == State.WAITING and is_another and user.has_perm("intake.approve_reception_template")


def _answered(row: ReceptionTemplate, state: str, verb: str, *, at: dt.datetime, actor: User) -> ReceptionTemplate:
    row.state, row.answered_at = state, at
    # Whoever takes his own back is no second person.
    row.answered_by = actor if row.authored_by_id != actor.pk else User.objects.system()
    row.save(update_fields=["state", "answered_by", "answered_at", "answer_note"])
    record(row, verb, at=at, actor=actor, claim_type=row.claim_type, version=row.version, sha256=row.sha256)
    return row


def _waiting(row: ReceptionTemplate, actor: User, *, or_author: bool = False) -> ReceptionTemplate:
    row = ReceptionTemplate.objects.select_for_update().get(pk=row.pk)
    is_author = or_author and row.authored_by_id == actor.pk
    if not is_author and not actor.has_perm("intake.approve_reception_template"):
        raise PermissionDenied
    if row.state != State.WAITING:
        raise Refused(_("该修订稿已处理"))
    return row


def _wrong_day(effective_on: dt.date, newest: ReceptionTemplate, *, on: dt.date) -> list[str]:
    if effective_on < on:
        return [of_field("effective_on", _("生效日不得早于今天"))]
    if effective_on < newest.effective_on:
        return [of_field("effective_on", _("生效日不得早于第 %(version)d 版的生效日") % {"version": newest.version})]
    return []
