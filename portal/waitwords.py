"""The waiting line in words: what was asked of whom and when, what came back, what comes next by when; pure, no ORM.

It never says that something is being worked on. Where nothing is out, it says so, with the day of the last act.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = str | Promise
SOURCES: dict[str, Words] = {
    "BANK": gettext_lazy("银行"),
    "PAYMENT": gettext_lazy("网络支付机构"),
    "VEHICLE": gettext_lazy("车辆管理"),
    "ESTATE": gettext_lazy("不动产登记"),
    "SECURITIES": gettext_lazy("证券"),
    "EQUITY": gettext_lazy("市场监管（股权）"),
    "INSURANCE": gettext_lazy("保险"),
    "FUND": gettext_lazy("公积金"),
}
# Kinds of work one team does for another that an applicant may know of before they are done.
WORK: dict[str, Words] = {
    "QUERY": gettext_lazy("查询"),
    "DELIVERY": gettext_lazy("送达"),
    "VALUATION": gettext_lazy("询价评估"),
    "ONSITE": gettext_lazy("现场事项"),
}
PAPERS: dict[str, Words] = {
    "ACCEPTANCE": gettext_lazy("受理案件通知书"),
    "CLUES_NOTICE": gettext_lazy("提供财产线索通知书"),
    "ENFORCEMENT_NOTICE": gettext_lazy("执行通知书"),
    "REPORT_ORDER": gettext_lazy("报告财产令"),
}
WAYS: dict[str, Words] = {
    "DIRECT": gettext_lazy("直接送达"),
    "LEFT": gettext_lazy("留置送达"),
    "ELECTRONIC": gettext_lazy("电子送达"),
    "ENTRUSTED": gettext_lazy("委托送达"),
    "MAIL": gettext_lazy("邮寄送达"),
    "FORWARDED": gettext_lazy("转交送达"),
    "NOTICE": gettext_lazy("公告送达"),
}
FAILURES: dict[str, Words] = {
    "ABSENT": gettext_lazy("受送达人不在"),
    "REFUSED": gettext_lazy("拒绝签收"),
    "MOVED": gettext_lazy("已搬离原址"),
    "WRONG_ADDRESS": gettext_lazy("地址有误或不存在"),
    "UNREACHABLE": gettext_lazy("电话无人接听或停机"),
    "RETURNED": gettext_lazy("邮件退回"),
    "UNDELIVERABLE": gettext_lazy("电子送达未到达"),
    "OTHER": gettext_lazy("其他原因"),
}
NODES: dict[str, Words] = {
    "TRIAGE": gettext_lazy("确定由哪个团队、哪位法官承办"),
    "NOTICE": gettext_lazy("向被执行人发出执行通知书、报告财产令"),
    "QUERY_LAUNCH": gettext_lazy("发起第一次网络财产查询"),
    "CLUE_CHECK": gettext_lazy("核实您提供的财产线索并答复"),
    "VISIT_ANSWER": gettext_lazy("答复您的预约"),
    "INSTALMENT": gettext_lazy("被执行人按和解协议付一期款"),
    "REQUERY": gettext_lazy("终本后再次查询财产"),
    "OBJECTION": gettext_lazy("审查执行行为异议"),
    "OUTSIDER_OBJECTION": gettext_lazy("审查案外人异议"),
}


# Of a page that was written before there was a line.
NOTHING: dict[str, Any] = {
    "queries": [],
    "orders": [],
    "handovers": [],
    "services": [],
    "dues": [],
    "last_on": None,
}


def lines(waiting: dict[str, Any], *, today: dt.date) -> list[dict[str, Any]]:
    """Return what is out and what came back, oldest first; each with a sentence, a day it is due and its tone."""
    rows = [_query(row) for row in waiting["queries"]]
    rows += [_work(row) for row in waiting["orders"]]
    rows += [_handover(row) for row in waiting["handovers"]]
    rows += [_service(row) for row in waiting["services"]]
    rows.sort(key=lambda row: row["on"])
    return [{**row, "on": _date(row["on"]), **_due(row["by"], row["is_back"], today)} for row in rows]


def steps(waiting: dict[str, Any], *, today: dt.date) -> list[dict[str, Any]]:
    """Return what the court owes next, each with its last day, nearest first."""
    return [{"text": NODES[row["node"]], **_due(row["by"], False, today)} for row in waiting["dues"]]


def _due(by: str | None, is_back: bool, today: dt.date) -> dict[str, Any]:
    day = _date(by) if by else None
    is_late = day is not None and not is_back and day < today
    return {
        "by": None if is_back else day,
        "is_late": is_late,
        "days_late": (today - day).days if is_late and day else 0,
    }


def _date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _query(row: dict[str, Any]) -> dict[str, Any]:
    told = {"count": row["asked"], "sources": _list(row["sources"]), "back": row["back"], "lost": row["lost"]}
    asked = (
        _("向 %(count)d 家单位查询被执行人的财产（%(sources)s）") % told if row["sources"] else _("查询被执行人的财产")
    )
    if not row["answered_on"]:
        answer = _("已答复 %(back)d 家，还差：%(open)s") % {**told, "open": _list(row["open"])}
        return _line(row["on"], asked, answer if row["sources"] else _("还没有答复"), is_back=False)
    said = _("%(day)s 已全部答复") % {"day": row["answered_on"]}
    if row["lost"]:
        said = _("%(day)s 答复完毕，其中 %(lost)d 家没有查成，要再查一次") % {**told, "day": row["answered_on"]}
    return _line(row["on"], asked, said, is_back=True)


def _list(codes: list[str]) -> str:
    return _("、").join(str(SOURCES.get(code, code)) for code in codes)


def _work(row: dict[str, Any]) -> dict[str, Any]:
    told = {"team": row["team"], "work": WORK[row["kind"]]}
    asked = _("请%(team)s办理：%(work)s") % told
    if row["back_on"]:
        return _line(row["on"], asked, _("%(day)s 已有结果") % {"day": row["back_on"]}, is_back=True)
    if row["is_taken"]:
        return _line(row["on"], asked, _("对方已接下，还没有结果"), is_back=False, by=row["by"])
    return _line(row["on"], asked, _("对方还没有接下"), is_back=False, by=row["by"])


def _handover(row: dict[str, Any]) -> dict[str, Any]:
    asked = _("把案件移交%(team)s") % {"team": row["team"]}
    return _line(row["on"], asked, _("对方还没有接收"), is_back=False, by=row["by"])


def _service(row: dict[str, Any]) -> dict[str, Any]:
    told = {"paper": PAPERS[row["paper"]], "way": WAYS[row["way"]]}
    asked = (
        _("向被执行人送达%(paper)s（%(way)s）") % told if row["is_debtor"] else _("向您送达%(paper)s（%(way)s）") % told
    )
    if row["served_on"]:
        return _line(row["on"], asked, _("%(day)s 送达") % {"day": row["served_on"]}, is_back=True)
    reason = FAILURES.get(row["failure"], "")
    if row["is_failed"]:
        return _line(row["on"], asked, _("没有送到：%(reason)s；要换一种方式再送") % {"reason": reason}, is_back=True)
    if reason:
        return _line(row["on"], asked, _("试过没有送到：%(reason)s") % {"reason": reason}, is_back=False)
    return _line(row["on"], asked, _("还没有回执"), is_back=False)


def _line(on: str, asked: str, answer: str, *, is_back: bool, by: str | None = None) -> dict[str, Any]:
    return {"on": on, "asked": asked, "answer": answer, "is_back": is_back, "by": by}


def summary(waiting: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield one or two sentences that stand above the lines."""
    out = [row for row in rows if not row["is_back"]]
    if out:
        yield _("现在在等 %(count)d 项答复，最早一项从 %(day)s 等起。") % {"count": len(out), "day": out[0]["on"]}
    else:
        yield _("现在没有向外发出、等待答复的事项。")
    if waiting["last_on"]:
        yield _("本案最近一次有记录的办理是 %(day)s。") % {"day": waiting["last_on"]}
