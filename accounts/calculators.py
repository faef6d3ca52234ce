"""The room's calculators: fees, interest, distribution and the order in which a payment is credited."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.distribution import Claim, distribute
from accounts.fee import application_fee, preservation_fee
from accounts.general_interest import TERMS, UNITS, Terms, general_interest
from accounts.interest import LAST_DAY, Debt, Payment, Span, doubled_part
from accounts.settle import KINDS, LAWFUL_ORDER, Item, settle
from bureau.calculator import (
    Answer,
    BadInput,
    Calculator,
    Column,
    Field,
    Payload,
    choice_of,
    count_of,
    day_of,
    is_given,
    number_of,
    rows_of,
    text_of,
)
from bureau.calendar import WorkCalendar
from bureau.money import CENT

RATE_MAX, RATE_PLACES = Decimal(1000), 8
MULTIPLE_MAX, MULTIPLE_PLACES = Decimal(100), 4
RANK_MAX = 1_000_000
DEBTORS = ("person", "enterprise")
ROUNDING = ("0.01", "1")
BASES = ("365", "360")


def fee_of_application(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return the application fee of an amount in yuan, to the cent or, on `round_to` 1, to the yuan."""
    fee = application_fee(number_of(payload, "amount"), to=_rounding(payload))
    return {"fee": str(fee.amount), "steps": fee.steps}


def fee_of_preservation(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return the preservation fee of an amount in yuan."""
    fee = preservation_fee(number_of(payload, "amount"), to=_rounding(payload))
    return {"fee": str(fee.amount), "steps": fee.steps}


def delay_interest(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return the doubled part of delay interest of one debt or several `debts`.

    Without `until` it runs to the last payment. Payments are those credited to these debts.
    """
    if is_given(payload, "debts") == is_given(payload, "base"):
        raise BadInput(_("“debts”与“base”须填其中一项"), field="debts")
    debts = rows_of(payload, "debts", _debt) if is_given(payload, "debts") else [_debt(payload)]
    payments = rows_of(payload, "payments", _payment, is_optional=True)
    excluded = rows_of(payload, "excluded", _span, is_optional=True)
    if payments and not is_given(payload, "until"):
        until = max(payment.on for payment in payments)
    else:
        until = _day(payload, "until")
    interest = doubled_part(debts, payments=payments, excluded=excluded, until=until)
    return {"interest": str(interest.amount), "steps": interest.steps}


def ordered_interest(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return the general interest that a document orders, at a rate of its own or at a multiple of the LPR."""
    terms, until = _terms(payload), _day(payload, "until")
    if until < terms.from_on:
        raise BadInput(_("“until”不应早于“from”"), field="until")
    payments = rows_of(payload, "payments", _payment, is_optional=True)
    interest = general_interest(number_of(payload, "principal"), terms, until=until, payments=payments)
    return {"interest": str(interest.amount), "steps": interest.steps}


def distribution(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return the share of each claim in a pool, and what is left of it; `on` is the day whose texts are cited."""
    claims = rows_of(payload, "claims", _claim)
    seen: set[str] = set()
    for number, claim in enumerate(claims, 1):
        if claim.id in seen:
            told = {"name": "claims", "number": number, "error": _("“id”与前面的重复")}
            raise BadInput(_("“%(name)s”第 %(number)d 行：%(error)s") % told, field="claims")
        seen.add(claim.id)
    debtor = choice_of(payload, "debtor", DEBTORS)
    done = distribute(number_of(payload, "pool"), claims, debtor=debtor, on=_cited(payload))  # type: ignore[arg-type]
    shares = {name: str(share) for name, share in done.shares.items()}
    return {"shares": shares, "left": str(done.left), "steps": done.steps}


def order_of_payment(payload: Payload, _days: WorkCalendar) -> Answer:
    """Return by kind what a payment pays and what stays owed; items of one kind are added up.

    `order` is another order of the four kinds, agreed or ordered; `on` the day whose texts are cited. Only a payment
    beyond all items has a `surplus`.
    """
    order = payload["order"] if is_given(payload, "order") else list(LAWFUL_ORDER)
    if not isinstance(order, list) or sorted(map(str, order)) != sorted(LAWFUL_ORDER):
        raise BadInput(_("“order”应为 %(kinds)s 的一种排列") % {"kinds": "、".join(LAWFUL_ORDER)}, field="order")
    items = rows_of(payload, "items", _item)
    done = settle(number_of(payload, "pay"), items, order=order, on=_cited(payload))
    answer: Answer = {
        "paid": {kind: str(amount) for kind, amount in done.paid.items()},
        "left": {kind: str(amount) for kind, amount in done.left.items()},
    }
    if done.surplus:
        answer["surplus"] = str(done.surplus)
    return answer | {"steps": done.steps}


def _day(payload: Payload, name: str) -> dt.date:
    day = day_of(payload, name)
    if day > LAST_DAY:
        raise BadInput(_("“%(name)s”不应晚于 %(day)s") % {"name": name, "day": LAST_DAY}, field=name)
    return day


def _cited(payload: Payload) -> dt.date:
    return day_of(payload, "on") if is_given(payload, "on") else dt.date.max


def _rounding(payload: Payload) -> Decimal:
    return Decimal(choice_of(payload, "round_to", ROUNDING)) if is_given(payload, "round_to") else CENT


def _debt(row: Payload) -> Debt:
    return Debt(number_of(row, "base"), _day(row, "period_ended_on"))


def _payment(row: Payload) -> Payment:
    return Payment(_day(row, "on"), number_of(row, "amount"))


def _span(row: Payload) -> Span:
    # The last day may stick out as far as it likes: until further notice.
    span = Span(day_of(row, "from"), day_of(row, "to"))
    if span.until_on < span.from_on:
        raise BadInput(_("“to”不应早于“from”"))
    return span


def _claim(row: Payload) -> Claim:
    if not isinstance(row.get("secured"), bool):
        raise BadInput(_("“secured”应为 true 或 false"))
    amount, rank = number_of(row, "amount"), count_of(row, "rank", most=RANK_MAX)
    return Claim(text_of(row, "id"), amount, row["secured"], rank)


def _item(row: Payload) -> Item:
    return Item(choice_of(row, "kind", LAWFUL_ORDER), number_of(row, "amount"))


def _terms(payload: Payload) -> Terms:
    from_on = _day(payload, "from")
    basis = str(payload["day_basis"]) if is_given(payload, "day_basis") else BASES[0]
    basis_days = int(choice_of({"day_basis": basis}, "day_basis", BASES))
    if is_given(payload, "rate") == is_given(payload, "lpr"):
        raise BadInput(_("“rate”与“lpr”须填其中一项"), field="rate")
    if is_given(payload, "rate"):
        for name in ("multiple", "lpr_on"):
            if is_given(payload, name):
                raise BadInput(_("“%(name)s”只用于 LPR") % {"name": name}, field=name)
        unit = choice_of(payload, "rate_unit", UNITS) if is_given(payload, "rate_unit") else UNITS[0]
        rate = number_of(payload, "rate", most=RATE_MAX, places=RATE_PLACES)
        return Terms(from_on, rate=rate, unit=unit, day_basis=basis_days)
    multiple = Decimal(1)
    if is_given(payload, "multiple"):
        multiple = number_of(payload, "multiple", most=MULTIPLE_MAX, places=MULTIPLE_PLACES)
    lpr_on = _day(payload, "lpr_on") if is_given(payload, "lpr_on") else None
    lpr = choice_of(payload, "lpr", TERMS)
    return Terms(from_on, day_basis=basis_days, lpr=lpr, multiple=multiple, lpr_on=lpr_on)


_ROUND_TO = Field(
    "round_to", gettext_lazy("取整"), "choice", (("0.01", gettext_lazy("到分")), ("1", gettext_lazy("到元")))
)
_PAYMENT = (Column("on", gettext_lazy("付款日")), Column("amount", gettext_lazy("金额")))
_PAYMENTS_HINT = gettext_lazy("每行一笔：付款日 金额，以空格分隔；没有的不填")
_ON = Field("on", gettext_lazy("适用日期"), "date", hint=gettext_lazy("决定引用哪一文本的条文；不填为今天"))
_SECURED_WORDS = {"优先": True, "普通": False, "secured": True, "ordinary": False}
_KIND_WORDS = {"费用": "cost", "利息": "interest", "本金": "principal", "加倍": "doubled"}

CALCULATORS = (
    Calculator(
        "application-fee",
        gettext_lazy("执行申请费"),
        "诉讼费用交纳办法 14、20、38",
        (Field("amount", gettext_lazy("执行金额（元）"), "decimal", example="12345.67"), _ROUND_TO),
        fee_of_application,
    ),
    Calculator(
        "preservation-fee",
        gettext_lazy("保全申请费"),
        "诉讼费用交纳办法 14、20",
        (Field("amount", gettext_lazy("保全财产数额（元）"), "decimal", example="100000.00"), _ROUND_TO),
        fee_of_preservation,
    ),
    Calculator(
        "delay-interest",
        gettext_lazy("加倍部分债务利息"),
        "民事诉讼法 264（2017年文本 253）；法释〔2014〕8号",
        (
            Field(
                "debts",
                gettext_lazy("债务"),
                "lines",
                hint=gettext_lazy("每行一笔：金额 履行期届满日，以空格分隔；金额不含一般债务利息，分期履行的每期一行"),
                example="200000.00 2021-05-31",
                columns=(
                    Column("base", gettext_lazy("金额")),
                    Column("period_ended_on", gettext_lazy("履行期届满日")),
                ),
            ),
            Field(
                "payments",
                gettext_lazy("已付"),
                "lines",
                hint=_PAYMENTS_HINT,
                example="2021-07-31 80000.00",
                columns=_PAYMENT,
            ),
            Field(
                "excluded",
                gettext_lazy("不计入的期间"),
                "lines",
                hint=gettext_lazy("每行一段：首日 末日，两日都不计；非因被执行人申请的中止、暂缓，再审中止"),
                example="2021-08-01 2021-08-10",
                columns=(Column("from", gettext_lazy("首日")), Column("to", gettext_lazy("末日"))),
            ),
            Field("until", gettext_lazy("计至"), "date", hint=gettext_lazy("当日计入；不填的计至最后一笔付款日")),
        ),
        delay_interest,
    ),
    Calculator(
        "general-interest",
        gettext_lazy("一般债务利息"),
        "法释〔2014〕8号 1；中国人民银行公告〔2019〕第15号",
        (
            Field("principal", gettext_lazy("本金（元）"), "decimal", example="100000.00"),
            Field("rate", gettext_lazy("利率（%）"), "decimal", example="3.85", hint=gettext_lazy("与 LPR 二者填一")),
            Field(
                "rate_unit",
                gettext_lazy("利率单位"),
                "choice",
                (("year", gettext_lazy("年利率")), ("month", gettext_lazy("月利率")), ("day", gettext_lazy("日利率"))),
            ),
            Field(
                "lpr",
                "LPR",
                "choice",
                (
                    ("", gettext_lazy("不按 LPR")),
                    ("1y", gettext_lazy("一年期")),
                    ("5y", gettext_lazy("五年期以上")),
                ),
            ),
            Field("multiple", gettext_lazy("LPR 倍数"), "decimal", example="1.30"),
            Field("lpr_on", gettext_lazy("LPR 取定日"), "date", hint=gettext_lazy("不填的按各日有效的利率分段")),
            Field("from", gettext_lazy("起算日"), "date", hint=gettext_lazy("当日计入")),
            Field("until", gettext_lazy("截止日"), "date", hint=gettext_lazy("当日不计")),
            Field(
                "day_basis",
                gettext_lazy("一年天数"),
                "choice",
                (("365", "365"), ("360", "360")),
                hint=gettext_lazy("以法律文书为准，没有写明的为 365"),
            ),
            Field(
                "payments",
                gettext_lazy("已付本金"),
                "lines",
                hint=_PAYMENTS_HINT,
                example="2021-07-31 80000.00",
                columns=_PAYMENT,
            ),
        ),
        ordered_interest,
    ),
    Calculator(
        "distribution",
        gettext_lazy("案款分配"),
        "民诉法解释 506–508、514（2022年修正前文本 508–510、516）；执行工作规定 31、55",
        (
            Field(
                "pool",
                gettext_lazy("可分配款（元）"),
                "decimal",
                hint=gettext_lazy("已扣除评估、拍卖辅助、公告等执行费用"),
                example="192100.00",
            ),
            Field(
                "debtor",
                gettext_lazy("被执行人"),
                "choice",
                (("person", gettext_lazy("自然人或其他组织")), ("enterprise", gettext_lazy("企业法人"))),
            ),
            Field(
                "claims",
                gettext_lazy("债权"),
                "lines",
                hint=gettext_lazy("每行一项：名称 金额 优先或普通 顺位，以空格分隔；普通债权的顺位为查封顺序"),
                example=gettext_lazy("A 100000.00 普通 1"),
                columns=(
                    Column("id", gettext_lazy("名称")),
                    Column("amount", gettext_lazy("金额")),
                    Column("secured", gettext_lazy("优先或普通"), _SECURED_WORDS),
                    Column("rank", gettext_lazy("顺位")),
                ),
            ),
            _ON,
        ),
        distribution,
    ),
    Calculator(
        "settle",
        gettext_lazy("付款冲抵顺序"),
        "民法典 561；法释〔2014〕8号 4",
        (
            Field("pay", gettext_lazy("付款（元）"), "decimal", example="120000.00"),
            Field(
                "items",
                gettext_lazy("应付项目"),
                "lines",
                hint=gettext_lazy("每行一项：费用、利息、本金或加倍，空格，金额"),
                example=gettext_lazy("本金 150000.00"),
                columns=(
                    Column("kind", gettext_lazy("项目"), _KIND_WORDS),
                    Column("amount", gettext_lazy("金额")),
                ),
            ),
            _ON,
        ),
        order_of_payment,
        words=KINDS,
    ),
)
