"""The room's part of /api/v1/."""

from django.urls import path

from documents.api import papers, versions

app_name = "documents_api"
urlpatterns = [
    path("cases/<int:pk>/", papers.CaseMaterials.as_view(), name="case_materials"),
    path("cases/<int:pk>/issued/", papers.CaseDocuments.as_view(), name="case_documents"),
    path("cases/<int:pk>/deliveries/", papers.CaseDeliveries.as_view(), name="case_deliveries"),
    path("templates/", papers.Templates.as_view(), name="templates"),
    path("templates/<int:pk>/versions/", versions.Versions.as_view(), name="versions"),
    path("templates/<int:pk>/propose/", versions.ProposeRevision.as_view(), name="propose_revision"),
    path("revisions/", versions.Revisions.as_view(), name="revisions"),
    path("revisions/<int:pk>/approve/", versions.ApproveRevision.as_view(), name="approve_revision"),
    path("revisions/<int:pk>/send-back/", versions.SendBackRevision.as_view(), name="send_back_revision"),
    path("seals/", versions.SealLog.as_view(), name="seal_log"),
]
