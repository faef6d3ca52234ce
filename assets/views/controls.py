"""Controls: the tab of a case, taking one, naming who renews, and the acts on one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assets import forms, pages, services
from assets.models import Control
from assets.services.rulings import CONTROLLING
from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases.forms import Act
from cases.models import Case
from cases.onduty import judge_on_duty
from cases.pages import head
from documents.models import Document

# Offered while it is typed; other words may be typed as well.
USUAL_EXPLANATIONS = (
    gettext_lazy("已重新采取控制措施，顺位未受影响"),
    gettext_lazy("财产已先行处置，未造成损失"),
    gettext_lazy("未及时续行，已重新控制，顺位后移，已追究责任"),
)


def _typed(request: StaffRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _control(request: StaffRequest, pk: int) -> Control:
    return get_object_or_404(Control.objects.visible_to(request.user).for_list(), pk=pk)


@requires("assets.view_control")
@require_safe
def case_controls(request: StaffRequest, pk: int) -> HttpResponse:
    """The tab of a case: what is controlled until when, by which ruling, with its history."""
    case = get_object_or_404(Case.objects.visible_to(request.user).for_page(), pk=pk)
    today = clock.today()
    context = head(case, request.user, today=today) | pages.case_controls(case, request.user, today=today)
    return render(request, "assets/case_controls.html", context)


def _by_form(
    request: StaffRequest,
    subject: Case | Control,
    form: Act,
    act: Callable[..., Any],
    heading: str | Promise,
    **context: Any,
) -> HttpResponse:
    control, case = (subject, subject.case) if isinstance(subject, Control) else (None, subject)
    back = _back(request, case)
    if request.method == "POST" and form.is_valid():
        try:
            act(subject, **form.arguments(), at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(request, case, heading, back)
    context |= {"form": form, "heading": heading, "case": case, "control": control, "back": back}
    context["barred"] = _barred(request, control, act)
    return render(request, "assets/act.html", context, status=422 if form.errors else 200)


def _barred(request: StaffRequest, control: Control | None, act: Callable[..., Any]) -> list[str]:
    # What was typed is never hidden behind the reason why it is too late.
    if control is None or request.method == "POST":
        return []
    return services.act_objections(control, act.__name__, request.user)


def _done(request: StaffRequest, case: Case, heading: str | Promise, back: str) -> HttpResponse:
    messages.success(request, _("%(number)s：%(act)s，已办理") % {"number": case.display_number, "act": heading})
    return redirect(back)


def _back(request: StaffRequest, case: Case) -> str:
    # Team and judge of a 执恢 case renew what the closed case holds, without seeing that case itself.
    if Case.objects.visible_to(request.user).filter(pk=case.pk).exists():
        return reverse("assets:case_controls", args=[case.pk])
    # Urgent freezes are taken from filing on, by those who query.
    if Case.objects.to_query(request.user).filter(pk=case.pk).exists():
        return reverse("cases:query_case", args=[case.pk])
    return reverse("assets:controls")


@requires("assets.keep_control")
@require_http_methods(["GET", "POST"])
def take(request: StaffRequest, pk: int) -> HttpResponse:
    """Record a measure that has been carried out."""
    seen = Case.objects.visible_to(request.user) | Case.objects.to_query(request.user)
    case = get_object_or_404(seen, pk=pk)
    form = forms.TakeControl(_typed(request), case=case, initial={"from_on": clock.today()})
    on_duty = None if case.judge_id else judge_on_duty(clock.today())
    return _by_form(request, case, form, services.take_control, gettext_lazy("登记控制措施"), on_duty=on_duty)


@requires("assets.keep_control")
@require_http_methods(["GET", "POST"])
def keeper(request: StaffRequest, pk: int) -> HttpResponse:
    """Name who renews after closing."""
    case = get_object_or_404(Case.objects.visible_to(request.user), pk=pk)
    form = forms.NameKeeper(_typed(request), case=case, now={"keeper": services.named_keeper(case)})
    return _by_form(request, case, form, services.name_keeper, gettext_lazy("指定续行责任人"))


@requires("assets.keep_control")
@require_http_methods(["GET", "POST"])
def renew(request: StaffRequest, pk: int) -> HttpResponse:
    """Renew before the last day; the form begins with the latest day and the newest fitting ruling."""
    control = _control(request, pk)
    form = forms.RenewControl(_typed(request), control=control)
    return _by_form(request, control, form, services.renew_control, gettext_lazy("续行控制"))


@requires("assets.keep_control")
@require_http_methods(["GET", "POST"])
def release(request: StaffRequest, pk: int) -> HttpResponse:
    """Release on a legal ground."""
    control = _control(request, pk)
    form = forms.ReleaseControl(_typed(request), initial={"released_on": clock.today()})
    rulings = Document.objects.filter(case=control.case, kind="RULING", voided_by=None)
    numbers = rulings.exclude(template__code__in=CONTROLLING).values_list("number", flat=True)
    lists = {"list_id": "rulings", "usual": numbers.order_by("-issued_at")[:20]}
    return _by_form(request, control, form, services.release_control, gettext_lazy("解除控制"), is_danger=True, **lists)


@requires("assets.keep_control")
@require_http_methods(["GET", "POST"])
def activate(request: StaffRequest, pk: int) -> HttpResponse:
    """What queued comes into force."""
    control = _control(request, pk)
    form = forms.ActivateControl(_typed(request), initial={"activated_on": clock.today()})
    return _by_form(request, control, form, services.activate_control, gettext_lazy("转为正式控制"))


@requires("assets.keep_control")
@require_http_methods(["GET", "POST"])
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Its keeper has checked that what came into force by itself is so."""
    control = _control(request, pk)
    form = forms.ConfirmControl(_typed(request), control=control)
    heading = gettext_lazy("核实轮候已生效")
    return _by_form(request, control, form, services.confirm_control, heading, is_check=True)


@requires("assets.keep_control")
@require_http_methods(["GET", "POST"])
def requeue(request: StaffRequest, pk: int) -> HttpResponse:
    """Others still stand ahead: it waits on."""
    control, form = _control(request, pk), forms.RequeueControl(_typed(request))
    return _by_form(request, control, form, services.requeue_control, gettext_lazy("退回轮候"))


@requires("assets.explain_lapse")
@require_http_methods(["GET", "POST"])
def explain(request: StaffRequest, pk: int) -> HttpResponse:
    """The chief explains a lapse."""
    control, form = _control(request, pk), forms.ExplainLapse(_typed(request))
    heading = gettext_lazy("核查控制失效")
    return _by_form(request, control, form, services.explain_lapse, heading, examples=USUAL_EXPLANATIONS)
