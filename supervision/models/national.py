"""The bridge to the national case system: each day's file, what was typed there, and what differs."""

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.models import Court, User
from cases.models import Case
from supervision.national.sight import cases_of, courts


class NationalMappingQuerySet(models.QuerySet["NationalMapping"]):
    """Questions about how files are written."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's court, or all for who reads every book."""
        return self.filter(court__in=Court.objects.filter(courts(user)))

    def newest(self) -> Self:
        """Keep the last version of each."""
        newer = NationalMapping.objects.filter(
            court=OuterRef("court"), name=OuterRef("name"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(newer))

    def in_use(self) -> Self:
        """Keep the last version of each that is in use."""
        return self.newest().filter(is_active=True)


class NationalMapping(models.Model):
    """How one court's file is written. A change is a new version; a file keeps the one by which it was read.

    Append-only by a trigger.
    """

    class Encoding(models.TextChoices):
        """How a CSV file is encoded."""

        DETECTED = "DETECTED", _("自动识别")
        UTF_8 = "UTF_8", "UTF-8"
        GB18030 = "GB18030", "GB18030"

    class DateOrder(models.TextChoices):
        """How a day is written."""

        YMD = "YMD", _("年月日")
        DMY = "DMY", _("日月年")
        MDY = "MDY", _("月日年")

    court = models.ForeignKey(Court, models.PROTECT, related_name="+", verbose_name=_("法院"))
    name = models.CharField(_("名称"), max_length=40)
    version = models.PositiveSmallIntegerField(_("版本"))
    columns = models.JSONField(_("列"), default=dict)  # heading by field
    words = models.JSONField(_("用词"), default=dict)  # by field: code by word
    header_row = models.PositiveSmallIntegerField(_("表头在第几行"), default=1)
    encoding = models.CharField(_("文字编码"), max_length=8, choices=Encoding, default=Encoding.DETECTED)
    date_order = models.CharField(_("日期写法"), max_length=3, choices=DateOrder, default=DateOrder.YMD)
    # Cases accepted earlier do not stand in the file; none: all stand there.
    covers_from = models.DateField(_("文件收录自此日起立案的案件"), null=True, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    saved_at = models.DateTimeField(_("保存时间"))
    saved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("保存人"))

    objects = NationalMappingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "name", "version"], name="one_mapping_per_version"),
            models.CheckConstraint(condition=Q(version__gt=0, header_row__gt=0), name="mapping_counts_from_one"),
        ]
        default_permissions = ()
        permissions = [
            ("view_national", _("查看全国系统核对")),
            ("keep_national", _("导入全国系统文件，登记录入，说明差异")),
        ]

    def __str__(self) -> str:
        return self.name


class NationalFileQuerySet(models.QuerySet["NationalFile"]):
    """Questions about the daily files."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's court, or all for who reads every book."""
        return self.filter(court__in=Court.objects.filter(courts(user)))

    def standing(self) -> Self:
        """Keep the version that counts of each day."""
        newer = NationalFile.objects.filter(
            court=OuterRef("court"), day=OuterRef("day"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(newer))


class NationalFile(models.Model):
    """One day's file of one court as it was taken in; a later one of the same day is a new version.

    Append-only by a trigger.
    """

    court = models.ForeignKey(Court, models.PROTECT, related_name="+", verbose_name=_("法院"))
    day = models.DateField(_("业务日"))
    version = models.PositiveSmallIntegerField(_("版本"))
    mapping = models.ForeignKey(NationalMapping, models.PROTECT, related_name="files", verbose_name=_("列对应"))
    name = models.CharField(_("文件名"), max_length=200)
    sha256 = models.CharField(_("文件摘要"), max_length=64)
    row_count = models.PositiveIntegerField(_("行数"))
    skipped_count = models.PositiveIntegerField(_("未收的行数"), default=0)
    imported_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("导入人"))
    imported_at = models.DateTimeField(_("导入时间"))

    objects = NationalFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["court", "day", "version"], name="one_national_file_per_version"),
            # Read by a corrected mapping the same file says something else.
            models.UniqueConstraint(fields=["court", "day", "sha256", "mapping"], name="national_file_once_a_day"),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of its rows."""
        return reverse("supervision:national_file", args=[self.pk])


class NationalRow(models.Model):
    """One case as the national system has it on a day, by the fields of `national.fields`; append-only by a trigger."""

    file = models.ForeignKey(NationalFile, models.PROTECT, related_name="rows")
    position = models.PositiveIntegerField(_("行"))
    number = models.CharField(_("案号"), max_length=60)
    values = models.JSONField(_("内容"), default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="one_national_row_per_number")]
        default_permissions = ()


class Group(models.TextChoices):
    """What is typed on one page of the national system."""

    FILING = "FILING", _("立案信息")
    PARTIES = "PARTIES", _("当事人")
    PROGRESS = "PROGRESS", _("承办和状态")
    MEASURES = "MEASURES", _("查控措施")
    MONEY = "MONEY", _("案款")
    CLOSING = "CLOSING", _("结案")


class NationalEntryQuerySet(models.QuerySet["NationalEntry"]):
    """Questions about what must be typed."""

    def visible_to(self, user: User) -> Self:
        """Keep groups that the user may read, of cases that he keeps or reads."""
        hidden = [group for group, permission in NationalEntry.NEEDS.items() if not user.has_perm(permission)]
        return self.filter(case__in=cases_of(user)).exclude(group__in=hidden)

    def waiting(self) -> Self:
        """Keep what is to be typed or has changed since."""
        return self.filter(state__in=NationalEntry.WAITING)

    def for_list(self) -> Self:
        """Load what one row prints; what has changed first, then by age."""
        people = ("case", "case__number_court", "case__judge", "case__owner", "ticked_by")
        return self.select_related(*people).order_by("state", "-changed_at", "case_id", "group")


class NationalEntry(models.Model):
    """One field group of one case: a keyed digest of what stands here, and of what was last ticked as typed there."""

    class State(models.TextChoices):
        """Whether it stands in the national system; in the order of the list."""

        CHANGED = "CHANGED", _("录入后有变动")
        TO_TYPE = "TO_TYPE", _("未录入")
        TYPED = "TYPED", _("已录入")
        NOTHING = "VOID", _("无内容")

    Group = Group
    WAITING = (State.CHANGED, State.TO_TYPE)
    # Money and measures are shown to whoever may see them on the case.
    NEEDS = {Group.MONEY: "accounts.view_money", Group.MEASURES: "assets.view_control"}

    case = models.ForeignKey(Case, models.PROTECT, related_name="national_entries")
    group = models.CharField(_("字段组"), max_length=8, choices=Group)
    digest = models.CharField(max_length=64, blank=True)
    changed_at = models.DateTimeField(_("内容变动时间"))
    event_seq = models.BigIntegerField()
    ticked_digest = models.CharField(max_length=64, blank=True)
    ticked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ticked_at = models.DateTimeField(_("录入时间"), null=True, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=State)

    objects = NationalEntryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "group"], name="one_entry_per_group"),
            models.CheckConstraint(
                condition=Q(ticked_by__isnull=True, ticked_at__isnull=True, ticked_digest="")
                | Q(ticked_by__isnull=False, ticked_at__isnull=False),
                name="entry_ticked_by_someone",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-changed_at"], name="entry_waits", condition=~Q(state="TYPED")),
        ]
        default_permissions = ()

    def judged(self) -> str:
        """Return the state that follows from the two digests."""
        if self.digest == self.ticked_digest:
            return self.State.TYPED if self.digest else self.State.NOTHING
        return self.State.CHANGED if self.ticked_digest else self.State.TO_TYPE


class NationalComparisonQuerySet(models.QuerySet["NationalComparison"]):
    """Questions about nights."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's court, or all for who reads every book."""
        return self.filter(court__in=Court.objects.filter(courts(user)))

    def standing(self, *, before: dt.datetime | None = None) -> Self:
        """Keep the last of each court, or the last that was made before a moment."""
        made = Q(run_at__lt=before) if before else Q()
        newer = NationalComparison.objects.filter(made, court=OuterRef("court"), pk__gt=OuterRef("pk"))
        return self.filter(made).filter(~Exists(newer))

    def for_list(self) -> Self:
        """Load what one row prints, newest first."""
        return self.select_related("court", "file", "run_by").order_by("-run_at", "court__code")


class NationalComparison(models.Model):
    """One court's book against one file, or that a working day had none; append-only by a trigger."""

    court = models.ForeignKey(Court, models.PROTECT, related_name="+", verbose_name=_("法院"))
    day = models.DateField(_("业务日"))
    file = models.ForeignKey(NationalFile, models.PROTECT, null=True, blank=True, related_name="comparisons")
    run_at = models.DateTimeField(_("核对时间"))
    run_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("核对人"))
    ours_count = models.PositiveIntegerField(_("本系统件数"), default=0)
    theirs_count = models.PositiveIntegerField(_("全国系统件数"), default=0)
    only_here_count = models.PositiveIntegerField(_("仅本系统有"), default=0)
    only_there_count = models.PositiveIntegerField(_("仅全国系统有"), default=0)
    different_count = models.PositiveIntegerField(_("内容不同"), default=0)

    objects = NationalComparisonQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["court", "-id"], name="comparison_of_court")]
        default_permissions = ()

    def get_absolute_url(self) -> str:
        """Return the address of its three lists."""
        return reverse("supervision:national_night", args=[self.pk])


class NationalDifferenceQuerySet(models.QuerySet["NationalDifference"]):
    """Questions about what differs."""

    def visible_to(self, user: User) -> Self:
        """Keep those of the user's court, or of cases that he reads."""
        own = Q(comparison__court__in=Court.objects.filter(courts(user)))
        return self.filter(own | Q(case__in=cases_of(user)))

    def standing(self) -> Self:
        """Keep those that the last comparison of each court found."""
        return self.filter(comparison__in=NationalComparison.objects.standing())

    def with_explanation(self, *, before: dt.datetime | None = None) -> Self:
        """Annotate what was said of it since it stands so: reason, by whom, when; by a moment where one is given."""
        said = NationalExplanation.objects.filter(key=OuterRef("key"), explained_at__gte=OuterRef("since_at"))
        if before:
            said = said.filter(explained_at__lt=before)
        said = said.order_by("-id")
        return self.annotate(
            reason=Subquery(said.values("reason")[:1]),
            explained_name=Subquery(said.values("explained_by__name")[:1]),
            explained_at=Subquery(said.values("explained_at")[:1]),
        )

    def unexplained(self, *, before: dt.datetime | None = None) -> Self:
        """Keep those of which nothing was said since they stand so."""
        said = NationalExplanation.objects.filter(key=OuterRef("key"), explained_at__gte=OuterRef("since_at"))
        return self.filter(~Exists(said.filter(explained_at__lt=before) if before else said))

    def explained(self) -> Self:
        """Keep those of which something was said since they stand so."""
        said = NationalExplanation.objects.filter(key=OuterRef("key"), explained_at__gte=OuterRef("since_at"))
        return self.filter(Exists(said))

    def for_list(self) -> Self:
        """Load what one row prints, by case number and field."""
        rows = self.select_related("case", "case__judge", "case__owner", "comparison", "comparison__court")
        return rows.order_by("number", "id")


class NationalDifference(models.Model):
    """One thing that a comparison found; append-only by a trigger.

    `key` is the same as long as the same two values stand against each other, `since_at` when they first did.
    """

    class Kind(models.TextChoices):
        """In which list it stands."""

        NO_FILE = "NO_FILE", _("当日文件缺失")
        ONLY_HERE = "ONLY_HERE", _("仅本系统有")
        ONLY_THERE = "ONLY_THERE", _("仅全国系统有")
        DIFFERENT = "DIFFERENT", _("内容不同")

    comparison = models.ForeignKey(NationalComparison, models.PROTECT, related_name="differences")
    kind = models.CharField(_("类别"), max_length=10, choices=Kind)
    number = models.CharField(_("案号"), max_length=60, blank=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, blank=True, related_name="+")
    field = models.CharField(_("字段"), max_length=16, blank=True)
    ours = models.TextField(_("本系统"), blank=True)
    theirs = models.TextField(_("全国系统"), blank=True)
    key = models.CharField(max_length=64, db_index=True)
    since_at = models.DateTimeField(_("起于"))

    objects = NationalDifferenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comparison", "key"], name="a_difference_once_a_night")]
        indexes = [models.Index(fields=["comparison", "kind", "number"], name="difference_list")]
        default_permissions = ()

    def get_absolute_url(self) -> str:
        """Return where it is explained."""
        return reverse("supervision:explain_national", args=[self.pk])


class NationalExplanation(models.Model):
    """Why two values may differ; it speaks for the difference until one of them changes. Append-only by a trigger."""

    difference = models.ForeignKey(NationalDifference, models.PROTECT, related_name="explanations")
    key = models.CharField(max_length=64, db_index=True)
    reason = models.CharField(_("原因"), max_length=300)
    explained_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    explained_at = models.DateTimeField(_("说明时间"))

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="explanation_gives_a_reason")]
        default_permissions = ()
