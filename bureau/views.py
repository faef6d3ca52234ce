"""One's own page, calendar, deputies, locks, numbering, and one's long jobs."""

from axes.models import AccessAttempt
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bureau import clock, forms, services
from bureau.access import StaffRequest, requires
from bureau.calendar import KNOWN_UNTIL
from bureau.errors import Refused
from bureau.models import Court, Deputy, Holiday, Job, User
from bureau.roles import roles_of


@require_http_methods(["GET", "POST"])
def profile(request: StaffRequest) -> HttpResponse:
    """Show one's own data and change the password."""
    form = forms.ChangePassword(request.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, form.user)
        messages.success(request, _("密码已修改"))
        return redirect("bureau:profile")
    context = {"form": form, "roles": roles_of(request.user)}
    return render(request, "bureau/profile.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@requires("bureau.manage_calendar")
def calendar(request: StaffRequest) -> HttpResponse:
    """Show and add the days that differ from the published calendar."""
    form = forms.HolidayForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.set_holiday(**form.cleaned_data, at=clock.now(), actor=request.user)
        messages.success(request, _("已保存"))
        return redirect("bureau:calendar")
    context = {"form": form, "holidays": Holiday.objects.order_by("-on")[:200], "known_until": KNOWN_UNTIL}
    return render(request, "bureau/calendar.html", context, status=422 if form.errors else 200)


@require_POST
@requires("bureau.manage_calendar")
def holiday_remove(request: StaffRequest, pk: int) -> HttpResponse:
    """Take back what was said of one day."""
    services.remove_holiday(get_object_or_404(Holiday, pk=pk), at=clock.now(), actor=request.user)
    messages.success(request, _("已删除"))
    return redirect("bureau:calendar")


@require_http_methods(["GET", "POST"])
@requires("bureau.manage_deputies")
def deputies(request: StaffRequest) -> HttpResponse:
    """Show and grant authorities to sign."""
    form = forms.DeputyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.grant_deputy(**form.cleaned_data, at=clock.now(), actor=request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("授权已登记"))
            return redirect("bureau:deputies")
    rows = Deputy.objects.select_related("principal", "deputy").order_by("-id")[:100]
    context = {"form": form, "deputies": rows}
    return render(request, "bureau/deputies.html", context, status=422 if form.errors else 200)


@require_POST
@requires("bureau.manage_deputies")
def deputy_revoke(request: StaffRequest, pk: int) -> HttpResponse:
    """End one authority."""
    grant = get_object_or_404(Deputy, pk=pk)
    try:
        services.revoke_deputy(grant, at=clock.now(), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("授权已撤销"))
    return redirect("bureau:deputies")


@require_http_methods(["GET", "POST"])
@requires("bureau.unlock_user")
def locks(request: StaffRequest) -> HttpResponse:
    """Show failed logins and lift a lock-out."""
    if request.method == "POST":
        user = get_object_or_404(User, username=request.POST.get("username", ""))
        services.unlock_user(user, at=clock.now(), actor=request.user)
        messages.success(request, _("已解除"))
        return redirect("bureau:locks")
    attempts = AccessAttempt.objects.order_by("-attempt_time")[:200]
    return render(request, "bureau/locks.html", {"attempts": attempts})


@require_http_methods(["GET", "POST"])
@requires("bureau.manage_courts")
def courts(request: StaffRequest) -> HttpResponse:
    """Show where each court's case numbers come from, and change it for filings from now on."""
    form = forms.NumberModeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        services.set_number_mode(**form.cleaned_data, at=clock.now(), actor=request.user)
        messages.success(request, _("已保存"))
        return redirect("bureau:courts")
    context = {"form": form, "courts": Court.objects.order_by("code")}
    return render(request, "bureau/courts.html", context, status=422 if form.errors else 200)


@require_safe
def job(request: StaffRequest, pk: int) -> HttpResponse:
    """Show how far one's own job is and what came of it."""
    row = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    return render(request, "bureau/job.html", {"job": row})
