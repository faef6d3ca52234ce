"""Parties come and go by ruling."""

import json

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.models import User
from cases.models.case import Case
from cases.models.party import Party


class PartyChange(models.Model):
    """One change of party by ruling (法释〔2016〕21号): who leaves, who joins; both stay in the file."""

    class Kind(models.TextChoices):
        """What the ruling says."""

        ASSIGNED = "ASSIGNED", _("债权转让，变更申请执行人")
        INHERITED = "INHERITED", _("继承或权利承受，变更申请执行人")
        DEBTOR_ADDED = "DEBTOR_ADDED", _("追加被执行人")
        DEBTOR_CHANGED = "DEBTOR_CHANGED", _("变更被执行人")

    # What each needs: the side, and whether somebody leaves.
    RULES = {
        Kind.ASSIGNED: (Party.Side.APPLICANT, True),
        Kind.INHERITED: (Party.Side.APPLICANT, True),
        Kind.DEBTOR_ADDED: (Party.Side.DEBTOR, False),
        Kind.DEBTOR_CHANGED: (Party.Side.DEBTOR, True),
    }

    case = models.ForeignKey(Case, models.PROTECT, related_name="party_changes", verbose_name=_("案件"))
    kind = models.CharField(_("变更事项"), max_length=16, choices=Kind)
    leaving = models.OneToOneField(Party, models.PROTECT, null=True, blank=True, related_name="leaving_change")
    joining = models.OneToOneField(Party, models.PROTECT, related_name="joining_change")
    document = models.CharField(_("裁定书文号"), max_length=100)
    ruled_on = models.DateField(_("裁定日"))
    note = models.CharField(_("事实和理由"), max_length=300)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("登记人"))
    at = models.DateTimeField(_("登记时间"))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="DEBTOR_ADDED", leaving__isnull=True)
                | (~Q(kind="DEBTOR_ADDED") & Q(leaving__isnull=False)),
                name="party_change_names_who_leaves",
            ),
            models.CheckConstraint(condition=~Q(document=""), name="party_change_has_a_ruling"),
        ]
        permissions = [("change_party", _("变更、追加当事人"))]


class PartyChangeProposal(models.Model):
    """A change of party laid before a second person: it takes effect when he has compared it with its ruling."""

    class State(models.TextChoices):
        """What became of it."""

        PROPOSED = "PROPOSED", _("待确认")
        CONFIRMED = "CONFIRMED", _("已变更")
        REFUSED = "REFUSED", _("未予确认")

    case = models.ForeignKey(Case, models.PROTECT, related_name="party_change_proposals", verbose_name=_("案件"))
    kind = models.CharField(_("变更事项"), max_length=16, choices=PartyChange.Kind)
    leaving = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    joining = EncryptedField(_("新的当事人"))
    document = models.CharField(_("裁定书文号"), max_length=100)
    ruled_on = models.DateField(_("裁定日"))
    note = models.CharField(_("事实和理由"), max_length=300)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("提出人"))
    proposed_at = models.DateTimeField(_("提出时间"))
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    answered_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    answer_note = models.CharField(_("答复意见"), max_length=300, blank=True)
    change = models.OneToOneField(
        PartyChange, models.PROTECT, null=True, blank=True, related_name="proposal", verbose_name=_("变更")
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(state="PROPOSED"), name="one_open_party_change"),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(state="PROPOSED") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="party_change_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("proposed_by")),
                name="party_change_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="CONFIRMED", change__isnull=False) | (~Q(state="CONFIRMED") & Q(change__isnull=True)),
                name="party_change_carried_out_once_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state="REFUSED") | ~Q(answer_note=""), name="party_change_refused_with_reason"
            ),
        ]

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("cases:party_change", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Return whether it still waits for its second person."""
        return self.state == PartyChangeProposal.State.PROPOSED

    @property
    def joins(self) -> dict[str, str]:
        """Return who joins, by field; the numbers in full, for whoever compares them with the ruling."""
        return dict(json.loads(self.joining))
