"""What the room's pages print: rows, counts and the calculation behind a proposed payment."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import (
    Count,
    DecimalField,
    F,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import caseledger
from accounts.books import BY_CODE, Fault
from accounts.debts import dues_of
from accounts.fee import application_fee
from accounts.legs import PARTS, Hold, batched, holds
from accounts.models import (
    Batch,
    BooksCheck,
    Delay,
    PayeeAccount,
    Payout,
    PayoutPart,
    Receipt,
    ReceiptQuerySet,
    Unmatch,
)
from accounts.oddities import oddities
from accounts.services.approvals import approvable
from accounts.services.payouts import acts_for, cooling_objections, unsettled
from accounts.services.requests import deposit_left, may_ask
from accounts.settle import KINDS, Item, settle
from accounts.statement import ASKED, Reckoned, reckoned
from accounts.terms import term
from accounts.tiers import tier_of
from bureau.calendar import DAY, Block
from bureau.models import Holiday, User
from bureau.money import yuan
from cases.models import Case, Party
from documents.models import Material
from documents.pages import pages_of

# Days since arrival, from and to.
AGES: tuple[tuple[str, int, int], ...] = (("≤5", 0, 5), ("6–10", 6, 10), ("11–15", 11, 15), ("16–30", 16, 30))
OLDEST_FROM = 31
RECEIPT_SETS = ("unpaid", "near", "overdue", "due", "all")
PAY_BEFORE_WORKDAYS = 5  # local practice: how early money before a holiday is looked at


class Age(NamedTuple):
    """Unpaid receipts of one age in days since arrival."""

    label: str
    receipts: int
    amount: Decimal


def receipts(user: User, chosen: str, *, today: dt.date, unit: str = "") -> ReceiptQuerySet:
    """Return the rows of one board of the receipt list as of a day, most pressing first; of one unit or of all."""
    rows: ReceiptQuerySet = Receipt.objects.visible_to(user)
    if unit in Case.ExecutingUnit.values:
        rows = rows.filter(case__executing_unit=unit)
    if chosen == "near":
        rows = rows.near(today=today)
    elif chosen == "overdue":
        rows = rows.overdue(today=today)
    elif chosen in ("all", "due"):
        rows = rows.known_by(today).with_unpaid(on=today)
        rows = rows.filter(due_on__lte=today) if chosen == "due" else rows
    else:
        rows = rows.unpaid(today=today)
    return rows.with_delay(on=today).for_list().order_by("due_on", "id")


def with_holds(rows: Iterable[Receipt]) -> list[tuple[Receipt, list[Hold]]]:
    """Return each receipt with where its unpaid yuan are; three queries however many."""
    days, found = Holiday.objects.calendar(), list(rows)
    prefetch_related_objects(found, PARTS)
    waiting = batched()
    return [(row, holds(row, days=days, waiting=waiting)) for row in found]


def holiday_near(today: dt.date) -> Block | None:
    """Return the public holiday that lasts, or begins within five working days: time enough to pay before it."""
    return Holiday.objects.calendar().holiday_near(today, workdays=PAY_BEFORE_WORKDAYS)


def before_holiday(user: User, block: Block | None, *, today: dt.date) -> ReceiptQuerySet:
    """Return the unpaid money without a delay that falls due by the first working day after the days off."""
    rows: ReceiptQuerySet = Receipt.objects.visible_to(user)
    if block is None:
        return rows.none()
    after = Holiday.objects.calendar().next_workday(block.last_on + DAY)
    rows = rows.unpaid(today=today).with_delay(on=today).filter(Q(is_delayed=False), due_on__lte=after)
    return rows.for_list().order_by("due_on", "id")


def delays(user: User) -> QuerySet[Delay]:
    """Return the delays of receipts that the user sees."""
    visible = Delay.objects.filter(receipt__in=Receipt.objects.visible_to(user).live())
    return visible.select_related("receipt", "receipt__case", "requested_by", "decided_by")


def ages(user: User, *, today: dt.date) -> list[Age]:
    """Return how old the unpaid receipts are; one query."""
    rows = Receipt.objects.visible_to(user).unpaid(today=today)
    spans = [
        *((label, today - dt.timedelta(days=to), today - dt.timedelta(days=start)) for label, start, to in AGES),
        (">30", dt.date.min, today - dt.timedelta(days=OLDEST_FROM)),
    ]
    sums: dict[str, Any] = {}
    for number, (_label, first, last) in enumerate(spans):
        within = Q(arrived_on__range=(first, last))
        sums[f"count{number}"] = Count("pk", filter=within)
        sums[f"amount{number}"] = Coalesce(
            Sum("unpaid", filter=within), Value(Decimal("0.00")), output_field=DecimalField()
        )
    found = rows.aggregate(**sums)
    return [Age(span[0], found[f"count{number}"], found[f"amount{number}"]) for number, span in enumerate(spans)]


def payouts(user: User, state: str, *, paid_by: dt.date | None = None, unit: str = "") -> QuerySet[Payout]:
    """Return the payouts in one state, those paid by a day, or all, with the day their oldest receipt falls due."""
    rows = Payout.objects.visible_to(user).single().for_list()
    if unit in Case.ExecutingUnit.values:
        rows = rows.filter(case__executing_unit=unit)
    if paid_by:
        rows = rows.paid_by(paid_by)
    elif state in Payout.State.values:
        rows = rows.filter(state=state)
    # Asked for the rows of the page only: an aggregate over the join would gather every payout first.
    parts = PayoutPart.objects.filter(payout=OuterRef("pk")).order_by().values("payout")
    due_on = parts.annotate(first=Min("receipt__due_on")).values("first")
    return rows.annotate(due_on=Subquery(due_on)).order_by("-requested_at", "-id")


def approvals(user: User, *, today: dt.date) -> QuerySet[Payout]:
    """Return what waits for the user's approval, by the day of the oldest money."""
    return payouts(user, "").filter(approvable(user, on=today)).order_by(F("due_on").asc(nulls_last=True), "id")


def by_risk(rows: list[Payout], *, today: dt.date) -> dict[str, Any]:
    """Return the sheet's two parts: plain ones, to be signed together, and odd ones with what is odd about each.

    Beside each stands what its case owes today, with the arithmetic.
    """
    dues = dues_of([row.case for row in rows], on=today)
    found = oddities(rows, dues=dues, today=today)
    return {
        "plain": [(row, dues.get(row.case_id)) for row in rows if not found[row.pk]],
        "odd": [(row, found[row.pk], dues.get(row.case_id)) for row in rows if found[row.pk]],
    }


def payout_counts(user: User) -> dict[str, int]:
    """Return how many payouts stand in each state."""
    rows = Payout.objects.visible_to(user).single().order_by().values_list("state")
    return dict(rows.annotate(count=Count("pk")))


def payout_page(payout: Payout, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return everything that is seen beside the button: sums, parts with their days, and who signed."""
    statement = reckoned(payout.case, on=today)
    dues = {payout.case_id: statement.due} if statement.due else {}
    notes = unsettled(payout, today) if payout.state in ASKED else []
    return {
        "payout": payout,
        "case": payout.case,
        "statement": statement,
        "calculated": statement.due if statement.claimed else None,
        "parts": payout.parts.select_related("receipt").order_by("receipt__arrived_on", "id"),
        "acts": acts_for(payout, user, on=today, notes=notes),
        "oddities": oddities([payout], dues=dues, today=today)[payout.pk] if payout.state in ASKED else [],
        "tier": tier_of(payout.amount, on=today),
        "payee_notes": notes + cooling_objections(payout, on=today) if payout.state in ASKED else [],
        **_scan(payout, user),
        "received": payout.parts.filter(became__isnull=False).count() if payout.target_id else 0,
        "deposit_left": deposit_left(payout) if payout.purpose == Payout.Purpose.ABSENT else None,
        "may_release": payout.purpose == Payout.Purpose.ABSENT
        and payout.state == Payout.State.PAID
        and may_ask(payout.case, user, Payout.Purpose.RELEASE),
        "questions": payout.bank_answers.open() if payout.answered_at else (),
        "may_reveal": user.has_perm("accounts.pay_payout"),
        "today": today,
    }


def _scan(payout: Payout, user: User) -> dict[str, Any]:
    """Return the signed form with its pages where the user may see it: the last four are compared with it."""
    if payout.payee is None or payout.payee.material_id is None:
        return {}
    scan = Material.objects.visible_to(user).filter(pk=payout.payee.material_id).first()
    if scan is None:
        return {}
    return {"scan": scan, "scan_pages": pages_of(reverse("documents:scan_page", args=[scan.pk]), scan)}


def payout_of(user: User, pk: int) -> QuerySet[Payout]:
    """Return the one payout with everything its page prints, where the user may see it."""
    return (
        Payout.objects.visible_to(user).for_list().select_related("approved_as", "approved_as__principal").filter(pk=pk)
    )


def case_money(case: Case, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return the money tab: sums, receipts with their clocks, payouts with their people, ledger lines."""
    account = getattr(case, "escrow", None)
    rows = Receipt.objects.filter(case=case).with_unpaid(on=today).with_delay(on=today).for_list()
    delays = Prefetch("delays", Delay.objects.select_related("requested_by", "decided_by").order_by("id"))
    handles = user.pk in (case.owner_id, case.judge_id)
    is_worked = case.is_open or case.lives_on
    accounts = payees(case)
    own = [row for _party, rows in accounts.parties for row in rows]
    return {
        "case": case,
        "account": account,
        "statement": reckoned(case, on=today),
        "fee": application_fee(case.amount_claimed) if case.amount_claimed else None,
        "receipts": _with_steps(rows.prefetch_related(delays, "unmatches", PARTS).order_by("arrived_on", "id")),
        "payouts": Payout.objects.filter(case=case).single().for_list().order_by("-requested_at", "-id"),
        "payees": accounts.parties,
        "other_payees": accounts.others,
        "changing": [row for row in own if row.state == PayeeAccount.State.PENDING],
        "plans": case.distributions.order_by("-id"),
        "batches": batches_of(case),
        "lines": caseledger.lines(account) if account else [],
        "may_request": case.owner_id == user.pk and user.has_perm("accounts.request_payout") and is_worked,
        "may_delay": handles and user.has_perm("accounts.request_delay"),
        "today": today,
    }


def _with_steps(rows: ReceiptQuerySet) -> list[Receipt]:
    """Give each receipt `steps`: how its day was counted, in the reader's language; as stored if the calendar moved."""
    days, receipts, waiting = Holiday.objects.calendar(), list(rows), batched()
    for row in receipts:
        total = term("PAYOUT", on=row.arrived_on)
        due = days.due(row.arrived_on, total.count, total.unit)
        vars(row)["steps"] = due.steps if due.due_on == row.due_on else row.due_steps
        vars(row)["holds"] = [] if row.voided_at else holds(row, days=days, waiting=waiting)
        vars(row)["doubt"] = next((ask for ask in row.unmatches.all() if ask.state == Unmatch.State.ASKED), None)
    return receipts


class Payees(NamedTuple):
    """The accounts of one case: each party with its own, and those of others, newest first."""

    parties: list[tuple[Party, list[PayeeAccount]]]
    others: list[PayeeAccount]


def payees(case: Case) -> Payees:
    """Return all accounts of a case, its parties as loaded; one query."""
    rows: dict[int | None, list[PayeeAccount]] = {}
    for account in PayeeAccount.objects.filter(case=case).for_page():
        rows.setdefault(account.party_id, []).append(account)
    parties = sorted(case.parties.all(), key=lambda party: (party.side, party.position))
    return Payees([(party, rows.get(party.pk, [])) for party in parties], rows.get(None, []))


def batches_of(case: Case) -> QuerySet[Batch]:
    """Return the batches that pay out of a case, newest first."""
    return Batch.objects.filter(by_case__case=case).order_by("-id")


class Proposal(NamedTuple):
    """What the request form starts with; `missing` says why there is nobody to pay to yet."""

    amount: Decimal
    payee: PayeeAccount | None
    calculation: str
    missing: str = ""


def proposal(case: Case, statement: Reckoned) -> Proposal:
    """Return what to ask for: what the applicant is owed, then the fee, then the surplus to the debtor (EWR 34)."""
    live = PayeeAccount.objects.live().filter(case=case).order_by("id")
    if (owed := min(statement.payable, statement.to_ask)) > 0:
        payee = live.filter(kind=PayeeAccount.Kind.APPLICANT).first()
        missing = "" if payee else _("申请执行人尚无已确认的收款账户，请其到窗口确认")
        return Proposal(owed, payee, _calculation(statement, owed), missing)
    if (fee := min(statement.available, statement.fee_left)) > 0:
        payee = live.filter(kind=PayeeAccount.Kind.TREASURY).first()
        missing = "" if payee else _("执行申请费应缴国库；尚无已确认的国库收款账户，请到窗口录入")
        told = {"day": statement.on, "fee": yuan(statement.fee_left)}
        return Proposal(fee, payee, _("执行申请费：截至 %(day)s 尚应缴 %(fee)s 元") % told, missing)
    payee = live.filter(kind=PayeeAccount.Kind.DEBTOR).first()
    surplus = statement.surplus
    told = {"arrived": yuan(statement.arrived + statement.moved_in), "surplus": yuan(surplus)}
    words = (
        _("余款退还被执行人：到账 %(arrived)s 元，除应付申请执行人和执行申请费的以外，余 %(surplus)s 元") % told
        if surplus
        else ""
    )
    missing = _("余款应退还被执行人；被执行人尚无已确认的收款账户，请其到窗口确认") if surplus and not payee else ""
    return Proposal(surplus, payee, words, missing)


def _calculation(statement: Reckoned, amount: Decimal) -> str:
    """Return in words what a sum to the applicant pays, in the lawful order after what he got or is asked for."""
    if statement.due is None:
        return _("申请执行标的额 %(claimed)s 元") % {"claimed": yuan(statement.claimed)}
    before = statement.given + statement.in_flight_to_applicants
    left = settle(before, statement.due.items(), on=statement.on).left
    paid = settle(amount, [Item(kind, rest) for kind, rest in left.items()], on=statement.on).paid
    words = _("；").join(f"{KINDS[kind]} {yuan(part)}" for kind, part in paid.items() if part)
    told = {"day": statement.on, "all": yuan(statement.obligation), "before": yuan(before), "words": words}
    return _("截至 %(day)s 应付申请执行人 %(all)s 元，已付或已申请 %(before)s 元；本次：%(words)s") % told


def faults_of(check: BooksCheck) -> list[Fault]:
    """Return what a proof found, in words when asked; a rule that no longer exists is left out."""
    rows = (Fault(row["code"], row["case"], tuple(row["figures"])) for row in check.faults)
    return [fault for fault in rows if fault.code in BY_CODE]
