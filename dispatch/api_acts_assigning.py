"""Acts around assignment for programs: the pages' forms, services and permissions (`bureau.acts`)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from bureau import services as bureau
from bureau.acts import Nothing
from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from dispatch import asking, assigning, leaves
from dispatch.assignforms import AskManyForm, BatchForm, ChainForm, DecideForm, LeaveForm
from dispatch.models import AssignmentRequest, Leave
from dispatch.tasks import CHUNK


def _requests(user: User) -> QuerySet[AssignmentRequest]:
    return AssignmentRequest.objects.all()


def _leaves(user: User) -> QuerySet[Leave]:
    return Leave.objects.all()


def _batch(data: QueryDict, nothing: None, user: User) -> BatchForm:
    return BatchForm(data, user=user)


def _ask(data: QueryDict, nothing: None, user: User) -> AskManyForm:
    return AskManyForm(data, user=user)


def assign_cases(*, wanted: Iterable[Case], expected: str = "", at: dt.datetime, actor: User) -> Model:
    """Assign the cases by draw and return the draw; many are done by a job, which is returned."""
    cases = list(wanted)
    if len(cases) > CHUNK:
        return bureau.ask_job("assign_cases", at=at, actor=actor, cases=[case.pk for case in cases])
    done = assigning.assign_many(cases, expected=expected, at=at, actor=actor)
    if not done.made:
        raise Refused(list(done.left.values()) or [_("请选择案件")])
    assert done.made[0].draw is not None
    return done.made[0].draw


ACTS: tuple[tuple[Any, ...], ...] = (
    ("assign/", "dispatch.assign_case", None, BatchForm, assign_cases, _batch),
    ("ask/", "dispatch.assign_case", None, AskManyForm, asking.ask_assignment, _ask),
    ("requests/<int:pk>/decide/", "dispatch.approve_assignment", _requests, DecideForm, asking.decide_assignment),
    ("requests/<int:pk>/withdraw/", "dispatch.assign_case", _requests, Nothing, asking.withdraw_assignment),
    ("make-chain/", "dispatch.make_chain", None, ChainForm, assigning.make_chain),
    ("leave/", "dispatch.manage_leave", None, LeaveForm, leaves.register_leave),
    ("leave/<int:pk>/end/", "dispatch.manage_leave", _leaves, Nothing, leaves.end_leave),
)
