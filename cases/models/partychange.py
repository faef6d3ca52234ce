"""Parties come and go by ruling."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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
