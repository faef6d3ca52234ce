"""The old book's own page: figures by court, and the list behind each."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from bureau import clock, excel
from bureau import services as bureau
from bureau.access import StaffRequest, requires
from bureau.paging import page_of
from supervision import oldbook


def asked(request: Any) -> dict[str, str]:
    """Return which set of which court is asked for; what is not known is the usual one."""
    chosen = request.GET.get("set", "open")
    court = request.GET.get("court", "").replace("\x00", "")[:8]
    return {"chosen": chosen if chosen in oldbook.SETS else "open", "court": court}


@require_safe
@requires("cases.view_old_book")
def old_book(request: StaffRequest) -> HttpResponse:
    """Show what the courts still have of their own: how many, how old, what money, what ends soon."""
    today, wanted = clock.today(), asked(request)
    rows = oldbook.figures(request.user, today=today)
    whole = oldbook.total(rows)
    tones = {"overdue": "overdue" if whole.overdue else "", "late": "overdue" if whole.late_receipts else ""}
    context = {
        "rows": rows,
        "lines": [(row, oldbook.printed(row)) for row in rows],
        "total": oldbook.printed(whole) if len(rows) > 1 else None,
        "whole": whole,
        "tones": tones | {"ending": "near" if whole.ending else ""},
        "titles": [label for label, _name in oldbook.FIGURES],
        "page": page_of(oldbook.cases(request.user, **wanted, today=today), request),
        "sets": oldbook.SETS.items(),
        "today": today,
        **wanted,
    }
    return render(request, "supervision/old_book.html", context)


@require_POST
@requires("cases.view_old_book")
def export_old_book(request: StaffRequest) -> HttpResponse:
    """The figures and the list as a workbook; taking it out is on record."""
    today = clock.today()
    content, count = oldbook.workbook(request.user, **asked(request), today=today)
    bureau.note_export("old_book", count=count, at=clock.now(), actor=request.user)
    return excel.download(content, f"old-book-{today}")
