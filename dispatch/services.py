"""Changes at the command centre: verify, triage, declare conflicts, take desks over; `assigning` assigns."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.crypto import digest
from bureau.errors import Refused
from bureau.models import User
from bureau.record import record as record_in_room
from bureau.roles import has_role
from cases import services as cases
from cases.models import Case, Party
from cases.record import record
from dispatch import assigning, rules
from dispatch.models import Conflict, TakeOver, TriageRule, Verdict, Verification
from dispatch.takeovers import Bar, Bars, desk_of
from dispatch.triage import Facts, Proposal, judge

REASON_MAX = 300
TAKE_OVER_REASON_MAX = 200


def sync_rules() -> None:
    """Write the declared triage rules into their table; a version once written only ends, when the next begins."""
    for rule in rules.RULES:
        values = asdict(rule)
        TriageRule.objects.get_or_create(code=values.pop("code"), version=values.pop("version"), defaults=values)
        older = TriageRule.objects.filter(code=rule.code, version__lt=rule.version, until_on__isnull=True)
        older.update(until_on=rule.from_on)


@transaction.atomic
def verify(
    case: Case,
    *,
    cash_found: Decimal,
    livelihood: str = "",
    disposal: str = "",
    act: str = "",
    note: str = "",
    at: dt.datetime,
    actor: User,
) -> Verification:
    """Record the facts of a filed case as checked; a later check of the same case replaces an earlier one."""
    if not actor.has_perm("dispatch.verify_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    _refuse_unless_filed(case)
    if cash_found < 0:
        raise Refused(_("可控存款不能为负"))
    verification = Verification.objects.create(
        case=case,
        cash_found=cash_found,
        livelihood=livelihood,
        disposal=disposal,
        act=act,
        note=note[:REASON_MAX],
        verified_at=at,
        verified_by=actor,
    )
    record(
        verification,
        "verify",
        at=at,
        case=case,
        actor=actor,
        cash_found=cash_found,
        livelihood=livelihood,
        disposal=disposal,
        act=act,
    )
    return verification


def propose(case: Case, verification: Verification, *, on: dt.date) -> Proposal:
    """Return what the rules in force that day say of the verified facts."""
    facts = Facts(
        claimed=case.amount_claimed,
        cash_found=verification.cash_found,
        debtors=sum(party.side == Party.Side.DEBTOR and party.is_current for party in case.parties.all()),
        livelihood=verification.livelihood,
        disposal=verification.disposal,
        act=verification.act,
    )
    return judge(facts, TriageRule.objects.in_force(on=on), fast_weight_min=rules.FAST_WEIGHT_MIN)


@transaction.atomic
def triage(case: Case, *, decided: str = "", override_reason: str = "", at: dt.datetime, actor: User) -> Verdict:
    """Decide simple or complex on the latest verified facts, by the rules unless a stream and a reason are given."""
    if not actor.has_perm("dispatch.triage_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    _refuse_unless_filed(case)
    verification = case.verifications.order_by("-id").first()
    if verification is None:
        raise Refused(_("请先核对立案信息"))
    day = timezone.localdate(at)
    proposal = propose(case, verification, on=day)
    decided = decided or proposal.stream
    reason = override_reason.strip()[:REASON_MAX]
    if decided not in Case.Stream.values:
        raise Refused(_("请选择简案或繁案"))
    if decided != proposal.stream and not reason:
        raise Refused(_("与规则建议不同，请写明理由"))
    verdict, _created = Verdict.objects.update_or_create(
        case=case,
        defaults={
            "verification": verification,
            "proposed": proposal.stream,
            "hits": proposal.hits,
            "misses": proposal.misses,
            "explanation": [asdict(line) for line in proposal.lines] + [{"conclusion": proposal.conclusion}],
            "decided": decided,
            "override_reason": reason if decided != proposal.stream else "",
            "decided_at": at,
            "decided_on": day,
            "decided_by": actor,
        },
    )
    case.triaged_on, case.stream = day, decided
    case.save(update_fields=["triaged_on", "stream"])
    record(
        verdict,
        "triage",
        at=at,
        case=case,
        actor=actor,
        proposed=proposal.stream,
        decided=decided,
        hits=proposal.hits,
        reason=verdict.override_reason,
    )
    return verdict


@transaction.atomic
def decide(
    case: Case,
    *,
    facts: Mapping[str, Any],
    decided: str,
    override_reason: str = "",
    assigns: bool = True,
    at: dt.datetime,
    actor: User,
) -> Verdict:
    """Verify, triage and, unless it is to wait, assign by draw in one act: all of it or nothing."""
    if assigns:
        assigning.hold_draws()
    verify(case, **facts, at=at, actor=actor)
    verdict = triage(case, decided=decided, override_reason=override_reason, at=at, actor=actor)
    if assigns:
        assigning.assign(case, at=at, actor=actor)
    return verdict


def _refuse_unless_filed(case: Case) -> None:
    if case.stage != Case.Stage.FILED:
        raise Refused(_("案件已分案，不能再分流"))


@transaction.atomic
def declare_conflict(
    user: User, *, party_name: str, id_number: str = "", relation: str, at: dt.datetime, actor: User
) -> Conflict:
    """Record that a member of staff must stay away from a person's cases (回避, 民诉法解释 43–44, 49)."""
    if not actor.has_perm("dispatch.assign_case") and actor.pk != user.pk:
        raise PermissionDenied
    if not party_name.strip() or not relation.strip():
        raise Refused(_("请填写当事人姓名或名称及关系"))
    conflict = Conflict.objects.create(
        user=user,
        party_name=party_name.strip(),
        id_digest=digest(id_number),
        relation=relation.strip(),
        declared_at=at,
    )
    record_in_room(conflict, "declare_conflict", at=at, actor=actor, user=user.pk, id=conflict.id_digest)
    return conflict


@transaction.atomic
def withdraw_conflict(conflict: Conflict, *, at: dt.datetime, actor: User) -> Conflict:
    """End a declared conflict; it stays on record."""
    if not actor.has_perm("dispatch.assign_case") and actor.pk != conflict.user_id:
        raise PermissionDenied
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.withdrawn_at:
        raise Refused(_("该回避申报已撤回"))
    conflict.withdrawn_at = at
    conflict.save(update_fields=["withdrawn_at"])
    record_in_room(conflict, "withdraw_conflict", at=at, actor=actor, user=conflict.user_id)
    return conflict


def may_take_over(actor: User, absent: User) -> bool:
    """Return whether the actor may decide over that desk: a judge of the same team, or the chief; never one's own."""
    if not actor.has_perm("dispatch.take_over_desk") or actor.pk == absent.pk:
        return False
    return has_role(actor, "CHIEF") or (actor.team_id is not None and actor.team_id == absent.team_id)


@transaction.atomic
def take_over(absent: User, *, taker: User, reason: str, at: dt.datetime, actor: User) -> TakeOver:
    """Give an absent colleague's whole desk to another of his team: stages owned, orders accepted, controls kept.

    Declared conflicts block item by item; what is left is listed with its reason. Approvals, checks of payouts and a
    judge's decisions never move (回避, 民诉法解释 43–44, 49).
    """
    if not may_take_over(actor, absent):
        raise PermissionDenied
    reason = reason.strip()[:TAKE_OVER_REASON_MAX]
    if reasons := _take_over_objections(absent, taker, reason):
        raise Refused(reasons)
    assert absent.team is not None
    desk = desk_of(absent)
    rows = desk.rows
    # All case rows first and in one order; then the desk is read again, as it stands under the locks.
    list(Case.objects.held().filter(pk__in={case.pk for case in rows}).order_by("pk"))
    desk, bars = desk_of(absent), Bars(taker, rows)
    row = TakeOver(team=absent.team, absent=absent, taker=taker, reason=reason, by=actor, at=at)
    for case in desk.cases:
        move = partial(cases.pass_stage, case, to=taker, at=at, actor=actor)
        _take_item(row, TakeOver.Item.STAGE, case, bars.of(case, case.team_id), move)
    for order in desk.orders:
        move_order = partial(cases.pass_work, order, to=taker, at=at, actor=actor)
        _take_item(row, TakeOver.Item.WORK, order.case, bars.of(order.case, order.to_team_id), move_order)
    for case, pass_on in desk.kept:
        # What is kept beyond closing belongs to a person, not to the team that held the case.
        move_kept = partial(pass_on, to=taker, at=at, actor=actor)
        _take_item(row, TakeOver.Item.KEEPING, case, bars.of(case, taker.team_id), move_kept)
    if not row.moved and not row.left:
        raise Refused(_("%(name)s没有可接管的事项") % {"name": absent.name})
    row.save(force_insert=True)
    record_in_room(
        row,
        "take_over",
        at=at,
        actor=actor,
        absent=absent.pk,
        taker=taker.pk,
        reason=reason,
        moved_count=len(row.moved),
        left_count=len(row.left),
    )
    return row


def _take_over_objections(absent: User, taker: User, reason: str) -> list[str]:
    reasons = []
    if not reason:
        reasons.append(_("请写明接管理由"))
    if absent.team is None or taker.team_id != absent.team_id or taker.pk == absent.pk or not taker.is_active:
        reasons.append(_("接管人应是同一团队的其他在职人员"))
    elif not taker.has_perm("cases.start_case") or not taker.has_perm("cases.do_work"):
        reasons.append(_("接管人的角色不能承办案件阶段"))
    return reasons


def _take_item(row: TakeOver, what: str, case: Case, bar: Bar | None, move: Callable[[], object]) -> None:
    item = {"what": str(what), "case": case.pk, "number": case.display_number}
    if bar is not None:
        row.left.append({**item, "why": str(bar.why), "relation": bar.relation})
        return
    try:
        with transaction.atomic():
            move()
    except Refused as refusal:
        row.left.append({**item, "why": TakeOver.Why.REFUSED.value, "relation": str(refusal)})
    else:
        row.moved.append(item)
