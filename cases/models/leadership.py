"""Who leads a case: chief and presidents of the bureau; for the old book head and president of its own court."""

from typing import TYPE_CHECKING

from django.db.models import Q

from bureau.models import User
from bureau.roles import has_role
from cases.models.codes import ExecutingUnit

if TYPE_CHECKING:
    from cases.models.case import Case

# What each leader of the bureau signs, who signs in a court for its own old book (decision 0034).
IN_COURT = {"CHIEF": "COURT_HEAD", "PRESIDENT": "COURT_PRESIDENT", "VICE_PRESIDENT": "COURT_PRESIDENT"}


def in_court(*roles: str) -> set[str]:
    """Return the roles of a court's own staff that stand for these of the bureau."""
    return {IN_COURT[role] for role in roles if role in IN_COURT}


def leads(case: "Case", user: User, *roles: str) -> bool:
    """Return whether the user holds one of these roles of the bureau for the case, or its equal in the case's court."""
    if case.executing_unit == ExecutingUnit.COURT:
        return case.team_id is not None and case.team_id == user.team_id and has_role(user, *in_court(*roles))
    return has_role(user, *roles)


def answers_for(case: "Case", user: User) -> bool:
    """Return whether a second person of the user's house may answer in the case: for the old book its own court's."""
    return case.executing_unit == ExecutingUnit.BUREAU or (case.team_id is not None and case.team_id == user.team_id)


def led_by(user: User, *roles: str, case: str = "case__") -> Q:
    """Return the condition that keeps what belongs to cases which the user leads in one of these roles; empty for none.

    An empty condition would keep everything: ask whether there is one.
    """
    kept = Q()
    if has_role(user, *roles):
        kept |= Q(**{f"{case}executing_unit": ExecutingUnit.BUREAU})
    if user.team_id and has_role(user, *in_court(*roles)):
        kept |= Q(**{f"{case}executing_unit": ExecutingUnit.COURT, f"{case}team": user.team_id})
    return kept
