"""Related cases: the tab of a case, the list over all cases, and the acts of registering, deciding and striking."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.paging import page_of
from cases import casenumber, pages, relatedforms, services
from cases.models import RelatedCase, RelatedCaseQuerySet
from cases.relations import RULES
from cases.views.acts import act_page, case_of, typed

STRIKE_REASONS = (_("关联到了错误的案件"), _("重复登记"), _("类型选择有误"))


@require_safe
@requires("cases.view_case")
def of_case(request: StaffRequest, pk: int) -> HttpResponse:
    """Show the cases linked to this one, with what they stop, and this one's own revivals."""
    case, today = case_of(request, pk), clock.today()
    context = pages.head(case, request.user, today=today) | {
        "rows": RelatedCase.objects.filter(case=case).for_list(),
        "locks": RelatedCase.objects.filter(case=case).locking(today=today).order_by("filed_on", "id"),
        "may_relate": services.may_relate(case, request.user),
    }
    return render(request, "cases/related.html", context)


@require_safe
@requires("cases.view_case")
def related_list(request: StaffRequest) -> HttpResponse:
    """Show the related cases of all visible cases; undecided ones unless asked otherwise."""
    form = relatedforms.Filters(request.GET)
    page = page_of(asked(RelatedCase.objects.visible_to(request.user), form.chosen()), request)
    return render(request, "cases/related_list.html", {"form": form, "page": page, "today": clock.today()})


def asked(rows: RelatedCaseQuerySet, chosen: dict[str, str]) -> RelatedCaseQuerySet:
    """Return the rows that fit every chosen filter."""
    state = chosen.get("state", RelatedCase.State.OPEN)
    if state != "all":
        rows = rows.filter(state=state)
    if relation := chosen.get("relation"):
        rows = rows.filter(relation=relation)
    if number := casenumber.plain(chosen.get("number", "")):
        rows = rows.filter(number__contains=number)
    return rows.for_list()


@require_http_methods(["GET", "POST"])
@requires("cases.relate_case")
def register(request: StaffRequest, pk: int) -> HttpResponse:
    """Register another case and link it to this one."""
    case = case_of(request, pk)
    form = relatedforms.Register(typed(request), initial={"filed_on": clock.today(), "court": case.number_court.code})
    notice = _("案外人异议、申请不予执行和执行异议之诉未审结的，本案不得结案，不得处分所涉财产。")
    return act_page(
        request,
        case,
        form,
        services.register_related,
        heading=_("登记关联案件"),
        template="cases/relate.html",
        notice=notice,
        whom=sorted(party.name for party in case.parties.all()),
        types=[(label, RULES[code].type_code) for code, label in RelatedCase.Relation.choices],
    )


def _row(request: StaffRequest, pk: int) -> RelatedCase:
    return get_object_or_404(RelatedCase.objects.visible_to(request.user), pk=pk)


@require_http_methods(["GET", "POST"])
@requires("cases.relate_case")
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Enter what came of a related case."""
    row = _row(request, pk)
    case, form = case_of(request, row.case_id), relatedforms.Decide(typed(request))
    return act_page(
        request, case, form, services.decide_related, heading=_("登记审查结果"), subject=row, notice=str(row)
    )


@require_http_methods(["GET", "POST"])
@requires("cases.relate_case")
def strike(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back an entry made by mistake."""
    row = _row(request, pk)
    case, form = case_of(request, row.case_id), relatedforms.Strike(typed(request))
    return act_page(
        request,
        case,
        form,
        services.strike_related,
        heading=_("撤销登记"),
        subject=row,
        template="cases/relate.html",
        notice=str(row),
        reasons=STRIKE_REASONS,
        is_final=True,
    )
