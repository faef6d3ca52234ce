"""Every table of the room; import from here."""

from intake.models.applications import Application, Condition, SupplementNotice
from intake.models.buildings import Bringing, Building, BuildingMap, Room
from intake.models.codes import LookupCode, ReissueTry
from intake.models.imports import FiledOnce, FilingImport, ImportedFiling
from intake.models.inquiries import Handing, Inquiry
from intake.models.oldbook import OldBookImport, TakenIn
from intake.models.receptions import ClaimType, LaterQuestion, Reception, ReceptionTemplate
from intake.models.sources import FilingSource
from intake.models.tickets import Ticket

__all__ = [
    "Application",
    "Bringing",
    "Building",
    "BuildingMap",
    "ClaimType",
    "Condition",
    "FiledOnce",
    "FilingImport",
    "FilingSource",
    "Handing",
    "ImportedFiling",
    "Inquiry",
    "LaterQuestion",
    "LookupCode",
    "OldBookImport",
    "Reception",
    "ReceptionTemplate",
    "ReissueTry",
    "Room",
    "SupplementNotice",
    "TakenIn",
    "Ticket",
]
