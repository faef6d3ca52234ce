"""What each way of closing needs: conditions with their legal basis, and who signs; data, no ORM."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.models.closing import ClosingSignature
from cases.models.codes import ClosingMode, Stage

JUDGE, CHIEF, PRESIDENT = ClosingSignature.Step.JUDGE, ClosingSignature.Step.CHIEF, ClosingSignature.Step.PRESIDENT
PROCEDURAL_MONTHS = 3  # 法〔2016〕373号 1(4): more than three months since filing
# Acts that say nothing about the work done: they prove no condition.
NO_EVIDENCE = frozenset(
    {"register", "open_escrow", "issue_code", "reissue_code", "open_restricted", "reveal_account", "export"}
    | {"propose_document", "send_back_draft", "fail_printing", "retry_printing", "export_efile"}
    | {"propose_closing", "return_closing", "sign_closing", "close", "deadline_alert", "no_next_step"}
    | {"lapse_control", "explain_lapse", "name_keeper"}
)


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the list that a reviewer checks; each is bound to an event of the case's record."""

    code: str
    label: str | Promise
    basis: str


@dataclass(frozen=True, slots=True)
class Way:
    """One mode of closing: from which stages, on which conditions, signed by whom, by which document."""

    mode: ClosingMode
    sources: tuple[Stage, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[ClosingSignature.Step, ...]
    document: str | Promise


STREAM = (Stage.FAST, Stage.ORDINARY)
EARLY = (Stage.STARTING, *STREAM)
ZB = "法〔2016〕373号"
TERMINATION = "民事诉讼法 268（2017年文本 257）"
REFUSAL = "民事诉讼法 248、249（2017年文本 237、238）；民诉法解释 481"
_RULING = Condition("RULING", _("裁定书已作出"), "执行工作规定 64")

WAYS: dict[str, Way] = {
    way.mode: way
    for way in (
        Way(
            ClosingMode.FULFILLED,
            (*STREAM, Stage.SETTLED),
            (
                Condition("PERFORMED", _("全部执行请求已履行，或和解协议已履行完毕"), "执行工作规定 64"),
                Condition("NOTICE", _("结案通知书已作出，或当事人书面、笔录确认"), "法发〔2014〕26号 15"),
            ),
            (JUDGE, CHIEF),
            _("结案通知书"),
        ),
        Way(
            ClosingMode.PROCEDURAL,
            STREAM,
            (
                Condition("NOTICE", _("已发出执行通知书"), f"{ZB} 1(1)"),
                Condition("REPORT_ORDER", _("已责令被执行人报告财产"), f"{ZB} 1(1)"),
                Condition("REPORT_CHECKED", _("财产报告已核查；拒不报告的已依法处罚"), f"{ZB} 2"),
                Condition("LIMITED", _("已发出限制消费令"), f"{ZB} 1(2)"),
                Condition("LISTED", _("符合条件的已纳入失信名单，或已说明不纳入的理由"), f"{ZB} 1(2)"),
                Condition("CLUES", _("申请执行人提供的线索已核实"), f"{ZB} 3(1)"),
                Condition("NETWORK", _("已通过网络查控系统调查"), f"{ZB} 3(2)"),
                Condition("ONSITE", _("网络不能查控的已现场调查"), f"{ZB} 3(3)"),
                Condition("MEASURES", _("必要时已搜查、审计、悬赏"), f"{ZB} 3(4)"),
                Condition("NO_PROPERTY", _("未发现可供执行的财产，或财产不能处置"), f"{ZB} 1(3)、4"),
                Condition("SEARCHED", _("被执行人下落不明的已依法查找"), f"{ZB} 1(5)"),
                Condition("OBSTRUCTION", _("妨害执行的已依法处罚或移送"), f"{ZB} 1(5)"),
                Condition("TOLD", _("已告知申请执行人并听取意见（终本约谈）"), f"{ZB} 5"),
            ),
            (JUDGE, CHIEF, PRESIDENT),
            _("终结本次执行程序裁定书"),
        ),
        Way(
            ClosingMode.TERMINATED,
            (*EARLY, Stage.SETTLED),
            (
                Condition("GROUND", _("终结执行的法定情形（撤回申请等）有书面材料"), TERMINATION),
                _RULING,
            ),
            (JUDGE, CHIEF),
            _("终结执行裁定书"),
        ),
        Way(
            ClosingMode.REMOVED,
            EARLY,
            (Condition("GROUND", _("管辖异议成立、他院先立案或委托案件退回"), "法发〔2014〕26号 18"),),
            (JUDGE, CHIEF),
            _("销案裁定书或通知"),
        ),
        Way(
            ClosingMode.NOT_ENFORCED,
            EARLY,
            (
                Condition("GROUND", _("不予执行的法定情形"), REFUSAL),
                _RULING,
            ),
            (JUDGE, CHIEF),
            _("不予执行裁定书"),
        ),
        Way(
            ClosingMode.DISMISSED,
            EARLY,
            (Condition("GROUND", _("立案后发现不符合受理条件"), "法发〔2014〕26号 20"), _RULING),
            (JUDGE, CHIEF),
            _("驳回申请裁定书"),
        ),
    )
}
