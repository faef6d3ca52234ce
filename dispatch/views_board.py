"""The live board and its wall; both ask again by themselves, with htmx or by the browser's own refresh."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bureau import clock
from bureau.access import StaffRequest, requires
from dispatch.board import BoardFilter, board_of


def _context(request: StaffRequest) -> dict[str, Any]:
    form = BoardFilter(request.GET)
    court = form.chosen().get("court")
    return {"form": form, "board": board_of(request.user, court=court, now=clock.now(), today=clock.today())}


@requires("cases.view_stage_board")
@require_safe
def board(request: StaffRequest) -> HttpResponse:
    """Show what waits, with whom and how long; every number opens its list."""
    return render(request, "dispatch/board.html", _context(request))


@requires("cases.view_stage_board")
@require_safe
def wall(request: StaffRequest) -> HttpResponse:
    """Show the same on the wall of the command hall, to be read from five metres: numbers and teams, no parties."""
    return render(request, "dispatch/wall.html", _context(request))
