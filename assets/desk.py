"""What waits for a user in this room: controls that end soon, those that have lapsed, those that queue behind none."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assets.models import Control
from assets.pages import RED_DAYS
from bureau.desk import DeskItem
from bureau.models import User
from bureau.roles import has_role
from cases.models.leadership import led_by
from cases.nodes import BY_CODE

ROWS_MAX = 200
# So many days before the last day the first alarm is said, and the line appears.
FIRST_DAYS = BY_CODE["RENEWAL"].ladder[0][0]


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's waiting items; at most four queries."""
    if not user.has_perm("assets.view_control"):
        return
    yield from _lapsed(user, today)
    if user.has_perm("assets.keep_control"):
        yield from _ending(user, today)
        yield from _to_confirm(user)
        yield from _to_activate(user, today)


def _lapsed(user: User, today: dt.date) -> Iterator[DeskItem]:
    """An incident is red at once for handler, judge, chief and inspectors, until the chief has explained it."""
    found = Control.objects.unexplained()
    if not has_role(user, "INSPECTOR"):
        owed = Control.objects.owed_by(user).values("pk")
        own = Q(case__judge=user) | Q(case__owner=user) | Q(keeper=user) | Q(pk__in=owed)
        found = found.filter(own | led_by(user, "CHIEF"))
    may_explain = user.has_perm("assets.explain_lapse")
    for row in found.select_related("case").order_by("ended_on", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=_("控制失效事故"),
            title=_("%(kind)s %(thing)s，未续行已失效") % {"kind": row.get_kind_display(), "thing": row.thing},
            url=reverse("assets:explain_lapse", args=[row.pk]) if may_explain else row.get_absolute_url(),
            case_number=row.case.display_number,
            due_on=row.to_on,
            since_on=row.ended_on,
            is_red=True,
        )


def _ending(user: User, today: dt.date) -> Iterator[DeskItem]:
    """From the first alarm on for whoever renews; in the last days for the judge too."""
    ending = Control.objects.expiring(today=today, days=FIRST_DAYS).on_right_person()
    owed = ending.owed_by(user).values("pk")
    red = ending.expiring(today=today, days=RED_DAYS).filter(case__judge=user).values("pk")
    rows = ending.filter(Q(pk__in=owed) | Q(pk__in=red)).select_related("case").order_by("to_on", "id")
    for row in rows[:ROWS_MAX]:
        assert row.to_on is not None
        yield DeskItem(
            kind=_("查封冻结将届满"),
            title=_("续行：%(kind)s %(thing)s") % {"kind": row.get_kind_display(), "thing": row.thing},
            url=reverse("assets:renew_control", args=[row.pk]),
            case_number=row.case.display_number,
            due_on=row.to_on,
            since_on=row.term_from,
            is_red=(row.to_on - today).days <= RED_DAYS,
        )


def _to_confirm(user: User) -> Iterator[DeskItem]:
    """What came into force by itself is checked with the assisting unit within three working days."""
    waiting = Control.objects.unconfirmed().owed_by(user).select_related("case").order_by("unconfirmed_since", "id")
    for row in waiting[:ROWS_MAX]:
        assert row.unconfirmed_since is not None
        yield DeskItem(
            kind=_("轮候已生效待核实"),
            title=_("核实并告知：%(kind)s %(thing)s") % {"kind": row.get_kind_display(), "thing": row.thing},
            url=reverse("assets:confirm_control", args=[row.pk]),
            case_number=row.case.display_number,
            since_on=row.unconfirmed_since,
        )


def _to_activate(user: User, today: dt.date) -> Iterator[DeskItem]:
    """Earlier ones have ended, but not all of them, or not so that it is plain what follows: people look at it."""
    counted = Control.objects.next_in_line(today=today).values("pk")
    free = Control.objects.freed().owed_by(user).exclude(pk__in=counted)
    for row in free.select_related("case").order_by("from_on", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=_("轮候转正式控制"),
            title=_("在先控制已结束：%(kind)s %(thing)s") % {"kind": row.get_kind_display(), "thing": row.thing},
            url=reverse("assets:activate_control", args=[row.pk]),
            case_number=row.case.display_number,
            since_on=row.from_on,
        )
