"""What waits for a user in this room."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import claimpages, delaydesk, entrypages, interestdesk, plandesk, refundpages
from accounts.daypages import signing_due_on
from accounts.lineoddities import other_case
from accounts.models import (
    BankAnswer,
    Batch,
    BooksCheck,
    DaySheet,
    LineClaim,
    LineRefund,
    PayeeAccount,
    PayeeAsk,
    Payout,
    Receipt,
    StatementDebit,
)
from accounts.services.approvals import approvable
from accounts.services.signatories import may_sign, named, signatories
from bureau.calendar import DAY
from bureau.desk import DeskItem
from bureau.models import Holiday, User
from bureau.money import yuan
from bureau.roles import has_role
from cases.models import Case
from cases.models.leadership import led_by

ROWS_MAX = 100
# What is to be checked of an account, by whether a party's and whether it replaces another.
_KINDS_OF_CHECK = {
    (True, False): gettext_lazy("核对收款账户"),
    (True, True): gettext_lazy("确认收款账户变更"),
    (False, False): gettext_lazy("确认其他收款人账户"),
}
ESCALATE_DAYS = 3  # local practice: what is late for longer stands before the presidents too


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return what waits for the user about money; a constant number of queries."""
    changes = [*_payee_changes(user), *_rosters(user), *_asked_payees(user)]
    if not user.has_perm("accounts.view_money"):
        return changes
    return [
        *changes,
        *_broken_books(user),
        *plandesk.items(user),
        *_payouts(user, today),
        *_batches(user, today),
        *_to_ask_again(user),
        *_without_account(user, today),
        *_receipts(user, today),
        *delaydesk.items(user, today),
        *_unidentified(user, today),
        *entrypages.desk_items(user),
        *refundpages.desk_items(user, today=today),
        *_unmatched_debits(user),
        *_unsigned_days(user, today),
        *_bank_answers(user),
        *interestdesk.items(user),
    ]


def _broken_books(user: User) -> Iterator[DeskItem]:
    if not has_role(user, "FINANCE", "CHIEF", "INSPECTOR"):
        return
    last = BooksCheck.objects.newest_first().first()
    if last and last.fault_count:
        yield DeskItem(
            kind=_("账务核对不符"),
            title=_("夜间核对发现 %(count)d 处不符，请立即查明") % {"count": last.fault_count},
            url=reverse("accounts:books"),
            since_on=timezone.localdate(last.checked_at),
            is_red=True,
        )


def _payee_changes(user: User) -> Iterator[DeskItem]:
    # What the user entered himself waits for somebody else.
    if not user.has_perm("accounts.confirm_payee"):
        return
    rows = PayeeAccount.objects.visible_to(user).pending().exclude(entered_by=user).for_page()
    for row in rows.order_by("entered_at", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=str(_KINDS_OF_CHECK[bool(row.party_id), bool(row.replaces_id)]),
            # Not a digit of the first entry: it is typed again from the scan.
            title=_("%(name)s，%(bank)s") % {"name": row.holder_name, "bank": row.bank_name},
            url=reverse("accounts:payee_change", args=[row.pk]),
            case_number=row.case.display_number,
            since_on=timezone.localdate(row.entered_at),
        )


def _without_account(user: User, today: dt.date) -> Iterator[DeskItem]:
    # One line per case, by its most pressing receipt.
    kinds = (PayeeAccount.Kind.APPLICANT, PayeeAccount.Kind.SUCCESSOR)
    live = PayeeAccount.objects.live().filter(case=OuterRef("case"), kind__in=kinds)
    pending = PayeeAccount.objects.pending().filter(case=OuterRef("case"), kind__in=kinds)
    rows = Receipt.objects.unpaid(today=today).filter(~Exists(live), case__owner=user).select_related("case")
    rows = rows.annotate(is_checked_now=Exists(pending))
    seen: set[int] = set()
    for row in rows.order_by("due_on", "id")[:ROWS_MAX]:
        if row.case_id not in seen:
            seen.add(row.case_id)
            yield DeskItem(
                kind=_("收款账户未确认"),
                title=_("收款账户已录入，待另一人核对")
                if vars(row)["is_checked_now"]
                else _("请申请执行人到窗口确认收款账户"),
                url=reverse("accounts:case_money", args=[row.case_id]),
                case_number=row.case.display_number,
                due_on=row.due_on,
                since_on=row.arrived_on,
                is_red=row.due_on < today,
            )


def _payouts(user: User, today: dt.date) -> Iterator[DeskItem]:
    waiting = Q(pk__in=[])
    if user.has_perm("accounts.check_payout"):
        # What the judge of the case asked for himself waits for any other judge.
        checked_by_me = Q(case__judge=user) | Q(requested_by=F("case__judge"))
        waiting |= Q(state=Payout.State.REQUESTED) & checked_by_me & ~Q(requested_by=user)
    waiting |= approvable(user, on=today) & ~Q(requested_by=user) & ~Q(checked_by=user)
    if user.has_perm("accounts.pay_payout"):
        waiting |= Q(state=Payout.State.APPROVED)
    kinds = {"REQUESTED": _("审核发放"), "CHECKED": _("审批发放"), "APPROVED": _("付款")}
    for row in _oldest(Payout.objects.filter(waiting)):
        has_climbed = row.state == Payout.State.CHECKED and row.climbed_at is not None
        note = _("已超过一个工作日未审批") if has_climbed else ""
        yield _payout_item(row, kinds[row.state], is_red=has_climbed or _is_past(row, today), note=note)
    idle = Payout.objects.filter(state=Payout.State.CHECKED, climbed_at__isnull=False)
    led = Q() if has_role(user, "INSPECTOR") else led_by(user, "PRESIDENT")
    if led or has_role(user, "INSPECTOR"):
        for row in _oldest(idle.filter(led)):
            yield _payout_item(row, _("审批积压，可授权代签"), is_red=True)


def _asked_payees(user: User) -> Iterator[DeskItem]:
    if not user.has_perm("accounts.enter_payee"):
        return
    rows = PayeeAsk.objects.filter(closed_at__isnull=True, case__in=Case.objects.visible_to(user))
    for row in rows.select_related("case", "party").order_by("asked_at", "id")[:ROWS_MAX]:
        yield DeskItem(
            kind=_("提请录入或变更收款账户"),
            title=_("%(name)s：%(reason)s") % {"name": row.party.name, "reason": row.reason},
            url=f"{reverse('accounts:enter_payee', args=[row.case_id])}?party={row.party_id}",
            case_number=row.case.display_number,
            since_on=timezone.localdate(row.asked_at),
        )


def _rosters(user: User) -> Iterator[DeskItem]:
    # What the user entered himself waits for somebody else.
    if user.has_perm("accounts.confirm_payee"):
        rows = Batch.objects.visible_to(user).filter(state=Batch.State.ENTERED).exclude(entered_by=user)
        yield from _batch_items(rows, _("复核批量发放名册"))


def _batches(user: User, today: dt.date) -> Iterator[DeskItem]:
    rows = Batch.objects.visible_to(user)
    if user.has_perm("accounts.request_payout"):
        yield from _batch_items(rows.filter(state=Batch.State.CONFIRMED, case__owner=user), _("申请批量发放"))
    if user.has_perm("accounts.check_payout"):
        mine = Q(case__judge=user) | Q(requested_by=F("case__judge"))
        waiting = rows.filter(mine, state=Batch.State.REQUESTED).exclude(requested_by=user)
        yield from _batch_items(waiting, _("审核批量发放"))
    if signed := approvable(user, on=today, field="total"):
        waiting = rows.filter(signed).exclude(requested_by=user).exclude(checked_by=user)
        yield from _batch_items(waiting, _("审批批量发放"))
    if user.has_perm("accounts.pay_payout"):
        unpaid = rows.filter(state=Batch.State.APPROVED).exclude(entered_by=user).exclude(confirmed_by=user)
        yield from _batch_items(unpaid, _("批量发放付款"))


def _batch_items(rows: QuerySet[Batch], kind: str) -> Iterator[DeskItem]:
    for row in rows.select_related("case").order_by("entered_at", "id")[:ROWS_MAX]:
        told = {"number": row.pk, "count": row.row_count, "total": yuan(row.total)}
        yield DeskItem(
            kind=kind,
            title=_("批次 %(number)d，%(count)d 人，合计 %(total)s 元") % told,
            url=reverse("accounts:batch", args=[row.pk]),
            case_number=row.case.display_number,
            since_on=timezone.localdate(row.entered_at),
            is_red=row.climbed_at is not None and row.state == Batch.State.CHECKED,
        )


def _is_past(row: Payout, today: dt.date) -> bool:
    due_on: dt.date | None = row.due_on  # type: ignore[attr-defined]
    return due_on is not None and due_on < today


def _to_ask_again(user: User) -> Iterator[DeskItem]:
    later = Payout.objects.filter(case=OuterRef("case"), requested_at__gt=OuterRef("requested_at"))
    kinds = {
        Payout.State.BOUNCED: _("退票待重新申请"),
        Payout.State.SENT_BACK: _("财务退回待重新申请"),
        Payout.State.REJECTED: _("驳回待重新申请"),
    }
    ended = Q(state__in=kinds) & (~Q(state=Payout.State.REJECTED) | Q(case__escrow__balance__gt=0))
    for row in _oldest(Payout.objects.single().filter(ended, ~Exists(later), case__owner=user)):
        is_red = row.state != Payout.State.REJECTED
        yield _payout_item(row, kinds[Payout.State(row.state)], is_red=is_red, note=row.ended_note)


def _oldest(rows: QuerySet[Payout]) -> QuerySet[Payout]:
    rows = rows.select_related("case").annotate(due_on=Min("parts__receipt__due_on"))
    return rows.order_by("due_on", "id")[:ROWS_MAX]


def _payout_item(row: Payout, kind: str, *, is_red: bool, note: str = "") -> DeskItem:
    return DeskItem(
        kind=kind,
        title=_("发放 %(amount)s 元") % {"amount": yuan(row.amount)},
        url=reverse("accounts:payout", args=[row.pk]),
        case_number=row.case.display_number,
        due_on=row.due_on,  # type: ignore[attr-defined]
        since_on=timezone.localdate(row.requested_at),
        is_red=is_red,
        note=note,
    )


def _receipts(user: User, today: dt.date) -> Iterator[DeskItem]:
    soon = today + dt.timedelta(days=3)
    rows = Receipt.objects.unpaid(today=today).with_delay(on=today).filter(Q(is_delayed=False), due_on__lte=soon)
    mine = Q(case__owner=user) | Q(case__judge=user)
    if has_role(user, "INSPECTOR"):
        mine |= Q(due_on__lte=today + DAY)  # late, or late tomorrow
    if led := led_by(user, "CHIEF"):
        mine |= led & Q(due_on__lte=today + DAY)
    if led := led_by(user, "PRESIDENT", "VICE_PRESIDENT"):
        mine |= led & Q(due_on__lt=today - ESCALATE_DAYS * DAY)
    for row in rows.filter(mine).select_related("case").order_by("due_on", "id")[:ROWS_MAX]:
        is_red = row.due_on < today
        yield DeskItem(
            kind=_("案款逾期未发放") if is_red else _("案款临期"),
            title=_("未发放 %(amount)s 元") % {"amount": yuan(row.unpaid)},  # type: ignore[attr-defined]
            url=reverse("accounts:case_money", args=[row.case_id]),
            case_number=row.case.display_number,
            due_on=row.due_on,
            since_on=row.arrived_on,
            is_red=is_red,
        )


def _unmatched_debits(user: User) -> Iterator[DeskItem]:
    # One line for all of them: they are looked at together, on their own page.
    if not user.has_perm("accounts.import_statement"):
        return
    rows = StatementDebit.objects.exclude(state__in=StatementDebit.EXPLAINED)
    found = rows.aggregate(count=Count("pk"), total=Sum("amount"), since=Min("value_on"))
    if found["count"]:
        told = {"count": found["count"], "total": yuan(found["total"])}
        yield DeskItem(
            kind=_("对账单支出未核对"),
            title=_("%(count)d 笔，合计 %(total)s 元，不是本院付款") % told,
            url=reverse("accounts:open_debits"),
            since_on=found["since"],
            is_red=True,
        )


def _bank_answers(user: User) -> Iterator[DeskItem]:
    # One line for each kind: they are looked at together, on their own page.
    if not user.has_perm("accounts.pay_payout"):
        return
    names, page = dict(Payout.Unanswered.choices), reverse("accounts:bank_answers")
    rows = Payout.objects.exclude(unanswered="").order_by("-unanswered").values("unanswered")
    for found in rows.annotate(count=Count("pk"), total=Sum("amount"), since=Min("unanswered_at")):
        yield DeskItem(
            kind=str(names[found["unanswered"]]),
            title=_("%(count)d 笔，合计 %(total)s 元，请向银行查询")
            % {"count": found["count"], "total": yuan(found["total"])},
            url=f"{page}?show={found['unanswered'].lower()}",
            since_on=timezone.localdate(found["since"]),
            is_red=found["unanswered"] == Payout.Unanswered.NO_ANSWER,
        )
    questions = BankAnswer.objects.open().order_by("-kind").values("kind")
    for asked in questions.annotate(count=Count("pk"), since=Min("received_at")):
        is_ours = asked["kind"] == BankAnswer.Kind.CONTRADICTS
        yield DeskItem(
            kind=_("银行答复前后矛盾") if is_ours else _("银行答复了非本院付款"),
            title=_("%(count)d 条答复未记账，请查明") % {"count": asked["count"]},
            url=f"{page}?show={asked['kind'].lower()}",
            since_on=timezone.localdate(asked["since"]),
            is_red=True,
        )


def _unidentified(user: User, today: dt.date) -> Iterator[DeskItem]:
    if not user.has_perm("accounts.identify_bank_line"):
        return
    waiting = LineClaim.objects.waiting()
    lines = claimpages.unidentified().exclude(claims__in=waiting).exclude(refunds__in=LineRefund.objects.live())
    days = Holiday.objects.calendar()
    for line in lines[:ROWS_MAX]:
        due_on = claimpages.due_on(line, days)
        yield DeskItem(
            kind=_("认领来款"),
            title=_("%(payer)s 汇入 %(amount)s 元") % {"payer": line.payer_name, "amount": yuan(line.amount)},
            url=reverse("accounts:claim_line", args=[line.pk]),
            due_on=due_on,
            since_on=line.value_on,
            is_red=due_on < today,
        )
    for claim in waiting.for_list().exclude(claimed_by=user).order_by("claimed_at", "id")[:ROWS_MAX]:
        due_on = claimpages.due_on(claim.line, days)
        told = {"name": claim.claimed_by.name, "amount": yuan(claim.line.amount)}
        yield DeskItem(
            kind=_("核对认领"),
            title=_("%(name)s 认领 %(amount)s 元") % told,
            url=reverse("accounts:line_claim", args=[claim.pk]),
            case_number=claim.case.display_number,
            due_on=due_on,
            since_on=timezone.localdate(claim.claimed_at),
            is_red=due_on < today or bool(other_case(claim.line, claim.case)),
        )


def _unsigned_days(user: User, today: dt.date) -> Iterator[DeskItem]:
    # One line for all of them, by the oldest: days are signed in their order.
    names = user.has_perm("accounts.approve_payout")
    if not user.has_perm("accounts.view_ledger") and not names:
        return
    oldest, days = DaySheet.objects.unsigned().order_by("day").first(), Holiday.objects.calendar()
    if oldest and names and not signatories(oldest.day) and not named(oldest):
        yield DeskItem(
            kind=_("指定日对账签结人"),
            title=_("%(day)s 案款管理员都办理过付款，无人可签") % {"day": oldest.day},
            url=reverse("accounts:name_signatory", args=[oldest.pk]),
            since_on=oldest.day,
            is_red=True,
        )
    elif oldest and may_sign(oldest, user):
        due_on = signing_due_on(oldest.day, days)
        yield DeskItem(
            kind=_("签结日对账"),
            title=_("%(day)s 起 %(count)d 日未签结")
            % {"day": oldest.day, "count": DaySheet.objects.unsigned().count()},
            url=reverse("accounts:day", args=[oldest.pk]),
            due_on=due_on,
            since_on=oldest.day,
            is_red=due_on < today,
        )
