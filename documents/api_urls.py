"""The room's part of /api/v1/."""

from django.urls import path

from documents import api

app_name = "documents_api"
urlpatterns = [path("cases/<int:pk>/", api.CaseMaterials.as_view(), name="case_materials")]
