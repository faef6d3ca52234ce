"""Pages of the room."""

from django.urls import path

from dispatch import views, views_assigning

app_name = "dispatch"
urlpatterns = [
    path("", views.triage_queue, name="queue"),
    path("case/<int:pk>/", views.case_dispatch, name="case_dispatch"),
    path("case/<int:pk>/decide/", views.decide, name="decide"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<int:pk>/withdraw/", views.withdraw_conflict, name="withdraw_conflict"),
    path("take-over/", views.take_over, name="take_over"),
    path("assign/", views_assigning.batch, name="batch"),
    path("assignments/<int:pk>/", views_assigning.why, name="why"),
    path("case/<int:pk>/ask/", views_assigning.ask, name="ask"),
    path("requests/", views_assigning.requests, name="requests"),
    path("requests/<int:pk>/decide/", views_assigning.decide_request, name="decide_request"),
    path("requests/<int:pk>/withdraw/", views_assigning.withdraw_request, name="withdraw_request"),
    path("judges/<int:pk>/redistribute/", views_assigning.redistribute, name="redistribute"),
    path("draws/", views_assigning.draws, name="draws"),
    path("draws/<int:pk>/", views_assigning.draw, name="draw"),
    path("draws/<int:pk>/file/", views_assigning.draw_file, name="draw_file"),
    path("draws/script/", views_assigning.script, name="script"),
    path("chains/", views_assigning.chains, name="chains"),
    path("leave/", views_assigning.leave_list, name="leaves"),
    path("leave/<int:pk>/end/", views_assigning.end_leave, name="end_leave"),
    path("spread/", views_assigning.spread_report, name="spread"),
    path("rules/", views.triage_rules, name="rules"),
]
