"""What each indicator means: label, definition with its denominator, source, and the list behind it; who sees it."""

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.models import User

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator; `code` is its field in the figures, `unit` is printed behind it."""

    code: str
    label: Words
    definition: Words
    source: Words
    unit: Words = ""
    list_name: str = ""  # URL name of the list behind the figure
    query: tuple[tuple[str, str], ...] = ()
    is_red: bool = False
    permission: str = ""  # without it the reader sees neither figure nor list

    def url(self, as_of: dt.date) -> str:
        """Return the address of the list behind the figure as of the day; empty where there is none."""
        return list_url(self.list_name, as_of, **dict(self.query)) if self.list_name else ""


def list_url(name: str, as_of: dt.date, **query: str) -> str:
    """Return the address of a list as of a day; empty for a list that this house does not have.

    Figures count what the bureau itself carries out, and so do the lists behind them.
    """
    try:
        return f"{reverse(name)}?{urlencode({**query, 'unit': 'BUREAU', 'as_of': as_of.isoformat()})}"
    except NoReverseMatch:
        return ""


MONEY = _("《执行款物管理工作的规定》（法发〔2017〕6号）第十条；本局十五日规定")
QUALITY = _("执行案件质效指标口径；2021年试点口径")
SEES_MONEY = "accounts.view_money"

DEFINITIONS = (
    Definition(
        "accepted",
        _("受理"),
        _("到当日为止立案的首次执行案件（“执”字），按立案日；旧存为零"),
        QUALITY,
        list_name="cases:list",
        query=(("set", "accepted"),),
    ),
    Definition(
        "closed",
        _("已结"),
        _("受理案件中到当日为止已结案的，按结案日；中止不算结案"),
        QUALITY,
        list_name="cases:list",
        query=(("set", "closed"),),
    ),
    Definition(
        "open",
        _("未结"),
        _("受理减已结"),
        QUALITY,
        list_name="cases:list",
        query=(("set", "open"),),
    ),
    Definition(
        "close_rate",
        _("结案率"),
        _("已结 ÷ 受理（旧存加新收）× 100%，四舍五入到两位"),
        _("2021 年试点：729 ÷ 787 = 92.63%"),
        unit="%",
        list_name="cases:list",
        query=(("set", "closed"),),
    ),
    Definition(
        "triage_days_median",
        _("分流用时（中位数）"),
        _("立案日到分流日的日历天数，取到当日为止已分流案件的中位数"),
        _("2021 年试点：由约二十日降到七日"),
        unit=_("天"),
        list_name="cases:list",
        query=(("set", "triaged"),),
    ),
    Definition(
        "closing_days_average",
        _("结案平均用时"),
        _("Σ（结案日 − 立案日）÷ 已结，未扣除中止等期间"),
        QUALITY,
        unit=_("天"),
        list_name="cases:list",
        query=(("set", "closed"),),
    ),
    Definition(
        "receipts",
        _("来款笔数"),
        _("到当日为止到账且已归案的案款笔数，按银行到账日；认领前不计，认领后期限仍从到账日起算"),
        MONEY,
        list_name="accounts:receipts",
        permission=SEES_MONEY,
        query=(("set", "all"),),
    ),
    Definition(
        "amount_arrived",
        _("来款金额（元）"),
        _("上述来款之和"),
        MONEY,
        list_name="accounts:receipts",
        permission=SEES_MONEY,
        query=(("set", "all"),),
    ),
    Definition(
        "payouts",
        _("发放笔数"),
        _("到当日为止银行确认付出的发放笔数，按银行付款日"),
        MONEY,
        list_name="accounts:payouts",
        permission=SEES_MONEY,
        query=(("state", "PAID"),),
    ),
    Definition(
        "amount_paid",
        _("发放金额（元）"),
        _("上述发放之和"),
        MONEY,
        list_name="accounts:payouts",
        permission=SEES_MONEY,
        query=(("state", "PAID"),),
    ),
    Definition(
        "overdue_unpaid",
        _("逾期未发"),
        _("当日已过应发放日、仍有未付部分、且没有有效延期审批的来款笔数"),
        MONEY,
        list_name="accounts:receipts",
        permission=SEES_MONEY,
        query=(("set", "overdue"),),
        is_red=True,
    ),
    Definition(
        "amount_overdue",
        _("逾期未发金额（元）"),
        _("上述来款的未付部分之和"),
        MONEY,
        list_name="accounts:receipts",
        permission=SEES_MONEY,
        query=(("set", "overdue"),),
        is_red=True,
    ),
    Definition(
        "paid_in_time_rate",
        _("案款 15 日内发放率（按笔数）"),
        _("到当日已到应发放日的来款中，在应发放日前（含当日）全部付出或当时有有效延期的笔数 ÷ 已到应发放日的笔数"),
        MONEY,
        unit="%",
        list_name="accounts:receipts",
        permission=SEES_MONEY,
        query=(("set", "due"),),
    ),
    Definition(
        "paid_in_time_amount_rate",
        _("案款 15 日内发放率（按金额）"),
        _("同上，分子、分母均为来款金额"),
        MONEY,
        unit="%",
        list_name="accounts:receipts",
        permission=SEES_MONEY,
        query=(("set", "due"),),
    ),
)
# Figures about money that have no definition of their own.
MONEY_PARTS = frozenset({"due_receipts", "unpaid_ages"})


def hidden_from(user: User) -> frozenset[str]:
    """Return the figures that the user may not see, on the page, in the sheet and for programs alike."""
    hidden = {item.code for item in DEFINITIONS if item.permission and not user.has_perm(item.permission)}
    return frozenset(hidden) if user.has_perm(SEES_MONEY) else frozenset(hidden) | MONEY_PARTS
