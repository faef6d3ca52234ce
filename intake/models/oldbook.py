"""What a court's workbook of its old book became."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, User
from cases.models import Case
from intake.models.imports import WorkbookImport


class OldBookImportQuerySet(models.QuerySet["OldBookImport"]):
    """Questions about imports of old books."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's own court."""
        court = user.team.court_id if user.team else None
        return self.filter(court=court) if court else self.none()


class OldBookImport(WorkbookImport):
    """One workbook that was taken in as a whole; a court takes the same file in once."""

    court = models.ForeignKey(Court, models.PROTECT, related_name="+", verbose_name=_("法院"))

    objects = OldBookImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "sha256"], name="old_book_file_once_per_court"),
            models.CheckConstraint(condition=Q(case_count__gt=0), name="old_book_import_has_cases"),
        ]


class TakenIn(models.Model):
    """One case of a workbook, by its first row there."""

    source = models.ForeignKey(OldBookImport, models.PROTECT, related_name="cases")
    position = models.PositiveIntegerField(_("行"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="taken_in")
