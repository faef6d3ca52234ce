"""Pages of the room."""

from django.urls import URLPattern, path

from cases.views import acts, closings, lists, rests

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("", lists.case_list, name="list"),
    path("search/", lists.search, name="search"),
    path("export/", lists.export, name="export"),
    path("board/", lists.board, name="board"),
    path("<int:pk>/", acts.detail, name="detail"),
    path("<int:pk>/timeline/", acts.history, name="timeline"),
    path("<int:pk>/start/", acts.start, name="start"),
    path("<int:pk>/hand-over/", acts.hand_over, name="hand_over"),
    path("hand-overs/<int:pk>/", acts.answer, name="answer"),
    path("<int:pk>/suspend/", acts.suspend, name="suspend"),
    path("<int:pk>/resume/", acts.resume, name="resume"),
    path("<int:pk>/stay/", rests.stay, name="stay"),
    path("<int:pk>/settle/", rests.settle, name="settle"),
    path("<int:pk>/break-settlement/", rests.break_settlement, name="break_settlement"),
    path("instalments/<int:pk>/", rests.note_instalment, name="note_instalment"),
    path("<int:pk>/change-stream/", rests.change_stream, name="change_stream"),
    path("<int:pk>/propose-closing/", closings.propose, name="propose_closing"),
    path("closings/<int:pk>/", closings.review, name="closing"),
    path("<int:pk>/archive/", closings.archive, name="archive"),
    path("<int:pk>/number/", acts.enter_number, name="enter_number"),
]
