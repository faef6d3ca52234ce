"""Pages of the room."""

from django.urls import path

from supervision import views, views_oldbook

app_name = "supervision"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("ratings/", views.ratings, name="ratings"),
    path("old-book/", views_oldbook.old_book, name="old_book"),
    path("old-book/export/", views_oldbook.export_old_book, name="export_old_book"),
    path("record/", views.audit, name="audit"),
    path("record/verify/", views.verify, name="verify"),
]
