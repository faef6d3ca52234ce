"""A proposed new version of a template, by the bureau or by the library that comes with the product."""

from functools import cached_property
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from documents.library.declared import Spec, spec_of
from documents.models.document import Template


class RevisionQuerySet(models.QuerySet["Revision"]):
    """Questions about proposed versions."""

    def waiting(self) -> Self:
        """Keep those that nobody has answered."""
        return self.filter(state=Revision.State.WAITING)

    def for_list(self) -> Self:
        """Load what one row of a list prints, newest first."""
        people = self.select_related("base", "proposed_by", "answered_by", "template")
        return people.defer("content", "base__content", "template__content").order_by("-id")


class Revision(models.Model):
    """A proposed text: a second person makes it a version, or sends it back; a newer proposal replaces it."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "WAITING", _("待批准")
        APPROVED = "APPROVED", _("已批准")
        SENT_BACK = "SENT_BACK", _("已退回")
        REPLACED = "REPLACED", _("已被新稿取代")

    code = models.CharField(_("代码"), max_length=24)
    base = models.ForeignKey(Template, models.PROTECT, related_name="+", verbose_name=_("所依据的版本"))
    title = models.CharField(_("名称"), max_length=60)
    content = models.TextField(_("内容"))
    sha256 = models.CharField(_("内容摘要"), max_length=64)
    origin = models.CharField(_("来源"), max_length=8, choices=Template.Origin, default=Template.Origin.BUREAU)
    approval = models.CharField(_("批准依据"), max_length=100)
    effective_on = models.DateField(_("生效日"), null=True, blank=True)
    note = models.CharField(_("修订理由"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("修订人"))
    proposed_at = models.DateTimeField(_("提交时间"))
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer_note = models.CharField(_("退回意见"), max_length=300, blank=True)
    template = models.OneToOneField(Template, models.PROTECT, null=True, blank=True, related_name="revision")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code", "origin"], condition=Q(state="WAITING"), name="one_waiting_revision_per_template"
            ),
            models.CheckConstraint(
                condition=Q(state="WAITING", answered_by__isnull=True, template__isnull=True)
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(state="WAITING")),
                name="revision_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=(Q(state="APPROVED", template__isnull=False) & ~Q(answered_by=F("proposed_by")))
                | (~Q(state="APPROVED") & Q(template__isnull=True)),
                name="revision_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(origin="LIBRARY") | Q(effective_on__isnull=False), name="own_revision_with_its_day"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("documents:revision", args=[self.pk])

    @cached_property
    def spec(self) -> Spec:
        """Return the proposed text."""
        day = self.effective_on or self.base.effective_on
        return spec_of(self.code, self.content, effective_on=day, approval=self.approval)
