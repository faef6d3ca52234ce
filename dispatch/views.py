"""Pages of the command centre."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.models import Case
from cases.pages import head
from dispatch import forms, pages, services
from dispatch.asked import Asked
from dispatch.models import Conflict, TakeOver
from dispatch.queue import sources_of
from dispatch.takeoverforms import REASONS, TakeOverForm

PAGE_ROWS = 50


@requires("cases.view_case")
@require_safe
def case_dispatch(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how a case was triaged and assigned; to a dispatcher, while it waits, the page to do so."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    decision = None
    if case.stage == Case.Stage.FILED and request.user.has_perm("dispatch.triage_case"):
        decision = pages.DecisionPage(case, today=clock.today(), at=clock.now(), actor=request.user.pk)
    return render(request, "dispatch/case.html", _context(request, case, decision))


@requires("dispatch.triage_case")
@require_POST
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Verify, triage and assign in one act; asking for a fresh proposal changes nothing."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    page = pages.DecisionPage(case, data=request.POST, today=clock.today(), at=clock.now(), actor=request.user.pk)
    if page.is_asking:
        template = "dispatch/_answered.html" if request.headers.get("HX-Request") else "dispatch/case.html"
        return render(request, template, _context(request, case, page), status=422 if page.form.errors else 200)
    if page.form.is_valid():
        try:
            services.decide(case, **page.form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            page.form.refuse(refusal)
        else:
            numbers = [row.case.display_number for row in pages.drawn_with(case)]
            others = _("，连同系列案 %(numbers)s 一并分案") % {"numbers": _("、").join(numbers)} if numbers else ""
            messages.success(request, _("%(number)s 已办理") % {"number": case.display_number} + others)
            return redirect("dispatch:case_dispatch", case.pk)
    return render(request, "dispatch/case.html", _context(request, case, page), status=422)


def _context(request: StaffRequest, case: Case, decision: pages.DecisionPage | None) -> dict[str, Any]:
    frame = head(case, request.user, today=clock.today())
    # The page itself is the act, so the head does not offer it again.
    frame["steps"] = [step for step in frame["steps"] if step.name != "allocate"]
    return {
        **frame,
        **pages.decided_so_far(case, request.user),
        "decision": decision,
        "asked": Asked(case, request.user) if decision else None,
        "materials": pages.materials_of(case, request.user) if decision else [],
        "source": sources_of([case]).get(case.pk) if decision else None,
        "may_judge_anew": pages.may_judge_anew(case, request.user),
        "today": clock.today(),
    }


@requires("dispatch.assign_case")
@require_http_methods(["GET", "POST"])
def conflicts(request: StaffRequest) -> HttpResponse:
    """List declared recusals and declare another."""
    form = forms.ConflictForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_conflict(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记回避"))
            return redirect("dispatch:conflicts")
    page = Paginator(Conflict.objects.for_list(), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "relations": pages.RELATIONS}
    return render(request, "dispatch/conflicts.html", context, status=422 if form.errors else 200)


@requires("dispatch.assign_case")
@require_POST
def withdraw_conflict(request: StaffRequest, pk: int) -> HttpResponse:
    """End a declared recusal; it stays on record."""
    conflict = get_object_or_404(Conflict, pk=pk)
    try:
        services.withdraw_conflict(conflict, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回回避"))
    return redirect("dispatch:conflicts")


@requires("cases.view_case")
@require_http_methods(["GET", "POST"])
def own_conflicts(request: StaffRequest) -> HttpResponse:
    """Declare that oneself must stay away from a case or from a person's cases, and list what one has declared."""
    data = request.POST if request.method == "POST" else None
    case = _case_asked(request)
    form = forms.OwnConflictForm(data, user=request.user, case=case)
    if request.method == "POST" and form.is_valid():
        try:
            services.declare_own_conflict(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已申报回避，即时生效"))
            return redirect("dispatch:own_conflicts")
    rows = Conflict.objects.filter(user=request.user).for_list()
    page = Paginator(rows, PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "relations": pages.RELATIONS, "case": case}
    return render(request, "dispatch/own_conflicts.html", context, status=422 if form.errors else 200)


def _case_asked(request: StaffRequest) -> Case | None:
    asked = request.POST.get("case") or request.GET.get("case", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        return None
    return get_object_or_404(Case.objects.visible_to(request.user).prefetch_related("parties"), pk=asked)


@requires("dispatch.take_over_desk")
@require_http_methods(["GET", "POST"])
def take_over(request: StaffRequest) -> HttpResponse:
    """Take over an absent colleague's desk, and list the desks taken over so far with what was left."""
    form = TakeOverForm(request.POST if request.method == "POST" else None, user=request.user, today=clock.today())
    preview: dict[str, Any] = {}
    if request.method == "POST" and form.is_valid():
        try:
            if "look" in request.POST:
                preview = pages.preview_rows(*services.preview_take_over(**form.cleaned_data, actor=request.user))
                return _take_over_page(request, form, preview)
            row = services.take_over(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            words = {"moved": len(row.moved), "left": len(row.left)}
            messages.success(request, _("已接管 %(moved)d 项，留下 %(left)d 项") % words)
            return redirect("dispatch:take_over")
    return _take_over_page(request, form, preview)


def _take_over_page(request: StaffRequest, form: TakeOverForm, preview: dict[str, Any]) -> HttpResponse:
    page = Paginator(TakeOver.objects.visible_to(request.user).for_list(), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"form": form, "page": page, "rows": pages.takeover_rows(page.object_list), "reasons": REASONS}
    context |= {"preview": preview}
    return render(request, "dispatch/take_over.html", context, status=422 if form.errors else 200)
