"""What an applicant says: clue, account, visit, complaint, rating; and the links for relatives."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bureau import clock
from portal import forms, keys, own, session, submitting
from portal.lookup import Opened
from portal.models import StatusPage, Submission, ViewLink

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that can be said, with what the pages before and after it print."""

    kind: str
    form: type[forms.Spoken]
    heading: Words
    intro: Words
    button: Words
    then: Words


ACTS: dict[str, Act] = {
    "clue": Act(
        Submission.Kind.CLUE,
        forms.Clue,
        _("提供财产线索"),
        _("写得越具体越好查。法院 7 日内核实并答复您，紧急的请直接打办理团队电话。"),
        _("提交线索"),
        _("法院 7 日内核实并在进度页答复您；到期没有答复，承办人和局长都会收到红色预警。"),
    ),
    "payee": Act(
        Submission.Kind.PAYEE,
        forms.Payee,
        _("确认或更换收款账户"),
        _("为防冒领，网上不填账号。更换账户须本人带身份证和银行卡到任一立案窗口签字，再由另一名工作人员向您核实。"),
        _("提交"),
        _("要确认或更换账户的，窗口已收到您的申请：请带身份证和银行卡到任一立案窗口办理。"),
    ),
    "visit": Act(
        Submission.Kind.VISIT,
        forms.Visit,
        _("预约来访"),
        _("选一个工作日，在答复期限以后。办理团队 2 个工作日内答复时间和房间，省得白跑。"),
        _("提交预约"),
        _("办理团队 2 个工作日内答复，答复在进度页，并发短信到您登记的手机。请等答复再来。"),
    ),
    "complain": Act(
        Submission.Kind.COMPLAINT,
        forms.Complaint,
        _("意见投诉"),
        _("由督察人员处理，办案团队看不到。7 日内答复；对答复不满意，可拨打 12368 或向上级法院反映。"),
        _("提交"),
        _("督察人员 7 日内在进度页答复您。"),
    ),
    "rate": Act(
        Submission.Kind.RATING,
        forms.Rating,
        _("评价办理"),
        _("每个阶段评一次。评分计入团队的满意度，不影响您的案件。"),
        _("提交评价"),
        _("谢谢。评价已计入办理团队的满意度。"),
    ),
}


def _own(request: HttpRequest) -> tuple[Opened, StatusPage] | None:
    """Return who reads, if it is the applicant or his agent; a relative only looks."""
    found = session.opened_by(request, now=clock.now())
    return found if found and not found[0].who.startswith("link:") else None


def _act(what: str) -> Act:
    if what not in ACTS:
        raise Http404
    return ACTS[what]


@never_cache
@require_http_methods(["GET", "POST"])
def say(request: HttpRequest, what: str) -> HttpResponse:
    """Ask what is to be said, keep it, and show its receipt number."""
    act, found = _act(what), _own(request)
    if found is None:
        return redirect("portal:look_up")
    opened, page = found
    form = act.form(request.POST if request.method == "POST" else None)
    form.fit(own.to_rate(page.payload, opened.who), today=clock.today())
    if request.method == "POST" and form.is_valid():
        receipt = submitting.submit(act.kind, _plain(form.cleaned_data), opened=opened, at=clock.now())
        return redirect("portal:said", what, receipt)
    mine = own.read(page.payload, opened.who, today=clock.today())
    context = {"act": act, "form": form, "number": page.payload["number"], **mine}
    response = render(request, "portal/say.html", context, status=422 if form.errors else 200)
    return session.keep_open(request, response, opened)


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in data.items()}


@never_cache
@require_safe
def said(request: HttpRequest, what: str, receipt: str) -> HttpResponse:
    """Show the receipt number and what follows by when."""
    found = _own(request)
    if found is None:
        return redirect("portal:look_up")
    mine = own.read(found[1].payload, found[0].who, today=clock.today())
    return render(request, "portal/said.html", {"act": _act(what), "what": what, "receipt": receipt, **mine})


@never_cache
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """Show the links that this reader made, make another, or revoke one."""
    found = _own(request)
    if found is None:
        return redirect("portal:look_up")
    opened, page = found
    context: dict[str, Any] = {"number": page.payload["number"]}
    mine = ViewLink.objects.live(at=clock.now()).filter(page_id=page.pk, made_by=opened.who)
    if request.method == "POST":
        if (key := request.POST.get("revoke", "")).isdecimal():
            submitting.submit(Submission.Kind.REVOKE, {"link": int(key)}, opened=opened, at=clock.now())
            mine, context["is_revoked"] = mine.exclude(pk=int(key)), True
        else:
            context["address"] = _new_link(request, opened)
    response = render(request, "portal/links.html", {**context, "links": mine.order_by("id")})
    return session.keep_open(request, response, opened)


def _new_link(request: HttpRequest, opened: Opened) -> str:
    token = secrets.token_urlsafe(24)
    submitting.submit(Submission.Kind.LINK, {"token_hmac": keys.link_hmac(token)}, opened=opened, at=clock.now())
    return request.build_absolute_uri(reverse("portal:relative", args=[token]))
