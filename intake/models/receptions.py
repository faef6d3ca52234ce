"""First receptions: the questions by version, the record of one conversation, and what is asked later."""

import datetime as dt
import json
from typing import Any, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Case as Chosen
from django.db.models import F, Q, Value, When
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User, Window
from cases.models import Case, Party


class ClaimType(models.TextChoices):
    """What is asked for, by which the questions are chosen."""

    MONEY = "MONEY", _("金钱给付")
    DELIVERY = "DELIVERY", _("交付特定物")
    ACT = "ACT", _("履行行为")
    EVICTION = "EVICTION", _("腾退房屋、土地")


class ReceptionTemplateQuerySet(models.QuerySet["ReceptionTemplate"]):
    """Questions about the versions."""

    def approved(self) -> Self:
        """Keep the approved ones."""
        return self.filter(state=ReceptionTemplate.State.APPROVED)

    def in_force(self, claim_type: str, *, on: dt.date) -> "ReceptionTemplate | None":
        """Return the version by which a conversation of that day is held."""
        rows = self.approved().filter(claim_type=claim_type, effective_on__lte=on)
        return rows.order_by("-effective_on", "-version").first()

    def waiting(self) -> Self:
        """Keep those that wait for their approver."""
        return self.filter(state=ReceptionTemplate.State.WAITING)

    def for_list(self) -> Self:
        """Load what one row of the list prints, newest first within a claim type."""
        return self.select_related("authored_by", "answered_by").order_by("claim_type", "-version")


class ReceptionTemplate(models.Model):
    """One version of the questions of a claim type: by one author, approved by another, in force from a day."""

    class State(models.TextChoices):
        """Where the version stands."""

        WAITING = "WAITING", _("待批准")
        APPROVED = "APPROVED", _("已批准")
        SENT_BACK = "SENT_BACK", _("已退回")

    claim_type = models.CharField(_("请求类型"), max_length=8, choices=ClaimType)
    version = models.PositiveSmallIntegerField(_("版本"))
    content = models.JSONField(_("问题"), encoder=DjangoJSONEncoder)
    sha256 = models.CharField(_("内容摘要"), max_length=64)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.WAITING)
    note = models.CharField(_("修订说明"), max_length=300)
    effective_on = models.DateField(_("生效日"))
    authored_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("起草人"))
    authored_at = models.DateTimeField(_("起草时间"))
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("批准人")
    )
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answer_note = models.CharField(_("退回意见"), max_length=300, blank=True)

    objects = ReceptionTemplateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["claim_type", "version"], name="reception_template_version_unique"),
            models.UniqueConstraint(
                fields=["claim_type"], condition=Q(state="WAITING"), name="one_waiting_reception_template"
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("authored_by")),
                name="reception_template_approved_by_another",
            ),
            # The first version comes with the product.
            models.CheckConstraint(
                condition=Q(state="WAITING", answered_at__isnull=True)
                | (Q(answered_at__isnull=False) & ~Q(state="WAITING") & (Q(version=1) | Q(answered_by__isnull=False))),
                name="reception_template_answered_by_someone",
            ),
        ]
        permissions = [
            ("edit_reception_template", _("修订初次接待笔录的问题")),
            ("approve_reception_template", _("批准初次接待笔录的问题")),
        ]

    def __str__(self) -> str:
        return f"{self.get_claim_type_display()} {self.version}"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("intake:reception_template", args=[self.pk])


class ReceptionQuerySet(models.QuerySet["Reception"]):
    """Questions about the records."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's own window; another window's do not exist for him."""
        return self.filter(window_id=user.window_id or 0)

    def ready(self) -> Self:
        """Keep those that are signed and not filed."""
        return self.filter(state=Reception.State.SIGNED)

    def drafts(self) -> Self:
        """Keep those that nobody has signed yet."""
        return self.filter(state__in=Reception.OPEN)

    def for_list(self) -> Self:
        """Load what one row of the list prints: what is unfinished first, then the newest."""
        order = Chosen(
            When(state=Reception.State.DRAFT, then=Value(0)),
            When(state=Reception.State.READ_BACK, then=Value(1)),
            When(state=Reception.State.SIGNED, then=Value(2)),
            default=Value(3),
        )
        return self.select_related("receptionist", "case").order_by(order, "-started_at", "-id")

    def for_page(self) -> Self:
        """Load what the page of one record prints."""
        return self.select_related("template", "window", "receptionist", "recorder", "case", "corrects", "voided_by")


class Reception(models.Model):
    """One first reception, saved as typed; once signed the database lets nothing of it change (decision 0030)."""

    class State(models.TextChoices):
        """How far it is."""

        DRAFT = "DRAFT", _("记录中")
        READ_BACK = "READ_BACK", _("已宣读，待签名")
        SIGNED = "SIGNED", _("已签名，待立案")
        FILED = "FILED", _("已立案")
        VOID = "VOID", _("已作废")

    class Flag(models.TextChoices):
        """What comes first at the command centre."""

        LABOUR = "LABOUR", _("追索劳动报酬")
        SUPPORT = "SUPPORT", _("追索赡养费、扶养费、抚养费")

    class Place(models.TextChoices):
        """Where the conversation is held."""

        WINDOW = "WINDOW", _("立案窗口")
        FIRST_ASK = "FIRST_ASK", _("首问岗")

    class Signature(models.TextChoices):
        """How it was signed."""

        DRAWN = "DRAWN", _("屏幕手写签名")
        SCAN = "SCAN", _("纸质签名件扫描")

    OPEN = (State.DRAFT, State.READ_BACK)
    SEALED = (State.SIGNED, State.FILED)

    window = models.ForeignKey(Window, models.PROTECT, related_name="receptions", verbose_name=_("窗口"))
    place = models.CharField(_("接待地点"), max_length=10, choices=Place, default=Place.WINDOW)
    claim_type = models.CharField(_("请求类型"), max_length=8, choices=ClaimType)
    subject = models.CharField(_("申请执行人类型"), max_length=12, choices=Party.Kind)
    flag = models.CharField(_("民生案件"), max_length=8, choices=Flag, blank=True)
    template = models.ForeignKey(
        ReceptionTemplate, models.PROTECT, related_name="receptions", verbose_name=_("问题版本")
    )
    receptionist = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("接待人"))
    recorder = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("记录人"))
    started_at = models.DateTimeField(_("开始时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    # JSON: what was answered by key of the question, and which questions are left for later.
    words = EncryptedField(_("问答"), blank=True, default="")
    told = models.JSONField(_("已告知事项"), default=list)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.DRAFT)
    # The number of the last save that was taken, and the page that sent it.
    seq = models.PositiveIntegerField(_("保存序号"), default=0)
    editor = models.CharField(max_length=40, blank=True)
    saved_at = models.DateTimeField(_("保存时间"))
    read_back_at = models.DateTimeField(_("宣读时间"), null=True, blank=True)
    signature = models.CharField(_("签名方式"), max_length=5, choices=Signature, blank=True)
    signature_sha256 = models.CharField(_("签名摘要"), max_length=64, blank=True)
    signature_type = models.CharField(max_length=40, blank=True)
    signed_by = EncryptedField(_("签名人"), blank=True, default="")
    signed_at = models.DateTimeField(_("签名时间"), null=True, blank=True)
    content_sha256 = models.CharField(_("笔录摘要"), max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("更正自")
    )
    correction_reason = models.CharField(_("更正理由"), max_length=300, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="receptions")
    filed_at = models.DateTimeField(_("立案时间"), null=True, blank=True)
    void_reason = models.CharField(_("作废理由"), max_length=300, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    voided_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = ReceptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["READ_BACK", "SIGNED", "FILED"])
                | Q(read_back_at__isnull=False, ended_at__isnull=False),
                name="reception_read_back_before_signing",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["SIGNED", "FILED"])
                | (
                    Q(signed_at__isnull=False)
                    & ~Q(signature="")
                    & ~Q(signature_sha256="")
                    & ~Q(content_sha256="")
                    & ~Q(pdf_sha256="")
                ),
                name="reception_signed_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="FILED", case__isnull=False, filed_at__isnull=False)
                | (~Q(state="FILED") & Q(case__isnull=True, filed_at__isnull=True)),
                name="reception_filed_with_its_case",
            ),
            models.CheckConstraint(
                condition=(Q(state="VOID", voided_by__isnull=False, voided_at__isnull=False) & ~Q(void_reason=""))
                | (~Q(state="VOID") & Q(void_reason="", voided_by__isnull=True, voided_at__isnull=True)),
                name="reception_void_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, correction_reason="")
                | (Q(corrects__isnull=False) & ~Q(correction_reason="")),
                name="reception_corrects_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["corrects"], condition=~Q(state="VOID"), name="one_live_correction_of_a_reception"
            ),
        ]
        indexes = [models.Index(fields=["window", "started_at"], name="reception_window_started")]
        permissions = [("record_reception", _("记录初次接待笔录"))]

    def __str__(self) -> str:
        return str(self.pk)

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("intake:reception", args=[self.pk])

    @cached_property
    def _said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.words) if self.words else {}
        return found

    @property
    def answers(self) -> dict[str, str]:
        """Return what was answered, by key of the question."""
        return dict(self._said.get("answers", {}))

    @property
    def later(self) -> list[str]:
        """Return the keys of the questions left for later."""
        return list(self._said.get("later", []))

    def say(self, answers: dict[str, str], later: list[str]) -> None:
        """Put answers in place of what stood; they are kept encrypted."""
        self.words = json.dumps({"answers": answers, "later": later}, ensure_ascii=False, sort_keys=True)
        self.__dict__.pop("_said", None)

    @property
    def visitor(self) -> str:
        """Return who was received, as far as he has said so."""
        return self.answers.get("visitor", "")

    @property
    def is_open(self) -> bool:
        """Return whether it may still be typed into."""
        return self.state in Reception.OPEN

    @property
    def is_sealed(self) -> bool:
        """Return whether it is signed."""
        return self.state in Reception.SEALED


class LaterQuerySet(models.QuerySet["LaterQuestion"]):
    """Questions about what is still to be asked."""

    def waiting(self) -> Self:
        """Keep those without an answer, but for records that a correction has replaced."""
        replaced = Q(reception__corrections__state__in=Reception.SEALED)
        return self.filter(answered_at__isnull=True).exclude(replaced)

    def of_case(self, case: Case) -> Self:
        """Keep those that follow the case, in the order of the record."""
        return self.filter(reception__case=case).select_related("answered_by", "reception").order_by("id")

    def waiting_for(self, user: User) -> Self:
        """Keep those that this user is to ask: of open cases that he has in hand."""
        open_cases = Case.objects.filter(Q(owner=user) | Q(owner__isnull=True, judge=user)).exclude(
            stage__in=Case.ENDED
        )
        return self.waiting().filter(reception__case__in=open_cases)


class LaterQuestion(models.Model):
    """A question that could not be answered at the reception; it follows the case until it is."""

    reception = models.ForeignKey(Reception, models.PROTECT, related_name="later_questions")
    key = models.CharField(max_length=40)
    label = models.CharField(_("问题"), max_length=200)
    answer = EncryptedField(_("答复"), blank=True, default="")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)

    objects = LaterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reception", "key"], name="later_question_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="later_question_answered_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.label
