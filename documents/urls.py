"""Pages of the room; the public page of verification is `documents.views.verify`."""

from django.urls import path

from documents.views import corrections, efile, papers, revisions, scans, seals, service, several, templates, word

app_name = "documents"
urlpatterns = [
    path("case/<int:pk>/", efile.case_materials, name="case_materials"),
    path("case/<int:pk>/missing/", efile.explain_missing, name="explain_missing"),
    path("case/<int:pk>/export/", efile.export, name="export_efile"),
    path("case/<int:pk>/papers/", papers.case_documents, name="case_documents"),
    path("case/<int:pk>/compose/", papers.compose, name="compose"),
    path("paper/<int:pk>/", papers.document, name="document"),
    path("paper/<int:pk>/pdf/", papers.pdf, name="pdf"),
    path("paper/<int:pk>/void/", papers.void, name="void"),
    path("paper/<int:pk>/retry/", papers.retry, name="retry"),
    path("draft/<int:pk>/", papers.draft, name="draft"),
    path("draft/<int:pk>/word/", word.edit, name="edit_draft"),
    path("paper/<int:pk>/send/", service.send, name="send"),
    path("delivery/<int:pk>/attempt/", service.attempt, name="attempt"),
    path("delivery/<int:pk>/deliver/", service.deliver, name="deliver"),
    path("party/<int:pk>/address/", service.address, name="address"),
    path("corrections/<int:pk>/reissue/", corrections.reissue, name="reissue"),
    path("corrections/<int:pk>/releases/", corrections.draft_releases, name="draft_releases"),
    path("several/", several.choose, name="several"),
    path("several/<int:pk>/", several.job, name="several_job"),
    path("several/<int:pk>/pdf/", several.merged, name="several_pdf"),
    path("templates/", templates.library, name="templates"),
    path("templates/<int:pk>/", templates.version, name="template"),
    path("templates/<int:pk>/history/", templates.history, name="history"),
    path("templates/<int:pk>/edit/", revisions.edit, name="edit_template"),
    path("revisions/", revisions.proposed, name="revisions"),
    path("revisions/<int:pk>/", revisions.revision, name="revision"),
    path("seals/", seals.log, name="seal_log"),
    path("<int:pk>/", efile.open_material, name="open"),
    path("<int:pk>/pages/", scans.scan, name="scan"),
    path("<int:pk>/page/", scans.scan_page, name="scan_page"),
    path("kept/<int:pk>/", scans.kept, name="kept"),
    path("kept/<int:pk>/page/", scans.kept_page, name="kept_page"),
]
