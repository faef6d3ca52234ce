"""What a filed case says is corrected: proposed with a paper, confirmed by a second person, and seen through."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from bureau import versions
from bureau.crypto import digest
from bureau.errors import Refused, of_field
from bureau.models import Event, Team, User
from cases import casenumber, corrections, deadlines
from cases.corrections import FIELDS, Target, Use, UseKind
from cases.models import Case, Claim, Correction, Party, WorkOrder
from cases.record import record
from cases.services.filing import index_party
from cases.services.workorders import may_request, request_work

NOTE_MAX, DOCUMENT_MAX = 300, 200
# The papers of the e-file that a correction may name: events of the case's own record.
EVIDENCE_VERBS = ("receive_material", "issue_document")
Pairs = Mapping[str, tuple[str, str]]


@transaction.atomic
def propose_correction(
    case: Case,
    *,
    target: str,
    subject: Party | Claim | None = None,
    values: Mapping[str, str],
    seen: str = "",
    reason: str,
    reason_text: str = "",
    document: str,
    evidence: Event | None = None,
    at: dt.datetime,
    actor: User,
) -> Correction:
    """Propose other values (canonical text, `cases.corrections`) for a party, a claim, or the basis of the case.

    `seen` is the mark of what the proposer's form was opened with (`bureau.versions`). Raises Stale when that has
    changed meanwhile or another correction of the same thing waits, Refused for what is missing.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not corrections.may_propose(case, actor):
        raise PermissionDenied
    party, claim, held = _subject(case, target, subject)
    now = corrections.values_of(held, target)
    _refuse_stale(case, target, party, claim, now, seen)
    changes = {name: (now[name], values[name]) for name in FIELDS[target] if values.get(name, now[name]) != now[name]}
    reason_text, document = reason_text.strip()[:NOTE_MAX], document.strip()[:DOCUMENT_MAX]
    if reasons := _objections(case, party, changes, reason, reason_text, document, evidence):
        raise Refused(reasons)
    row = Correction.objects.create(
        case=case,
        target=target,
        party=party,
        claim=claim,
        fields=list(changes),
        changes=json.dumps(changes, ensure_ascii=False),
        is_other_person=party is not None and corrections.means_another_person(party, changes),
        reason=reason,
        reason_text=reason_text,
        document=document,
        evidence=evidence,
        proposed_by=actor,
        proposed_at=at,
    )
    _record(row, "propose_correction", case, at=at, actor=actor, correction_reason=reason, document=document)
    return row


def _subject(
    case: Case, target: str, subject: Party | Claim | None
) -> tuple[Party | None, Claim | None, Party | Claim | Case]:
    # Read again under the lock, and only of this case.
    if target == Target.BASIS and subject is None:
        return None, None, case
    if target == Target.ADDED and (subject is None or subject.pk is None):
        return None, None, corrections.blank_claim(case)
    if target == Target.PARTY and isinstance(subject, Party) and subject.case_id == case.pk:
        party = Party.objects.get(pk=subject.pk)
        return party, None, party
    if target == Target.CLAIM and isinstance(subject, Claim) and subject.case_id == case.pk:
        claim = Claim.objects.get(pk=subject.pk)
        return None, claim, claim
    raise Refused(_("请选择要更正的当事人、执行依据或请求项目"))


def _refuse_stale(
    case: Case, target: str, party: Party | None, claim: Claim | None, now: Mapping[str, str], seen: str
) -> None:
    same = case.corrections.filter(target=target, party=party, claim=claim)
    if waiting := same.waiting().select_related("proposed_by").first():
        theirs = {**now, **{name: new for name, (_old, new) in waiting.pairs().items()}}
        raise versions.Stale(
            _("已有一项待确认的更正，请先处理或撤回"), theirs=theirs, by=waiting.proposed_by.name, is_pending=True
        )
    if seen and seen != versions.mark(now):
        last = same.filter(state=Correction.State.CONFIRMED).select_related("proposed_by").order_by("-id").first()
        by = last.proposed_by.name if last else ""
        raise versions.Stale(_("您填写期间，他人已更正该内容，请对照后重新提出"), theirs=now, by=by)


def _objections(
    case: Case,
    party: Party | None,
    changes: Pairs,
    reason: str,
    reason_text: str,
    document: str,
    evidence: Event | None,
) -> list[str]:
    reasons = []
    if not changes:
        reasons.append(_("没有改动，请先更正内容"))
    if reason not in Correction.Reason.values:
        reasons.append(of_field("reason", _("请选择更正事由")))
    elif reason == Correction.Reason.OTHER and not reason_text:
        reasons.append(of_field("reason_text", _("选择“其他”时请写明事由")))
    if not document:
        reasons.append(of_field("document", _("请写明依据的材料或文书")))
    if evidence is not None and (evidence.chain != f"case:{case.pk}" or evidence.verb not in EVIDENCE_VERBS):
        reasons.append(of_field("evidence", _("所选材料不在本案卷宗中")))
    is_applicant = party is not None and party.side == Party.Side.APPLICANT
    if is_applicant and changes.get("id_number", ("", "x"))[1] == "":
        reasons.append(of_field("id_number", _("申请执行人必须有证件号码")))
    return reasons


@transaction.atomic
def confirm_correction(correction: Correction, *, at: dt.datetime, actor: User) -> Correction:
    """The second person has compared it with the paper: the case says it the new way from now on.

    What every room did on the old value is asked at once; a control on the wrong person raises red and the rooms of
    settings.CORRECTION_FOLLOWS draft what puts it right. Refused when the old value has changed meanwhile.
    """
    row, case = _waiting(correction)
    if not corrections.may_confirm(row, case, actor):
        raise PermissionDenied
    held: Any = row.party or row.claim or (corrections.blank_claim(case) if row.target == Target.ADDED else case)
    now, pairs = corrections.values_of(held, row.target), row.pairs()
    if any(now[name] != old for name, (old, _new) in pairs.items()):
        raise Refused(_("原内容已有变化，请不予确认并重新提出"))
    _apply(case, held, pairs)
    row.state, row.answered_by, row.answered_at = Correction.State.CONFIRMED, actor, at
    row.claim = held if isinstance(held, Claim) else None
    row.save(update_fields=["state", "answered_by", "answered_at", "claim"])
    event = _record(row, "confirm_correction", case, at=at, actor=actor, document=row.document)
    if "basis_kind" in pairs:
        deadlines.change_limit(case, event)
    uses = corrections.uses_of(case, row)
    _raise_alarm(row, case, uses, at=at, actor=actor)
    for path in settings.CORRECTION_FOLLOWS:
        import_string(path)(row, uses, at=at, actor=actor)
    return row


def _apply(case: Case, held: models.Model, pairs: Pairs) -> None:
    for name, (_old, new) in pairs.items():
        corrections.put(held, name, new)
    if isinstance(held, Party):
        index_party(held).save()
    elif isinstance(held, Claim):
        held.save()
        amounts = (claim.amount for claim in case.claims.all() if claim.amount)
        case.amount_claimed = sum(amounts, Decimal("0.00"))
        case.save(update_fields=["amount_claimed"])
    else:
        case.basis_key = casenumber.basis_key(case.basis_number)
        case.save(update_fields=[*pairs, "basis_key"])


def _raise_alarm(row: Correction, case: Case, uses: list[Use], *, at: dt.datetime, actor: User) -> None:
    wrong = [use for use in uses if use.kind == UseKind.CONTROL and use.is_red]
    if not row.is_other_person or not wrong:
        return
    row.wrong_person_at = at
    row.save(update_fields=["wrong_person_at"])
    _record(row, "wrong_person", case, at=at, actor=actor, count=len(wrong))


@transaction.atomic
def refuse_correction(correction: Correction, *, note: str, at: dt.datetime, actor: User) -> Correction:
    """The second person does not confirm, and says why; the case stays as it was."""
    row, case = _waiting(correction)
    if not corrections.may_confirm(row, case, actor):
        raise PermissionDenied
    if not note.strip():
        raise Refused(of_field("note", _("请写明不予确认的理由")))
    return _end(row, Correction.State.REFUSED, "refuse_correction", note=note, at=at, actor=actor)


@transaction.atomic
def withdraw_correction(correction: Correction, *, note: str = "", at: dt.datetime, actor: User) -> Correction:
    """Who proposed it takes it back before it is answered."""
    row, _case = _waiting(correction)
    if row.proposed_by_id != actor.pk:
        raise PermissionDenied
    return _end(row, Correction.State.WITHDRAWN, "withdraw_correction", note=note, at=at, actor=actor)


@transaction.atomic
def clear_wrong_person(correction: Correction, *, note: str, at: dt.datetime, actor: User) -> Correction:
    """Judge or handler says that all that was held against the wrong person is released, and how."""
    row, case = _locked(correction)
    if not row.is_alarm:
        raise Refused(_("没有待解除的错误控制"))
    if not corrections.may_clear(row, case, actor):
        raise PermissionDenied
    left = [use.label for use in corrections.uses_of(case, row) if use.kind == UseKind.CONTROL and use.is_red]
    if left:
        raise Refused(_("尚未解除：%(things)s") % {"things": "、".join(left)})
    if not note.strip():
        raise Refused(of_field("note", _("请写明解除情况")))
    row.cleared_at, row.cleared_by, row.clear_note = at, actor, note.strip()[:NOTE_MAX]
    row.save(update_fields=["cleared_at", "cleared_by", "clear_note"])
    _record(row, "clear_wrong_person", case, at=at, actor=actor, note=row.clear_note)
    return row


def may_redo_query(case: Case, user: User) -> bool:
    """Return whether the user may ask the affairs team for a query; that team itself simply does it."""
    return may_request(case, user) and user.team is not None and user.team.kind != Team.Kind.AFFAIRS


@transaction.atomic
def redo_query(correction: Correction, *, at: dt.datetime, actor: User) -> WorkOrder:
    """Ask the affairs team to query anew what was queried on the old name or number; once while it is open."""
    row, case = _locked(correction)
    if not may_redo_query(case, actor):
        raise PermissionDenied
    if not row.is_confirmed or row.party is None:
        raise Refused(_("当事人信息更正确认后，才能重新查询"))
    since = case.work_orders.open().filter(kind=WorkOrder.Kind.QUERY, party=row.party)
    if since.filter(requested_at__gte=row.answered_at).exists():
        raise Refused(_("已请求重新查询，正在办理"))
    team = Team.objects.filter(kind=Team.Kind.AFFAIRS, is_active=True).order_by("id").first()
    if team is None:
        raise Refused(_("没有可办理查询的团队"))
    # What is kept stays Chinese; the doing team opens the case for the name.
    text = "当事人身份信息已更正，请按更正后的姓名（名称）、证件号码重新查询。"
    return request_work(case, kind=WorkOrder.Kind.QUERY, to_team=team, text=text, party=row.party, at=at, actor=actor)


def _locked(correction: Correction) -> tuple[Correction, Case]:
    # The case row is the lock of everything on a case; the correction is read again under it.
    case = Case.objects.select_for_update().get(pk=correction.case_id)
    row = Correction.objects.select_related("party", "claim").get(pk=correction.pk)
    row.case = case
    return row, case


def _waiting(correction: Correction) -> tuple[Correction, Case]:
    row, case = _locked(correction)
    if not row.is_open:
        raise Refused(_("该更正“%(state)s”，已处理") % {"state": row.get_state_display()})
    return row, case


def _end(row: Correction, state: str, verb: str, *, note: str, at: dt.datetime, actor: User) -> Correction:
    row.state, row.answered_by, row.answered_at, row.answer_note = state, actor, at, note.strip()[:NOTE_MAX]
    row.save(update_fields=["state", "answered_by", "answered_at", "answer_note"])
    _record(row, verb, row.case, at=at, actor=actor, note=row.answer_note)
    return row


def _record(row: Correction, verb: str, case: Case, *, at: dt.datetime, actor: User, **details: Any) -> Event:
    """Record what kind of thing changed; names and addresses never, numbers as digest and last four."""
    pairs = row.pairs()
    for name in sorted(corrections.NUMBERS & set(pairs)):
        old, new = pairs[name]
        details |= {f"old_{name}": digest(old), f"old_{name}_last4": old[-4:]}
        details |= {f"new_{name}": digest(new), f"new_{name}_last4": new[-4:]}
    if "amount" in pairs:
        details |= {"old_amount": pairs["amount"][0], "amount": pairs["amount"][1]}
    place = {"party_side": row.party.side, "party_position": row.party.position} if row.party else {}
    told = {"correction_target": row.target, "fields": [f"{row.target}.{name}" for name in row.fields], **place}
    return record(row, verb, at=at, case=case, actor=actor, **told, **details)
