"""Acts on a case of the old book by its own court: who goes on with it."""

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bureau.access import StaffRequest, requires
from cases import oldbookforms, services
from cases.services.oldbook import change_objections
from cases.views.acts import act_page, case_of, typed


@require_http_methods(["GET", "POST"])
@requires("cases.take_up_case")
def take_up(request: StaffRequest, pk: int) -> HttpResponse:
    """The court names who goes on with a case that the rule sends to it."""
    case = case_of(request, pk)
    form = oldbookforms.Handlers(typed(request), user=request.user)
    notice = _("旧存案件由本院一人承办到底，不分流、不抽签、不移交。")
    return act_page(request, case, form, services.take_up, heading=_("确定承办人"), notice=notice)


@require_http_methods(["GET", "POST"])
@requires("cases.change_handler")
def change_handler(request: StaffRequest, pk: int) -> HttpResponse:
    """The head of the court gives the case to others; both stand on the record."""
    case = case_of(request, pk)
    now = {"judge": case.judge_id, "owner": case.owner_id}
    form = oldbookforms.ChangeHandlers(typed(request), user=request.user, initial=now)
    barred, reasons = change_objections(case), oldbookforms.REASONS
    heading = _("更换承办人")
    return act_page(request, case, form, services.change_handler, heading=heading, barred=barred, reasons=reasons)
