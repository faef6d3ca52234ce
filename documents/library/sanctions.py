"""Papers of coercion: 限制消费, 失信, 传票, 拘传, 移送公安 (nos. 10 to 13, 31)."""

from documents.library.declared import (
    Block,
    Field,
    FieldKind,
    Kind,
    Phase,
    Remedy,
    Sign,
    Spec,
    body,
    items,
    to,
)
from documents.library.filing import BASIS, PHONE

PERSON = Field("person", "被执行人", FieldKind.PARTY, side="DEBTOR")
# 法释〔2017〕7号 1.
GROUNDS = (
    "有履行能力而拒不履行生效法律文书确定义务",
    "以伪造证据、暴力、威胁等方法妨碍、抗拒执行",
    "以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行",
    "违反财产报告制度",
    "违反限制消费令",
    "无正当理由拒不履行执行和解协议",
)

CONSUMPTION = Spec(
    code="CONSUMPTION",
    no="10",
    title="限制消费令",
    kind=Kind.ORDER,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    remedy=Remedy.RECTIFY,
    fields=(
        PERSON,
        BASIS,
        Field(
            "controllers",
            "单位的法定代表人、主要负责人、影响债务履行的直接责任人员、实际控制人",
            is_required=False,
            tip="被执行人为单位时填写，逐一写明姓名；自然人不填",
        ),
        Field("phone", "举报电话", source="phone"),
    ),
    blocks=(
        to("{person}："),
        *body(
            "本院于{filed_on}立案执行{matter}一案，因你（单位）未按执行通知书指定的期间履行{basis}确定的给付义务，"
            "依照{law_restrict}、{law_limc_order}、{law_limc_scope}规定，对你（单位）采取限制消费措施，不得实施以下高消费及非生活和工作必需的消费行为：",
        ),
        *items(
            "（一）乘坐交通工具时，选择飞机、列车软卧、轮船二等以上舱位；",
            "（二）在星级以上宾馆、酒店、夜总会、高尔夫球场等场所进行高消费；",
            "（三）购买不动产或者新建、扩建、高档装修房屋；",
            "（四）租赁高档写字楼、宾馆、公寓等场所办公；",
            "（五）购买非经营必需车辆；",
            "（六）旅游、度假；",
            "（七）子女就读高收费私立学校；",
            "（八）支付高额保费购买保险理财产品；",
            "（九）乘坐G字头动车组列车全部座位、其他动车组列车一等以上座位等其他非生活和工作必需的消费行为。",
        ),
        Block(
            "下列人员同样不得实施前款规定的行为：{controllers}。因私消费以个人财产实施前款行为的，可以向本院提出申请。",
            when="controllers",
        ),
        *body(
            "如违反限制消费令，经查证属实的，本院将依照{law_obstruction}规定予以罚款、拘留；情节严重，构成犯罪的，依法追究刑事责任。举报电话：{phone}。"
        ),
    ),
)
DISHONEST = Spec(
    code="DISHONEST",
    no="11",
    title="纳入失信被执行人名单决定书",
    kind=Kind.DECISION,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    remedy=Remedy.RECTIFY,
    fields=(
        PERSON,
        BASIS,
        Field("ground", "失信情形", FieldKind.CHOICE, options=GROUNDS),
        Field("facts", "事实", FieldKind.LONG, tip="写明具体行为和证据；未成年人不得纳入"),
        Field(
            "term",
            "纳入期限",
            is_required=False,
            tip="第一项情形不写期限；其他情形一般为二年，情节严重的可以延长一至三年",
        ),
    ),
    blocks=(
        Block("被执行人：{person_identity}", "flush"),
        *body(
            "本院在执行{matter}一案中，查明：{facts}。",
            "本院认为，被执行人{person}未履行{basis}确定的义务，并具有“{ground}”的情形。依照{law_restrict}、{law_dish_ground}规定，决定如下：",
            "将{person}纳入失信被执行人名单。",
        ),
        Block("纳入期限为{term}。", when="term"),
        *body("本决定一经作出即生效。"),
    ),
)
RISK_NOTICE = Spec(
    code="RISK_NOTICE",
    no="11",
    title="失信风险提示书",
    kind=Kind.NOTICE,
    phase=Phase.START,
    sign=Sign.SEAL,
    fields=(PERSON, PHONE),
    blocks=(
        to("{person}："),
        *body(
            "本院执行的{matter}一案，你（单位）应当履行生效法律文书确定的义务。有下列情形之一的，本院将依照{law_dish_ground}规定将你（单位）纳入失信被执行人名单："
        ),
        *items(*("".join((f"（{number}）", text, "；")) for number, text in zip("一二三四五六", GROUNDS, strict=True))),
        *body(
            "纳入名单后，将在政府采购、招标投标、行政审批、融资信贷、市场准入等方面受到信用惩戒。联系电话：{phone}。"
        ),
    ),
)
DISHONEST_REMOVED = Spec(
    code="DISHONEST_REMOVED",
    no="12",
    title="删除失信信息决定书",
    kind=Kind.DECISION,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    fields=(
        PERSON,
        Field("earlier", "原决定文号"),
        Field("ground", "删除事由", tip="自事由发生之日起三个工作日内删除"),
        Field("arose_on", "事由发生日", FieldKind.DAY),
        Field("measure", "处理", FieldKind.CHOICE, options=("删除", "屏蔽", "撤销")),
    ),
    blocks=(
        Block("被执行人：{person_identity}", "flush"),
        *body(
            "本院曾以{earlier}决定将{person}纳入失信被执行人名单。{arose_on}，{ground}。依照{law_dish_remove}规定，决定如下：",
            "{measure}{person}的失信信息。",
            "本决定一经作出即生效。",
        ),
    ),
)
CONSUMPTION_LIFTED = Spec(
    code="CONSUMPTION_LIFTED",
    no="10",
    title="解除限制消费令",
    kind=Kind.ORDER,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    fields=(
        PERSON,
        Field("earlier", "原限制消费令文号"),
        Field("ground", "解除事由", tip="已履行完毕、提供确实有效担保，或申请执行人同意"),
        Field("arose_on", "事由发生日", FieldKind.DAY, tip="自事由发生之日起三个工作日内解除"),
        Field(
            "controllers",
            "一并解除的法定代表人、主要负责人等人员",
            is_required=False,
            tip="原限制消费令载明的人员，逐一写明姓名；没有的不填",
        ),
    ),
    blocks=(
        to("{person}："),
        *body(
            "本院曾以{earlier}对你（单位）采取限制消费措施。{arose_on}，{ground}。依照{law_limc_lift}规定，决定如下：",
            "解除对{person}的限制消费措施。",
        ),
        Block("对下列人员的限制消费措施一并解除：{controllers}。", when="controllers"),
        *body("本决定一经作出即生效。"),
    ),
)
SUMMONS = Spec(
    code="SUMMONS",
    no="13",
    title="传票",
    kind=Kind.SUMMONS,
    phase=Phase.SANCTION,
    sign=Sign.JUDGE,
    fields=(
        Field("person", "被传唤人", FieldKind.PARTY),
        Field("reason", "传唤事由", default="接受询问"),
        Field("come_on", "应到日期", FieldKind.DAY),
        Field("hour", "应到时间", tip="如上午九时"),
        Field("place", "应到处所"),
    ),
    blocks=(
        *body(
            "案由：{matter}",
            "被传唤人：{person}",
            "传唤事由：{reason}",
            "应到时间：{come_on}{hour}",
            "应到处所：{place}",
        ),
        *items(
            "注意事项：一、被传唤人应当携带身份证件和本传票准时到达。",
            "二、必须接受调查询问的被执行人，经依法传唤无正当理由拒不到场的，本院可以拘传（{law_summon}）。",
        ),
    ),
)
ARREST_SUMMONS = Spec(
    code="ARREST_SUMMONS",
    no="13",
    title="拘传票",
    kind=Kind.SUMMONS,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    is_two_person=True,
    fields=(
        Field(
            "person",
            "被拘传人",
            FieldKind.PARTY,
            side="DEBTOR",
            tip="单位为被执行人的，写其法定代表人、负责人或者实际控制人姓名",
        ),
        Field("reason", "拘传理由", tip="写明传票送达情况和拒不到场的事实"),
        Field("place", "拘传到达处所"),
        Field("officers", "执行人员（两人以上）"),
    ),
    blocks=(
        *body(
            "被拘传人：{person_identity}",
            "拘传理由：{reason}。依照{law_summon}规定，应当拘传到庭。",
            "拘传到达处所：{place}",
            "执行人员：{officers}",
            "调查询问的时间不得超过八小时；情况复杂，依法可能采取拘留措施的，不得超过二十四小时。",
        ),
        Block("院　长", "right"),
        Block("被拘传人（签名）：　　　　　　到达时间：　　年　　月　　日　　时　　分", "flush"),
    ),
)
POLICE = Spec(
    code="POLICE",
    no="31",
    title="移送公安机关函",
    kind=Kind.LETTER,
    phase=Phase.SANCTION,
    sign=Sign.PRESIDENT,
    fields=(
        Field("police", "公安机关"),
        PERSON,
        Field("facts", "涉嫌犯罪的事实", FieldKind.LONG),
        Field("evidence", "移送的证据", FieldKind.LONG, tip="逐项列明名称和页数"),
        PHONE,
    ),
    blocks=(
        to("{police}："),
        *body(
            "本院在执行{matter}一案中，发现被执行人{person}有下列行为：{facts}。",
            "上述行为涉嫌《中华人民共和国刑法》第三百一十三条规定的拒不执行判决、裁定罪，现将案件线索和有关证据移送你局，请依法审查立案，并将结果书面告知本院。",
            "移送的证据：{evidence}。联系电话：{phone}。",
        ),
    ),
)
SPECS = (CONSUMPTION, DISHONEST, RISK_NOTICE, DISHONEST_REMOVED, CONSUMPTION_LIFTED, SUMMONS, ARREST_SUMMONS, POLICE)
