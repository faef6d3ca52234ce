"""Service of process: send a document, note an attempt, record the day and proof, confirm an address."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.models import Case, Party
from documents import forms, services
from documents.models import Delivery, Document, Material


def _page(
    request: StaffRequest,
    form: Any,
    case: Case,
    heading: str,
    back: str,
    notice: str = "",
    barred: Sequence[str] = (),
) -> HttpResponse:
    context = {"form": form, "case": case, "heading": heading, "back": back, "notice": notice}
    if request.method != "POST":
        context["barred"] = barred
    return render(request, "components/act.html", context, status=422 if form.errors else 200)


def _delivery(request: StaffRequest, pk: int) -> Delivery:
    visible = Delivery.objects.visible_to(request.user).select_related("document", "case", "party")
    return get_object_or_404(visible.defer("document__body", "document__values"), pk=pk)


def _delivery_page(request: StaffRequest, form: Any, row: Delivery, heading: str) -> HttpResponse:
    about = " · ".join(map(str, (row.document, row.addressee, row.get_way_display())))
    back, barred = row.document.get_absolute_url(), services.ended_objections(row)
    return _page(request, form, row.case, heading, back, about, barred)


@requires("documents.serve_document")
@require_http_methods(["GET", "POST"])
def send(request: StaffRequest, pk: int) -> HttpResponse:
    """Send the document to one addressee."""
    row = get_object_or_404(Document.objects.visible_to(request.user).light().select_related("case"), pk=pk)
    form = forms.Send(request.POST if request.method == "POST" else None, document=row, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        try:
            services.send(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记送出"))
            return redirect(row)
    return _page(request, form, row.case, _("送达文书"), row.get_absolute_url(), str(row))


@requires("documents.serve_document")
@require_http_methods(["GET", "POST"])
def attempt(request: StaffRequest, pk: int) -> HttpResponse:
    """Note a failed attempt."""
    row = _delivery(request, pk)
    start = {"tried_on": clock.today()}
    form = forms.NoteAttempt(request.POST if request.method == "POST" else None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            services.note_attempt(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已登记未送达原因"))
            return redirect(row.document)
    return _delivery_page(request, form, row, _("登记未送达"))


@requires("documents.serve_document")
@require_http_methods(["GET", "POST"])
def deliver(request: StaffRequest, pk: int) -> HttpResponse:
    """Record day and proof of service."""
    row = _delivery(request, pk)
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = forms.Deliver(*typed, delivery=row, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            done = _deliver(request, row, form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已送达，送达日 %(day)s") % {"day": done.deemed_on})
            return redirect(row.document)
    return _delivery_page(request, form, row, _("登记送达"))


@transaction.atomic
def _deliver(request: StaffRequest, row: Delivery, data: dict[str, Any]) -> Delivery:
    at, actor = clock.now(), request.user
    staged = services.stage_upload(data.pop("upload"), at=at, actor=actor)
    title = " ".join((str(row.document), row.addressee))
    paper = services.Paper(Material.Kind.SERVICE, title, staged, row.party)
    proof = services.receive(row.case, [paper], at=at, actor=actor)[0]
    return services.deliver(row, proof=proof, **data, at=at, actor=actor)


@requires("documents.confirm_address")
@require_http_methods(["GET", "POST"])
def address(request: StaffRequest, pk: int) -> HttpResponse:
    """Record where a party may be served, and whether electronically."""
    party = get_object_or_404(Party.objects.filter(case__in=Case.objects.visible_to(request.user)), pk=pk)
    start = {"recipient": party.name, "address": party.address, "phone": party.phone}
    typed = request.POST if request.method == "POST" else None
    form = forms.Address(typed, initial=start, now=services.address_now(party))
    back = reverse("documents:case_documents", args=[party.case_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.confirm_address(party, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("送达地址已登记"))
            return redirect(back)
    return _page(request, form, party.case, _("确认送达地址"), back, party.name)
