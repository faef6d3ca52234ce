"""What lies on a colleague's desk, and what of it another may not take: declared conflicts, own assignments."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from bureau.models import User
from cases.models import Case, Party, WorkOrder
from dispatch.models import Assignment, Conflict, TakeOver

# A case of which a person keeps something, and the act that passes it on: called with `to`, `at` and `actor`.
Kept = tuple[Case, Callable[..., object]]


@dataclass(frozen=True, slots=True)
class Desk:
    """The open cases whose stage a person owns, the orders he has accepted, and what he keeps beyond closing."""

    cases: list[Case]
    orders: list[WorkOrder]
    kept: list[Kept]

    @property
    def rows(self) -> list[Case]:
        """Return the case of every item."""
        return [*self.cases, *(order.case for order in self.orders), *(case for case, _move in self.kept)]


def desk_of(user: User) -> Desk:
    """Return what could be taken over; what he approves, checks or decides as judge is no part of it."""
    owned = Case.objects.open().filter(owner=user).select_related("team").prefetch_related("parties").order_by("pk")
    accepted = WorkOrder.objects.filter(taken_by=user, state=WorkOrder.State.ACCEPTED)
    orders = accepted.select_related("case", "to_team").prefetch_related("case__parties").order_by("pk")
    kept = [item for path in settings.TAKE_OVERS for item in import_string(path)(user)]
    return Desk(list(owned), list(orders), kept)


@dataclass(frozen=True, slots=True)
class Bar:
    """Why an item is left: a code, and the declared relation where there is one."""

    why: str
    relation: str = ""


class Bars:
    """Everything that bars one person from cases, read once for a whole desk."""

    def __init__(self, taker: User, cases: list[Case]) -> None:
        self.taker = taker
        live = Conflict.objects.live().filter(user=taker)
        self._names = {row.party_name: row.relation for row in live if row.party_name}
        self._own = {row.case_id: row.relation for row in live if not row.party_name}
        self._digests = {row.id_digest: row.relation for row in live if row.id_digest}
        assigned = Assignment.objects.filter(assigned_by=taker, case__in=[case.pk for case in cases])
        self._assigned = set(assigned.values_list("case_id", flat=True))

    def of(self, case: Case, team_id: int | None) -> Bar | None:
        """Return why the taker may not have an item of the case that lies with that team, or nothing."""
        if (relation := self.relation_to(case)) is not None:
            return Bar(TakeOver.Why.CONFLICT, relation)
        if case.pk in self._assigned:
            return Bar(TakeOver.Why.ASSIGNED)
        if team_id != self.taker.team_id:
            return Bar(TakeOver.Why.ELSEWHERE)
        return None

    def relation_to(self, case: Case) -> str | None:
        """Return the declared relation to the case or to a party of it, or nothing."""
        if case.pk in self._own:
            return self._own[case.pk]
        return next((word for party in case.parties.all() if (word := self._relation(party)) is not None), None)

    def _relation(self, party: Party) -> str | None:
        if party.id_digest in self._digests:
            return self._digests[party.id_digest]
        return self._names.get(party.name)
