"""The accounts that money may go to: a case's tab, entering one, and the second person's page."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import forms, pages, payeeforms, services
from accounts.models import PayeeAccount
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.wording import Form
from cases.models import Case
from cases.pages import head
from documents import services as documents
from documents.models import Material
from documents.pages import pages_of
from documents.views.scans import picture


@requires("accounts.enter_payee", "accounts.confirm_payee")
@require_safe
def payees(request: StaffRequest, pk: int) -> HttpResponse:
    """The accounts of all parties of a case, with what waits."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    found = pages.payees(case)
    context = head(case, request.user, today=clock.today())
    context |= {"payees": found.parties, "other_payees": found.others, "batches": pages.batches_of(case)}
    return render(request, "accounts/payees.html", context)


@requires("accounts.enter_payee")
@require_http_methods(["GET", "POST"])
def enter_payee(request: StaffRequest, pk: int) -> HttpResponse:
    """A window clerk enters what a party of the case confirmed in writing."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    form = _entry(request, case)
    if form.is_bound and form.is_valid() and form.staged:
        party, agent = form.cleaned_data["party"], form.cleaned_data["agent"]
        given = {"payee": form.payee(), "scan": form.staged, "agent": agent}
        try:
            account = services.enter_payee(party, **given, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("收款账户：%(state)s") % {"state": account.get_state_display()})
            return redirect("accounts:payees", pk)
    back = reverse("accounts:payees", args=[pk])
    context = {"form": form, "case": case, "heading": _("录入收款账户"), "back": back}
    return render(request, "accounts/enter_payee.html", context, status=422 if form.errors else 200)


def _entry(request: StaffRequest, case: Case) -> payeeforms.EnterPayee:
    if request.method != "POST":
        return payeeforms.EnterPayee(case=case, user=request.user, initial={"party": request.GET.get("party")})
    typed, refused = _with_scan(request)
    return payeeforms.EnterPayee(typed, case=case, user=request.user, scan_refused=refused)


def _with_scan(request: StaffRequest) -> tuple[QueryDict, str]:
    # The scan is kept at once, so that a mistyped number does not lose it.
    typed, refused = request.POST.copy(), ""
    if upload := request.FILES.get("scan"):
        try:
            typed["token"] = documents.stage_upload(upload, at=clock.now(), actor=request.user).token
        except Refused as refusal:
            refused = str(refusal)
    return typed, refused


@requires("accounts.enter_payee")
@require_http_methods(["GET", "POST"])
def enter_other_payee(request: StaffRequest, pk: int) -> HttpResponse:
    """A window clerk enters an account of somebody who is no party, from the paper that orders it."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    form = _other_entry(request, case)
    if form.is_bound and form.is_valid() and form.staged:
        try:
            services.enter_other_payee(case, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已录入，待另一人核对确认"))
            return redirect("accounts:payees", pk)
    back = reverse("accounts:payees", args=[pk])
    context = {"form": form, "case": case, "heading": _("录入其他收款人账户"), "back": back}
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


def _other_entry(request: StaffRequest, case: Case) -> payeeforms.EnterOtherPayee:
    if request.method != "POST":
        return payeeforms.EnterOtherPayee(case=case, user=request.user)
    typed, refused = _with_scan(request)
    return payeeforms.EnterOtherPayee(typed, case=case, user=request.user, scan_refused=refused)


def _change(request: StaffRequest, pk: int) -> PayeeAccount:
    return get_object_or_404(PayeeAccount.objects.visible_to(request.user).for_page(), pk=pk)


def _page(request: StaffRequest, account: PayeeAccount, form: Form, confirm: Form | None = None) -> HttpResponse:
    may_confirm = services.may_compare(account, request.user)
    scan = services.written_form(account)
    context = {
        "account": account,
        "scan": scan,
        "form": form,
        "confirm_form": confirm or confirm_form(account),
        "is_waiting": account.state == PayeeAccount.State.PENDING,
        "may_confirm": may_confirm,
        "scan_pages": pages_of(reverse("accounts:payee_page", args=[account.pk]), scan) if scan and may_confirm else [],
        "may_open": scan and Material.objects.visible_to(request.user).filter(pk=scan.pk).exists(),
    }
    return render(
        request,
        "accounts/payee_change.html",
        context,
        status=422 if form.errors or (confirm and confirm.errors) else 200,
    )


def confirm_form(account: PayeeAccount, data: QueryDict | None = None) -> payeeforms.ConfirmPayee:
    """Return what the second person says: only a change is also confirmed again by the payee."""
    return payeeforms.ConfirmChange(data) if account.replaces_id else payeeforms.ConfirmPayee(data)


@requires("accounts.confirm_payee")
@require_safe
def payee_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a page of the scan to the second person, while the account waits for him; to nobody else."""
    account = _change(request, pk)
    scan = services.written_form(account)
    if scan is None or not services.may_compare(account, request.user):
        raise Http404
    return picture(request, scan)


@requires("accounts.confirm_payee")
@require_safe
def payee_change(request: StaffRequest, pk: int) -> HttpResponse:
    """The second person compares the account with its scan, and a new one with the old one."""
    return _page(request, _change(request, pk), forms.RefusePayee())


@requires("accounts.confirm_payee")
@require_POST
def confirm_payee_change(request: StaffRequest, pk: int) -> HttpResponse:
    """The second person confirms it."""
    account = _change(request, pk)
    form = confirm_form(account, request.POST)
    if not form.is_valid():
        return _page(request, account, forms.RefusePayee(), form)
    try:
        services.confirm_payee_change(account, **form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        form.refuse(refusal)
        return _page(request, account, forms.RefusePayee(), form)
    messages.success(request, _("已确认，今后按新账户发放") if account.replaces_id else _("已确认，可向该账户发放"))
    return redirect("accounts:payees", account.case.pk)


@requires("accounts.confirm_payee")
@require_POST
def refuse_payee_change(request: StaffRequest, pk: int) -> HttpResponse:
    """It does not hold, or its enterer takes it back."""
    account, form = _change(request, pk), forms.RefusePayee(request.POST)
    if form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.refuse_payee_change(account, reason=reason, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            told = _("未予确认，仍按原账户发放") if account.replaces_id else _("未予确认，不向该账户发放")
            messages.success(request, told)
            return redirect("accounts:payees", account.case.pk)
    return _page(request, account, form)


@requires("accounts.request_delay")
@require_http_methods(["GET", "POST"])
def ask_payee(request: StaffRequest, pk: int) -> HttpResponse:
    """The enforcement side asks the window for an account, or for another one."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    form = payeeforms.AskPayee(request.POST if request.method == "POST" else None, case=case)
    back = reverse("accounts:case_money", args=[pk])
    if request.method == "POST" and form.is_valid():
        party, reason = form.cleaned_data["party"], form.cleaned_data["reason"]
        try:
            services.ask_payee(party, reason=reason, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已提请窗口办理"))
            return redirect(back)
    notice = _("账号由窗口按收款人签名的确认书录入，办案人员不经手。")
    context = {"form": form, "case": case, "heading": _("提请窗口录入或变更收款账户"), "notice": notice, "back": back}
    return render(request, "components/act.html", context, status=422 if form.errors else 200)
