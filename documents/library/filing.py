"""Papers of filing and of the start: 受理, 不予受理, 财产线索, 执行通知, 报告财产令 (nos. 1 to 5)."""

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

BASIS = Field("basis", "执行依据", source="basis", tip="作出机关、文号和文书种类，按生效法律文书原文核对")
PHONE = Field("phone", "联系电话", source="phone", tip="填团队电话，不填个人手机")

# What a paper that prints a total says of interest that runs on: up to which day it is counted, and how.
DUE_ON = Field("due_on", "利息暂计至", FieldKind.DAY, is_required=False, tip="起草当日；此后的利息在文书中写明另计")
DUE = (
    DUE_ON,
    Field(
        "due",
        "暂计应付金额（元）",
        FieldKind.MONEY,
        is_required=False,
        tip="连同利息和加倍部分债务利息，不含申请执行费",
    ),
    Field("due_steps", "暂计数额的算法", FieldKind.LONG, is_required=False, tip="按本案的计息标准算出，一并印出供核对"),
)

ACCEPTANCE = Spec(
    code="ACCEPTANCE",
    no="1",
    title="受理执行案件通知书",
    kind=Kind.NOTICE,
    phase=Phase.FILING,
    sign=Sign.SEAL,
    fields=(BASIS, PHONE),
    blocks=(
        to("{applicants}："),
        *body(
            "你（单位）申请执行{debtors}一案，执行依据为{basis}，申请执行标的额为{amount_claimed}。经审查，符合法律规定的受理条件，"
            "本院于{filed_on}立案执行，案号为{number}。现将有关事项通知如下：",
        ),
        *items(
            "一、本案由{court}执行，乌海市法院综合执行局具体办理，联系电话：{phone}。",
            "二、你（单位）有权申请办案人员回避，有权了解执行进展，有权对违法执行行为提出书面异议。",
            "三、你（单位）应当如实提供被执行人的财产状况或者财产线索，并对执行风险有充分认识。",
            "四、本案实行一案一账号管理，案款账号为{sub_account}。案款只通过该账号收付，执行人员不接触现金。",
            "五、收款账户、送达地址如有变更，应当及时书面告知本院；未及时告知的，自行承担相应后果。",
        ),
    ),
)
REFUSAL = Spec(
    code="REFUSAL",
    no="2",
    title="执行裁定书（不予受理）",
    kind=Kind.RULING,
    phase=Phase.FILING,
    sign=Sign.JUDGE,
    numbering=Numbering.SUFFIXED,
    remedy=Remedy.REVIEW,
    fields=(
        BASIS,
        Field(
            "reason", "不予受理的理由", FieldKind.LONG, tip="写明欠缺五项受理条件中的哪一项；逾期申请不是不予受理的理由"
        ),
    ),
    blocks=(
        Block("{applicant_lines}", "flush"),
        *body(
            "{applicants}于{filed_on}向本院申请执行{basis}。",
            "本院经审查认为，{reason}，不符合{law_ewr_accept}规定的受理条件。依照{law_ewr_accept}、{law_ruling}第一款第十一项规定，裁定如下：",
            "对{applicants}的执行申请，本院不予受理。",
        ),
    ),
)
CLUES_NOTICE = Spec(
    code="CLUES_NOTICE",
    no="3",
    title="提供被执行人财产线索通知书",
    kind=Kind.NOTICE,
    phase=Phase.START,
    sign=Sign.SEAL,
    fields=(
        Field("until", "提供截止日", FieldKind.DAY),
        Field("wanted", "需要提供的材料", FieldKind.LONG, is_required=False, tip="没有特别要求可不填，只列通用项目"),
        PHONE,
    ),
    blocks=(
        to("{applicants}："),
        *body("本院立案执行的{matter}一案，请你（单位）于{until}前向本院提供被执行人的财产状况或者财产线索，包括："),
        *items(
            "一、银行存款、网络资金账户、有价证券、股权、理财产品和保险权益；",
            "二、土地、房屋、车辆、机器设备等财产的坐落、牌号、存放地点和权属情况；",
            "三、到期债权、工资、租金、补偿款等收入；",
            "四、被执行人的下落、工作单位和联系方式。",
        ),
        Block("另请提供：{wanted}", when="wanted"),
        *body("逾期未提供，且本院经调查未发现可供执行财产的，可能导致本案不能及时执行。联系电话：{phone}。"),
    ),
)
ENFORCEMENT_NOTICE = Spec(
    code="ENFORCEMENT_NOTICE",
    no="4",
    title="执行通知书",
    kind=Kind.NOTICE,
    phase=Phase.START,
    sign=Sign.SEAL,
    fields=(
        Field("debtor", "被执行人", FieldKind.PARTY, side="DEBTOR", tip="多名被执行人应当逐一发出"),
        BASIS,
        Field("duty", "应当履行的义务", FieldKind.LONG, source="claims", tip="逐项列明，与执行依据主文一致"),
        Field("days", "履行期限（日）", FieldKind.COUNT, default="3"),
        Field("fee", "申请执行费（元）", FieldKind.MONEY, is_required=False, tip="尚未核定的可不填，由被执行人负担"),
        *DUE,
        PHONE,
    ),
    blocks=(
        to("{debtor}："),
        *body(
            "你（单位）与{applicants}{cause}一案，{basis}已经发生法律效力。申请执行人于{filed_on}申请执行，本院已依法受理。"
            "依照{law_notice}、{law_ewr_notice}规定，责令你（单位）自收到本通知书之日起{days}日内履行下列义务：",
        ),
        Block("{duty}", "item"),
        Block("上列金额合计{amount_claimed}。", when="amount_raw"),
        Block(
            "连同应付的利息和加倍部分债务利息，暂计至{due_on}共{due}；{due_on}之后的利息、加倍部分债务利息另计，至实际清偿之日止。",
            when="due",
        ),
        Block("暂计数额的算法：", when="due_steps"),
        Block("{due_steps}", "item", when="due_steps"),
        Block("另负担申请执行费{fee}。", when="fee"),
        *body(
            "未按生效法律文书指定的期间履行给付金钱义务的，应当依照{law_delay}规定加倍支付迟延履行期间的债务利息；"
            "未按指定的期间履行其他义务的，应当支付迟延履行金。",
            "款项应当汇入本案专用账号{sub_account}（一案一账号），附言注明案号、被执行人、付款人和款项用途。执行人员不收取现金。",
        ),
        Block("扫描下列二维码，可以查询扫码当日的应付金额、计算过程和收款账号。", when="debt_url"),
        Block("{debt_url}", "qr", when="debt_url"),
        *body(
            "逾期不履行的，本院将依法强制执行，并可以依照{law_restrict}规定采取限制消费、纳入失信被执行人名单等措施；"
            "拒不履行的，可以依照{law_obstruction}规定予以罚款、拘留；构成犯罪的，依法追究刑事责任。",
            "对本院管辖有异议的，应当自收到本通知书之日起十日内提出。联系电话：{phone}。",
        ),
    ),
)
REPORT_ORDER = Spec(
    code="REPORT_ORDER",
    no="5",
    title="报告财产令",
    kind=Kind.ORDER,
    phase=Phase.START,
    sign=Sign.SEAL,
    fields=(
        Field("debtor", "被执行人", FieldKind.PARTY, side="DEBTOR"),
        Field("days", "报告期限（日）", FieldKind.COUNT, default="15", tip="随执行通知书一并发出；一般为五至十五日"),
        PHONE,
    ),
    blocks=(
        to("{debtor}："),
        *body(
            "本院执行的{matter}一案，你（单位）应当履行生效法律文书确定的义务。依照{law_report}、{law_prop_order}规定，"
            "责令你（单位）自收到本令之日起{days}日内，如实向本院书面报告当前以及收到执行通知之日前一年的财产情况。",
            "报告范围包括：收入、银行存款、现金、理财产品、有价证券；土地使用权、房屋等不动产；交通运输工具、机器设备、产品、原材料等动产；"
            "债权、股权、投资权益、基金份额、信托受益权、知识产权等财产性权利；其他应当报告的财产（{law_prop_scope}）。",
            "报告财产后，财产情况发生变动的，应当自财产变动之日起十日内向本院补充报告。",
            "拒绝报告、虚假报告或者无正当理由逾期报告的，本院可以依照{law_prop_penalty}规定予以罚款、拘留；构成犯罪的，依法追究刑事责任，"
            "并依法纳入失信被执行人名单。",
            "附：被执行人财产调查表。联系电话：{phone}。",
        ),
    ),
)
REPORTED = ("银行存款及网络资金", "房屋、土地", "车辆", "股权、有价证券", "债权、收入", "其他")
REPORT_FORM = Spec(
    code="REPORT_FORM",
    no="5",
    title="被执行人财产调查表",
    kind=Kind.FORM,
    phase=Phase.START,
    sign=Sign.SEAL,
    fields=(
        Field("debtor", "被执行人", FieldKind.PARTY, side="DEBTOR"),
        Field(
            "property",
            "财产项目",
            FieldKind.ROWS,
            heads=("项目", "数量或金额", "地点、账号或牌号", "权属及负担"),
            default="\n".join("".join((name, "｜　｜　｜　")) for name in REPORTED),
            tip="发给被执行人填写，各栏留空",
        ),
    ),
    blocks=(
        *body(
            "被执行人：{debtor}",
            "本表随报告财产令发出，应当如实填写当前以及收到执行通知之日前一年的财产情况和变动情况。",
        ),
        Block("", table="property"),
        *body("以上内容属实，如有虚假愿承担法律责任。"),
        Block("报告人（签名、盖章）：　　　　　　　　年　　月　　日", "right"),
    ),
)
SPECS = (ACCEPTANCE, REFUSAL, CLUES_NOTICE, ENFORCEMENT_NOTICE, REPORT_ORDER, REPORT_FORM)
