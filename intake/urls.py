"""Pages of the room."""

from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("<int:pk>/revive/", views.revive, name="revive"),
    path("", views.filings, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/receipt/", views.receipt, name="receipt"),
    path("<int:pk>/reissue/", views.reissue, name="reissue"),
]
