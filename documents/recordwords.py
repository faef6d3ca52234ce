"""Codes of this room that stand in the record of a case, in words."""

from documents.deemed import Way
from documents.models import Attempt
from documents.receivers import Receiver

WORDS = {
    "way": dict(Way.choices),
    "failure": dict(Attempt.Reason.choices),
    "receiver_kind": dict(Receiver.choices),
}
