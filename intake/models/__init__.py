"""Every table of the room; import from here."""

from intake.models.applications import Application, Condition, SupplementNotice
from intake.models.codes import LookupCode

__all__ = ["Application", "Condition", "LookupCode", "SupplementNotice"]
