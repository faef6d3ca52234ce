"""Every table of the room; import from here."""

from documents.models.delivery import AddressConfirmation, Attempt, Delivery
from documents.models.document import Document, Draft, DraftQuerySet, NumberCounter, Template
from documents.models.material import Material, MissingNote, Staged
from documents.models.revision import Revision
from documents.models.seal import SealUse

__all__ = [
    "AddressConfirmation",
    "Attempt",
    "Delivery",
    "Document",
    "Draft",
    "DraftQuerySet",
    "Material",
    "MissingNote",
    "NumberCounter",
    "Revision",
    "SealUse",
    "Staged",
    "Template",
]
