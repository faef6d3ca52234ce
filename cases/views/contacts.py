"""The contact log with notes, the hold tab, and the card for whoever answers a call."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from cases import card as cards
from cases import contactforms as forms
from cases import pages, services
from cases.models import Case, Contact, Hold, Note
from cases.services.contacts import may_settle


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _site(request: StaffRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")


def _case(request: StaffRequest, pk: int) -> Case:
    return get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def contacts(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was said on the case, newest first, and log another contact."""
    case, form = _case(request, pk), forms.LogContact(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.log_contact(case, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记联系记录"))
            return redirect("cases:contacts", case.pk)
    return _contacts_page(request, case, form, forms.AddNote(auto_id="note_%s"))


def _contacts_page(request: StaffRequest, case: Case, form: forms.LogContact, note_form: forms.AddNote) -> HttpResponse:
    context = pages.head(case, request.user, today=clock.today()) | {
        "form": form,
        "note_form": note_form,
        "kinds": Contact.Kind.choices,
        "page": page_of(Contact.objects.filter(case=case).for_list(), request),
        "notes": Note.objects.filter(case=case).select_related("by").order_by("-at", "-id")[:100],
        "chat": cards.chat_lines(case, site=_site(request)),
        "may_settle": request.user.has_perm("cases.log_contact") and may_settle(case, request.user),
    }
    has_errors = form.errors or note_form.errors
    return render(request, "cases/contacts.html", context, status=422 if has_errors else 200)


@require_POST
@requires("cases.log_contact")
def add_note(request: StaffRequest, pk: int) -> HttpResponse:
    """Add a remark to the case."""
    case, form = _case(request, pk), forms.AddNote(request.POST, auto_id="note_%s")
    if not form.is_valid():
        return _contacts_page(request, case, forms.LogContact(), form)
    services.add_note(case, **form.arguments(), at=clock.now(), actor=request.user)
    messages.success(request, _("已添加备注"))
    return redirect("cases:contacts", case.pk)


@require_POST
@requires("cases.log_contact")
def settle_promise(request: StaffRequest, pk: int) -> HttpResponse:
    """Mark a promise as kept or broken."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    form = forms.SettlePromise(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["promise"][0]))
        return redirect("cases:contacts", contact.case_id)
    try:
        services.settle_promise(contact, **form.arguments(), at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已核对承诺"))
    return redirect("cases:contacts", contact.case_id)


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def holds(request: StaffRequest, pk: int) -> HttpResponse:
    """Show when the case was put aside and why, and put it aside."""
    case, form = _case(request, pk), forms.HoldCase(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.hold(case, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("%(number)s：已搁置") % {"number": case.display_number})
            return redirect("cases:holds", case.pk)
    return _holds_page(request, case, form, forms.EndHold(auto_id="end_%s"))


def _holds_page(request: StaffRequest, case: Case, form: forms.HoldCase, end_form: forms.EndHold) -> HttpResponse:
    rows = list(Hold.objects.filter(case=case).select_related("by", "ended_by").order_by("-id"))
    context = pages.head(case, request.user, today=clock.today()) | {
        "form": form,
        "end_form": end_form,
        "holds": rows,
        "running": next((row for row in rows if row.ended_at is None), None),
        "may_hold": request.user.has_perm("cases.hold_case") and may_settle(case, request.user),
        "hold_reasons": cards.HOLD_REASONS,
        "end_reasons": cards.END_REASONS,
    }
    return render(request, "cases/holds.html", context, status=422 if form.errors or end_form.errors else 200)


@require_POST
@requires("cases.hold_case")
def end_hold(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the case up again."""
    row = get_object_or_404(Hold.objects.filter(case__in=Case.objects.visible_to(request.user)), pk=pk)
    form = forms.EndHold(request.POST, auto_id="end_%s")
    if form.is_valid():
        try:
            services.end_hold(row, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已恢复办理"))
            return redirect("cases:holds", row.case_id)
    return _holds_page(request, _case(request, row.case_id), forms.HoldCase(), form)


@require_http_methods(["GET", "POST"])
@requires("cases.view_case")
def card(request: StaffRequest) -> HttpResponse:
    """Bring up one card per visible case for a phone number, a name or a case number; never in the address."""
    form = forms.LookUp(_typed(request))
    context: dict[str, Any] = {"form": form, "today": clock.today(), "is_asked": False}
    if request.method == "POST" and form.is_valid():
        found, count = cards.cards(request.user, form.cleaned_data["text"], today=clock.today(), site=_site(request))
        context |= {"cards": found, "count": count, "hidden_count": count - len(found), "is_asked": True}
    response = render(request, "cases/card.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response
