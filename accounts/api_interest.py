"""How interest is ordered and which days bear none, for programs: the judge says it (`bureau.acts`)."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from accounts import services
from accounts.debtforms import AnswerInterest, PauseInterest, SetInterest
from accounts.models import InterestPause, InterestTerm
from bureau.acts import Nothing
from bureau.models import User
from cases.models import Case, Claim


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _terms(user: User) -> QuerySet[InterestTerm]:
    return InterestTerm.objects.filter(claim__case__in=_cases(user)).select_related("claim__case")


def _set_interest(data: QueryDict, case: Case, user: User) -> SetInterest:
    form = SetInterest(data, case=case)
    form.arguments = lambda: form.cleaned_data  # type: ignore[method-assign]
    return form


def set_interest(case: Case, *, claim: Claim, **given: Any) -> InterestTerm:
    """The judge says how interest is ordered on one item of the case."""
    return services.set_interest(claim, **given)


def _pauses(user: User) -> QuerySet[InterestPause]:
    return InterestPause.objects.filter(case__in=_cases(user))


def _pause_interest(data: QueryDict, case: Case, user: User) -> PauseInterest:
    return PauseInterest(data, case=case)


ACTS: tuple[Any, ...] = (
    ("cases/<int:pk>/interest/", "accounts.check_payout", _cases, SetInterest, set_interest, _set_interest),
    (
        "interest/<int:pk>/answer/",
        ("accounts.request_payout", "accounts.approve_payout", "accounts.approve_court_payout"),
        _terms,
        AnswerInterest,
        services.answer_interest,
    ),
    (
        "cases/<int:pk>/interest-pauses/",
        "accounts.check_payout",
        _cases,
        PauseInterest,
        services.pause_interest,
        _pause_interest,
    ),
    ("interest-pauses/<int:pk>/withdraw/", "accounts.check_payout", _pauses, Nothing, services.withdraw_pause),
)
