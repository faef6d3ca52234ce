"""The record of a case in words: each event as a sentence, with its details named."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Court, Event, EventQuerySet, Team, User, Window
from bureau.money import yuan
from bureau.names import shown
from cases import departments, nodes, packs
from cases.models import (
    Case,
    ClosingSignature,
    Contact,
    Handover,
    Party,
    RelatedCase,
    Stay,
    Suspension,
    WorkOrder,
)
from cases.pauses import PauseKind

SENTENCES: dict[str, str | Promise] = {
    "register": gettext_lazy("登记立案"),
    "enter_number": gettext_lazy("录入案号"),
    "open_escrow": gettext_lazy("开立一案一账号"),
    "confirm_payee": gettext_lazy("确认收款账户"),
    "request_payee_change": gettext_lazy("申请变更收款账户，待另一人确认"),
    "refuse_payee_change": gettext_lazy("收款账户变更未予确认"),
    "receive_material": gettext_lazy("收到材料"),
    "issue_document": gettext_lazy("签发文书"),
    "propose_document": gettext_lazy("提请签发文书"),
    "send_back_draft": gettext_lazy("退回拟稿"),
    "void_document": gettext_lazy("作废文书，由新文书取代"),
    "fail_printing": gettext_lazy("文书PDF制作失败"),
    "retry_printing": gettext_lazy("重新制作文书PDF"),
    "confirm_address": gettext_lazy("确认送达地址"),
    "send_document": gettext_lazy("送达文书"),
    "note_attempt": gettext_lazy("送达未成，登记原因"),
    "deliver_document": gettext_lazy("文书已送达"),
    "export_efile": gettext_lazy("导出卷宗"),
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
    "change_stream": gettext_lazy("提出简繁转换"),
    "escalate_handover": gettext_lazy("三次退回，报指挥中心协调"),
    "upgrade": gettext_lazy("普执团队接收，简案转繁案"),
    "downgrade": gettext_lazy("速执团队接收，繁案转简案"),
    "stay": gettext_lazy("暂缓执行"),
    "stay_ended": gettext_lazy("暂缓期已届满，应恢复执行或另作决定"),
    "settle": gettext_lazy("登记执行和解"),
    "note_instalment": gettext_lazy("登记和解履行"),
    "break_settlement": gettext_lazy("和解未履行，恢复执行"),
    "propose_closing": gettext_lazy("提请结案"),
    "return_closing": gettext_lazy("退回结案提请"),
    "sign_closing": gettext_lazy("签署结案审查"),
    "close": gettext_lazy("结案"),
    "archive": gettext_lazy("归档"),
    "revive": gettext_lazy("恢复执行立案"),
    "pass_stage": gettext_lazy("接管：本阶段承办人变更"),
    "request_work": gettext_lazy("请求协作"),
    "accept_work": gettext_lazy("协作接单"),
    "finish_work": gettext_lazy("协作办结，答复"),
    "confirm_work": gettext_lazy("确认协作结果"),
    "return_work": gettext_lazy("退回协作结果"),
    "withdraw_work": gettext_lazy("撤回协作"),
    "pass_work": gettext_lazy("接管：协作办理人变更"),
    "log_contact": gettext_lazy("登记联系记录"),
    "settle_promise": gettext_lazy("核对承诺"),
    "add_note": gettext_lazy("添加备注"),
    "register_related": gettext_lazy("登记关联案件"),
    "decide_related": gettext_lazy("登记关联案件的结果"),
    "strike_related": gettext_lazy("撤销关联案件的登记"),
    "hold": gettext_lazy("搁置"),
    "end_hold": gettext_lazy("结束搁置，恢复办理"),
    "exclude_period": gettext_lazy("登记不计入期限的期间"),
    "end_period": gettext_lazy("不计入期限的期间结束"),
    "deadline_alert": gettext_lazy("期限预警"),
    "deadline_reached": gettext_lazy("期限届至"),
    "note_done": gettext_lazy("登记期限事项已办"),
    "cancel_deadlines": gettext_lazy("结案后取消未了期限"),
    "no_next_step": gettext_lazy("案件没有下一步，系统提示"),
    "receive": gettext_lazy("案款到账"),
    "unidentify": gettext_lazy("认领有误，来款退回待认领"),
    "flag_overdue": gettext_lazy("案款逾期未发放，系统标记"),
    "request_payout": gettext_lazy("申请发放案款"),
    "check_payout": gettext_lazy("审核通过发放"),
    "approve_payout": gettext_lazy("审批通过发放"),
    "reject_payout": gettext_lazy("驳回发放"),
    "climb_approval": gettext_lazy("超过一个工作日未审批，提请授权代签人"),
    "pay_payout": gettext_lazy("付款，交银行办理"),
    "confirm_payout": gettext_lazy("银行确认到账"),
    "bounce_payout": gettext_lazy("银行退票，款项退回案款账户"),
    "move": gettext_lazy("款项转入另案"),
    "move_in": gettext_lazy("另案款项转入，期限自最初到账日起算"),
    "move_back": gettext_lazy("另案转入的款项冲正退回"),
    "deposit_absent": gettext_lazy("提存"),
    "reverse_payout": gettext_lazy("冲正，款项退回本案账户"),
    "enter_other_payee": gettext_lazy("录入其他收款人账户，待另一人确认"),
    "propose_plan": gettext_lazy("提出分配方案"),
    "approve_plan": gettext_lazy("核准分配方案"),
    "withdraw_plan": gettext_lazy("撤回分配方案"),
    "serve_plan": gettext_lazy("分配方案送达完毕，起算异议期"),
    "object_to_plan": gettext_lazy("收到对分配方案的异议"),
    "notify_plan_objection": gettext_lazy("将异议通知其他债权人和被执行人"),
    "counter_plan_objection": gettext_lazy("收到对异议的反对意见"),
    "notify_plan_counter": gettext_lazy("将反对意见通知异议人"),
    "file_plan_suit": gettext_lazy("异议人提起分配方案异议之诉"),
    "end_plan_objection": gettext_lazy("分配方案异议结束"),
    "request_delay": gettext_lazy("申请延期发放"),
    "decide_delay": gettext_lazy("审批延期发放"),
    "end_delay": gettext_lazy("延期理由消除"),
    "reveal_account": gettext_lazy("查看完整收款账号"),
}
# What only those may read who may see money; accounts' verbs are named here because the case file lies beneath it.
VIEW_MONEY = "accounts.view_money"
MONEY_VERBS = frozenset(
    {
        *("open_escrow", "confirm_payee", "request_payee_change", "refuse_payee_change", "reveal_account"),
        *("receive", "arrive_unidentified", "unidentify", "flag_overdue"),
        *("request_payout", "check_payout", "approve_payout", "reject_payout"),
        *("pay_payout", "confirm_payout", "bounce_payout", "enter_other_payee", "climb_approval"),
        *(
            "books_broken",
            "propose_plan",
            "approve_plan",
            "withdraw_plan",
            "serve_plan",
            "object_to_plan",
            "notify_plan_objection",
        ),
        *("counter_plan_objection", "notify_plan_counter", "file_plan_suit", "end_plan_objection"),
        *("move", "move_in", "move_back", "deposit_absent", "reverse_payout"),
        *("request_delay", "decide_delay", "end_delay"),
    }
)
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
    "ground": gettext_lazy("事由"),
    "mode": gettext_lazy("结案方式"),
    "step": gettext_lazy("环节"),
    "work_kind": gettext_lazy("协作种类"),
    "department": gettext_lazy("部门"),
    "district": gettext_lazy("区域"),
    "result": gettext_lazy("结果"),
    "officer1": gettext_lazy("执行人员一"),
    "officer2": gettext_lazy("执行人员二"),
    "from_user": gettext_lazy("原承办人"),
    "to_user": gettext_lazy("接管人"),
    "contact_kind": gettext_lazy("方式"),
    "side": gettext_lazy("对方"),
    "promise": gettext_lazy("承诺"),
    "promised_on": gettext_lazy("承诺日"),
    "relation": gettext_lazy("关联类型"),
    "review_result": gettext_lazy("审查结果"),
    "document": gettext_lazy("文书或凭据"),
    "number": gettext_lazy("案号或文号"),
    "title": gettext_lazy("文书名称"),
    "way": gettext_lazy("送达方式"),
    "failure": gettext_lazy("未送达原因"),
    "deemed_on": gettext_lazy("视为送达日"),
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
    "filed_on": gettext_lazy("立案日"),
    "decided_on": gettext_lazy("作出日"),
    "served_on": gettext_lazy("送达日"),
    "until_on": gettext_lazy("截止日"),
    "ended_on": gettext_lazy("结束日"),
    "serial": gettext_lazy("银行流水号"),
    "account": gettext_lazy("子账号"),
    "last4": gettext_lazy("账号尾号"),
    "replaced_last4": gettext_lazy("原账号尾号"),
    "count": gettext_lazy("数量"),
}
WAYS = {
    "DIRECT": gettext_lazy("直接送达"),
    "LEFT": gettext_lazy("留置送达"),
    "ELECTRONIC": gettext_lazy("电子送达"),
    "ENTRUSTED": gettext_lazy("委托送达"),
    "MAIL": gettext_lazy("邮寄送达"),
    "FORWARDED": gettext_lazy("转交送达"),
    "NOTICE": gettext_lazy("公告送达"),
}
FAILURES = {
    "ABSENT": gettext_lazy("受送达人不在"),
    "REFUSED": gettext_lazy("拒绝签收"),
    "MOVED": gettext_lazy("已搬离原址"),
    "WRONG_ADDRESS": gettext_lazy("地址有误或不存在"),
    "UNREACHABLE": gettext_lazy("电话无人接听或停机"),
    "RETURNED": gettext_lazy("邮件退回"),
    "UNDELIVERABLE": gettext_lazy("电子送达未到达"),
    "OTHER": gettext_lazy("其他"),
}
MONEY = ("amount", "cash_found", "unpaid")
UNITS: dict[str, Any] = {"team": Team, "to_team": Team, "court": Court, "window": Window}
PEOPLE = ("judge", "starter", "officer1", "officer2", "from_user", "to_user")
CODES: dict[str, dict[str, Any]] = {
    "before": dict(Case.Stage.choices),
    "after": dict(Case.Stage.choices),
    "way": WAYS,
    "failure": FAILURES,
    "stream": dict(Case.Stream.choices),
    "proposed": dict(Case.Stream.choices),
    "decided": dict(Case.Stream.choices),
    "ground": {**dict(Suspension.Ground.choices), **dict(Stay.Ground.choices)},
    "mode": dict(Case.ClosingMode.choices),
    "step": dict(ClosingSignature.Step.choices),
    "defects": dict(Handover.Defect.choices),
    "work_kind": dict(WorkOrder.Kind.choices),
    "department": dict(departments.CHOICES),
    "district": dict(departments.DISTRICTS),
    "result": dict(WorkOrder.Result.choices),
    "contact_kind": dict(Contact.Kind.choices),
    "side": dict(Party.Side.choices),
    "promise": dict(Contact.Promise.choices),
    "pack": {code: item.label for code, item in packs.BY_CODE.items()},
    "node": {code: node.label for code, node in nodes.BY_CODE.items()},
    "level": dict(nodes.Level.choices),
    "pause": dict(PauseKind.choices),
    "relation": dict(RelatedCase.Relation.choices),
    "review_result": dict(RelatedCase.Result.choices),
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


def events_of(case: Case, user: User) -> EventQuerySet:
    """Return the record of a case as far as the user may read it, newest first; money only to those who may see it."""
    events = Event.objects.filter(chain=f"case:{case.pk}").for_timeline()
    return events if user.has_perm(VIEW_MONEY) else events.exclude(verb__in=MONEY_VERBS)


def lines(events: Iterable[Event], sentences: Mapping[str, str | Promise] = SENTENCES) -> list[Line]:
    """Return the events in words; at most four small queries for the people and units that the details name."""
    rows = [(event, json.loads(event.details)) for event in events]
    names = _Names([details for _event, details in rows])
    return [
        Line(
            event_id=event.pk,
            at=event.at,
            verb=event.verb,
            sentence=str(sentences.get(event.verb, event.verb)),
            actor=shown(event.actor),
            facts=[
                (str(LABELS[name]), names.word(name, details[name])) for name in LABELS if _is_shown(details.get(name))
            ],
        )
        for event, details in rows
    ]


class _Names:
    """Names of the people, teams, courts and windows that details name by number or code."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        ids = {details[name] for details in rows for name in PEOPLE if details.get(name)}
        self._people = dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
        self._units = {
            name: dict(model.objects.values_list("code", "name"))
            for name, model in UNITS.items()
            if any(details.get(name) for details in rows)
        }

    def word(self, name: str, value: Any) -> str:
        """Return one detail as a reader wants it."""
        if name in PEOPLE:
            return str(self._people.get(value, _("（已离职）")))
        if name in MONEY:
            return yuan(Decimal(str(value)))
        codes = self._units.get(name) or CODES.get(name, {})
        if isinstance(value, list):
            return _("、").join(str(codes.get(code, code)) for code in value)
        return str(codes.get(value, value))


def _is_shown(value: Any) -> bool:
    # A keyed digest says nothing to a reader.
    return bool(value) and not (isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value))
