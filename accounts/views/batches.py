"""Mass payout: a roster taken in, the batch's page with every act on it, its rows and its result."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import batches, services
from accounts.batchforms import EnterRoster, FollowChoice, RefuseBatch, RejectBatch, RequestBatch
from accounts.forms import SendBack
from accounts.models import Batch
from accounts.rosters import TEMPLATE
from accounts.services.batches import batch_acts_for
from accounts.services.rosters import KIND
from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.acts import Nothing
from bureau.errors import Refused
from bureau.masking import mask_last4
from bureau.models import Job
from bureau.wording import Form
from cases.models import Case
from documents import services as documents
from documents.models import Staged
from documents.views.scans import picture

PAGE = 50
SEES = ("accounts.view_money", "accounts.enter_payee", "accounts.confirm_payee")


@requires(*SEES)
@require_safe
def batch_list(request: StaffRequest) -> HttpResponse:
    """All batches by state."""
    state = request.GET.get("state", "")
    page = Paginator(batches.visible(request.user, state), PAGE).get_page(request.GET.get("page"))
    counts = batches.counts(request.user)
    chips = [(code, label, counts.get(code, 0)) for code, label in Batch.State.choices]
    return render(request, "accounts/batches.html", {"page": page, "state": state, "chips": chips})


@requires("accounts.enter_payee")
@require_http_methods(["GET", "POST"])
def enter_roster(request: StaffRequest, pk: int) -> HttpResponse:
    """A window clerk uploads a roster; it is read and checked as a job before anything is taken in."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    follows = FollowChoice(request.GET, case=case).batch()
    form = _entry(request)
    if form.is_bound and form.is_valid():
        given = {"document": form.cleaned_data["document"], "follows": follows, **form.kept}
        job = services.ask_import(case, **given, at=clock.now(), actor=request.user)
        return redirect("accounts:roster_job", job.pk)
    notice = _("先逐行检查，不写入；有一行有误，整个文件都不收。一次最多17万人。")
    if follows:
        told = {"batch": follows.pk, "document": follows.document}
        notice = _("重新发放批次 %(batch)s“%(document)s”的退票：只收退票人员，金额不变，账号已更正。") % told
    context = {"form": form, "case": case, "heading": _("录入批量发放名册"), "notice": notice}
    context |= {"button": _("上传并检查"), "back": reverse("accounts:payees", args=[pk])}
    return render(request, "accounts/enter_roster.html", context, status=422 if form.errors else 200)


def _entry(request: StaffRequest) -> EnterRoster:
    if request.method != "POST":
        return EnterRoster(user=request.user)
    typed, refused = _with_files(request)
    return EnterRoster(typed, user=request.user, refused=refused)


def _with_files(request: StaffRequest) -> tuple[QueryDict, dict[str, str]]:
    # Both files are kept at once, so that a missing word does not lose them.
    typed, refused = request.POST.copy(), {}
    for name, keep in (("table", documents.stage_table), ("scan", documents.stage_upload)):
        if upload := request.FILES.get(name):
            try:
                typed[f"{name}_token"] = keep(upload, at=clock.now(), actor=request.user).token
            except Refused as refusal:
                refused[name] = str(refusal)
    return typed, refused


@requires("accounts.enter_payee", "accounts.confirm_payee")
@require_safe
def roster_template(request: StaffRequest) -> HttpResponse:
    """An empty roster with its heading; numbers are columns of text, so that Excel loses no digit."""
    example = ["张三", "（18位身份证号）", "（银行卡号，文本格式）", "中国银行乌海分行", "1000.00", "", ""]
    widths = [12, 24, 28, 24, 14, 16, 24]
    return excel.download(excel.workbook((_("名册"), TEMPLATE, [example]), widths=widths), "roster")


def _job(request: StaffRequest, pk: int) -> Job:
    return get_object_or_404(Job.objects.visible_to(request.user).filter(kind=KIND), pk=pk)


@requires("accounts.enter_payee")
@require_safe
def roster_job(request: StaffRequest, pk: int) -> HttpResponse:
    """How far the check is; at its end every fault by row and column, or the sums and the button that takes it in."""
    job = _job(request, pk)
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=job.arguments["case"])
    return render(request, "accounts/roster_job.html", {"job": job, "case": case, "result": job.result or {}})


@requires("accounts.enter_payee")
@require_POST
def take_roster(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the checked file in; it is checked once more under the locks."""
    told = _job(request, pk).arguments
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=told["case"])
    files = {row.token: row for row in Staged.objects.filter(staged_by=request.user)}
    scan, table = files.get(told["scan"]), files.get(told["table"])
    if scan is None or table is None:
        messages.error(request, _("上传的文件已过期，请重新上传"))
        return redirect("accounts:enter_roster", case.pk)
    follows = Batch.objects.filter(case=case, pk=told["follows"]).first() if told["follows"] else None
    given = {"document": told["document"], "scan": scan, "table": table, "follows": follows, "is_trial": False}
    job = services.ask_import(case, **given, at=clock.now(), actor=request.user)
    return redirect("accounts:roster_job", job.pk)


def _batch(request: StaffRequest, pk: int) -> Batch:
    return get_object_or_404(batches.visible(request.user), pk=pk)


@requires(*SEES)
@require_safe
def batch(request: StaffRequest, pk: int) -> HttpResponse:
    """One batch with its sums, people, progress, rows and the viewer's acts."""
    return _page(request, _batch(request, pk))


def _page(request: StaffRequest, row: Batch, wrong: Form | None = None) -> HttpResponse:
    chosen = request.GET.get("rows", "all")
    rows = Paginator(batches.rows_of(row, chosen), PAGE).get_page(request.GET.get("page"))
    sets = [("all", _("全部")), ("waiting", _("未付出")), ("sent", _("银行处理中")), ("paid", _("已到账"))]
    context = batches.page(row, request.user, today=clock.today())
    context |= {"page": rows, "chosen": chosen, "sets": [*sets, ("bounced", _("退票"))], "form": wrong}
    return render(request, "accounts/batch.html", context, status=422 if wrong else 200)


def _act(request: StaffRequest, pk: int, form: Form, act: Callable[..., Batch]) -> HttpResponse:
    row = _batch(request, pk)
    if form.is_valid():
        arguments: dict[str, Any] = getattr(form, "arguments", lambda: form.cleaned_data)()
        try:
            act(row, **arguments, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已办理"))
            return redirect("accounts:batch", pk)
    return _page(request, row, form)


@requires("accounts.confirm_payee")
@require_safe
def batch_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Send a page of the signed roster to the second person, while the batch waits for him; to nobody else."""
    row = _batch(request, pk)
    if "confirm" not in batch_acts_for(row, request.user, on=clock.today()):
        raise Http404
    return picture(request, row.material)


@requires("accounts.confirm_payee")
@require_POST
def confirm_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """A second person has compared the roster."""
    return _act(request, pk, Nothing(request.POST), services.confirm_batch)


@requires("accounts.confirm_payee")
@require_POST
def refuse_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """The roster does not hold."""
    return _act(request, pk, RefuseBatch(request.POST), services.refuse_batch)


@requires("accounts.request_payout")
@require_POST
def request_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner asks for the sum."""
    return _act(request, pk, RequestBatch(request.POST), services.request_batch)


@requires("accounts.check_payout")
@require_POST
def check_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge has checked it."""
    return _act(request, pk, Nothing(request.POST), services.check_batch)


@requires("accounts.view_money")
@require_POST
def approve_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """Whoever approves such a sum approves it."""
    return _act(request, pk, Nothing(request.POST), services.approve_batch)


@requires("accounts.view_money")
@require_POST
def reject_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """Checker or approver sends it back."""
    return _act(request, pk, RejectBatch(request.POST), services.reject_batch)


@requires("accounts.pay_payout")
@require_POST
def send_back_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance sends it back instead of paying."""
    return _act(request, pk, SendBack(request.POST), services.send_back_batch)


@requires("accounts.pay_payout")
@require_POST
def pay_batch(request: StaffRequest, pk: int) -> HttpResponse:
    """Finance pays."""
    return _act(request, pk, Nothing(request.POST), services.pay_batch)


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        """Return the text."""
        return text


@requires(*SEES)
@require_POST
def export_batch(request: StaffRequest, pk: int) -> HttpResponseBase:
    """What became of every row, as CSV in the order of the file; taking it out is on record."""
    row = _batch(request, pk)
    chosen = request.GET.get("rows", "all")
    count = batches.rows_of(row, chosen).count()
    bureau.note_export("batch", count=count, at=clock.now(), actor=request.user)
    answer = StreamingHttpResponse(_result(row, chosen), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="batch-{pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _result(row: Batch, chosen: str) -> Iterator[str]:
    # A page of keys at a time: behind pgbouncer there are no server-side cursors.
    writer, last = csv.writer(_Echo()), 0
    titles = [_("文件行号"), _("案号"), _("姓名"), _("证件号码后四位"), _("账号"), _("金额"), _("状态"), _("到账日")]
    yield "\ufeff" + writer.writerow([*titles, _("退票原因")])
    while rows := list(batches.rows_of(row, chosen).filter(position__gt=last)[:2000]):
        for line in rows:
            payout = getattr(line, "payout", None)
            state = payout.get_state_display() if payout else _("未付出")
            cells = [line.position, line.case.display_number, line.payee.holder_name, line.id_last4]
            cells += [mask_last4(line.payee.number_last4), line.amount, state, payout.paid_on if payout else ""]
            yield writer.writerow([_plain(cell) for cell in [*cells, payout.ended_note if payout else ""]])
        last = rows[-1].position


def _plain(cell: Any) -> Any:
    # What a person typed must not begin like a formula.
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
