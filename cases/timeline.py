"""The record of a case in words: each event as a sentence, with its details named."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Event, User
from cases import nodes, packs
from cases.models import Case, Handover, Suspension
from cases.pauses import PauseKind

SENTENCES: dict[str, str | Promise] = {
    "register": gettext_lazy("登记立案"),
    "enter_number": gettext_lazy("录入案号"),
    "open_escrow": gettext_lazy("开立一案一账号"),
    "confirm_payee": gettext_lazy("确认收款账户"),
    "receive_material": gettext_lazy("收到材料"),
    "open_restricted": gettext_lazy("查看限制材料"),
    "issue_code": gettext_lazy("发出查询码"),
    "reissue_code": gettext_lazy("补发查询码"),
    "verify": gettext_lazy("核对立案信息"),
    "triage": gettext_lazy("完成繁简分流"),
    "assign": gettext_lazy("确定办理团队和承办法官"),
    "allocate": gettext_lazy("分案，交事务团队启动"),
    "start": gettext_lazy("启动案件"),
    "hand_over": gettext_lazy("移交办理团队"),
    "enter_stream": gettext_lazy("办理团队接收案件"),
    "send_back": gettext_lazy("退回移交"),
    "suspend": gettext_lazy("中止执行"),
    "resume": gettext_lazy("恢复执行"),
    "fulfil": gettext_lazy("执行完毕结案"),
    "terminate": gettext_lazy("终结执行结案"),
    "exclude_period": gettext_lazy("登记不计入期限的期间"),
    "end_period": gettext_lazy("不计入期限的期间结束"),
    "deadline_alert": gettext_lazy("期限预警"),
    "deadline_reached": gettext_lazy("期限届至"),
    "note_done": gettext_lazy("登记期限事项已办"),
    "cancel_deadlines": gettext_lazy("结案后取消未了期限"),
    "no_next_step": gettext_lazy("案件没有下一步，系统提示"),
    "receive": gettext_lazy("案款到账"),
    "flag_overdue": gettext_lazy("案款逾期未发放，系统标记"),
    "request_payout": gettext_lazy("申请发放案款"),
    "check_payout": gettext_lazy("审核通过发放"),
    "approve_payout": gettext_lazy("审批通过发放"),
    "reject_payout": gettext_lazy("驳回发放"),
    "pay_payout": gettext_lazy("付款，交银行办理"),
    "confirm_payout": gettext_lazy("银行确认到账"),
    "bounce_payout": gettext_lazy("银行退票，款项退回案款账户"),
    "request_delay": gettext_lazy("申请延期发放"),
    "decide_delay": gettext_lazy("审批延期发放"),
    "end_delay": gettext_lazy("延期理由消除"),
    "reveal_account": gettext_lazy("查看完整收款账号"),
}
LABELS: dict[str, str | Promise] = {
    "amount": gettext_lazy("金额（元）"),
    "cash_found": gettext_lazy("可控存款（元）"),
    "unpaid": gettext_lazy("未发放（元）"),
    "before": gettext_lazy("原阶段"),
    "after": gettext_lazy("现阶段"),
    "stream": gettext_lazy("分流结果"),
    "proposed": gettext_lazy("规则建议"),
    "decided": gettext_lazy("分流决定"),
    "hits": gettext_lazy("命中规则"),
    "reason": gettext_lazy("理由"),
    "note": gettext_lazy("说明"),
    "judge": gettext_lazy("承办法官"),
    "starter": gettext_lazy("启动承办人"),
    "team": gettext_lazy("办理团队"),
    "to_team": gettext_lazy("接收团队"),
    "pack": gettext_lazy("移交清单"),
    "defects": gettext_lazy("退回原因"),
    "ground": gettext_lazy("中止事由"),
    "document": gettext_lazy("文书或凭据"),
    "number": gettext_lazy("案号"),
    "basis": gettext_lazy("执行依据"),
    "court": gettext_lazy("案号法院"),
    "window": gettext_lazy("立案窗口"),
    "node": gettext_lazy("期限事项"),
    "level": gettext_lazy("预警级别"),
    "pause": gettext_lazy("扣除事由"),
    "from_on": gettext_lazy("起始日"),
    "due_on": gettext_lazy("应办日"),
    "arrived_on": gettext_lazy("到账日"),
    "paid_on": gettext_lazy("付讫日"),
    "until_on": gettext_lazy("截止日"),
    "ended_on": gettext_lazy("结束日"),
    "serial": gettext_lazy("银行流水号"),
    "account": gettext_lazy("子账号"),
    "last4": gettext_lazy("账号尾号"),
    "count": gettext_lazy("份数"),
}
PEOPLE = ("judge", "starter")
CODES: dict[str, dict[str, Any]] = {
    "before": dict(Case.Stage.choices),
    "after": dict(Case.Stage.choices),
    "stream": dict(Case.Stream.choices),
    "proposed": dict(Case.Stream.choices),
    "decided": dict(Case.Stream.choices),
    "ground": dict(Suspension.Ground.choices),
    "defects": dict(Handover.Defect.choices),
    "pack": {code: item.label for code, item in packs.BY_CODE.items()},
    "node": {code: node.label for code, node in nodes.BY_CODE.items()},
    "level": dict(nodes.Level.choices),
    "pause": dict(PauseKind.choices),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One event as the timeline prints it."""

    event_id: int
    at: dt.datetime
    verb: str
    sentence: str
    actor: str
    facts: list[tuple[str, str]]


def lines(events: Iterable[Event]) -> list[Line]:
    """Return the events in words; one query for the people that the details name."""
    rows = [(event, json.loads(event.details)) for event in events]
    ids = {details[name] for _event, details in rows for name in PEOPLE if details.get(name)}
    people = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
    return [
        Line(
            event_id=event.pk,
            at=event.at,
            verb=event.verb,
            sentence=str(SENTENCES.get(event.verb, event.verb)),
            actor=event.actor.name,
            facts=[(str(LABELS[name]), _word(name, details[name], people)) for name in LABELS if details.get(name)],
        )
        for event, details in rows
    ]


def _word(name: str, value: Any, people: dict[int, str]) -> str:
    if name in PEOPLE:
        return people.get(value, _("（已离职）"))
    codes = CODES.get(name, {})
    if isinstance(value, list):
        return "、".join(str(codes.get(code, code)) for code in value)
    return str(codes.get(value, value))
