"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from documents import api, api_corrections
from documents.api_acts import ACTS

app_name = "documents_api"
urlpatterns = [
    path("cases/<int:pk>/", api.CaseMaterials.as_view(), name="case_materials"),
    path("cases/<int:pk>/issued/", api.CaseDocuments.as_view(), name="case_documents"),
    path("cases/<int:pk>/deliveries/", api.CaseDeliveries.as_view(), name="case_deliveries"),
    path("corrections/<int:pk>/reissue/", api_corrections.Reissue.as_view(), name="reissue"),
    path("corrections/<int:pk>/releases/", api_corrections.DraftReleases.as_view(), name="draft_releases"),
    path("templates/", api.Templates.as_view(), name="templates"),
    *act_urls(ACTS),
]
