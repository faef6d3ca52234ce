"""What waits in verification and triage besides the queue: send-backs, cases judged anew, tables to approve."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from cases.models import Case
from dispatch.models import Retriage, RuleTable, Verdict
from dispatch.verifyservices import answers_for

ITEMS_MAX = 200


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's items."""
    found: list[DeskItem] = []
    if user.has_perm("dispatch.answer_send_back"):
        found += _to_answer(user, today)
    if user.has_perm("dispatch.triage_case"):
        found += _to_judge_anew(user)
    if user.has_perm("dispatch.approve_table"):
        found += _to_approve(user)
    if user.has_perm("cases.change_stream"):
        found += _to_change(user)
    return found


def _to_answer(user: User, today: dt.date) -> list[DeskItem]:
    rows = answers_for(user).select_related("case").order_by("due_on", "id")
    return [
        DeskItem(
            kind=_("立案退回补正"),
            title="、".join(row.defect_labels),
            url=reverse("dispatch:answer_send_back", args=[row.pk]),
            case_number=row.case.display_number,
            due_on=row.due_on,
            since_on=timezone.localdate(row.sent_at),
            is_red=row.due_on < today,
        )
        for row in rows[:ITEMS_MAX]
    ]


def _to_judge_anew(user: User) -> list[DeskItem]:
    rows = Retriage.objects.visible_to(user).open().select_related("case").order_by("id")
    return [
        DeskItem(
            kind=_("建议重新分流"),
            title=_("%(before)s → %(after)s")
            % {"before": row.get_before_display(), "after": row.get_proposed_display()},
            url=reverse("dispatch:retriages"),
            case_number=row.case.display_number,
            since_on=timezone.localdate(row.asked_at),
        )
        for row in rows[:ITEMS_MAX]
    ]


def _to_approve(user: User) -> list[DeskItem]:
    return [
        DeskItem(
            kind=_("分流规则表待批准"),
            title=_("第 %(version)d 版：%(note)s") % {"version": row.version, "note": row.note},
            url=reverse("dispatch:table", args=[row.pk]),
            due_on=row.from_on,
        )
        for row in RuleTable.objects.waiting().exclude(authored_by=user).order_by("version")
    ]


def _to_change(user: User) -> list[DeskItem]:
    """Return the judge's cases whose verdict was given anew while a team holds them; a hand-over changes the stream."""
    streams = (Case.Stage.FAST, Case.Stage.ORDINARY)
    rows = Verdict.objects.elsewhere().filter(case__judge=user, case__stage__in=streams)
    return [
        DeskItem(
            kind=_("按重新分流转换"),
            title=_("指挥中心重新分流为“%(stream)s”") % {"stream": row.get_decided_display()},
            url=reverse("cases:change_stream", args=[row.case_id]),
            case_number=row.case.display_number,
            since_on=row.decided_on,
        )
        for row in rows.select_related("case").order_by("decided_on", "id")[:ITEMS_MAX]
    ]
