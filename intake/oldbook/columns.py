"""The workbook of the old book: its three pages, their columns, and what may be written in each."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets import kinds
from bureau.models import Team, User
from cases.controlcodes import Measure
from cases.models import Case, Stay, Suspension
from intake.imports.sheet import words as filing_words

CASES, CONTROLS, MONEY = "案件", "控制", "案款"
# Every column by its field; headings stand in the language of the courts.
COLUMNS: dict[str, dict[str, str]] = {
    CASES: {
        "number": "案号",
        "side": "诉讼地位",
        "kind": "主体类型",
        "name": "姓名或名称",
        "id_kind": "证件种类",
        "id_number": "证件号码",
        "phone": "电话",
        "address": "住址或住所地",
        "legal_representative": "法定代表人",
        "filed_on": "立案日",
        "basis_kind": "执行依据",
        "basis_issuer": "作出机关",
        "basis_number": "执行依据文号",
        "basis_made_on": "文书作出日",
        "basis_effective_on": "生效日",
        "performance_due_on": "履行期限届满日",
        "cause": "案由",
        "clues": "财产线索",
        "judge": "承办法官（登录名）",
        "owner": "承办人（登录名）",
        "stage": "现阶段",
        "since_on": "进入现阶段日",
        "ground": "中止、暂缓事由",
        "document": "中止、暂缓文书",
        "until_on": "暂缓截止日",
        "former_number": "原案号",
        "claim_kind": "执行请求",
        "amount": "金额（元）",
        "rate": "利率或计算方法",
        "from_on": "起算日",
        "note": "请求说明",
    },
    CONTROLS: {
        "number": "案号",
        "debtor": "被执行人",
        "kind": "财产种类",
        "measure": "控制措施",
        "thing": "财产",
        "unit": "协助单位",
        "ruling": "裁定文号",
        "from_on": "起始日",
        "to_on": "届满日",
        "rank": "顺位",
        "amount_max": "限额（元）",
    },
    MONEY: {
        "number": "案号",
        "what": "类别",
        "on": "到账日",
        "amount": "金额（元）",
        "payer_name": "付款人",
        "note": "说明",
    },
}
PARTY = ("kind", "name", "id_kind", "id_number", "phone", "address", "legal_representative")
CLAIM = ("claim_kind", "amount", "rate", "from_on", "note")
CASE = tuple(name for name in COLUMNS[CASES] if name not in ("number", "side", *PARTY, *CLAIM))
OPTIONAL: dict[str, frozenset[str]] = {
    CASES: frozenset(
        {"id_kind", "id_number", "phone", "address", "legal_representative", "basis_effective_on", "cause", "clues"}
        | {"performance_due_on", "ground", "document", "until_on", "former_number", "rate", "from_on", "note"}
    ),
    CONTROLS: frozenset({"to_on", "rank", "amount_max"}),
    MONEY: frozenset({"payer_name", "note"}),
}
DAYS: dict[str, tuple[str, ...]] = {
    CASES: (
        *("filed_on", "basis_made_on", "basis_effective_on", "performance_due_on", "since_on", "until_on", "from_on"),
    ),
    CONTROLS: ("from_on", "to_on"),
    MONEY: ("on",),
}
HELD, PAID = "HELD", "PAID"
WHAT = {"现存": HELD, "此前已发放": PAID}
# In what a pending case may stand, in the words of a single handler.
STAGES: dict[str, str] = {
    "办理中": Case.Stage.ORDINARY,
    "中止": Case.Stage.SUSPENDED,
    "暂缓": Case.Stage.STAYED,
}
NOTES: tuple[Any, ...] = (
    gettext_lazy("案件表：同一案件的各行填同一案号；每行一名当事人、一项执行请求，二者可只填其一"),
    gettext_lazy("立案日、执行依据、承办人等全案内容填在该案号任一行即可，重复填写的须一致"),
    gettext_lazy("案号照原样填写，2015年以前的旧案号也可以；只导入本院的、按规则由本院继续办理的案件"),
    gettext_lazy("在办的和解案件按“办理中”导入，再由承办法官登记和解协议"),
    gettext_lazy("合并后立案的恢复执行案件须填原案号，按规则确定由谁办理"),
    gettext_lazy(
        "控制表：续行过的控制，起始日、届满日、裁定文号填最近一次续行的；已失效、已解除的不填；轮候的不填届满日"
    ),
    gettext_lazy(
        "案款表：现存案款逐笔填写，到账日填最初到账的日期，15日从该日起算；此前已发放申请执行人的逐笔登记，不再付款"
    ),
    gettext_lazy("收款账户不随表导入，由窗口按收款账户确认书录入"),
    gettext_lazy("证件号码列请保持文本格式；公式、图片和批注不读取，有公式的整个文件不收"),
)


def staff_of(team: Team) -> dict[str, User]:
    """Return by login who may be named as handler: everyone of the court's team who is there."""
    return {user.username: user for user in User.objects.filter(team=team, is_active=True).order_by("username")}


def words() -> dict[str, dict[str, dict[str, str]]]:
    """Return by page and column which words may stand in it, and the code of each."""
    filing = filing_words()
    grounds = {str(label): code for code, label in (*Suspension.Ground.choices, *Stay.Ground.choices)}
    return {
        CASES: {
            **{name: filing[name] for name in ("side", "kind", "id_kind", "basis_kind", "claim_kind")},
            "stage": STAGES,
            "ground": grounds,
        },
        CONTROLS: {
            "kind": {kind.label: str(kind.code) for kind in kinds.KINDS},
            "measure": {str(label): code for code, label in Measure.choices},
        },
        MONEY: {"what": WHAT},
    }


def explained() -> list[tuple[str, str, str, str]]:
    """Return the page of notes: of each column whether it must be filled in, and with what."""
    known = words()
    rows = [
        (page, label, _("可不填") if name in OPTIONAL[page] else _("必填"), _("、").join(known[page].get(name, {})))
        for page, columns in COLUMNS.items()
        for name, label in columns.items()
    ]
    return [*rows, *(("", "", "", str(note)) for note in NOTES)]
