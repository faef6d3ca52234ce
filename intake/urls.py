"""Pages of the room."""

from django.urls import path

from intake import views, views_buildings, views_hall, views_inquiries

app_name = "intake"
urlpatterns = [
    path("<int:pk>/revive/", views.revive, name="revive"),
    path("", views.filings, name="list"),
    path("new/", views.new, name="new"),
    path("<int:pk>/receipt/", views.receipt, name="receipt"),
    path("<int:pk>/reissue/", views.reissue, name="reissue"),
    path("hall/", views_hall.counter, name="counter"),
    path("hall/take/", views_hall.take, name="take_ticket"),
    path("hall/next/", views_hall.call_next, name="call_next"),
    path("hall/screen/", views_hall.screen, name="screen"),
    path("hall/figures/", views_hall.figures, name="figures"),
    path("hall/figures/export/", views_hall.export_figures, name="export_figures"),
    path("hall/<int:pk>/slip/", views_hall.slip, name="slip"),
    path("hall/<int:pk>/call/", views_hall.call, name="call_ticket"),
    path("hall/<int:pk>/recall/", views_hall.recall, name="recall_ticket"),
    path("hall/<int:pk>/start/", views_hall.start, name="start_ticket"),
    path("hall/<int:pk>/finish/", views_hall.finish, name="finish_ticket"),
    path("hall/<int:pk>/skip/", views_hall.skip, name="skip_ticket"),
    path("hall/<int:pk>/leave/", views_hall.leave, name="leave_ticket"),
    path("hall/<int:pk>/reopen/", views_hall.reopen, name="reopen_ticket"),
    path("hall/<int:pk>/transfer/", views_hall.transfer, name="transfer_ticket"),
    path("inquiries/", views_inquiries.inquiry_list, name="inquiries"),
    path("inquiries/new/", views_inquiries.new_inquiry, name="new_inquiry"),
    path("inquiries/<int:pk>/", views_inquiries.inquiry, name="inquiry"),
    path("inquiries/<int:pk>/slip/", views_inquiries.inquiry_slip, name="inquiry_slip"),
    path("inquiries/<int:pk>/hand-over/", views_inquiries.hand_over, name="hand_over_inquiry"),
    path("inquiries/<int:pk>/accept/", views_inquiries.accept, name="accept_inquiry"),
    path("inquiries/<int:pk>/give-back/", views_inquiries.give_back, name="give_back_inquiry"),
    path("inquiries/<int:pk>/withdraw/", views_inquiries.withdraw, name="withdraw_inquiry"),
    path("buildings/", views_buildings.building_list, name="buildings"),
    path("buildings/bringing/", views_buildings.bringing, name="bringing"),
    path("buildings/<int:pk>/", views_buildings.building, name="building"),
    path("buildings/<int:pk>/map/", views_buildings.set_map, name="set_map"),
    path("buildings/<int:pk>/rooms/new/", views_buildings.add_room, name="add_room"),
    path("buildings/maps/<int:pk>/", views_buildings.building_map, name="building_map"),
    path("buildings/rooms/<int:pk>/", views_buildings.room, name="room"),
    path("buildings/rooms/<int:pk>/remove/", views_buildings.remove_room, name="remove_room"),
]
