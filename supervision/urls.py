"""Pages of the room."""

from django.urls import path

from supervision import views, views_national, views_nights, views_oldbook

app_name = "supervision"
urlpatterns = [
    path("", views.figures, name="figures"),
    path("ratings/", views.ratings, name="ratings"),
    path("old-book/", views_oldbook.old_book, name="old_book"),
    path("old-book/export/", views_oldbook.export_old_book, name="export_old_book"),
    path("record/", views.audit, name="audit"),
    path("record/verify/", views.verify, name="verify"),
    path("national/", views_national.national, name="national"),
    path("national/mappings/", views_national.national_mappings, name="national_mappings"),
    path("national/mappings/new/", views_national.new_national_mapping, name="new_national_mapping"),
    path("national/mappings/<int:pk>/", views_national.national_mapping, name="national_mapping"),
    path("national/import/", views_national.import_national, name="import_national"),
    path("national/jobs/<int:pk>/", views_national.national_job, name="national_job"),
    path("national/files/", views_national.national_files, name="national_files"),
    path("national/files/<int:pk>/", views_national.national_file, name="national_file"),
    path("national/to-type/", views_national.to_type, name="to_type"),
    path("national/to-type/tick/", views_national.tick_many, name="tick_many"),
    path("national/to-type/export/", views_national.export_to_type, name="export_to_type"),
    path("national/to-type/<int:pk>/", views_national.to_type_case, name="to_type_case"),
    path("national/to-type/<int:pk>/tick/", views_national.tick_group, name="tick_group"),
    path("national/to-type/<int:pk>/untick/", views_national.untick_group, name="untick_group"),
    path("national/courts/<int:pk>/compare/", views_nights.compare_national, name="compare_national"),
    path("national/nights/", views_nights.national_nights, name="national_nights"),
    path("national/nights/<int:pk>/", views_nights.national_night, name="national_night"),
    path("national/nights/<int:pk>/export/", views_nights.export_night, name="export_night"),
    path("national/differences/", views_nights.national_differences, name="national_differences"),
    path("national/differences/<int:pk>/", views_nights.explain_national, name="explain_national"),
]
