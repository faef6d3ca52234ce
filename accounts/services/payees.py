"""Where money may go: an account counts when a second person has typed it from its written form (FUND 6)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import PayeeAccount, PayeeAsk, Payout
from accounts.payees import PayeeData
from accounts.services.payouts import withdraw_requests
from accounts.terms import term
from bureau.calendar import DAY
from bureau.crypto import digest
from bureau.errors import Refused, of_field
from bureau.identity import InvalidNumber, canonical_account, canonical_name
from bureau.models import User
from cases.models import Agent, Case, Party
from cases.record import record
from documents import services as documents
from documents.models import Material, Staged

# Kept as the reason of the requests that are sent back; stored text stays Chinese.
CHANGED = "收款账户已变更，请按新账户重新申请"


@transaction.atomic
def enter_payee(
    party: Party,
    *,
    payee: PayeeData,
    scan: bytes | Staged,
    agent: Agent | None = None,
    at: dt.datetime,
    actor: User,
) -> PayeeAccount:
    """Take in a party's signed confirmation and its account, the first one or another one: it waits for its check.

    An agent who signs for the party needs the special power to collect its money (执行工作规定 20).
    """
    if agent and (reasons := agent_objections(agent, party, on=timezone.localdate(at))):
        raise Refused(reasons)
    case = Case.objects.held().get(pk=party.case_id)
    has_account = PayeeAccount.objects.live().filter(party=party).exists()
    act = request_payee_change if has_account else request_payee
    material = documents.receive(case, [documents.Paper(Material.Kind.PAYEE, "", scan, party)], at=at, actor=actor)[0]
    account = act(party, payee=payee, material=material, at=at, actor=actor)
    if agent:
        account.agent = agent
        account.save(update_fields=["agent"])
    for ask in PayeeAsk.objects.filter(party=party, closed_at__isnull=True):
        ask.answered_by, ask.closed_at = account, at
        ask.save(update_fields=["answered_by", "closed_at"])
    return account


def agent_objections(agent: Agent, party: Party | None, *, on: dt.date) -> list[str]:
    """Return why the agent may not collect money for the party that day."""
    reasons = []
    if party is not None and agent.party_id != party.pk:
        reasons.append(of_field("agent", _("该代理人不是这位当事人的代理人")))
    if not agent.acts_on(on):
        reasons.append(of_field("agent", _("代理人的授权已解除或不在期限内")))
    if not agent.has_special_power(Agent.Power.COLLECT):
        reasons.append(of_field("agent", _("代理人没有代领案款的特别授权")))
    return reasons


@transaction.atomic
def ask_payee(party: Party, *, reason: str, at: dt.datetime, actor: User) -> PayeeAsk:
    """The enforcement side asks the window to take in an account, or another one; it never sees the number."""
    case = Case.objects.held("owner", "judge").get(pk=party.case_id)
    if not actor.has_perm("accounts.request_delay") or actor.pk not in (case.owner_id, case.judge_id):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写原因")))
    if PayeeAsk.objects.filter(party=party, closed_at__isnull=True).exists():
        raise Refused(_("已提请窗口办理，尚未办结"))
    row = PayeeAsk.objects.create(case=case, party=party, reason=reason.strip()[:200], asked_by=actor, asked_at=at)
    record(row, "ask_payee", at=at, case=case, actor=actor, party=party.pk, reason=row.reason)
    return row


@transaction.atomic
def ask_payee_by_party(party: Party, *, reason: str, at: dt.datetime, actor: User) -> PayeeAsk:
    """A party asks the window to take in its account, or another one; an ask that is still open holds for both."""
    case = Case.objects.held().get(pk=party.case_id)
    if row := PayeeAsk.objects.filter(party=party, closed_at__isnull=True).first():
        return row
    row = PayeeAsk.objects.create(case=case, party=party, reason=reason[:200], asked_by=actor, asked_at=at)
    record(row, "ask_payee", at=at, case=case, actor=actor, party=party.pk, reason=row.reason)
    return row


@transaction.atomic
def affirm_payee(party: Party, *, at: dt.datetime, actor: User) -> PayeeAccount:
    """A party says that its live account, of which it sees the last four digits, is right."""
    case = Case.objects.held().get(pk=party.case_id)
    account = PayeeAccount.objects.live().filter(party=party).first()
    if account is None:
        raise Refused(_("法院还没有您的收款账户"))
    record(account, "affirm_payee", at=at, case=case, actor=actor, last4=account.number_last4)
    return account


@transaction.atomic
def request_payee(
    party: Party, *, payee: PayeeData, material: Material | None = None, at: dt.datetime, actor: User
) -> PayeeAccount:
    """Record the first account that a party names in writing; nothing is paid there before its second person.

    The holder's name must be the party's. Where the written form is not scanned yet, the check waits for it.
    """
    case = _held_for_entry(party, payee, actor)
    if PayeeAccount.objects.live().filter(party=party).exists():
        raise Refused(of_field("party", _("该当事人已有收款账户，请按变更办理")))
    _refuse_second(party)
    account = PayeeAccount(state=PayeeAccount.State.PENDING)
    _enter(account, party, payee, material, at=at, actor=actor)
    _record(account, "request_payee", case, at=at, actor=actor)
    return account


@transaction.atomic
def request_payee_change(
    party: Party, *, payee: PayeeData, material: Material | None = None, at: dt.datetime, actor: User
) -> PayeeAccount:
    """Ask to put another account in the place of a party's live one; until it is answered the party is not paid."""
    case = _held_for_entry(party, payee, actor)
    live = PayeeAccount.objects.live().filter(party=party).first()
    if live is None:
        raise Refused(of_field("party", _("该当事人尚无收款账户，无须变更")))
    _refuse_second(party)
    asked = (digest(payee.number), payee.bank_name, canonical_name(payee.holder_name))
    if (live.number_digest, live.bank_name, canonical_name(live.holder_name)) == asked:
        raise Refused(of_field("payee", _("与现用收款账户相同，无须变更")))
    account = PayeeAccount(state=PayeeAccount.State.PENDING, replaces=live)
    _enter(account, party, payee, material, at=at, actor=actor)
    _record(account, "request_payee_change", case, at=at, actor=actor, replaced_last4=live.number_last4)
    return account


def confirm_payee_change(
    account: PayeeAccount, *, number: str, reconfirmed: str = "", reconfirm_note: str = "", at: dt.datetime, actor: User
) -> PayeeAccount:
    """A second person types the number from the scan, not seeing the first entry; the payee has said again it is his.

    Another number is refused, and that it was tried is on record; neither says a digit of the first entry. Money may go
    there at once where he came in person with his ID before a second clerk, otherwise after the cooling time
    (`terms.py`); the days of his receipts run on meanwhile. What was asked for the replaced account and the bank does
    not have yet goes back to its requester.
    """
    if not actor.has_perm("accounts.confirm_payee"):
        raise PermissionDenied
    with transaction.atomic():
        account, case = _pending(account)
        if not may_compare(account, actor):
            raise Refused(_("收款账户须由录入人以外的人确认"))
        account.material = written_form(account)
        if account.material is None:
            raise Refused(_("收款账户确认书尚未扫描入卷，无从核对；请窗口先补扫描件"))
        if _is_same(account, number):
            return _confirm(account, case, reconfirmed, reconfirm_note, at=at, actor=actor)
        record(account, "mistype_payee", at=at, case=case, actor=actor, party=account.party_id)
    raise Refused(of_field("number", _("与首次录入的账号不一致，请对照扫描件重新录入；仍不一致的，不予确认")))


def may_compare(account: PayeeAccount, user: User) -> bool:
    """Return whether the user is a second person before whom the account waits: he sees its scan for that."""
    is_waiting = account.state == PayeeAccount.State.PENDING and account.entered_by_id != user.pk
    return is_waiting and user.has_perm("accounts.confirm_payee")


def written_form(account: PayeeAccount) -> Material | None:
    """Return the scan that names the account: what it came with, else what came since.

    The confirmation of the party or of the case, else the application that names the account.
    """
    if account.material_id or account.party_id is None:
        return account.material
    own = Q(party=account.party_id) | Q(party__isnull=True)
    for kind in (Material.Kind.PAYEE, Material.Kind.APPLICATION):
        if row := Material.objects.filter(own, case=account.case_id, kind=kind).order_by("-id").first():
            return row
    return None


def _is_same(account: PayeeAccount, number: str) -> bool:
    try:
        return digest(canonical_account(number, is_person=False)) == account.number_digest
    except InvalidNumber:
        return False


def _confirm(
    account: PayeeAccount, case: Case, reconfirmed: str, reconfirm_note: str, *, at: dt.datetime, actor: User
) -> PayeeAccount:
    if account.replaces_id:
        _reconfirm(account, reconfirmed, reconfirm_note, at=at, actor=actor)
    if account.party_id:
        PayeeAccount.objects.live().filter(party=account.party_id).update(replaced_at=at)
    account.state, account.confirmed_at, account.confirmed_by = PayeeAccount.State.CONFIRMED, at, actor
    told = ("material", "reconfirmed", "reconfirm_note", "usable_on")
    account.save(update_fields=["state", "confirmed_at", "confirmed_by", *told])
    replaced = account.replaces
    last4 = replaced.number_last4 if replaced else ""
    how = {"how": account.reconfirmed, "usable_on": account.usable_on}
    _record(account, "confirm_payee", case, at=at, actor=actor, replaced_last4=last4, **how)
    if replaced:
        withdraw_requests(replaced, reason=CHANGED, at=at, actor=actor)
    return account


def _reconfirm(account: PayeeAccount, how: str, note: str, *, at: dt.datetime, actor: User) -> None:
    reasons = []
    if how not in PayeeAccount.Reconfirmed.values:
        reasons.append(of_field("reconfirmed", _("请选择本人再次确认的方式")))
    if not note.strip():
        reasons.append(of_field("reconfirm_note", _("请填写再次确认的记录")))
    if how == PayeeAccount.Reconfirmed.IN_PERSON and not actor.has_perm("accounts.enter_payee"):
        reasons.append(_("本人到场核验须由另一名窗口人员办理"))
    if reasons:
        raise Refused(reasons)
    account.reconfirmed, account.reconfirm_note = how, note.strip()[:200]
    if how != PayeeAccount.Reconfirmed.IN_PERSON:
        today = timezone.localdate(at)
        account.usable_on = today + term("COOLING", on=today).count * DAY


@transaction.atomic
def refuse_payee_change(account: PayeeAccount, *, reason: str, at: dt.datetime, actor: User) -> PayeeAccount:
    """The account does not hold, or its enterer takes it back: the one so far stays, if there is one."""
    if not actor.has_perm("accounts.confirm_payee"):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写不予确认的原因")))
    account, case = _pending(account)
    account.state, account.replaced_at, account.ended_note = PayeeAccount.State.REFUSED, at, reason.strip()[:200]
    account.save(update_fields=["state", "replaced_at", "ended_note"])
    _record(account, "refuse_payee_change", case, at=at, actor=actor, reason=reason.strip())
    return account


@transaction.atomic
def enter_other_payee(
    case: Case,
    *,
    kind: str,
    payee: PayeeData,
    document: str,
    scan: bytes | Staged,
    on_behalf_of: Party | None = None,
    agent: Agent | None = None,
    at: dt.datetime,
    actor: User,
) -> PayeeAccount:
    """Take in an account of somebody who is no party, by a paper that orders it; always waits for a second person.

    An heir or guardian takes the place of an applicant (SUCCESSOR); an agent with the special power to collect gets it
    by the applicant's written request (AGENT); the others are another court's account for case
    money, the treasury by its payment notice, and whoever is owed the costs of execution.
    """
    if not actor.has_perm("accounts.enter_payee"):
        raise PermissionDenied
    case = Case.objects.held().get(pk=case.pk)
    reasons = other_payee_objections(case, kind, payee, document, on_behalf_of)
    if reasons := reasons + _agent_kind_objections(kind, payee, on_behalf_of, agent, on=timezone.localdate(at)):
        raise Refused(reasons)
    what = Material.Kind.SUCCESSION if kind == PayeeAccount.Kind.SUCCESSOR else Material.Kind.PAYEE
    paper = documents.Paper(what, document.strip()[:200], scan, on_behalf_of)
    material = documents.receive(case, [paper], at=at, actor=actor)[0]
    account = PayeeAccount(kind=kind, case=case, on_behalf_of=on_behalf_of, document=document.strip()[:200])
    account.state, account.material, account.agent = PayeeAccount.State.PENDING, material, agent
    _put(account, payee, at=at, actor=actor)
    _record(account, "enter_other_payee", case, at=at, actor=actor, document=account.document)
    return account


def other_payee_objections(
    case: Case, kind: str, payee: PayeeData, document: str, on_behalf_of: Party | None
) -> list[str]:
    """Return why such an account cannot be taken in."""
    reasons = []
    if kind not in PayeeAccount.OTHERS:
        reasons.append(of_field("kind", _("当事人本人的账户请按当事人录入")))
    if not document.strip():
        reasons.append(of_field("document", _("请填写依据文书")))
    is_for_another = kind in (PayeeAccount.Kind.SUCCESSOR, PayeeAccount.Kind.AGENT)
    if is_for_another != (on_behalf_of is not None):
        reasons.append(
            of_field("on_behalf_of", _("继承人、监护人或代理人须写明代哪一位申请执行人收款，其他收款人不填"))
        )
    if on_behalf_of and (on_behalf_of.case_id != case.pk or on_behalf_of.side != Party.Side.APPLICANT):
        reasons.append(of_field("on_behalf_of", _("只能代本案申请执行人收款")))
    same = PayeeAccount.objects.filter(
        case=case, kind=kind, number_digest=digest(payee.number), party__isnull=True, replaced_at__isnull=True
    )
    if same.exclude(state=PayeeAccount.State.REFUSED).exists():
        reasons.append(of_field("payee", _("该收款账户已录入")))
    return reasons


def _agent_kind_objections(
    kind: str, payee: PayeeData, on_behalf_of: Party | None, agent: Agent | None, *, on: dt.date
) -> list[str]:
    if kind != PayeeAccount.Kind.AGENT:
        return [of_field("agent", _("只有代理人收款的才选择代理人"))] if agent else []
    if agent is None:
        return [of_field("agent", _("请选择已登记的代理人"))]
    reasons = agent_objections(agent, on_behalf_of, on=on)
    if canonical_name(agent.name) != canonical_name(payee.holder_name):
        reasons.append(of_field("holder_name", _("户名必须与代理人姓名一致")))
    return reasons


def _held_for_entry(party: Party, payee: PayeeData, actor: User) -> Case:
    if not actor.has_perm("accounts.enter_payee"):
        raise PermissionDenied
    if canonical_name(payee.holder_name) != canonical_name(party.name):
        raise Refused(of_field("party", _("户名必须与收款当事人姓名或名称一致")))
    return Case.objects.held().get(pk=party.case_id)


def _refuse_second(party: Party) -> None:
    if PayeeAccount.objects.pending().filter(party=party).exists():
        raise Refused(of_field("party", _("该当事人已有待确认的收款账户")))


def _enter(
    account: PayeeAccount,
    party: Party,
    payee: PayeeData,
    material: Material | None,
    *,
    at: dt.datetime,
    actor: User,
) -> None:
    is_applicant = party.side == Party.Side.APPLICANT
    account.kind = PayeeAccount.Kind.APPLICANT if is_applicant else PayeeAccount.Kind.DEBTOR
    account.party, account.case, account.material = party, party.case, material
    _put(account, payee, at=at, actor=actor)


def _put(account: PayeeAccount, payee: PayeeData, *, at: dt.datetime, actor: User) -> None:
    account.holder_name, account.bank_name, account.bank_code = payee.holder_name, payee.bank_name, payee.bank_code
    account.number, account.number_digest = payee.number, digest(payee.number)
    account.number_last4 = payee.number[-4:]
    account.entered_at, account.entered_by = at, actor
    account.save()


def _pending(account: PayeeAccount) -> tuple[PayeeAccount, Case]:
    case = Case.objects.held().get(pk=account.case_id)
    account = PayeeAccount.objects.select_related("replaces").get(pk=account.pk)
    if account.state != PayeeAccount.State.PENDING:
        raise Refused(_("该收款账户已处理"))
    return account, case


def _record(account: PayeeAccount, verb: str, case: Case, *, at: dt.datetime, actor: User, **details: object) -> None:
    # Not a digit is read on the timeline before the second person has typed the number.
    last4 = "" if account.state == PayeeAccount.State.PENDING else account.number_last4
    record(
        account,
        verb,
        at=at,
        case=case,
        actor=actor,
        party=account.party_id,
        digest=account.number_digest,
        last4=last4,
        **details,
    )


@transaction.atomic
def reveal_account(payout: Payout, *, reason: str, at: dt.datetime, actor: User) -> str:
    """Return the full number of a payout's account to finance, and record who looked and why."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写查看完整账号的原因")))
    if payout.payee is None:
        raise Refused(_("该笔款项不经银行付出，没有收款账号"))
    told = {"last4": payout.payee.number_last4, "reason": reason.strip()}
    record(payout, "reveal_account", at=at, case=payout.case, actor=actor, **told)
    number: str = payout.payee.number
    return number
