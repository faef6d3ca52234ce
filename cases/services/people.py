"""Who acts for a party."""

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.roles import has_role
from cases.models import Agent, Case, Party
from cases.record import record

NOTE_MAX, DOCUMENT_MAX = 200, 200


def may_manage_agents(case: Case, user: User) -> bool:
    """Return whether the user enters agents of the case: its window, the team that holds it, or its judge."""
    if not user.has_perm("cases.manage_agents") or case.stage == Case.Stage.ARCHIVED:
        return False
    is_clerk = has_role(user, "WINDOW_CLERK") and user.window_id == case.filing_window_id
    return is_clerk or case.judge_id == user.pk or (case.team_id is not None and case.team_id == user.team_id)


@transaction.atomic
def add_agent(
    party: Party,
    *,
    name: str,
    kind: str,
    firm: str = "",
    licence: str,
    phone: str = "",
    special: Sequence[str] = (),
    from_on: dt.date,
    until_on: dt.date | None = None,
    document: str,
    at: dt.datetime,
    actor: User,
) -> Agent:
    """Enter an agent with what the paper of authority says; special powers are named one by one (民事诉讼法 62)."""
    case = Case.objects.select_for_update().get(pk=party.case_id)
    party = Party.objects.get(pk=party.pk)
    if not may_manage_agents(case, actor):
        raise PermissionDenied
    name, document, licence = name.strip(), document.strip()[:DOCUMENT_MAX], licence.strip()
    day = timezone.localdate(at)
    if reasons := _agent_objections(party, name, kind, licence, special, from_on, until_on, document, day):
        raise Refused(reasons)
    row = Agent.objects.create(
        case=case,
        party=party,
        name=name,
        kind=kind,
        firm=firm.strip(),
        licence=licence,
        licence_last4=licence[-4:],
        phone=phone,
        phone_last4=phone[-4:],
        powers=Agent.Powers.SPECIAL if special else Agent.Powers.GENERAL,
        special=sorted(set(special)),
        from_on=from_on,
        until_on=until_on,
        document=document,
        added_by=actor,
        added_at=at,
    )
    told = {"party_side": party.side, "agent_kind": kind, "powers": row.powers, "from_on": from_on}
    record(row, "add_agent", at=at, case=case, actor=actor, until_on=until_on, document=document, **told)
    return row


def _agent_objections(
    party: Party,
    name: str,
    kind: str,
    licence: str,
    special: Sequence[str],
    from_on: dt.date,
    until_on: dt.date | None,
    document: str,
    day: dt.date,
) -> list[str]:
    reasons = []
    if not party.is_current:
        reasons.append(of_field("party", _("该当事人已退出，不能再委托代理人")))
    if not name or not licence:
        reasons.append(of_field("name", _("请填写代理人姓名和执业证号或身份证号")))
    if kind not in Agent.Kind.values or not set(special) <= set(Agent.Power.values):
        reasons.append(of_field("kind", _("请选择代理人身份和权限")))
    if not document:
        reasons.append(of_field("document", _("请写明授权委托书")))
    if until_on is not None and until_on < from_on:
        reasons.append(of_field("until_on", _("代理期限的截止日不能早于起始日")))
    if until_on is not None and until_on < day:
        reasons.append(of_field("until_on", _("代理期限已届满")))
    live = party.agents.filter(revoked_at__isnull=True).exclude(until_on__lt=day)
    if live.count() >= Agent.PER_PARTY_MAX:
        reasons.append(of_field("party", _("一名当事人最多委托两名代理人，请先解除原代理")))
    return reasons


@transaction.atomic
def revoke_agent(agent: Agent, *, note: str, at: dt.datetime, actor: User) -> Agent:
    """The party has withdrawn the authority, or the agent gave it up; what was done under it stands."""
    case = Case.objects.select_for_update().get(pk=agent.case_id)
    agent = Agent.objects.select_related("party").get(pk=agent.pk)
    if not may_manage_agents(case, actor):
        raise PermissionDenied
    if agent.revoked_at is not None:
        raise Refused(_("该代理已解除"))
    if not note.strip():
        raise Refused(of_field("note", _("请写明解除原因")))
    agent.revoked_at, agent.revoked_by, agent.revoke_note = at, actor, note.strip()[:NOTE_MAX]
    agent.save(update_fields=["revoked_at", "revoked_by", "revoke_note"])
    told = {"party_side": agent.party.side, "agent_kind": agent.kind, "note": agent.revoke_note}
    record(agent, "revoke_agent", at=at, case=case, actor=actor, **told)
    return agent
