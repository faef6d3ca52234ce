"""What waits for a user because of a stage: proposals to sign, stays that ran out, instalments, files to archive."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from cases import nodes
from cases.models import Case, Closing, Deadline, Handover, Instalment, LimitExtension, Settlement, Stay, put_away_by
from cases.models.leadership import led_by
from cases.services.closings import may_sign
from cases.services.handovers import SENT_BACK_MAX
from cases.services.limits import DECIDERS

ITEMS_MAX = 200
NEAR_DAYS = 7
TITLE_MAX = 40


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's waiting items; at most ten queries."""
    if user.has_perm("cases.review_closing"):
        yield from _to_sign(user)
    if user.has_perm("cases.extend_limit"):
        yield from _limits(user, today)
    if user.has_perm("cases.resume_case"):
        yield from _stays(user, today)
    if user.has_perm("cases.propose_closing") or user.has_perm("cases.settle_case"):
        yield from _instalments(user, today)
    if (shelf := put_away_by(user, case="")) is not None:
        yield from _to_archive(shelf)
        yield from _to_query_again(user, today)
    if user.has_perm("cases.take_up_case"):
        yield from _to_take_up(user)
    if user.has_perm("dispatch.assign_case"):
        yield from _escalated()
    if user.has_perm("cases.propose_closing"):
        yield from _returned(user)


def _to_take_up(user: User) -> Iterator[DeskItem]:
    """What the rule sends to the user's court and nobody there works on yet: the head names who does."""
    court = user.team.court_id if user.team else None
    rows = Case.objects.of_courts().filter(stage=Case.Stage.FILED, number_court__isnull=False, number_court=court)
    for case in rows.order_by("filed_on", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("旧存案件待确定承办人"),
            title=_("恢复执行等由本院办理的案件，请确定承办法官和承办人"),
            url=reverse("cases:take_up", args=[case.pk]),
            case_number=case.display_number,
            since_on=case.filed_on,
        )


def _to_query_again(user: User, today: dt.date) -> Iterator[DeskItem]:
    near = today + dt.timedelta(days=nodes.BY_CODE["REQUERY"].yellow)
    shelf = put_away_by(user)
    rows = Deadline.objects.running().filter(shelf, node="REQUERY", due_on__lte=near).select_related("case")
    for row in rows.order_by("due_on", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("终本后定期查询"),
            title=_("查询财产，告知申请执行人"),
            url=reverse("cases:requery", args=[row.case_id]),
            case_number=row.case.display_number,
            due_on=row.due_on,
            since_on=row.started_on,
            is_red=row.due_on <= today,
        )


def _to_sign(user: User) -> Iterator[DeskItem]:
    rows = Closing.objects.filter(state=Closing.State.PROPOSED, case__in=Case.objects.visible_to(user))
    rows = rows.select_related("case").prefetch_related("signatures").order_by("proposed_at", "id")
    for closing in rows[:ITEMS_MAX]:
        if may_sign(closing, user):
            yield DeskItem(
                kind=_("结案审查"),
                title=closing.get_mode_display(),
                url=reverse("cases:closing", args=[closing.pk]),
                case_number=closing.case.display_number,
                due_on=closing.case.closing_due_on,
                since_on=timezone.localdate(closing.proposed_at),
            )


def _limits(user: User, today: dt.date) -> Iterator[DeskItem]:
    if not (led := led_by(user, *DECIDERS)):
        return
    waiting = LimitExtension.objects.filter(led).to_decide().exclude(asked_by=user).select_related("case")
    for row in waiting[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("审批延长执行期限"),
            title=row.reason[:TITLE_MAX],
            url=row.get_absolute_url(),
            case_number=row.case.display_number,
            due_on=row.limit_on,
            since_on=timezone.localdate(row.asked_at),
            is_red=row.limit_on <= today,
        )


def _returned(user: User) -> Iterator[DeskItem]:
    """What a reviewer sent back and nobody has proposed again."""
    later = Closing.objects.filter(case=OuterRef("case"), pk__gt=OuterRef("pk"))
    rows = Closing.objects.filter(~Exists(later), state=Closing.State.RETURNED, case__owner=user)
    rows = rows.exclude(case__stage__in=Case.ENDED).select_related("case")
    for closing in rows.order_by("ended_at", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("结案被退回"),
            title=closing.defects,
            url=f"{reverse('cases:propose_closing', args=[closing.case_id])}?mode={closing.mode}",
            case_number=closing.case.display_number,
            due_on=closing.case.closing_due_on,
            since_on=timezone.localdate(closing.ended_at) if closing.ended_at else None,
        )


def _stays(user: User, today: dt.date) -> Iterator[DeskItem]:
    near = today + dt.timedelta(days=NEAR_DAYS)
    rows = Stay.objects.filter(ended_on__isnull=True, until_on__lte=near, case__judge=user).select_related("case")
    for row in rows.order_by("until_on", "id")[:ITEMS_MAX]:
        is_past = row.until_on < today
        yield DeskItem(
            kind=_("暂缓已到期") if is_past else _("暂缓将到期"),
            title=_("恢复执行，或另作决定"),
            url=reverse("cases:resume", args=[row.case_id]),
            case_number=row.case.display_number,
            due_on=row.until_on,
            since_on=row.from_on,
            is_red=is_past,
        )


def _instalments(user: User, today: dt.date) -> Iterator[DeskItem]:
    near = today + dt.timedelta(days=NEAR_DAYS)
    mine = Q(settlement__case__owner=user) | Q(settlement__case__judge=user)
    running = {"paid_on__isnull": True, "settlement__outcome__in": Settlement.RUNNING}
    rows = Instalment.objects.filter(mine, due_on__lte=near, **running)
    for row in rows.select_related("settlement__case").order_by("due_on", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("和解到期未登记") if row.due_on < today else _("和解将到期"),
            title=_("第 %(position)d 期 %(amount)s 元") % {"position": row.position, "amount": f"{row.amount:,.2f}"},
            url=reverse("cases:note_instalment", args=[row.pk]),
            case_number=row.settlement.case.display_number,
            due_on=row.due_on,
            is_red=row.due_on < today,
        )


def _to_archive(shelf: Q) -> Iterator[DeskItem]:
    # One line for the whole shelf: a desk that lists every closed file hides what is pressing.
    lives_on = Q(closing_mode=Case.ClosingMode.PROCEDURAL)
    count = Case.objects.filter(shelf, stage=Case.Stage.CLOSED).exclude(lives_on).count()
    if count:
        yield DeskItem(
            kind=_("待归档"),
            title=_("%(count)d 件已结案件待归档") % {"count": count},
            url=f"{reverse('cases:list')}?stage=CLOSED&sort=filed",
        )


def _escalated() -> Iterator[DeskItem]:
    unsettled = Q(handovers__state=Handover.State.SENT_BACK, handovers__settled_at__isnull=True)
    sent_back = Count("handovers", filter=unsettled)
    rows = Case.objects.filter(stage__in=Case.WORKED).annotate(sent_back=sent_back)
    for case in rows.filter(sent_back__gte=SENT_BACK_MAX).order_by("stage_since_on", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("多次退回"),
            title=_("移交已被退回 %(count)d 次，请协调") % {"count": vars(case)["sent_back"]},
            url=reverse("cases:coordinate", args=[case.pk]),
            case_number=case.display_number,
            since_on=case.stage_since_on,
            is_red=True,
        )
