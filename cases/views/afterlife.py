"""The page of what lives on after 终本: earlier queries and the form for the next."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from cases import forms, services
from cases.models import Deadline, Requery
from cases.views.acts import act_page, case_of, typed

# Offered while it is typed; other words may be typed as well.
USUAL_TOLD = (_("电话告知，已记录"), _("短信告知"), _("当面告知，笔录入卷"), _("书面告知，已送达"))


@require_http_methods(["GET", "POST"])
@requires("cases.record_requeries")
def requery(request: StaffRequest, pk: int) -> HttpResponse:
    """Record a query after 终本; property found leads to the revival."""
    case = case_of(request, pk)
    form = forms.RecordRequery(typed(request), initial={"made_on": clock.today()})
    context: dict[str, Any] = {
        "requeries": Requery.objects.filter(case=case).for_list(),
        "running": Deadline.objects.running().filter(case=case, node="REQUERY").first(),
        "objections": services.requery_objections(case),
        "usual_told": USUAL_TOLD,
    }
    heading = _("登记终本后查询")
    return act_page(
        request, case, form, services.record_requery, heading=heading, template="cases/requery.html", **context
    )
