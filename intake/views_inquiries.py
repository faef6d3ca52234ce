"""Pages of the first-inquiry desk: the list, a new one, one with its answer, handing over, taking over, giving back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from intake import inquiries, inquiryforms, inquirypages, slips
from intake.models import Inquiry


def _inquiry(request: StaffRequest, pk: int) -> Inquiry:
    rows = Inquiry.objects.visible_to(request.user).for_list()
    return get_object_or_404(rows.select_related("ticket", "owner__team", "owner__window", "answered_by"), pk=pk)


@requires("intake.answer_inquiry")
@require_safe
def inquiry_list(request: StaffRequest) -> HttpResponse:
    """List what was asked, overdue ones on top."""
    form, today = inquiryforms.InquiryFilter(request.GET), clock.today()
    page = page_of(inquirypages.listed(request.user, form.chosen(), today=today), request)
    context = {"form": form, "page": page, "today": today, "is_filtered": bool(form.chosen())}
    return render(request, "intake/inquiries.html", context)


@requires("intake.receive_inquiry")
@require_http_methods(["GET", "POST"])
def new_inquiry(request: StaffRequest) -> HttpResponse:
    """Take down what somebody asks."""
    if request.user.window is None:
        raise PermissionDenied
    posted = request.POST if request.method == "POST" else None
    form = inquiryforms.OpenForm(posted, user=request.user, initial=_of_ticket(request))
    if request.method == "POST" and form.is_valid():
        try:
            row = inquiries.open_inquiry(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记，答复期限 %(day)s") % {"day": row.due_on})
            return redirect(row)
    return render(request, "intake/new_inquiry.html", {"form": form}, status=422 if form.errors else 200)


def _of_ticket(request: StaffRequest) -> dict[str, str]:
    key = request.GET.get("ticket", "")
    return {"ticket": key} if key.isdecimal() and len(key) < 12 else {}


@requires("intake.answer_inquiry")
@require_http_methods(["GET", "POST"])
def inquiry(request: StaffRequest, pk: int) -> HttpResponse:
    """Show one with its way through the house; posting answers it."""
    row = _inquiry(request, pk)
    form = inquiryforms.AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            inquiries.answer_inquiry(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已答复"))
            return redirect(row)
    context = inquirypages.page(row, request.user, today=clock.today()) | {"form": form}
    return render(request, "intake/inquiry.html", context, status=422 if form.errors else 200)


@requires("intake.answer_inquiry")
@require_http_methods(["GET", "POST"])
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Offer it to a named person with a last day."""
    row, latest = _inquiry(request, pk), inquirypages.latest(clock.today())
    posted = request.POST if request.method == "POST" else None
    form = inquiryforms.HandForm(posted, user=request.user, initial={"until_on": latest})
    if request.method == "POST" and form.is_valid():
        try:
            handing = inquiries.hand_over_inquiry(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已移交%(name)s，待其接收；接收前仍由您负责") % {"name": handing.to.name})
            return redirect(row)
    context: dict[str, Any] = {"heading": _("移交他人答复"), "form": form, "back": row.get_absolute_url()}
    context |= {"inquiry": row, "reasons": inquiryforms.HANDING_REASONS, "latest": latest}
    return render(request, "intake/inquiry_act.html", context, status=422 if form.errors else 200)


@requires("intake.answer_inquiry")
@require_http_methods(["GET", "POST"])
def give_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why it is not one's own."""
    row = _inquiry(request, pk)
    form = inquiryforms.GiveBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            inquiries.give_back_inquiry(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已退回"))
            return redirect("intake:inquiries")
    context: dict[str, Any] = {"heading": _("退回首问"), "form": form, "back": row.get_absolute_url()}
    context |= {"inquiry": row, "reasons": inquiryforms.RETURN_REASONS}
    return render(request, "intake/inquiry_act.html", context, status=422 if form.errors else 200)


def _act(service: Callable[..., Inquiry], said: Any) -> Callable[..., HttpResponseBase]:
    """Return the view of an act that asks for nothing."""

    @requires("intake.answer_inquiry")
    @require_POST
    def view(request: StaffRequest, pk: int) -> HttpResponse:
        row = _inquiry(request, pk)
        try:
            service(row, at=clock.now(), actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, str(said))
        return redirect(row)

    return view


accept = _act(inquiries.accept_inquiry, gettext_lazy("已接收，由您答复"))
withdraw = _act(inquiries.withdraw_inquiry, gettext_lazy("移交已撤回"))


@requires("intake.answer_inquiry")
@require_safe
def inquiry_slip(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the slip of a query for printing: who answers, by when, where he sits."""
    return render(request, "intake/slip.html", slips.of_inquiry(_inquiry(request, pk)))
