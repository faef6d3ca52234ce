"""Pages of a longer closing limit: asked for by the judge, decided by the president or a vice-president."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from cases import forms, services
from cases.models import LimitExtension
from cases.services.limits import answers_of, decision_objections, limit_objections, needs_answer
from cases.views.acts import act_page, case_of, typed

TEMPLATE = "cases/limit.html"


@require_http_methods(["GET", "POST"])
@requires("cases.suspend_case")
def ask_limit(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge asks for three more months."""
    case = case_of(request, pk)
    form = forms.AskLongerLimit(typed(request), papers=answers_of(case) if needs_answer(case) else None)
    barred = limit_objections(case, today=clock.today())
    if case.judge_id != request.user.pk:
        barred = [str(_("由承办法官申请延长执行期限"))]
    context: dict[str, Any] = {"heading": _("申请延长执行期限"), "barred": barred}
    return act_page(request, case, form, services.ask_longer_limit, template=TEMPLATE, **context)


@require_http_methods(["GET", "POST"])
@requires("cases.extend_limit")
def decide_limit(request: StaffRequest, pk: int) -> HttpResponse:
    """President or vice-president decide."""
    row = get_object_or_404(LimitExtension.objects.visible_to(request.user).for_list(), pk=pk)
    case, form = case_of(request, row.case_id), forms.DecideLongerLimit(typed(request))
    barred = decision_objections(row, case)
    context: dict[str, Any] = {"heading": _("审批延长执行期限"), "extension": row, "barred": barred}
    return act_page(request, case, form, services.decide_longer_limit, subject=row, template=TEMPLATE, **context)
