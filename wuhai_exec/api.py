"""All of /api/v1/: each room's part, the schema and its page."""

import functools
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views import defaults
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.response import Response
from rest_framework.views import exception_handler

from wuhai_exec.calculators import CalculatorView


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address: JSON where programs ask, the page everywhere else."""
    if request.path.startswith("/api/"):
        return JsonResponse({"detail": _("不存在")}, status=404)
    return defaults.page_not_found(request, exception)


def in_house_words(fault: Exception, context: dict[str, Any]) -> Response | None:
    """Answer a program's mistake; what does not exist, or not for him, is said in one sentence."""
    response: Response | None = exception_handler(fault, context)
    if response is None:
        return None
    if isinstance(fault, Http404):
        response.data = {"detail": _("不存在")}
    elif isinstance(fault, ParseError):
        response.data = {"detail": _("请求不是正确的JSON")}
    elif isinstance(fault, UnsupportedMediaType):
        response.data = {"detail": _("请求应为JSON（Content-Type：application/json）")}
    if isinstance(context.get("view"), CalculatorView) and "detail" in response.data:
        # A calculator says what is wrong under the same name, whatever is wrong.
        response.data = {"error": response.data["detail"]}
    return response


@functools.cache
def _schema_in(language: str) -> dict[str, Any]:
    generator: Any = SchemaGenerator  # has no types
    schema: dict[str, Any] = generator().get_schema(request=None, public=True)
    return schema


class KeptSchema(SchemaGenerator):
    """The schema is the same for everyone and takes a second to gather: once per process and language."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        """Return it as it was gathered the first time; one that bears a version of the asker's is gathered anew."""
        if self.api_version or not public:
            fresh: dict[str, Any] = super().get_schema(request=request, public=public)  # type: ignore[no-untyped-call]
            return fresh
        return _schema_in(get_language() or "")


ROOMS = ("bureau", "cases", "documents", "accounts", "assets", "dispatch", "intake", "supervision")

urlpatterns = [
    *(path(f"{room}/", include(f"{room}.api_urls")) for room in ROOMS),
    path("calculators/<slug:kind>/", CalculatorView.as_view(), name="calculator_api"),
    path("schema/", SpectacularAPIView.as_view(generator_class=KeptSchema), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
