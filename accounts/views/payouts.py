"""Money out: request, the payout's page with the viewer's act, the lists and the chief's sheet."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import batches, export, forms, pages, services
from accounts.models import Payout
from accounts.oddities import oddities
from accounts.services.approvals import may_approve
from accounts.statement import reckoned
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import day_of
from cases.models import Case

PAGE = 50


@requires("accounts.request_payout")
@require_http_methods(["GET", "POST"])
def request_payout(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner asks for a payment, with the calculation sheet beside the form."""
    case = get_object_or_404(Case.objects.visible_to(request.user).prefetch_related("claims"), pk=pk)
    statement = reckoned(case, on=clock.today())
    proposal = pages.proposal(case, statement)
    form = _request_form(request, case, proposal)
    if request.method == "POST" and form.is_valid():
        try:
            payout = services.request_payout(case, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提交发放申请，待审核"))
            return redirect("accounts:payout", payout.pk)
    context = {"form": form, "case": case, "statement": statement, "missing": proposal.missing}
    return render(request, "accounts/request_payout.html", context, status=422 if form.errors else 200)


def _request_form(request: StaffRequest, case: Case, proposal: pages.Proposal) -> forms.RequestPayout:
    if request.method == "POST":
        return forms.RequestPayout(request.POST, case=case)
    start = proposal._asdict() | {"amount": proposal.amount or None, "reference": f"P-{uuid.uuid4().hex[:24]}"}
    return forms.RequestPayout(case=case, initial=start)


@requires("accounts.view_money")
@require_safe
def payout(request: StaffRequest, pk: int) -> HttpResponse:
    """One payment with everything that must be seen before signing."""
    row = get_object_or_404(pages.payout_of(request.user, pk))
    return _page(request, row)


def _page(request: StaffRequest, row: Payout, wrong: forms.Reasoned | None = None, number: str = "") -> HttpResponse:
    # `wrong` is the form that was sent and must be corrected; the other stays empty.
    context = pages.payout_page(row, request.user, today=clock.today())
    context |= {"form": wrong or forms.Reject(), "number": number}
    context["reject_form"] = wrong if isinstance(wrong, forms.Reject) else forms.Reject()
    context["back_form"] = wrong if isinstance(wrong, forms.SendBack) else forms.SendBack()
    context["reveal_form"] = wrong if isinstance(wrong, forms.Reveal) else forms.Reveal(prefix="reveal")
    return render(request, "accounts/payout.html", context, status=422 if wrong else 200)


def _act(request: StaffRequest, pk: int, act: Callable[..., Payout], said: str, **details: Any) -> HttpResponse:
    row = get_object_or_404(pages.payout_of(request.user, pk))
    try:
        act(row, at=clock.now(), actor=request.user, **details)
    except Refused as refusal:
        form = forms.Reject({})
        form.errors.clear()
        form.refuse(refusal)
        return _page(request, row, form)
    messages.success(request, said)
    return redirect("accounts:payout", pk)


@requires("accounts.check_payout")
@require_POST
def check(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge has checked it."""
    return _act(request, pk, services.check_payout, _("已审核，待审批"))


@requires("accounts.view_money")
@require_POST
def approve(request: StaffRequest, pk: int) -> HttpResponse:
    """The chief or his deputy approves it; the service asks who may."""
    return _act(request, pk, services.approve_payout, _("已审批，待付款"))


@requires("accounts.pay_payout")
@require_POST
def pay(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance pays it."""
    return _act(request, pk, services.pay_payout, _("已付款，等待银行答复"))


@requires("accounts.view_money")
@require_POST
def reject(request: StaffRequest, pk: int) -> HttpResponse:
    """Checker or approver sends it back; the service asks who may."""
    row = get_object_or_404(pages.payout_of(request.user, pk))
    form = forms.Reject(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    return _act(request, pk, services.reject_payout, _("已驳回"), reason=form.cleaned_data["reason"])


@requires("accounts.pay_payout")
@require_POST
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance sends back what was approved, and says why."""
    row = get_object_or_404(pages.payout_of(request.user, pk))
    form = forms.SendBack(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    return _act(request, pk, services.send_back_payout, _("已退回申请人"), reason=form.cleaned_data["reason"])


@requires("accounts.pay_payout")
@require_POST
def reveal(request: StaffRequest, pk: int) -> HttpResponse:
    """Show finance the full account number once; the look is recorded with its reason."""
    row = get_object_or_404(pages.payout_of(request.user, pk))
    form = forms.Reveal(request.POST, prefix="reveal")
    if not form.is_valid():
        return _page(request, row, form)
    reason = form.cleaned_data["reason"]
    number = services.reveal_account(row, reason=reason, at=clock.now(), actor=request.user)
    response = _page(request, row, number=number)
    response["Cache-Control"] = "no-store"
    return response


def _listed(request: StaffRequest) -> QuerySet[Payout]:
    state = request.GET.get("state", "")
    # A past day knows what was paid by then; where the others stood that day is in the record.
    paid_by = day_of(request) if state == Payout.State.PAID else None
    return pages.payouts(request.user, state, paid_by=paid_by, unit=request.GET.get("unit", ""))


@requires("accounts.view_money")
@require_safe
def payouts(request: StaffRequest) -> HttpResponse:
    """All payments by state."""
    state = request.GET.get("state", "")
    page = Paginator(_listed(request), PAGE).get_page(request.GET.get("page"))
    counts = pages.payout_counts(request.user)
    chips = [(code, label, counts.get(code, 0)) for code, label in Payout.State.choices]
    context = {"page": page, "state": state, "chips": chips, "today": clock.today()}
    return render(request, "accounts/payouts.html", context)


@requires("accounts.view_money")
@require_POST
def export_payouts(request: StaffRequest) -> HttpResponse:
    """The list as a sheet; taking it out is on record."""
    rows = list(_listed(request)[: excel.ROWS_MAX])
    bureau.note_export("payouts", count=len(rows), at=clock.now(), actor=request.user)
    return export.payouts(rows)


@requires("accounts.view_money")
@require_http_methods(["GET", "POST"])
def approvals(request: StaffRequest) -> HttpResponse:
    """The chief's sheet: every checked payment with its sum, approved singly or several at once."""
    today = clock.today()
    if not may_approve(request.user, on=today):
        raise PermissionDenied
    if request.method == "POST":
        _approve_several(request)
        return redirect("accounts:approvals")
    page = Paginator(pages.approvals(request.user, today=today), PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "today": today, **pages.by_risk(list(page.object_list), today=today)}
    context["batches"] = batches.approvable_by(request.user, today=today)
    return render(request, "accounts/approvals.html", context)


def _approve_several(request: StaffRequest) -> None:
    chosen = [int(word) for word in request.POST.getlist("payout") if word.isascii() and word.isdigit()]
    done, today = 0, clock.today()
    rows = list(pages.approvals(request.user, today=today).filter(pk__in=chosen))
    odd = oddities(rows, today=today)
    for row in rows:
        try:
            if odd[row.pk]:
                raise Refused(_("有异常提示，须逐笔查看后审批"))
            services.approve_payout(row, at=clock.now(), actor=request.user)
            done += 1
        except Refused as refusal:
            text = _("%(reference)s 未通过：%(reason)s") % {"reference": row.reference, "reason": refusal}
            messages.error(request, text)
    if done:
        messages.success(request, _("已审批 %(count)d 笔") % {"count": done})
    if len(chosen) > len(rows):
        messages.error(request, _("有 %(count)d 笔已不待您审批") % {"count": len(chosen) - len(rows)})
    if not chosen:
        messages.error(request, _("请先勾选要审批的发放"))
