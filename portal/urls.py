"""All addresses of the public process; no staff room is imported here."""

from django.urls import include, path
from django.views.i18n import set_language

from portal import views

_pages = [
    path("", views.look_up, name="look_up"),
    path("status/", views.status, name="status"),
    path("due/<str:token>/", views.due, name="due"),
    path("leave/", views.leave, name="leave"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("healthz", views.healthz, name="healthz"),
]
urlpatterns = [path("", include((_pages, "portal")))]
