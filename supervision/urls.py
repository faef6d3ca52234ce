"""Pages of the room."""

from django.urls import path

from supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("ratings/", views.ratings, name="ratings"),
    path("record/", views.audit, name="audit"),
    path("record/verify/", views.verify, name="verify"),
]
