"""The room's part of /api/v1/."""

from django.urls import path

from bureau.acts import act_urls
from documents import api_corrections
from documents.api import papers, versions
from documents.api_acts import ACTS

app_name = "documents_api"
urlpatterns = [
    path("cases/<int:pk>/", papers.CaseMaterials.as_view(), name="case_materials"),
    path("cases/<int:pk>/issued/", papers.CaseDocuments.as_view(), name="case_documents"),
    path("cases/<int:pk>/deliveries/", papers.CaseDeliveries.as_view(), name="case_deliveries"),
    path("corrections/<int:pk>/reissue/", api_corrections.Reissue.as_view(), name="reissue"),
    path("corrections/<int:pk>/releases/", api_corrections.DraftReleases.as_view(), name="draft_releases"),
    path("templates/", papers.Templates.as_view(), name="templates"),
    path("templates/<int:pk>/versions/", versions.Versions.as_view(), name="versions"),
    path("templates/<int:pk>/propose/", versions.ProposeRevision.as_view(), name="propose_revision"),
    path("revisions/", versions.Revisions.as_view(), name="revisions"),
    path("revisions/<int:pk>/approve/", versions.ApproveRevision.as_view(), name="approve_revision"),
    path("revisions/<int:pk>/send-back/", versions.SendBackRevision.as_view(), name="send_back_revision"),
    path("seals/", versions.SealLog.as_view(), name="seal_log"),
    *act_urls(ACTS),
]
