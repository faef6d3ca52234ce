"""What finance sees of lines typed by hand and of automatic matches to undo: lists, and what waits on the desk."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import LineEntry, LineEntryQuerySet, Unmatch
from bureau.desk import DeskItem
from bureau.models import User
from bureau.money import yuan

ROWS_MAX = 100


def entries(state: str = "") -> LineEntryQuerySet:
    """Return the lines typed by hand in one state, or all, newest first."""
    rows: LineEntryQuerySet = LineEntry.objects.for_list()
    return rows.filter(state=state) if state in LineEntry.State.values else rows


def unmatches(user: User) -> QuerySet[Unmatch]:
    """Return the automatic matches that the user may see doubted, newest first."""
    return Unmatch.objects.visible_to(user).for_page().order_by("-asked_at", "-id")


def desk_items(user: User) -> Iterator[DeskItem]:
    """Return what waits for the user's check; what he typed or asked for himself waits for somebody else."""
    if user.has_perm("accounts.enter_bank_line"):
        rows = LineEntry.objects.waiting().exclude(entered_by=user).select_related("entered_by").order_by("id")
        for row in rows[:ROWS_MAX]:
            told = {"name": row.entered_by.name, "payer": row.payer_name, "amount": yuan(row.amount)}
            yield DeskItem(
                kind=_("复核手工登记的来款"),
                title=_("%(name)s 登记：%(payer)s 汇入 %(amount)s 元，复核前不入账") % told,
                url=reverse("accounts:line_entry", args=[row.pk]),
                since_on=timezone.localdate(row.entered_at),
            )
    if user.has_perm("accounts.identify_bank_line"):
        waiting = unmatches(user).filter(state=Unmatch.State.ASKED).exclude(asked_by=user).order_by("id")
        for ask in waiting[:ROWS_MAX]:
            yield DeskItem(
                kind=_("复核退回自动归案的来款"),
                title=_("%(name)s 申请退回 %(amount)s 元")
                % {"name": ask.asked_by.name, "amount": yuan(ask.receipt.amount)},
                url=reverse("accounts:unmatch", args=[ask.pk]),
                case_number=ask.receipt.case.display_number,
                since_on=timezone.localdate(ask.asked_at),
            )
