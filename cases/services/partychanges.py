"""Parties come and go by ruling: the judge lays it before a second person, who compares it with the ruling."""

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import OfField, Refused, of_field
from bureau.models import User
from cases.evidence import of_number, papers_of, ruling_objections
from cases.filing import PartyData
from cases.models import Case, Party, PartyChange, PartyChangeProposal
from cases.models.leadership import leads
from cases.record import record
from cases.services.filing import index_party

# What is kept stays Chinese.
UNNUMBERED = "{note}（证件号码不明：{reason}）"
CHANGE_NOTE_MAX, RULING_MAX = 300, 100
State = PartyChangeProposal.State


def may_change_party(case: Case, user: User) -> bool:
    """Return whether the user enters a ruling that changes a party: the judge, before the case is put away."""
    return user.has_perm("cases.change_party") and case.judge_id == user.pk and (case.is_open or case.lives_on)


def may_confirm_party_change(row: PartyChangeProposal, user: User) -> bool:
    """Return whether the user is its second person: of the team that holds the case, or who leads it."""
    if not row.is_open or row.proposed_by_id == user.pk or not user.has_perm("cases.confirm_correction"):
        return False
    return leads(row.case, user, "CHIEF") or (row.case.team_id is not None and row.case.team_id == user.team_id)


@transaction.atomic
def propose_party_change(
    case: Case,
    *,
    kind: str,
    leaving: Party | None = None,
    joining: PartyData,
    document: str,
    ruled_on: dt.date,
    note: str,
    unnumbered: str = "",
    at: dt.datetime,
    actor: User,
) -> PartyChangeProposal:
    """Lay before a second person what a ruling says of the parties (法释〔2016〕21号); nothing has changed yet.

    The ruling is in the file: issued here, or its scan. `unnumbered` says why a debtor's identity number is not known.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_change_party(case, actor):
        raise PermissionDenied
    leaving = Party.objects.get(pk=leaving.pk) if leaving else None
    document, note = document.strip()[:RULING_MAX], note.strip()[:CHANGE_NOTE_MAX]
    reasons = _change_objections(case, kind, leaving, joining, document, ruled_on, note, timezone.localdate(at))
    if case.party_change_proposals.filter(state=State.PROPOSED).exists():
        reasons.append(_("已有一项待确认的当事人变更，请先处理"))
    if reasons := reasons + _unnumbered(joining, unnumbered):
        raise Refused(reasons)
    if not joining.id_number:
        note = UNNUMBERED.format(note=note, reason=unnumbered.strip())[:CHANGE_NOTE_MAX]
    row = PartyChangeProposal.objects.create(
        case=case,
        kind=kind,
        leaving=leaving,
        joining=json.dumps(asdict(joining), ensure_ascii=False),
        document=document,
        ruled_on=ruled_on,
        note=note,
        proposed_by=actor,
        proposed_at=at,
    )
    _record(row, "propose_party_change", at=at, actor=actor)
    return row


@transaction.atomic
def confirm_party_change(row: PartyChangeProposal, *, at: dt.datetime, actor: User) -> PartyChangeProposal:
    """The second person has compared it with the ruling: who leaves stays in the file as former, who joins is party."""
    row = _waiting(row, actor)
    case, joining = row.case, PartyData(**row.joins)
    day = timezone.localdate(at)
    reasons = _change_objections(case, row.kind, row.leaving, joining, row.document, row.ruled_on, row.note, day)
    if reasons:
        raise Refused(reasons)
    party = _join(case, joining, document=row.document, on=row.ruled_on)
    if row.leaving is not None:
        row.leaving.left_on, row.leaving.by_document = row.ruled_on, row.document
        row.leaving.save(update_fields=["left_on", "by_document"])
    names = ("case", "kind", "leaving", "document", "ruled_on", "note")
    values = {name: getattr(row, name) for name in names}
    row.change = PartyChange.objects.create(**values, joining=party, by=row.proposed_by, at=at)
    _answer(row, State.CONFIRMED, at=at, actor=actor)
    _record(row, "change_party", at=at, actor=actor, joined=party.position)
    return row


@transaction.atomic
def refuse_party_change(row: PartyChangeProposal, *, note: str, at: dt.datetime, actor: User) -> PartyChangeProposal:
    """The second person does not confirm, and says why; the parties stay as they are."""
    row = _waiting(row, actor)
    if not note.strip():
        raise Refused(of_field("note", _("请写明不予确认的理由")))
    row.answer_note = note.strip()[:CHANGE_NOTE_MAX]
    _answer(row, State.REFUSED, at=at, actor=actor)
    _record(row, "refuse_party_change", at=at, actor=actor, note=row.answer_note)
    return row


def _waiting(row: PartyChangeProposal, actor: User) -> PartyChangeProposal:
    # The case row is the lock of everything on a case; the proposal is read again under it.
    case = Case.objects.select_for_update().get(pk=row.case_id)
    row = PartyChangeProposal.objects.select_related("leaving", "proposed_by").get(pk=row.pk)
    row.case = case
    if not row.is_open:
        raise Refused(_("该变更“%(state)s”，已处理") % {"state": row.get_state_display()})
    if not may_confirm_party_change(row, actor):
        raise PermissionDenied
    return row


def _answer(row: PartyChangeProposal, state: str, *, at: dt.datetime, actor: User) -> None:
    row.state, row.answered_by, row.answered_at = state, actor, at
    row.save(update_fields=["state", "answered_by", "answered_at", "answer_note", "change"])


def _record(row: PartyChangeProposal, verb: str, *, at: dt.datetime, actor: User, **details: Any) -> None:
    side = PartyChange.RULES[PartyChange.Kind(row.kind)][0]
    told = {"party_change": row.kind, "party_side": side, "document": row.document, "ruled_on": row.ruled_on}
    record(row.change or row, verb, at=at, case=row.case, actor=actor, **told, **details)


def _change_objections(
    case: Case,
    kind: str,
    leaving: Party | None,
    joining: PartyData,
    document: str,
    ruled_on: dt.date,
    note: str,
    day: dt.date,
) -> list[str]:
    if kind not in PartyChange.Kind.values:
        return [of_field("kind", _("请选择变更事项"))]
    side, someone_leaves = PartyChange.RULES[PartyChange.Kind(kind)]
    reasons = []
    if someone_leaves and (leaving is None or leaving.case_id != case.pk or leaving.side != side):
        reasons.append(of_field("leaving", _("请选择本案被变更的当事人")))
    elif leaving is not None and not someone_leaves:
        reasons.append(of_field("leaving", _("追加当事人时没有人退出")))
    elif leaving is not None and not leaving.is_current:
        reasons.append(of_field("leaving", _("该当事人已退出")))
    if joining.side != side or not joining.name.strip():
        reasons.append(of_field("name", _("请填写新的当事人")))
    if side == Party.Side.APPLICANT and not joining.id_number:
        reasons.append(of_field("id_number", _("申请执行人必须有证件号码")))
    if not document:
        reasons.append(of_field("document", _("请写明裁定书文号")))
    else:
        reasons += ruling_objections(case, document, name="document") or _unseen(case, document)
    if not case.filed_on <= ruled_on <= day:
        reasons.append(of_field("ruled_on", _("裁定日应在立案以后、不晚于今天")))
    if not note:
        reasons.append(of_field("note", _("请写明事实和理由")))
    return reasons


def _unseen(case: Case, document: str) -> list[OfField]:
    if of_number(papers_of(case), document):
        return []
    text = _("卷内没有文号为 %(number)s 的裁定；先以“法院文书”种类扫描入卷，名称写明文号")
    return [OfField("document", text % {"number": document})]


def _unnumbered(joining: PartyData, reason: str) -> list[str]:
    if joining.id_number or joining.side == Party.Side.APPLICANT or reason.strip():
        return []
    return [of_field("id_number", _("请填写证件号码；确实不明的，写明不明的原因"))]


def _join(case: Case, data: PartyData, *, document: str, on: dt.date) -> Party:
    last = case.parties.filter(side=data.side).aggregate(last=Max("position"))["last"] or 0
    party = Party(
        case=case,
        side=data.side,
        kind=data.kind,
        position=last + 1,
        name=data.name,
        id_kind=data.id_kind,
        id_number=data.id_number,
        phone=data.phone,
        address=data.address,
        legal_representative=data.legal_representative,
        joined_on=on,
        by_document=document,
    )
    index_party(party).save(force_insert=True)
    return party
