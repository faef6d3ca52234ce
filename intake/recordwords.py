"""Codes of this room that stand in the record, in words."""

from intake.checklists import Paper
from intake.models import FilingSource

WORDS = {"reason": dict(FilingSource.Reason.choices), "missing": dict(Paper.choices)}
