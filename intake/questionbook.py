"""The first version of the questions by claim type (domain handbook §3.7): local practice, edited on its page later.

What is asked and answered stays Chinese, as the record is.
"""

import datetime as dt
from typing import Any

from cases import basis
from cases.controlcodes import AssetKind
from intake.questions import AMOUNT, CHOICE, DATE, FLAG, SUBJECT, YES, YESNO, Question, content_of

FROM_ON = dt.date(2021, 8, 16)
NOTE = "随系统提供的第一版，待执行局确认"
PERSON, ORGANISATION = "自然人", "法人或其他组织"
# What an enforceable document is called, by the choice of the filing form that stands for it.
BASES: dict[str, str] = {}
for _kind, _titles in basis.TITLES.items():
    for _title in _titles:
        BASES.setdefault(_title, basis.chosen(_kind, _title))
SEIZED: dict[str, str] = {
    "银行存款": AssetKind.DEPOSIT,
    "不动产": AssetKind.REAL_ESTATE,
    "车辆": AssetKind.VEHICLE,
    "机器、存货等动产": AssetKind.GOODS,
    "股权": AssetKind.EQUITY,
    "到期债权": AssetKind.MATURED_CLAIM,
}
CLUES: dict[str, str] = {
    "clue_bank": "银行账户（开户行、账号）",
    "clue_pay": "微信、支付宝",
    "clue_vehicle": "车辆（车牌号、停放地）",
    "clue_estate": "房产、土地（坐落）",
    "clue_fund": "住房公积金、社保缴纳单位",
    "clue_income": "工作单位、收入",
    "clue_equity": "股权、投资",
    "clue_claims": "应收款、到期债权（谁欠被执行人）",
}
TOLD = (
    ("process", "执行流程：立案、查控、财产处置、案款发放、结案各阶段由谁办理、如何查询进展。"),
    ("term", "执行期限：一般自立案之日起六个月内执结，依法不计入期限的期间除外。"),
    (
        "risk",
        "执行风险：被执行人确无财产可供执行的，可能无法实现债权，法院可以裁定终结本次执行程序，发现财产后可以恢复执行。",
    ),
    ("interest", "迟延履行：被执行人未按期履行的，应当加倍支付迟延履行期间的债务利息或者支付迟延履行金。"),
    ("fee", "执行申请费：申请时不预交，由被执行人负担。"),
    ("measures", "限制消费和失信名单：适用的条件、期限和解除的办法；申请执行人可以书面申请。"),
    ("clues", "财产线索：申请执行人应当提供所知道的被执行人财产线索，可以随时补充。"),
    ("account", "案款账号：一案一账号，案款只能汇入本案账号，不向任何个人付款。"),
    ("supervision", "监督电话：12368，对执行不力、执行行为违法或者廉政问题可以反映。"),
)


def _of(key: str, label: str, kind: str = "text", **more: Any) -> Question:
    return Question(key, label, kind, **more)


def _if(key: str, *answers: str) -> dict[str, Any]:
    return {"when": (key, answers)}


_MUST: dict[str, Any] = {"is_required": True}
_LONG: dict[str, Any] = {"is_long": True}
OTHERS_HINT = "每行一名：姓名或名称，证件号码，电话，住址；不知道的不写"
_VISITOR = (
    _of("visitor", "被接待人姓名", section="来访人", **_MUST),
    _of(
        "identity_check",
        "身份如何核对",
        CHOICE,
        options=("居民身份证原件", "律师执业证原件", "营业执照及法定代表人身份证明", "其他证件原件"),
        **_MUST,
    ),
    _of(
        "relation",
        "与本案的关系",
        CHOICE,
        options=("申请执行人本人", "法定代表人、负责人", "委托代理律师", "其他委托代理人", "法定代理人", "近亲属"),
        **_MUST,
    ),
    _of(
        "authority",
        "授权范围",
        CHOICE,
        options=("一般授权", "特别授权（含代收案款）", "特别授权（不含代收案款）"),
        **_if("relation", "委托代理律师", "其他委托代理人"),
    ),
    _of("contact_phone", "联系电话", **_MUST),
    _of("contact_way", "愿意怎样联系", CHOICE, options=("电话", "短信", "微信", "邮寄")),
)
_APPLICANT = (
    _of("applicant", "申请执行人姓名或名称", section="申请执行人", hint="与来访人是同一人的可不填"),
    _of("applicant_id", "身份证号或统一社会信用代码"),
    _of("applicant_legal", "法定代表人或负责人", **_if(SUBJECT, "ORGANISATION")),
    _of("applicant_address", "住址或住所地"),
    _of("other_applicants", "其他申请执行人", hint=OTHERS_HINT, is_long=True),
    _of(
        "special",
        "特殊情况",
        CHOICE,
        options=("无", "老年人", "残疾人", "农民工", "军人、军属", "涉及人数众多", "生活困难，申请司法救助"),
        **_if(SUBJECT, "PERSON"),
    ),
    _of("special_note", "特殊情况说明", **_LONG),
)
_BASIS = (
    _of("basis_number", "执行依据文号", section="执行依据", hint="照文书抄写，如 (2021)内0302民初100号", **_MUST),
    _of("basis_kind", "文书种类", CHOICE, options=tuple(BASES)),
    _of("basis_issuer", "作出机关"),
    _of("basis_made_on", "文书作出日", DATE),
    _of("basis_effective_on", "生效日", DATE),
    _of("performance_due_on", "履行期限届满日", DATE),
    _of("cause", "案由"),
)
_DEMAND = _of("demand", "要求执行什么（照来访人的话记录）", section="执行请求", is_long=True, **_MUST)
_MONEY = (
    _of("principal", "本金或应付款（元）", AMOUNT),
    _of("has_interest", "另要求利息或者违约金", YESNO),
    _of("interest", "利息或违约金（元）", AMOUNT, **_if("has_interest", YES)),
    _of("interest_rate", "利率或计算方法", **_if("has_interest", YES)),
    _of("interest_from", "起算日", DATE, **_if("has_interest", YES)),
    _of("court_fee", "案件受理费由对方负担（元）", AMOUNT),
    _of("wage_months", "拖欠的月份和工种", **_if(FLAG, "LABOUR")),
    _of("support_for", "为谁追索，每月多少、欠付几个月", **_if(FLAG, "SUPPORT")),
)
_DELIVERY = (
    _of("thing", "要求交付的物（名称、数量、特征）", is_long=True),
    _of("thing_place", "该物现在何处、由谁占有", is_long=True),
    _of("thing_lost", "该物是否已毁损或者灭失", YESNO),
    _of("thing_price", "愿意折价赔偿的数额（元）", AMOUNT, **_if("thing_lost", YES)),
)
_ACT = (
    _of("act", "要求履行的行为", is_long=True),
    _of("act_by_other", "能否由他人代为完成", YESNO),
    _of("act_cost", "代为完成的费用估计（元）", AMOUNT, **_if("act_by_other", YES)),
)
_EVICTION = (
    _of("premises", "要求腾退的房屋、土地（坐落、面积）", is_long=True),
    _of("occupants", "现由谁占用、有几人居住", is_long=True),
    _of("occupant_special", "占用人中有无老人、儿童、病人", YESNO),
    _of("occupant_note", "具体情况", is_long=True, **_if("occupant_special", YES)),
    _of("other_home", "占用人有无其他住处", YESNO),
)
_PERFORMED = (
    _of("is_performed", "对方是否已履行过一部分", YESNO, section="履行情况", **_MUST),
    _of("performed_amount", "已履行金额（元）", AMOUNT, **_if("is_performed", YES)),
    _of("performed_note", "何时、怎样履行", is_long=True, **_if("is_performed", YES)),
    _of("facts", "事实和理由", **_LONG),
)
_DEBTOR = (
    _of("debtor", "被执行人姓名或名称", section="被执行人", **_MUST),
    _of("debtor_kind", "被执行人类型", CHOICE, options=(PERSON, ORGANISATION)),
    _of("debtor_id", "被执行人证件号码"),
    _of("debtor_legal", "被执行人法定代表人", **_if("debtor_kind", ORGANISATION)),
    _of("debtor_whereabouts", "被执行人现在何处（住址、常去的地方；不知道的写“不知道”）", is_long=True, **_MUST),
    _of("debtor_phone", "被执行人电话"),
    _of("debtor_job", "被执行人工作单位、从事什么", **_if("debtor_kind", PERSON)),
    _of("other_debtors", "其他被执行人", hint=OTHERS_HINT, is_long=True),
    _of("debtor_family", "被执行人家庭情况", **_if("debtor_kind", PERSON)),
)
_CLUES = (
    _of("has_clues", "是否知道被执行人的财产线索", YESNO, section="财产线索", **_MUST),
    *(_of(key, label, **_if("has_clues", YES)) for key, label in CLUES.items()),
    _of("is_seized", "是否已经保全（查封、冻结）", YESNO, section="已保全财产", **_MUST),
    _of("seized_kind", "保全的财产种类", CHOICE, options=tuple(SEIZED), **_if("is_seized", YES)),
    _of("seized_thing", "保全的财产", hint="账号只写后四位", **_if("is_seized", YES)),
    _of("seized_unit", "协助单位或保管人", **_if("is_seized", YES)),
    _of("seized_ruling", "保全裁定文号", **_if("is_seized", YES)),
    _of("seized_from", "保全起始日", DATE, **_if("is_seized", YES)),
    _of("seized_to", "保全届满日", DATE, **_if("is_seized", YES)),
)
_WISHES = (
    _of("settles", "是否愿意和解", YESNO, section="意愿"),
    _of("settle_line", "和解的底线", **_if("settles", YES)),
    _of("barter", "是否同意以物抵债", YESNO),
    _of("reward", "是否申请悬赏公告", YESNO),
    _of("audit", "是否申请审计", YESNO),
)
_SERVICE = (
    _of("address", "送达地址", section="送达和收款", **_MUST),
    _of("e_service", "是否同意电子送达", YESNO),
    _of("e_address", "电子送达地址（手机号、邮箱或微信号）", **_if("e_service", YES)),
    _of("payee_bank", "收款开户行"),
    _of("payee_account", "收款账号（户名须为申请执行人）", hint="另由申请执行人签收款账户确认书；笔录上只印后四位"),
    _of("language", "是否需要蒙古语翻译", YESNO),
    _of("other", "其他需要记录的问答", **_LONG),
)
_CLAIMS = {"MONEY": _MONEY, "DELIVERY": _DELIVERY, "ACT": _ACT, "EVICTION": _EVICTION}


def content(claim_type: str) -> dict[str, Any]:
    """Return the first version for a claim type."""
    rows = (*_VISITOR, *_APPLICANT, *_BASIS, _DEMAND, *_CLAIMS[claim_type], *_PERFORMED, *_DEBTOR, *_CLUES)
    # Whoever wants no sum back has nothing to barter.
    wishes = _WISHES if claim_type == "MONEY" else tuple(row for row in _WISHES if row.key != "barter")
    return content_of((*rows, *wishes, *_SERVICE), TOLD)
