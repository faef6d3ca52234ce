"""Changes at the command centre: verify, triage, declare conflicts, take desks over; `assigning` assigns."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record as record_in_room
from bureau.roles import has_role
from cases import services as cases
from cases.models import Case
from cases.record import record
from dispatch import assigning, rules
from dispatch.facts import to_json
from dispatch.factsources import gather_one
from dispatch.filingchecks import duplicates_of
from dispatch.judging import Judged, judged
from dispatch.models import RuleTable, SendBack, TakeOver, TriageRule, Verdict, Verification
from dispatch.oldbook import OLD_BOOK
from dispatch.recusals import declare_conflict, declare_own_conflict, withdraw_conflict
from dispatch.takeovers import Bar, Bars, desk_of
from dispatch.triage import Proposal
from dispatch.verdictwords import disputed

__all__ = [
    "confirm",
    "decide",
    "declare_conflict",
    "declare_own_conflict",
    "keep_verdict",
    "may_take_over",
    "preview_take_over",
    "propose",
    "sync_rules",
    "take_over",
    "triage",
    "verify",
    "withdraw_conflict",
]
REASON_MAX = 300
NUMBERS_MAX = 5
TAKE_OVER_REASON_MAX = 200


def sync_rules() -> None:
    """Write the first decision table where there is none; every later version is made on its page."""
    if RuleTable.objects.exists():
        return
    at = timezone.make_aware(dt.datetime.combine(rules.FROM_ON, dt.time()))
    table = RuleTable.objects.create(
        version=1,
        state=RuleTable.State.APPROVED,
        fast_weight_min=rules.FAST_WEIGHT_MIN,
        from_on=rules.FROM_ON,
        note=rules.LOCAL,
        authored_by=User.objects.system(),
        authored_at=at,
        approved_at=at,
    )
    TriageRule.objects.bulk_create(TriageRule(table=table, **asdict(rule)) for rule in rules.RULES)


@transaction.atomic
def verify(
    case: Case,
    *,
    cash_found: Decimal | None = None,
    cash_reason: str = "",
    livelihood: str = "",
    disposal: str = "",
    act: str = "",
    willingness: str = "",
    sensitive: Sequence[str] = (),
    note: str = "",
    duplicate_reason: str = "",
    at: dt.datetime,
    actor: User,
) -> Verification:
    """Record what the record cannot tell of a filed case, as checked; the latest check of a case counts.

    Where the paper has an open case already, in whatever court, the check says why this one stands beside it; where it
    has another sum than the network answered, why.
    """
    if not actor.has_perm("dispatch.verify_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    _refuse_unless_filed(case)
    if cash_found is not None and cash_found < 0:
        raise Refused(of_field("cash_found", _("可控存款不能为负")))
    money = _cash_checked(case, cash_found, cash_reason)
    known, duplicate_reason = duplicates_of(case), duplicate_reason.strip()[:REASON_MAX]
    _refuse_duplicate(known, duplicate_reason)
    facts = {
        "cash_found": cash_found,
        "livelihood": livelihood,
        "disposal": disposal,
        "act": act,
        "willingness": willingness,
        "sensitive": list(sensitive),
    }
    verification = Verification.objects.create(
        case=case,
        **facts,
        **money,
        note=note[:REASON_MAX],
        duplicate_reason=duplicate_reason if known else "",
        verified_at=at,
        verified_by=actor,
    )
    said = {"duplicates": [row.pk for row in known], "duplicate_reason": duplicate_reason} if known else {}
    record(verification, "verify", at=at, case=case, actor=actor, **facts, **money, **said)
    return verification


def _cash_checked(case: Case, stated: Decimal | None, reason: str) -> dict[str, Any]:
    """Return why another sum is typed than the network answered, and what that was; nothing where they agree."""
    if stated is None:
        return {}
    cash = gather_one(case, Verification(case=case, cash_found=stated, cash_reason=reason[:REASON_MAX])).cash
    if cash.is_open:
        raise Refused(of_field("cash_reason", disputed(cash)))
    return {"cash_reason": cash.reason, "cash_answered": cash.answered} if cash.is_disputed else {}


def _refuse_duplicate(known: list[Case], reason: str) -> None:
    if known and not reason:
        numbers = _("、").join(f"{row.display_number}（{row.get_stage_display()}）" for row in known[:NUMBERS_MAX])
        said = _("同一执行依据、同一当事人已有在办案件：%(numbers)s。不是重复立案的，请写明理由；是重复的，请退回窗口")
        raise Refused(of_field("duplicate_reason", said % {"numbers": numbers}))


def propose(case: Case, verification: Verification | None = None, *, on: dt.date) -> Proposal:
    """Return what the table in force that day says of the case, with a verification not yet kept on that one."""
    return judged(case, on=on, verification=verification).proposal


@transaction.atomic
def triage(
    case: Case, *, decided: str = "", override_reason: str = "", seen: int = 0, at: dt.datetime, actor: User
) -> Verdict:
    """Decide simple or complex on the facts as they stand, by the table unless a stream and a reason are given.

    `seen` is the edition of the verdict that the actor has before him, none for a case not yet decided: of two who
    decide at once the second is told who was first.
    """
    if not actor.has_perm("dispatch.triage_case"):
        raise PermissionDenied
    case = Case.objects.select_for_update().get(pk=case.pk)
    standing = Verdict.objects.select_related("decided_by").filter(case=case).first()
    _refuse_unseen(standing, seen)
    _refuse_unless_filed(case)
    _refuse_sent_back(case)
    checked = case.verifications.order_by("-id").first()
    if checked is None:
        raise Refused(_("请先核对立案信息"))
    # A duplicate may have come since the check.
    _refuse_duplicate(duplicates_of(case), checked.duplicate_reason)
    said = judged(case, on=timezone.localdate(at))
    return keep_verdict(case, standing, said, decided=decided, override_reason=override_reason, at=at, actor=actor)


@transaction.atomic
def confirm(case: Case, *, seen: int = 0, at: dt.datetime, actor: User) -> Verdict:
    """Take the proposal on the facts of the record; where nobody has checked the case, that nothing was added."""
    if not case.verifications.exists():
        verify(case, at=at, actor=actor)
    return triage(case, seen=seen, at=at, actor=actor)


def keep_verdict(
    case: Case,
    standing: Verdict | None,
    said: Judged,
    *,
    decided: str,
    override_reason: str,
    at: dt.datetime,
    actor: User,
) -> Verdict:
    """Write the verdict in place of the one that stood; the caller holds the case row."""
    proposal, day = said.proposal, timezone.localdate(at)
    decided, reason = decided or proposal.stream, override_reason.strip()[:REASON_MAX]
    if decided not in Case.Stream.values:
        raise Refused(of_field("decided", _("请选择简案或繁案")))
    if decided != proposal.stream and not reason:
        raise Refused(of_field("override_reason", _("与规则建议不同，请写明理由")))
    verdict = standing or Verdict(case=case, edition=0)
    before = verdict.decided
    verdict.verification = case.verifications.order_by("-id").first()
    verdict.table, verdict.edition = said.table, verdict.edition + 1
    verdict.facts, verdict.sources = to_json(said.known.values), said.known.sources
    verdict.proposed, verdict.flags = proposal.stream, list(proposal.flags)
    verdict.hits, verdict.misses = proposal.hits, proposal.misses
    verdict.explanation = [line.as_json() for line in proposal.lines]
    verdict.conclusion = proposal.as_json()
    verdict.decided, verdict.override_reason = decided, reason if decided != proposal.stream else ""
    verdict.decided_at, verdict.decided_on, verdict.decided_by = at, day, actor
    verdict.save()
    if case.stage == Case.Stage.FILED:
        # Later the stream changes only by a hand-over between teams.
        case.triaged_on, case.stream = day, decided
        case.save(update_fields=["triaged_on", "stream"])
    record(
        verdict,
        "triage",
        at=at,
        case=case,
        actor=actor,
        table=said.table.version,
        proposed=proposal.stream,
        decided=decided,
        before=before,
        hits=proposal.hits,
        reason=verdict.override_reason,
    )
    return verdict


def _refuse_unseen(standing: Verdict | None, seen: int) -> None:
    if standing is None or standing.edition == seen:
        return
    words = {
        "name": standing.decided_by.name,
        "time": timezone.localtime(standing.decided_at).strftime("%Y-%m-%d %H:%M"),
        "stream": standing.get_decided_display(),
    }
    raise Refused(_("本案已由%(name)s于 %(time)s 分流为“%(stream)s”，请重新打开本页核对后再改") % words)


def _refuse_sent_back(case: Case) -> None:
    if SendBack.objects.open().filter(case=case).exists():
        raise Refused(_("本案已退回窗口补正，窗口答复或撤回退回后再分流"))


@transaction.atomic
def decide(
    case: Case,
    *,
    facts: Mapping[str, Any],
    decided: str,
    override_reason: str = "",
    seen: int = 0,
    assigns: bool = True,
    at: dt.datetime,
    actor: User,
) -> Verdict:
    """Verify, triage and, unless it is to wait, assign by draw in one act: all of it or nothing."""
    if assigns:
        assigning.hold_draws()
    # The lock and who was first before anything is kept: a second dispatcher's facts are not kept either.
    Case.objects.select_for_update().get(pk=case.pk)
    _refuse_unseen(Verdict.objects.select_related("decided_by").filter(case=case).first(), seen)
    verify(case, **facts, at=at, actor=actor)
    verdict = triage(case, decided=decided, override_reason=override_reason, seen=seen, at=at, actor=actor)
    if assigns:
        assigning.assign(case, at=at, actor=actor)
    return verdict


def _refuse_unless_filed(case: Case) -> None:
    if case.executing_unit != Case.ExecutingUnit.BUREAU:
        raise Refused(str(OLD_BOOK))
    if case.stage != Case.Stage.FILED:
        raise Refused(_("案件已分案，不能再分流"))


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
        raise Refused(of_field("absent", _("%(name)s没有可接管的事项") % {"name": absent.name}))
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


def preview_take_over(
    absent: User, *, taker: User, reason: str = "", actor: User
) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Return what taking over would move and what it would leave with its reason, as the record keeps them.

    Writes nothing. Raises Refused and PermissionDenied as the act does; a reason is not asked for yet.
    """
    if not may_take_over(actor, absent):
        raise PermissionDenied
    if reasons := _take_over_objections(absent, taker, reason.strip() or "—"):
        raise Refused(reasons)
    desk = desk_of(absent)
    bars = Bars(taker, desk.rows)
    items = [(TakeOver.Item.STAGE, case, case.team_id) for case in desk.cases]
    items += [(TakeOver.Item.WORK, order.case, order.to_team_id) for order in desk.orders]
    items += [(TakeOver.Item.KEEPING, case, taker.team_id) for case, _move in desk.kept]
    moved: list[dict[str, str]] = []
    left: list[dict[str, str]] = []
    for what, case, team_id in items:
        item = {"what": str(what), "number": case.display_number}
        bar = bars.of(case, team_id)
        if bar is None:
            moved.append(item)
        else:
            left.append({**item, "why": str(bar.why), "relation": bar.relation})
    return moved, left


def _take_over_objections(absent: User, taker: User, reason: str) -> list[str]:
    reasons = []
    if not reason:
        reasons.append(of_field("reason", _("请写明接管理由")))
    if absent.team is None or taker.team_id != absent.team_id or taker.pk == absent.pk or not taker.is_active:
        reasons.append(of_field("taker", _("接管人应是同一团队的其他在职人员")))
    elif not taker.has_perm("cases.start_case") or not taker.has_perm("cases.do_work"):
        reasons.append(of_field("taker", _("接管人的角色不能承办案件阶段")))
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
