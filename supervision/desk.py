"""What of the national case system waits for whom: missing files, differences without a reason, what is to be typed."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Count, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from bureau.roles import has_role
from supervision.models import NationalDifference, NationalFile
from supervision.national import pages
from supervision.national.sight import KEEP, VIEW, keeps_books, own

Kind = NationalDifference.Kind


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return one line for each cause; at most three queries."""
    if not user.has_perm(VIEW):
        return
    if keeps_books(user) or has_role(user, "INSPECTOR"):
        yield from _missing(user)
    # Who oversees only has the lists; on the desk stands what he himself is to put right.
    if user.has_perm(KEEP) or has_role(user, "JUDGE"):
        yield from _differences(user)
    if user.has_perm(KEEP):
        yield from _to_type(user)


def _missing(user: User) -> Iterator[DeskItem]:
    rows = NationalDifference.objects.visible_to(user).filter(kind=Kind.NO_FILE).standing().unexplained()
    # A lack ends when the file of the day is there, though it is compared only later.
    newest = NationalFile.objects.filter(court=OuterRef("comparison__court")).order_by("-day").values("day")[:1]
    rows = rows.annotate(newest=Subquery(newest))
    found = [
        row
        for row in rows.select_related("comparison", "comparison__court").order_by("comparison__court__code")
        if not (newest_on := getattr(row, "newest", None)) or newest_on < row.comparison.day
    ]
    if found:
        courts = _("、").join(row.comparison.court.short_name for row in found)
        since = min(row.comparison.day for row in found)
        yield DeskItem(
            kind=_("全国系统文件缺失"),
            title=_("%(day)s的案件清单没有导入：%(courts)s") % {"day": since, "courts": courts},
            url=reverse("supervision:national"),
            since_on=since,
            is_red=True,
        )


def _mine(user: User) -> dict[str, int]:
    return {} if own(user) == Q() else {"clerk": user.pk}


def _differences(user: User) -> Iterator[DeskItem]:
    rows = NationalDifference.objects.visible_to(user).exclude(kind=Kind.NO_FILE).standing().unexplained()
    found = rows.filter(own(user)).aggregate(count=Count("pk"), since=Min("since_at"))
    if found["count"]:
        yield DeskItem(
            kind=_("全国系统差异"),
            title=_("%(count)d 处与全国系统不一致，尚未说明") % {"count": found["count"]},
            url=reverse("supervision:national_differences", query={"said": "NO", **_mine(user)}),
            since_on=timezone.localdate(found["since"]),
        )


def _to_type(user: User) -> Iterator[DeskItem]:
    counts = pages.entry_counts(user)
    if counts["changed"] or counts["to_type"]:
        told = {"to_type": counts["to_type"], "changed": counts["changed"]}
        yield DeskItem(
            kind=_("录入全国系统"),
            title=_("%(to_type)d 组未录入，%(changed)d 组录入后有变动") % told,
            url=reverse("supervision:to_type", query=_mine(user)),
        )
