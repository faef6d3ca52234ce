"""Papers of force and of finding out: 罚款, 拘留, 搜查, 限制出境, 悬赏, 调查令 (nos. 14 to 16, 32)."""

from documents.library.declared import (
    OWN_NUMBER,
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
from documents.library.sanctions import PERSON

OWN = Field(OWN_NUMBER, "司惩案号", tip="由司惩案件登记簿给出，如 (2021)内0302司惩1号；一号一用")
PUNISHED = Field(
    "punished",
    "被处罚人",
    source="debtors",
    tip="与“强制措施”页所提请的一致：被执行人，或者拒不协助的单位、个人及其责任人员",
)
IDENTITY = Field(
    "identity", "被处罚人身份信息", FieldKind.LONG, tip="性别、出生日期、住址、证件号码；单位写住所地、负责人"
)
FACTS = Field("facts", "违法事实和证据", FieldKind.LONG, tip="写明时间、地点、行为、经过和证据；责令改正的情况一并写明")
OFFICERS = Field("officers", "执行人员（两人以上）", tip="写明姓名和执法证号")


def penalty(code: str, title: str, fields: tuple[Field, ...], *order: str) -> Spec:
    """Return a penalty: proposed by those who enforce, approved by the president (民事诉讼法 妨害强制措施)."""
    return Spec(
        code=code,
        no="14",
        title=title,
        kind=Kind.DECISION,
        phase=Phase.SANCTION,
        sign=Sign.PRESIDENT,
        numbering=Numbering.OWN,
        remedy=Remedy.PENALTY,
        is_two_person=True,
        fields=(OWN, PUNISHED, IDENTITY, FACTS, *fields),
        blocks=(
            Block("被处罚人：{punished}，{identity}", "flush"),
            *body(
                "本院在执行{number}{matter}一案中，查明：{facts}。",
                "本院认为，{punished}的上述行为妨害民事诉讼执行。依照{law_obstruction}、{law_fine}、{law_approval}规定，决定如下：",
                *order,
            ),
        ),
    )


FINE = penalty(
    "FINE",
    "罚款决定书（个人）",
    (
        Field(
            "fine", "罚款金额（元）", FieldKind.MONEY, at_least="1", at_most="100000", tip="对个人的罚款为十万元以下"
        ),
        Field("until", "缴纳期限", FieldKind.DAY),
    ),
    "对{punished}罚款{fine}，限于{until}前缴纳。",
)
FINE_UNIT = penalty(
    "FINE_UNIT",
    "罚款决定书（单位）",
    (
        Field(
            "fine",
            "罚款金额（元）",
            FieldKind.MONEY,
            at_least="50000",
            at_most="1000000",
            tip="对单位的罚款为五万元以上一百万元以下",
        ),
        Field("until", "缴纳期限", FieldKind.DAY),
    ),
    "对{punished}罚款{fine}，限于{until}前缴纳。",
)
DETENTION = penalty(
    "DETENTION",
    "拘留决定书",
    (
        Field("days", "拘留期限（日）", FieldKind.COUNT, at_most="15", tip="十五日以下"),
        Field("police", "看管的公安机关", tip="被拘留的人由公安机关看管"),
    ),
    "对{punished}拘留{days}日，交{police}看管。",
    "在拘留期间，被拘留人承认并改正错误的，本院可以决定提前解除拘留。",
)
SEARCH_ORDER = Spec(
    code="SEARCH_ORDER",
    no="15",
    title="搜查令",
    kind=Kind.ORDER,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    is_two_person=True,
    fields=(
        PERSON,
        Field("place", "搜查地点", tip="住所或者财产隐匿地，写到门牌"),
        Field("reason", "搜查理由", FieldKind.LONG, tip="写明逾期不履行和隐匿财产的线索"),
        Field("officers", "搜查人员（两人以上）", tip="写明姓名和执法证号；搜查妇女身体由女执行人员进行"),
        Field("until", "有效期限", FieldKind.DAY),
    ),
    blocks=(
        *body(
            "本院在执行{matter}一案中，被执行人{person}不履行生效法律文书确定的义务。{reason}。",
            "依照{law_search}规定，由{officers}对{person}及其住所或者财产隐匿地（{place}）进行搜查。",
            "搜查人员应当出示本令和工作证件；搜查应当通知被搜查人或者其成年家属、基层组织派员到场，并制作搜查笔录。",
            "本令有效期至{until}。",
        ),
        Block("院　长", "right"),
    ),
)
SEARCH_RECORD = Spec(
    code="SEARCH_RECORD",
    no="15",
    title="搜查笔录",
    kind=Kind.RECORD,
    phase=Phase.SANCTION,
    sign=Sign.SEAL,
    fields=(
        PERSON,
        Field("order", "搜查令签发日", FieldKind.DAY),
        Field("searched_on", "搜查日期", FieldKind.DAY),
        Field("hours", "起止时间", tip="如九时十分至十一时三十分"),
        Field("place", "搜查地点"),
        OFFICERS,
        Field("present", "在场人", tip="被搜查人或者其成年家属，基层组织代表；拒绝到场的写明"),
        Field(
            "course", "搜查经过", FieldKind.LONG, tip="写明出示搜查令和证件、搜查顺序、有无损坏物品；记明执法记录仪编号"
        ),
        Field(
            "things",
            "发现和扣押的财产",
            FieldKind.ROWS,
            is_required=False,
            heads=("名称", "数量及状况", "发现位置", "处理"),
            tip="每行一件，各栏用｜隔开；没有发现的不填",
        ),
    ),
    blocks=(
        *body(
            "时间：{searched_on}{hours}　地点：{place}",
            "执行人员：{officers}",
            "被搜查人：{person_identity}",
            "在场人：{present}",
            "依据：本院{order}签发的搜查令（{law_search}）。",
            "搜查经过：{course}",
        ),
        Block("", table="things", when="things"),
        Block("执行人员（签名）：　　　　　　　　被搜查人、在场人（签名）：　　　　　　", "flush"),
    ),
)
EXIT_BAN = Spec(
    code="EXIT_BAN",
    no="16",
    title="限制出境决定书",
    kind=Kind.DECISION,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    remedy=Remedy.EXIT,
    fields=(
        PERSON,
        BASIS,
        Field(
            "restricted",
            "被限制出境人",
            source="debtors",
            tip="被执行人为单位的，写法定代表人、主要负责人或者直接责任人员姓名",
        ),
        Field("papers", "身份证件和出入境证件", tip="证件种类和号码，与公安机关查询结果一致"),
        Field("reason", "理由", FieldKind.LONG, tip="申请执行人的书面申请，或者依职权决定的理由"),
    ),
    blocks=(
        Block("被执行人：{person_identity}", "flush"),
        *body(
            "本院在执行{matter}一案中，被执行人{person}未履行{basis}确定的义务。{reason}。依照{law_restrict}规定，决定如下：",
            "限制{restricted}（{papers}）出境，至生效法律文书确定的义务履行完毕或者本院解除限制之日止。",
            "在限制出境期间，被执行人履行全部债务的，本院及时解除；提供充分、有效的担保或者申请执行人同意的，可以解除。",
        ),
    ),
)
EXIT_ASSIST = Spec(
    code="EXIT_ASSIST",
    no="16",
    title="协助限制出境通知书",
    kind=Kind.NOTICE,
    phase=Phase.SANCTION,
    sign=Sign.SEAL,
    fields=(
        Field("unit", "协助单位", tip="公安机关出入境管理机构全称"),
        Field("decision", "所附决定文号", source="number"),
        Field("measure", "协助事项", FieldKind.CHOICE, options=("限制出境", "解除限制出境")),
        Field("restricted", "被限制出境人"),
        Field("papers", "身份证件和出入境证件"),
        PHONE,
    ),
    blocks=(
        to("{unit}："),
        *body(
            "本院在执行{matter}一案中，作出的{decision}限制出境决定已经生效。依照{law_restrict}、{law_assist_duty}规定，请协助对下列人员{measure}：",
            "{restricted}，{papers}。",
            "办理后请将结果书面告知本院。附：限制出境决定书。联系电话：{phone}。",
        ),
    ),
)
REWARD = Spec(
    code="REWARD",
    no="32",
    title="悬赏公告",
    kind=Kind.PUBLIC_NOTICE,
    phase=Phase.CONTROL,
    sign=Sign.SEAL,
    fields=(
        PERSON,
        Field("wanted", "征集的线索", default="被执行人可供执行的财产或者下落"),
        Field("reward", "悬赏金额或者计算方法", FieldKind.LONG, tip="由申请执行人书面申请并确定；写明由谁支付"),
        Field(
            "terms",
            "领取条件",
            FieldKind.LONG,
            tip="线索为本院未掌握，且据此实际执行到位；多人提供同一线索的，付给最先提供的人",
        ),
        Field("until", "公告期限", FieldKind.DAY),
        PHONE,
    ),
    blocks=(
        *body(
            "本院执行的{matter}一案，被执行人{person}未履行生效法律文书确定的义务。根据申请执行人的书面申请，依照{law_prop_reward}规定，公告如下：",
        ),
        *items(
            "一、征集线索：{wanted}。",
            "二、悬赏金额：{reward}。",
            "三、领取条件：{terms}。",
            "四、本公告有效期至{until}。本院对提供线索的人和线索内容保密，联系电话：{phone}。",
            "五、有关人员不得以非法手段获取线索，本院执行人员及其近亲属不得领取赏金。",
        ),
    ),
)
INVESTIGATION = Spec(
    code="INVESTIGATION",
    no="32",
    title="律师调查令",
    kind=Kind.ORDER,
    phase=Phase.CONTROL,
    sign=Sign.SEAL,
    fields=(
        Field("unit", "接受调查单位", tip="一令一单位，写全称"),
        Field("lawyer", "持令律师", tip="姓名、律师事务所、执业证号；应当是本案申请执行人的委托代理人"),
        Field(
            "scope",
            "调查事项",
            FieldKind.LONG,
            tip="写明对象、时间范围和材料名称；不得涉及国家秘密、个人隐私和与本案无关的内容",
        ),
        Field("until", "有效期限", FieldKind.DAY, tip="自签发之日起一般不超过十五日"),
        PHONE,
    ),
    blocks=(
        to("{unit}："),
        *body(
            "本院执行的{matter}一案，因申请执行人{applicants}申请，现委托{lawyer}持本令向你单位调查收集下列证据：{scope}。",
            "持令人应当同时出示本令和律师执业证。你单位核对无误后，请提供原件或者加盖公章的复印件；不能提供的，请在回执上写明原因。",
            "持令人对所得材料只能用于本案，不得泄露。无正当理由拒不协助的，本院可以依照{law_assist_duty}规定处理。",
            "本令有效期至{until}，逾期无效。联系电话：{phone}。",
        ),
    ),
    annex=(
        Block("", "break"),
        Block("律师调查令（回执）", "title"),
        Block("{court}：", "flush"),
        Block("你院{number}律师调查令收悉。提供材料名称、份数，或者不能提供的原因："),
        Block("　　　　　　　　　　　　　　　　　　　　　　　　　　　　　　"),
        Block("接受调查单位（盖章）：　　　　　　　　年　　月　　日", "right"),
    ),
)
SPECS = (
    *(FINE, FINE_UNIT, DETENTION, SEARCH_ORDER, SEARCH_RECORD, EXIT_BAN, EXIT_ASSIST),
    *(REWARD, INVESTIGATION),
)
