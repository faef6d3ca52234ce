"""Every table of the room; import from here."""

from intake.models.buildings import Bringing, Building, BuildingMap, Room
from intake.models.codes import LookupCode
from intake.models.inquiries import Handing, Inquiry
from intake.models.tickets import Ticket

__all__ = ["Bringing", "Building", "BuildingMap", "Handing", "Inquiry", "LookupCode", "Room", "Ticket"]
