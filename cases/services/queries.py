"""The network query is launched for every debtor at once, from filing on, and its answer noted (财产调查规定 1, 12)."""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Team, User
from bureau.roles import has_role
from cases import propertynetwork
from cases.models import Case, NetworkQuery, Party, QueryAnswer
from cases.onduty import judge_on_duty
from cases.record import record
from cases.services.queryexchange import finish
from cases.services.workbatches import Batch, held_many, try_each

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
def launch_query(
    case: Case, *, provider: str, batch: str = "", judge: User | None = None, at: dt.datetime, actor: User
) -> Case:
    """Ask the network about every debtor; one that still waits for its answer stands.

    In the name of the case's judge; before it has one, of the judge on duty by the roster, and on a day without one of
    `judge`, who must be named. The two systems of the courts are asked by the product itself; what another platform
    says is noted by hand.
    """
    case = _held(case, actor)
    judge = case.judge or judge_on_duty(timezone.localdate(at)) or judge
    reasons = [] if provider in NetworkQuery.Provider.values else [of_field("provider", _("请选择查控系统"))]
    if judge is None or not judge.is_active or not has_role(judge, "JUDGE"):
        reasons.append(of_field("judge", _("案件尚无承办法官，请选择值班法官")))
    asked = _to_ask(case)
    if not asked:
        reasons.append(_("各被执行人均已发起网络查控，等待反馈"))
    if reasons or judge is None:
        raise Refused(reasons)
    batch, is_networked = batch.strip()[:BATCH_MAX], provider != NetworkQuery.Provider.OTHER
    made = NetworkQuery.objects.bulk_create(
        NetworkQuery(
            case=case,
            party=party,
            provider=provider,
            batch=batch,
            judge=judge,
            is_networked=is_networked,
            launched_by=actor,
            launched_at=at,
        )
        for party in asked
    )
    if is_networked:
        _fan_out(made, propertynetwork.sources())
    details = {"provider": provider, "batch": batch, "parties": [party.pk for party in asked], "count": len(asked)}
    record(case, "launch_query", at=at, case=case, actor=actor, judge=judge.pk, **details)
    return case


def _fan_out(queries: Iterable[NetworkQuery], sources: Iterable[str]) -> None:
    wanted = list(sources)
    QueryAnswer.objects.bulk_create(QueryAnswer(query=query, source=source) for query in queries for source in wanted)


@transaction.atomic
def launch_many(
    cases: Iterable[Case], *, provider: str, judge: User | None = None, at: dt.datetime, actor: User
) -> Batch:
    """Ask the network about the debtors of several cases; those that may not be queried are left with the reason."""
    batch = Batch()
    for case in held_many(case.pk for case in cases):
        ask = partial(launch_query, case, provider=provider, judge=judge, at=at, actor=actor)
        try_each(batch, case.pk, case.display_number, ask)
    return batch


@transaction.atomic
def ask_query_again(query: NetworkQuery, *, at: dt.datetime, actor: User) -> NetworkQuery:
    """Ask those again who refused or failed; the first query and its answers stay as they are."""
    case = _held(Case(pk=query.case_id), actor)
    query = NetworkQuery.objects.select_related("party").get(pk=query.pk)
    reasons = []
    if not NetworkQuery.objects.lacking().filter(pk=query.pk).exists():
        reasons.append(_("本次查询没有需要重查的单位，或已重查"))
    if NetworkQuery.objects.running().filter(party=query.party).exists():
        reasons.append(_("该被执行人另有查控等待反馈"))
    if reasons:
        raise Refused(reasons)
    again = NetworkQuery.objects.create(
        case=case,
        party=query.party,
        provider=query.provider,
        judge=case.judge or judge_on_duty(timezone.localdate(at)) or query.judge,
        repeats=query,
        is_networked=True,
        launched_by=actor,
        launched_at=at,
    )
    lost = list(query.answers.filter(state__in=QueryAnswer.LOST).values_list("source", flat=True))
    _fan_out([again], lost)
    record(
        again, "ask_query_again", at=at, case=case, actor=actor, provider=query.provider, sources=lost, count=len(lost)
    )
    return again


@transaction.atomic
def note_query_answered(case: Case, *, answer: str, at: dt.datetime, actor: User) -> Case:
    """Note in words what the running queries of the case brought back; whoever has not answered is not waited for."""
    case = _held(case, actor)
    answer = answer.strip()[:ANSWER_MAX]
    running = case.network_queries.running()
    parties = list(running.order_by("party").values_list("party", flat=True))
    reasons = [] if answer else [of_field("answer", _("请写明反馈情况"))]
    if not parties:
        reasons.append(_("没有等待反馈的网络查控"))
    if reasons:
        raise Refused(reasons)
    QueryAnswer.objects.open().filter(query__in=running).update(state=QueryAnswer.State.BY_HAND, answered_at=at)
    # What some providers had found already is owed like any find.
    found = list(running.filter(answers__leads__isnull=False).distinct())
    finish(found, answer=answer, at=at, actor=actor)
    running.update(answered_on=timezone.localdate(at), answer=answer, answered_by=actor)
    record(
        case, "note_query_answered", at=at, case=case, actor=actor, parties=parties, note=answer, found_count=len(found)
    )
    return case


def _held(case: Case, actor: User) -> Case:
    case = Case.objects.held().get(pk=case.pk)
    if not may_query(case, actor):
        raise PermissionDenied
    if reasons := _stage_objections(case):
        raise Refused(reasons)
    return case


def _stage_objections(case: Case) -> list[str]:
    if case.stage in STAGES:
        return []
    return [_("案件处于“%(stage)s”阶段，不能办理网络查控") % {"stage": case.get_stage_display()}]


def launch_objections(case: Case) -> list[str]:
    """Return why the network cannot be asked now, whatever is typed."""
    if reasons := _stage_objections(case):
        return reasons
    return [] if _to_ask(case) else [_("各被执行人均已发起网络查控，等待反馈")]


def answer_objections(case: Case) -> list[str]:
    """Return why no answer can be noted now."""
    if reasons := _stage_objections(case):
        return reasons
    return [] if case.network_queries.running().exists() else [_("没有等待反馈的网络查控")]


def _to_ask(case: Case) -> list[Party]:
    running = set(case.network_queries.running().values_list("party", flat=True))
    debtors = case.parties.filter(side=Party.Side.DEBTOR, left_on__isnull=True).order_by("position")
    return [party for party in debtors if party.pk not in running]
