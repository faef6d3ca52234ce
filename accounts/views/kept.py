"""Money that stays in the house: moved to another case, deposited for an absent creditor, released, taken back."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import forms, pages, services
from accounts.models import Payout
from accounts.services.payouts import reverse_objections
from accounts.services.requests import deposit_left
from accounts.statement import statement_of
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.money import yuan
from bureau.wording import Form
from cases.models import Case


def _new_reference() -> str:
    return f"P-{uuid.uuid4().hex[:24]}"


def _asked(request: StaffRequest, form: Form, ask: Callable[..., Payout], thing: Any) -> Payout | None:
    """Ask for what a valid form says; a refusal is said on the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    arguments: dict[str, Any] = getattr(form, "arguments", lambda: form.cleaned_data)()
    try:
        payout = ask(thing, **arguments, at=clock.now(), actor=request.user)
    except Refused as refusal:
        form.refuse(refusal)
        return None
    messages.success(request, _("已提交申请，待审核"))
    return payout


def _page(request: StaffRequest, form: Form, case: Case, heading: str, notice: str, back: str) -> HttpResponse:
    context = {"form": form, "case": case, "heading": heading, "notice": notice, "back": back}
    context["button"] = _("提交申请")
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


def _available(case: Case) -> str:
    return _("可申请余额 %(available)s 元") % {"available": yuan(statement_of(case).available)}


@requires("accounts.request_payout")
@require_http_methods(["GET", "POST"])
def request_move(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner asks to pass money on to another case of the bureau."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = forms.RequestMove(typed, case=case, initial={"reference": _new_reference()})
    if payout := _asked(request, form, services.request_move, case):
        return redirect("accounts:payout", payout.pk)
    notice = _("款项转入另案后，仍按最初到账日计算发放期限。") + _available(case)
    back = reverse("accounts:case_money", args=[pk])
    return _page(request, form, case, _("申请转入本局另案"), notice, back)


@requires("accounts.request_payout")
@require_http_methods(["GET", "POST"])
def deposit_absent(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner asks to deposit money for a creditor who does not take it or cannot be found."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = forms.DepositAbsent(typed, case=case, initial={"reference": _new_reference()})
    if payout := _asked(request, form, services.deposit_absent, case):
        return redirect("accounts:payout", payout.pk)
    notice = _("债权人拒绝受领、下落不明或死亡未确定继承人的，可以提存；提存视为已履行。") + _available(case)
    back = reverse("accounts:case_money", args=[pk])
    return _page(request, form, case, _("申请提存"), notice, back)


@requires("accounts.request_payout", "accounts.check_payout")
@require_http_methods(["GET", "POST"])
def release_deposit(request: StaffRequest, pk: int) -> HttpResponse:
    """The creditor, or who takes his place, has come for what was deposited."""
    deposits = pages.payout_of(request.user, pk).filter(purpose=Payout.Purpose.ABSENT)
    deposit = get_object_or_404(deposits)
    typed = request.POST if request.method == "POST" else None
    start = {"reference": _new_reference(), "amount": deposit_left(deposit) or None}
    form = forms.ReleaseDeposit(typed, case=deposit.case, initial=start)
    if payout := _asked(request, form, services.release_deposit, deposit):
        return redirect("accounts:payout", payout.pk)
    notice = _("提存款尚余 %(left)s 元") % {"left": yuan(deposit_left(deposit))}
    back = reverse("accounts:payout", args=[pk])
    return _page(request, form, deposit.case, _("申请领取提存款"), notice, back)


@requires("accounts.pay_payout")
@require_http_methods(["GET", "POST"])
def reverse_payout(request: StaffRequest, pk: int) -> HttpResponse:
    """Another of finance takes back a move or deposit; asked once more, for it cannot be undone."""
    row = get_object_or_404(pages.payout_of(request.user, pk))
    form = forms.Reverse(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reverse_payout(row, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已冲正"))
            return redirect("accounts:payout", pk)
    context = {"form": form, "payout": row, "objections": reverse_objections(row, request.user)}
    return render(request, "accounts/reverse.html", context, status=422 if form.errors else 200)
