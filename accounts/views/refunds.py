"""Unidentified money that goes back to its payer: asked for, approved, paid."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import claimpages, refundpages, services
from accounts.models import LineRefund
from accounts.refundforms import EndRefund, RequestRefund
from accounts.services.approvals import roles_signed_for
from accounts.services.refunds import acts_for, refund_objections
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused

PAGE = 50


@requires("accounts.view_money")
@require_safe
def refunds(request: StaffRequest) -> HttpResponse:
    """Money on its way back to its payers, what was paid back, and what was not."""
    user, today = request.user, clock.today()
    if not any(map(user.has_perm, refundpages.SEES)) and not roles_signed_for(user, on=today):
        raise PermissionDenied
    chosen = request.GET.get("show", "open")
    chosen = chosen if chosen in refundpages.KINDS else "open"
    rows = refundpages.refunds(user, on=today).filter(state__in=refundpages.KINDS[chosen])
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [(row, refundpages.is_silent(row, at=clock.now())) for row in page.object_list]
    context = {"page": page, "rows": shown, "chosen": chosen, "kinds": refundpages.tabs()}
    return render(request, "accounts/refunds.html", context)


@requires("accounts.identify_bank_line")
@require_http_methods(["GET", "POST"])
def request_refund(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask that money which no case claims goes back to who paid it."""
    line = get_object_or_404(claimpages.unidentified(), pk=pk)
    data = request.POST if request.method == "POST" else None
    form = RequestRefund(data, line=line, initial={"reference": f"R-{uuid.uuid4().hex[:24]}"})
    if request.method == "POST" and form.is_valid():
        try:
            refund = services.request_refund(line, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已申请退还付款人，待审批"))
            return redirect("accounts:refund", refund.pk)
    context = {"form": form, "row": claimpages.waiting([line], request.user)[0], "line": line, "today": clock.today()}
    context |= {"heading": _("退还付款人"), "back": reverse("accounts:unidentified"), "barred": refund_objections(line)}
    return render(request, "accounts/claim_line.html", context, status=422 if form.errors else 200)


def _refund(request: StaffRequest, pk: int) -> LineRefund:
    return get_object_or_404(refundpages.refunds(request.user, on=clock.today()), pk=pk)


@requires("accounts.view_money")
@require_safe
def refund(request: StaffRequest, pk: int) -> HttpResponse:
    """One refund: the line, the account, the three people, and what may be done."""
    return _page(request, _refund(request, pk))


def _page(request: StaffRequest, row: LineRefund, form: EndRefund | None = None) -> HttpResponse:
    today = clock.today()
    context = {
        "refund": row,
        "acts": acts_for(row, request.user, on=today, signs=roles_signed_for(request.user, on=today)),
        "form": form or EndRefund(),
        "is_silent": refundpages.is_silent(row, at=clock.now()),
    }
    return render(request, "accounts/refund.html", context, status=422 if form else 200)


def _act(request: StaffRequest, row: LineRefund, act: Callable[..., object], said: str, **given: Any) -> HttpResponse:
    try:
        act(row, **given, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("accounts:refund", row.pk)


def _end(request: StaffRequest, pk: int, act: Callable[..., object], said: str) -> HttpResponse:
    row, form = _refund(request, pk), EndRefund(request.POST)
    return _act(request, row, act, said, **form.arguments()) if form.is_valid() else _page(request, row, form)


@requires("accounts.view_money")
@require_POST
def approve_refund(request: StaffRequest, pk: int) -> HttpResponse:
    """Whoever approves sums of that size approves it; the service asks who may."""
    return _act(request, _refund(request, pk), services.approve_refund, _("已审批，待付款"))


@requires("accounts.view_money")
@require_POST
def refuse_refund(request: StaffRequest, pk: int) -> HttpResponse:
    """The approver sends it back; the service asks who may."""
    return _end(request, pk, services.refuse_refund, _("未予批准，来款继续待认领"))


@requires("accounts.identify_bank_line")
@require_POST
def withdraw_refund(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance takes it back before it is paid."""
    return _end(request, pk, services.withdraw_refund, _("已撤回退款申请，来款继续待认领"))


@requires("accounts.pay_payout")
@require_POST
def pay_refund(request: StaffRequest, pk: int) -> HttpResponse:
    """A third person of finance pays it."""
    return _act(request, _refund(request, pk), services.pay_refund, _("已付款，等待银行答复"))
