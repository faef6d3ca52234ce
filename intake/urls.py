"""Pages of the room."""

from django.urls import path

from intake import views, views_applications, views_questions, views_receptions

app_name = "intake"
urlpatterns = [
    path("<int:pk>/revive/", views.revive, name="revive"),
    path("", views.filings, name="list"),
    path("applications/", views_applications.applications, name="applications"),
    path("applications/<int:pk>/", views_applications.application, name="application"),
    path("applications/<int:pk>/paper/", views_applications.paper, name="application_paper"),
    path("new/", views.new, name="new"),
    path("<int:pk>/receipt/", views.receipt, name="receipt"),
    path("<int:pk>/reissue/", views.reissue, name="reissue"),
    path("<int:pk>/later/", views_receptions.later, name="later"),
    path("receptions/", views_receptions.records, name="receptions"),
    path("receptions/new/", views_receptions.begin, name="begin_reception"),
    path("receptions/<int:pk>/", views_receptions.reception, name="reception"),
    path("receptions/<int:pk>/save/", views_receptions.save, name="save_reception"),
    path("receptions/<int:pk>/read-back/", views_receptions.read_back, name="read_back"),
    path("receptions/<int:pk>/sign/", views_receptions.sign, name="sign_reception"),
    path("receptions/<int:pk>/signature/", views_receptions.signature, name="signature"),
    path("receptions/<int:pk>/pdf/", views_receptions.pdf, name="reception_pdf"),
    path("receptions/<int:pk>/void/", views_receptions.void, name="void_reception"),
    path("receptions/<int:pk>/correct/", views_receptions.correct, name="correct_reception"),
    path("questions/", views_questions.versions, name="reception_templates"),
    path("questions/<int:pk>/", views_questions.version, name="reception_template"),
    path("questions/<int:pk>/edit/", views_questions.edit, name="edit_reception_template"),
]
