"""Pages of applications that are not yet cases: the list, the review with its acts, and the papers to print."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.wording import Form
from intake import applicationforms as forms
from intake import applications as services
from intake import receipts
from intake import services as filing
from intake.checklists import RULES, Paper
from intake.leaflet import COMPLAINTS
from intake.models import Application, Condition
from intake.typed import missing_of, parties_of
from intake.window import SUBMIT, FilingPage

PAGE_ROWS = 50
# The window's clerks, and the judges who rule on refusals.
MAY_SEE = ("intake.file_case", "intake.rule_refusal")
CHECK = "check"
SHOWN = ("author", "case", "window", "proposed_by", "ruled_by")


def filing_page(request: StaffRequest, *, at: dt.datetime) -> tuple[FilingPage, Application | None]:
    """Return the filing page as it was posted, or as the application named in the address was saved."""
    asked = request.POST.get("application") or request.GET.get("application") or ""
    draft = None
    if asked:
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 12 else 0
        draft = get_object_or_404(Application.objects.visible_to(request.user).open(), pk=number)
    stored = _stored(draft, request, at) if draft and request.method == "GET" else None
    is_checked = CHECK in request.GET
    page = FilingPage(request, actor=request.user, at=at, today=clock.today(), stored=stored, is_checked=is_checked)
    return page, draft


def _stored(draft: Application, request: StaffRequest, at: dt.datetime) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, values in services.opened(draft, at=at, actor=request.user).items():
        data.setlist(name, values)
    return data


def file(request: StaffRequest, page: FilingPage, draft: Application | None) -> filing.Filed:
    """Accept what stands on the page, as an application that is decided at once; a draft is settled by it."""
    said = page.acceptance.cleaned_data
    given: dict[str, Any] = {"application": draft, "at": clock.now(), "actor": request.user}
    return services.file_at_once(page.typed(), filed=page.arguments(), met=said["met"], seen=said["seen"], **given)


def save(request: StaffRequest, page: FilingPage, draft: Application | None) -> HttpResponse:
    """Keep what was typed, and hand it to review where that was asked; raises Refused if nothing could be kept."""
    row = services.save_draft(page.typed(), application=draft, at=clock.now(), actor=request.user)
    if page.act != SUBMIT:
        messages.success(request, _("已保存"))
        return redirect(row)
    try:
        services.submit(row, seen=page.typed().fields.get("seen", ()), at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, _("已存为草稿，未提交：%(reason)s") % {"reason": str(refusal)})
        return _opened_checked(row)
    messages.success(request, _("已提交审查"))
    return redirect(row)


def _opened_checked(row: Application) -> HttpResponse:
    # The form with what was typed and what is wrong with it.
    asked = urlencode({"application": row.pk, CHECK: "1"})
    return redirect(f"{reverse('intake:new')}?{asked}")


@requires(*MAY_SEE)
@require_safe
def applications(request: StaffRequest) -> HttpResponse:
    """List drafts and applications of the window, what is open first and by its day."""
    rows = Application.objects.visible_to(request.user).select_related("author", "case")
    state = request.GET.get("state", "")
    rows = rows.filter(state=state) if state in Application.State.values else rows
    page = Paginator(rows.order_by("decided_at", "due_on", "-saved_at", "id"), PAGE_ROWS).get_page(
        request.GET.get("page")
    )
    context = {"page": page, "states": Application.State.choices, "chosen": state, "today": clock.today()}
    return render(request, "intake/applications.html", context)


@requires(*MAY_SEE)
@require_http_methods(["GET", "POST"])
def application(request: StaffRequest, pk: int) -> HttpResponse:
    """Show an application with its papers, conditions and clock; do what was asked with it."""
    row = get_object_or_404(Application.objects.visible_to(request.user).select_related(*SHOWN), pk=pk)
    forms_by_act = _forms(request)
    act = request.POST.get("do", "") if request.method == "POST" else ""
    if act in forms_by_act and forms_by_act[act].is_valid():
        form = forms_by_act[act]
        try:
            return ACTS[act](request, row, form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
    context = _context(request, row, forms_by_act)
    return render(request, "intake/application.html", context, status=422 if act in forms_by_act else 200)


def _forms(request: StaffRequest) -> dict[str, Form]:
    kinds: dict[str, type[Form]] = {
        "submit": forms.SeenForm,
        "supplement": forms.SeenForm,
        "ask": forms.SupplementForm,
        "accept": forms.MetForm,
        "refuse": forms.RefuseForm,
        "rule": forms.RuleForm,
        "discard": Form,
    }
    act = request.POST.get("do", "") if request.method == "POST" else ""
    return {name: kind(request.POST if name == act else None, prefix=None) for name, kind in kinds.items()}


def _context(request: StaffRequest, row: Application, by_act: dict[str, Form]) -> dict[str, Any]:
    missing = missing_of(row)
    papers = [(code, Paper(code).label, Paper(code) not in missing) for code in row.asked]
    rule = RULES.get(row.basis_kind)
    notice = getattr(row, "notice", None)
    today = clock.today()
    return {
        "row": row,
        "papers": papers,
        "is_complete": not missing,
        "rule": rule,
        "rule_basis": rule.basis.on(today) if rule else "",
        "conditions": Condition.choices,
        "notice": notice,
        "notice_labels": [Paper(code).label for code in notice.missing] if notice else [],
        "forms": by_act,
        "today": today,
        "wrong": next((form for form in by_act.values() if form.errors), None),
        "met": request.POST.getlist("met"),
        "seen": request.POST.getlist("seen"),
        "is_of_window": row.window_id == request.user.window_id,
        "may_rule": row.state == Application.State.PROPOSED and request.user.has_perm("intake.rule_refusal"),
    }


def _submit(request: StaffRequest, row: Application, data: dict[str, Any]) -> HttpResponse:
    services.submit(row, seen=data["seen"], at=clock.now(), actor=request.user)
    messages.success(request, _("已提交审查"))
    return redirect(row)


def _supplement(request: StaffRequest, row: Application, data: dict[str, Any]) -> HttpResponse:
    services.supplement(row, seen=data["seen"], at=clock.now(), actor=request.user)
    messages.success(request, _("已登记收到的材料"))
    return redirect(row)


def _ask(request: StaffRequest, row: Application, data: dict[str, Any]) -> HttpResponse:
    services.ask_supplement(row, **data, at=clock.now(), actor=request.user)
    return redirect("intake:application_paper", row.pk)


def _accept(request: StaffRequest, row: Application, data: dict[str, Any]) -> HttpResponse:
    now = clock.now()
    stored = _stored(row, request, now)
    stored["checked"] = request.POST.get("checked", "")
    page = FilingPage(request, actor=request.user, at=now, today=clock.today(), stored=stored, is_checked=True)
    if not page.is_valid:
        messages.error(request, _("填写内容有误，请改正后保存，再受理"))
        return _opened_checked(row)
    if not page.is_ready:
        context = _context(request, row, _forms(request)) | {"filing": page}
        return render(request, "intake/application.html", context, status=422)
    filed = services.accept(row, met=data["met"], filed=page.arguments(), at=now, actor=request.user)
    receipts.keep_code(request.session, filed.case, filed.code)
    return redirect("intake:receipt", filed.case.pk)


def _refuse(request: StaffRequest, row: Application, data: dict[str, Any]) -> HttpResponse:
    services.propose_refusal(row, **data, at=clock.now(), actor=request.user)
    messages.success(request, _("已提请法官裁定不予受理"))
    return redirect(row)


def _rule(request: StaffRequest, row: Application, data: dict[str, Any]) -> HttpResponse:
    ruled = services.rule_refusal(row, **data, at=clock.now(), actor=request.user)
    if ruled.state == Application.State.REFUSED:
        return redirect("intake:application_paper", row.pk)
    messages.success(request, _("已退回窗口继续审查"))
    return redirect("intake:applications")


def _discard(request: StaffRequest, row: Application, data: dict[str, Any]) -> HttpResponse:
    services.discard(row, at=clock.now(), actor=request.user)
    messages.success(request, _("已删除草稿"))
    return redirect("intake:applications")


ACTS: dict[str, Callable[[StaffRequest, Application, dict[str, Any]], HttpResponse]] = {
    "submit": _submit,
    "supplement": _supplement,
    "ask": _ask,
    "accept": _accept,
    "refuse": _refuse,
    "rule": _rule,
    "discard": _discard,
}


@requires(*MAY_SEE)
@require_safe
def paper(request: StaffRequest, pk: int) -> HttpResponse:
    """Print the refusal, else the notice of what is missing."""
    rows = Application.objects.visible_to(request.user).select_related("window", "ruled_by")
    row = get_object_or_404(rows, pk=pk)
    notice = getattr(row, "notice", None)
    if notice is None and row.state != Application.State.REFUSED:
        raise Http404
    labels = [Paper(code).label for code in notice.missing] if notice else []
    told = {"parties": parties_of(row), "phone": COMPLAINTS}
    context = {**told, "row": row, "notice": notice, "labels": labels, "basis": RULES[row.basis_kind or "O1"].basis}
    return render(request, "intake/application_paper.html", context)
