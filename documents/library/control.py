"""Papers of finding and controlling property: rulings, assistance, seals, terms, third-party debts, release."""

from documents.library.declared import (
    Block,
    Field,
    FieldKind,
    Kind,
    Numbering,
    Phase,
    Remedy,
    Service,
    Sign,
    Spec,
    body,
    to,
)

DEBTOR = Field("debtor", "被执行人", FieldKind.PARTY, side="DEBTOR", tip="只能对执行依据确定的被执行人采取措施")
CAP = Field("cap", "限额（元）", FieldKind.MONEY, source="amount_raw", tip="不得超出被执行人应当履行义务的范围")
UNIT = Field("unit", "协助单位", tip="写单位全称，一份只发给一个单位")
FROM = Field("from_on", "期限起", FieldKind.DAY)
TO = Field("to_on", "期限止", FieldKind.DAY, tip="存款不超过一年，动产不超过二年，不动产和其他财产权不超过三年")
# 现场查控团队的做法：不动产只写坐落，证号和单元号到登记中心再查。
ADDRESS = Field("address", "不动产坐落", tip="查封不动产的文书只写坐落")
CERTIFICATE = Field(
    "certificate",
    "不动产权证号",
    is_required=False,
    tip="留空：由现场查控团队到不动产登记中心查询后登记，不要填写在文书上",
)
UNIT_NUMBER = Field(
    "unit_number",
    "不动产单元号",
    is_required=False,
    tip="留空：由现场查控团队到不动产登记中心查询后登记，不要填写在文书上",
)
OPENING = (
    Block("{party_lines}", "flush"),
    Block("本院在执行{matter}一案中，责令被执行人履行生效法律文书确定的义务，但被执行人至今未履行。"),
)
AT_ONCE = Block("本裁定立即执行。")
RENEW = Block("申请执行人申请续行查封、扣押、冻结的，应当在期限届满七日前向本院提出；逾期未办理续行手续的，效力消灭。")


def ruling(
    code: str,
    title: str,
    fields: tuple[Field, ...],
    *blocks: Block,
    no: str = "6",
    remedy: str = Remedy.OBJECTION,
    opening: tuple[Block, ...] = OPENING,
) -> Spec:
    """Return a ruling of the control phase: parties, facts, the order, at once in force, remedy."""
    return Spec(
        code=code,
        no=no,
        title=title,
        kind=Kind.RULING,
        phase=Phase.CONTROL,
        sign=Sign.JUDGE,
        numbering=Numbering.SUFFIXED,
        remedy=remedy,
        fields=fields,
        blocks=(*opening, *blocks, AT_ONCE),
    )


FREEZE = ruling(
    "FREEZE",
    "执行裁定书（冻结存款）",
    (DEBTOR, CAP, FROM, TO, Field("bank", "开户机构", is_required=False, tip="通过网络查控冻结多家机构的可不填")),
    Block("依照{law_deposits}、{law_term}规定，裁定如下："),
    Block("冻结被执行人{debtor}名下银行存款及网络资金账户存款{cap}，期限自{from_on}至{to_on}止。"),
    Block("开户机构：{bank}。", when="bank"),
    RENEW,
)
SEAL_ESTATE = ruling(
    "SEAL_ESTATE",
    "执行裁定书（查封不动产）",
    (DEBTOR, ADDRESS, CERTIFICATE, UNIT_NUMBER, FROM, TO),
    Block("依照{law_seal}、{law_term}规定，裁定如下："),
    Block("查封被执行人{debtor}名下坐落于{address}的不动产，期限自{from_on}至{to_on}止。"),
    Block("不动产权证号：{certificate}。", when="certificate"),
    Block("不动产单元号：{unit_number}。", when="unit_number"),
    Block("查封期间，未经本院许可不得转移、变卖、设定权利负担。"),
    RENEW,
)
SEAL_MOVABLE = ruling(
    "SEAL_MOVABLE",
    "执行裁定书（查封、扣押动产）",
    (
        DEBTOR,
        Field("measure", "措施", FieldKind.CHOICE, options=("查封", "扣押")),
        Field("goods", "财产", FieldKind.LONG, tip="车辆写明品牌和号牌；其他动产写明名称、数量和存放地点"),
        FROM,
        TO,
    ),
    Block("依照{law_seal}、{law_term}规定，裁定如下："),
    Block("{measure}被执行人{debtor}的下列财产，期限自{from_on}至{to_on}止：{goods}。"),
    RENEW,
)
SEAL_RIGHT = ruling(
    "SEAL_RIGHT",
    "执行裁定书（冻结股权及其他财产权）",
    (DEBTOR, Field("right", "财产权", FieldKind.LONG, tip="写明所在公司、出资额或者权利名称、登记机关"), FROM, TO),
    Block("依照{law_seal}、{law_term}规定，裁定如下："),
    Block("冻结被执行人{debtor}的{right}，期限自{from_on}至{to_on}止。"),
    RENEW,
)
DEDUCT = ruling(
    "DEDUCT",
    "执行裁定书（扣划存款）",
    (DEBTOR, CAP, Field("bank", "开户机构", tip="账号在协助执行通知书中写明")),
    Block("依照{law_deposits}规定，裁定如下："),
    Block("扣划被执行人{debtor}在{bank}的存款{cap}至本院案款专户，入账子账号为{sub_account}。"),
)
INCOME = ruling(
    "INCOME",
    "执行裁定书（扣留、提取收入）",
    (
        DEBTOR,
        UNIT,
        Field("monthly", "每月提取数额（元）", FieldKind.MONEY, tip="应当保留被执行人及其所扶养家属的生活必需费用"),
        CAP,
    ),
    Block("依照{law_income}规定，裁定如下："),
    Block(
        "扣留、提取被执行人{debtor}在{unit}的收入，每月{monthly}，累计以{cap}为限，应当保留被执行人及其所扶养家属的生活必需费用。"
    ),
)
RELEASE = ruling(
    "RELEASE",
    "执行裁定书（解除查封、扣押、冻结）",
    (
        # Who was controlled need not be who the case names now: after a correction it may be somebody else's property.
        Field("holder", "财产被控制的人", source="name:DEBTOR:1", tip="照原裁定填写；原裁定写错人的，写原裁定所写的人"),
        Field("earlier", "原裁定文号", tip="如（2021）内0302执1号之一"),
        Field("things", "解除的财产", FieldKind.LONG),
        Field("ground", "解除事由", tip="履行完毕、申请执行人同意、财产已处置、查封错误等"),
    ),
    Block(
        "本院在执行{matter}一案中，曾以{earlier}裁定对{holder}名下的财产采取控制措施。现因{ground}，依照{law_seiz_release}、{law_ruling}第一款第十一项规定，裁定如下："
    ),
    Block("解除对下列财产的查封、扣押、冻结：{things}。"),
    no="30",
    remedy=Remedy.NONE,
    # Not that the debtor has not performed: he may just have.
    opening=OPENING[:1],
)
RECEIPT = (
    Block("", "break"),
    Block("协助执行通知书（回执）", "title"),
    Block("{court}：", "flush"),
    Block("你院{number}协助执行通知书收悉。协助执行情况如下："),
    Block("　　　　　　　　　　　　　　　　　　　　　　　　　　　　　　"),
    Block("协助单位（盖章）：　　　　　　　　经办人：　　　　　　　　年　　月　　日", "right"),
)


def assistance(code: str, title: str, law: str, fields: tuple[Field, ...], *blocks: Block) -> Spec:
    """Return a notice by which a unit must help, with the receipt it sends back."""
    ending = Block("拒不履行协助义务的，本院将依照{law_assist_duty}规定予以处罚。办理后请填写回执送还本院。")
    opening = "本院在执行{matter}一案中，"
    opening += "作出的{ruling}执行裁定书已经发生法律效力。依照" + law + "规定，请协助执行以下事项："
    return Spec(
        code=code,
        no="7",
        title=title,
        kind=Kind.NOTICE,
        phase=Phase.CONTROL,
        sign=Sign.SEAL,
        fields=(UNIT, Field("ruling", "所附裁定文号", tip="应当附执行裁定书一并送达"), *fields),
        blocks=(to("{unit}："), Block(opening), *blocks, ending),
        annex=RECEIPT,
    )


ASSIST_BANK = assistance(
    "ASSIST_BANK",
    "协助执行通知书（金融机构）",
    "{law_deposits}、{law_assist_duty}",
    (
        DEBTOR,
        Field("measure", "协助事项", FieldKind.CHOICE, options=("冻结", "续行冻结", "扣划", "解除冻结")),
        Field("account", "户名和账号", tip="以查询结果为准；多个账户逐一列明"),
        CAP,
        Field("from_on", "期限起", FieldKind.DAY, is_required=False),
        Field("to_on", "期限止", FieldKind.DAY, is_required=False, tip="冻结、续行冻结应当填写，不超过一年"),
    ),
    Block("{measure}被执行人{debtor}（证件号码：{debtor_id}）{account}账户内的存款{cap}。"),
    Block("期限自{from_on}至{to_on}止。", when="from_on"),
    Block("扣划的款项请汇入本院案款专户，入账子账号为{sub_account}，附言注明本案案号。", when="measure=扣划"),
)
ASSIST_ESTATE = assistance(
    "ASSIST_ESTATE",
    "协助执行通知书（不动产登记）",
    "{law_seal}、{law_assist_duty}",
    (
        DEBTOR,
        Field(
            "measure",
            "协助事项",
            FieldKind.CHOICE,
            options=("查封登记", "轮候查封登记", "续行查封登记", "解除查封登记", "过户登记"),
        ),
        ADDRESS,
        CERTIFICATE,
        UNIT_NUMBER,
        Field("from_on", "期限起", FieldKind.DAY, is_required=False),
        Field("to_on", "期限止", FieldKind.DAY, is_required=False, tip="不超过三年"),
    ),
    Block("对被执行人{debtor}（证件号码：{debtor_id}）名下坐落于{address}的不动产办理{measure}。"),
    Block("不动产权证号：{certificate}。", when="certificate"),
    Block("不动产单元号：{unit_number}。", when="unit_number"),
    Block("期限自{from_on}至{to_on}止。查封期间不得办理转移、抵押等登记。", when="from_on"),
)
ASSIST = assistance(
    "ASSIST",
    "协助执行通知书",
    "{law_seal}、{law_assist_duty}",
    (DEBTOR, Field("matters", "协助事项", FieldKind.LONG, tip="写明财产、措施和期限；轮候的写明轮候")),
    Block("被执行人：{debtor}（证件号码：{debtor_id}）。"),
    Block("{matters}", "item"),
)
SEAL_LIST = Spec(
    code="SEAL_LIST",
    no="8",
    title="查封、扣押财产清单",
    kind=Kind.LIST,
    phase=Phase.CONTROL,
    sign=Sign.SEAL,
    fields=(
        DEBTOR,
        Field("ruling", "裁定文号"),
        Field("place", "地点"),
        Field(
            "things",
            "财产",
            FieldKind.ROWS,
            heads=("名称", "规格及状况", "数量", "存放地点"),
            tip="每行一件，各栏用｜隔开；不动产只写坐落，不写证号和单元号",
        ),
        Field("keeper", "保管人"),
        Field("officers", "执行人员（两人以上）", tip="现场执行不得少于二人，写明姓名和执法证号"),
        Field("present", "在场人", tip="被执行人或其成年家属、基层组织代表；拒绝到场的写明"),
    ),
    blocks=(
        *body("本院依据{ruling}执行裁定书，在{place}对被执行人{debtor}的下列财产予以查封、扣押："),
        Block("", table="things"),
        *body("上列财产由{keeper}保管。保管期间不得使用、处分或者毁损。", "执行人员：{officers}", "在场人：{present}"),
        Block("执行人员（签名）：　　　　　　　　被执行人、在场人（签名）：　　　　　　", "flush"),
    ),
)
SEAL_STRIP = Spec(
    code="SEAL_STRIP",
    no="8",
    title="封条",
    kind=Kind.PUBLIC_NOTICE,
    phase=Phase.CONTROL,
    sign=Sign.SEAL,
    fields=(Field("sealed_on", "查封日期", FieldKind.DAY),),
    blocks=(
        Block("封", "huge"),
        *body("本院依法查封，任何人不得损毁、撕揭；违者依照{law_obstruction}规定追究法律责任。"),
        Block("{sealed_on}", "right"),
    ),
)
SEAL_NOTICE = Spec(
    code="SEAL_NOTICE",
    no="8",
    title="查封公告",
    kind=Kind.PUBLIC_NOTICE,
    phase=Phase.CONTROL,
    sign=Sign.SEAL,
    remedy=Remedy.OBJECTION,
    fields=(DEBTOR, Field("ruling", "裁定文号"), ADDRESS, CERTIFICATE, UNIT_NUMBER, FROM, TO),
    blocks=(
        *body(
            "本院在执行{matter}一案中，依据{ruling}执行裁定书，查封被执行人{debtor}名下坐落于{address}的不动产，期限自{from_on}至{to_on}止。"
        ),
        Block("不动产权证号：{certificate}。", when="certificate"),
        Block("不动产单元号：{unit_number}。", when="unit_number"),
        *body(
            "查封期间，任何人不得对上述财产擅自转移、隐匿、毁损、变卖、抵押、赠与或者设定其他权利负担，违者依法追究法律责任。"
        ),
    ),
)
TERM_NOTICE = Spec(
    code="TERM_NOTICE",
    no="9",
    title="财产控制期限告知书",
    kind=Kind.NOTICE,
    phase=Phase.CONTROL,
    sign=Sign.SEAL,
    fields=(
        Field("things", "财产", FieldKind.LONG),
        Field("ruling", "裁定文号"),
        Field("to_on", "期限届满日", FieldKind.DAY),
        Field("apply_by", "续行申请截止日", FieldKind.DAY, tip="期限届满七日前"),
    ),
    blocks=(
        to("{applicants}："),
        *body(
            "本院在执行{matter}一案中，依据{ruling}执行裁定书控制了下列财产：{things}。控制期限至{to_on}届满。",
            "需要续行查封、扣押、冻结的，请于{apply_by}前向本院提出书面申请。期限届满未办理续行手续的，查封、扣押、冻结的效力消灭，"
            "你（单位）可能丧失在先顺位。",
        ),
    ),
)
THIRD_DEBT = Spec(
    code="THIRD_DEBT",
    no="17",
    title="履行到期债务通知书",
    kind=Kind.NOTICE,
    phase=Phase.CONTROL,
    sign=Sign.SEAL,
    service=Service.DIRECT,
    remedy=Remedy.THIRD_PARTY,
    fields=(
        Field("third", "第三人", tip="必须直接送达第三人"),
        DEBTOR,
        Field("debt", "到期债务（元）", FieldKind.MONEY),
        Field("proof", "债务依据", tip="合同、结算单、判决等"),
    ),
    blocks=(
        to("{third}："),
        *body(
            "本院在执行{matter}一案中，被执行人{debtor}不能清偿债务，但对你（单位）享有到期债权{debt}，依据为{proof}。"
            "依照{law_ewr_debt}、{law_third_debt}规定，通知如下：",
            "你（单位）应当自收到本通知之日起十五日内直接向申请执行人{applicants}履行上述债务，款项汇入本案专用账号{sub_account}，不得向被执行人清偿。",
            "在履行通知指定的期限内没有提出异议，而又不履行的，本院有权裁定对你（单位）强制执行。擅自向被执行人履行，造成已向被执行人履行的财产不能追回的，"
            "应当在已履行的财产范围内与被执行人承担连带清偿责任，并可以追究妨害执行的责任。",
        ),
    ),
)
SPECS = (
    *(FREEZE, SEAL_ESTATE, SEAL_MOVABLE, SEAL_RIGHT, DEDUCT, INCOME, ASSIST_BANK, ASSIST_ESTATE, ASSIST),
    *(SEAL_LIST, SEAL_STRIP, SEAL_NOTICE, TERM_NOTICE, THIRD_DEBT, RELEASE),
)
