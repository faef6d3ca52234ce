"""Every table of the room; import from here."""

from assets.models.control import Control, ControlQuerySet, Renewal

__all__ = ["Control", "ControlQuerySet", "Renewal"]
