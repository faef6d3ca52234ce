"""What waits for a second person: corrections, direct performance; and controls found to be on a wrong person."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from bureau.money import yuan
from bureau.roles import has_role
from cases.corrections import may_confirm
from cases.models import Case, Correction, PartyChangeProposal, Performance
from cases.models.leadership import led_by
from cases.services.partychanges import may_confirm_party_change
from cases.services.performances import may_confirm_performance

ITEMS_MAX = 200
BACK_DAYS = 7  # a week on the desk; after that it is history


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's waiting items; at most five queries."""
    if user.has_perm("cases.view_case"):
        yield from _wrong_person(user)
    if user.has_perm("cases.confirm_correction"):
        yield from _to_confirm(user)
        yield from _party_changes(user)
    if user.has_perm("cases.propose_correction"):
        yield from _refused(user, today)
    if user.has_perm("cases.confirm_performance"):
        yield from _performances(user)


def _wrong_person(user: User) -> Iterator[DeskItem]:
    rows = Correction.objects.wrong_person()
    if not has_role(user, "INSPECTOR"):
        rows = rows.filter(Q(case__judge=user) | Q(case__owner=user) | led_by(user, "CHIEF"))
    for row in rows.defer("changes").select_related("case").order_by("wrong_person_at", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("误控他人财产"),
            title=_("更正后发现控制了他人财产，请立即解除"),
            url=row.get_absolute_url(),
            case_number=row.case.display_number,
            due_on=timezone.localdate(row.wrong_person_at),
            since_on=timezone.localdate(row.wrong_person_at),
            is_red=True,
        )


def _to_confirm(user: User) -> Iterator[DeskItem]:
    rows = Correction.objects.visible_to(user).waiting().exclude(proposed_by=user)
    for row in rows.defer("changes").select_related("case", "proposed_by")[:ITEMS_MAX]:
        if may_confirm(row, row.case, user):
            yield DeskItem(
                kind=_("更正待确认"),
                title=_("%(target)s，%(name)s提出")
                % {"target": row.get_target_display(), "name": row.proposed_by.name},
                url=row.get_absolute_url(),
                case_number=row.case.display_number,
                since_on=timezone.localdate(row.proposed_at),
            )


def _party_changes(user: User) -> Iterator[DeskItem]:
    rows = PartyChangeProposal.objects.filter(
        case__in=Case.objects.visible_to(user), state=PartyChangeProposal.State.PROPOSED
    ).exclude(proposed_by=user)
    rows = rows.defer("joining").select_related("case", "proposed_by").order_by("proposed_at", "id")
    for row in rows[:ITEMS_MAX]:
        if may_confirm_party_change(row, user):
            yield DeskItem(
                kind=_("当事人变更待确认"),
                title=_("%(kind)s，%(name)s提出") % {"kind": row.get_kind_display(), "name": row.proposed_by.name},
                url=row.get_absolute_url(),
                case_number=row.case.display_number,
                since_on=timezone.localdate(row.proposed_at),
            )


def _refused(user: User, today: dt.date) -> Iterator[DeskItem]:
    since = today - dt.timedelta(days=BACK_DAYS)
    rows = Correction.objects.filter(
        proposed_by=user, state=Correction.State.REFUSED, answered_at__date__gte=since
    ).defer("changes")
    for row in rows.select_related("case").order_by("answered_at", "id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("更正未予确认"),
            title=row.get_target_display(),
            url=row.get_absolute_url(),
            case_number=row.case.display_number,
            since_on=timezone.localdate(row.answered_at),
            note=row.answer_note,
        )


def _performances(user: User) -> Iterator[DeskItem]:
    side = Q(case__judge=user)
    if user.team_id:
        side |= Q(case__team=user.team_id)
    rows = Performance.objects.visible_to(user).filter(side, state=Performance.State.RECORDED).exclude(recorded_by=user)
    for row in rows.select_related("case").order_by("recorded_at", "id")[:ITEMS_MAX]:
        if may_confirm_performance(row, row.case, user):
            yield DeskItem(
                kind=_("自行履行待确认"),
                title=_("%(day)s 履行 %(amount)s 元") % {"day": row.performed_on, "amount": yuan(row.amount)},
                url=reverse("cases:performances", args=[row.case_id]),
                case_number=row.case.display_number,
                since_on=timezone.localdate(row.recorded_at),
            )
