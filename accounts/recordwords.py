"""Codes of this room that stand in the record, in words."""

from accounts.models import LineRefund

WORDS = {"reason": dict(LineRefund.Reason.choices)}
