"""Rows 36–44, 56–60, 71, 73: money, the closing limits, and what lives on after closing."""

from django.utils.translation import gettext_lazy as _

from cases.law import CPL, cpli, of
from cases.nodes.node import (
    CLOSING,
    STOPS_CLOSING,
    STOPS_UPPER_COURT,
    Kind,
    Node,
    Owner,
    found_property,
    is_administrative,
    is_in_time,
    is_not_administrative,
    is_over,
    is_settled_closing,
    is_to_be_queried_again,
    lives_on,
)

NODES: tuple[Node, ...] = (
    # Money without a case has no case file: the room of money counts its days from arrival, on the desk of finance.
    Node(
        number="36", code="UNIDENTIFIED", label=_("认领不明案款"), count=3, unit="day",
        basis=(of("FUND"),), owner=Owner.FINANCE, is_practice=True, is_elsewhere=True,
        note=_("每月清零"), consequence=_("案款不明"),
    ),
    Node(
        number="37", code="PAYOUT", label=_("发放执行款"), count=15, unit="day",
        basis=(of("HOUSE"), of("FUND", "10")), owner=Owner.STAGE_OWNER, triggers=("receive",),
        fulfilled_by=("confirm_payout",), is_elsewhere=True, lives_on=True, yellow=3, orange=1,
        note=_("自到账起算，每笔来款分别计算；全国规定 30 日，延期理由消除后 10 日"), consequence=_("二级督办"),
    ),
    Node(
        number="38", code="PLAN_OBJECTION", label=_("对分配方案提出异议"), count=15, unit="day",
        basis=(cpli(509),), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW", consequence=_("按方案分配"),
        triggers=("serve_plan",), subject="plandelivery", counts_from="served_on", version=3,
    ),
    Node(
        number="39", code="COUNTER_OPINION", label=_("对异议提出反对意见"), count=15, unit="day",
        basis=(cpli(510),), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        triggers=("notify_plan_objection",), fulfilled_by=("counter_plan_objection",),
        cancelled_by=("end_plan_objection",), subject="planobjection", counts_from="on", version=2,
        consequence=_("依异议意见修正方案"),
    ),
    Node(
        number="40", code="PLAN_SUIT", label=_("提起分配方案异议之诉"), count=15, unit="day",
        basis=(cpli(510),), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        triggers=("notify_plan_counter",), fulfilled_by=("file_plan_suit",),
        cancelled_by=("end_plan_objection",), subject="planobjection", counts_from="on", version=2,
        consequence=_("按原方案分配；争议部分提存"),
    ),
    Node(
        number="41", code="CLOSING_LIMIT", label=_("执行期限"), count=6, unit="month",
        basis=(of("T00", "5"), of("EWR", "63"), of("T06", "1")), owner=Owner.JUDGE, is_frame=True,
        triggers=("register", "take_in"), counts_from="filed_on", when=is_not_administrative,
        fulfilled_by=(CLOSING,), pauses=STOPS_CLOSING,
        yellow=30, orange=10, has_own_desk=True, consequence=_("超期未结"),
    ),
    Node(
        number="42", code="CLOSING_LIMIT_ADMINISTRATIVE", label=_("执行期限（行政非诉）"), count=3, unit="month",
        basis=(of("T00", "5"),), owner=Owner.JUDGE, is_frame=True,
        triggers=("register", "take_in"), counts_from="filed_on", when=is_administrative,
        fulfilled_by=(CLOSING,), pauses=STOPS_CLOSING,
        yellow=30, orange=10, has_own_desk=True, consequence=_("超期未结"),
    ),
    Node(
        number="43", code="EXTENSION", label=_("申请延长执行期限"), count=0, unit="day",
        basis=(of("T00", "5"), of("T06", "1")), owner=Owner.JUDGE, is_frame=True,
        triggers=("register", "take_in"), counts_from="filed_on", when=is_in_time,
        fulfilled_by=(CLOSING,), renewed_by=("approve_longer_limit",), pauses=STOPS_CLOSING,
        stated_by="limit_on", version=2,
        follows=("CLOSING_LIMIT", "CLOSING_LIMIT_ADMINISTRATIVE"), yellow=10, orange=5,
        note=_("在届满前 5 日内提出，由院长或副院长批准延长 3 个月；再延长报高级法院"),
        consequence=_("不得延长，超期未结"),
    ),
    Node(
        number="44", code="UPPER_COURT", label=_("申请执行人可向上一级法院申请执行"), count=6, unit="month",
        basis=(CPL["UPPER_COURT"], of("EPI", "10", "13")), owner=Owner.JUDGE,
        triggers=("register", "take_in"), counts_from="filed_on", when=is_in_time,
        fulfilled_by=(CLOSING,), pauses=STOPS_UPPER_COURT, kind=Kind.RIGHT, worst="YELLOW",
        yellow=10, consequence=_("上级法院可发督促执行令"),
    ),
    Node(
        number="56", code="NO_PROPERTY_EARLIEST", label=_("最早可终结本次执行程序"), count=3, unit="month",
        basis=(of("ZB", "1"),), owner=Owner.STAGE_OWNER,
        triggers=("register",), kind=Kind.EARLIEST, worst="YELLOW", yellow=7, rolls=False,
        note=_("立案满三个月之后"), consequence=_("此前一律不得终本"),
    ),
    Node(
        number="57", code="REQUERY", label=_("终本后定期查询"), count=6, unit="month",
        basis=(of("ZB", "9"),), owner=Owner.AFFAIRS, lives_on=True, yellow=15, orange=5,
        triggers=(CLOSING,), when=is_to_be_queried_again, renewed_by=("record_requery",), cancelled_by=("revive",),
        has_own_desk=True, rolls=False, stated_by="due_on", stated_in=_("查询登记"),
        note=_("五年内每六个月一次，告知申请执行人"), consequence=_("违反终本规定"), version=2,
    ),
    Node(
        number="58", code="REVIVE", label=_("终本后发现财产恢复执行"), count=0, unit="day",
        basis=(of("ZB", "9"), cpli(517)), owner=Owner.DISPATCHER, lives_on=True,
        triggers=("record_requery",), when=found_property, fulfilled_by=("revive",),
        note=_("不受申请执行时效限制"), consequence=_("财产可能转移"), version=2,
    ),
    Node(
        number="59", code="SHIELD", label=_("屏蔽终本信息"), count=3, unit="day",
        basis=(of("ZB"),), owner=Owner.STAGE_OWNER, lives_on=True, consequence=_("损害被执行人信用"),
    ),
    Node(
        number="60", code="SETTLEMENT_BREACH", label=_("违反和解协议申请恢复执行"), count=2, unit="year",
        basis=(cpli(466), of("SETT", "10")), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW", lives_on=True,
        triggers=(CLOSING,), when=is_settled_closing, counts_from="settled_until_on", fulfilled_by=("revive",),
        version=2,
        note=_("自约定履行期满起算；和解期间终结执行的，自结案起登记"), consequence=_("超过时效"),
    ),
    # Begins with the closing; live as soon as the product has an act that archives.
    Node(
        number="71", code="ARCHIVE", label=_("归档"), count=60, unit="day",
        basis=(of("ARCHIVE"),), owner=Owner.AFFAIRS,
        triggers=(CLOSING,), when=is_over, fulfilled_by=("archive",), lives_on=True, yellow=15, orange=5,
        has_own_desk=True, is_practice=True, note=_("本地 60 至 90 日"), consequence=_("归档不及时"),
    ),
    Node(
        number="73", code="NO_PROPERTY_REGISTER", label=_("录入全国终本案件库"), count=7, unit="day",
        basis=(of("ZB"),), owner=Owner.AFFAIRS, lives_on=True, worst="YELLOW", triggers=(CLOSING,), when=lives_on,
        by_hand=True, note=_("自裁定送达起算，系统自结案日提醒"), consequence=_("信息未公开"), version=2,
    ),
)  # fmt: skip
