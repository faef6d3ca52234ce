"""What was left for later, where people see it: on the page of its case and on the desk of whoever has it in hand."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from cases.models import Case
from intake import filingsources
from intake.models import LaterQuestion, Reception, ReceptionTemplate

ITEMS_MAX = 100


@dataclass(frozen=True, slots=True)
class Tip:
    """One line on the page of a case."""

    case: Case
    title: str
    text: str

    def get_kind_display(self) -> str:
        """Return what kind of line it is."""
        return _("补问")

    def get_absolute_url(self) -> str:
        """Return where it is answered."""
        return reverse("intake:later", args=[self.case.pk])


def of_case(case: Case, user: User) -> list[Tip]:
    """Return one line with the questions that nobody has answered yet, for whoever may answer them."""
    if not case.is_open or not filingsources.may_answer(user):
        return []
    labels = list(LaterQuestion.objects.of_case(case).waiting().values_list("label", flat=True))
    if not labels:
        return []
    title = _("初次接待时留下 %(count)d 问") % {"count": len(labels)}
    return [Tip(case, title, "；".join(labels))]


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the window's unfinished records, the questions left open in one's own cases, and versions to approve."""
    found: list[DeskItem] = []
    if user.has_perm("intake.record_reception") and user.window_id:
        found += _unfinished(user, today)
    if user.has_perm("cases.log_contact"):
        found += _to_ask(user)
    if user.has_perm("intake.approve_reception_template"):
        found += _to_approve(user)
    return found


def _unfinished(user: User, today: dt.date) -> list[DeskItem]:
    rows = Reception.objects.visible_to(user).exclude(state__in=[Reception.State.FILED, Reception.State.VOID])
    return [
        DeskItem(
            kind=_("初次接待笔录"),
            title=str(row.get_state_display()),
            url=row.get_absolute_url(),
            since_on=timezone.localdate(row.started_at),
            # A signed record that nobody files is an applicant who waits.
            is_red=timezone.localdate(row.started_at) < today,
        )
        for row in rows.defer("words").order_by("started_at", "id")[:ITEMS_MAX]
    ]


def _to_ask(user: User) -> list[DeskItem]:
    rows = LaterQuestion.objects.waiting_for(user).select_related("reception__case").order_by("reception_id", "id")
    by_case: dict[int, list[LaterQuestion]] = {}
    for row in rows[: ITEMS_MAX * 5]:
        assert row.reception.case_id is not None
        by_case.setdefault(row.reception.case_id, []).append(row)
    found = []
    for pk, waiting in by_case.items():
        case, asked_at = waiting[0].reception.case, waiting[0].reception.started_at
        assert case is not None
        found.append(
            DeskItem(
                kind=_("补问接待笔录"),
                title="；".join(row.label for row in waiting),
                url=reverse("intake:later", args=[pk]),
                case_number=case.display_number,
                since_on=timezone.localdate(asked_at),
            )
        )
    return found[:ITEMS_MAX]


def _to_approve(user: User) -> list[DeskItem]:
    rows = ReceptionTemplate.objects.waiting().exclude(authored_by=user).order_by("claim_type")
    return [
        DeskItem(
            kind=_("接待笔录问题待批准"),
            title=str(row.get_claim_type_display()),
            url=row.get_absolute_url(),
            due_on=row.effective_on,
        )
        for row in rows
    ]
