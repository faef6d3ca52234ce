"""What the pages of notices print: rows with how many have read them, one with its readers, lines of the desk."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from dispatch.noticemodels import Notice, Receipt
from documents.library import BY_CODE

ITEMS_MAX = 50


def listed(user: User, chosen: dict[str, str]) -> QuerySet[Notice, Notice]:
    """Return what the user may read under the filters; what was taken down only on request."""
    rows = Notice.objects.visible_to(user)
    if chosen.get("kind"):
        rows = rows.filter(kind=chosen["kind"])
    if chosen.get("state") == "unread":
        rows = rows.filter(pk__in=Notice.objects.unread_by(user).values("pk"))
    elif chosen.get("state") == "to_do":
        rows = rows.filter(pk__in=Notice.objects.to_do_by(user).values("pk"))
    rows = rows.filter(ended_at__isnull=False) if chosen.get("state") == "ended" else rows.live()
    return rows.for_list()


def _meant(notice: Notice) -> QuerySet[User, User]:
    people = User.objects.filter(is_active=True, groups__isnull=False).exclude(pk=notice.sent_by_id).distinct()
    teams = [team.pk for team in notice.teams.all()]
    return people.filter(team__in=teams) if teams else people


def rows(notices: list[Notice], user: User) -> list[dict[str, Any]]:
    """Return each with how many have read it and whether the user has."""
    keys = [notice.pk for notice in notices]
    receipts = Receipt.objects.filter(notice__in=keys)
    counted = dict(receipts.values_list("notice").annotate(count=Count("pk")).order_by())
    own = set(receipts.filter(user=user).values_list("notice", flat=True))
    return [{"row": row, "read": counted.get(row.pk, 0), "is_read": row.pk in own} for row in notices]


def _place(notice: Notice) -> str:
    """Return the document, and its field, beside which the notice stands, by their names."""
    if not notice.template:
        return ""
    spec = BY_CODE.get(notice.template)
    if spec is None:
        return notice.template
    label = next((field.label for field in spec.fields if field.name == notice.field), notice.field)
    return f"{spec.title} {label}".strip()


def page(notice: Notice, user: User) -> dict[str, Any]:
    """Return one with who has read it and, to whoever may send, who has not."""
    receipts = list(notice.receipts.select_related("user__team").order_by("read_at", "pk"))
    readers = {receipt.user_id for receipt in receipts}
    sees_all = user.has_perm("dispatch.send_notice")
    done = {row.team_id: row for row in notice.done.select_related("by")}
    is_meant = any(team.pk == user.team_id for team in notice.teams.all())
    return {
        "notice": notice,
        "place": _place(notice),
        "receipts": receipts if sees_all else [],
        "unread": list(_meant(notice).exclude(pk__in=readers).select_related("team")) if sees_all else [],
        "is_read": user.pk in readers,
        "teams": [{"team": team, "done": done.get(team.pk)} for team in notice.teams.all()],
        "may_finish": notice.kind == Notice.Kind.TASK and is_meant and user.team_id not in done and not notice.ended_at,
        "may_end": sees_all and notice.ended_at is None,
    }


def items(user: User, *, today: dt.date) -> Iterator[DeskItem]:
    """Return what the user has not read, and tasks that his team has not done."""
    if not user.has_perm("cases.view_case"):
        return
    todo = list(Notice.objects.to_do_by(user).order_by("due_on", "pk")[:ITEMS_MAX]) if user.team_id else []
    for row in todo:
        yield _item(row, _("待完成任务"), today)
    waiting = {row.pk for row in todo}
    for row in Notice.objects.unread_by(user).exclude(pk__in=waiting).order_by("-pk")[:ITEMS_MAX]:
        yield _item(row, _("未读%(kind)s") % {"kind": row.get_kind_display()}, today)


def _item(row: Notice, kind: str, today: dt.date) -> DeskItem:
    return DeskItem(
        kind=kind,
        title=row.title,
        url=reverse("dispatch:notice", args=[row.pk]),
        due_on=row.due_on,
        since_on=timezone.localdate(row.sent_at),
        is_red=row.due_on is not None and row.due_on < today,
    )
