"""How long money may stay with whom, as dated rows with their basis (domain handbook §8.2); a change is a new row."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Term:
    """One term for money that arrives from a day on; the total is in calendar days, its two legs in working days."""

    code: Literal["PAYOUT", "ASK", "PAY", "REVIEW", "AFTER_DELAY", "COOLING", "IDENTIFY", "SIGN"]
    count: int
    unit: Literal["day", "workday"]
    from_on: dt.date
    basis: str


_START = dt.date(2021, 8, 16)
TERMS: tuple[Term, ...] = (
    Term("PAYOUT", 15, "day", _START, "综合执行局规定：自到账起十五日内发放，严于法发〔2017〕6号第10条"),
    Term("ASK", 10, "workday", _START, "法〔2021〕322号：到账后十个工作日内由执行部门通知财务部门付款"),
    Term("PAY", 5, "workday", _START, "法〔2021〕322号：财务部门收到付款通知后五个工作日内付款"),
    Term("REVIEW", 30, "day", _START, "延期发放至迟三十日复核一次（本地规定，待确认）"),
    Term("AFTER_DELAY", 10, "day", _START, "法发〔2017〕6号第10条：延缓发放的事由消除后十日内发放"),
    Term("COOLING", 1, "day", _START, "收款账户变更冷静期（本地规定，待确认）；本人持证到场核验的不适用"),
    Term("IDENTIFY", 3, "day", _START, "不明来款自到账起三日内认领归案（本地规定，待确认）"),
    Term("SIGN", 2, "workday", _START, "日对账次日制表、两个工作日内签结（本地规定，待确认）"),
)


def term(code: str, *, on: dt.date) -> Term:
    """Return the row in force that day; the oldest one also for the days before it."""
    rows = [row for row in TERMS if row.code == code]
    return max((row for row in rows if row.from_on <= on), key=lambda row: row.from_on, default=rows[0])
