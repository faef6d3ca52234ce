"""Moving cases of the old book over, for programs: the pages' own acts."""

from typing import Any

from django.db.models import QuerySet

from bureau.acts import Nothing
from bureau.models import User
from cases.models import Case
from dispatch import moves
from dispatch.moveforms import AskMoveForm, DecideMoveForm
from dispatch.oldbook import UnitMove


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _moves(user: User) -> QuerySet[UnitMove]:
    return UnitMove.objects.visible_to(user)


ACTS: tuple[tuple[Any, ...], ...] = (
    ("old-book/<int:pk>/ask/", "dispatch.assign_case", _cases, AskMoveForm, moves.ask_move),
    ("old-book/moves/<int:pk>/decide/", "dispatch.approve_assignment", _moves, DecideMoveForm, moves.decide_move),
    ("old-book/moves/<int:pk>/withdraw/", "dispatch.assign_case", _moves, Nothing, moves.withdraw_move),
)
