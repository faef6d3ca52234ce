"""The room's part of /api/v1/."""

from django.urls import path

from bureau import api

app_name = "bureau_api"
urlpatterns = [
    path("me/", api.Me.as_view(), name="me"),
    path("jobs/<int:pk>/", api.JobDetail.as_view(), name="job"),
]
