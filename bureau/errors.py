"""The one refusal that services raise and pages show."""

from collections.abc import Iterable
from typing import Self

from django.utils.translation import gettext as _


class OfField(str):
    """A reason that concerns one thing that was asked for: pages put it beside that field, the API under its name.

    `field` is the service's argument, or a field of what an argument carries.
    """

    field: str

    def __new__(cls, field: str, words: object) -> Self:
        """Return the reason with what it concerns."""
        made = super().__new__(cls, words)
        made.field = field
        return made


def of_field(field: str, words: object) -> str:
    """Return a reason that concerns one field; it goes where any other reason goes."""
    return OfField(field, words)


class Refused(Exception):
    """The act is not allowed now; `reasons` are sentences for the user, in their language.

    `general` are those that concern the act as a whole, `by_field` the others by what they concern.
    """

    def __init__(self, reasons: str | Iterable[object]) -> None:
        rows = [reasons] if isinstance(reasons, str) else list(reasons)
        self.reasons = [str(row) for row in rows]
        self.general = [str(row) for row in rows if not isinstance(row, OfField)]
        self.by_field: dict[str, list[str]] = {}
        for row in rows:
            if isinstance(row, OfField):
                self.by_field.setdefault(row.field, []).append(str(row))
        super().__init__(_("；").join(self.reasons))
