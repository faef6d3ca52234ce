"""Pages of the room."""

from django.urls import path

from intake import views, views_applications

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
]
