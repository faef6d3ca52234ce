"""The accounts that payees named in writing; each counts by a second person."""

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bureau.crypto import EncryptedField
from bureau.identity import canonical_name
from bureau.models import User
from cases.models import Agent, Case, Party
from documents.models import Material


class PayeeAccountQuerySet(models.QuerySet["PayeeAccount"]):
    """Questions about where money may go."""

    def visible_to(self, user: User) -> Self:
        """Keep the accounts of visible cases."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def live(self) -> Self:
        """Keep confirmed accounts that no other has replaced: money goes to these alone."""
        return self.filter(state=PayeeAccount.State.CONFIRMED, replaced_at__isnull=True)

    def pending(self) -> Self:
        """Keep those that wait for their second person."""
        return self.filter(state=PayeeAccount.State.PENDING)

    def unlisted(self) -> Self:
        """Leave out those that came by a roster: they are answered with their batch alone."""
        return self.exclude(kind=PayeeAccount.Kind.LISTED)

    def for_page(self) -> Self:
        """Load what a page prints of an account and of the one it replaces, the newest of each party first.

        Those of a roster, up to 170,000 of them, are printed with their batch.
        """
        rows = self.unlisted().select_related(
            *("party", "case", "on_behalf_of", "agent", "replaces", "material", "entered_by", "confirmed_by")
        )
        return rows.order_by("party__side", "party__position", "-id")


class PayeeAccount(models.Model):
    """The account a payee confirmed in writing; entered twice at a window, afterwards seen as last four.

    Every one waits for a second person (FUND 6): a party's first, what replaces it, and any of somebody who is no
    party: an heir or guardian, another court, the treasury, a valuer. Those that one person confirmed alone, before
    a first account needed two, say so (`is_by_one`); the database takes no new one.
    """

    class Kind(models.TextChoices):
        """Whose account."""

        APPLICANT = "APPLICANT", _("申请执行人")
        DEBTOR = "DEBTOR", _("被执行人（退余款）")
        SUCCESSOR = "SUCCESSOR", _("继承人或监护人")
        COURT = "COURT", _("其他法院执行款专户")
        TREASURY = "TREASURY", _("国库（执行申请费）")
        COST = "COST", _("评估等执行费用收款人")
        AGENT = "AGENT", _("特别授权代理人")
        LISTED = "LISTED", _("批量发放名册收款人")

    class State(models.TextChoices):
        """Whether money may go there."""

        PENDING = "PENDING", _("待另一人确认")
        CONFIRMED = "CONFIRMED", _("已确认")
        REFUSED = "REFUSED", _("未予确认")

    class Reconfirmed(models.TextChoices):
        """How the payee said again that a changed account is his."""

        IN_PERSON = "IN_PERSON", _("本人持身份证到场，已核验")
        CALL = "CALL", _("按立案登记的电话回访本人")
        LETTER = "LETTER", _("本人书面函复")

    OWN = (Kind.APPLICANT, Kind.DEBTOR)
    OTHERS = (Kind.SUCCESSOR, Kind.AGENT, Kind.COURT, Kind.TREASURY, Kind.COST)

    kind = models.CharField(_("收款人类别"), max_length=10, choices=Kind)
    case = models.ForeignKey(Case, models.PROTECT, related_name="payee_accounts")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="payee_accounts")
    on_behalf_of = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="successors")
    agent = models.ForeignKey(
        Agent, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("代为办理的代理人")
    )
    document = models.CharField(_("依据文书"), max_length=200, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PENDING)
    holder_name = models.CharField(_("户名"), max_length=100)
    number = EncryptedField(_("账号"))
    number_digest = models.CharField(max_length=64)
    number_last4 = models.CharField(max_length=4)
    bank_name = models.CharField(_("开户行"), max_length=100)
    bank_code = models.CharField(_("联行号"), max_length=12, blank=True)
    material = models.ForeignKey(Material, models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(_("录入时间"))
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reconfirmed = models.CharField(_("再次确认方式"), max_length=10, choices=Reconfirmed, blank=True)
    reconfirm_note = models.CharField(_("再次确认记录"), max_length=200, blank=True)
    usable_on = models.DateField(_("可用日"), null=True, blank=True)
    is_by_one = models.BooleanField(_("一人录入即生效（旧制）"), default=False, db_default=False, editable=False)
    replaced_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    ended_note = models.CharField(_("未予确认的原因"), max_length=200, blank=True)

    objects = PayeeAccountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"],
                condition=Q(state="CONFIRMED", replaced_at__isnull=True, party__isnull=False),
                name="one_live_account_per_party",
            ),
            models.UniqueConstraint(
                fields=["party"], condition=Q(state="PENDING"), name="one_pending_account_change_per_party"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["APPLICANT", "DEBTOR"], party__isnull=False, on_behalf_of__isnull=True)
                | (Q(kind="SUCCESSOR", party__isnull=True, on_behalf_of__isnull=False) & ~Q(document=""))
                | (
                    Q(kind="AGENT", party__isnull=True, on_behalf_of__isnull=False, agent__isnull=False)
                    & ~Q(document="")
                )
                | (
                    Q(kind__in=["COURT", "TREASURY", "COST", "LISTED"], party__isnull=True, on_behalf_of__isnull=True)
                    & ~Q(document="")
                ),
                name="payee_account_has_its_party",
            ),
            models.UniqueConstraint(
                fields=["case", "kind", "number_digest"],
                condition=Q(party__isnull=True, state__in=["PENDING", "CONFIRMED"], replaced_at__isnull=True)
                & ~Q(kind="LISTED"),
                name="one_live_account_of_another_payee",
            ),
            models.CheckConstraint(
                condition=Q(state="CONFIRMED", confirmed_at__isnull=False, confirmed_by__isnull=False)
                | (~Q(state="CONFIRMED") & Q(confirmed_at__isnull=True, confirmed_by__isnull=True)),
                name="payee_account_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(is_by_one=True) | Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="payee_by_two_people",
            ),
            models.CheckConstraint(
                condition=Q(reconfirmed="", reconfirm_note="") | ~Q(reconfirmed="") & ~Q(reconfirm_note=""),
                name="payee_reconfirmed_on_record",
            ),
        ]
        permissions = [("enter_payee", _("录入收款账户")), ("confirm_payee", _("核对确认收款账户"))]

    @property
    def bears_the_name(self) -> bool:
        """Return whether the holder still is the party by name; a corrected name wants a new confirmation."""
        return self.party is None or canonical_name(self.holder_name) == canonical_name(self.party.name)

    @property
    def is_own(self) -> bool:
        """Return whether it is an account of a party of the case itself."""
        return self.kind in PayeeAccount.OWN


class PayeeAsk(models.Model):
    """The enforcement side asks the window to take in an account, or another one: it never writes or reads a number."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="payee_asks")
    party = models.ForeignKey(Party, models.PROTECT, related_name="payee_asks", verbose_name=_("收款当事人"))
    reason = models.CharField(_("原因"), max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("提请时间"))
    answered_by = models.ForeignKey(PayeeAccount, models.PROTECT, null=True, blank=True, related_name="answers")
    closed_at = models.DateTimeField(_("了结时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="payee_ask_has_a_reason"),
            models.UniqueConstraint(
                fields=["party"], condition=Q(closed_at__isnull=True), name="one_open_payee_ask_per_party"
            ),
        ]
        permissions = [("ask_payee", _("提请窗口录入或变更收款账户"))]
