"""One's own filters of the case list."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from bureau import clock
from bureau.access import StaffRequest, requires
from bureau.errors import Refused
from cases import forms, services
from cases.models import SavedFilter


@require_POST
@requires("cases.view_case")
def save_filter(request: StaffRequest) -> HttpResponse:
    """Keep the filters of the address under the typed name; a search for a person is not kept."""
    form, filters = forms.SaveFilter(request.POST), forms.Filters(request.GET)
    if not form.is_valid():
        messages.error(request, _("名称必填，最多 20 个字"))
        return redirect("cases:list")
    try:
        saved = services.save_filter(
            form.cleaned_data["name"], query=filters.query(), at=clock.now(), actor=request.user
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("cases:list")
    messages.success(request, _("已保存筛选“%(name)s”") % {"name": saved.name})
    return redirect(f"{reverse('cases:list')}?{saved.query}")


@require_POST
@requires("cases.view_case")
def forget_filter(request: StaffRequest, pk: int) -> HttpResponse:
    """Forget one of one's own filters."""
    saved = get_object_or_404(SavedFilter.objects.filter(user=request.user), pk=pk)
    services.forget_filter(saved, actor=request.user)
    messages.success(request, _("已删除筛选“%(name)s”") % {"name": saved.name})
    return redirect("cases:list")
