"""What this room did on a value that was corrected: queries launched and asked for."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import limitation
from cases.corrections import CONTACT_FIELDS, Target, Use, UseKind
from cases.models import Case, Correction, WorkOrder

EFFECTIVE = "basis_effective_on"
DAYS = frozenset({"performance_due_on", EFFECTIVE})


def uses(case: Case, correction: Correction) -> list[Use]:
    """Return the queries made on a party's old name or number, and what the basis's new days say of the filing."""
    if correction.target == Target.BASIS:
        return _limitation(case, correction)
    if correction.target != Target.PARTY or set(correction.fields) <= CONTACT_FIELDS:
        return []
    return [*_network_query(case, correction), *_work_orders(case, correction)]


def _limitation(case: Case, correction: Correction) -> list[Use]:
    """By the corrected days the case may have been filed too early or too late: its judge has to look at it again."""
    pairs = correction.pairs()
    if not DAYS & set(pairs):
        return []
    due_on, effective_on = (_day(pairs, name, getattr(case, name)) for name in ("performance_due_on", EFFECTIVE))
    last_on = limitation.last_day(due_on, effective_on)
    if due_on and due_on >= case.filed_on:
        label = _("履行期限至 %(day)s 届满，立案时尚未届满") % {"day": due_on}
        note = _("请核对是否符合受理条件；不符合的裁定驳回申请")
    elif last_on and last_on < case.filed_on:
        label = _("申请执行时效已于 %(day)s 届满，在立案之前") % {"day": last_on}
        note = _("不影响已立案件；被执行人提出时效异议的，审查后裁定")
    else:
        return []
    return [
        Use(
            room="cases",
            kind=UseKind.WORK,
            label=label,
            url=reverse("cases:detail", args=[case.pk]),
            key="limitation",
            is_red=True,
            note=note,
        )
    ]


def _day(pairs: dict[str, tuple[str, str]], name: str, now: dt.date | None) -> dt.date | None:
    if name not in pairs:
        return now
    text = pairs[name][1]
    return dt.date.fromisoformat(text) if text else None


def _network_query(case: Case, correction: Correction) -> list[Use]:
    party = correction.party
    if party is None or _is_redone(case, correction):
        return []
    launched = case.network_queries.filter(party=party).order_by("launched_at", "id")
    if correction.answered_at:
        launched = launched.filter(launched_at__lte=correction.answered_at)
    last = launched.last()
    if last is None:
        return []
    label = _("网络查控（%(day)s 已按原信息发起）") % {"day": timezone.localdate(last.launched_at)}
    return [
        Use(
            room="cases",
            kind=UseKind.QUERY,
            label=label,
            url=reverse("cases:work", args=[case.pk]),
            key="network",
            is_reissuable=True,
        )
    ]


def _is_redone(case: Case, correction: Correction) -> bool:
    orders = case.work_orders.filter(kind=WorkOrder.Kind.QUERY, party=correction.party)
    since = orders.exclude(state=WorkOrder.State.WITHDRAWN)
    if not correction.answered_at:
        return False
    launched = case.network_queries.filter(party=correction.party, launched_at__gt=correction.answered_at)
    return since.filter(requested_at__gte=correction.answered_at).exists() or launched.exists()


def _work_orders(case: Case, correction: Correction) -> list[Use]:
    if _is_redone(case, correction):
        return []
    orders = case.work_orders.filter(kind__in=[WorkOrder.Kind.QUERY, WorkOrder.Kind.ONSITE], party=correction.party)
    if correction.answered_at:
        orders = orders.filter(requested_at__lt=correction.answered_at)
    orders = orders.exclude(state=WorkOrder.State.WITHDRAWN).order_by("id")
    return [
        Use(
            room="cases",
            kind=UseKind.QUERY,
            label=_("%(kind)s：%(day)s 请求，%(state)s")
            % {
                "kind": order.get_kind_display(),
                "day": timezone.localdate(order.requested_at),
                "state": order.get_state_display(),
            },
            url=reverse("cases:work", args=[case.pk]),
            key=f"work:{order.pk}",
            is_reissuable=True,
        )
        for order in orders
    ]
