"""Pages of the staff process about the public pages; the public ones stand in `urls.py`."""

from django.urls import path

from portal import views_desk

app_name = "public"
urlpatterns = [
    path("<int:pk>/letter/", views_desk.letter, name="letter"),
    path("messages/", views_desk.messages, name="messages"),
]
