"""What stands here of a case, as it must stand in the national system; what is typed there is Chinese."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Payout, Receipt
from assets.models import Control
from bureau.crypto import digest
from bureau.masking import mask_id, mask_phone
from cases import basis
from cases.models import Case, Claim, Party
from cases.models.queries import CaseQuerySet
from supervision.models.national import Group
from supervision.national.fields import LABELS, STATE_OF

MASKS = {"id_number": mask_id, "phone": mask_phone}


@dataclass(frozen=True, slots=True)
class Value:
    """One box of the national system: of which part of the group, its label, and what is to be typed."""

    field: str
    label: str | Promise
    text: str
    part: str = ""

    def masked(self) -> "Value":
        """Return it as those see it who type nothing: personal numbers in part."""
        mask = MASKS.get(self.field)
        return Value(self.field, self.label, mask(self.text), self.part) if mask else self


Groups = dict[str, list[Value]]


def load(cases: CaseQuerySet) -> CaseQuerySet:
    """Load everything that the groups print, with the same number of queries for any number of cases."""
    money = Payout.objects.filter(state=Payout.State.PAID).order_by("paid_on", "id")
    return cases.select_related("number_court", "judge").prefetch_related(
        Prefetch("parties", Party.objects.order_by("side", "position")),
        Prefetch("claims", Claim.objects.order_by("position")),
        Prefetch("controls", Control.objects.exclude(ground="MISTAKE").select_related("debtor").order_by("id")),
        Prefetch("receipts", Receipt.objects.live().order_by("arrived_on", "id")),
        Prefetch("payouts", money),
    )


def groups_of(case: Case) -> Groups:
    """Return what is to be typed of a loaded case, by group; a group with nothing in it is empty."""
    with translation.override("zh-hans"):
        return {
            Group.FILING: _filled(_filing(case)),
            Group.PARTIES: _filled(_parties(case)),
            Group.PROGRESS: _filled(_progress(case)),
            Group.MEASURES: _filled(_measures(case)),
            Group.MONEY: _filled(_money(case)),
            Group.CLOSING: _filled(_closing(case)),
        }


def digest_of(values: Sequence[Value]) -> str:
    """Return a keyed digest of what is to be typed; empty where there is nothing."""
    rows = [(value.part, value.field, value.text) for value in values]
    return digest(json.dumps(rows, ensure_ascii=False)) if rows else ""


def _filled(values: Iterable[Value]) -> list[Value]:
    return [value for value in values if value.text]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return (
        f"{value:.2f}"
        if isinstance(value, Decimal)
        else value.isoformat()
        if isinstance(value, dt.date)
        else str(value)
    )


def _filing(case: Case) -> Iterator[Value]:
    yield Value("number", _("案号"), case.display_number)
    yield Value("filed_on", _("立案日期"), _text(case.filed_on))
    yield Value("court", _("立案法院"), case.number_court.name)
    yield Value("basis_title", _("执行依据"), basis.printed(case.basis_kind, case.basis_title))
    yield Value("basis_number", _("执行依据文号"), case.basis_number)
    yield Value("basis_issuer", _("作出机关"), case.basis_issuer)
    yield Value("basis_made_on", _("文书作出日"), _text(case.basis_made_on))
    yield Value("basis_effective_on", _("生效日"), _text(case.basis_effective_on))
    yield Value("performance_due_on", _("履行期限届满日"), _text(case.performance_due_on))
    yield Value("cause", _("案由"), case.cause)
    yield Value("amount", _("申请执行标的"), _text(case.amount_claimed))
    for claim in case.claims.all():
        parts = (str(claim.get_kind_display()), _text(claim.amount), claim.rate, claim.note)
        yield Value("claim", _("执行请求"), " ".join(filter(None, parts)))


def _parties(case: Case) -> Iterator[Value]:
    for party in current(case):
        part = f"{party.get_side_display()}{party.position} {party.name}"
        yield Value("name", _("姓名或名称"), party.name, part)
        yield Value("kind", _("主体类型"), str(party.get_kind_display()), part)
        yield Value("id_kind", _("证件种类"), str(party.get_id_kind_display()) if party.id_number else "", part)
        yield Value("id_number", _("证件号码"), party.id_number or "", part)
        yield Value("phone", _("电话"), party.phone or "", part)
        yield Value("address", _("地址"), party.address or "", part)
        yield Value("legal_representative", _("法定代表人或负责人"), party.legal_representative, part)


def current(case: Case, *sides: str) -> list[Party]:
    """Return who is a party now, of these sides or of both, from the loaded rows."""
    rows = [party for party in case.parties.all() if party.is_current]
    return [party for party in rows if party.side in sides] if sides else rows


def _progress(case: Case) -> Iterator[Value]:
    yield Value("handler", _("承办人"), case.judge.name if case.judge else "")
    yield Value("state", _("案件状态"), str(LABELS["state"][STATE_OF[case.stage]]))


def _measures(case: Case) -> Iterator[Value]:
    for count, row in enumerate(case.controls.all(), start=1):
        part = f"{count} {row.get_kind_display()} {row.thing}"
        yield Value("debtor", _("被执行人"), row.debtor.name, part)
        yield Value("kind", _("财产种类"), str(row.get_kind_display()), part)
        yield Value("thing", _("财产"), row.thing, part)
        yield Value("measure", _("控制措施"), str(row.get_measure_display()), part)
        yield Value("unit", _("协助单位"), row.unit, part)
        yield Value("ruling", _("裁定文号"), row.ruling, part)
        yield Value("from_on", _("起始日"), _text(row.from_on), part)
        yield Value("to_on", _("届满日"), _text(row.to_on), part)
        yield Value("amount_max", _("限额（元）"), _text(row.amount_max), part)
        yield Value("state", _("状态"), str(row.get_state_display()), part)
        yield Value("ended_on", _("解除或失效日"), _text(row.ended_on), part)


def _money(case: Case) -> Iterator[Value]:
    receipts, payouts = list(case.receipts.all()), list(case.payouts.all())
    for count, receipt in enumerate(receipts, start=1):
        part = f"到账{count}"
        yield Value("arrived_on", _("到账日"), _text(receipt.arrived_on), part)
        yield Value("amount", _("金额"), _text(receipt.amount), part)
    for count, payout in enumerate(payouts, start=1):
        part = f"发放{count}"
        yield Value("paid_on", _("发放日"), _text(payout.paid_on), part)
        yield Value("amount", _("金额"), _text(payout.amount), part)
        yield Value("purpose", _("用途"), str(payout.get_purpose_display()), part)
    if receipts:
        yield Value("received", _("案款到账总额"), _text(sum((row.amount for row in receipts), Decimal("0.00"))))
    if payouts:
        yield Value("paid", _("已发放总额"), _text(sum((row.amount for row in payouts), Decimal("0.00"))))


def _closing(case: Case) -> Iterator[Value]:
    if case.closed_on:
        yield Value("closed_on", _("结案日期"), _text(case.closed_on))
        yield Value("closing_mode", _("结案方式"), str(case.get_closing_mode_display()))
        yield Value("closing_document", _("结案文书或凭据"), case.closing_document)


def load_compared(cases: CaseQuerySet, *, with_money: bool) -> CaseQuerySet:
    """Load what a comparison reads of each case."""
    rows = cases.select_related("judge").prefetch_related(
        Prefetch("parties", Party.objects.defer("id_number", "phone", "address").order_by("side", "position"))
    )
    return rows.prefetch_related(Prefetch("receipts", Receipt.objects.live())) if with_money else rows


def compared(case: Case, codes: Iterable[str]) -> dict[str, str]:
    """Return a loaded case's values by field of `fields.FIELDS`, as canonical text."""
    return {code: _COMPARED[code](case) for code in codes}


def _names(case: Case, *sides: str) -> str:
    return "、".join(party.name for party in current(case, *sides))


_COMPARED: dict[str, Callable[[Case], str]] = {
    "filed_on": lambda case: _text(case.filed_on),
    "handler": lambda case: case.judge.name if case.judge else "",
    "state": lambda case: STATE_OF[case.stage],
    "closed_on": lambda case: _text(case.closed_on),
    "closing_mode": lambda case: case.closing_mode if case.closed_on else "",
    "amount": lambda case: _text(case.amount_claimed),
    "parties": _names,
    "applicants": lambda case: _names(case, Party.Side.APPLICANT),
    "debtors": lambda case: _names(case, Party.Side.DEBTOR),
    "cause": lambda case: case.cause,
    "basis_number": lambda case: case.basis_number,
    "received": lambda case: _text(sum((row.amount for row in case.receipts.all()), Decimal("0.00"))),
}
