"""Papers of pricing, sale and eviction (nos. 18, 19, 22) and of paying out (no. 24)."""

from documents.library.control import ADDRESS, DEBTOR, UNIT
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
from documents.library.filing import PHONE

THING = Field("thing", "处置财产", FieldKind.LONG, tip="不动产只写坐落")
PANEL = Field("panel", "合议庭组成人员", tip="三人以上：审判长、审判员姓名")

VALUATION = Spec(
    code="VALUATION",
    no="18",
    title="评估委托书",
    kind=Kind.LETTER,
    phase=Phase.SALE,
    sign=Sign.SEAL,
    fields=(
        Field("agency", "评估机构", tip="由摇号结果或者当事人协商确定，不得由承办人指定"),
        THING,
        Field("purpose", "评估目的", default="确定财产处置参考价"),
        Field("base_on", "价值时点", FieldKind.DAY, is_required=False),
        Field("days", "完成期限（日）", FieldKind.COUNT, default="30"),
        PHONE,
    ),
    blocks=(
        to("{agency}："),
        *body(
            "本院在执行{matter}一案中，需要对下列财产进行评估：{thing}。依照{law_val_start}等规定，委托你机构进行评估。",
            "评估目的：{purpose}。",
        ),
        Block("价值时点：{base_on}。", when="base_on"),
        *body(
            "请自收到本委托书之日起{days}日内出具评估报告。不能按期完成的，应当在期限届满五日前书面申请延长。联系电话：{phone}。",
            "附：财产明细、权属及现状调查材料。",
        ),
    ),
)
PRICE_INQUIRY = Spec(
    code="PRICE_INQUIRY",
    no="18",
    title="网络询价委托书",
    kind=Kind.LETTER,
    phase=Phase.SALE,
    sign=Sign.SEAL,
    fields=(Field("platform", "询价平台"), THING, PHONE),
    blocks=(
        to("{platform}："),
        *body(
            "本院在执行{matter}一案中，需要确定下列财产的处置参考价：{thing}。依照{law_val_start}等规定，委托你平台进行网络询价。",
            "请自收到本委托书之日起三日内出具网络询价报告。联系电话：{phone}。",
        ),
    ),
)
SALE_RULING = Spec(
    code="SALE_RULING",
    no="19",
    title="执行裁定书（拍卖）",
    kind=Kind.RULING,
    phase=Phase.SALE,
    sign=Sign.JUDGE,
    numbering=Numbering.SUFFIXED,
    remedy=Remedy.OBJECTION,
    fields=(DEBTOR, Field("ruling", "查封裁定文号"), THING, PANEL),
    blocks=(
        Block("{party_lines}", "flush"),
        *body(
            "本院在执行{matter}一案中，依据{ruling}执行裁定书查封了被执行人{debtor}的财产。被执行人至今未履行生效法律文书确定的义务。"
            "依照{law_seal}、{law_sale}规定，裁定如下：",
            "拍卖被执行人{debtor}的下列财产：{thing}。",
            "本裁定送达后即发生法律效力。",
        ),
    ),
)
AUCTION_NOTICE = Spec(
    code="AUCTION_NOTICE",
    no="19",
    title="网络司法拍卖公告",
    kind=Kind.PUBLIC_NOTICE,
    phase=Phase.SALE,
    sign=Sign.SEAL,
    fields=(
        Field("round", "拍卖次数", FieldKind.CHOICE, options=("第一次", "第二次")),
        THING,
        Field("platform", "网络平台", tip="由申请执行人从名单库中选择，或者由本院指定"),
        Field(
            "start_on",
            "竞价开始日",
            FieldKind.DAY,
            tip="第一次：动产十五日前、不动产三十日前公告；第二次：七日前、十五日前",
        ),
        Field("price", "起拍价（元）", FieldKind.MONEY, tip="由合议庭评议确定"),
        Field("deposit", "保证金（元）", FieldKind.MONEY, tip="起拍价的百分之五至百分之二十"),
        Field("step", "增价幅度（元）", FieldKind.MONEY),
        Field("flaws", "瑕疵及权利负担", FieldKind.LONG, tip="租赁、抵押、欠费、占有情况应当如实说明"),
        Field("taxes", "税费负担", default="依照法律、行政法规的规定由相应主体承担"),
        PHONE,
    ),
    blocks=(
        *body("本院将在{platform}上对下列财产进行{round}公开拍卖，现公告如下（{law_net_notice}）："),
        *items(
            "一、拍卖标的：{thing}。",
            "二、竞价时间：自{start_on}十时起二十四小时（延时除外）。",
            "三、起拍价{price}，保证金{deposit}，增价幅度{step}。",
            "四、标的瑕疵及权利负担：{flaws}。竞买人应当自行实地看样，拍卖以现状为准。",
            "五、税费：{taxes}。",
            "六、优先购买权人应当在竞价开始前向本院提出申请，逾期视为放弃优先购买权。",
            "七、对拍卖标的权属有异议的，应当在竞价开始前书面提出。咨询电话：{phone}。",
        ),
    ),
)
EVICTION = Spec(
    code="EVICTION",
    no="22",
    title="公告（责令迁出）",
    kind=Kind.PUBLIC_NOTICE,
    phase=Phase.SALE,
    sign=Sign.PRESIDENT,
    remedy=Remedy.OBJECTION,
    fields=(DEBTOR, ADDRESS, Field("until", "迁出期限", FieldKind.DAY), PHONE),
    blocks=(
        *body(
            "本院在执行{matter}一案中，责令被执行人{debtor}及其他占用人自坐落于{address}的房屋迁出，但至今未迁出。",
            "依照{law_eviction}规定，责令被执行人{debtor}及其他占用人于{until}前迁出上述房屋。到期仍不迁出的，本院将依法强制执行，"
            "强制迁出的费用由被执行人承担；对妨害执行的，依照{law_obstruction}规定追究责任。联系电话：{phone}。",
        ),
    ),
)
COLLECT_NOTICE = Spec(
    code="COLLECT_NOTICE",
    no="24",
    title="领取案款通知书",
    kind=Kind.NOTICE,
    phase=Phase.MONEY,
    sign=Sign.SEAL,
    is_restricted=True,
    fields=(
        Field("payee", "收款人", FieldKind.PARTY, side="APPLICANT"),
        Field("amount", "发放金额（元）", FieldKind.MONEY, tip="与已批准的发放一致"),
        Field("account", "收款账户", tip="只写开户行和账号后四位"),
        Field("by", "确认截止日", FieldKind.DAY),
        PHONE,
    ),
    blocks=(
        to("{payee}："),
        *body(
            "本院在执行{matter}一案中，案款{amount}已到账并经审批，拟发放至你（单位）确认的收款账户：{account}。",
            "请于{by}前核对上述账户；账户有变更或者不能使用的，应当持有效证件书面告知本院。逾期未办理且账户无法使用的，本院可以依法提存（{law_fund_pay}）。",
            "案款只转账支付，执行人员不接触现金。联系电话：{phone}。",
        ),
    ),
)
COLLECTED = Spec(
    code="COLLECTED",
    no="24",
    title="收款确认书",
    kind=Kind.FORM,
    phase=Phase.MONEY,
    sign=Sign.SEAL,
    is_restricted=True,
    fields=(
        Field("payee", "收款人", FieldKind.PARTY, side="APPLICANT"),
        Field("amount", "收到金额（元）", FieldKind.MONEY),
        Field("paid_on", "到账日", FieldKind.DAY),
        Field("account", "收款账户", tip="只写开户行和账号后四位"),
    ),
    blocks=(
        *body("本人（单位）{payee}于{paid_on}收到{court}发放的{matter}一案案款{amount}，收款账户：{account}。"),
        Block("收款人（签名、盖章）：　　　　　　　　年　　月　　日", "right"),
    ),
)
SPECS = (VALUATION, PRICE_INQUIRY, SALE_RULING, AUCTION_NOTICE, EVICTION, COLLECT_NOTICE, COLLECTED)
__all__ = ["PANEL", "SPECS", "UNIT"]
