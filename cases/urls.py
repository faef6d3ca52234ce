"""Pages of the room."""

from django.urls import URLPattern, path

from cases.views import acts, deadlines, lists

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("", lists.case_list, name="list"),
    path("search/", lists.search, name="search"),
    path("export/", lists.export, name="export"),
    path("board/", lists.board, name="board"),
    path("deadlines/", deadlines.month, name="deadlines"),
    path("deadlines/holidays/", deadlines.holidays, name="holidays"),
    path("deadlines/<int:pk>/done/", deadlines.note_done, name="note_done"),
    path("deadlines/feed/", deadlines.feed_key, name="feed_key"),
    path("deadlines/feed/open/", deadlines.feed_open, name="feed_open"),
    path("deadlines/feed/close/", deadlines.feed_close, name="feed_close"),
    path("deadlines/feed/<str:token>.ics", deadlines.read_feed, name="feed"),
    path("<int:pk>/deadlines/", deadlines.of_case, name="case_deadlines"),
    path("<int:pk>/", acts.detail, name="detail"),
    path("<int:pk>/timeline/", acts.history, name="timeline"),
    path("<int:pk>/start/", acts.start, name="start"),
    path("<int:pk>/hand-over/", acts.hand_over, name="hand_over"),
    path("hand-overs/<int:pk>/", acts.answer, name="answer"),
    path("<int:pk>/suspend/", acts.suspend, name="suspend"),
    path("<int:pk>/resume/", acts.resume, name="resume"),
    path("<int:pk>/fulfil/", acts.fulfil, name="fulfil"),
    path("<int:pk>/terminate/", acts.terminate, name="terminate"),
    path("<int:pk>/number/", acts.enter_number, name="enter_number"),
]
