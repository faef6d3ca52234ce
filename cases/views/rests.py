"""Pages of stays, settlements and changes of stream."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bureau import clock
from bureau.access import StaffRequest, requires
from cases import forms, restforms, services
from cases.models import Case, Instalment
from cases.services import rests, settlements
from cases.services.handovers import change_objections
from cases.views.acts import act_page, case_of, typed


@require_http_methods(["GET", "POST"])
@requires("cases.suspend_case")
def stay(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge stays the case to a day."""
    case = case_of(request, pk)
    form = restforms.Stay(typed(request), papers=rests.papers_for(case, rests.STAY))
    return act_page(request, case, form, services.stay, heading=_("暂缓执行"))


@require_http_methods(["GET", "POST"])
@requires("cases.settle_case")
def settle(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge registers a settlement with its instalments."""
    case = case_of(request, pk)
    form = restforms.Settle(
        typed(request),
        agents=settlements.signers_of(case, on=clock.today()),
        agreements=settlements.agreements(case),
        papers=rests.papers_for(case, rests.SUSPENSION),
    )
    notice = _("和解未履行完毕不是结案；每期到期前后会提醒承办人。")
    return act_page(request, case, form, services.settle, heading=_("登记执行和解"), notice=notice)


@require_http_methods(["GET", "POST"])
@requires("cases.settle_case")
def break_settlement(request: StaffRequest, pk: int) -> HttpResponse:
    """The settlement is broken; the case goes on."""
    case, form = case_of(request, pk), forms.BreakSettlement(typed(request))
    barred = settlements.break_objections(case)
    return act_page(request, case, form, services.break_settlement, heading=_("和解未履行，恢复执行"), barred=barred)


@require_http_methods(["GET", "POST"])
@requires("cases.propose_closing", "cases.settle_case", "cases.archive_case")
def note_instalment(request: StaffRequest, pk: int) -> HttpResponse:
    """The owner records that an instalment was paid."""
    mine = Instalment.objects.filter(settlement__case__in=Case.objects.visible_to(request.user))
    instalment = get_object_or_404(mine.select_related("settlement"), pk=pk)
    case = case_of(request, instalment.settlement.case_id)
    form = restforms.NoteInstalment(typed(request), arrivals=settlements.arrivals_of(case))
    barred = settlements.instalment_objections(instalment)
    return act_page(
        request, case, form, services.note_instalment, heading=_("登记和解履行"), subject=instalment, barred=barred
    )


@require_http_methods(["GET", "POST"])
@requires("cases.change_stream")
def change_stream(request: StaffRequest, pk: int) -> HttpResponse:
    """The judge hands the case to a team of the other stream."""
    case = case_of(request, pk)
    form = forms.ChangeStream(typed(request), case=case)
    notice = _("对方接收后案件才转过去；执行期限不重新计算。")
    barred = change_objections(case)
    return act_page(request, case, form, services.change_stream, heading=_("简繁转换"), notice=notice, barred=barred)
