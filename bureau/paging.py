"""One way of paging every list, on pages and in the API."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from rest_framework.pagination import PageNumberPagination

ROWS = 50


class Pages(PageNumberPagination):
    """Fifty rows a page of the API, at most two hundred on request."""

    page_size_query_param = "page_size"
    max_page_size = 200


def page_of(rows: QuerySet[Any], request: HttpRequest) -> Page[Any]:
    """Return the asked page; a wrong number gives the nearest one."""
    return Paginator(rows, ROWS).get_page(request.GET.get("page"))
