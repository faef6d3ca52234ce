"""Who may sign a day: of finance, and paid nothing that day; where nobody is left, whom the chief names."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import DaySheet, NamedSignatory
from bureau.calendar import DAY, end_of
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record

_PAYERS = """
SELECT paid_by_id FROM accounts_payout WHERE sent_at >= %(since)s AND sent_at < %(until)s AND paid_by_id IS NOT NULL
UNION SELECT reversed_by_id FROM accounts_payout WHERE reversed_at >= %(since)s AND reversed_at < %(until)s
UNION SELECT paid_by_id FROM accounts_batch WHERE paid_at >= %(since)s AND paid_at < %(until)s
UNION SELECT paid_by_id FROM accounts_linerefund WHERE sent_at >= %(since)s AND sent_at < %(until)s
"""


def payers(day: dt.date) -> set[int]:
    """Return who paid anything on that day, or took a payment of the house back."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYERS, {"since": end_of(day - DAY), "until": end_of(day)})
        return {pk for (pk,) in cursor.fetchall() if pk}


def has_paid(user: User, day: dt.date) -> bool:
    """Return whether the user paid anything on that day, or took a payment of the house back."""
    return user.pk in payers(day)


def signatories(day: dt.date) -> list[User]:
    """Return who of finance may sign that day; nobody where all of them paid."""
    return list(_staff("sign_day").exclude(pk__in=payers(day)))


def candidates(day: dt.date) -> QuerySet[User]:
    """Return whom the chief may name in their place: who reads the ledger, is not of finance and paid nothing."""
    return _staff("view_ledger").exclude(pk__in=_staff("sign_day")).exclude(pk__in=payers(day))


def _staff(permission: str) -> QuerySet[User]:
    rule = {"groups__permissions__codename": permission, "groups__permissions__content_type__app_label": "accounts"}
    return User.objects.filter(is_active=True, **rule).distinct().order_by("name", "pk")


def named(sheet: DaySheet) -> NamedSignatory | None:
    """Return whom the chief named last for this day."""
    return sheet.named_signatories.select_related("user", "named_by").order_by("-pk").first()


def may_sign(sheet: DaySheet, user: User) -> bool:
    """Return whether the user signs days, or was named for this one."""
    if user.has_perm("accounts.sign_day"):
        return True
    last = named(sheet)
    return last is not None and last.user_id == user.pk


@transaction.atomic
def name_signatory(sheet: DaySheet, *, person: User, reason: str, at: dt.datetime, actor: User) -> NamedSignatory:
    """The chief names who signs a day on which everybody of finance paid."""
    if not actor.has_perm("accounts.approve_payout"):
        raise PermissionDenied
    sheet = DaySheet.objects.select_for_update().get(pk=sheet.pk)
    if reasons := naming_objections(sheet):
        raise Refused(reasons)
    if person.pk == actor.pk or not candidates(sheet.day).filter(pk=person.pk).exists():
        raise Refused(of_field("person", _("该人不能签结这一天，请另选")))
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明指定原因")))
    row = NamedSignatory.objects.create(
        sheet=sheet, user=person, reason=reason.strip()[:200], named_by=actor, named_at=at
    )
    record(row, "name_signatory", at=at, actor=actor, day=sheet.day, user=person.pk, reason=row.reason)
    return row


def naming_objections(sheet: DaySheet) -> list[str]:
    """Return why nobody is named: the day is signed, or somebody of finance can sign it."""
    if sheet.state == DaySheet.State.SIGNED:
        return [_("该日已签结")]
    if able := signatories(sheet.day):
        names = _("、").join(user.name for user in able)
        return [_("%(names)s 当日没有办理付款，可以签结，无需另行指定") % {"names": names}]
    return []
