"""Tables of the front of house."""

from intake.models.codes import LookupCode

__all__ = ["LookupCode"]
