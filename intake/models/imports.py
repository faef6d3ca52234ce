"""Filings that came as data: what a sheet became, and what a program's key stands for."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User, Window
from cases.models import Case


class WorkbookImport(models.Model):
    """One file of cases that was taken in as a whole."""

    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    row_count = models.PositiveIntegerField(_("行数"))
    case_count = models.PositiveIntegerField(_("件数"))
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("导入人"))
    imported_at = models.DateTimeField(_("导入时间"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class FilingImportQuerySet(models.QuerySet["FilingImport"]):
    """Questions about imports."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's own window."""
        return self.filter(window=user.window_id) if user.window_id else self.none()


class FilingImport(WorkbookImport):
    """One sheet that was taken in as a whole; a window takes the same file in once."""

    window = models.ForeignKey(Window, models.PROTECT, related_name="+", verbose_name=_("窗口"))

    objects = FilingImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["window", "sha256"], name="filing_file_once_per_window"),
            models.CheckConstraint(condition=Q(case_count__gt=0), name="filing_import_has_cases"),
        ]


class ImportedFiling(models.Model):
    """One case of a sheet, by its batch number and first row there."""

    source = models.ForeignKey(FilingImport, models.PROTECT, related_name="filings")
    batch = models.CharField(_("批号"), max_length=20)
    position = models.PositiveIntegerField(_("行"))
    case = models.OneToOneField(Case, models.PROTECT, related_name="imported_filing")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "batch"], name="one_case_per_batch_number")]


class FiledOnce(models.Model):
    """What a program's key stands for; the key and the content are kept as keyed hashes only."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key_digest = models.CharField(max_length=64)
    content_digest = models.CharField(max_length=64)
    case = models.OneToOneField(Case, models.PROTECT, related_name="filed_once")
    code = EncryptedField(blank=True, default="")  # forgotten after a day
    at = models.DateTimeField(_("时间"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key_digest"], name="one_case_per_idempotency_key")]
