"""Pages of the room."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from bureau import views

app_name = "bureau"
urlpatterns = [
    path(
        "login/",
        LoginView.as_view(template_name="bureau/login.html", redirect_authenticated_user=True),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("profile/", views.profile, name="profile"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/<int:pk>/remove/", views.holiday_remove, name="holiday_remove"),
    path("courts/", views.courts, name="courts"),
    path("deputies/", views.deputies, name="deputies"),
    path("deputies/<int:pk>/revoke/", views.deputy_revoke, name="deputy_revoke"),
    path("locks/", views.locks, name="locks"),
    path("jobs/<int:pk>/", views.job, name="job"),
]
