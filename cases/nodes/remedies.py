"""Rows 45–55, 61–69: objections and reviews, sanctions, stays, bankruptcy and delegation."""

from django.utils.translation import gettext_lazy as _

from cases.law import CPL, cpli, of
from cases.nodes.node import (
    Kind,
    Node,
    Owner,
    is_listing_with_term,
    is_sanction,
    is_served,
    is_served_objection,
    is_stayed,
    relates,
)

NODES: tuple[Node, ...] = (
    Node(
        number="45", code="OBJECTION", label=_("审查执行行为异议"), count=15, unit="day",
        basis=(of("OBJ", "2"), CPL["OBJECTION"]), owner=Owner.JUDGE, yellow=5, orange=2,
        triggers=("register_related",), when=relates("OBJECTION"), counts_from="filed_on", subject="relatedcase",
        fulfilled_by=("decide_related",), cancelled_by=("strike_related",), lives_on=True,
        note=_("3 日内立案、3 日内通知、15 日内裁定"), consequence=_("上级法院可责令"),
    ),
    Node(
        number="46", code="REVIEW", label=_("申请复议"), count=10, unit="day",
        basis=(CPL["OBJECTION"], of("EPI", "8")), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        triggers=("decide_related",), when=is_served_objection, counts_from="served_on", subject="relatedcase",
        lives_on=True, note=_("自裁定送达起算；复议 30 日内审查完毕，可延长 30 日"), consequence=_("裁定生效"),
    ),
    Node(
        number="47", code="FILE_TO_UPPER_COURT", label=_("向上级法院移送复议案卷"), count=5, unit="day",
        basis=(of("EPI", "7"),), owner=Owner.JUDGE,
        triggers=("register_related",), when=relates("REVIEW"), counts_from="received_on", subject="relatedcase",
        fulfilled_by=("decide_related",), cancelled_by=("strike_related",), lives_on=True, by_hand=True,
        consequence=_("复议迟延"),
    ),
    Node(
        number="48", code="OUTSIDER_OBJECTION", label=_("审查案外人异议"), count=15, unit="day",
        basis=(CPL["OUTSIDER"], cpli(463)), owner=Owner.JUDGE, yellow=5, orange=2,
        triggers=("register_related",), when=relates("OUTSIDER"), counts_from="filed_on", subject="relatedcase",
        fulfilled_by=("decide_related",), cancelled_by=("strike_related",), lives_on=True,
        note=_("驳回裁定送达后 15 日内可起诉，其间不得处分"), consequence=_("不得处分该标的"),
    ),
    Node(
        number="49", code="MATURED_CLAIM", label=_("第三人对到期债权通知履行或异议"), count=15, unit="day",
        basis=(of("EWR", "45"),), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        triggers=("deliver_document",), when=is_served("THIRD_DEBT"), counts_from="deemed_on", subject="delivery",
        by_hand=True, note=_("第三人提出异议或者履行的，登记办理情况"),
        consequence=_("无异议又不履行的，可强制执行；有异议的不得执行"),
    ),
    Node(
        number="50", code="JURISDICTION_OBJECTION", label=_("提出管辖权异议"), count=10, unit="day",
        basis=(of("EPI", "3"),), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        triggers=("deliver_document",), when=is_served("ENFORCEMENT_NOTICE"), counts_from="deemed_on",
        subject="delivery", consequence=_("管辖确定"),
    ),
    Node(
        number="51", code="DISHONESTY_REQUEST", label=_("审查纳入失信名单申请"), count=15, unit="day",
        basis=(of("DISH", "5"),), owner=Owner.JUDGE,
        triggers=("request_listing",), fulfilled_by=("answer_request",), subject="sanctionrequest",
        counts_from="received_on", consequence=_("惩戒迟延"),
    ),
    Node(
        number="52", code="DISHONESTY_TERM", label=_("失信名单期限"), count=2, unit="year",
        basis=(of("DISH", "2"),), owner=Owner.JUDGE, lives_on=True, yellow=30, orange=0, rolls=False,
        triggers=("approve_sanction", "refuse_removal"), when=is_listing_with_term, stated_by="until_on",
        stated_in=_("决定书"),
        fulfilled_by=("note_removal_ground",), renewed_by=("approve_extension",), subject="sanction",
        kind=Kind.RIGHT, worst="YELLOW", version=2,
        note=_("第一项情形无固定期限；情节严重的延长 1 至 3 年；可提前结束"), consequence=_("应予删除"),
    ),
    Node(
        number="53", code="DISHONESTY_REMOVAL", label=_("删除、更正失信信息"), count=3, unit="workday",
        basis=(of("DISH", "9", "10"),), owner=Owner.JUDGE, lives_on=True,
        triggers=("note_removal_ground",), when=is_sanction("DISHONEST"), counts_from="arose_on",
        fulfilled_by=("remove_sanction",), cancelled_by=("refuse_removal",), subject="sanction",
        yellow=1, orange=0, yellow_in_workdays=True, note=_("自事由发生之日起算；2 个工作日黄色，3 个工作日红色"),
        consequence=_("可能承担国家赔偿责任"),
    ),
    Node(
        number="54", code="DISHONESTY_CORRECTION", label=_("审查失信纠正申请"), count=15, unit="day",
        basis=(of("DISH", "11", "12"),), owner=Owner.JUDGE, lives_on=True,
        triggers=("request_correction",), fulfilled_by=("answer_request",), subject="sanctionrequest",
        counts_from="received_on",
        note=_("理由成立的 3 个工作日内纠正；驳回后 10 日内可向上级法院复议，15 日内决定"),
        consequence=_("可能承担国家赔偿责任"),
    ),
    Node(
        number="55", code="LIFT_RESTRICTION", label=_("解除限制消费"), count=3, unit="workday",
        basis=(of("LIMC", "9"),), owner=Owner.JUDGE, lives_on=True,
        triggers=("note_removal_ground",), when=is_sanction("LIMIT_CONSUMPTION"), counts_from="arose_on",
        fulfilled_by=("remove_sanction",), cancelled_by=("refuse_removal",), subject="sanction",
        yellow=1, orange=0, yellow_in_workdays=True,
        note=_("法定为及时，按 3 个工作日掌握"), consequence=_("侵害被执行人权益"),
    ),
    Node(
        number="61", code="STAY_ON_SECURITY", label=_("担保暂缓执行"), count=1, unit="year",
        basis=(cpli(467), of("GUAR", "10")), owner=Owner.JUDGE, yellow=30, orange=7,
        triggers=("stay",), when=is_stayed("SECURITY"), stated_by="until_on", stated_in=_("暂缓执行决定书"),
        fulfilled_by=("resume",), has_own_desk=True, rolls=False,
        note=_("依担保期限，最长一年"), consequence=_("恢复执行，执行担保财产"),
    ),
    Node(
        number="62", code="STAY_ABOVE", label=_("上级法院暂缓执行"), count=3, unit="month",
        basis=(of("EWR", "77"),), owner=Owner.JUDGE, yellow=15, orange=5,
        triggers=("stay",), when=is_stayed("UPPER_COURT"), stated_by="until_on", stated_in=_("上级法院暂缓执行通知"),
        fulfilled_by=("resume",), has_own_desk=True, rolls=False,
        note=_("可延长"), consequence=_("恢复执行"),
    ),
    Node(
        number="63", code="SUMMONS", label=_("拘传询问"), count=8, unit="hour",
        basis=(cpli(482),), owner=Owner.STAGE_OWNER, note=_("可能采取拘留措施的不超过 24 小时"),
        consequence=_("违法限制人身自由"),
    ),
    Node(
        number="64", code="DETENTION", label=_("司法拘留"), count=15, unit="day",
        basis=(CPL["FINE_AND_DETENTION"],), owner=Owner.JUDGE, rolls=False, lives_on=True,
        triggers=("begin_detention",), stated_by="until_on", stated_in=_("决定书"),
        fulfilled_by=("remove_sanction",), subject="sanction",
        yellow=2, orange=1, note=_("最长 15 日，自执行之日起算"),
        consequence=_("违法限制人身自由"),
    ),
    Node(
        number="65", code="FINE", label=_("罚款、拘留决定复议"), count=3, unit="day",
        basis=(CPL["FINE_AND_DETENTION"], of("CPLI", "185")), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        triggers=("approve_sanction",), when=is_sanction("FINE", "DETENTION"), subject="sanction", lives_on=True,
        note=_("个人十万元以下，单位五万元以上一百万元以下；上级法院 5 日内决定，复议不停止执行"),
        consequence=_("决定生效"),
    ),
    Node(
        number="66", code="REFUSAL_CRIME", label=_("移送拒执犯罪线索"), count=0, unit="day",
        basis=(of("CRIMINAL", "313"), of("REFUSAL")), owner=Owner.JUDGE, consequence=_("打击不力"),
    ),
    Node(
        number="67", code="BANKRUPTCY", label=_("执行转破产审查答复"), count=30, unit="day",
        basis=(cpli(511, 512),), owner=Owner.OTHER_COURT, kind=Kind.RIGHT, worst="YELLOW",
        note=_("须申请执行人之一或被执行人同意"), consequence=_("继续中止"),
    ),
    Node(
        number="68", code="DELEGATION", label=_("委托执行开始"), count=15, unit="day",
        basis=(CPL["DELEGATION"],), owner=Owner.OTHER_COURT, kind=Kind.RIGHT, worst="YELLOW",
        note=_("30 日未执行完毕的应告知"), consequence=_("可请上级法院指令执行"),
    ),
    Node(
        number="69", code="EXIT_REVIEW", label=_("限制出境复议"), count=10, unit="day",
        basis=(of("OBJ", "9"),), owner=Owner.PARTY, kind=Kind.RIGHT, worst="YELLOW",
        triggers=("approve_sanction",), when=is_sanction("EXIT_LIMIT"), subject="sanction", lives_on=True,
        note=_("上级法院 15 日内决定"), consequence=_("决定生效"),
    ),
)  # fmt: skip
