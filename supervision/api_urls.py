"""The room's part of /api/v1/."""

from django.urls import path

from supervision import api

app_name = "supervision_api"
urlpatterns = [
    path("indicators/", api.Indicators.as_view(), name="indicators"),
    path("ratings/", api.Ratings.as_view(), name="ratings"),
]
