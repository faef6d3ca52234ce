"""Codes of this room that stand in the record of a case, in words."""

from dispatch.models import SendBack

WORDS = {"defects": dict(SendBack.Defect.choices)}
