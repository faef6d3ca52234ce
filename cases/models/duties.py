"""Who may make a move of a case: a permission of the role table, and a duty in this very case."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bureau.models import User
from cases.models import codes
from cases.models.handover import Handover
from cases.models.leadership import leads

if TYPE_CHECKING:
    from cases.models.case import Case


class Holder:
    """Permission of a transition: the codename, and a duty in this very case; codes are for the role table."""

    def __init__(self, codename: str, duty: Callable[["Case", User], bool]) -> None:
        self.codename = codename
        self.duty = duty

    def __call__(self, case: Any, user: Any) -> bool:
        """Return whether the user may make this move of the case."""
        return bool(user.has_perm(self.codename)) and self.duty(case, user)


def decides(case: "Case", user: User) -> bool:
    """Hold for the judge of the case."""
    return case.judge_id == user.pk


def is_holding(case: "Case", user: User) -> bool:
    """Hold for the team that holds it."""
    return case.team_id is not None and case.team_id == user.team_id


def is_receiving(case: "Case", user: User) -> bool:
    """Hold for the team to which a pack is on its way."""
    return case.handovers.filter(state=Handover.State.PENDING, to_team_id=user.team_id).exists()


def owns(case: "Case", user: User) -> bool:
    """Hold for whoever owns its stage."""
    return case.owner_id == user.pk


def reviews(case: "Case", user: User) -> bool:
    """Hold for its judge, and whoever leads it."""
    return case.judge_id == user.pk or leads(case, user, "CHIEF", "PRESIDENT", "VICE_PRESIDENT")


def is_of_its_court(case: "Case", user: User) -> bool:
    """Hold for the staff of the court with which a case of the old book stays: that of its number."""
    is_old = case.executing_unit == codes.ExecutingUnit.COURT
    return is_old and user.team is not None and user.team.court_id == case.number_court_id


def is_not_handler(case: "Case", user: User) -> bool:
    """Hold for whoever does not work on it himself."""
    return user.pk not in (case.judge_id, case.owner_id)


def decides_the_move(case: "Case", user: User) -> bool:
    """Hold for a case of the old book, and whoever does not work on it himself."""
    return case.is_of_court and is_not_handler(case, user)
