"""All addresses of the public pages; no staff room is imported here."""

from django.urls import path
from django.views.i18n import set_language

from portal.views import acts, frame, open_draws, open_pages, open_papers, pages, signin

app_name = "portal"
urlpatterns = [
    path("", signin.look_up, name="look_up"),
    path("phone/", signin.phone, name="phone"),
    path("phone/code/", signin.phone_code, name="phone_code"),
    path("relative/<str:token>/", signin.relative, name="relative"),
    path("leave/", signin.leave, name="leave"),
    path("status/", pages.status, name="status"),
    path("status/letter/", pages.letter, name="letter"),
    path("status/papers/<int:pk>/", pages.paper, name="paper"),
    path("links/", acts.links, name="links"),
    path("say/<slug:what>/", acts.say, name="say"),
    path("said/<slug:what>/<slug:receipt>/", acts.said, name="said"),
    path("due/<str:token>/", pages.due, name="due"),
    path("verify/<str:token>/", open_papers.verify, name="verify"),
    path("guides/", open_pages.guides, name="guides"),
    path("guides/<slug:slug>/", open_pages.guide, name="guide"),
    path("papers/<slug:slug>/", open_pages.blank, name="blank"),
    path("draws/", open_draws.draw_list, name="draws"),
    path("draws/redraw.py", open_draws.script, name="redraw_script"),
    path("draws/<int:pk>/file/", open_draws.draw_file, name="draw_file"),
    path("type/", frame.set_type, name="set_type"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("healthz", pages.healthz, name="healthz"),
]
