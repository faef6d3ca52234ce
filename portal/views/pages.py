"""What is read: the status page and its letter, copies of papers, and the sum due behind the QR."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from bureau import clock
from portal import dues, keys, own, rendered, session, words
from portal.lookup import Opened
from portal.models import DebtPage, ReleasedCopy, StatusPage


def context_of(opened: Opened, page: StatusPage) -> dict[str, Any]:
    """Return what the page and the letter print for this reader today."""
    read, mine = words.read(page.payload, today=clock.today()), own.parties(page.payload, opened.who)
    return {
        **read,
        "parties": [{**party, "name": mine.get(party["pk"], party["name"])} for party in read["parties"]],
        **own.read(page.payload, opened.who, today=clock.today()),
        "projected_at": page.projected_at,
    }


@never_cache
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Show the case that was looked up in this browser; reading it keeps the door open."""
    found = session.opened_by(request, now=clock.now())
    if found is None:
        return redirect("portal:look_up")
    opened, page = found
    response = rendered.render_kept(
        request,
        "portal/status.html",
        page,
        opened.who,
        today=clock.today(),
        context=lambda: context_of(opened, page),
    )
    return session.keep_open(request, response, opened)


@never_cache
@require_safe
def letter(request: HttpRequest) -> HttpResponse:
    """Show the same as a letter to print."""
    found = session.opened_by(request, now=clock.now())
    if found is None:
        return redirect("portal:look_up")
    told = {"today": clock.today(), "switch": reverse("portal:set_language")}
    return render(request, "portal/letter.html", {**context_of(*found), **told})


@never_cache
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand over the copy of a paper that was served on this reader, or on whom he acts for."""
    found = session.opened_by(request, now=clock.now())
    if found is None:
        return redirect("portal:look_up")
    opened, page = found
    party = page.payload.get("people", {}).get(opened.who, {}).get("party", 0)
    copy = get_object_or_404(ReleasedCopy, pk=pk, case_id=page.case_id, party_id=party)
    response = HttpResponse(bytes(copy.content), content_type="application/pdf")
    # The name says nothing about anybody: it stays in the folder of a borrowed phone.
    response["Content-Disposition"] = f'attachment; filename="paper-{copy.pk}.pdf"'
    return response


@never_cache
@require_safe
def due(request: HttpRequest, token: str) -> HttpResponse:
    """Show the sum due today behind the QR on a paper; a revoked or made-up code opens nothing."""
    page = DebtPage.objects.filter(token_hmac=keys.token_hmac(token)).first()
    if page is None:
        return render(request, "portal/no_due.html", status=404)
    context = dues.read(page.payload, today=clock.today(), language=get_language() or "zh-hans")
    return render(request, "portal/due.html", {**context, "projected_at": page.projected_at})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")
