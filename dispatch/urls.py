"""Pages of the room."""

from django.urls import path

from dispatch import assignviews, views

app_name = "dispatch"
urlpatterns = [
    path("", views.triage_queue, name="queue"),
    path("case/<int:pk>/", views.case_dispatch, name="case_dispatch"),
    path("case/<int:pk>/decide/", views.decide, name="decide"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<int:pk>/withdraw/", views.withdraw_conflict, name="withdraw_conflict"),
    path("take-over/", views.take_over, name="take_over"),
    path("assign/", assignviews.batch, name="batch"),
    path("assignments/<int:pk>/", assignviews.why, name="why"),
    path("case/<int:pk>/ask/", assignviews.ask, name="ask"),
    path("requests/", assignviews.requests, name="requests"),
    path("requests/<int:pk>/decide/", assignviews.decide_request, name="decide_request"),
    path("requests/<int:pk>/withdraw/", assignviews.withdraw_request, name="withdraw_request"),
    path("judges/<int:pk>/redistribute/", assignviews.redistribute, name="redistribute"),
    path("draws/", assignviews.draws, name="draws"),
    path("draws/<int:pk>/", assignviews.draw, name="draw"),
    path("draws/<int:pk>/file/", assignviews.draw_file, name="draw_file"),
    path("draws/script/", assignviews.script, name="script"),
    path("chains/", assignviews.chains, name="chains"),
    path("leave/", assignviews.leave_list, name="leaves"),
    path("leave/<int:pk>/end/", assignviews.end_leave, name="end_leave"),
    path("spread/", assignviews.spread_report, name="spread"),
    path("rules/", views.triage_rules, name="rules"),
]
