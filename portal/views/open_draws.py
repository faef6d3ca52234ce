"""The draws of the command centre as anybody may read, download and run them again."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from portal import draws
from portal.models import PublicChain, PublicDraw

PAGE_ROWS = 10
CHAINS_MAX = 20


@require_safe
def draw_list(request: HttpRequest) -> HttpResponse:
    """List the chains with their tips, and the draws, newest first."""
    page = Paginator(PublicDraw.objects.order_by("-id"), PAGE_ROWS).get_page(request.GET.get("page"))
    context = {"chains": PublicChain.objects.order_by("-id")[:CHAINS_MAX], "page": page}
    return render(request, "portal/draws.html", context | {"rows": draws.lines(list(page.object_list))})


@require_safe
def draw_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand out one draw as it is published."""
    row = get_object_or_404(PublicDraw, pk=pk)
    answer = JsonResponse(draws.published(row), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="draw-{row.id}.json"'
    return answer


@require_safe
def script(request: HttpRequest) -> FileResponse:
    """Hand out the script that runs a published draw again; it is read as a file, no room is loaded."""
    return FileResponse(open(settings.BASE_DIR / "dispatch" / "redraw.py", "rb"), as_attachment=True)
