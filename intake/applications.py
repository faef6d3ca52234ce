"""An application from draft to decision: saved, submitted, what is missing told once, accepted or refused."""

import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import DAY
from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from bureau.record import record
from cases import nodes
from cases.record import record as record_in_case
from documents import services as documents
from documents.models import Staged
from intake import checklists, services
from intake.models import Application, Condition, SupplementNotice
from intake.typed import describe, has_record, is_of, missing_of

State = Application.State
KEPT_OUT = ("csrfmiddlewaretoken", "do", "take", "checked", "judgment", "application")
PAYLOAD_MAX = 400_000
REASON_MAX = 500


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands on the filing page: its fields with their values, and the files kept for it by token."""

    fields: Mapping[str, list[str]]
    files: Mapping[str, Staged]


@transaction.atomic
def save_draft(typed: Typed, *, application: Application | None = None, at: dt.datetime, actor: User) -> Application:
    """Keep what was typed, whatever is wrong with it; an application that is decided is not changed."""
    if not actor.has_perm("intake.file_case") or actor.window is None:
        raise PermissionDenied
    row = _held(application, actor) if application else Application(window=actor.window, author=actor)
    fields = {name: values for name, values in typed.fields.items() if name not in KEPT_OUT}
    files = {
        token: {"name": kept.name, "sha256": kept.sha256, "byte_count": kept.byte_count, "type": kept.content_type}
        for token, kept in typed.files.items()
    }
    payload = json.dumps({"fields": fields, "files": files}, ensure_ascii=False)
    if len(payload) > PAYLOAD_MAX:
        raise Refused(_("填写内容过长，不能保存"))
    row.payload, row.saved_at = payload, at
    describe(row, fields)
    row.save()
    record(row, "save_application", at=at, actor=actor, state=row.state)
    return row


def opened(application: Application, *, at: dt.datetime, actor: User) -> dict[str, list[str]]:
    """Return what was typed, to be shown in the form again; its files are kept for the user who opens it."""
    kept = json.loads(application.payload)
    fields: dict[str, list[str]] = kept["fields"]
    mine = set(Staged.objects.filter(staged_by=actor, token__in=kept["files"]).values_list("token", flat=True))
    for name, values in fields.items():
        if not is_of(name, "materials", "token") or not values[-1] or values[-1] in mine:
            continue
        file = kept["files"].get(values[-1])
        if file:
            values[-1] = documents.stage_again(name=file["name"], sha256=file["sha256"], at=at, actor=actor).token
    return fields


@transaction.atomic
def submit(
    application: Application,
    *,
    seen: Collection[str] = (),
    at: dt.datetime,
    actor: User,
) -> Application:
    """Hand a draft to review; the seven days run from the day on which the papers are complete."""
    row = _held(application, actor)
    if not actor.has_perm("intake.file_case"):
        raise PermissionDenied
    if row.state != State.DRAFT:
        raise Refused(_("该申请已提交审查"))
    if not row.title or not row.basis_number:
        raise Refused(_("请先填写当事人和执行依据文号"))
    row.state, row.submitted_on = State.REVIEW, timezone.localdate(at)
    _note_seen(row, seen, on=row.submitted_on)
    row.save()
    record(row, "submit_application", at=at, actor=actor, missing=[str(paper) for paper in missing_of(row)])
    return row


def _note_seen(row: Application, seen: Collection[str], *, on: dt.date) -> None:
    if has_record(row):
        # Who asks by word of mouth is written down: the signed record is the application (执行工作规定 18).
        seen = {*seen, checklists.Paper.APPLICATION}
    row.seen = sorted({*row.seen, *(str(code) for code in seen if code in row.asked)})
    if not missing_of(row) and row.complete_on is None:
        row.complete_on = on
        row.due_on = nodes.counted(nodes.BY_CODE["FILING"], on, days=Holiday.objects.calendar()).due_on


@transaction.atomic
def ask_supplement(
    application: Application, *, due_on: dt.date, note: str = "", at: dt.datetime, actor: User
) -> SupplementNotice:
    """Tell the applicant once, and completely, which papers are missing and by when they are due (一次性告知)."""
    row = _reviewed(application, actor)
    reasons: list[object] = []
    if row.state != State.REVIEW or SupplementNotice.objects.filter(application=row).exists():
        reasons.append(_("补正只能一次告知，该申请已告知过或不在审查中"))
    missing = missing_of(row)
    if not missing:
        reasons.append(_("材料已齐备，不需要补正"))
    if due_on <= timezone.localdate(at):
        reasons.append(of_field("due_on", _("补正期限应晚于今天")))
    if reasons:
        raise Refused(reasons)
    notice = _tell(row, missing, due_on=due_on, note=note, at=at, actor=actor)
    row.state = State.SUPPLEMENT
    row.save(update_fields=["state"])
    return notice


def _tell(
    row: Application,
    missing: Collection[checklists.Paper],
    *,
    due_on: dt.date,
    note: str = "",
    at: dt.datetime,
    actor: User,
) -> SupplementNotice:
    notice = SupplementNotice.objects.create(
        application=row,
        missing=[str(paper) for paper in missing],
        note=note.strip()[:500],
        due_on=due_on,
        made_at=at,
        made_by=actor,
    )
    record(row, "ask_supplement", at=at, actor=actor, missing=notice.missing, due_on=due_on)
    return notice


@transaction.atomic
def supplement(application: Application, *, seen: Collection[str], at: dt.datetime, actor: User) -> Application:
    """Note papers that came in; with the last of them the application is in review and its clock runs.

    An accepted one, whose notice was made with the acceptance, stays accepted.
    """
    row = _of_window(application, actor)
    if not actor.has_perm("intake.file_case"):
        raise PermissionDenied
    if row.state not in (State.REVIEW, State.SUPPLEMENT, State.ACCEPTED):
        raise Refused(_("该申请不在审查、补正中"))
    _note_seen(row, seen, on=timezone.localdate(at))
    if row.state == State.SUPPLEMENT and not missing_of(row):
        row.state = State.REVIEW
    row.save()
    if row.case is None:
        record(row, "supplement_application", at=at, actor=actor, seen=row.seen, complete_on=row.complete_on)
    else:
        record_in_case(row, "supplement_application", at=at, case=row.case, actor=actor, seen=row.seen)
    return row


@transaction.atomic
def accept(
    application: Application, *, met: Collection[str], filed: Mapping[str, Any], at: dt.datetime, actor: User
) -> services.Filed:
    """Accept it: every condition is met, every paper there, the case filed; `filed` is what file_case takes."""
    row = _reviewed(application, actor)
    reasons: list[object] = []
    if row.state != State.REVIEW:
        reasons.append(_("只有审查中的申请可以受理"))
    reasons += _unmet(met)
    if missing := missing_of(row):
        reasons.append(_("尚缺：%(labels)s") % {"labels": "、".join(str(paper.label) for paper in missing)})
    if reasons:
        raise Refused(reasons)
    made = services.file_case(**filed, at=at, actor=actor)
    row.met = list(Condition.values)
    _decide(row, State.ACCEPTED, at=at, actor=actor, case=made.case)
    return made


@transaction.atomic
def file_at_once(
    typed: Typed,
    *,
    filed: Mapping[str, Any],
    met: Collection[str],
    seen: Collection[str] = (),
    application: Application | None = None,
    at: dt.datetime,
    actor: User,
) -> services.Filed:
    """Accept what stands on the page without a review apart: the five conditions, and what may not be missing.

    It is kept as an application, as a reviewed one is. Papers that may follow are told once, with the acceptance.
    What has been handed to review is accepted there.
    """
    row = _reviewed(save_draft(typed, application=application, at=at, actor=actor), actor)
    if row.state != State.DRAFT:
        raise Refused(_("该申请已提交审查，请在审查页面受理"))
    row.submitted_on = timezone.localdate(at)
    _note_seen(row, seen, on=row.submitted_on)
    reasons: list[object] = [*_unmet(met)]
    if lacking := [paper for paper in missing_of(row) if paper in checklists.ESSENTIAL]:
        labels = "、".join(str(paper.label) for paper in lacking)
        reasons.append(of_field("seen", _("不能受理，尚缺：%(labels)s") % {"labels": labels}))
    if reasons:
        raise Refused(reasons)
    made = services.file_case(**filed, at=at, actor=actor)
    row.met = list(Condition.values)
    _decide(row, State.ACCEPTED, at=at, actor=actor, case=made.case)
    if missing := missing_of(row):
        _tell(row, missing, due_on=row.submitted_on + settings.SUPPLEMENT_DAYS * DAY, at=at, actor=actor)
    return made


def _unmet(met: Collection[str]) -> list[object]:
    labels = [str(condition.label) for condition in Condition if condition not in met]
    return [of_field("met", _("未确认符合：%(labels)s") % {"labels": "、".join(labels)})] if labels else []


@transaction.atomic
def propose_refusal(
    application: Application,
    *,
    met: Collection[str],
    unmet: Mapping[str, str],
    reason: str = "",
    at: dt.datetime,
    actor: User,
) -> Application:
    """Propose that a judge refuse it: each condition that is not met with its reason (执行工作规定 16).

    Being late is no reason (民诉法解释 481). Papers that were told once and did not come are one, said in `reason`.
    """
    row = _reviewed(application, actor)
    lacking = [condition for condition in Condition if condition not in met]
    reasons: list[object] = []
    if row.state not in (State.REVIEW, State.SUPPLEMENT):
        reasons.append(_("只有审查、补正中的申请可以提出不予受理"))
    if not lacking and not missing_of(row):
        reasons.append(of_field("met", _("五项条件均符合且材料齐备的，应当受理")))
    reasons += [
        of_field(f"why_{condition}", _("请写明为什么不符合：%(label)s") % {"label": condition.label})
        for condition in lacking
        if not unmet.get(condition, "").strip()
    ]
    if not lacking and not reason.strip():
        reasons.append(of_field("reason", _("请写明不予受理的理由")))
    if reasons:
        raise Refused(reasons)
    row.met = [code for code in Condition.values if code in met]
    row.unmet = {str(condition): unmet[condition].strip()[:REASON_MAX] for condition in lacking}
    row.reason = reason.strip()[:1000] or "；".join(row.unmet.values())[:1000]
    row.state, row.proposed_by, row.proposed_at, row.ruled_by, row.ruling_note = State.PROPOSED, actor, at, None, ""
    row.save()
    record(row, "propose_refusal", at=at, actor=actor, unmet=list(row.unmet))
    return row


@transaction.atomic
def rule_refusal(
    application: Application, *, agrees: bool, document: str = "", note: str = "", at: dt.datetime, actor: User
) -> Application:
    """Rule on a proposed refusal: a judge signs the numbered ruling, or gives it back with words."""
    if not actor.has_perm("intake.rule_refusal"):
        raise PermissionDenied
    row = Application.objects.select_for_update().get(pk=application.pk)
    reasons: list[object] = []
    if row.state != State.PROPOSED:
        reasons.append(_("该申请没有待裁定的不予受理"))
    if row.proposed_by_id == actor.pk:
        reasons.append(_("提出不予受理的人不得自行裁定"))
    if agrees and not document.strip():
        reasons.append(of_field("document", _("请填写裁定书文号")))
    if not agrees and not note.strip():
        reasons.append(of_field("note", _("请写明退回的意见")))
    if reasons:
        raise Refused(reasons)
    row.ruled_by, row.ruling_note = actor, note.strip()[:REASON_MAX]
    if agrees:
        row.document = document.strip()[:100]
        return _decide(row, State.REFUSED, at=at, actor=actor)
    has_notice = SupplementNotice.objects.filter(application=row).exists()
    row.state = State.SUPPLEMENT if has_notice and missing_of(row) else State.REVIEW
    row.save()
    record(row, "give_back_refusal", at=at, actor=actor)
    return row


def _decide(row: Application, state: str, *, at: dt.datetime, actor: User, case: Any = None) -> Application:
    row.state, row.case, row.decided_by, row.decided_at = state, case, actor, at
    row.save()
    verb = "accept_application" if state == State.ACCEPTED else "refuse_application"
    record(row, verb, at=at, actor=actor, met=row.met, number=case.display_number if case else row.document)
    return row


@transaction.atomic
def discard(application: Application, *, at: dt.datetime, actor: User) -> None:
    """Remove a draft that nobody has submitted."""
    row = _held(application, actor)
    if not actor.has_perm("intake.file_case"):
        raise PermissionDenied
    if row.state != State.DRAFT:
        raise Refused(_("已提交审查的申请不能删除"))
    record(row, "discard_application", at=at, actor=actor)
    row.delete()


def _of_window(application: Application, actor: User) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    if actor.window_id is None or row.window_id != actor.window_id:
        raise PermissionDenied
    return row


def _held(application: Application, actor: User) -> Application:
    row = _of_window(application, actor)
    if not row.is_open:
        raise Refused(_("该申请已作出决定"))
    return row


def _reviewed(application: Application, actor: User) -> Application:
    row = _held(application, actor)
    if not actor.has_perm("intake.review_application"):
        raise PermissionDenied
    return row
