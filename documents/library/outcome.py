"""Papers of selling, sharing out and settling: 询价, 变卖, 拍卖通知, 成交, 抵债, 分配, 和解 (nos. 18 to 21, 23, 25)."""

from documents.library.control import DEBTOR
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
from documents.library.filing import BASIS, PHONE
from documents.library.sale import PANEL, THING

PLATFORM = Field("platform", "网络平台", tip="与拍卖公告一致")
BUYER = Field("buyer", "买受人", tip="姓名或者名称、证件号码；多人竞得的写明份额")
PRICE = Field("price", "成交价（元）", FieldKind.MONEY)

PRICE_LETTER = Spec(
    code="PRICE_LETTER",
    no="18",
    title="定向询价函",
    kind=Kind.LETTER,
    phase=Phase.SALE,
    sign=Sign.SEAL,
    fields=(
        Field("office", "询价机构", tip="有计税基准价、政府定价或者政府指导价的，向确定参考价时财产所在地的有关机构"),
        THING,
        Field("days", "回复期限（日）", FieldKind.COUNT, default="7"),
        PHONE,
    ),
    blocks=(
        to("{office}："),
        *body(
            "本院在执行{matter}一案中，需要确定下列财产的处置参考价：{thing}。依照{law_val_start}等规定，请你机构出具上述财产的计税基准价、政府定价或者政府指导价。",
            "请自收到本函之日起{days}日内书面回复；不能出具的，请说明理由。联系电话：{phone}。",
        ),
    ),
)
SELL_NOTICE = Spec(
    code="SELL_NOTICE",
    no="19",
    title="网络司法变卖公告",
    kind=Kind.PUBLIC_NOTICE,
    phase=Phase.SALE,
    sign=Sign.SEAL,
    fields=(
        THING,
        PLATFORM,
        Field("start_on", "变卖开始日", FieldKind.DAY, tip="动产七日前、不动产十五日前公告"),
        Field("days", "变卖期（日）", FieldKind.COUNT, default="60"),
        Field("price", "变卖价（元）", FieldKind.MONEY, tip="与第二次拍卖起拍价一致"),
        Field("deposit", "保证金（元）", FieldKind.MONEY),
        Field("flaws", "瑕疵及权利负担", FieldKind.LONG, tip="租赁、抵押、欠费、占有情况应当如实说明"),
        PHONE,
    ),
    blocks=(
        *body("下列财产经网络司法拍卖流拍，本院将在{platform}上公开变卖，现公告如下："),
        *items(
            "一、变卖标的：{thing}。",
            "二、变卖期：自{start_on}十时起{days}日。期内有人按变卖价缴足款项的，进入二十四小时竞价。",
            "三、变卖价{price}，保证金{deposit}。",
            "四、标的瑕疵及权利负担：{flaws}。竞买人应当自行实地看样，变卖以现状为准。",
            "五、优先购买权人应当在变卖开始前向本院提出申请，逾期视为放弃优先购买权。咨询电话：{phone}。",
        ),
    ),
)
SALE_NOTICE = Spec(
    code="SALE_NOTICE",
    no="20",
    title="拍卖通知书",
    kind=Kind.NOTICE,
    phase=Phase.SALE,
    sign=Sign.SEAL,
    fields=(
        Field("addressee", "被通知人", tip="当事人、已知优先购买权人逐一通知"),
        Field("role", "身份", FieldKind.CHOICE, options=("当事人", "优先购买权人")),
        THING,
        PLATFORM,
        Field("notice_on", "拍卖公告发布日", FieldKind.DAY, tip="应当在公告发布三日前通知"),
        Field("start_on", "竞价开始日", FieldKind.DAY),
        Field("price", "起拍价（元）", FieldKind.MONEY),
        PHONE,
    ),
    blocks=(
        to("{addressee}："),
        *body(
            "本院在执行{matter}一案中，将于{notice_on}在{platform}发布公告，拍卖下列财产：{thing}。竞价自{start_on}十时开始，起拍价{price}。"
            "依照{law_net_parties}规定，特此通知。",
        ),
        Block(
            "你（单位）为优先购买权人的，应当在竞价开始前向本院提出并交纳保证金，在同等条件下以优先竞买代码参与竞买；逾期视为放弃优先购买权。",
            when="role=优先购买权人",
        ),
        Block("当事人可以参加竞买。对拍卖财产、参考价或者程序有异议的，应当在竞价开始前书面提出。", when="role=当事人"),
        *body("联系电话：{phone}。"),
    ),
)


def title_ruling(code: str, title: str, fields: tuple[Field, ...], *blocks: Block) -> Spec:
    """Return a ruling whose service passes the title (民诉法解释)."""
    return Spec(
        code=code,
        no="21",
        title=title,
        kind=Kind.RULING,
        phase=Phase.SALE,
        sign=Sign.JUDGE,
        numbering=Numbering.SUFFIXED,
        remedy=Remedy.OBJECTION,
        fields=(DEBTOR, THING, *fields, PANEL),
        blocks=(
            Block("{party_lines}", "flush"),
            *blocks,
            Block("本裁定送达后即发生法律效力。"),
        ),
    )


SOLD_RULING = title_ruling(
    "SOLD_RULING",
    "执行裁定书（拍卖成交）",
    (
        PLATFORM,
        Field("sold_on", "成交日", FieldKind.DAY),
        BUYER,
        PRICE,
        Field("paid_on", "价款付清日", FieldKind.DAY, tip="价款全额交付后十日内作出裁定并送达"),
    ),
    Block("本院在执行{matter}一案中，于{sold_on}在{platform}公开拍卖被执行人{debtor}的下列财产：{thing}。"),
    Block(
        "买受人{buyer}以{price}竞得，并于{paid_on}付清全部价款。依照{law_sale}、{law_title}、{law_auct_ruling}规定，裁定如下："
    ),
    Block("一、上述财产归买受人{buyer}所有，所有权自本裁定送达买受人时起转移。", "item"),
    Block("二、买受人{buyer}可以持本裁定到登记机构办理过户登记手续；原查封、抵押登记的效力消灭。", "item"),
)
DEBT_RULING = title_ruling(
    "DEBT_RULING",
    "执行裁定书（以物抵债）",
    (
        Field(
            "ground",
            "抵债情形",
            FieldKind.CHOICE,
            options=("流拍后以该次保留价抵债", "经双方当事人同意不经拍卖变卖直接抵债"),
            tip="当事人执行和解中自行达成的以物抵债协议，不得据以作出抵债裁定",
        ),
        Field("taker", "承受人", FieldKind.PARTY, side="APPLICANT"),
        Field("price", "抵债金额（元）", FieldKind.MONEY, tip="流拍抵债的，为该次拍卖的保留价"),
        Field(
            "difference",
            "应补差额（元）",
            FieldKind.MONEY,
            is_required=False,
            tip="债权额小于抵债金额的填写，付清后方可送达",
        ),
    ),
    Block("本院在执行{matter}一案中，对被执行人{debtor}的下列财产采取执行措施：{thing}。"),
    Block(
        "上述财产公开拍卖流拍，申请执行人{taker}申请以该次拍卖的保留价{price}抵偿债务。依照{law_auct_unsold}、{law_title}规定，裁定如下：",
        when="ground=流拍后以该次保留价抵债",
    ),
    Block(
        "双方当事人同意不经拍卖、变卖，将上述财产作价{price}交申请执行人{taker}抵偿债务，且不损害其他债权人合法权益和社会公共利益。"
        "依照{law_agreed_debt}、{law_title}规定，裁定如下：",
        when="ground=经双方当事人同意不经拍卖变卖直接抵债",
    ),
    Block("一、上述财产作价{price}，交付申请执行人{taker}抵偿相应债务，所有权自本裁定送达申请执行人时起转移。", "item"),
    Block("二、申请执行人{taker}应当补交差额{difference}。", "item", when="difference"),
    Block("申请执行人{taker}可以持本裁定到登记机构办理过户登记手续。"),
)
DISTRIBUTION = Spec(
    code="DISTRIBUTION",
    no="23",
    title="财产分配方案",
    kind=Kind.LIST,
    phase=Phase.MONEY,
    sign=Sign.JUDGE,
    remedy=Remedy.DISTRIBUTION,
    fields=(
        DEBTOR,
        Field("source_of_money", "案款来源", FieldKind.LONG, tip="写明财产、处置方式、成交日和成交价"),
        Field("total", "可供分配总额（元）", FieldKind.MONEY),
        Field("costs", "优先扣除的执行费用（元）", FieldKind.MONEY, tip="评估、拍卖辅助、公告、保管等实际支出"),
        Field(
            "rule",
            "分配规则",
            FieldKind.CHOICE,
            options=("参与分配，普通债权按比例受偿", "按采取执行措施的先后顺序受偿"),
            tip="被执行人为公民或者其他组织且财产不足清偿全部债务的，参与分配；为企业法人且未进入破产程序的，按顺序",
        ),
        Field(
            "shares",
            "分配表",
            FieldKind.ROWS,
            heads=("债权人", "依据及性质", "债权额（元）", "顺序或比例", "分配额（元）"),
            tip="每名债权人一行，各栏用｜隔开；优先债权列在前，合计应等于扣除费用后的金额",
        ),
        PANEL,
    ),
    blocks=(
        Block("被执行人：{debtor_identity}", "flush"),
        *body(
            "本院在执行{matter}一案中，对被执行人{debtor}的财产予以处置。案款来源：{source_of_money}。可供分配总额为{total}，扣除执行费用{costs}后进行分配。",
        ),
        Block(
            "依照{law_pro_rata}规定，对优先受偿的债权先予清偿，普通债权按照比例受偿，分配如下：",
            when="rule=参与分配，普通债权按比例受偿",
        ),
        Block(
            "依照{law_seizure_order}规定，按照财产保全和执行中查封、扣押、冻结财产的先后顺序清偿，分配如下：",
            when="rule=按采取执行措施的先后顺序受偿",
        ),
        Block("", table="shares"),
        *body("无异议的部分先行发放，有异议的部分依法提存。"),
    ),
)
SETTLEMENT = Spec(
    code="SETTLEMENT",
    no="25",
    title="执行和解协议",
    kind=Kind.FORM,
    phase=Phase.PAUSE,
    sign=Sign.PARTIES,
    fields=(
        BASIS,
        Field(
            "terms", "和解内容", FieldKind.LONG, tip="变更的主体、标的、数额、履行期限和方式；分期的逐期写明日期和金额"
        ),
        Field(
            "breach",
            "违约责任",
            FieldKind.LONG,
            default="被执行人不履行本协议的，申请执行人可以申请恢复执行原生效法律文书，或者就履行本协议向执行法院提起诉讼",
        ),
        Field(
            "guarantor",
            "担保人和担保范围",
            FieldKind.LONG,
            is_required=False,
            tip="约定不履行时直接接受强制执行的，写明向法院承诺",
        ),
        Field("copies", "份数", FieldKind.COUNT, default="3"),
    ),
    blocks=(
        Block("{party_lines}", "flush"),
        *body("{basis}已经发生法律效力，本院以{number}立案执行。双方当事人自愿达成如下协议（{law_settlement}）："),
        Block("{terms}", "item"),
        Block("担保：{guarantor}。", when="guarantor"),
        *body(
            "{breach}。",
            "款项汇入本案专用账号{sub_account}。本协议一式{copies}份，双方各执一份，交执行法院附卷一份，自签名之日起生效。",
        ),
        Block("申请执行人（签名、盖章）：　　　　　　被执行人（签名、盖章）：　　　　　　", "flush"),
    ),
)
SETTLEMENT_RECORD = Spec(
    code="SETTLEMENT_RECORD",
    no="25",
    title="执行和解笔录",
    kind=Kind.RECORD,
    phase=Phase.PAUSE,
    sign=Sign.SEAL,
    fields=(
        BASIS,
        Field("talked_on", "日期", FieldKind.DAY),
        Field("place", "地点"),
        Field("officers", "执行人员（两人以上）"),
        Field("present", "到场当事人和代理人", tip="代理人应当有和解的特别授权"),
        Field("terms", "和解内容", FieldKind.LONG),
        Field(
            "breach",
            "不履行的后果",
            FieldKind.LONG,
            default="不履行和解协议的，申请执行人可以申请恢复执行，或者就履行和解协议提起诉讼",
        ),
    ),
    blocks=(
        *body(
            "时间：{talked_on}　地点：{place}",
            "执行人员：{officers}",
            "到场人：{present}",
            "执行依据：{basis}",
            "告知：依照{law_settlement}规定，双方可以自愿达成和解协议；和解协议没有强制执行力，{breach}。",
            "问：双方和解的内容是什么？",
            "答：{terms}",
            "问：以上是否出于自愿？答：是。",
        ),
        Block("当事人（签名）：　　　　　　　　执行人员（签名）：　　　　　　", "flush"),
    ),
)
SPECS = (
    *(PRICE_LETTER, SELL_NOTICE, SALE_NOTICE, SOLD_RULING, DEBT_RULING),
    *(DISTRIBUTION, SETTLEMENT, SETTLEMENT_RECORD),
)
