"""All of /api/v1/: each room's part, the schema and its page."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from wuhai_exec.calculators import CalculatorView

ROOMS = ("bureau", "cases", "documents", "accounts", "dispatch", "intake", "supervision")

urlpatterns = [
    *(path(f"{room}/", include(f"{room}.api_urls")) for room in ROOMS),
    path("calculators/<slug:kind>/", CalculatorView.as_view(), name="calculator_api"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]
