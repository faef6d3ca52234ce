"""A draft goes out as a Word file and comes back edited."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused, of_field
from documents import forms, services
from documents.models import Draft
from documents.word_reading import BYTES_MAX


def content_of(request: StaffRequest) -> bytes:
    """Return the uploaded file; raises Refused where there is none or it is too large to be read."""
    upload = request.FILES.get("upload")
    if upload is None:
        raise Refused(of_field("upload", _("请选择改动后的Word稿")))
    if upload.size is None or upload.size > BYTES_MAX:
        raise Refused(of_field("upload", _("文件超过2 MB")))
    return bytes(upload.read())


def done(request: StaffRequest, row: Draft) -> HttpResponse:
    """Say how much was changed and show it."""
    said = _("已收到人工改动稿，共改动 %(count)d 段，请核对下面的对比") % {"count": row.edited_count}
    messages.success(request, said)
    return redirect("documents:draft", row.pk)


@requires("documents.issue_document")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Take in the Word file in which the text of a waiting draft was edited."""
    visible = Draft.objects.visible_to(request.user).select_related("template", "case")
    row = get_object_or_404(visible, pk=pk)
    now = services.text_now(row)
    form = forms.TakeInWord(*((request.POST, request.FILES) if request.method == "POST" else ()), now=now)
    if form.is_bound and form.is_valid():
        try:
            given = {"content": content_of(request), "seen": form.cleaned_data["seen"]}
            row = services.edit_draft(row, **given, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return done(request, row)
    context = {"form": form, "case": row.case, "heading": _("上传改动后的Word稿"), "notice": row.template.title}
    context["back"] = row.get_absolute_url()
    return render(request, "components/act.html", context, status=422 if form.errors else 200)
