"""Unidentified money: the queue, claiming a line, checking a claim, odd things about money that came."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import claimpages, services
from accounts.claimforms import AnswerOddity, ClaimLine, ConfirmClaim, FindLine, RefuseClaim
from accounts.models import BankLine, LineClaim
from accounts.services.claims import may_check, open_questions
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused

PAGE = 50
CLAIMING = ("accounts.claim_bank_line", "accounts.identify_bank_line")


@requires(*CLAIMING)
@require_safe
def unidentified(request: StaffRequest) -> HttpResponse:
    """Money whose case is not known yet, with its clock, its claim and the cases it may belong to."""
    find = FindLine(request.GET)
    page = Paginator(claimpages.lines_for(request.user, find), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": claimpages.waiting(list(page.object_list), request.user),
        "find": find,
        "today": clock.today(),
        "sees_all": request.user.has_perm("accounts.identify_bank_line"),
    }
    return render(request, "accounts/unidentified.html", context)


@requires("accounts.claim_bank_line")
@require_http_methods(["GET", "POST"])
def claim_line(request: StaffRequest, pk: int) -> HttpResponse:
    """Say to which case one line belongs, and how one knows."""
    line = _line(request, pk)
    data = request.POST if request.method == "POST" else None
    form = ClaimLine(data, user=request.user, initial={"number": request.GET.get("number", "")})
    if request.method == "POST" and form.is_valid():
        try:
            services.claim_line(line, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已认领，等待案款管理员核对"))
            return redirect("accounts:unidentified")
    row = claimpages.waiting([line], request.user)[0]
    context = {"form": form, "row": row, "line": line, "heading": _("认领来款"), "today": clock.today()}
    context["back"] = reverse("accounts:unidentified")
    return render(request, "accounts/claim_line.html", context, status=422 if form.errors else 200)


def _line(request: StaffRequest, pk: int) -> BankLine:
    # Nobody learns of a line that does not point to his cases by trying numbers.
    line = get_object_or_404(BankLine, pk=pk)
    may_see = claimpages.may_see(line, request.user, FindLine(request.GET))
    if not may_see and not LineClaim.objects.visible_to(request.user).filter(line=line).exists():
        raise Http404
    return line


def _claim(request: StaffRequest, pk: int) -> LineClaim:
    return get_object_or_404(LineClaim.objects.visible_to(request.user).for_list(), pk=pk)


@requires(*CLAIMING)
@require_safe
def line_claim(request: StaffRequest, pk: int) -> HttpResponse:
    """One claim: the line, the case, what is odd, and what may be done."""
    return _claim_page(request, _claim(request, pk))


def _claim_page(
    request: StaffRequest, claim: LineClaim, confirm: ConfirmClaim | None = None, refuse: RefuseClaim | None = None
) -> HttpResponse:
    checks = may_check(claim, request.user)
    asked = open_questions(claim.line, claim.case) if claim.state == LineClaim.State.CLAIMED else []
    context = {
        "claim": claim,
        "questions": asked,
        "answers": claim.line.oddity_answers.select_related("answered_by").order_by("id"),
        "confirm_form": (confirm or ConfirmClaim(questions=asked)) if checks else None,
        "refuse_form": (refuse or RefuseClaim()) if checks else None,
        "may_withdraw": claim.state == LineClaim.State.CLAIMED and claim.claimed_by_id == request.user.pk,
        "today": clock.today(),
    }
    is_wrong = bool((confirm and confirm.errors) or (refuse and refuse.errors))
    return render(request, "accounts/line_claim.html", context, status=422 if is_wrong else 200)


def _checked(
    request: StaffRequest, claim: LineClaim, form: ConfirmClaim | RefuseClaim, act: Callable[..., object], said: str
) -> HttpResponse | None:
    if form.is_valid():
        try:
            act(claim, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("accounts:unidentified")
    return None


@requires("accounts.identify_bank_line")
@require_POST
def confirm_claim(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance has checked: the money is the case's."""
    claim = _claim(request, pk)
    form = ConfirmClaim(request.POST, questions=open_questions(claim.line, claim.case))
    done = _checked(request, claim, form, services.confirm_claim, _("已核对归案"))
    return done or _claim_page(request, claim, confirm=form)


@requires("accounts.identify_bank_line")
@require_POST
def refuse_claim(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance does not find the claim proven."""
    claim, form = _claim(request, pk), RefuseClaim(request.POST)
    done = _checked(request, claim, form, services.refuse_claim, _("已退回，来款继续待认领"))
    return done or _claim_page(request, claim, refuse=form)


@requires("accounts.claim_bank_line")
@require_POST
def withdraw_claim(request: StaffRequest, pk: int) -> HttpResponse:
    """Whoever claimed takes it back."""
    claim = _claim(request, pk)
    try:
        services.withdraw_claim(claim, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:line_claim", claim.pk)
    messages.success(request, _("已撤回认领"))
    return redirect("accounts:unidentified")


@requires("accounts.identify_bank_line")
@require_safe
def odd_lines(request: StaffRequest) -> HttpResponse:
    """Money that belongs to its case and is odd in a way nobody has looked into."""
    return _odd_page(request)


def _odd_page(request: StaffRequest, line: BankLine | None = None, wrong: AnswerOddity | None = None) -> HttpResponse:
    found = claimpages.odd_lines(request.user, today=clock.today())
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = []
    for row, case, asked in page.object_list:
        forms = [
            (
                question,
                wrong
                if wrong is not None and line == row and wrong.data.get("code") == question.code
                else AnswerOddity(initial={"code": question.code}, auto_id=f"id_%s_{row.pk}_{question.code}"),
            )
            for question in asked
        ]
        rows.append((row, case, forms))
    return render(request, "accounts/odd_lines.html", {"page": page, "rows": rows}, status=422 if wrong else 200)


@requires("accounts.identify_bank_line")
@require_POST
def answer_oddity(request: StaffRequest, pk: int) -> HttpResponse:
    """What came of one odd thing."""
    line = get_object_or_404(BankLine, pk=pk)
    form = AnswerOddity(request.POST)
    if form.is_valid():
        try:
            services.answer_oddity(line, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记核查结果"))
            return redirect("accounts:odd_lines")
    return _odd_page(request, line, form)
