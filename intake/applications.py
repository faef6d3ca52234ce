"""An application from draft to decision: saved, submitted, what is missing told once, accepted or refused."""

import contextlib
import datetime as dt
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import identity
from bureau.errors import Refused, of_field
from bureau.models import Holiday, User
from bureau.record import record
from cases import nodes
from cases.models import Party
from documents import services as documents
from documents.models import Staged
from intake import checklists, services
from intake.models import Application, Condition, SupplementNotice

State = Application.State
NOT_MONEY = ("ACT", "DELIVERY")
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
    _describe(row, fields)
    row.save()
    record(row, "save_application", at=at, actor=actor, state=row.state)
    return row


def _describe(row: Application, fields: Mapping[str, list[str]]) -> None:
    def one(name: str) -> str:
        return (fields.get(name) or [""])[-1].strip()

    sides = [one("applicants-0-name"), one("debtors-0-name")]
    row.title = "—".join(name[:90] for name in sides if name)
    row.basis_kind = one("basis_kind").partition(":")[0]
    if row.basis_kind not in checklists.RULES:
        row.basis_kind = ""
    row.basis_number = one("basis_number")[:100]
    kinds = [values[-1] for name, values in fields.items() if _is_of(name, "claims", "kind")]
    row.asked = [
        str(paper)
        for paper in checklists.needed(
            row.basis_kind,
            is_money=any(kind not in NOT_MONEY for kind in kinds),
            is_preserved=any(
                values[-1].strip() for name, values in fields.items() if _is_of(name, "preserved", "thing")
            ),
        )
    ]
    row.scanned = sorted(
        {
            one(f"{name.rpartition('-')[0]}-kind")[:16]
            for name, values in fields.items()
            if _is_of(name, "materials", "token") and values[-1]
        }
    )


def _is_of(name: str, prefix: str, field: str) -> bool:
    head, _dash, tail = name.partition("-")
    index, _dash, last = tail.partition("-")
    return head == prefix and last == field and index.isdigit()


def opened(application: Application, *, at: dt.datetime, actor: User) -> dict[str, list[str]]:
    """Return what was typed, to be shown in the form again; its files are kept for the user who opens it."""
    kept = json.loads(application.payload)
    fields: dict[str, list[str]] = kept["fields"]
    mine = set(Staged.objects.filter(staged_by=actor, token__in=kept["files"]).values_list("token", flat=True))
    for name, values in fields.items():
        if not _is_of(name, "materials", "token") or not values[-1] or values[-1] in mine:
            continue
        file = kept["files"].get(values[-1])
        if file:
            values[-1] = documents.stage_again(name=file["name"], sha256=file["sha256"], at=at, actor=actor).token
    return fields


def parties_of(application: Application) -> list[tuple[str, str]]:
    """Return every party whose name was typed, with the side in words: applicants first, in their order."""
    fields: dict[str, list[str]] = json.loads(application.payload)["fields"]
    found = []
    for prefix, side in (("applicants", Party.Side.APPLICANT), ("debtors", Party.Side.DEBTOR)):
        names = {int(name.split("-")[1]): name for name in fields if _is_of(name, prefix, "name")}
        found += [(str(side.label), fields[name][-1]) for _key, name in sorted(names.items()) if fields[name][-1]]
    return found


def phones_of(application: Application) -> list[str]:
    """Return the applicants' telephones as they were typed, those that are none left out."""
    fields: dict[str, list[str]] = json.loads(application.payload)["fields"]
    found = []
    for name in sorted(name for name in fields if _is_of(name, "applicants", "phone")):
        with contextlib.suppress(identity.InvalidNumber):
            found.append(identity.canonical_phone(fields[name][-1]))
    return found


def missing_of(application: Application) -> list[checklists.Paper]:
    """Return the papers that are neither scanned nor seen."""
    asked = [checklists.Paper(code) for code in application.asked]
    return checklists.missing(asked, scanned=application.scanned, seen=application.seen)


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
    row.seen = sorted({*row.seen, *(code for code in seen if code in row.asked)})
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
    notice = SupplementNotice.objects.create(
        application=row,
        missing=[str(paper) for paper in missing],
        note=note.strip()[:500],
        due_on=due_on,
        made_at=at,
        made_by=actor,
    )
    row.state = State.SUPPLEMENT
    row.save(update_fields=["state"])
    record(row, "ask_supplement", at=at, actor=actor, missing=notice.missing, due_on=due_on)
    return notice


@transaction.atomic
def supplement(application: Application, *, seen: Collection[str], at: dt.datetime, actor: User) -> Application:
    """Note papers that came in; with the last of them the application is in review and its clock runs."""
    row = _held(application, actor)
    if not actor.has_perm("intake.file_case"):
        raise PermissionDenied
    if row.state not in (State.REVIEW, State.SUPPLEMENT):
        raise Refused(_("该申请不在审查、补正中"))
    _note_seen(row, seen, on=timezone.localdate(at))
    if row.state == State.SUPPLEMENT and not missing_of(row):
        row.state = State.REVIEW
    row.save()
    record(row, "supplement_application", at=at, actor=actor, seen=row.seen, complete_on=row.complete_on)
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
    lacking = [str(condition.label) for condition in Condition if condition not in met]
    if lacking:
        reasons.append(of_field("met", _("未确认符合：%(labels)s") % {"labels": "、".join(lacking)}))
    if missing := missing_of(row):
        reasons.append(_("尚缺：%(labels)s") % {"labels": "、".join(str(paper.label) for paper in missing)})
    if reasons:
        raise Refused(reasons)
    made = services.file_case(**filed, at=at, actor=actor)
    row.met = list(Condition.values)
    _decide(row, State.ACCEPTED, at=at, actor=actor, case=made.case)
    return made


@transaction.atomic
def file_draft(draft: Application, *, filed: Mapping[str, Any], at: dt.datetime, actor: User) -> services.Filed:
    """File the case of a draft at once; what has been handed to review is accepted there."""
    row = _held(draft, actor)
    if row.state != State.DRAFT:
        raise Refused(_("该申请已提交审查，请在审查页面受理"))
    made = services.file_case(**filed, at=at, actor=actor)
    _decide(row, State.ACCEPTED, at=at, actor=actor, case=made.case)
    return made


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


def _held(application: Application, actor: User) -> Application:
    row = Application.objects.select_for_update().get(pk=application.pk)
    if actor.window_id is None or row.window_id != actor.window_id:
        raise PermissionDenied
    if not row.is_open:
        raise Refused(_("该申请已作出决定"))
    return row


def _reviewed(application: Application, actor: User) -> Application:
    row = _held(application, actor)
    if not actor.has_perm("intake.review_application"):
        raise PermissionDenied
    return row
