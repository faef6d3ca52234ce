"""The room's part of /api/v1/."""

from django.urls import path

from supervision import api, api_oldbook

app_name = "supervision_api"
urlpatterns = [
    path("indicators/", api.Indicators.as_view(), name="indicators"),
    path("old-book/", api_oldbook.OldBookFigures.as_view(), name="old_book"),
    path("old-book/cases/", api_oldbook.OldBookCases.as_view(), name="old_book_cases"),
    path("ratings/", api.Ratings.as_view(), name="ratings"),
]
