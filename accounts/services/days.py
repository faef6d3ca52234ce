"""Days of the account of the house: their sheets are made, differences explained, and a day is signed and closed."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.dayfigures import columns, compare
from accounts.models import BankBalance, DayDifference, DaySheet, DifferenceNote, Transfer
from accounts.services.signatories import has_paid, may_sign
from bureau.calendar import DAY
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record

_LOCK = "hashtext('wuhai_exec days')"


def booking_day(value_on: dt.date) -> dt.date:
    """Return the value day under which money of that day is booked: itself, or the first open day after closed ones.

    Until the end of the transaction no day is closed. When money arrived, from which its fifteen days run, stays said
    by its line and receipt.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({_LOCK})")
    closed = DaySheet.objects.closed_until()
    return value_on if closed is None else max(value_on, closed + DAY)


def make_day_sheets(*, at: dt.datetime, actor: User) -> int:
    """Make the sheets of all days until yesterday and bring open ones up to date; return how many are new."""
    last = timezone.localdate(at) - DAY
    newest = DaySheet.objects.order_by("-day").values_list("day", flat=True).first()
    oldest = DaySheet.objects.unsigned().aggregate(day=Min("day"))["day"]
    first = min(filter(None, [last, newest + DAY if newest else None, oldest]))
    return make_sheets_of(first, last, at=at, actor=actor)


@transaction.atomic
def make_sheets_of(first: dt.date, last: dt.date, *, at: dt.datetime, actor: User) -> int:
    """Make or renew the sheets of these days, as far as they are over and not closed; return how many are new."""
    last = min(last, timezone.localdate(at) - DAY)
    closed = DaySheet.objects.closed_until()
    first = max(first, closed + DAY) if closed else first
    if first > last:
        return 0
    days = [first + number * DAY for number in range((last - first).days + 1)]
    known = set(DaySheet.objects.filter(day__in=days).values_list("day", flat=True))
    rows = [DaySheet(day=day, made_at=at) for day in days if day not in known]
    DaySheet.objects.bulk_create(rows, ignore_conflicts=True)
    _renew(first, last, at=at)
    if rows:
        sheet = DaySheet.objects.get(day=last)
        record(sheet, "make_day_sheets", at=at, actor=actor, first=first, last=last, count=len(rows))
    return len(rows)


def _renew(first: dt.date, last: dt.date, *, at: dt.datetime) -> None:
    figures = columns(first, last)
    open_ones = DaySheet.objects.unsigned().filter(day__range=(first, last)).select_for_update().order_by("day")
    sheets = list(open_ones)
    for sheet in sheets:
        sheet.made_at = at
        for name, value in figures[sheet.day].items():
            setattr(sheet, name, value)
    # An upsert: the sheets of years, which a bulk update would write as one CASE a figure, go in one statement.
    names = ["made_at", *next(iter(figures.values()))]
    DaySheet.objects.bulk_create(sheets, update_conflicts=True, unique_fields=["id"], update_fields=names)
    compare(first, last, at=at)


@transaction.atomic
def sign_day(sheet: DaySheet, *, at: dt.datetime, actor: User) -> DaySheet:
    """Somebody of finance who paid nothing that day, or whom the chief named, signs it: the day is closed."""
    if not may_sign(sheet, actor):
        raise PermissionDenied
    with connection.cursor() as cursor:
        # Entries on their way hold this lock together; none comes between the figures and the signature.
        cursor.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
    sheet = DaySheet.objects.select_for_update().get(pk=sheet.pk)
    if reasons := sign_objections(sheet, actor, today=timezone.localdate(at)):
        raise Refused(reasons)
    _renew(sheet.day, sheet.day, at=at)
    sheet.refresh_from_db()
    sheet.state, sheet.signed_by, sheet.signed_at = DaySheet.State.SIGNED, actor, at
    sheet.save(update_fields=["state", "signed_by", "signed_at"])
    live = sheet.differences.filter(ended_at__isnull=True)
    record(
        sheet,
        "sign_day",
        at=at,
        actor=actor,
        day=sheet.day,
        closing=sheet.ledger_closing,
        compared=sheet.compared,
        differences=live.count(),
        unexplained=live.filter(notes__isnull=True).count(),
    )
    return sheet


def sign_objections(sheet: DaySheet, user: User, *, today: dt.date) -> list[str]:
    """Return why the user cannot sign this day now."""
    if sheet.state == DaySheet.State.SIGNED:
        return [_("该日已签结")]
    reasons = []
    if sheet.day >= today:
        reasons.append(_("当日尚未结束，次日起可以签结"))
    if has_paid(user, sheet.day):
        reasons.append(_("您当日办理过付款，须由当日没有办理付款的人签结"))
    if earlier := _first_open_before(sheet.day):
        reasons.append(_("请先签结更早的日子：%(day)s") % {"day": earlier})
    return reasons


def _first_open_before(day: dt.date) -> dt.date | None:
    # The first day ever signed begins the reconciliation; from then on no day is left out.
    sheet = DaySheet.objects.unsigned().filter(day__lt=day).order_by("day").values_list("day", flat=True).first()
    closed = DaySheet.objects.closed_until()
    if sheet or closed is None:
        return sheet
    left_out = Transfer.objects.filter(value_on__gt=closed, value_on__lt=day)
    return left_out.order_by("value_on").values_list("value_on", flat=True).first()


@transaction.atomic
def enter_bank_balance(sheet: DaySheet, *, amount: Decimal, ground: str, at: dt.datetime, actor: User) -> BankBalance:
    """Finance types the bank's balance of a day of which no file gives it; whoever signs sees that it was typed."""
    if not actor.has_perm("accounts.explain_difference"):
        raise PermissionDenied
    sheet = DaySheet.objects.select_for_update().get(pk=sheet.pk)
    reasons = balance_objections(sheet)
    if amount < 0 or amount != round(amount, 2):
        reasons.append(of_field("amount", _("余额不能为负，最多两位小数")))
    if not ground.strip():
        reasons.append(of_field("ground", _("请写明余额从何处看到")))
    if reasons:
        raise Refused(reasons)
    ground = ground.strip()[:200]
    row = BankBalance.objects.create(day=sheet.day, amount=amount, ground=ground, entered_by=actor, entered_at=at)
    _renew(sheet.day, sheet.day, at=at)
    record(row, "enter_bank_balance", at=at, actor=actor, day=sheet.day, amount=amount, reason=ground)
    return row


def balance_objections(sheet: DaySheet) -> list[str]:
    """Return why nobody types the bank's balance of that day."""
    if sheet.state == DaySheet.State.SIGNED:
        return [_("该日已签结")]
    if BankBalance.objects.filter(day=sheet.day, statement__isnull=False).exists():
        return [_("银行对账单已给出当日余额，不用录入")]
    return []


@transaction.atomic
def explain_difference(difference: DayDifference, *, note: str, at: dt.datetime, actor: User) -> DifferenceNote:
    """Finance says what a difference is; what was said stays, and more may be said on a signed day too."""
    if not actor.has_perm("accounts.explain_difference"):
        raise PermissionDenied
    if not note.strip():
        raise Refused(of_field("note", _("请填写说明")))
    row = DifferenceNote.objects.create(difference=difference, note=note.strip()[:500], noted_by=actor, noted_at=at)
    what = {"day": difference.sheet.day, "kind": difference.kind, "reference": difference.reference}
    record(row, "explain_difference", at=at, actor=actor, difference=difference.pk, what=what)
    return row
