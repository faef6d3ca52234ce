"""All addresses of the staff system."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.i18n import set_language

from documents.views import verify
from wuhai_exec import calculators, desks, health, styleguide

handler500 = "wuhai_exec.desks.server_error"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", desks.desk, name="desk"),
    path("next/", desks.next_item, name="next"),
    path("", include("bureau.urls")),
    path("filing/", include("intake.urls")),
    path("command/", include("dispatch.urls")),
    path("cases/", include("cases.urls")),
    path("materials/", include("documents.urls")),
    re_path(r"^verify/(?P<token>[A-Za-z0-9_-]{1,64})/$", verify.verify, name="verify"),
    path("money/", include("accounts.urls")),
    path("property/", include("assets.urls")),
    path("figures/", include("supervision.urls")),
    path("public/", include("portal.urls_desk")),
    path("calculators/", calculators.page, name="calculators"),
    path("calculators/<slug:kind>/", calculators.page, name="calculator"),
    path("api/v1/", include("wuhai_exec.api")),
    path("i18n/setlang/", login_not_required(set_language), name="set_language"),
    path("healthz", health.healthz, name="healthz"),
]
handler404 = "wuhai_exec.api.not_found"
if settings.DEBUG or settings.DEMO:
    urlpatterns.append(path("styleguide/", styleguide.styleguide, name="styleguide"))
