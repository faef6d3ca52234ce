"""Every question the bureau asks about its cases, in its own words."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Q, TextField, Value
from django.db.models.functions import Cast, Concat

from bureau.crypto import digest
from bureau.models import Court, Team, User
from bureau.names import grams
from bureau.roles import scopes_of
from bureau.scopes import Scope
from cases import casenumber, nodes
from cases.models.codes import ENDED, RESTING, ClosingMode, ExecutingUnit, Stage, TypeCode
from cases.models.handover import Handover
from cases.models.party import Party
from cases.models.work import WorkOrder

if TYPE_CHECKING:
    from cases.models.case import Case


def is_of_affairs(user: User) -> bool:
    """Return whether the user works in the affairs team, to which what lives on after closing falls."""
    return bool(user.team and user.team.kind == Team.Kind.AFFAIRS and user.has_perm("cases.archive_case"))


def put_away_by(user: User, case: str = "case__") -> Q | None:
    """Return the condition that keeps cases whose after-life is the user's; None for who has no such duty.

    The affairs team has that of the bureau's own, a court's staff that of its old book.
    """
    if is_of_affairs(user):
        return Q(**{f"{case}executing_unit": ExecutingUnit.BUREAU})
    if user.team and user.team.kind == Team.Kind.COURT and user.has_perm("cases.archive_case"):
        return Q(**{f"{case}executing_unit": ExecutingUnit.COURT, f"{case}team": user.team_id})
    return None


def puts_away(case: "Case", user: User) -> bool:
    """Return whether what lives on after the closing of this very case, and its file, is the user's."""
    if case.executing_unit == ExecutingUnit.BUREAU:
        return is_of_affairs(user)
    is_own = case.team_id is not None and case.team_id == user.team_id
    return is_own and user.has_perm("cases.archive_case")


# What `Case.display_number` reads.
NUMBER_FIELDS = ("number", "provisional_number")
# What tells who may act on it: whether its own court goes on with it, and who holds it.
HELD_FIELDS = (*NUMBER_FIELDS, "executing_unit", "team")
# The bureau's own measure of a case on which nobody works (domain handbook §10.2 R1).
QUIET_DAYS = 15
SUSPENDED_QUIET_DAYS = 90
SYSTEM = "system"  # login name of periodic tasks


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
            # Who carried a case out can look at it when it is closed.
            allowed |= Q(stream_team_id=user.team_id, stage__in=ENDED)
            if is_of_affairs(user):
                # After 终本 the affairs team queries again and renews (法〔2016〕373号 9).
                bureau = Q(executing_unit=ExecutingUnit.BUREAU)
                allowed |= bureau & Q(closing_mode=ClosingMode.PROCEDURAL, stage__in=ENDED)
        if Scope.JUDGE in scopes:
            allowed |= Q(judge_id=user.pk)
        return self.filter(allowed)

    def to_query(self, user: User) -> Self:
        """Keep the cases whose property the user may ask the network about, and no more of them than that.

        The affairs team does so from filing on, before anybody holds the case (domain handbook §6.1 G2).
        """
        if not (user.is_active and user.has_perm("cases.hand_over_case")):
            return self.none()
        seen = Q(pk__in=self.model.objects.visible_to(user).values("pk"))
        is_of_affairs = user.team is not None and user.team.kind == Team.Kind.AFFAIRS
        early = Q(stage=Stage.FILED, executing_unit=ExecutingUnit.BUREAU)
        return self.filter(seen | early) if is_of_affairs else self.filter(seen)

    def query_state(self, state: str) -> Self:
        """Keep cases by how far their query is: NONE (of a debtor), WAITING, LACKING (to be asked again) or ANSWERED.

        A debtor who came in later is asked about like the first.
        """
        queries = apps.get_model("cases.NetworkQuery").objects.filter(case=OuterRef("pk"))
        unasked = Exists(apps.get_model("cases.Party").objects.not_asked_about().filter(case=OuterRef("pk")))
        if state == "NONE":
            return self.filter(unasked)
        if state == "WAITING":
            return self.filter(Exists(queries.running()))
        if state == "LACKING":
            return self.filter(Exists(queries.lacking()))
        return self.filter(Exists(queries), ~unasked, ~Exists(queries.running()), ~Exists(queries.lacking()))

    def held(self, *fields: str) -> Self:
        """Lock rows (the lock of everything on a case), loading only what the record prints and these fields."""
        return self.select_for_update().only(*HELD_FIELDS, *fields)

    def open(self) -> Self:
        """Keep cases not yet closed."""
        return self.exclude(stage__in=ENDED)

    def receiving(self) -> Self:
        """Keep cases to which money may still come: open ones, and those that live on after 终本."""
        return self.filter(~Q(stage__in=ENDED) | Q(closing_mode=ClosingMode.PROCEDURAL))

    def of_bureau(self) -> Self:
        """Keep what the bureau itself carries out: the old book stays with its court until it is moved over."""
        return self.filter(executing_unit=ExecutingUnit.BUREAU)

    def of_courts(self) -> Self:
        """Keep the old book: what the courts themselves go on with."""
        return self.filter(executing_unit=ExecutingUnit.COURT)

    def counted_for(self, user: User) -> Self:
        """Keep what boards count for the user: the bureau's own, or for a court's own staff that of its old book."""
        is_of_court = user.team is not None and user.team.kind == Team.Kind.COURT
        return self.of_courts() if is_of_court else self.of_bureau()

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

    def forgotten(self, *, today: dt.date) -> Self:
        """Keep open cases with no next step: no running duty, pack on its way, work order, hold or proposal.

        The limits of a whole case are no step of it: where nothing else runs, somebody must have done something within
        QUIET_DAYS. A stay ends loudly by itself; a suspension is looked at again after SUSPENDED_QUIET_DAYS, and a
        settlement of which no instalment is owed any more waits for nobody.
        """
        deadlines, events = apps.get_model("cases.Deadline"), apps.get_model("bureau.Event")
        of_case = deadlines.objects.filter(case=OuterRef("pk"), state="RUNNING")
        duties = [node for node in nodes.LIVE if node.is_duty]
        has_step = Exists(of_case.filter(node__in=[node.code for node in duties if not node.is_frame]))
        has_frame = Exists(of_case.filter(node__in=[node.code for node in duties if node.is_frame]))
        chain = Concat(Value("case:"), Cast(OuterRef("pk"), TextField()))
        acts = events.objects.filter(chain=chain).exclude(actor__username=SYSTEM)
        is_quiet = ~Exists(acts.filter(at__date__gt=today - dt.timedelta(days=QUIET_DAYS)))
        is_long_quiet = ~Exists(acts.filter(at__date__gt=today - dt.timedelta(days=SUSPENDED_QUIET_DAYS)))
        owed = Q(settlements__outcome="", settlements__instalments__paid_on__isnull=True)
        settled = self.model.objects.filter(owed, stage=Stage.SETTLED).values("pk")
        waits = (
            (~Q(stage__in=RESTING) & (~has_frame | is_quiet))
            | (Q(stage=Stage.SUSPENDED) & is_long_quiet)
            | (Q(stage=Stage.SETTLED) & ~Q(pk__in=settled))
        )
        pending = Handover.objects.filter(state=Handover.State.PENDING)
        return (
            self.open()
            .exclude(stage__in=(Stage.CLOSING, Stage.STAYED))
            .annotate(has_frame=has_frame)
            .annotate(aside=FilteredRelation("holds", condition=Q(holds__ended_at__isnull=True)))
            .filter(~has_step, aside__isnull=True)
            .filter(waits)
            .exclude(pk__in=pending.values("case_id"))
            .exclude(pk__in=WorkOrder.objects.open().values("case_id"))
        )

    def numbered(self, text: str) -> Self:
        """Keep cases whose number, or temporary receipt number, has this plain text in it; by index where it can be.

        A number from its start and a part that names 执 are found by index; anything else is looked for in every row.
        """
        part = casenumber.part(text)
        if text.startswith("(") and (part is None or part.court):
            return self.filter(number__startswith=text)
        if text.startswith("临"):
            return self.filter(provisional_number__startswith=text)
        if part is None:
            return self.filter(Q(number__contains=text) | Q(provisional_number__contains=text))
        cases = self.filter(number__isnull=False)
        if part.year:
            cases = cases.filter(year=part.year)
        if part.court:
            cases = cases.filter(number_court__in=Court.objects.filter(code__endswith=part.court))
        if part.type_code == TypeCode.REVIVED or part.seqs:
            cases = cases.filter(type_code=part.type_code)
        if part.seqs:
            cases = cases.filter(reduce(or_, (Q(seq__range=seqs) for seqs in part.seqs)))
        return cases

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
