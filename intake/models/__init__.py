"""Every table of the room; import from here."""

from intake.models.applications import Application, Condition, SupplementNotice
from intake.models.codes import LookupCode
from intake.models.receptions import ClaimType, LaterQuestion, Reception, ReceptionTemplate
from intake.models.sources import FilingSource

__all__ = [
    "Application",
    "ClaimType",
    "Condition",
    "FilingSource",
    "LaterQuestion",
    "LookupCode",
    "Reception",
    "ReceptionTemplate",
    "SupplementNotice",
]
