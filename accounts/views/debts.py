"""What a case owes today: the sum with its arithmetic, the judge's terms of interest, and the code behind the QR."""

from collections.abc import Callable
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import services
from accounts.debtforms import AnswerInterest, PauseInterest, RevokeCode, SetInterest
from accounts.debts import debt_of
from accounts.models import InterestPause, InterestTerm
from accounts.owed import Due
from accounts.papers import debt_url
from accounts.services.interest import may_confirm_interest
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import User
from bureau.wording import Form
from cases.models import Case
from cases.pages import head


@requires("accounts.view_money")
@require_safe
def due(request: StaffRequest, pk: int) -> HttpResponse:
    """The sum due today, line by line, as the debtor sees it behind his QR."""
    return _page(request, _case(request, pk))


def _case(request: StaffRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)


def _due(case: Case) -> tuple[Due | None, str, bool]:
    debt = debt_of(case)
    if not debt.claims:
        return None, _("本案没有金钱给付项目"), debt.is_open_ended
    try:
        return debt.due(clock.today()), "", debt.is_open_ended
    except ValueError as error:
        return None, str(error), debt.is_open_ended


def _page(request: StaffRequest, case: Case, wrong: Form | None = None) -> HttpResponse:
    row, reason, is_open_ended = _due(case)
    context = (
        head(case, request.user, today=clock.today())
        | _acts(case, request.user, wrong)
        | {
            "due": row,
            "reason": reason,
            "is_open_ended": is_open_ended,
            **_terms(case, request.user),
            "pauses": InterestPause.objects.filter(case=case, withdrawn_at=None)
            .select_related("set_by")
            .order_by("from_on"),
            "form": wrong,
            "today": clock.today(),
        }
    )
    return render(request, "accounts/due.html", context, status=422 if wrong else 200)


def _terms(case: Case, user: User) -> dict[str, Any]:
    rows = list(InterestTerm.objects.filter(claim__case=case).for_page().order_by("claim__position", "set_at", "id"))
    for row in rows:
        row.claim.case = case
    shown = [row for row in rows if row.state != InterestTerm.State.REPLACED]
    return {
        "terms": [(row, may_confirm_interest(row, user)) for row in shown],
        "claims_interest": any(claim.rate for claim in case.claims.all()),
    }


def _acts(case: Case, user: User, wrong: Form | None) -> dict[str, Any]:
    is_judge = case.judge_id == user.pk and user.has_perm("accounts.check_payout")
    handles = user.pk in (case.owner_id, case.judge_id) and user.has_perm("accounts.request_delay")
    url = debt_url(case)
    return {
        "is_judge": is_judge,
        "interest_form": wrong if isinstance(wrong, SetInterest) else SetInterest(case=case) if is_judge else None,
        "pause_form": wrong if isinstance(wrong, PauseInterest) else PauseInterest(case=case) if is_judge else None,
        "revoke_form": RevokeCode() if handles else None,
        "url": url,
        "qr": segno.make(url, error="m").svg_data_uri(scale=3) if url else "",
    }


def _act(request: StaffRequest, case: Case, form: Form, act: Callable[[dict[str, Any]], object]) -> HttpResponse:
    if form.is_valid():
        arguments: dict[str, Any] = getattr(form, "arguments", lambda: form.cleaned_data)()
        try:
            act(arguments)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已办理"))
            return redirect("accounts:due", case.pk)
    return _page(request, case, form)


@requires("accounts.check_payout")
@require_POST
def set_interest(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge says how interest is ordered on one item."""
    case = _case(request, pk)
    form = SetInterest(request.POST, case=case)

    def act(given: dict[str, Any]) -> object:
        return services.set_interest(form.cleaned_data["claim"], **given, at=clock.now(), actor=request.user)

    return _act(request, case, form, act)


@requires("accounts.request_payout", "accounts.approve_payout", "accounts.approve_court_payout")
@require_POST
def answer_interest(request: StaffRequest, pk: int) -> HttpResponse:
    """The second person has compared the terms with the document, or says where they differ."""
    visible = InterestTerm.objects.filter(claim__case__in=Case.objects.visible_to(request.user))
    row = get_object_or_404(visible.select_related("claim__case"), pk=pk)
    form = AnswerInterest(request.POST, auto_id="answer_%s")

    def act(given: dict[str, Any]) -> object:
        return services.answer_interest(row, **given, at=clock.now(), actor=request.user)

    return _act(request, _case(request, row.claim.case_id), form, act)


@requires("accounts.check_payout")
@require_POST
def pause_interest(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge says which days bear no doubled part."""
    case = _case(request, pk)

    def act(given: dict[str, Any]) -> object:
        return services.pause_interest(case, **given, at=clock.now(), actor=request.user)

    return _act(request, case, PauseInterest(request.POST, case=case), act)


@requires("accounts.check_payout")
@require_POST
def withdraw_pause(request: StaffRequest, pk: int) -> HttpResponse:
    """The days count after all."""
    visible = InterestPause.objects.filter(case__in=Case.objects.visible_to(request.user))
    row = get_object_or_404(visible, pk=pk)
    try:
        services.withdraw_pause(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("accounts:due", row.case_id)


@requires("accounts.request_delay")
@require_POST
def revoke_code(request: StaffRequest, pk: int) -> HttpResponse:
    """The papers printed so far open nothing more."""
    case = _case(request, pk)

    def act(given: dict[str, Any]) -> object:
        return services.revoke_code(case, **given, at=clock.now(), actor=request.user)

    return _act(request, case, RevokeCode(request.POST), act)
