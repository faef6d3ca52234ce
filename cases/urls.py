"""Pages of the room."""

from django.urls import URLPattern, path

from cases.views import acts, closings, contacts, lists, onsite, rests, work

app_name = "cases"
urlpatterns: list[URLPattern] = [
    path("", lists.case_list, name="list"),
    path("search/", lists.search, name="search"),
    path("export/", lists.export, name="export"),
    path("board/", lists.board, name="board"),
    path("card/", contacts.card, name="card"),
    path("onsite/", onsite.sheet, name="onsite"),
    path("work/", work.work_list, name="work_list"),
    path("work/many/", work.work_many, name="work_many"),
    path("work/request/", work.request_many, name="request_many"),
    path("work/<int:pk>/accept/", work.accept_work, name="accept_work"),
    path("work/<int:pk>/finish/", work.finish_work, name="finish_work"),
    path("work/<int:pk>/confirm/", work.confirm_work, name="confirm_work"),
    path("work/<int:pk>/return/", work.return_work, name="return_work"),
    path("work/<int:pk>/withdraw/", work.withdraw_work, name="withdraw_work"),
    path("contacts/<int:pk>/settle/", contacts.settle_promise, name="settle_promise"),
    path("holds/<int:pk>/end/", contacts.end_hold, name="end_hold"),
    path("<int:pk>/work/", work.work, name="work"),
    path("<int:pk>/contacts/", contacts.contacts, name="contacts"),
    path("<int:pk>/notes/", contacts.add_note, name="add_note"),
    path("<int:pk>/holds/", contacts.holds, name="holds"),
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
