"""Sanctions as data: kinds, grounds on which they are imposed and end, their limits, each with its citation; no ORM."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.calendar import same_day
from cases.law import CPL, Provision, cite, of


class Kind(TextChoices):
    """Which measure against a debtor who does not perform."""

    LIMIT_CONSUMPTION = "LIMIT_CONSUMPTION", _("限制消费")
    DISHONEST = "DISHONEST", _("纳入失信名单")
    FINE = "FINE", _("罚款")
    DETENTION = "DETENTION", _("司法拘留")
    EXIT_LIMIT = "EXIT_LIMIT", _("限制出境")


class Way(TextChoices):
    """How a sanction ends."""

    LIFTED = "LIFTED", _("解除")
    DELETED = "DELETED", _("删除")
    SHIELDED = "SHIELDED", _("屏蔽")
    REVOKED = "REVOKED", _("撤销")
    EXECUTED = "EXECUTED", _("执行完毕")


LIMIT, LISTING, FINE, DETENTION, EXIT = (
    Kind.LIMIT_CONSUMPTION,
    Kind.DISHONEST,
    Kind.FINE,
    Kind.DETENTION,
    Kind.EXIT_LIMIT,
)
# What the case's end takes away; a fine stays payable, a detention ends by its own day.
ENDS_WITH_CASE = (LIMIT, LISTING, EXIT)
# Both follow upon the notice to perform (限制消费若干规定 1; 失信名单规定 1, 5).
NEEDS_NOTICE = (LIMIT, LISTING)
# A unit is not listed in its manager's place, and cannot be detained or kept in the country itself.
NEEDS_PERSONS = (DETENTION, EXIT)
WAYS: dict[Kind, tuple[Way, ...]] = {
    LIMIT: (Way.LIFTED, Way.REVOKED),
    LISTING: (Way.DELETED, Way.SHIELDED, Way.REVOKED),
    FINE: (Way.EXECUTED, Way.REVOKED),
    DETENTION: (Way.EXECUTED, Way.LIFTED, Way.REVOKED),
    EXIT: (Way.LIFTED, Way.REVOKED),
}
# 失信名单规定 2; 民事诉讼法 118 (2017 text 115): days, yuan.
LISTING_MONTHS, EXTRA_YEARS_MAX = 24, 3
DETENTION_DAYS_MAX = 15
PERSON_FINE_MAX = Decimal("100000.00")
UNIT_FINE_MIN, UNIT_FINE_MAX = Decimal("50000.00"), Decimal("1000000.00")
ADULT_YEARS = 18  # 民法典 17
# 失信名单规定 10: deleted on the applicant's own request, a debtor is not listed again on his request so long.
RELISTING_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground on which a sanction may be imposed; `version` grows with every change of the rule."""

    code: str
    kind: Kind
    label: str | Promise
    basis: tuple[Provision, ...]
    has_term: bool = False
    may_extend: bool = False
    version: int = 1


@dataclass(frozen=True, slots=True)
class Ending:
    """One ground on which a sanction ends: of which kinds by what article, how, and whether the president decides."""

    code: str
    label: str | Promise
    basis: dict[Kind, tuple[Provision, ...]]
    way: dict[Kind, Way]
    needs_decision: bool = True
    version: int = 1


_OBSTRUCTION = (CPL["OBSTRUCTION"], CPL["FINE_AND_DETENTION"])
_ASSISTANCE = (CPL["DUTY_TO_ASSIST"], CPL["FINE_AND_DETENTION"])
_REPORT = (CPL["PROPERTY_REPORT"], of("PROP", "9"), CPL["FINE_AND_DETENTION"])
_BREAKS_LIMIT = (of("LIMC", "11"), *_OBSTRUCTION)
_EXIT = (CPL["EXIT_AND_DISHONESTY"],)


def _listing(code: str, label: str | Promise, *, has_term: bool = True, may_extend: bool = False) -> Ground:
    return Ground(code, LISTING, label, (CPL["EXIT_AND_DISHONESTY"], of("DISH", "1")), has_term, may_extend)


# The usual ones first within their kind.
GROUNDS: tuple[Ground, ...] = (
    Ground(
        "UNPERFORMED", LIMIT, _("未按执行通知书指定的期间履行给付义务"), (CPL["EXIT_AND_DISHONESTY"], of("LIMC", "1"))
    ),
    Ground("LISTED", LIMIT, _("已纳入失信被执行人名单，应当限制消费"), (of("LIMC", "1"),)),
    _listing("ABLE_REFUSES", _("有履行能力而拒不履行生效法律文书确定义务"), has_term=False),
    _listing("NO_REPORT", _("违反财产报告制度")),
    _listing("BREAKS_LIMIT", _("违反限制消费令")),
    _listing("EVADES", _("以虚假诉讼、虚假仲裁或者以隐匿、转移财产等方法规避执行"), may_extend=True),
    _listing("OBSTRUCTS", _("以伪造证据、暴力、威胁等方法妨碍、抗拒执行"), may_extend=True),
    _listing("BREAKS_SETTLEMENT", _("无正当理由拒不履行执行和解协议")),
    *(
        ground
        for kind in (FINE, DETENTION)
        for ground in (
            Ground(f"{kind}_REPORT", kind, _("拒绝报告、虚假报告或者无正当理由逾期报告财产"), _REPORT),
            Ground(f"{kind}_REFUSAL", kind, _("有能力而拒不履行已经发生法律效力的判决、裁定"), _OBSTRUCTION),
            Ground(f"{kind}_BREAKS_LIMIT", kind, _("违反限制消费令"), _BREAKS_LIMIT),
            Ground(f"{kind}_HIDES", kind, _("隐藏、转移、变卖、毁损已被查封扣押的财产"), _OBSTRUCTION),
            Ground(f"{kind}_FORCE", kind, _("以暴力、威胁或者其他方法阻碍执行"), _OBSTRUCTION),
            Ground(f"{kind}_ASSIST", kind, _("有义务协助调查、执行而拒绝、妨碍（协助单位、个人）"), _ASSISTANCE),
        )
    ),
    Ground("EXIT_UNPERFORMED", EXIT, _("未履行生效法律文书确定的义务，需限制出境"), _EXIT),
)


@dataclass(frozen=True, slots=True)
class Outsider:
    """Who is no party and owes help with a debtor's property: the name, and the kind as of a party."""

    name: str
    kind: str


# On which a measure is taken against somebody who is no party, and on no other.
OF_OUTSIDERS = frozenset(f"{kind}_ASSIST" for kind in (FINE, DETENTION))
BY_CODE: dict[str, Ground] = {ground.code: ground for ground in GROUNDS}


def _ending(
    code: str,
    label: str | Promise,
    *,
    listing: str = "",
    limit: bool = False,
    exit_: bool = False,
    way: Way | None = None,
    needs_decision: bool = True,
) -> Ending:
    # The ends of what the debtor is barred from: lifted or deleted unless it never should have been.
    basis: dict[Kind, tuple[Provision, ...]] = {}
    if listing:
        basis[LISTING] = (of("DISH", listing),)
    if limit:
        basis[LIMIT] = (of("LIMC", "9"),)
    if exit_:
        basis[EXIT] = _EXIT
    usual = {LISTING: Way.DELETED, LIMIT: Way.LIFTED, EXIT: Way.LIFTED}
    return Ending(code, label, basis, {kind: way or usual[kind] for kind in basis}, needs_decision)


_PUNISHED = dict.fromkeys((FINE, DETENTION), (CPL["FINE_AND_DETENTION"], CPL["PRESIDENT_APPROVES"]))
ENDINGS: tuple[Ending, ...] = (
    _ending("PERFORMED", _("已履行完毕生效法律文书确定的义务"), listing="10", limit=True, exit_=True),
    _ending("SETTLED", _("达成和解协议且已履行完毕"), listing="10", limit=True, exit_=True),
    _ending("CONSENT", _("申请执行人同意，或书面申请并经审查同意"), listing="10", limit=True, exit_=True),
    _ending("SECURITY", _("提供确实有效的担保"), limit=True, exit_=True),
    _ending("CORRECTED", _("积极履行义务或者主动纠正失信行为"), listing="2"),
    _ending("TWICE_QUERIED", _("终本后两次以上查询未发现财产，且无有效线索"), listing="10"),
    _ending("SUSPENDED", _("因审判监督或破产程序裁定中止执行"), listing="10"),
    _ending("TERMINATED", _("依法裁定终结执行"), listing="10", limit=True, exit_=True),
    _ending("NOT_ENFORCED", _("依法裁定不予执行"), listing="10", limit=True, exit_=True),
    _ending("CASE_GONE", _("案件销案或驳回申请，措施失去依据"), listing="9", limit=True, exit_=True),
    Ending(
        "TERM_ENDED",
        _("期限届满"),
        {LISTING: (of("DISH", "2", "10"),), DETENTION: _PUNISHED[DETENTION]},
        {LISTING: Way.DELETED, DETENTION: Way.EXECUTED},
        needs_decision=False,
    ),
    Ending("PAID", _("罚款已缴纳"), {FINE: _PUNISHED[FINE]}, {FINE: Way.EXECUTED}, needs_decision=False),
    Ending("ADMITTED", _("承认并改正错误，提前解除拘留"), {DETENTION: _PUNISHED[DETENTION]}, {DETENTION: Way.LIFTED}),
    Ending(
        "REVOKED_ABOVE",
        _("上一级法院复议撤销"),
        _PUNISHED | {EXIT: (of("OBJ", "9"),)},
        {FINE: Way.REVOKED, DETENTION: Way.REVOKED, EXIT: Way.REVOKED},
        needs_decision=False,
    ),
    Ending(
        "WRONG",
        _("不应采取措施，或信息有误应予纠正"),
        _PUNISHED | {LISTING: (of("DISH", "9"),), LIMIT: (of("LIMC", "9"),), EXIT: _EXIT},
        dict.fromkeys(Kind, Way.REVOKED),
    ),
)
ENDINGS_BY_CODE: dict[str, Ending] = {ending.code: ending for ending in ENDINGS}


def grounds_of(kind: str) -> list[Ground]:
    """Return the grounds of one kind, usual ones first."""
    return [ground for ground in GROUNDS if ground.kind == kind]


def endings_of(kind: str) -> list[Ending]:
    """Return the grounds on which a sanction of this kind ends, usual ones first."""
    return [ending for ending in ENDINGS if kind in ending.basis]


def ending_basis(ending: Ending, kind: str, *, has_term: bool, on: dt.date) -> str:
    """Return the citation; a listing with a term ends before it only under 失信名单规定 2 (10 does not apply to it)."""
    provisions = ending.basis[Kind(kind)]
    if kind == LISTING and has_term and provisions == (of("DISH", "10"),):
        provisions = (of("DISH", "2"),)
    return cite(provisions, on=on)


def term_end(ground: Ground, start: dt.date, *, extra_years: int = 0) -> dt.date | None:
    """Return the last day of a listing: two years and the extension; none for 有履行能力而拒不履行 (失信名单规定 2)."""
    return same_day(start, months=LISTING_MONTHS + 12 * extra_years) if ground.has_term else None


def is_minor(birth_on: dt.date, *, on: dt.date) -> bool:
    """Return whether somebody is under eighteen on a day."""
    return on < same_day(birth_on, months=12 * ADULT_YEARS)
