"""How somebody comes in: number, code and identity question; a code sent to the phone; a relative's link."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from bureau import clock
from portal import forms, keys, lookup, session, submitting
from portal.models import Submission


def _wrong() -> str:
    # One sentence for an unknown number, a wrong code, a wrong answer and a locked number.
    return _("案号、查询码或证件号码后四位不正确，或者尝试次数过多。连续输错 5 次，请 30 分钟后再试。")


@never_cache
@require_http_methods(["GET", "POST"])
def look_up(request: HttpRequest) -> HttpResponse:
    """Ask for number, code and the end of the identity number; one message for every way of being wrong."""
    form = forms.LookUp(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        # Locks count real minutes, whatever day the demo shows.
        if opened := lookup.look_up(**form.cleaned_data, today=clock.today(), at=timezone.now()):
            return session.remember(redirect("portal:status"), opened)
        form.add_error(None, _wrong())
    return render(request, "portal/look.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest) -> HttpResponse:
    """Ask for number and phone; the answer is the same whether or not the phone is registered in the case."""
    form = forms.AskPhoneCode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        digest = keys.number_digest(number)
        if lookup.ask_phone_code(number, at=timezone.now()):
            body = {"number": digest, "phone": keys.phone_hmac(form.cleaned_data["phone"])}
            submitting.submit(Submission.Kind.PHONE_CODE, body, at=clock.now())
        return session.remember_number(redirect("portal:phone_code"), digest)
    return render(request, "portal/phone.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def phone_code(request: HttpRequest) -> HttpResponse:
    """Take the six digits that were sent."""
    digest = session.number_of(request)
    if not digest:
        return redirect("portal:phone")
    form = forms.EnterPhoneCode(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if opened := lookup.look_up_by_phone(digest, code, now=clock.now(), at=timezone.now()):
            return session.remember(redirect("portal:status"), opened)
        form.add_error(None, _("验证码不正确或已过期，或者尝试次数过多。连续输错 5 次，请 30 分钟后再试。"))
    return render(request, "portal/phone_code.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def relative(request: HttpRequest, token: str) -> HttpResponse:
    """Let a relative in: a button, because a messenger opens every address it is shown."""
    if request.method == "POST":
        if opened := lookup.open_link(token, now=clock.now(), at=timezone.now()):
            return session.remember(redirect("portal:status"), opened)
        return render(request, "portal/no_link.html", status=404)
    return render(request, "portal/relative.html")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the case in this browser."""
    return session.forget(redirect("portal:look_up"))
