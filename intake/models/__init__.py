"""Every table of the room; import from here."""

from intake.models.codes import LookupCode

__all__ = ["LookupCode"]
