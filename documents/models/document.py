"""Templates in their approved versions, drafts that wait for a signature, and the documents issued."""

import datetime as dt
import json
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import Job, User
from cases.models import Case, Correction
from documents.library.declared import Kind, Numbering, Phase, Service, Sign, Spec, spec_of


class TemplateQuerySet(models.QuerySet["Template"]):
    """Questions about templates."""

    def in_force(self, *, on: dt.date) -> Self:
        """Keep of each template the version that is in force on that day."""
        known = self.filter(effective_on__lte=on)
        return known.order_by("code", "-effective_on", "-version").distinct("code")

    def newest(self) -> Self:
        """Keep of each template its last version, in force or not yet."""
        return self.order_by("code", "-version").distinct("code")

    def for_choice(self, *, on: dt.date) -> list["Template"]:
        """Return the versions in force in the order of the bureau's list."""
        order = {phase: place for place, phase in enumerate(Phase.values)}
        return sorted(self.in_force(on=on), key=lambda row: (order[row.phase], int(row.no), row.code))


class Template(models.Model):
    """One approved version of a document template; a changed text is a new version, no row ever changes."""

    class Origin(models.TextChoices):
        """Whose text it is: the library that comes with the product, or the bureau's own edit."""

        LIBRARY = "LIBRARY", _("随系统发布")
        BUREAU = "BUREAU", _("本局修订")

    code = models.CharField(_("代码"), max_length=24)
    version = models.PositiveSmallIntegerField(_("版本"))
    no = models.CharField(_("编号"), max_length=4)
    title = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    phase = models.CharField(_("环节"), max_length=12, choices=Phase)
    sign = models.CharField(_("签发"), max_length=1, choices=Sign)
    numbering = models.CharField(_("文号"), max_length=8, choices=Numbering)
    service = models.CharField(_("送达"), max_length=8, choices=Service)
    is_restricted = models.BooleanField(_("限制查看"), default=False)
    content = models.TextField(_("内容"))
    sha256 = models.CharField(_("内容摘要"), max_length=64)
    effective_on = models.DateField(_("生效日"))
    approval = models.CharField(_("批准依据"), max_length=100)
    added_at = models.DateTimeField(_("入库时间"), db_default=Now())
    origin = models.CharField(_("来源"), max_length=8, choices=Origin, default=Origin.LIBRARY)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="template_version_unique"),
            models.CheckConstraint(
                condition=~Q(origin="BUREAU") | Q(edited_by__isnull=False, approved_by__isnull=False),
                name="own_template_edited_and_approved",
            ),
            models.CheckConstraint(condition=~Q(edited_by=F("approved_by")), name="template_approved_by_another"),
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def spec(self) -> Spec:
        """Return fields, paragraphs and rules as data."""
        return spec_of(self.code, self.content, effective_on=self.effective_on, approval=self.approval)


class NumberCounter(models.Model):
    """How many suffixed documents a case has; counted under the lock of the case, so 之一, 之二 have no gap."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    book = models.CharField(max_length=24, blank=True)  # empty, or a template's code where each counts for itself
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "book"], name="one_counter_per_case_and_book")]


class DocumentQuerySet(models.QuerySet["Document"]):
    """Questions about issued documents; text and values are loaded only where they are printed."""

    def visible_to(self, user: User) -> Self:
        """Keep documents of visible cases; restricted ones only for finance, judge, inspectors and their issuer."""
        papers = self.filter(case__in=Case.objects.visible_to(user))
        if user.has_perm("documents.view_restricted_material") or user.has_perm("accounts.pay_payout"):
            return papers
        return papers.filter(Q(is_restricted=False) | Q(case__judge=user) | Q(issued_by=user))

    def light(self) -> Self:
        """Leave the text and the values in the database."""
        return self.defer("body", "values")

    def for_list(self) -> Self:
        """Load what one row of a list prints, in order of issue."""
        return self.light().select_related("template", "issued_by", "voided_by").order_by("issued_at", "id")

    def unprinted(self) -> Self:
        """Keep those whose PDF waits to be made, oldest first."""
        return self.filter(pdf_sha256="", pdf_error="").order_by("id")

    def unprintable(self) -> Self:
        """Keep those whose PDF could not be made."""
        return self.filter(pdf_sha256="").exclude(pdf_error="")


class Document(models.Model):
    """One issued document: number, text, values and hash are fixed at once and never change (trigger in 0003).

    Later come only the PDF, once, and the mark of a newer document that replaces it.
    """

    class PdfState(models.TextChoices):
        """Where the PDF stands."""

        WAITING = "WAITING", _("制作中")
        READY = "READY", _("已制作")
        FAILED = "FAILED", _("制作失败")

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    template = models.ForeignKey(Template, models.PROTECT, related_name="documents")
    number = models.CharField(_("文号"), max_length=80)
    number_book = models.CharField(max_length=24, blank=True)
    number_index = models.PositiveIntegerField(null=True, blank=True)
    title = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("种类"), max_length=16, choices=Kind)
    court_name = models.CharField(_("法院"), max_length=40)
    values = EncryptedField(_("填写内容"))
    body = EncryptedField(_("正文"))
    content_sha256 = models.CharField(_("内容摘要"), max_length=64)
    # Whom the text names, masked: what the public page of verification tells of people.
    masked_names = models.TextField(_("所载姓名（脱敏）"), blank=True)
    is_restricted = models.BooleanField(_("限制查看"), default=False)
    edited_count = models.PositiveSmallIntegerField(_("签发前人工改动的段落数"), default=0)
    token = models.CharField(max_length=43, unique=True)
    issued_on = models.DateField(_("签发日"))
    issued_at = models.DateTimeField(_("签发时间"))
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("签发人"))
    job = models.ForeignKey(Job, models.PROTECT, null=True, blank=True, related_name="documents")
    pdf_sha256 = models.CharField(_("PDF摘要"), max_length=64, blank=True)
    pdf_byte_count = models.PositiveIntegerField(_("大小"), default=0)
    page_count = models.PositiveSmallIntegerField(_("页数"), default=0)
    pdf_error = models.CharField(_("制作失败原因"), max_length=300, blank=True)
    voided_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    OWN_BOOK = "OWN"  # of numbers that come from another register and are used once
    # What changes after issue; everything else is refused by the database.
    PDF_FIELDS = ("pdf_sha256", "pdf_byte_count", "page_count", "pdf_error")
    VOID_FIELDS = ("voided_by", "voided_at", "void_reason")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "number_book", "number_index"],
                condition=Q(number_index__isnull=False),
                name="document_suffix_unique_in_case",
            ),
            models.UniqueConstraint(fields=["number"], condition=Q(number_book="OWN"), name="own_number_used_once"),
            models.UniqueConstraint(
                fields=["job", "case"], condition=Q(job__isnull=False), name="one_document_per_case_and_job"
            ),
            models.CheckConstraint(
                condition=Q(voided_by__isnull=True, voided_at__isnull=True, void_reason="")
                | (Q(voided_by__isnull=False, voided_at__isnull=False) & ~Q(void_reason="")),
                name="document_voided_with_reason",
            ),
            models.CheckConstraint(condition=~Q(voided_by=F("id")), name="document_voided_by_another"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(pdf_sha256="", pdf_error=""), name="document_unprinted"),
        ]
        permissions = [
            ("issue_document", _("制发文书")),
            ("sign_ruling", _("签发裁定")),
            ("sign_decision", _("签发应由院长决定的文书")),
            ("edit_template", _("修订文书模板")),
            ("approve_template", _("批准文书模板")),
            ("view_seal_log", _("查看用印记录")),
            ("export_efile", _("导出卷宗")),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of the document's page."""
        return reverse("documents:document", args=[self.pk])

    @property
    def pdf_state(self) -> "Document.PdfState":
        """Return whether the PDF waits, is there, or could not be made."""
        if self.pdf_sha256:
            return Document.PdfState.READY
        return Document.PdfState.FAILED if self.pdf_error else Document.PdfState.WAITING

    def blocks(self) -> list[dict[str, Any]]:
        """Return the paragraphs."""
        return list(json.loads(self.body))

    def typed(self) -> dict[str, str]:
        """Return what was typed."""
        return dict(json.loads(self.values))


class DraftQuerySet(models.QuerySet["Draft"]):
    """Questions about drafts."""

    def visible_to(self, user: User) -> Self:
        """Keep drafts of visible cases."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def waiting(self) -> Self:
        """Keep those that nobody has answered, oldest first."""
        return self.filter(state=Draft.State.WAITING).order_by("proposed_at", "id")


class Draft(models.Model):
    """A filled template that waits for the judge's or the president's signature."""

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "WAITING", _("待签发")
        ISSUED = "ISSUED", _("已签发")
        SENT_BACK = "SENT_BACK", _("已退回")

    case = models.ForeignKey(Case, models.PROTECT, related_name="drafts")
    template = models.ForeignKey(Template, models.PROTECT, related_name="+")
    values = EncryptedField(_("填写内容"))
    # The text as edited in Word, and the hash of the generated text from which it was edited; empty if it was not.
    edited_text = EncryptedField(_("人工改动后的正文"), blank=True, default="")
    edited_count = models.PositiveSmallIntegerField(_("人工改动的段落数"), default=0)
    base_sha256 = models.CharField(_("改动前正文的摘要"), max_length=64, blank=True)
    edited_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("拟稿人"))
    proposed_at = models.DateTimeField(_("提请时间"))
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer_note = models.CharField(_("退回意见"), max_length=300, blank=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, blank=True, related_name="draft")
    # What it replaces when it is signed; the correction that called for it, and what of it this draft puts right.
    replaces = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.ForeignKey(Correction, models.PROTECT, null=True, blank=True, related_name="drafts")
    about = models.CharField(max_length=40, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="WAITING", answered_by__isnull=True, document__isnull=True)
                | Q(state="SENT_BACK", answered_by__isnull=False, document__isnull=True)
                | Q(state="ISSUED", answered_by__isnull=False, document__isnull=False),
                name="draft_answered_by_someone",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(state="WAITING", replaces__isnull=False),
                name="one_waiting_draft_per_replaced_document",
            ),
            models.UniqueConstraint(
                fields=["correction", "about"],
                condition=Q(state__in=["WAITING", "ISSUED"], correction__isnull=False) & ~Q(about=""),
                name="one_draft_per_correction_and_thing",
            ),
            models.CheckConstraint(
                condition=Q(base_sha256="", edited_count=0) | (~Q(base_sha256="") & Q(edited_count__gt=0)),
                name="draft_edited_from_a_known_text",
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("documents:draft", args=[self.pk])

    @property
    def is_replacing(self) -> bool:
        """Return whether it puts right an earlier document, which it replaces once it is signed."""
        return self.replaces_id is not None

    def typed(self) -> dict[str, str]:
        """Return what was typed."""
        return dict(json.loads(self.values))

    def own_text(self) -> list[dict[str, Any]]:
        """Return the paragraphs edited by hand."""
        return list(json.loads(self.edited_text))
