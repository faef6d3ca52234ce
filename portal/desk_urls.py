"""Pages of the staff process about the public pages; the public ones stand in `urls.py`."""

from django.urls import path

from portal import desk_views

app_name = "public"
urlpatterns = [
    path("<int:pk>/letter/", desk_views.letter, name="letter"),
    path("messages/", desk_views.messages, name="messages"),
]
