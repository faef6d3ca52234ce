"""Pages of the room."""

from django.urls import path

from dispatch import retriageviews, tableviews, verifyviews, views

app_name = "dispatch"
urlpatterns = [
    path("", verifyviews.triage_queue, name="queue"),
    path("search/", verifyviews.search, name="search"),
    path("confirm/", verifyviews.confirm_many, name="confirm_many"),
    path("case/<int:pk>/", views.case_dispatch, name="case_dispatch"),
    path("case/<int:pk>/decide/", views.decide, name="decide"),
    path("case/<int:pk>/compare/", verifyviews.compare, name="compare"),
    path("case/<int:pk>/send-back/", verifyviews.send_back, name="send_back"),
    path("case/<int:pk>/anew/", retriageviews.propose_anew, name="propose_anew"),
    path("send-backs/", verifyviews.send_backs, name="send_backs"),
    path("send-backs/<int:pk>/answer/", verifyviews.answer_send_back, name="answer_send_back"),
    path("send-backs/<int:pk>/withdraw/", verifyviews.withdraw_send_back, name="withdraw_send_back"),
    path("retriage/", retriageviews.retriages, name="retriages"),
    path("retriage/answer/", retriageviews.answer_retriages, name="answer_retriages"),
    path("conflicts/", views.conflicts, name="conflicts"),
    path("conflicts/<int:pk>/withdraw/", views.withdraw_conflict, name="withdraw_conflict"),
    path("take-over/", views.take_over, name="take_over"),
    path("rules/", tableviews.triage_rules, name="rules"),
    path("rules/overrides/", tableviews.overrides, name="overrides"),
    path("tables/<int:pk>/", tableviews.table, name="table"),
    path("tables/<int:pk>/head/", tableviews.set_head, name="set_head"),
    path("tables/<int:pk>/rules/", tableviews.add_rule, name="add_rule"),
    path("tables/<int:pk>/try/", tableviews.try_table, name="try_table"),
    path("tables/<int:pk>/submit/", tableviews.submit_table, name="submit_table"),
    path("tables/<int:pk>/answer/", tableviews.answer_table, name="answer_table"),
    path("tables/<int:pk>/discard/", tableviews.discard_table, name="discard_table"),
    path("table-rules/<int:pk>/", tableviews.edit_rule, name="edit_rule"),
    path("table-rules/<int:pk>/remove/", tableviews.remove_rule, name="remove_rule"),
    path("dry-runs/<int:pk>/", tableviews.dry_run, name="dry_run"),
    path("dry-runs/<int:pk>/export/", tableviews.export_dry_run, name="export_dry_run"),
]
