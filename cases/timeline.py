"""The record of a case in words: each event as a sentence, with its details named."""

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Court, Event, EventQuerySet, Team, User, Window
from bureau.money import yuan
from bureau.names import shown
from cases import closinggrounds, corrections, departments, forgotten, nodes, packs, sanctionlaw
from cases.controlcodes import AssetKind, Measure, ReleaseGround
from cases.models import (
    Agent,
    Case,
    ClosingSignature,
    Contact,
    Correction,
    Handover,
    NetworkQuery,
    Party,
    PartyAsk,
    PartyChange,
    Performance,
    QueryAnswer,
    RelatedCase,
    Requery,
    Sanction,
    SanctionRequest,
    Stay,
    Suspension,
    WorkOrder,
)
from cases.pauses import PauseKind
from cases.sentences import FOUND_DETAILS, FOUND_VERBS, MONEY_VERBS, SENTENCES, VIEW_FOUND, VIEW_MONEY

LABELS: dict[str, str | Promise] = {
    "sanction_kind": gettext_lazy("措施"),
    "debtor": gettext_lazy("被执行人"),
    "outsider": gettext_lazy("协助义务人"),
    "sanction_ground": gettext_lazy("情形"),
    "removal_ground": gettext_lazy("解除事由"),
    "arose_on": gettext_lazy("事由发生日"),
    "removal_way": gettext_lazy("解除方式"),
    "received_on": gettext_lazy("收到日"),
    "request_result": gettext_lazy("处理结果"),
    "ask_result": gettext_lazy("处理结果"),
    "days": gettext_lazy("日数"),
    "position": gettext_lazy("期次"),
    "amount": gettext_lazy("金额（元）"),
    "cash_found": gettext_lazy("可控存款（元）"),
    "cash_answered": gettext_lazy("查控反馈的存款（元）"),
    "cash_reason": gettext_lazy("与查控反馈不同的理由"),
    "unpaid": gettext_lazy("未发放（元）"),
    "before": gettext_lazy("原阶段"),
    "after": gettext_lazy("现阶段"),
    "stream": gettext_lazy("分流结果"),
    "proposed": gettext_lazy("规则建议"),
    "decided": gettext_lazy("分流决定"),
    "hits": gettext_lazy("命中规则"),
    "reason": gettext_lazy("理由"),
    "lacking": gettext_lazy("原因"),
    "note": gettext_lazy("说明"),
    "judge": gettext_lazy("承办法官"),
    "starter": gettext_lazy("启动承办人"),
    "team": gettext_lazy("办理团队"),
    "to_team": gettext_lazy("接收团队"),
    "pack": gettext_lazy("移交清单"),
    "defects": gettext_lazy("退回原因"),
    "ground": gettext_lazy("事由"),
    "closing_ground": gettext_lazy("结案事由"),
    "settled_until_on": gettext_lazy("和解约定履行期满日"),
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
    "correction_target": gettext_lazy("更正对象"),
    "party_side": gettext_lazy("当事人"),
    "fields": gettext_lazy("更正项目"),
    "correction_reason": gettext_lazy("更正事由"),
    "party_change": gettext_lazy("变更事项"),
    "agent_kind": gettext_lazy("代理人身份"),
    "powers": gettext_lazy("代理权限"),
    "performed_by": gettext_lazy("履行方式"),
    "performed_on": gettext_lazy("履行日"),
    "old_amount": gettext_lazy("原金额（元）"),
    "document": gettext_lazy("文书或凭据"),
    "number": gettext_lazy("案号或文号"),
    "title": gettext_lazy("文书名称"),
    "provider": gettext_lazy("查控系统"),
    "batch": gettext_lazy("查询批次号"),
    "sources": gettext_lazy("查询单位"),
    "found_count": gettext_lazy("查得财产项数"),
    "lost_count": gettext_lazy("未成功单位数"),
    "missing": gettext_lazy("所缺材料"),
    "edited_count": gettext_lazy("人工改动段落数"),
    "seal": gettext_lazy("印章编号"),
    "seal_keeper": gettext_lazy("印章保管人"),
    "way": gettext_lazy("送达方式"),
    "receiver_kind": gettext_lazy("签收人身份"),
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
    "years": gettext_lazy("延长年数"),
    "ended_on": gettext_lazy("结束日"),
    "serial": gettext_lazy("银行流水号"),
    "account": gettext_lazy("子账号"),
    "last4": gettext_lazy("账号尾号"),
    "replaced_last4": gettext_lazy("原账号尾号"),
    "count": gettext_lazy("数量"),
    "asset_kind": gettext_lazy("财产种类"),
    "measure": gettext_lazy("控制措施"),
    "rank": gettext_lazy("顺位"),
    "ruling": gettext_lazy("裁定文号"),
    "to_on": gettext_lazy("届满日"),
    "old_to_on": gettext_lazy("原届满日"),
    "release_ground": gettext_lazy("解除事由"),
    "keeper": gettext_lazy("续行责任人"),
    "days_left": gettext_lazy("剩余天数"),
    "made_on": gettext_lazy("查询日"),
    "requery_result": gettext_lazy("查询结果"),
}
MONEY = ("amount", "old_amount", "cash_found", "cash_answered", "unpaid")
UNITS: dict[str, Any] = {"team": Team, "to_team": Team, "court": Court, "window": Window}
PEOPLE = ("judge", "starter", "officer1", "officer2", "from_user", "to_user", "keeper")
CODES: dict[str, dict[str, Any]] = {
    "lacking": forgotten.WORDS,
    "before": dict(Case.Stage.choices),
    "after": dict(Case.Stage.choices),
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
    "correction_target": dict(Correction.Target.choices),
    "party_side": dict(Party.Side.choices),
    "correction_reason": dict(Correction.Reason.choices),
    "party_change": dict(PartyChange.Kind.choices),
    "agent_kind": dict(Agent.Kind.choices),
    "powers": dict(Agent.Powers.choices),
    "performed_by": dict(Performance.Way.choices),
    "fields": {
        f"{target}.{name}": corrections.label_of(name, target)
        for target, names in corrections.FIELDS.items()
        for name in names
    },
    "pack": {code: item.label for code, item in packs.BY_CODE.items()},
    "node": {code: node.label for code, node in nodes.BY_CODE.items()},
    "level": dict(nodes.Level.choices),
    "pause": dict(PauseKind.choices),
    "provider": dict(NetworkQuery.Provider.choices),
    "sources": dict(QueryAnswer.Source.choices),
    "relation": dict(RelatedCase.Relation.choices),
    "review_result": dict(RelatedCase.Result.choices),
    "sanction_kind": dict(Sanction.Kind.choices),
    "closing_ground": {row.code: row.label for row in closinggrounds.GROUNDS},
    "sanction_ground": {row.code: row.label for row in sanctionlaw.GROUNDS},
    "removal_ground": {row.code: row.label for row in sanctionlaw.ENDINGS},
    "removal_way": dict(Sanction.Way.choices),
    "request_result": dict(SanctionRequest.Result.choices),
    "ask_result": dict(PartyAsk.Result.choices),
    "asset_kind": dict(AssetKind.choices),
    "measure": dict(Measure.choices),
    "release_ground": dict(ReleaseGround.choices),
    "requery_result": dict(Requery.Result.choices),
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
    url: str = ""


def events_of(case: Case, user: User) -> EventQuerySet:
    """Return the record of a case as far as the user may read it, newest first.

    Money only to those who may see it, what the network found only to those who may see what is controlled.
    """
    events = Event.objects.filter(chain=f"case:{case.pk}").for_timeline()
    if not user.has_perm(VIEW_FOUND):
        events = events.exclude(verb__in=FOUND_VERBS)
    return events if user.has_perm(VIEW_MONEY) else events.exclude(verb__in=MONEY_VERBS)


def lines(
    events: Iterable[Event], *, reader: User | None = None, sentences: Mapping[str, str | Promise] = SENTENCES
) -> list[Line]:
    """Return the events in words; at most four small queries for the people and units that the details name.

    A reader who may not see what the network found is told nothing of it; without a reader the house asks for itself.
    """
    rows = [(event, json.loads(event.details)) for event in events]
    if reader is not None and not reader.has_perm(VIEW_FOUND):
        rows = [(event, _without_found(event, details)) for event, details in rows]
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
            url=_address(event.subject),
        )
        for event, details in rows
    ]


def _without_found(event: Event, details: dict[str, Any]) -> dict[str, Any]:
    if event.verb in FOUND_VERBS:
        return {}
    return {name: value for name, value in details.items() if name not in FOUND_DETAILS}


def _address(subject: str) -> str:
    # A proposal to close stays to be read after the case is closed.
    model, _colon, key = subject.partition(":")
    return reverse("cases:closing", args=[key]) if model == "closing" else ""


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
        codes = self._units.get(name) or _codes().get(name, {})
        if isinstance(value, list):
            return _("、").join(str(codes.get(code, code)) for code in value)
        return str(codes.get(value, value))


@cache
def _codes() -> dict[str, dict[str, Any]]:
    # The codes of the rooms above, which the case file does not know, beside its own.
    known = {name: dict(words) for name, words in CODES.items()}
    for path in settings.RECORD_WORDS:
        for name, words in import_string(path).items():
            known[name] = known.get(name, {}) | words
    return known


def _is_shown(value: Any) -> bool:
    # A keyed digest says nothing to a reader.
    return bool(value) and not (isinstance(value, str) and re.fullmatch(r"[0-9a-f]{64}", value))
