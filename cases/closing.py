"""What each way of closing needs: conditions, what proves each, the document that closes, and who signs; no ORM.

A condition is proved by an event of the case's record. Most acts leave one that says by itself what was done: a
document of a certain template, an answered query, a payout that arrived. Where the product records nothing itself, the
other proof is a paper in the file, a confirmed work order or a 约谈, and a note must say what it shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.evidence import COURT_PAPER
from cases.law import CPL, Basis, cpli
from cases.models.closing import ClosingSignature
from cases.models.codes import ClosingMode, Stage

JUDGE, CHIEF, PRESIDENT = ClosingSignature.Step.JUDGE, ClosingSignature.Step.CHIEF, ClosingSignature.Step.PRESIDENT
PROCEDURAL_MONTHS = 3  # 法〔2016〕373号 1(4): more than three months since filing
# Kinds of material that may show work done; the papers of filing show only that the case was filed.
SHOWING = ("CLUES", "DEBTOR", "PRESERVATION", "SUCCESSION", "SERVICE", "ONSITE", "INQUIRY", "TALK", "OTHER")


@dataclass(frozen=True, slots=True)
class Proof:
    """One kind of event: its verb, what a detail must hold (`says`), to what a list must keep (`only`)."""

    verb: str
    says: tuple[tuple[str, tuple[str, ...]], ...] = ()
    only: tuple[str, tuple[str, ...]] | None = None
    needs_note: bool = False
    unless: tuple[str, str] | None = None  # a detail, and a key it must not hold
    none: tuple[str, ...] = ()  # counts that must be nought

    def fits(self, verb: str, details: Mapping[str, Any]) -> bool:
        """Return whether an event with these details is of this kind."""
        if verb != self.verb or not all(set(_listed(details.get(name))) & set(wanted) for name, wanted in self.says):
            return False
        if self.unless and self.unless[1] in (details.get(self.unless[0]) or ()):
            return False
        if any(details.get(name) for name in self.none):
            return False
        return self.only is None or set(_listed(details.get(self.only[0]))) <= set(self.only[1])


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


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

    `templates` are those of its document; `needs_number` is false where a confirmation of the parties does instead.
    `shared` are the pairs of conditions that one event may prove together; any other pair needs two.
    """

    mode: ClosingMode
    sources: tuple[Stage, ...]
    conditions: tuple[Condition, ...]
    steps: tuple[ClosingSignature.Step, ...]
    document: str | Promise
    templates: tuple[str, ...] = ()
    needs_number: bool = True
    needs_service: bool = False  # the ruling takes effect by service, which has begun before the case is closed
    shared: tuple[frozenset[str], ...] = ()

    @property
    def scans(self) -> tuple[str, ...]:
        """Return the kinds of material among which its document may be, where it was not issued here."""
        return (COURT_PAPER,) if self.needs_number else (COURT_PAPER, *SHOWING)


def issued(*templates: str) -> Proof:
    """Return the proof by a document of one of these templates."""
    return Proof("issue_document", (("template", templates),))


def work(*kinds: str) -> Proof:
    """Return the proof by a confirmed work order of one of these kinds."""
    return Proof("confirm_work", (("work_kind", kinds),))


def paper(*kinds: str) -> Proof:
    """Return the proof by what came into the file as material of these kinds alone."""
    return Proof("receive_material", only=("kinds", kinds), needs_note=True)


PAPER = Proof("receive_material", only=("kinds", SHOWING), needs_note=True)
MADE_OUTSIDE = Proof("receive_material", only=("kinds", (COURT_PAPER,)), needs_note=True)
WORK = Proof("confirm_work", needs_note=True)
TALK = Proof("log_contact", (("contact_kind", ("TALK",)),), needs_note=True)
OTHER = (PAPER, WORK, TALK)
SANCTION = Proof("approve_sanction", (("sanction_kind", ("FINE", "DETENTION")),))
LIMITED = Proof("approve_sanction", (("sanction_kind", ("LIMIT_CONSUMPTION",)),))
LISTED = tuple(Proof(verb, (("sanction_kind", ("DISHONEST",)),)) for verb in ("approve_sanction", "refuse_sanction"))
# An answer that names property shows none of its absence.
NOTHING_FOUND = tuple(
    Proof(verb, needs_note=True, none=("found_count",)) for verb in ("note_query_answered", "receive_query")
)
RELATED = Proof("decide_related", needs_note=True)
STREAM = (Stage.FAST, Stage.ORDINARY)
EARLY = (Stage.STARTING, *STREAM)
ZB = "法〔2016〕373号"
TERMINATION = (CPL["TERMINATION"],)
RULED = _("裁定书已作出")
TERMINATED_BY = _("裁定书已作出（提级、指定执行的为上级法院裁定，委托执行的为委托函）")
REFUSAL = (CPL["ARBITRATION"], CPL["NOTARY"], cpli(481))


def _handed(item: str) -> Proof:
    # What the pack names as made outside is proved by its scan in the file.
    return Proof("hand_over", (("pack", (item,)),), unless=("outside", item))


def _ruling(*templates: str, label: str | Promise = RULED) -> Condition:
    return Condition("RULING", label, "执行工作规定 64", (issued(*templates), MADE_OUTSIDE), is_document=True)


def _ground(label: str | Promise, basis: Basis, *more: Proof) -> Condition:
    return Condition("GROUND", label, basis, (*more, *OTHER))


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
        (work("QUERY"), SANCTION, paper("INQUIRY", "TALK"), WORK, TALK),
    ),
    # The register of sanctions says whether they stand, not a paper about them.
    Condition("LIMITED", _("已发出限制消费令"), f"{ZB} 1(2)", (LIMITED,)),
    Condition(
        "LISTED",
        _("符合条件的已纳入失信名单，或已说明不纳入的理由"),
        f"{ZB} 1(2)",
        (*LISTED, TALK),
    ),
    Condition(
        "CLUES",
        _("申请执行人提供的线索已核实"),
        f"{ZB} 3(1)",
        (work("QUERY", "ONSITE"), paper("CLUES", "INQUIRY", "ONSITE", "TALK"), WORK, TALK),
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
        (work("ONSITE"), paper("ONSITE", "INQUIRY"), WORK, TALK),
    ),
    Condition(
        "MEASURES",
        _("必要时已搜查、审计、悬赏"),
        f"{ZB} 3(4)",
        (issued("SEARCH_ORDER", "REWARD"), paper("INQUIRY", "ONSITE", "TALK"), WORK, TALK),
    ),
    Condition(
        "NO_PROPERTY",
        _("未发现可供执行的财产，或财产不能处置"),
        f"{ZB} 1(3)、4",
        (
            *NOTHING_FOUND,
            *(paper("INQUIRY", "ONSITE"), WORK, TALK),
        ),
    ),
    Condition(
        "SEARCHED",
        _("被执行人下落不明的已依法查找"),
        f"{ZB} 1(5)",
        (paper("INQUIRY", "ONSITE", "TALK"), WORK, TALK),
    ),
    Condition(
        "OBSTRUCTION",
        _("妨害执行的已依法处罚或移送"),
        f"{ZB} 1(5)",
        (issued("POLICE"), SANCTION, paper("INQUIRY", "TALK"), WORK, TALK),
    ),
    Condition(
        "TOLD", _("已告知申请执行人并听取意见（终本约谈）"), f"{ZB} 5", (issued("ENDING_TALK"), paper("TALK"), TALK)
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
                    (Proof("confirm_payout"), Proof("note_instalment"), Proof("confirm_performance"), PAPER, WORK),
                ),
                Condition(
                    "NOTICE",
                    _("结案通知书已作出，或当事人书面、笔录确认"),
                    "法发〔2014〕26号 15",
                    (issued("FULFILMENT"), MADE_OUTSIDE, PAPER, TALK),
                    is_document=True,
                ),
            ),
            (JUDGE, CHIEF),
            _("结案通知书"),
            templates=("FULFILMENT",),
            needs_number=False,
        ),
        Way(
            ClosingMode.PROCEDURAL,
            STREAM,
            PROCEDURAL,
            (JUDGE, CHIEF, PRESIDENT),
            _("终结本次执行程序裁定书"),
            templates=("ENDED",),
            needs_service=True,
            shared=PROCEDURAL_SHARED,
        ),
        Way(
            ClosingMode.TERMINATED,
            (*EARLY, Stage.SETTLED),
            (
                _ground(_("终结执行的法定情形（撤回申请等）有书面材料"), TERMINATION),
                _ruling("TERMINATION", label=TERMINATED_BY),
            ),
            (JUDGE, CHIEF),
            _("终结执行裁定书"),
            templates=("TERMINATION",),
            needs_service=True,
        ),
        Way(
            ClosingMode.REMOVED,
            EARLY,
            (_ground(_("管辖异议成立、他院先立案或委托案件退回"), "法发〔2014〕26号 18", RELATED),),
            (JUDGE, CHIEF),
            _("销案裁定书或通知"),
            templates=("REMOVED",),
        ),
        Way(
            ClosingMode.NOT_ENFORCED,
            EARLY,
            (
                _ground(
                    _("不予执行的法定情形"),
                    REFUSAL,
                    Proof("decide_related", (("relation", ("REFUSAL",)), ("review_result", ("SUPPORTED", "PARTLY")))),
                ),
                _ruling("REFUSED_AWARD", "REFUSED_LATE"),
            ),
            (JUDGE, CHIEF),
            _("不予执行裁定书"),
            templates=("REFUSED_AWARD", "REFUSED_LATE"),
        ),
        Way(
            ClosingMode.DISMISSED,
            EARLY,
            (_ground(_("立案后发现不符合受理条件"), "法发〔2014〕26号 20"), _ruling("DISMISSAL")),
            (JUDGE, CHIEF),
            _("驳回申请裁定书"),
            templates=("DISMISSAL",),
        ),
    )
}
