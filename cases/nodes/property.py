"""Rows 15–35, 70, 72, 74: control, price, sale and hand-over of property."""

from django.utils.translation import gettext_lazy as _

from cases.law import cpli, of
from cases.nodes.node import Kind, Node, Owner, came_into_force, has_term

LAPSES = _("期满自动失效，丧失查封顺位")
# One running deadline per control says it all: that of its renewal.
BY_RENEWAL = _("以裁定载明的届满日为准，随续行期限（第18项）一并提醒")
REVOCABLE = _("拍卖可被撤销")

NODES: tuple[Node, ...] = (
    # Maxima in time: the day in the ruling is the truth and no rest day moves it (§5.1 no. 6).
    Node(
        number="15", code="FREEZE", label=_("冻结存款期限"), count=1, unit="year",
        basis=(cpli(485), of("SEIZ", "27")), owner=Owner.KEEPER, rolls=False, lives_on=True,
        covered_by="RENEWAL", note=BY_RENEWAL, consequence=LAPSES,
    ),
    Node(
        number="16", code="SEIZE_MOVABLE", label=_("查封、扣押动产期限"), count=2, unit="year",
        basis=(cpli(485), of("SEIZ", "27")), owner=Owner.KEEPER, rolls=False, lives_on=True,
        covered_by="RENEWAL", note=BY_RENEWAL, consequence=LAPSES,
    ),
    Node(
        number="17", code="SEAL_IMMOVABLE", label=_("查封不动产、冻结其他财产权期限"), count=3, unit="year",
        basis=(cpli(485), of("SEIZ", "27")), owner=Owner.KEEPER, rolls=False, lives_on=True,
        covered_by="RENEWAL", note=BY_RENEWAL, consequence=LAPSES,
    ),
    # The last day stands in the ruling; it is renewed before it, or lapses the day after (domain handbook §10.2 R7).
    Node(
        number="18", code="RENEWAL", label=_("续行查封、扣押、冻结"), count=0, unit="day",
        basis=(cpli(485), of("PRES", "18")), owner=Owner.KEEPER, rolls=False, lives_on=True,
        triggers=("take_control", "activate_control"), when=has_term, stated_by="due_on", subject="control",
        renewed_by=("renew_control", "confirm_control"),
        cancelled_by=("release_control", "explain_lapse", "requeue_control"),
        alerts=((90, "YELLOW"), (60, "YELLOW"), (30, "ORANGE"), (15, "ORANGE"), (7, "RED")), has_own_desk=True,
        note=_("期满前办理，每次不超过原最长期限；90、60、30、15、7 日提醒"), consequence=LAPSES, version=3,
    ),
    # It is in force by law alone; that the unit's register and the ruling say the same has to be looked at.
    Node(
        number="§7.2", code="QUEUE_CHECK", label=_("轮候自动生效后核实并告知"), count=3, unit="workday",
        basis=(of("SEIZ", "26"), of("HOUSE")), owner=Owner.KEEPER, lives_on=True,
        triggers=("activate_control",), when=came_into_force, subject="control",
        fulfilled_by=("confirm_control",), cancelled_by=("requeue_control", "release_control", "explain_lapse"),
        yellow=1, orange=0, has_own_desk=True, is_practice=True,
        note=_("向协助单位核实顺位和期限，并告知申请执行人期限届满日"), consequence=_("期限起算不明，可能漏续"),
    ),
    Node(
        number="19", code="PRICE_START", label=_("启动确定参考价"), count=30, unit="day",
        basis=(of("VAL", "1"),), owner=Owner.STAGE_OWNER, yellow=7, orange=3, consequence=_("处置迟延"),
    ),
    Node(
        number="20", code="ONLINE_PRICE", label=_("网络询价报告"), count=3, unit="day",
        basis=(of("VAL", "11"),), owner=Owner.STAGE_OWNER, yellow=1, orange=0,
        note=_("全部平台申请延期的，延长 3 日"), consequence=_("转委托评估"),
    ),
    Node(
        number="21", code="APPRAISAL", label=_("评估报告"), count=30, unit="day",
        basis=(of("VAL", "19"),), owner=Owner.STAGE_OWNER, yellow=7, orange=5,
        note=_("届满 5 日前申请，延长不超过两次，每次 15 日"), consequence=_("另行委托下一顺位机构，3 日内退回材料"),
    ),
    Node(
        number="22", code="REPORT_SERVICE", label=_("发送价格报告"), count=3, unit="day",
        basis=(of("VAL", "21"),), owner=Owner.STAGE_OWNER, worst="YELLOW", yellow=1,
        note=_("公告发送的，15 日视为收到"), consequence=_("处置迟延"),
    ),
    Node(
        number="23", code="REPORT_OBJECTION", label=_("对价格报告提出异议"), count=5, unit="day",
        basis=(of("VAL", "22", "23"),), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        consequence=_("参考价确定"),
    ),
    Node(
        number="24", code="PRICE_VALIDITY", label=_("参考价有效期"), count=1, unit="year",
        basis=(of("VAL", "27"),), owner=Owner.STAGE_OWNER, yellow=60, orange=30,
        note=_("一拍公告应在有效期内，成交不晚于届满后 6 个月"), consequence=_("重新确定参考价"),
    ),
    Node(
        number="25", code="SALE_START", label=_("参考价确定后启动拍卖"), count=10, unit="day",
        basis=(of("VAL", "30"),), owner=Owner.STAGE_OWNER, consequence=_("处置迟延"),
    ),
    Node(
        number="26", code="SALE_NOTIFY", label=_("拍卖公告发布前通知当事人、优先购买权人"), count=3, unit="day",
        basis=(of("NET", "16"),), owner=Owner.STAGE_OWNER, kind=Kind.EARLIEST, worst="YELLOW",
        note=_("通过平台通知的，5 日视为送达"), consequence=REVOCABLE,
    ),
    Node(
        number="27", code="FIRST_SALE_NOTICE", label=_("第一次拍卖公告"), count=30, unit="day",
        basis=(of("NET", "12"),), owner=Owner.STAGE_OWNER, kind=Kind.EARLIEST, worst="YELLOW",
        note=_("动产 15 日，不动产及其他财产权 30 日；公告当日不计入"), consequence=REVOCABLE,
    ),
    Node(
        number="28", code="BIDDING", label=_("竞价时间"), count=24, unit="hour",
        basis=(of("NET", "20"),), owner=Owner.STAGE_OWNER, kind=Kind.EARLIEST, worst="YELLOW",
        note=_("最后 5 分钟有出价的顺延 5 分钟"),
    ),
    Node(
        number="29", code="SECOND_SALE", label=_("第二次拍卖"), count=30, unit="day",
        basis=(of("NET", "26"),), owner=Owner.STAGE_OWNER, yellow=15, orange=7,
        note=_("公告：动产 7 日，不动产 15 日"), consequence=_("处置迟延"),
    ),
    Node(
        number="30", code="PRIVATE_SALE", label=_("变卖公告"), count=15, unit="day",
        basis=(of("SALE_NOTICE"),), owner=Owner.STAGE_OWNER,
        note=_("先征询抵债意见约 10 日；变卖期 60 日"), consequence=_("退还或解除查封"),
    ),
    Node(
        number="31", code="BALANCE", label=_("支付余款"), count=0, unit="day",
        basis=(of("NET", "24", "25"),), owner=Owner.PARTY,
        note=_("按公告所定期限，常为 5 至 15 日"), consequence=_("悔拍，保证金不予退还"),
    ),
    Node(
        number="32", code="SALE_RULING", label=_("送达成交、抵债裁定"), count=10, unit="day",
        basis=(of("AUCT", "20"),), owner=Owner.JUDGE, consequence=_("权属转移迟延"),
    ),
    Node(
        number="33", code="HAND_OVER_ASSET", label=_("交付拍卖财产"), count=15, unit="day",
        basis=(of("AUCT", "27"),), owner=Owner.STAGE_OWNER, consequence=_("交付迟延"),
    ),
    Node(
        number="34", code="DEPOSIT_REFUND", label=_("退还未成交竞买人保证金"), count=24, unit="hour",
        basis=(of("NET", "23"),), owner=Owner.FINANCE, consequence=_("侵害竞买人权益"),
    ),
    Node(
        number="35", code="RESUME_SALE", label=_("暂缓、中止拍卖后恢复"), count=5, unit="day",
        basis=(of("NET", "28"),), owner=Owner.STAGE_OWNER, consequence=_("处置迟延"),
    ),
    Node(
        number="70", code="OWN_SALE", label=_("被执行人自行变卖"), count=60, unit="day",
        basis=(of("GOOD"),), owner=Owner.PARTY, note=_("由法院确定，不超过 60 日"), consequence=_("恢复强制处置"),
    ),
    Node(
        number="72", code="FIRST_SEAL_ANSWER", label=_("首封法院答复移送处置权"), count=15, unit="day",
        basis=(of("FIRST_SEAL"),), owner=Owner.JUDGE,
        note=_("首封超过 60 日未发布拍卖公告，优先债权执行法院可商请移送"), consequence=_("报共同上级法院协调"),
    ),
    Node(
        number="74", code="RENEWAL_AFTER_CLOSING", label=_("终本后续行冻结、查封"), count=0, unit="day",
        basis=(cpli(485),), owner=Owner.KEEPER, rolls=False, lives_on=True, covered_by="RENEWAL",
        note=_("期满前办理；责任不因结案而终止，随续行期限（第18项）一并提醒"), consequence=LAPSES,
    ),
)  # fmt: skip
