"""Pages of re-triage: what is proposed by new facts or on purpose, answered one by one or many at once."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.models import Case
from dispatch import retriageservices, verifyforms
from dispatch.batches import each
from dispatch.facts import BY_CODE, from_json, say
from dispatch.listforms import RetriageFilter
from dispatch.models import Retriage

PAGE_ROWS = 50


@requires("dispatch.triage_case")
@require_http_methods(["GET", "POST"])
def retriages(request: StaffRequest) -> HttpResponse:
    """List what is to be judged anew; have every open case judged by the table in force."""
    form = verifyforms.ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            job = retriageservices.ask_judge_anew(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("bureau:job", job.pk)
    return _page(request, form)


def _page(request: StaffRequest, form: Any, **more: Any) -> HttpResponse:
    filters = RetriageFilter(request.GET)
    chosen = filters.chosen().get("state", Retriage.State.OPEN)
    rows = Retriage.objects.visible_to(request.user).filter(state=chosen)
    page = Paginator(rows.for_list(), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [{"row": row, "changed": changed_of(row)} for row in page.object_list],
        "form": form,
        "filters": filters,
        "chosen": chosen,
        "states": Retriage.State.choices,
        "keep_reasons": verifyforms.KEEP_REASONS,
        **more,
    }
    return render(request, "dispatch/retriages.html", context, status=422 if form.errors else 200)


def changed_of(row: Retriage) -> list[str]:
    """Return the facts that changed, with their value of now."""
    facts = from_json(row.facts)
    return [f"{BY_CODE[name].name} {say(BY_CODE[name], facts[name])}" for name in row.changed if name in facts]


@requires("dispatch.triage_case")
@require_POST
def answer_retriages(request: StaffRequest) -> HttpResponse:
    """Confirm or keep for each ticked case, and show what was left with its reason."""
    form = verifyforms.RetriageForm(request.POST)
    pks = [pk for pk in request.POST.getlist("retriage") if pk.isascii() and pk.isdigit() and len(pk) < 12]
    rows = list(Retriage.objects.visible_to(request.user).filter(pk__in=pks[: verifyforms.MANY_MAX]).for_list())
    if not rows:
        form.add_error(None, _("请先勾选案件"))
    if not form.is_valid():
        page = _page(request, verifyforms.ReasonForm(), answer=form)
        page.status_code = 422
        return page
    outcome = each(
        rows,
        lambda row: row.case.display_number,
        partial(_answer, request, form.arguments()),
    )
    return render(request, "dispatch/confirmed.html", {"outcome": outcome, "is_retriage": True})


def _answer(request: StaffRequest, arguments: dict[str, Any], row: Retriage) -> Any:
    return retriageservices.answer_retriage(row, **arguments, at=clock.now(), actor=request.user)


@requires("dispatch.triage_case")
@require_POST
def propose_anew(request: StaffRequest, pk: int) -> HttpResponse:
    """Have one open case judged anew on purpose; the answer is given on the list."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    form = verifyforms.ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused([str(word) for words in form.errors.values() for word in words])
        retriageservices.propose_anew(case, **form.cleaned_data, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("dispatch:case_dispatch", case.pk)
    return redirect("dispatch:retriages")
