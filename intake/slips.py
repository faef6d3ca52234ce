"""The visitor's slip: where to go and to whom, what to bring, the way and the map, and the leaflet behind it."""

from typing import Any

from django.db.models import Q

from bureau.models import Team, User, Window
from intake import buildings, hall, leaflet
from intake.models import BuildingMap, Inquiry, Room, Ticket

# Of a query at the front of house the matter whose papers one brings.
BRINGING_OF = {
    Inquiry.Category.MONEY: Ticket.Category.MONEY,
    Inquiry.Category.FILING: Ticket.Category.FILING,
    Inquiry.Category.MEETING: Ticket.Category.MEETING,
    Inquiry.Category.PETITION: Ticket.Category.PETITION,
}


def room_of(person: User | None, window: Window | None) -> Room | None:
    """Return where a person sits, by himself, with his team or at his window; without a person, where the window is."""
    wanted = Q(pk=None)
    if person is not None:
        wanted |= Q(user=person)
        wanted |= Q(team=person.team_id) if person.team_id else Q()
        window = person.window
    if window is not None:
        wanted |= Q(window=window)
    rooms = Room.objects.filter(wanted).select_related("building")
    # What names the person himself comes first, then his team, then the window.
    return min(rooms, key=lambda room: (room.user_id is None, room.team_id is None, room.pk), default=None)


def _page(category: str, person: User | None, window: Window) -> dict[str, Any]:
    room = room_of(person, window)
    phone = Team.objects.filter(kind=Team.Kind.INSPECTION, is_active=True).exclude(phone="").order_by("pk").first()
    newest = BuildingMap.objects.filter(building=room.building).order_by("-id").first() if room else None
    return {
        "window": window,
        "person": person,
        "room": room,
        "map": newest,
        "bringing": buildings.bringing_words(category).splitlines(),
        "parts": leaflet.PARTS,
        "complaints": leaflet.COMPLAINTS,
        "supervision": phone,
    }


def of_ticket(ticket: Ticket) -> dict[str, Any]:
    """Return the slip of a ticket, with what was asked under it."""
    inquiries = list(ticket.inquiries.select_related("owner").order_by("id"))
    page = _page(ticket.category, ticket.person, ticket.window)
    return {**page, "ticket": ticket, "ahead": hall.ahead_of(ticket), "inquiries": inquiries}


def of_inquiry(inquiry: Inquiry) -> dict[str, Any]:
    """Return the slip of a query: who answers for it, by when, and where he sits."""
    category = BRINGING_OF.get(Inquiry.Category(inquiry.category), Ticket.Category.INQUIRY)
    page = _page(category, inquiry.owner, inquiry.window)
    return {**page, "ticket": inquiry.ticket, "inquiry": inquiry, "inquiries": [inquiry]}
