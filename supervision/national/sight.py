"""Whose book of cases a member of staff keeps in the national system; it reads nothing of this room."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from bureau.models import Court, Team, User
from bureau.roles import scopes_of
from bureau.scopes import Scope
from cases.models import Case
from cases.models.queries import CaseQuerySet

VIEW = "supervision.view_national"
KEEP = "supervision.keep_national"


def sees_all(user: User) -> bool:
    """Return whether the user reads every court's book: who oversees, and the affairs team, which types for all."""
    is_of_affairs = user.team is not None and user.team.kind == Team.Kind.AFFAIRS
    return user.is_active and user.has_perm(VIEW) and (Scope.ALL in scopes_of(user) or is_of_affairs)


def keeps_books(user: User) -> bool:
    """Return whether the user hands in files and compares whole books: a court's own window, and the affairs team."""
    has_court = user.window is not None and user.window.court_id is not None
    return user.has_perm(KEEP) and (has_court or sees_all(user))


def own(user: User) -> Q:
    """Return the condition on what concerns the user among what he reads: everything for who keeps a book or window."""
    return Q() if user.window_id or sees_all(user) else Q(case__judge=user) | Q(case__owner=user)


def courts(user: User) -> Q:
    """Return the condition on a court whose files and comparisons the user reads: the own court's, or every one."""
    if sees_all(user):
        return Q()
    own = user.window.court_id if user.window and user.is_active and user.has_perm(VIEW) else None
    return Q(pk=own) if own else Q(pk__in=[])


def courts_of(user: User) -> list[Court]:
    """Return those courts in the order of their codes."""
    return list(Court.objects.filter(courts(user)).order_by("code"))


def cases_of(user: User) -> CaseQuerySet:
    """Return the cases that the user keeps or reads in the national system.

    A court's window keeps the cases in whose number its own court stands, wherever they were filed; others what they
    see anyway.
    """
    cases: CaseQuerySet = Case.objects.all()
    if sees_all(user):
        return cases
    if user.window and user.window.court_id and Scope.WINDOW in scopes_of(user):
        return cases.filter(number_court=user.window.court_id) if user.has_perm(VIEW) else cases.none()
    return cases.visible_to(user)


def links_of_case(case: Case, user: User) -> list[dict[str, Any]]:
    """Return the way from a case the user sees to what must be typed of it; none where `cases_of` leaves it out."""
    if not user.has_perm(VIEW):
        return []
    court = user.window.court_id if user.window and Scope.WINDOW in scopes_of(user) else None
    if court and not sees_all(user) and case.number_court_id != court:
        return []
    return [{"label": _("录入全国系统"), "url": reverse("supervision:to_type_case", args=[case.pk])}]
