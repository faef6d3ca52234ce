"""Pages of the first reception: the window's records, one being typed, read back, signed, printed; later questions."""

from secrets import token_hex
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from bureau.paging import page_of
from cases.models import Case
from documents.views.efile import sent
from intake import filingsources, questions, receptionforms, receptions, transcripts
from intake.models import LaterQuestion, Reception

MAY = "intake.record_reception"
LATER = (MAY, "cases.log_contact")


def _own(request: StaffRequest, pk: int) -> Reception:
    return get_object_or_404(Reception.objects.visible_to(request.user).for_page(), pk=pk)


@requires(MAY)
@require_safe
def records(request: StaffRequest) -> HttpResponse:
    """List the window's records, unfinished ones first."""
    form = receptionforms.ReceptionFilter(request.GET)
    asked: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    rows = Reception.objects.visible_to(request.user)
    if asked.get("day"):
        rows = rows.filter(started_at__date=asked["day"])
    if asked.get("state"):
        rows = rows.filter(state=asked["state"])
    context = {"form": form, "page": page_of(rows.for_list(), request), "window": request.user.window}
    return render(request, "intake/receptions.html", context)


@requires(MAY)
@require_http_methods(["GET", "POST"])
def begin(request: StaffRequest) -> HttpResponse:
    """Choose what is asked for and who asks, and begin."""
    if request.user.window is None:
        raise PermissionDenied
    form = receptionforms.BeginForm(request.POST if request.method == "POST" else None, actor=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            row = receptions.begin(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect(row)
    return render(request, "intake/begin_reception.html", {"form": form}, status=422 if form.errors else 200)


@requires(MAY)
@require_safe
@never_cache
def reception(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the questions while the record is open, and the transcript afterwards."""
    row = _own(request, pk)
    return _questions(request, row) if row.is_open else _transcript(request, row)


def _questions(request: StaffRequest, row: Reception, refusal: Refused | None = None) -> HttpResponse:
    errors = refusal.by_field if refusal else {}
    labels = {f"q-{q.key}": q.label for q in questions.questions_of(row.template.content)}
    context = {
        "row": row,
        "sections": receptionforms.asked(row, errors),
        "told": [(key, text, key in row.told) for key, text in questions.told_of(row.template.content)],
        "mark": receptions.page_mark(row, token_hex(8)),
        "refusal": refusal,
        "yesno": (questions.YES, questions.NO),
        "errors": [(name, labels.get(name, _("告知事项")), " ".join(texts)) for name, texts in errors.items()],
    }
    return render(request, "intake/reception.html", context, status=422 if refusal else 200)


def _transcript(request: StaffRequest, row: Reception) -> HttpResponse:
    context = _printed(row) | {
        "may_file": row.state == Reception.State.SIGNED and request.user.has_perm("intake.file_case"),
        "reason_form": receptionforms.ReasonForm(),
        "correction": row.corrections.exclude(state=Reception.State.VOID).first(),
        "later": row.later_questions.order_by("id"),
    }
    return render(request, "intake/transcript.html", context)


def _printed(row: Reception) -> dict[str, Any]:
    return {
        "row": row,
        "heads": transcripts.heads(row),
        "lines": transcripts.lines(row),
        "told_texts": transcripts.told(row),
        "statement": transcripts.STATEMENT,
    }


@requires(MAY)
@require_POST
@never_cache
def save(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep what has been typed so far; answers with the line that says so."""
    row = _own(request, pk)
    sent_in = receptionforms.typed(request.POST, row)
    try:
        row = _saved(request, row, sent_in)
    except Refused as refusal:
        return render(request, "intake/_saved.html", {"row": row, "refusal": refusal}, status=422)
    if not request.headers.get("HX-Request"):
        return redirect(row)
    return render(request, "intake/_saved.html", {"row": row})


def _saved(request: StaffRequest, row: Reception, sent_in: receptionforms.Typed) -> Reception:
    return receptions.save(
        row,
        answers=sent_in.answers,
        later=sent_in.later,
        told=sent_in.told,
        seq=sent_in.seq,
        page=sent_in.page,
        at=clock.now(),
        actor=request.user,
    )


@requires(MAY)
@require_POST
@never_cache
def read_back(request: StaffRequest, pk: int) -> HttpResponse:
    """Keep the page and have it read out; what is missing stands beside its question."""
    row = _own(request, pk)
    try:
        row = _saved(request, row, receptionforms.typed(request.POST, row))
        if row.state == Reception.State.DRAFT:
            receptions.read_back(row, at=clock.now(), actor=request.user)
    except Refused as refusal:
        return _questions(request, _own(request, pk), refusal)
    return redirect("intake:sign_reception", row.pk)


@requires(MAY)
@require_http_methods(["GET", "POST"])
@never_cache
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what is read out, and take the signature."""
    row = _own(request, pk)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = receptionforms.SignForm(*posted, initial={"signed_by": row.visitor})
    if form.is_bound and form.is_valid():
        try:
            row = receptions.sign(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("笔录已签名，内容不能再改"))
            return redirect(row)
    elif row.state != Reception.State.READ_BACK:
        return redirect(row)
    return render(
        request, "intake/sign_reception.html", _printed(row) | {"form": form}, status=422 if form.errors else 200
    )


@requires(MAY)
@require_POST
def void(request: StaffRequest, pk: int) -> HttpResponse:
    """Give up a record that is not filed."""
    return _end(request, pk, receptions.void, _("笔录已作废"))


@requires(MAY)
@require_POST
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin the correction of a signed record."""
    return _end(request, pk, receptions.correct, _("已按原笔录内容开始更正笔录，改好后重新宣读、签名"))


def _end(request: StaffRequest, pk: int, act: Any, words: str) -> HttpResponse:
    row = _own(request, pk)
    form = receptionforms.ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
        row = act(row, **form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect(row)


@requires(MAY)
@require_safe
def signature(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the signature, or the scan of the signed paper."""
    row = _own(request, pk)
    if not row.signature_sha256:
        raise Http404
    return sent(row.signature_sha256, row.signature_type, f"signature-{row.pk}")


@requires(MAY)
@require_safe
def pdf(request: StaffRequest, pk: int) -> HttpResponseBase:
    """Send the signed transcript as it went into the file."""
    row = _own(request, pk)
    if not row.pdf_sha256:
        raise Http404
    return sent(row.pdf_sha256, "application/pdf", f"reception-{row.pk}.pdf")


@requires(*LATER)
@require_http_methods(["GET", "POST"])
def later(request: StaffRequest, pk: int) -> HttpResponse:
    """Show what was left for later of a case, and take an answer."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    rows = LaterQuestion.objects.of_case(case)
    asked = request.POST.get("question", "") if request.method == "POST" else ""
    form = receptionforms.LaterForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        known = asked if asked.isascii() and asked.isdigit() and len(asked) < 12 else "0"
        row = get_object_or_404(rows, pk=known)
        try:
            filingsources.answer_later(row, **form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已记入"))
            return redirect("intake:later", case.pk)
    waiting = set(rows.waiting().values_list("pk", flat=True))
    context = {"case": case, "rows": rows, "waiting": waiting, "form": form, "asked": asked, "today": clock.today()}
    return render(request, "intake/later.html", context, status=422 if form.errors else 200)
