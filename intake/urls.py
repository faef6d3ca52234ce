"""Pages of the room."""

from django.urls import path

from intake import views, views_imports

app_name = "intake"
urlpatterns = [
    path("<int:pk>/revive/", views.revive, name="revive"),
    path("", views.filings, name="list"),
    path("new/", views.new, name="new"),
    path("imports/", views_imports.imports, name="imports"),
    path("imports/template/", views_imports.import_template, name="import_template"),
    path("imports/jobs/<int:pk>/", views_imports.import_job, name="import_job"),
    path("imports/jobs/<int:pk>/take/", views_imports.take_import, name="take_import"),
    path("imports/<int:pk>/", views_imports.imported, name="imported"),
    path("imports/<int:pk>/result/", views_imports.import_result, name="import_result"),
    path("<int:pk>/receipt/", views.receipt, name="receipt"),
    path("<int:pk>/reissue/", views.reissue, name="reissue"),
]
