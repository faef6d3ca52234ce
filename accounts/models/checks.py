"""What the nightly proof of the books found."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class BooksCheckQuerySet(models.QuerySet["BooksCheck"]):
    """Questions about past proofs."""

    def newest_first(self) -> Self:
        """Order by when they were made."""
        return self.order_by("-id")


class BooksCheck(models.Model):
    """One proof of the books, append-only; `faults` hold code, case number and figures, never translated text."""

    checked_at = models.DateTimeField(_("核对时间"))
    fault_count = models.PositiveIntegerField(_("不符数"))
    faults = models.JSONField(_("不符"), default=list)

    objects = BooksCheckQuerySet.as_manager()
