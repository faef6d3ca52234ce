"""Pages of the room."""

from django.urls import path

from dispatch import views, views_retriage, views_tables, views_verify

app_name = "dispatch"
urlpatterns = [
    path("", views_verify.triage_queue, name="queue"),
    path("search/", views_verify.search, name="search"),
    path("confirm/", views_verify.confirm_many, name="confirm_many"),
    path("case/<int:pk>/", views.case_dispatch, name="case_dispatch"),
    path("case/<int:pk>/decide/", views.decide, name="decide"),
    path("case/<int:pk>/compare/", views_verify.compare, name="compare"),
    path("case/<int:pk>/send-back/", views_verify.send_back, name="send_back"),
    path("case/<int:pk>/anew/", views_retriage.propose_anew, name="propose_anew"),
    path("send-backs/", views_verify.send_backs, name="send_backs"),
    path("send-backs/<int:pk>/answer/", views_verify.answer_send_back, name="answer_send_back"),
    path("send-backs/<int:pk>/withdraw/", views_verify.withdraw_send_back, name="withdraw_send_back"),
    path("retriage/", views_retriage.retriages, name="retriages"),
    path("retriage/answer/", views_retriage.answer_retriages, name="answer_retriages"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<int:pk>/withdraw/", views.withdraw_conflict, name="withdraw_conflict"),
    path("take-over/", views.take_over, name="take_over"),
    path("rules/", views_tables.triage_rules, name="rules"),
    path("rules/overrides/", views_tables.overrides, name="overrides"),
    path("tables/<int:pk>/", views_tables.table, name="table"),
    path("tables/<int:pk>/head/", views_tables.set_head, name="set_head"),
    path("tables/<int:pk>/rules/", views_tables.add_rule, name="add_rule"),
    path("tables/<int:pk>/try/", views_tables.try_table, name="try_table"),
    path("tables/<int:pk>/submit/", views_tables.submit_table, name="submit_table"),
    path("tables/<int:pk>/answer/", views_tables.answer_table, name="answer_table"),
    path("tables/<int:pk>/discard/", views_tables.discard_table, name="discard_table"),
    path("table-rules/<int:pk>/", views_tables.edit_rule, name="edit_rule"),
    path("table-rules/<int:pk>/remove/", views_tables.remove_rule, name="remove_rule"),
    path("dry-runs/<int:pk>/", views_tables.dry_run, name="dry_run"),
    path("dry-runs/<int:pk>/export/", views_tables.export_dry_run, name="export_dry_run"),
]
