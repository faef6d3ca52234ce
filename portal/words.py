"""Turns a page's codes into plain words in the reader's language; what is late is told by the day it is read."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.money import yuan
from portal import waitwords

Words = str | Promise
STAGES: dict[str, Words] = {
    "FILED": _("立案"),
    "ALLOCATED": _("分案"),
    "STARTING": _("启动"),
    "STREAM": _("执行"),
    "CLOSED": _("结案"),
}
NOW: dict[str, Words] = {
    "FILED": _("已立案，等待分案"),
    "ALLOCATED": _("已分案，等待启动"),
    "STARTING": _("已启动，执行准备阶段"),
    "FAST": _("执行阶段（简案，速执团队承办）"),
    "ORDINARY": _("执行阶段（繁案，普执团队承办）"),
    "COURT_FILED": _("已立案，由原法院确定承办人"),
    "COURT_ORDINARY": _("执行阶段（由原法院承办）"),
    "SUSPENDED": _("中止执行"),
    "STAYED": _("暂缓执行"),
    "SETTLED": _("双方已和解，按协议履行"),
    "CLOSED": _("已结案"),
    "ARCHIVED": _("已结案"),
}
CLOSED_AS: dict[str, Words] = {
    "FULFILLED": _("已结案：执行完毕"),
    "PROCEDURAL": _("终结本次执行程序（债权仍在，发现财产可恢复执行）"),
    "TERMINATED": _("已结案：终结执行"),
    "REMOVED": _("已结案：销案"),
    "NOT_ENFORCED": _("已结案：不予执行"),
    "DISMISSED": _("已结案：驳回申请"),
}
STREAMS: dict[str, Words] = {"FAST": _("简案，由速执团队办理"), "ORDINARY": _("繁案，由普执团队办理")}
HISTORY: dict[str, Words] = {
    "register": _("法院受理了您的执行申请"),
    "enter_number": _("案号已编定"),
    "take_in": _("案件转入本系统，仍由原法院办理"),
    "take_up": _("原法院确定了承办法官和承办人"),
    "take_up_suspended": _("案件转入时处于中止"),
    "take_up_stayed": _("案件转入时处于暂缓"),
    "change_handler": _("原法院更换了承办法官或承办人"),
    "move_over": _("案件转由综合执行局办理，等待分流"),
    "carry_over": _("原法院已到账的案款 %(amount)s 元转入本案账户"),
    "note_paid_before": _("转入前原法院已发放案款 %(amount)s 元"),
    "triage": _("执行指挥中心核对了案件信息并完成分流：%(stream)s"),
    "allocate": _("案件已分配给办理团队和承办法官"),
    "start": _("事务团队启动了执行程序"),
    "enter_stream": _("办理团队接收了案件：%(stream)s"),
    "suspend": _("案件中止执行"),
    "resume": _("案件恢复执行"),
    "stay": _("案件暂缓执行"),
    "settle": _("双方达成执行和解，按期履行"),
    "break_settlement": _("和解未履行，恢复执行"),
    "upgrade": _("案件转由普执团队办理：%(stream)s"),
    "downgrade": _("案件转由速执团队办理：%(stream)s"),
    "close": "%(mode)s",
    "receive": _("收到案款 %(amount)s 元"),
    "unidentify": _("经核对，此前登记的一笔 %(amount)s 元不属于本案，已更正"),
    "confirm_payout": _("银行已付出案款 %(amount)s 元"),
    "bounce_payout": _("银行退回了一笔 %(amount)s 元的付款，法院将核对账户后重新办理"),
    "move": _("依分配方案或协助通知，%(amount)s 元转入另案"),
    "move_in": _("由另案转入案款 %(amount)s 元"),
    "move_back": _("经核对，此前由另案转入的 %(amount)s 元已更正退回"),
    "deposit_absent": _("已提存案款 %(amount)s 元"),
    "reverse_payout": _("经核对，此前转出或提存的 %(amount)s 元已更正退回本案"),
    "finish_batch": _("按名册批量发放 %(amount)s 元"),
    "decide_delay": _("经批准，一笔案款暂缓发放"),
    "end_delay": _("暂缓发放的理由已消除"),
}
NEXT: dict[str, Words] = {
    "PAY": _("把已到账的案款 %(amount)s 元发放给您"),
    "REFUND": _("退还被执行人余款；应付给您的案款已全部发放"),
    "HANDLER": _("原法院确定承办法官和承办人"),
    "FEE": _("余款缴纳执行申请费；应付给您的案款已全部发放"),
    "TRIAGE": _("执行指挥中心核对案件信息，决定由哪类团队办理"),
    "ASSIGN": _("执行指挥中心确定办理团队和承办法官"),
    "ALLOCATED": _("事务团队启动执行程序"),
    "PREPARE": _("事务团队完成执行准备，移交办理团队"),
    "ACCEPT": _("办理团队接收案件"),
    "EXECUTE": _("在执行期限内查控、变现、发放案款或依法结案；向谁查询、在等谁答复，见下"),
    "SUSPENDED": _("中止的原因消除后恢复执行"),
    "STAYED": _("暂缓期满后恢复执行"),
    "SETTLED": _("被执行人按和解协议履行；未履行的，您可以申请恢复执行"),
    "PROCEDURAL": _("法院每六个月查询一次财产；您发现财产线索可随时申请恢复执行"),
    "CLOSED": _("本案没有待办事项"),
}
SIDES: dict[str, Words] = {"APPLICANT": _("申请执行人"), "DEBTOR": _("被执行人")}
KINDS: dict[str, Words] = {
    "DEPOSIT": _("银行存款"),
    "ONLINE_FUNDS": _("网络资金"),
    "INCOME": _("工资收入"),
    "PROVIDENT_FUND": _("住房公积金"),
    "REAL_ESTATE": _("不动产"),
    "VEHICLE": _("车辆"),
    "GOODS": _("机器、存货等动产"),
    "VALUABLES": _("现金、贵重物品"),
    "EQUITY": _("股权、投资权益"),
    "SECURITIES": _("证券、基金、理财"),
    "INSURANCE": _("保险现金价值"),
    "MATURED_CLAIM": _("到期债权"),
    "INTELLECTUAL": _("知识产权"),
    "RENT": _("租金、股息"),
    "MINING": _("采矿权等用益权"),
}
MEASURES: dict[str, Words] = {
    "FREEZE": _("冻结"),
    "SEAL": _("查封"),
    "SEIZE": _("扣押"),
    "WITHHOLD": _("扣留、提取"),
    "FORBID": _("禁止转让"),
}
DELAYS: dict[str, Words] = {
    "DL1": _("需要进行案款分配"),
    "DL2": _("申请执行人的案款被另案保全、冻结"),
    "DL3": _("经通知未领取，或收款账户无法使用"),
    "DL4": _("案件依法中止或暂缓执行"),
    "DL5": _("其他正当理由"),
}
PAYOUTS: dict[str, Words] = {"SENT": _("已交银行，等银行回单"), "PAID": _("已到账"), "BOUNCED": _("银行退回")}
PAYEES: dict[str, Words] = {
    "APPLICANT": _("申请执行人账户，尾号 %(last4)s"),
    "DEBTOR": _("退还被执行人余款"),
    "TREASURY": _("缴入国库（执行申请费）"),
    "SUCCESSOR": _("申请执行人的继承人或监护人"),
    "COURT": _("转付其他法院"),
    "COST": _("支付评估等执行费用"),
    "MOVE": _("依分配方案或协助通知转入另案"),
    "ABSENT": _("为申请执行人提存"),
    "LISTED": _("按名册发放 %(count)s 人"),
    "AGENT": _("申请执行人特别授权的代理人"),
}


def read(payload: dict[str, Any], *, today: dt.date) -> dict[str, Any]:
    """Return the page's context for the day it is read on."""
    paid = [
        row
        for row in payload["payouts"]
        if row["state"] == "PAID" and row["payee"] in ("APPLICANT", "SUCCESSOR", "AGENT", "LISTED")
    ]
    next_by = _day(payload["next"]["by"])
    waiting = payload.get("waiting", waitwords.NOTHING)
    lines = waitwords.lines(waiting, today=today)
    return {
        "number": payload["number"],
        "court": payload["court"],
        "filed_on": _day(payload["filed_on"]),
        "stage": CLOSED_AS.get(payload["closing_mode"]) or NOW.get(payload["stage"], ""),
        "is_suspended": payload["stage"] in ("SUSPENDED", "STAYED", "SETTLED"),
        "is_closed": payload["stage"] in ("CLOSED", "ARCHIVED"),
        "parties": [{**party, "side": SIDES.get(party["side"], "")} for party in payload["parties"]],
        "rail": [{**step, "label": STAGES[step["code"]], "on": _day(step["on"])} for step in payload["rail"]],
        "history": [_line(line) for line in reversed(payload["history"])],
        "next": NEXT[payload["next"]["code"]] % {"amount": yuan(payload["next"].get("amount", "0"))},
        "next_by": next_by,
        "is_next_late": next_by is not None and next_by < today,
        "closing_due_on": _day(payload["closing_due_on"]),
        "claimed": yuan(payload["claimed"]),
        "arrived": yuan(_sum(payload["receipts"])),
        "paid": yuan(_sum(paid)),
        "receipts": [_receipt(row, today) for row in payload["receipts"]],
        "payouts": [_payout(row) for row in payload["payouts"]],
        "controls": [_control(row) for row in payload.get("controls", ())],
        "waiting": lines,
        "waiting_summary": list(waitwords.summary(waiting, lines)),
        "owed": waitwords.steps(waiting, today=today),
        "team": payload["team"],
    }


def _control(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": KINDS.get(row["kind"], ""),
        "measure": MEASURES.get(row["measure"], ""),
        "is_queued": row["is_queued"],
        "from_on": _day(row["from"]),
        "to_on": _day(row["to"]),
    }


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _sum(rows: list[dict[str, Any]]) -> Decimal:
    return sum((Decimal(row["amount"]) for row in rows), Decimal("0.00"))


def _line(line: dict[str, Any]) -> dict[str, Any]:
    values = {
        "mode": CLOSED_AS.get(line.get("mode", ""), ""),
        "stream": STREAMS.get(line.get("stream", ""), ""),
        "amount": yuan(line.get("amount", "0")),
    }
    return {"on": _day(line["on"]), "text": HISTORY[line["code"]] % values}


def _receipt(row: dict[str, Any], today: dt.date) -> dict[str, Any]:
    words, tone, reason = _receipt_state(row, today)
    return {
        "on": _day(row["on"]),
        "amount": yuan(row["amount"]),
        "due_on": _day(row["due_on"]),
        "state": words,
        "tone": tone,
        "reason": reason,
    }


def _receipt_state(row: dict[str, Any], today: dt.date) -> tuple[Words, str, Words]:
    due_on = _day(row["due_on"])
    surplus = Decimal(row.get("surplus", "0"))
    fee = Decimal(row.get("fee", "0"))
    unpaid = Decimal(row["unpaid"]) - surplus - fee
    assert due_on is not None
    if unpaid <= 0 and (surplus or fee):
        back = _("退还被执行人余款 %(surplus)s 元") % {"surplus": yuan(surplus)}
        words = back if surplus else _("余 %(fee)s 元缴纳执行申请费") % {"fee": yuan(fee)}
        return words, "overdue" if due_on < today else "info", ""
    if unpaid <= 0:
        return _("已全部发放"), "done", ""
    for delay in row["delays"]:
        if delay["from"] <= today.isoformat() <= delay["until"] and (delay["ended"] or "9999") > today.isoformat():
            return _("暂缓发放"), "near", DELAYS.get(delay["reason"], "")
    left = {"unpaid": yuan(unpaid)}
    also = _("另有余款 %(surplus)s 元退还被执行人") % {"surplus": yuan(surplus)} if surplus else ""
    if due_on < today:
        return _("已超过应发放日，尚有 %(unpaid)s 元未发放") % left, "overdue", also
    if unpaid + surplus + fee < Decimal(row["amount"]):
        return _("部分发放，尚有 %(unpaid)s 元") % left, "info", also
    return _("待发放"), "info", also


def _payout(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "on": _day(row["on"]),
        "amount": yuan(row["amount"]),
        "to": PAYEES[row["payee"]] % {"last4": row["last4"], "count": row.get("count", "")},
        "state": PAYOUTS[row["state"]],
        "tone": {"PAID": "done", "BOUNCED": "near"}.get(row["state"], "info"),
    }
