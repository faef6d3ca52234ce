"""One way of paging every list, on pages and in the API, and of asking for it as of a past day."""

import datetime as dt
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from rest_framework.pagination import PageNumberPagination

ROWS = 50


class Pages(PageNumberPagination):
    """Fifty rows a page of the API, at most two hundred on request."""

    page_size_query_param = "page_size"
    max_page_size = 200


def page_of(rows: QuerySet[Any], request: HttpRequest) -> Page[Any]:
    """Return the asked page; a wrong number gives the nearest one."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))


def day_of(request: HttpRequest) -> dt.date | None:
    """Return the day in `as_of`, or none where it is missing or no day."""
    try:
        return parse_date(request.GET.get("as_of", ""))
    except ValueError:
        return None
