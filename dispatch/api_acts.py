"""The command centre's acts for programs: the pages' forms, services and permissions (`bureau.acts`)."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from bureau import clock
from bureau.acts import Nothing
from bureau.models import User
from cases.models import Case
from dispatch import forms, services
from dispatch.models import Conflict
from dispatch.takeoverforms import TakeOverForm


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _conflicts(user: User) -> QuerySet[Conflict]:
    return Conflict.objects.all()


def _decide(data: QueryDict, case: Case, user: User) -> forms.DecisionForm:
    return forms.DecisionForm(data, case=case, today=clock.today(), assigns=data.get("action", "assign") == "assign")


def _take_over(data: QueryDict, nothing: None, user: User) -> TakeOverForm:
    return TakeOverForm(data, user=user)


ACTS: tuple[tuple[Any, ...], ...] = (
    ("cases/<int:pk>/decide/", "dispatch.triage_case", _cases, forms.DecisionForm, services.decide, _decide),
    ("conflicts/", "dispatch.assign_case", None, forms.ConflictForm, services.declare_conflict),
    ("conflicts/<int:pk>/withdraw/", "dispatch.assign_case", _conflicts, Nothing, services.withdraw_conflict),
    ("take-over/", "dispatch.take_over_desk", None, TakeOverForm, services.take_over, _take_over),
)
