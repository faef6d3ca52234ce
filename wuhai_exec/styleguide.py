"""All components in all states on one page, for developers."""

import datetime as dt
from decimal import Decimal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bureau.forms import HolidayForm


def styleguide(request: HttpRequest) -> HttpResponse:
    """Show the style guide."""
    today = dt.date(2021, 12, 27)
    days = [today + dt.timedelta(days=shift) for shift in (-2, 0, 2, 12)]
    context = {"today": today, "days": days, "sum": Decimal("1234567.89"), "form": HolidayForm({"name": "x" * 50})}
    return render(request, "styleguide.html", context)
