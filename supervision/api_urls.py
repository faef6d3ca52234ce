"""The room's part of /api/v1/."""

from django.urls import path

from supervision import api, api_national, api_oldbook

app_name = "supervision_api"
urlpatterns = [
    path("indicators/", api.Indicators.as_view(), name="indicators"),
    path("old-book/", api_oldbook.OldBookFigures.as_view(), name="old_book"),
    path("old-book/cases/", api_oldbook.OldBookCases.as_view(), name="old_book_cases"),
    path("ratings/", api.Ratings.as_view(), name="ratings"),
    path("national/mappings/", api_national.Mappings.as_view(), name="national_mappings"),
    path("national/files/", api_national.Files.as_view(), name="national_files"),
    path("national/files/<int:pk>/rows/", api_national.FileRows.as_view(), name="national_file"),
    path("national/import/", api_national.ImportFile.as_view(), name="import_national"),
    path("national/comparisons/", api_national.Comparisons.as_view(), name="national_nights"),
    path("national/comparisons/<int:pk>/differences/", api_national.Night.as_view(), name="national_night"),
    path("national/courts/<int:pk>/compare/", api_national.CompareNow.as_view(), name="compare_national"),
    path("national/differences/", api_national.Differences.as_view(), name="national_differences"),
    path("national/to-type/", api_national.Entries.as_view(), name="to_type"),
    path("national/to-type/tick/", api_national.TickMany.as_view(), name="tick_many"),
    path("national/cases/<int:pk>/", api_national.CaseValues.as_view(), name="to_type_case"),
    *api_national.ACTS,
]
