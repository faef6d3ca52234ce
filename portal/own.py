"""What is the reader's own, in words: what he can do now, what he asked and what was answered, his papers; pure."""

import datetime as dt
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = str | Promise
KINDS: dict[str, Words] = {
    "CLUE": gettext_lazy("财产线索"),
    "VISIT": gettext_lazy("预约来访"),
    "COMPLAINT": gettext_lazy("意见投诉"),
    "PAYEE": gettext_lazy("收款账户"),
    "RATING": gettext_lazy("评价"),
    "LINK": gettext_lazy("亲属链接"),
    "REVOKE": gettext_lazy("撤销亲属链接"),
}
RESULTS: dict[str, Words] = {
    "VERIFIED": gettext_lazy("线索属实，已依法处理"),
    "NOT_FOUND": gettext_lazy("已核实，未查到该财产"),
    "UNCLEAR": gettext_lazy("线索不具体，无法核实，请补充"),
    "FIXED": gettext_lazy("同意预约"),
    "OTHER_DAY": gettext_lazy("另约时间"),
    "NO_VISIT": gettext_lazy("不需来访，已在答复中说明"),
    "UPHELD": gettext_lazy("反映属实，已督促改正"),
    "EXPLAINED": gettext_lazy("已核实并说明"),
    "PASSED_ON": gettext_lazy("已转有权处理的部门"),
    "REFUSED": gettext_lazy("未受理"),
    "DONE": gettext_lazy("窗口已办理"),
}
HALVES: dict[str, Words] = {"MORNING": gettext_lazy("上午"), "AFTERNOON": gettext_lazy("下午")}
RENEW_DAYS = 90
IN_STREAM = ("FAST", "ORDINARY")


def read(payload: dict[str, Any], who: str, *, today: dt.date) -> dict[str, Any]:
    """Return what only this reader sees; nothing for a relative."""
    own = payload.get("people", {}).get(who)
    if own is None:
        return {"is_own": False}
    return {
        "is_own": True,
        "todo": _todo(payload, own, today),
        "asks": [_ask(row, today) for row in sorted(own["asks"], key=lambda row: str(row["on"]), reverse=True)],
        "papers": [{**row, "served_on": dt.date.fromisoformat(row["served_on"])} for row in own["papers"]],
        "payee": own["payee"],
        "is_changing": own["is_changing"],
        "is_asked": own["is_asked"],
    }


def to_rate(payload: dict[str, Any], who: str) -> dict[str, bool]:
    """Return the stages that this reader may rate: reached by the case, not rated yet."""
    reached = {step["code"] for step in payload["rail"] if step["on"]}
    if any(row["state"] == "PAID" for row in payload["payouts"]):
        reached.add("MONEY")
    rated = payload.get("people", {}).get(who, {}).get("rated", [])
    return {code: code not in rated for code in sorted(reached)}


def parties(payload: dict[str, Any], who: str) -> dict[int, str]:
    """Return the reader's own name by his number among the parties; of the others none (§13.3)."""
    mine = payload.get("people", {}).get(who)
    return {mine["party"]: mine["name"]} if mine else {}


def _todo(payload: dict[str, Any], own: dict[str, Any], today: dt.date) -> list[dict[str, Any]]:
    """Return what the reader himself can do now, most useful first: a sentence, and where it is done."""
    lines: list[dict[str, Any]] = []
    if missing := own.get("missing"):
        text = _("您立案时还缺：%(labels)s。请在 %(day)s 前交到受理窗口。")
        said = {"labels": "、".join(missing["labels"]), "day": missing["due_on"]}
        lines.append({"text": text % said, "act": "", "is_urgent": True})
    if own["is_changing"]:
        text = _("您变更收款账户，法院要向您本人再核实一次：请留意立案时登记的电话。核实以前不能向您付款。")
        lines.append({"text": text, "act": "", "is_urgent": True})
    elif own["payee"] is None and own.get("is_checked"):
        text = _("您的收款账户已经录入，法院另一名工作人员核对以后才能向您付款，您不用再来。")
        lines.append({"text": text, "act": "", "is_urgent": False})
    elif own["payee"] is None:
        text = _("法院还没有您的收款账户，案款到账也付不出去：请带身份证和银行卡到任一立案窗口办理。")
        lines.append({"text": text, "act": "payee", "is_urgent": True})
    if payload["closing_mode"] == "PROCEDURAL":
        text = _("发现被执行人的财产或下落，请马上告诉法院，可以随时恢复执行。")
        lines.append({"text": text, "act": "clue", "is_urgent": False})
    elif payload["stage"] not in ("CLOSED", "ARCHIVED"):
        text = _("知道被执行人的财产或下落，请告诉法院，法院 7 日内核实并答复您。")
        lines.append({"text": text, "act": "clue", "is_urgent": False})
    for day in _ending(payload, today):
        told = {"day": day.isoformat(), "until": (day - dt.timedelta(days=7)).isoformat()}
        text = _("一项控制措施 %(day)s 届满，要续行请在 %(until)s 前提出。") % told
        lines.append({"text": text, "act": "visit", "is_urgent": True})
    return lines


def _ending(payload: dict[str, Any], today: dt.date) -> list[dt.date]:
    days = [dt.date.fromisoformat(row["to"]) for row in payload["controls"] if row["to"]]
    return sorted({day for day in days if today <= day <= today + dt.timedelta(days=RENEW_DAYS)})


def _ask(row: dict[str, Any], today: dt.date) -> dict[str, Any]:
    by = dt.date.fromisoformat(row["by"]) if row["by"] else None
    is_late = by is not None and not row["result"] and by < today
    return {
        "kind": KINDS.get(row["kind"], ""),
        "receipt": row["receipt"],
        "on": dt.date.fromisoformat(row["on"]),
        "by": by,
        "is_late": is_late,
        "days_late": (today - by).days if is_late and by else 0,
        "result": RESULTS.get(row["result"], ""),
        "is_refused": row["result"] == "REFUSED",
        "answer": row["answer"],
        "answered_on": dt.date.fromisoformat(row["answered_on"]) if row["answered_on"] else None,
        "meeting_on": dt.date.fromisoformat(row["meeting_on"]) if row.get("meeting_on") else None,
        "meeting_half": HALVES.get(row.get("meeting_half", ""), ""),
    }
