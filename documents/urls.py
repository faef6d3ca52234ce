"""Pages of the room."""

from django.urls import path

from documents import views

app_name = "documents"
urlpatterns = [
    path("case/<int:pk>/", views.case_materials, name="case_materials"),
    path("<int:pk>/", views.open_material, name="open"),
]
