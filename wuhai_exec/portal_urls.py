"""All addresses of the public process."""

from django.urls import URLPattern, URLResolver, include, path

from wuhai_exec import portal_calculators

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("portal.urls")),
    path("calculators/", portal_calculators.page, name="public_calculators"),
    path("calculators/<slug:kind>/", portal_calculators.page, name="public_calculator"),
]
