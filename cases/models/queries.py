"""Every question the bureau asks about its cases, in its own words."""

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import FilteredRelation, Q

from bureau.crypto import digest
from bureau.models import Team, User
from bureau.names import grams
from bureau.roles import Scope, scopes_of
from cases import nodes
from cases.models.codes import ENDED, RESTING, ClosingMode, Stage
from cases.models.handover import Handover
from cases.models.party import Party
from cases.models.work import WorkOrder

if TYPE_CHECKING:
    from cases.models.case import Case  # noqa: F401 - named by the class below


def is_of_affairs(user: User) -> bool:
    """Return whether the user works in the affairs team, to which what lives on after closing falls."""
    return bool(user.team and user.team.kind == Team.Kind.AFFAIRS and user.has_perm("cases.archive_case"))


# What `Case.display_number` reads.
NUMBER_FIELDS = ("number", "provisional_number")


class CaseQuerySet(models.QuerySet["Case"]):
    """Every question the bureau asks about its cases, in its own words."""

    def visible_to(self, user: User) -> Self:
        """Keep what the user's roles let him see; everything else does not exist for him."""
        scopes = scopes_of(user)
        if not user.is_active or not scopes:
            return self.none()
        if Scope.ALL in scopes:
            return self
        allowed = Q(pk__in=[])
        if Scope.WINDOW in scopes and user.window_id:
            allowed |= Q(filing_window_id=user.window_id)
        if Scope.TEAM in scopes and user.team_id:
            incoming = Handover.objects.filter(to_team_id=user.team_id, state=Handover.State.PENDING)
            ordered = WorkOrder.objects.open().filter(to_team_id=user.team_id)
            allowed |= Q(team_id=user.team_id) | Q(pk__in=incoming.values("case_id"))
            allowed |= Q(pk__in=ordered.values("case_id"))
            if is_of_affairs(user):
                # After 终本 the affairs team queries again and renews (法〔2016〕373号 9).
                allowed |= Q(closing_mode=ClosingMode.PROCEDURAL, stage__in=ENDED)
        if Scope.JUDGE in scopes:
            allowed |= Q(judge_id=user.pk)
        return self.filter(allowed)

    def held(self, *fields: str) -> Self:
        """Lock rows (the lock of everything on a case), loading only what the record prints and these fields."""
        return self.select_for_update().only(*NUMBER_FIELDS, *fields)

    def open(self) -> Self:
        """Keep cases not yet closed."""
        return self.exclude(stage__in=ENDED)

    def accepted_by(self, day: dt.date) -> Self:
        """Keep cases accepted on or before a day."""
        return self.filter(filed_on__lte=day)

    def closed_by(self, day: dt.date) -> Self:
        """Keep cases closed on or before a day."""
        return self.filter(closed_on__lte=day)

    def open_on(self, day: dt.date) -> Self:
        """Keep cases accepted by a day and not closed by it."""
        return self.accepted_by(day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def overdue(self, *, today: dt.date) -> Self:
        """Keep open cases past their closing limit."""
        return self.open().filter(closing_due_on__lt=today)

    def forgotten(self) -> Self:
        """Keep open cases with no next step: no running duty, pack on its way, rest, work order, hold or proposal."""
        duties = [node.code for node in nodes.LIVE if node.is_duty]
        running = Q(deadlines__state="RUNNING", deadlines__node__in=duties)
        pending = Handover.objects.filter(state=Handover.State.PENDING)
        return (
            self.open()
            .exclude(stage__in=(*RESTING, Stage.CLOSING))
            .annotate(
                next_step=FilteredRelation("deadlines", condition=running),
                aside=FilteredRelation("holds", condition=Q(holds__ended_at__isnull=True)),
            )
            .filter(next_step__isnull=True, aside__isnull=True)
            .exclude(pk__in=pending.values("case_id"))
            .exclude(pk__in=WorkOrder.objects.open().values("case_id"))
        )

    def named(self, text: str) -> Self:
        """Keep cases with a party whose name holds the text; two Chinese characters suffice (GIN on bigrams)."""
        parties = Party.objects.filter(name_grams__contains=grams(text, for_search=True), name__icontains=text)
        return self.filter(pk__in=parties.values("case_id"))

    def with_party_number(self, number: str) -> Self:
        """Keep cases with a party of this canonical ID, USCC or phone number."""
        hashed = digest(number)
        parties = Party.objects.filter(Q(id_digest=hashed) | Q(phone_digest=hashed))
        return self.filter(pk__in=parties.values("case_id"))

    def for_list(self) -> Self:
        """Load exactly what one row of a case list prints."""
        return self.select_related("team", "judge", "owner", "number_court", "filing_window").prefetch_related(
            "parties"
        )

    def for_page(self) -> Self:
        """Load what the head and the first tab of the case page print."""
        return self.for_list().select_related("revives").prefetch_related("claims", "handovers", "revivals")
