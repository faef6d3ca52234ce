"""The network query is launched for every debtor at once, and its answer noted (财产调查规定 1, 12)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import Team, User
from cases.models import Case, NetworkQuery, Party
from cases.record import record

BATCH_MAX, ANSWER_MAX = 60, 300


# From filing on: the query runs beside triage (domain handbook §6.1 G2).
STAGES = (Case.Stage.FILED, Case.Stage.ALLOCATED, *Case.WORKED)


def may_query(case: Case, user: User) -> bool:
    """Return whether the user's team holds the case and carries out its first steps; before its start, affairs do."""
    if not user.has_perm("cases.hand_over_case"):
        return False
    is_held = case.team_id is not None and case.team_id == user.team_id
    is_of_affairs = user.team is not None and user.team.kind == Team.Kind.AFFAIRS
    return is_held or (case.stage in Case.BEFORE_STREAM and is_of_affairs)


@transaction.atomic
def launch_query(case: Case, *, provider: str, batch: str = "", at: dt.datetime, actor: User) -> Case:
    """Record that the network query was launched for every debtor; one that still waits for its answer stands."""
    case = _held(case, actor)
    reasons = [] if provider in NetworkQuery.Provider.values else [_("请选择查控系统")]
    running = set(case.network_queries.running().values_list("party", flat=True))
    debtors = case.parties.filter(side=Party.Side.DEBTOR).order_by("position")
    asked = [party for party in debtors if party.pk not in running]
    if not asked:
        reasons.append(_("各被执行人均已发起网络查控，等待反馈"))
    if reasons:
        raise Refused(reasons)
    batch = batch.strip()[:BATCH_MAX]
    NetworkQuery.objects.bulk_create(
        NetworkQuery(case=case, party=party, provider=provider, batch=batch, launched_by=actor, launched_at=at)
        for party in asked
    )
    details = {"provider": provider, "batch": batch, "parties": [party.pk for party in asked], "count": len(asked)}
    record(case, "launch_query", at=at, case=case, actor=actor, **details)
    return case


@transaction.atomic
def note_query_answered(case: Case, *, answer: str, at: dt.datetime, actor: User) -> Case:
    """Note in words what the running queries of the case brought back."""
    case = _held(case, actor)
    answer = answer.strip()[:ANSWER_MAX]
    running = case.network_queries.running()
    parties = list(running.order_by("party").values_list("party", flat=True))
    reasons = [] if answer else [_("请写明反馈情况")]
    if not parties:
        reasons.append(_("没有等待反馈的网络查控"))
    if reasons:
        raise Refused(reasons)
    running.update(answered_on=timezone.localdate(at), answer=answer, answered_by=actor)
    record(case, "note_query_answered", at=at, case=case, actor=actor, parties=parties, note=answer)
    return case


def _held(case: Case, actor: User) -> Case:
    case = Case.objects.held().get(pk=case.pk)
    if not may_query(case, actor):
        raise PermissionDenied
    if case.stage not in STAGES:
        raise Refused(_("案件处于“%(stage)s”阶段，不能办理网络查控") % {"stage": case.get_stage_display()})
    return case
