"""Rows 1–14: filing, triage, notices, investigation; and the bureau's own hand-over clock."""

from django.utils.translation import gettext_lazy as _

from bureau.visits import ANSWER_WORKDAYS
from cases.law import CPL, cpli, of
from cases.nodes.node import (
    CLOSING,
    Node,
    Owner,
    found_offline,
    found_online,
    has_report_term,
    is_before_notice,
    is_clue_paper,
    is_fast,
    is_new,
    is_of_bureau,
    is_promised,
    is_to_be_repaired,
)
from cases.pauses import PauseKind

# What the providers of the network freeze themselves, and what needs its register (domain handbook §7.1).
ONLINE = ("DEPOSIT", "ONLINE_FUNDS", "SECURITIES")
OFFLINE = ("REAL_ESTATE", "VEHICLE", "EQUITY", "INSURANCE", "PROVIDENT_FUND", "INTELLECTUAL", "MINING")

# Why what was found is not controlled; only with one of these and words may its clock be ended without a control.
EXCUSES = (
    ("AHEAD", _("已被在先查封、冻结，本案已轮候")),
    ("EXEMPT", _("依法不得执行，或须保留的生活必需费用")),
    ("GONE", _("经核实已无余额，或已灭失、转移")),
    ("NOT_HIS", _("经核实不属于被执行人")),
    ("ENOUGH", _("已控制的其他财产足以清偿")),
    ("TOGETHER", _("已由其他控制一并控制")),
    ("SMALL", _("价值过小，控制明显不经济")),
)

NODES: tuple[Node, ...] = (
    # The window decides and passes on in the act of filing, so both are met the moment they begin.
    Node(
        number="1", code="FILING", label=_("立案决定"), count=7, unit="day",
        basis=(of("EWR", "16"), of("T00", "6")), owner=Owner.WINDOW,
        triggers=("register",), fulfilled_by=("register",), worst="YELLOW", yellow=2, escalates_to="DISPATCHER",
        consequence=_("申请人可向上级法院反映"),
    ),
    Node(
        number="2", code="TO_COMMAND", label=_("移送指挥中心"), count=3, unit="day",
        basis=(of("T00", "7"),), owner=Owner.WINDOW,
        triggers=("register",), fulfilled_by=("register",), worst="YELLOW", yellow=1, escalates_to="DISPATCHER",
        note=_("参照适用；本地当日移送"), consequence=_("分流期限被占用"),
    ),
    Node(
        number="3", code="TRIAGE", label=_("分流并确定承办人"), count=7, unit="day",
        basis=(of("T06", "2"),), owner=Owner.DISPATCHER,
        triggers=("register", "approve_move"), when=is_of_bureau,
        fulfilled_by=("allocate",), reopened_by=("take_back",),
        yellow=2, orange=1, has_own_desk=True,
        consequence=_("分案员红色预警"),
    ),
    Node(
        number="4", code="NOTICE", label=_("发出执行通知书、报告财产令"), count=10, unit="day",
        basis=(cpli(480), of("EWR", "22"), of("PROP", "3"), of("T06", "4")), owner=Owner.STAGE_OWNER,
        triggers=("register",), fulfilled_by=("issue_document", "hand_over"),
        papers=("ENFORCEMENT_NOTICE", "REPORT_ORDER"), evidence=("NOTICE", "REPORT_ORDER"),
        reopened_by=("send_back",), yellow=3, orange=1, escalates_to="DISPATCHER", version=2,
        note=_("承办人收到案件材料后 3 日内发出"), consequence=_("不得终结本次执行程序"),
    ),
    Node(
        number="5", code="NOTICE_AFTER_MEASURE", label=_("先行控制后发出执行通知书"), count=3, unit="day",
        basis=(of("EPI", "22"),), owner=Owner.STAGE_OWNER, consequence=_("程序违法"),
        triggers=("take_control",), when=is_before_notice, fulfilled_by=("issue_document", "hand_over"),
        papers=("ENFORCEMENT_NOTICE",), evidence=("NOTICE",), counts_from="from_on", yellow=2, orange=1,
        escalates_to="DISPATCHER", version=2,
    ),
    Node(
        number="6", code="ASK_CLUES", label=_("通知申请执行人提供财产线索"), count=3, unit="day",
        basis=(of("T06", "5"),), owner=Owner.STAGE_OWNER,
        triggers=("allocate", "take_up"), when=is_new,
        fulfilled_by=("issue_document", "hand_over"), papers=("CLUES_NOTICE",),
        evidence=("CLUES_ASKED",), by_hand=True, cancelled_by=("take_back",),
        worst="YELLOW", yellow=1, escalates_to="DISPATCHER", version=2, consequence=_("线索收集迟延"),
    ),
    # From filing on, beside triage; the hand-over fulfils as before: it is refused without a launch for every debtor.
    Node(
        number="7", code="QUERY_LAUNCH", label=_("首次发起网络查控"), count=5, unit="day",
        basis=(of("PROP", "1", "12"), of("EVALUATION")), owner=Owner.STAGE_OWNER,
        triggers=("register",), fulfilled_by=("launch_query", "hand_over"),
        evidence=("QUERY_LAUNCHED",), reopened_by=("send_back",), yellow=4, orange=2,
        escalates_to="DISPATCHER", is_practice=True, version=4,
        note=_("立案当日由事务团队以值班法官名义发起，与分流并行"), consequence=_("财产可能转移；考核扣分"),
    ),
    Node(
        number="8", code="ONLINE_CONTROL", label=_("线上控制已查明财产"), count=48, unit="hour",
        basis=(of("EVALUATION"),), owner=Owner.STAGE_OWNER, is_practice=True, consequence=_("财产可能转移"),
        triggers=("receive_query",), when=found_online, fulfilled_by=("take_control",), subject="networkquery",
        kinds=ONLINE, each_of="online_count", by_hand=True, excuses=EXCUSES, yellow=1, orange=0,
        escalates_to="DISPATCHER", version=3, note=_("查到几项控制几项；不能控制的写明原因"),
    ),
    Node(
        number="9", code="OFFLINE_CONTROL", label=_("线下控制已查明财产"), count=10, unit="workday",
        basis=(of("EVALUATION"),), owner=Owner.STAGE_OWNER, worst="YELLOW", is_practice=True,
        triggers=("receive_query",), when=found_offline, fulfilled_by=("take_control",), subject="networkquery",
        kinds=OFFLINE, each_of="offline_count", by_hand=True, excuses=EXCUSES, escalates_to="DISPATCHER", version=3,
        note=_("查到几项控制几项；不能控制的写明原因"),
        consequence=_("财产可能转移"),
    ),
    Node(
        number="10", code="TRADITIONAL_QUERY", label=_("依申请启动传统查控"), count=10, unit="day",
        basis=(of("T06", "6", "7"),), owner=Owner.STAGE_OWNER, worst="YELLOW",
        note=_("调查一般在 1 个月内完成"), consequence=_("调查迟延"),
    ),
    Node(
        number="11", code="CLUE_CHECK", label=_("核实财产线索"), count=7, unit="day",
        basis=(of("PROP", "2"), of("T06", "6")), owner=Owner.STAGE_OWNER,
        triggers=("give_clue",), fulfilled_by=("answer_clue",), subject="partyask", lives_on=True, version=2,
        note=_("情况紧急的 3 日"), consequence=_("构成消极执行"),
    ),
    # What an applicant hands in on paper; what he says on the public pages is row 11 and answered to him.
    Node(
        number="§3.4", code="CLUE_PAPER", label=_("核实入卷的财产线索"), count=7, unit="day",
        basis=(of("PROP", "2"), of("T06", "6")), owner=Owner.STAGE_OWNER,
        triggers=("receive_material",), when=is_clue_paper, by_hand=True,
        note=_("情况紧急的 3 日；核实后登记结果"), consequence=_("构成消极执行"),
    ),
    Node(
        number="12", code="PROPERTY_REPORT", label=_("被执行人报告财产"), count=0, unit="day",
        basis=(of("PROP", "4", "5"), CPL["PROPERTY_REPORT"]), owner=Owner.STAGE_OWNER, worst="YELLOW", yellow=1,
        triggers=("deliver_document",), when=has_report_term, counts_from="deemed_on", counted_by="term_days",
        subject="delivery", by_hand=True,
        note=_("按报告财产令所定期限，常为 5 至 15 日；到期核对是否报告"), consequence=_("罚款、拘留，纳入失信名单"),
    ),
    # Declared only: when the debtor's property changed he alone knows, so that nothing the product records begins it.
    Node(
        number="13", code="SUPPLEMENTARY_REPORT", label=_("财产变动补充报告"), count=10, unit="day",
        basis=(of("PROP", "7"),), owner=Owner.PARTY, consequence=_("罚款、拘留，纳入失信名单"),
    ),
    # Declared only, as row 10: a written request of the applicant has no entry of its own yet.
    Node(
        number="14", code="AUDIT_OR_REWARD", label=_("决定审计、悬赏申请"), count=10, unit="day",
        basis=(of("PROP", "17", "21"),), owner=Owner.JUDGE, worst="YELLOW", consequence=_("调查迟延"),
    ),
    Node(
        number="§6.2", code="HANDOVER_ANSWER", label=_("答复移交"), count=2, unit="workday",
        basis=(of("HOUSE"),), owner=Owner.RECEIVER,
        triggers=("hand_over", "change_stream"), fulfilled_by=("enter_stream", "upgrade", "downgrade", "send_back"),
        subject="handover",
        yellow=1, orange=0, escalates_to="DISPATCHER", has_own_desk=True, is_practice=True,
        consequence=_("案件无人办理"),
    ),
    # The sender's clock after a send-back; coordination by the command centre gives it anew.
    Node(
        number="§6.2", code="HANDOVER_REPAIR", label=_("补正后重新移交"), count=2, unit="workday",
        basis=(of("HOUSE"),), owner=Owner.STAGE_OWNER,
        triggers=("send_back", "coordinate"), when=is_to_be_repaired, fulfilled_by=("hand_over",),
        cancelled_by=("coordinate",), yellow=1, orange=0, escalates_to="DISPATCHER", has_own_desk=True,
        is_practice=True, note=_("执行期限照常计算；同案三次退回的由指挥中心协调，协调后重新计算"),
        consequence=_("案件无人办理"),
    ),
    Node(
        number="§13.5", code="VISIT_ANSWER", label=_("答复当事人预约"), count=ANSWER_WORKDAYS, unit="workday",
        basis=(of("HOUSE"),), owner=Owner.STAGE_OWNER,
        triggers=("book_visit",), fulfilled_by=("answer_visit",), subject="partyask", lives_on=True,
        yellow=1, orange=0, has_own_desk=True, is_practice=True, consequence=_("当事人白跑一趟"),
    ),
    Node(
        number="§4.3", code="FAST_TARGET", label=_("速执案件办结目标"), count=30, unit="day",
        basis=(of("HOUSE"),), owner=Owner.STAGE_OWNER, is_frame=True,
        triggers=("enter_stream", "downgrade"), when=is_fast, fulfilled_by=(CLOSING,), cancelled_by=("upgrade",),
        pauses=frozenset({PauseKind.SUSPENSION}),
        yellow=7, orange=3, is_practice=True, note=_("不影响法定执行期限"), consequence=_("应考虑转普执办理"),
    ),
    # What the parties themselves named: an agreed payment to be checked, a promise to be looked at on its day.
    Node(
        number="§6.3", code="INSTALMENT", label=_("和解分期付款"), count=0, unit="day",
        basis=(of("SETT", "9"),), owner=Owner.STAGE_OWNER,
        triggers=("agree_instalment",), fulfilled_by=("note_instalment",), cancelled_by=("break_settlement", "revive"),
        subject="instalment", stated_by="due_on", stated_in=_("和解协议"), rolls=False, has_own_desk=True,
        lives_on=True, version=2,
        note=_("到期核对是否履行；未履行的申请执行人可申请恢复执行"), consequence=_("和解可能落空"),
    ),
    Node(
        number="§6.4", code="PROMISE", label=_("当事人承诺"), count=0, unit="day",
        basis=(of("HOUSE"),), owner=Owner.STAGE_OWNER, worst="YELLOW", yellow=1,
        triggers=("log_contact",), when=is_promised, fulfilled_by=("settle_promise",),
        subject="contact", stated_by="promised_on", stated_in=_("当事人承诺"), rolls=False, has_own_desk=True,
        is_practice=True, note=_("到期核对是否兑现"), consequence=_("失去督促时机"),
    ),
)  # fmt: skip
