"""Every table of the room; import from here."""

from intake.models.codes import LookupCode
from intake.models.imports import FiledOnce, FilingImport, ImportedFiling

__all__ = ["FiledOnce", "FilingImport", "ImportedFiling", "LookupCode"]
