"""The room's part of /api/v1/."""

from django.urls import URLPattern

app_name = "documents_api"
urlpatterns: list[URLPattern] = []
