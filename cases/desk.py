"""What waits for a user in this room: packs, cases to start or hand over, limits, red deadlines, forgotten cases."""

import datetime as dt
from collections.abc import Iterable, Iterator
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from cases import duelist, forgotten, workdesk
from cases.clocks import NEAR_DAYS
from cases.models import Case, Deadline, Handover
from cases.models.leadership import led_by

ITEMS_MAX = 200  # of each kind; a desk longer than this is a list


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's waiting items; a constant number of queries."""
    yield from workdesk.items(user, today=today)
    if user.team_id and user.has_perm("cases.accept_handover"):
        yield from _to_accept(user, today)
    if user.has_perm("cases.start_case"):
        yield from _to_start(user)
        yield from _to_hand_over(user, today)
    if user.has_perm("cases.suspend_case"):
        yield from _suspended(user)
    if user.has_perm("cases.view_case"):
        yield from _near_limit(user, today)
        yield from _red_deadlines(user)
        yield from _before_holidays(user, today)
        yield from _forgotten(user, today)


def _to_accept(user: User, today: dt.date) -> Iterator[DeskItem]:
    waiting = (
        Handover.objects.filter(to_team_id=user.team_id, state=Handover.State.PENDING)
        .select_related("case", "from_team")
        .order_by("due_on", "id")
    )
    for handover in waiting[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("待接收移交"),
            title=_("%(team)s移交的案件") % {"team": handover.from_team.name},
            url=reverse("cases:answer", args=[handover.pk]),
            case_number=handover.case.display_number,
            due_on=handover.due_on,
            since_on=timezone.localdate(handover.handed_at),
            is_red=handover.due_on <= today,
        )


def _to_start(user: User) -> Iterator[DeskItem]:
    waiting = Case.objects.filter(stage=Case.Stage.ALLOCATED, owner=user).order_by("stage_since_on", "id")
    for case in waiting[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("待启动"),
            title=_("发出通知、发起网络查控"),
            url=reverse("cases:start", args=[case.pk]),
            case_number=case.display_number,
            since_on=case.stage_since_on,
        )


def _to_hand_over(user: User, today: dt.date) -> Iterator[DeskItem]:
    repair = Deadline.objects.running().filter(case=OuterRef("pk"), node="HANDOVER_REPAIR")
    packs = Handover.objects.filter(case=OuterRef("pk"))
    waiting = (
        Case.objects.filter(stage=Case.Stage.STARTING, owner=user)
        .exclude(Exists(packs.filter(state=Handover.State.PENDING)))
        .annotate(
            was_sent_back=Exists(packs.filter(state=Handover.State.SENT_BACK)),
            repair_due_on=Subquery(repair.values("due_on")[:1]),
        )
        .order_by("stage_since_on", "id")
    )
    for case in waiting[:ITEMS_MAX]:
        is_back, due_on = vars(case)["was_sent_back"], vars(case)["repair_due_on"]
        yield DeskItem(
            kind=_("被退回，待补正") if is_back else _("待移交"),
            title=_("补正后重新移交") if is_back else _("核对清单，移交办理团队"),
            url=reverse("cases:hand_over", args=[case.pk]),
            case_number=case.display_number,
            due_on=due_on,
            since_on=case.stage_since_on,
            is_red=due_on is not None and due_on <= today,
        )


def _suspended(user: User) -> Iterator[DeskItem]:
    waiting = Case.objects.filter(stage=Case.Stage.SUSPENDED, judge=user).order_by("stage_since_on", "id")
    for case in waiting[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("中止案件"),
            title=_("核对中止情形是否消失"),
            url=case.get_absolute_url(),
            case_number=case.display_number,
            since_on=case.stage_since_on,
        )


def _near_limit(user: User, today: dt.date) -> Iterator[DeskItem]:
    near = (
        Case.objects.open()
        .filter(Q(owner=user) | Q(judge=user), closing_due_on__lte=today + dt.timedelta(days=NEAR_DAYS))
        .exclude(stage__in=Case.STILL)
        .order_by("closing_due_on", "id")
    )
    for case in near[:ITEMS_MAX]:
        is_late = case.closing_due_on < today
        yield DeskItem(
            kind=_("超执行期限") if is_late else _("执行期限将届满"),
            title=case.get_stage_display(),
            url=case.get_absolute_url(),
            case_number=case.display_number,
            due_on=case.closing_due_on,
            since_on=case.filed_on,
            is_red=case.closing_due_on <= today,
        )


def _red_deadlines(user: User) -> Iterator[DeskItem]:
    """One line per case for whoever owes it, one line per kind for those to whom it is escalated."""
    for case, rows in duelist.red_by_case(user)[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("期限红色预警"),
            title="、".join(str(row.rule.label) for row in rows),
            url=reverse("cases:case_deadlines", args=[case.pk]),
            case_number=case.display_number,
            due_on=rows[0].due_on,
            since_on=rows[0].started_on,
            is_red=True,
        )
    for node, count, oldest_on in duelist.red_by_node(user):
        yield DeskItem(
            kind=_("期限红色预警（汇总）"),
            title=_("%(node)s：%(count)d 件") % {"node": node.label, "count": count},
            url=f"{reverse('cases:deadlines')}?{urlencode({'who': 'all', 'level': 'RED', 'node': node.code})}",
            due_on=oldest_on,
            is_red=True,
        )


def _before_holidays(user: User, today: dt.date) -> Iterator[DeskItem]:
    block = duelist.holiday_near(today)
    if block is None:
        return
    count = duelist.falling_into(block, user).count() + len(duelist.dues_into(block, user, today=today))
    if count:
        yield DeskItem(
            kind=_("节前检查"),
            title=_("%(name)s放假前后到期 %(count)d 项") % {"name": block.name, "count": count},
            url=reverse("cases:holidays"),
            due_on=block.first_on,
        )


def _forgotten(user: User, today: dt.date) -> Iterator[DeskItem]:
    led = led_by(user, "DISPATCHER", "CHIEF", case="")
    if not led:
        return
    for case in Case.objects.filter(led).forgotten(today=today).order_by("filed_on", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("案件没有下一步"),
            title=str(forgotten.WORDS[forgotten.cause(case)]),
            url=case.get_absolute_url(),
            case_number=case.display_number,
            due_on=today,
            since_on=case.stage_since_on,
            is_red=True,
        )
