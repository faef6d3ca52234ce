"""Papers that halt, resume or end a case (nos. 26 to 29, 31)."""

from cases.models import Stay, Suspension
from documents.library.declared import (
    Block,
    Field,
    FieldKind,
    Kind,
    Numbering,
    Phase,
    Remedy,
    Sign,
    Spec,
    body,
    items,
    to,
)
from documents.library.filing import BASIS, DUE_ON
from documents.library.sale import PANEL

SECURED, BY_UPPER_COURT, OTHERWISE = Stay.DECIDED.values()
REASON = Field("reason", "事实和理由", FieldKind.LONG)


def ruling(
    code: str,
    no: str,
    title: str,
    fields: tuple[Field, ...],
    *parts: str | Block,
    phase: str = Phase.CLOSING,
    remedy: str = Remedy.OBJECTION,
    sign: str = Sign.JUDGE,
) -> Spec:
    """Return a ruling that names the parties first."""
    return Spec(
        code=code,
        no=no,
        title=title,
        kind=Kind.RULING,
        phase=phase,
        sign=sign,
        numbering=Numbering.SUFFIXED,
        remedy=remedy,
        fields=fields,
        blocks=(
            Block("{party_lines}", "flush"),
            *(part if isinstance(part, Block) else Block(part) for part in parts),
        ),
    )


SUSPENSION = ruling(
    "SUSPENSION",
    "26",
    "执行裁定书（中止执行）",
    (
        BASIS,
        Field(
            "ground",
            "中止事由",
            FieldKind.CHOICE,
            options=tuple(Suspension.RULED.values()),
        ),
        REASON,
    ),
    "本院在执行{matter}一案中，{reason}。",
    "本院认为，本案具有“{ground}”的情形。依照{law_suspend}、{law_effect}规定，裁定如下：",
    "中止{basis}的执行。中止的情形消失后，恢复执行。",
    "本裁定送达后立即生效。",
    phase=Phase.PAUSE,
)
STAY = Spec(
    code="STAY",
    no="26",
    title="暂缓执行决定书",
    kind=Kind.DECISION,
    phase=Phase.PAUSE,
    sign=Sign.JUDGE,
    fields=(
        BASIS,
        Field(
            "ground",
            "暂缓事由",
            FieldKind.CHOICE,
            options=(SECURED, BY_UPPER_COURT, OTHERWISE),
        ),
        REASON,
        Field("from_on", "暂缓起", FieldKind.DAY),
        Field(
            "to_on",
            "暂缓止",
            FieldKind.DAY,
            tip="必须有截止日：担保的与担保期限一致，最长不超过一年；上级法院通知的不超过三个月",
        ),
    ),
    blocks=(
        Block("{party_lines}", "flush"),
        Block("本院在执行{matter}一案中，{reason}，属于“{ground}”。"),
        Block("依照{law_security}、{law_stay}规定，决定如下：", when=f"ground={SECURED}"),
        Block("依照{law_ewr_stay}规定，决定如下：", when=f"ground={BY_UPPER_COURT}"),
        Block("依照《最高人民法院关于正确适用暂缓执行措施若干问题的规定》，决定如下：", when=f"ground={OTHERWISE}"),
        Block("暂缓执行{basis}，期限自{from_on}至{to_on}止。期限届满或者暂缓的事由消失后，立即恢复执行。"),
    ),
)
RESUMPTION = Spec(
    code="RESUMPTION",
    no="26",
    title="恢复执行通知书",
    kind=Kind.NOTICE,
    phase=Phase.PAUSE,
    sign=Sign.JUDGE,
    fields=(
        BASIS,
        Field("halt", "此前的办理", FieldKind.CHOICE, options=("中止", "暂缓"), source="halt"),
        Field(
            "earlier",
            "中止裁定或暂缓决定",
            source="halted_by",
            tip="文号和名称，如（2021）内0302执1号之一执行裁定书",
        ),
        Field("ground", "恢复事由", tip="中止情形何时、如何消失"),
        Field("from_on", "恢复日", FieldKind.DAY, source="today_raw"),
    ),
    blocks=(
        to("{applicants}、{debtors}："),
        *body(
            "本院曾以{earlier}{halt}执行{basis}。现{ground}，本案自{from_on}起恢复执行，特此通知。",
            "被执行人应当立即履行生效法律文书确定的义务。",
        ),
    ),
)
ENDING_TALK = Spec(
    code="ENDING_TALK",
    no="27",
    title="终结本次执行程序约谈笔录",
    kind=Kind.RECORD,
    phase=Phase.CLOSING,
    sign=Sign.SEAL,
    fields=(
        Field("person", "被约谈人", FieldKind.PARTY, side="APPLICANT"),
        Field("talked_on", "约谈日期", FieldKind.DAY),
        Field("place", "地点"),
        Field("officers", "执行人员（两人以上）"),
        Field(
            "measures",
            "已采取的措施和调查结果",
            FieldKind.LONG,
            tip="逐项写明网络查控、现场调查、搜查、审计、悬赏等情况",
        ),
        Field("answer", "申请执行人意见", FieldKind.LONG),
    ),
    blocks=(
        *body(
            "时间：{talked_on}　地点：{place}",
            "执行人员：{officers}",
            "被约谈人：{person_identity}",
            "告知：依照{law_zb_talk}规定，现将本案执行情况告知你（单位）。本案已采取下列措施：{measures}。",
            "告知：终结本次执行程序后，五年内本院每六个月通过网络执行查控系统查询一次被执行人的财产，并将结果告知你（单位）；发现被执行人有可供执行财产的，"
            "你（单位）可以随时申请恢复执行，不受申请执行时效期间的限制；已采取的查封、扣押、冻结措施依法续行，限制消费等措施不因此解除。",
            "问：你（单位）对终结本次执行程序有何意见？",
            "答：{answer}",
        ),
        Block("被约谈人（签名）：　　　　　　执行人员（签名）：　　　　　　", "flush"),
    ),
)
ENDED = ruling(
    "ENDED",
    "27",
    "执行裁定书（终结本次执行程序）",
    (
        BASIS,
        Field("paid", "已执行到位金额（元）", FieldKind.MONEY),
        Field("left", "未履行金额（元）", FieldKind.MONEY, tip="连同利息和加倍部分债务利息，暂计至下列日期"),
        DUE_ON,
        Field("notice", "执行通知、报告财产令及报告核实情况", FieldKind.LONG),
        Field("measures", "财产调查、控制和处置情况", FieldKind.LONG, tip="每一项都应当有卷内凭证"),
        Field("sanctions", "限制消费、失信及惩戒情况", FieldKind.LONG),
        Field("talk", "约谈申请执行人的情况", FieldKind.LONG),
        PANEL,
    ),
    "申请执行人{applicants}与被执行人{debtors}{cause}一案，{basis}已经发生法律效力。申请执行人申请执行，标的额为{amount_claimed}，本院于{filed_on}立案执行。",
    "执行中，{notice}。",
    "本院采取了下列调查、控制和处置措施：{measures}。",
    "{sanctions}。",
    "本案已执行到位{paid}，尚有{left}未履行。{talk}。",
    Block("未履行金额暂计至{due_on}，此后的利息、加倍部分债务利息另计，至实际清偿之日止。", when="due_on"),
    "本院认为，本案符合{law_zb_conditions}规定的终结本次执行程序的条件。依照{law_ended}规定，裁定如下：",
    "终结本次执行程序。",
    "申请执行人享有要求被执行人继续履行债务的权利，被执行人负有继续向申请执行人履行债务的义务。已采取的查封、扣押、冻结措施在期限内继续有效。",
    "本裁定送达后立即生效。",
    remedy=Remedy.REVIVAL,
    sign=Sign.PRESIDENT,
)
TERMINATION = ruling(
    "TERMINATION",
    "28",
    "执行裁定书（终结执行）",
    (
        BASIS,
        Field(
            "ground",
            "终结事由",
            FieldKind.CHOICE,
            options=(
                "申请执行人撤销申请",
                "据以执行的法律文书被撤销",
                "作为被执行人的公民死亡，无遗产可供执行，又无义务承担人",
                "追索赡养费、扶养费、抚养费案件的权利人死亡",
                "作为被执行人的公民因生活困难无力偿还借款，无收入来源，又丧失劳动能力",
                "人民法院认为应当终结执行的其他情形",
            ),
        ),
        REASON,
    ),
    "本院在执行{matter}一案中，{reason}。",
    "本院认为，本案具有“{ground}”的情形。依照{law_terminate}、{law_effect}规定，裁定如下：",
    "终结{basis}的执行。",
    "本裁定送达后立即生效。",
)
REFUSED_AWARD = ruling(
    "REFUSED_AWARD",
    "28",
    "执行裁定书（不予执行）",
    (
        BASIS,
        Field("kind", "执行依据种类", FieldKind.CHOICE, options=("仲裁裁决", "公证债权文书")),
        REASON,
        PANEL,
    ),
    "本院在执行{matter}一案中，被执行人申请不予执行{basis}。",
    "本院经组成合议庭（{panel}）审查认为，{reason}。",
    Block("依照{law_arbitration}规定，裁定如下：", when="kind=仲裁裁决"),
    Block("依照{law_notary}规定，裁定如下：", when="kind=公证债权文书"),
    "不予执行{basis}（{kind}）。",
    "本裁定送达后立即生效。",
    remedy=Remedy.SUIT,
)
REFUSED_LATE = ruling(
    "REFUSED_LATE",
    "28",
    "执行裁定书（不予执行，申请执行时效届满）",
    (BASIS, REASON, PANEL),
    "本院在执行{matter}一案中，被执行人对申请执行时效期间提出异议。",
    "本院经组成合议庭（{panel}）审查认为，{reason}，被执行人的时效异议成立。依照{law_limitation}规定，裁定如下：",
    "不予执行{basis}。",
    "本裁定送达后立即生效。",
    remedy=Remedy.REVIEW,
)
DISMISSAL = ruling(
    "DISMISSAL",
    "28",
    "执行裁定书（驳回执行申请）",
    (BASIS, REASON),
    "{applicants}于{filed_on}向本院申请执行{basis}，本院立案执行。",
    "本院认为，{reason}，本案不符合{law_ewr_accept}规定的受理条件。依照{law_ewr_accept}、{law_ruling}第一款第十一项规定，裁定如下：",
    "驳回{applicants}的执行申请。",
    remedy=Remedy.REVIEW,
)
FULFILMENT = Spec(
    code="FULFILMENT",
    no="29",
    title="结案通知书",
    kind=Kind.NOTICE,
    phase=Phase.CLOSING,
    sign=Sign.SEAL,
    fields=(
        BASIS,
        Field("result", "执行结果", FieldKind.LONG, tip="写明执行到位金额、发放日期；行为义务写明履行情况"),
        Field("fulfilled_on", "全部履行日", FieldKind.DAY),
    ),
    blocks=(
        to("{applicants}、{debtors}："),
        *body(
            "本院立案执行的{matter}一案，执行依据为{basis}。{result}。",
            "生效法律文书确定的义务已于{fulfilled_on}全部履行完毕，依照{law_ewr_close}规定，本案以执行完毕方式结案，特此通知。",
        ),
    ),
)
REMOVED = Spec(
    code="REMOVED",
    no="29",
    title="结案通知书（销案）",
    kind=Kind.NOTICE,
    phase=Phase.CLOSING,
    sign=Sign.SEAL,
    fields=(
        BASIS,
        Field(
            "ground",
            "销案事由",
            FieldKind.CHOICE,
            options=(
                "管辖权异议成立",
                "其他有管辖权的人民法院已先行立案",
                "受托案件退回委托法院",
                "案件已委托其他法院执行",
            ),
        ),
        REASON,
    ),
    blocks=(
        to("{applicants}、{debtors}："),
        *body(
            "本院立案执行的{matter}一案，执行依据为{basis}。因{ground}，{reason}。",
            "依照《最高人民法院关于执行案件立案、结案若干问题的意见》第十八条规定，本案以销案方式结案，特此通知。",
        ),
    ),
)
BANKRUPTCY = Spec(
    code="BANKRUPTCY",
    no="31",
    title="移送破产审查决定书",
    kind=Kind.DECISION,
    phase=Phase.CLOSING,
    sign=Sign.PRESIDENT,
    fields=(
        Field("debtor", "被执行人（企业法人）", FieldKind.PARTY, side="DEBTOR"),
        Field("to_court", "受移送法院"),
        Field("consent", "同意移送的当事人", tip="应当有一名申请执行人或者被执行人书面同意"),
        Field("facts", "资产负债和执行情况", FieldKind.LONG),
    ),
    blocks=(
        Block("{party_lines}", "flush"),
        *body(
            "本院在执行{matter}一案中，查明：{facts}。{consent}书面同意将本案移送破产审查。",
            "本院认为，被执行人{debtor}不能清偿到期债务，并且资产不足以清偿全部债务或者明显缺乏清偿能力。依照{law_bankruptcy}规定，决定如下：",
            "将被执行人{debtor}相关执行案件材料移送{to_court}进行破产审查；对{debtor}中止执行。",
        ),
        *items("如对本决定有异议，可以在受移送法院破产审查期间提出，由受移送法院一并处理。"),
    ),
)
SPECS = (
    *(SUSPENSION, STAY, RESUMPTION, ENDING_TALK, ENDED, TERMINATION, REFUSED_AWARD, REFUSED_LATE, DISMISSAL),
    *(FULFILMENT, REMOVED, BANKRUPTCY),
)
