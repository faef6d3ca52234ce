"""The bank's answers for finance: what has none yet, what was said twice or otherwise, and what clears it up."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import answerpages, export, forms, services
from accounts.models import BankAnswer, Payout
from accounts.services.answers import settle_objections
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.errors import Refused

PAGE = 50
SEES = ("accounts.pay_payout", "accounts.view_ledger")
PAYS = "accounts.pay_payout"


def _rows(request: StaffRequest, chosen: str) -> Any:
    word = request.GET.get("q", "")
    if chosen in answerpages.WITHOUT:
        return answerpages.unanswered(request.user, chosen, word)
    return answerpages.answers(request.user, chosen, word)


def _chosen(request: StaffRequest, counts: dict[str, int]) -> str:
    chosen = request.GET.get("show", "")
    return chosen if chosen in answerpages.LABELS else answerpages.most_pressing(counts)


@requires(*SEES)
@require_safe
def bank_answers(request: StaffRequest) -> HttpResponse:
    """Every payment that the bank has, and every message that was not booked, by its named state."""
    counts = answerpages.counts(request.user)
    chosen = _chosen(request, counts)
    page = Paginator(_rows(request, chosen), PAGE).get_page(request.GET.get("page"))
    chips = [(code, label, counts[code]) for code, label in answerpages.LABELS.items()]
    is_without = chosen in answerpages.WITHOUT
    context = {"page": page, "chips": chips, "chosen": chosen, "q": request.GET.get("q", ""), "is_without": is_without}
    return render(request, "accounts/bank_answers.html", context)


@requires(*SEES)
@require_POST
def export_bank_answers(request: StaffRequest) -> HttpResponse:
    """The chosen set as a sheet; taking it out is on record."""
    chosen = _chosen(request, answerpages.counts(request.user))
    rows = list(_rows(request, chosen)[: excel.ROWS_MAX])
    bureau.note_export("bank_answers", count=len(rows), at=clock.now(), actor=request.user)
    return export.unanswered(rows) if chosen in answerpages.WITHOUT else export.bank_answers(rows)


def _payout(request: StaffRequest, pk: int) -> Payout:
    return get_object_or_404(Payout.objects.visible_to(request.user), pk=pk)


def _back(request: StaffRequest) -> HttpResponse:
    chosen = request.POST.get("show", "")
    query = f"?show={chosen}" if chosen in answerpages.LABELS else ""
    return redirect(f"{reverse('accounts:bank_answers')}{query}")


@requires(PAYS)
@require_POST
def inquire_payout(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask the bank what became of it."""
    try:
        said = services.inquire_payout(_payout(request, pk), at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.info(request, str(answerpages.OUTCOMES[said]))
    return _back(request)


@requires(PAYS)
@require_POST
def resend_payout(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand it to the bank again under its reference."""
    try:
        services.resend_payout(_payout(request, pk), at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已按原付款参考号重新提交，等待银行答复"))
    return _back(request)


@requires(PAYS)
@require_http_methods(["GET", "POST"])
def settle_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Say what a contradiction turned out to be."""
    row: BankAnswer = get_object_or_404(answerpages.answer(request.user), pk=pk)
    form = forms.SettleAnswer(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.settle_answer(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记查明结果"))
            return redirect("accounts:bank_answers")
    context = {"form": form, "answer": row, "objections": settle_objections(row, request.user)}
    return render(request, "accounts/settle_answer.html", context, status=422 if form.errors else 200)
