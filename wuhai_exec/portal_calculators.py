"""The calculators of days and money on the public pages: pure arithmetic, no table."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.calculators import CALCULATORS
from bureau import clock
from bureau.calculator import Calculator
from bureau.calculators import CALCULATORS as OF_BUREAU
from bureau.calendar import WorkCalendar
from wuhai_exec import calculator_pages

# Nobody is asked here for a person's number.
ALL: dict[str, Calculator] = {row.kind: row for row in (*CALCULATORS, OF_BUREAU[0])}
# The published days; a day that the bureau itself moved is known inside alone.
DAYS = WorkCalendar()


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, kind: str = "application-fee") -> HttpResponse:
    """Show one calculator; nothing of what is asked is kept."""
    if kind not in ALL:
        raise Http404
    context = calculator_pages.asked(request, ALL[kind], DAYS, today=clock.today())
    context["calculators"] = list(ALL.values())
    return render(request, "portal/calculator.html", context, status=422 if "error" in context else 200)
