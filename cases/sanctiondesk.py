"""What waits for a user about sanctions: decisions of the president, ends to carry out, written requests."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import DAY
from bureau.desk import DeskItem
from bureau.models import Team, User
from cases.models import Sanction, SanctionExtension, SanctionQuerySet, SanctionRequest
from cases.services.sanctions import may_decide

ITEMS_MAX = 200
DOCUMENT_DAYS = 3  # [design]: as long as an entry in the national lists may take
ANSWER_DAYS = 15  # 失信名单规定 5, 12; the exact day stands with the deadline


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's waiting items; at most five queries."""
    if may_decide(user):
        yield from _to_decide(user, today)
        yield from _extensions(user)
    if user.has_perm("cases.remove_sanction") and user.team_id:
        yield from _to_remove(user, today)
    if user.has_perm("cases.propose_sanction"):
        yield from _requests(user, today)
        yield from _without_document(user, today)


def _to_decide(user: User, today: dt.date) -> Iterator[DeskItem]:
    waiting = Sanction.objects.visible_to(user).to_decide()
    waiting = waiting.exclude(state=Sanction.State.PROPOSED, proposed_by=user).exclude(removal_noted_by=user)
    for row in _first(waiting):
        is_new = row.state == Sanction.State.PROPOSED
        yield _item(row, _("审批强制措施") if is_new else _("审批解除措施"), row.get_absolute_url(), today)


def _extensions(user: User) -> Iterator[DeskItem]:
    waiting = SanctionExtension.objects.visible_to(user).to_decide().exclude(proposed_by=user).for_list()
    for row in waiting[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("审批延长失信期限"),
            title=_("%(name)s，延长 %(count)d 年") % {"name": row.sanction.party.name, "count": row.years},
            url=row.get_absolute_url(),
            case_number=row.sanction.case.display_number,
            due_on=row.sanction.term_until,
            since_on=timezone.localdate(row.proposed_at),
        )


def _to_remove(user: User, today: dt.date) -> Iterator[DeskItem]:
    # One's own stage; the files of the affairs team have no owner, so each of the team sees them.
    mine = Q(case__owner=user)
    if user.team and user.team.kind in (Team.Kind.AFFAIRS, Team.Kind.COURT):
        mine |= Q(case__team=user.team_id, case__owner__isnull=True)
    for row in _first(Sanction.objects.to_remove().filter(mine)):
        yield _item(row, _("办理解除措施"), reverse("cases:remove_sanction", args=[row.pk]), today)


def _without_document(user: User, today: dt.date) -> Iterator[DeskItem]:
    # What binds a debtor is ordered by a paper; its number is wanted in the days in which it is entered.
    mine = Q(case__owner=user) | Q(case__judge=user)
    rows = Sanction.objects.in_force().filter(mine, document="").select_related("case", "party")
    for row in rows.order_by("in_force_from", "id")[:ITEMS_MAX]:
        assert row.in_force_from is not None
        last = row.in_force_from + DOCUMENT_DAYS * DAY
        yield DeskItem(
            kind=_("补录决定文书"),
            title=_("%(kind)s：%(name)s") % {"kind": row.get_kind_display(), "name": row.party.name},
            url=row.get_absolute_url(),
            case_number=row.case.display_number,
            due_on=last,
            since_on=row.in_force_from,
            is_red=last < today,
        )


def _requests(user: User, today: dt.date) -> Iterator[DeskItem]:
    rows = SanctionRequest.objects.open().filter(case__judge=user).for_list().order_by("received_on", "id")
    for row in rows[:ITEMS_MAX]:
        yield DeskItem(
            kind=row.get_purpose_display(),
            title=row.party.name,
            url=reverse("cases:answer_request", args=[row.pk]),
            case_number=row.case.display_number,
            due_on=row.received_on + ANSWER_DAYS * DAY,
            since_on=row.received_on,
            is_red=row.received_on + ANSWER_DAYS * DAY <= today,
        )


def _first(rows: SanctionQuerySet) -> SanctionQuerySet:
    return rows.pressing_first()[:ITEMS_MAX]


def _item(row: Sanction, kind: str, url: str, today: dt.date) -> DeskItem:
    is_ending = row.state == Sanction.State.REMOVAL_DUE
    due_on = vars(row)["next_due_on"] if is_ending else None
    return DeskItem(
        kind=kind,
        title=f"{row.get_kind_display()} · {row.party.name}",
        url=url,
        case_number=row.case.display_number,
        due_on=due_on,
        since_on=row.arose_on if is_ending else timezone.localdate(row.proposed_at),
        is_red=due_on is not None and due_on <= today,
    )
