"""What is odd about a control that is to be taken: not forbidden, but done only with a reason that stays on record."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.statement import reckoned
from assets.lineage import lineage
from assets.models import Control
from bureau.errors import of_field
from bureau.money import yuan
from cases.controlcodes import AssetKind
from cases.models import Case

# 法释〔2004〕15号 19: not clearly above what is owed; from so many times on the bureau wants a reason.
ABOVE = Decimal("1.3")
CASH = (AssetKind.DEPOSIT, AssetKind.ONLINE_FUNDS)
# Words by which a unit is known that keeps or registers such things; where a kind has none, anybody may keep them.
UNITS: dict[str, str] = {
    AssetKind.DEPOSIT: "银行|信用|农商|储蓄|支行|分行",
    AssetKind.ONLINE_FUNDS: "支付|财付通|微信|网络|银行|金融",
    AssetKind.PROVIDENT_FUND: "公积金",
    AssetKind.REAL_ESTATE: "不动产|登记|房产|自然资源|住建|住房",
    AssetKind.VEHICLE: "车|交警|交管|公安|交通",
    AssetKind.EQUITY: "市场|工商|审批|公司|行政",
    AssetKind.SECURITIES: "证券|登记|结算|基金|期货|银行|公司",
    AssetKind.INSURANCE: "保险|人寿|财险|保",
    AssetKind.INTELLECTUAL: "知识产权|商标|专利|版权",
    AssetKind.MINING: "自然资源|国土|矿",
}
TAIL = re.compile(r"(\d{4})\D*$")


def cautions(case: Case, control: Control) -> list[str]:
    """Return what must be looked at again before the control is taken, each beside its field."""
    held = list(Control.objects.filter(case__in=lineage(case)).active().order_by("id"))
    return [*_too_much(case, control, held), *_twice(control, held), *_strange_unit(control)]


def _too_much(case: Case, control: Control, held: list[Control]) -> list[str]:
    owed = reckoned(case, on=control.from_on).owed
    worth = control.value or control.amount_max
    if owed <= 0 or worth is None:
        return []
    first = sum((row.value or row.amount_max or Decimal(0) for row in held if row.rank == 1), Decimal(0))
    total = first + (worth if control.rank == 1 else Decimal(0))
    if max(total, worth) <= owed * ABOVE:
        return []
    words = {"total": yuan(max(total, worth)), "owed": yuan(owed)}
    text = _("控制财产价值共 %(total)s 元，明显超过应执行的 %(owed)s 元，不得明显超标的额控制")
    return [of_field("value" if control.value else "amount_max", text % words)]


def _twice(control: Control, held: list[Control]) -> list[str]:
    same = next((row for row in held if control.rank == row.rank == 1 and _is_same(control, row)), None)
    if same is None:
        return []
    text = _("同一财产已由 %(ruling)s 首封控制（%(thing)s），不应重复登记首封")
    return [of_field("thing", text % {"ruling": same.ruling, "thing": same.thing})]


def _is_same(one: Control, other: Control) -> bool:
    if one.kind != other.kind or one.debtor_id != other.debtor_id:
        return False
    if _plain(one.thing) == _plain(other.thing):
        return True
    tails = [TAIL.search(row.thing) for row in (one, other)]
    is_one_unit = _plain(one.unit) == _plain(other.unit)
    return one.kind in CASH and is_one_unit and None not in tails and tails[0][1] == tails[1][1]  # type: ignore[index]


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _strange_unit(control: Control) -> list[str]:
    words = UNITS.get(control.kind)
    if words is None or re.search(words, control.unit):
        return []
    text = _("%(kind)s一般由%(usual)s协助，所填“%(unit)s”请核对")
    said = {"kind": control.rule.label, "usual": control.rule.unit, "unit": control.unit}
    return [of_field("unit", text % said)]
