"""Kinds of property: longest term of a control, who assists, what is written down; data with their legal basis.

民诉法解释 485 (2015 text 487): deposits one year, movables two, real estate and other property rights three. Rows
marked `is_practice` are not settled by its wording; the bureau may set their years by CONTROL_YEARS.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.calendar import same_day
from cases.controlcodes import AssetKind, Measure
from cases.law import CPL, Provision, cite, cpli, of

Words = str | Promise
MONEY, MOVABLE, RIGHT = 1, 2, 3
TERM = (cpli(485), of("SEIZ", "27"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind: years at most (none: no term), measures that fit (the usual first), and what helps to fill the form."""

    code: AssetKind
    years: int | None
    measures: tuple[Measure, ...]
    unit: Words
    thing: Words
    papers: tuple[str, ...]  # templates of ruling and notice (documents/library/control.py)
    basis: tuple[Provision, ...] = TERM
    is_practice: bool = False

    @property
    def label(self) -> str:
        """Return the kind in words."""
        return str(self.code.label)

    @property
    def years_max(self) -> int | None:
        """Return the longest term in years: the law's, or where practice decides, the bureau's."""
        chosen: int | None = settings.CONTROL_YEARS.get(self.code) if self.is_practice else None
        return chosen or self.years

    def last_day(self, from_on: dt.date) -> dt.date | None:
        """Return the latest last day of a control from that day, never moved for a day of rest (§5.1 no. 6)."""
        years = self.years_max
        return same_day(from_on, months=12 * years) if years else None

    def cited(self, *, on: dt.date) -> str:
        """Return the legal basis as an act of that day cites it."""
        return cite(self.basis, on=on)


_BANK = ("FREEZE", "ASSIST_BANK")
_ESTATE = ("SEAL_ESTATE", "ASSIST_ESTATE", "SEAL_NOTICE")
_GOODS = ("SEAL_MOVABLE", "SEAL_LIST", "ASSIST")
_RIGHTS = ("SEAL_RIGHT", "ASSIST")
F, S, Z = Measure.FREEZE, Measure.SEAL, Measure.SEIZE

KINDS: tuple[Kind, ...] = (
    Kind(
        code=AssetKind.DEPOSIT, years=MONEY, measures=(F,), papers=_BANK,
        unit=_("开户银行"), thing=_("开户行和账号后四位"),
    ),
    Kind(
        code=AssetKind.ONLINE_FUNDS, years=MONEY, measures=(F,), papers=_BANK,
        unit=_("支付机构"), thing=_("支付机构和账户后四位"),
    ),
    Kind(
        code=AssetKind.INCOME, years=None, measures=(Measure.WITHHOLD,), papers=("INCOME", "ASSIST"),
        unit=_("用人单位"), thing=_("单位和每月提取数额；保留生活必需费用"), basis=(CPL["INCOME"],),
    ),
    Kind(
        code=AssetKind.PROVIDENT_FUND, years=RIGHT, measures=(F, Measure.WITHHOLD), papers=_RIGHTS, is_practice=True,
        unit=_("公积金中心"), thing=_("公积金账户，账号只写后四位"),
    ),
    Kind(
        code=AssetKind.REAL_ESTATE, years=RIGHT, measures=(S,), papers=_ESTATE,
        unit=_("不动产登记中心"), thing=_("只写坐落；证号和单元号不写"),
    ),
    Kind(
        code=AssetKind.VEHICLE, years=MOVABLE, measures=(S, Z), papers=_GOODS,
        unit=_("车管所"), thing=_("品牌和号牌；查封档案与实际扣押分别登记"),
    ),
    Kind(
        code=AssetKind.GOODS, years=MOVABLE, measures=(S, Z), papers=_GOODS,
        unit=_("保管人"), thing=_("名称、数量、存放地点"),
    ),
    Kind(
        code=AssetKind.VALUABLES, years=MOVABLE, measures=(Z, S), papers=_GOODS,
        unit=_("保管人"), thing=_("名称、数量；现金交案款专户的不登记"),
    ),
    Kind(
        code=AssetKind.EQUITY, years=RIGHT, measures=(F,), papers=_RIGHTS,
        unit=_("市场监管局"), thing=_("公司名称和出资额"),
    ),
    Kind(
        code=AssetKind.SECURITIES, years=RIGHT, measures=(F,), papers=_RIGHTS, is_practice=True,
        unit=_("证券公司、登记结算机构"), thing=_("证券简称和数量；理财产品写名称"),
    ),
    Kind(
        code=AssetKind.INSURANCE, years=RIGHT, measures=(F, Measure.WITHHOLD), papers=_RIGHTS, is_practice=True,
        unit=_("保险公司"), thing=_("险种，保单号只写后四位"),
    ),
    Kind(
        code=AssetKind.MATURED_CLAIM, years=RIGHT, measures=(F,), papers=("SEAL_RIGHT", "THIRD_DEBT"),
        unit=_("第三人"), thing=_("债务人名称和数额"),
    ),
    Kind(
        code=AssetKind.INTELLECTUAL, years=RIGHT, measures=(F, Measure.FORBID, S), papers=_RIGHTS,
        unit=_("国家知识产权局等"), thing=_("商标、专利名称和注册号"),
    ),
    Kind(
        code=AssetKind.RENT, years=RIGHT, measures=(F, Measure.WITHHOLD), papers=_RIGHTS,
        unit=_("承租人、公司"), thing=_("租赁物或公司，租金股息期间"),
    ),
    Kind(
        code=AssetKind.MINING, years=RIGHT, measures=(S,), papers=_RIGHTS,
        unit=_("自然资源局"), thing=_("矿山名称和权利种类"),
    ),
)  # fmt: skip
BY_CODE: dict[str, Kind] = {kind.code: kind for kind in KINDS}
