"""The one refusal that services raise and pages show."""

from collections.abc import Iterable

from django.utils.translation import gettext as _


class Refused(Exception):
    """The act is not allowed now; `reasons` are sentences for the user, in their language."""

    def __init__(self, reasons: str | Iterable[object]) -> None:
        self.reasons = [str(reasons)] if isinstance(reasons, str) else [str(reason) for reason in reasons]
        super().__init__(_("；").join(self.reasons))
