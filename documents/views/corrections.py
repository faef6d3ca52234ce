"""Acts on the papers that rest on a corrected value: made anew one by one or all at once, and releases drafted."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.models import Job
from cases.models import Correction
from documents import services
from documents.models import Document
from documents.services.reissues import Reissued


def _correction(request: StaffRequest, pk: int) -> Correction:
    return get_object_or_404(Correction.objects.visible_to(request.user).select_related("case"), pk=pk)


@requires("documents.issue_document")
@require_POST
def reissue(request: StaffRequest, pk: int) -> HttpResponse:
    """Make one paper anew, or every one when none is named."""
    row, asked = _correction(request, pk), request.POST.get("document", "")
    try:
        if asked:
            number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
            paper = get_object_or_404(Document.objects.visible_to(request.user).light(), pk=number, case=row.case_id)
            made = services.reissue(row, paper, at=clock.now(), actor=request.user)
            is_issued = isinstance(made, Document)
            messages.success(request, _("已重新制发，原文书作废") if is_issued else _("已提请重新签发"))
        else:
            return _all(request, row)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(row)


def _all(request: StaffRequest, row: Correction) -> HttpResponse:
    made = services.reissue_all(row, at=clock.now(), actor=request.user)
    if isinstance(made, Job):
        return redirect("bureau:job", made.pk)
    _tell(request, made)
    return redirect(row)


def _tell(request: StaffRequest, made: Reissued) -> None:
    counts = {"issued": len(made.issued), "drafts": len(made.drafts)}
    messages.success(request, _("已重新制发 %(issued)d 份，提请签发 %(drafts)d 份") % counts)
    for number, reason in made.failed:
        messages.error(request, _("%(number)s：%(reason)s") % {"number": number, "reason": reason})


@requires("documents.issue_document")
@require_POST
def draft_releases(request: StaffRequest, pk: int) -> HttpResponse:
    """Draft the release of what is held against the wrong person, where there is no draft yet."""
    row = _correction(request, pk)
    try:
        drafts = services.draft_releases(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已草拟解除裁定 %(count)d 份，提请签发") % {"count": len(drafts)})
    return redirect(row)
