"""What each way of closing needs: conditions, what proves each, the document that closes, and who signs; no ORM.

A condition is proved by an event of the case's record. Most acts leave one that says by itself what was done: a
document of a certain template, an answered query, a payout that arrived. Where the product records nothing itself, the
other proof is a paper of a kind that can show it, and a note must say what it shows; a receipt or an unsorted paper
(`RECEIPT`, `OTHER`) shows nothing anywhere. The ground is shown by what fits that ground (`cases/closinggrounds.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.closinggrounds import TALKED, any_proof
from cases.closingproofs import Proof, issued, paper, work
from cases.evidence import COURT_PAPER
from cases.law import CPL, Basis, cpli
from cases.models.closing import ClosingSignature
from cases.models.codes import ClosingMode, Stage

JUDGE, CHIEF, PRESIDENT = ClosingSignature.Step.JUDGE, ClosingSignature.Step.CHIEF, ClosingSignature.Step.PRESIDENT
PROCEDURAL_MONTHS = 3  # 法〔2016〕373号 1(4): more than three months since filing
# By these the parties confirm that all is performed: their own statement, or the record of what they said.
CONFIRMING = ("STATEMENT", "TALK")


@dataclass(frozen=True, slots=True)
class Condition:
    """One line of the list that a reviewer checks; bound to an event that one of its proofs fits."""

    code: str
    label: str | Promise
    basis: Basis
    proofs: tuple[Proof, ...]
    is_document: bool = False  # whether the document that closes is what proves it; it proves nothing else

    def proof_for(self, verb: str, details: Mapping[str, Any]) -> Proof | None:
        """Return the proof that an event is, one without a note before one with; nothing when it proves nothing."""
        fitting = [proof for proof in self.proofs if proof.fits(verb, details)]
        return min(fitting, key=lambda proof: proof.needs_note, default=None)


@dataclass(frozen=True, slots=True)
class Way:
    """One mode of closing: from which stages, on which conditions, signed by whom, by which document.

    `templates` are those of its document, `named` words of which its title has one, the usual first; `needs_number` is
    false where a confirmation of the parties does instead. `shared` are the pairs of conditions that one event may
    prove together; any other pair needs two.
    """

    mode: ClosingMode
    sources: tuple[Stage, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[ClosingSignature.Step, ...]
    document: str | Promise
    templates: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    needs_number: bool = True
    needs_service: bool = False  # the ruling takes effect by service, which has begun before the case is closed
    shared: tuple[frozenset[str], ...] = ()

    @property
    def scans(self) -> tuple[str, ...]:
        """Return the kinds of material among which its document may be, where it was not issued here."""
        return (COURT_PAPER,) if self.needs_number else (COURT_PAPER, *CONFIRMING)


MADE_OUTSIDE = paper(COURT_PAPER)
CONFIRMED = paper(*CONFIRMING)
SANCTION = Proof("approve_sanction", (("sanction_kind", ("FINE", "DETENTION")),))
LIMITED = Proof("approve_sanction", (("sanction_kind", ("LIMIT_CONSUMPTION",)),))
LISTED = tuple(Proof(verb, (("sanction_kind", ("DISHONEST",)),)) for verb in ("approve_sanction", "refuse_sanction"))
# An answer that names property shows none of its absence.
NOTHING_FOUND = tuple(
    Proof(verb, needs_note=True, none=("found_count",)) for verb in ("note_query_answered", "receive_query")
)
STREAM = (Stage.FAST, Stage.ORDINARY)
EARLY = (Stage.STARTING, *STREAM)
ZB = "法〔2016〕373号"
TERMINATION = (CPL["TERMINATION"],)
RULED = _("裁定书已作出")
WORKED = tuple(Proof("confirm_work", (("work_kind", (kind,)),), needs_note=True) for kind in ("ONSITE", "QUERY"))
TERMINATED_BY = _("裁定书已作出（提级、指定执行的为上级法院裁定）")
GROUND = "GROUND"
REFUSAL = (CPL["ARBITRATION"], CPL["NOTARY"], cpli(481))


def _handed(item: str) -> Proof:
    # What the pack names as made outside is proved by its scan in the file.
    return Proof("hand_over", (("pack", (item,)),), unless=("outside", item))


def _ruling(*templates: str, label: str | Promise = RULED) -> Condition:
    return Condition("RULING", label, "执行工作规定 64", (issued(*templates), MADE_OUTSIDE), is_document=True)


def _ground(mode: ClosingMode, label: str | Promise, basis: Basis) -> Condition:
    return Condition(GROUND, label, basis, any_proof(mode))


# 终本 goes by what was done, each thing shown by its own kind of paper; what came in as anything else shows nothing.
PROCEDURAL = (
    Condition(
        "NOTICE", _("已发出执行通知书"), f"{ZB} 1(1)", (issued("ENFORCEMENT_NOTICE"), _handed("NOTICE"), MADE_OUTSIDE)
    ),
    Condition(
        "REPORT_ORDER",
        _("已责令被执行人报告财产"),
        f"{ZB} 1(1)",
        (issued("REPORT_ORDER"), _handed("REPORT_ORDER"), MADE_OUTSIDE),
    ),
    Condition(
        "REPORT_CHECKED",
        _("财产报告已核查；拒不报告的已依法处罚"),
        f"{ZB} 2",
        (work("QUERY"), SANCTION, paper("INQUIRY", "TALK")),
    ),
    # The register of sanctions says whether they stand, not a paper about them.
    Condition("LIMITED", _("已发出限制消费令"), f"{ZB} 1(2)", (LIMITED,)),
    Condition(
        "LISTED",
        _("符合条件的已纳入失信名单，或已说明不纳入的理由"),
        f"{ZB} 1(2)",
        (*LISTED, TALKED),
    ),
    Condition(
        "CLUES",
        _("申请执行人提供的线索已核实"),
        f"{ZB} 3(1)",
        (work("QUERY", "ONSITE"), paper("INQUIRY", "ONSITE", "TALK"), TALKED),
    ),
    Condition(
        "NETWORK",
        _("已通过网络查控系统调查"),
        f"{ZB} 3(2)",
        (Proof("note_query_answered"), Proof("receive_query"), work("QUERY"), paper("INQUIRY")),
    ),
    Condition(
        "ONSITE",
        _("网络不能查控的已现场调查"),
        f"{ZB} 3(3)",
        (work("ONSITE"), paper("ONSITE", "INQUIRY")),
    ),
    Condition(
        "MEASURES",
        _("必要时已搜查、审计、悬赏"),
        f"{ZB} 3(4)",
        (issued("SEARCH_ORDER", "REWARD"), paper("INQUIRY", "TALK"), TALKED),
    ),
    Condition(
        "NO_PROPERTY",
        _("未发现可供执行的财产，或财产不能处置"),
        f"{ZB} 1(3)、4",
        (
            *NOTHING_FOUND,
            paper("INQUIRY", "ONSITE"),
            *WORKED,
        ),
    ),
    Condition(
        "SEARCHED",
        _("被执行人下落不明的已依法查找"),
        f"{ZB} 1(5)",
        (paper("INQUIRY", "ONSITE", "TALK"), *WORKED, TALKED),
    ),
    Condition(
        "OBSTRUCTION",
        _("妨害执行的已依法处罚或移送"),
        f"{ZB} 1(5)",
        (issued("POLICE"), SANCTION, paper("INQUIRY", "TALK"), TALKED),
    ),
    Condition(
        "TOLD", _("已告知申请执行人并听取意见（终本约谈）"), f"{ZB} 5", (issued("ENDING_TALK"), paper("TALK"), TALKED)
    ),
)
# One pack holds both papers of the start; one query or visit may be the search and its result; one sanction for
# refusing to report is one for obstruction.
PROCEDURAL_SHARED = (
    frozenset({"NOTICE", "REPORT_ORDER"}),
    frozenset({"NETWORK", "NO_PROPERTY"}),
    frozenset({"ONSITE", "NO_PROPERTY"}),
    frozenset({"REPORT_CHECKED", "OBSTRUCTION"}),
)

WAYS: dict[str, Way] = {
    way.mode: way
    for way in (
        Way(
            ClosingMode.FULFILLED,
            (*STREAM, Stage.SETTLED),
            (
                Condition(
                    "PERFORMED",
                    _("全部执行请求已履行，或和解协议已履行完毕"),
                    "执行工作规定 64",
                    (Proof("confirm_payout"), Proof("note_instalment"), Proof("confirm_performance"), CONFIRMED),
                ),
                Condition(
                    "NOTICE",
                    _("结案通知书已作出，或当事人书面、笔录确认"),
                    "法发〔2014〕26号 15",
                    (issued("FULFILMENT"), MADE_OUTSIDE, CONFIRMED),
                    is_document=True,
                ),
            ),
            (JUDGE, CHIEF),
            _("结案通知书"),
            templates=("FULFILMENT",),
            named=("结案", "执行完毕"),
            needs_number=False,
        ),
        Way(
            ClosingMode.PROCEDURAL,
            STREAM,
            PROCEDURAL,
            (JUDGE, CHIEF, PRESIDENT),
            _("终结本次执行程序裁定书"),
            templates=("ENDED",),
            named=("终结本次",),
            needs_service=True,
            shared=PROCEDURAL_SHARED,
        ),
        Way(
            ClosingMode.TERMINATED,
            (*EARLY, Stage.SETTLED),
            (
                _ground(ClosingMode.TERMINATED, _("所选的终结执行事由有书面材料"), TERMINATION),
                _ruling("TERMINATION", label=TERMINATED_BY),
            ),
            (JUDGE, CHIEF),
            _("终结执行裁定书"),
            templates=("TERMINATION",),
            named=("终结执行", "提级", "指定"),
            needs_service=True,
        ),
        Way(
            ClosingMode.REMOVED,
            EARLY,
            (_ground(ClosingMode.REMOVED, _("所选的销案事由有法院文书等材料"), "法发〔2014〕26号 18"),),
            (JUDGE, CHIEF),
            _("销案裁定书或通知"),
            templates=("REMOVED",),
            named=("销案", "管辖", "委托", "退回"),
        ),
        Way(
            ClosingMode.NOT_ENFORCED,
            EARLY,
            (
                _ground(ClosingMode.NOT_ENFORCED, _("所选的不予执行事由已经审查"), REFUSAL),
                _ruling("REFUSED_AWARD", "REFUSED_LATE"),
            ),
            (JUDGE, CHIEF),
            _("不予执行裁定书"),
            templates=("REFUSED_AWARD", "REFUSED_LATE"),
            named=("不予执行",),
        ),
        Way(
            ClosingMode.DISMISSED,
            EARLY,
            (
                _ground(ClosingMode.DISMISSED, _("所选的不符合受理条件的情形有材料"), "法发〔2014〕26号 20"),
                _ruling("DISMISSAL"),
            ),
            (JUDGE, CHIEF),
            _("驳回申请裁定书"),
            templates=("DISMISSAL",),
            named=("驳回",),
        ),
    )
}
