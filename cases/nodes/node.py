"""What one row of the node table says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases.law import Provision
from cases.pauses import PauseKind

# Stands for any move of a case into the stage CLOSED, whatever its verb.
CLOSING = "closing"
NodeUnit = Literal["hour", "day", "workday", "month", "year"]
# T00 9 and T06 13: what stops the closing limit. EPI 13: what stops the six months of 民事诉讼法 237.
STOPS_CLOSING = frozenset(PauseKind)
STOPS_UPPER_COURT = STOPS_CLOSING - {PauseKind.SALE, PauseKind.INQUIRY}


class Owner(StrEnum):
    """Whose duty it is, found at the time of asking."""

    STAGE_OWNER = "STAGE_OWNER"  # whoever works on the case in its stage
    JUDGE = "JUDGE"
    DISPATCHER = "DISPATCHER"
    RECEIVER = "RECEIVER"  # the team to which a pack was handed
    AFFAIRS = "AFFAIRS"  # whoever archives in the affairs team
    KEEPER = "KEEPER"  # the stage's owner; after closing whoever is named for the thing, else the affairs team
    WINDOW = "WINDOW"  # the clerks of the window of filing
    FINANCE = "FINANCE"
    PARTY = "PARTY"  # a party's own time; nobody in the house is late
    OTHER_COURT = "OTHER_COURT"


class Kind(StrEnum):
    """What the day means."""

    DUTY = "DUTY"  # to be done by then
    EARLIEST = "EARLIEST"  # not before; the day after, the way is open
    RIGHT = "RIGHT"  # from then on somebody may act against us, or may no longer act


OWNER_LABELS: dict[Owner, str | Promise] = {
    Owner.STAGE_OWNER: gettext_lazy("本阶段承办人"),
    Owner.JUDGE: gettext_lazy("承办法官"),
    Owner.DISPATCHER: gettext_lazy("指挥中心分案员"),
    Owner.RECEIVER: gettext_lazy("接收团队"),
    Owner.AFFAIRS: gettext_lazy("事务团队"),
    Owner.KEEPER: gettext_lazy("续行责任人"),
    Owner.WINDOW: gettext_lazy("立案窗口"),
    Owner.FINANCE: gettext_lazy("案款管理"),
    Owner.PARTY: gettext_lazy("当事人"),
    Owner.OTHER_COURT: gettext_lazy("有关法院"),
}


def always(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for every case."""
    return True


def is_administrative(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for 行政非诉 (basis J8)."""
    return bool(case.basis_kind == "J8")


def is_not_administrative(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for every other basis."""
    return not is_administrative(case, details)


def is_over(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a case closed for good; after 终本 the file stays in use."""
    return not case.lives_on


def lives_on(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a case just closed as 终本."""
    return bool(case.lives_on)


def is_to_be_queried_again(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold at 终本, and after each query while another falls into the five years; the query states its day."""
    return bool(case.lives_on) and ("made_on" not in details or details.get("due_on") is not None)


def found_property(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a query after 终本 that found property, unless that has been said before and still waits."""
    return bool(details.get("proposes_revival"))


def has_term(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a control whose last day is running: a queued one has none yet, and withheld income never has."""
    return details.get("due_on") is not None


def came_into_force(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a queued control that came into force by itself, not by an entry of its keeper."""
    return bool(details.get("is_automatic"))


def found_online(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a query that found what its provider can freeze itself."""
    return bool(details.get("online_count"))


def found_offline(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a query that found what is controlled at its register only."""
    return bool(details.get("offline_count"))


def is_promised(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a contact in which something was promised by a day."""
    return bool(details.get("promised_on"))


def is_before_notice(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for the first measure taken before the notice was sent; what preservation took before is none."""
    if details.get("origin") != "ENFORCEMENT" or case.is_of_court:
        return False
    begun = set(case.deadlines.filter(node__in=["NOTICE", "NOTICE_AFTER_MEASURE"]).values_list("node", "state"))
    return ("NOTICE", "RUNNING") in begun and not any(node == "NOTICE_AFTER_MEASURE" for node, _state in begun)


def is_clue_paper(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a clue that staff took into a file being worked on, unless an earlier one still waits to be checked."""
    if "CLUES" not in details.get("kinds", ()) or not case.is_open or case.stage == "FILED":
        return False
    return not case.deadlines.filter(node="CLUE_PAPER", state="RUNNING").exists()


def is_settled_closing(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a closing on a settlement that goes on: its last instalment names the day."""
    return bool(details.get("settled_until_on"))


def is_of_bureau(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for what the bureau itself carries out: the old book is neither triaged nor drawn."""
    return not case.is_of_court


def is_new(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a case that begins here: the first steps of one taken in with the old book were taken before."""
    return case.taken_in_on is None


def is_in_time(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold unless the case was taken in with the old book after its limit was over."""
    return not details.get("is_late")


def is_to_be_repaired(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold while the case is in its start: a pack sent back must come again; a change of stream need not."""
    return bool(case.stage == "STARTING")


def is_fast(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold when the event has put the case into the fast stream."""
    return bool(details.get("after") == "FAST")


def relates(*relations: str) -> Callable[[Any, Mapping[str, Any]], bool]:
    """Return a condition that holds for related cases of these kinds."""
    return lambda case, details: details.get("relation") in relations


def is_served_objection(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold when the ruling on an objection has been served."""
    return details.get("relation") == "OBJECTION" and bool(details.get("served_on"))


def is_served(*templates: str) -> Callable[[Any, Mapping[str, Any]], bool]:
    """Return a condition that holds once a document of one of these templates has been served in an open case."""
    return lambda case, details: (
        details.get("template") in templates and (case.closed_on is None or details["delivered_on"] < case.closed_on)
    )


def is_stayed(*grounds: str) -> Callable[[Any, Mapping[str, Any]], bool]:
    """Return a condition that holds for a stay on one of these grounds."""
    return lambda case, details: details.get("ground") in grounds


def has_report_term(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for the service of an order to report property, which names its term."""
    return is_served("REPORT_ORDER")(case, details) and bool(details.get("term_days"))


def is_sanction(*kinds: str) -> Callable[[Any, Mapping[str, Any]], bool]:
    """Hold when the event is about a sanction of one of these kinds."""
    return lambda case, details: details.get("sanction_kind") in kinds


def is_listing_with_term(case: Any, details: Mapping[str, Any]) -> bool:
    """Hold for a listing that has a last day."""
    return details.get("sanction_kind") == "DISHONEST" and bool(details.get("until_on"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Node:
    """One time limit: what starts it, what closes it, how it is counted, whose it is, and what follows when missed.

    `triggers`, `fulfilled_by`, `cancelled_by` and `reopened_by` are verbs of the event record; where the product has no
    such event yet, nothing triggers or nothing fulfils, and the row is not live. What reopens is the answer to the very
    pack that fulfilled. What is in `renewed_by` fulfils the running one and opens the next of the same thing.
    `yellow` and `orange` are days before the last day, zero for none; on the last day and after it a duty is red, or
    `worst`. Where `alerts` are named, these days before the last day are said instead, each once, at their level.
    `version` grows with every change of the rule.
    """

    number: str  # row of domain handbook §5, or the paragraph of a house rule
    code: str
    label: str | Promise
    count: int
    unit: NodeUnit
    basis: tuple[Provision, ...]
    owner: Owner
    consequence: str | Promise = ""
    note: str | Promise = ""
    triggers: tuple[str, ...] = ()
    fulfilled_by: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()  # items that a fulfilling pack must hold
    papers: tuple[str, ...] = ()  # templates of which a fulfilling document is one; all, to every debtor, fulfil
    kinds: tuple[str, ...] = ()  # of property, of which a fulfilling control is one
    each_of: str = ""  # the detail of its trigger that counts the things, each of which must be fulfilled
    renewed_by: tuple[str, ...] = ()
    cancelled_by: tuple[str, ...] = ()  # what makes the duty fall away undone
    reopened_by: tuple[str, ...] = ()
    when: Callable[[Any, Mapping[str, Any]], bool] = always
    subject: str = ""  # model of the thing, where a case may have several running
    pauses: frozenset[str] = frozenset()
    kind: Kind = Kind.DUTY
    worst: Literal["YELLOW", "RED"] = "RED"
    yellow: int = 3
    orange: int = 1
    alerts: tuple[tuple[int, Literal["YELLOW", "ORANGE", "RED"]], ...] = ()  # days before the last day, most first
    escalates_to: str = "CHIEF"  # role
    follows: tuple[str, ...] = ()  # ends with the first of these that fits the case
    counts_from: str = ""  # the detail that names the day on which the ground arose, where it is not the event's own
    counted_by: str = ""  # the detail that names the count, where the document served does
    yellow_in_workdays: bool = False  # `yellow` means working days
    rolls: bool = True  # whether a rest day at the end moves it
    stated_by: str = ""  # detail of the event that states the last day, where it has one: then nothing is counted
    stated_in: str | Promise = ""  # what it was taken from; the ruling, where nothing else is named
    lives_on: bool = False  # whether it outlives the case
    by_hand: bool = False  # whether its owner may note it as done, with the paper that shows it
    excuses: tuple[tuple[str, str | Promise], ...] = ()  # reasons, one of which whoever notes it as done must give
    has_own_desk: bool = False  # whether another line of the desk shows it to its owner
    is_frame: bool = False  # a limit of the whole case, no step of it by itself
    is_elsewhere: bool = False  # whether another room computes and watches it
    covered_by: str = ""  # the node whose running deadline says the same, so that nothing is alarmed twice
    is_practice: bool = False  # local practice, not law
    version: int = 1

    @property
    def is_live(self) -> bool:
        """Return whether the product opens, watches and ends it by itself."""
        ends = self.fulfilled_by or self.renewed_by or self.by_hand or self.kind != Kind.DUTY
        return bool(self.triggers and ends) and not self.is_elsewhere

    @property
    def ladder(self) -> tuple[tuple[int, str], ...]:
        """Return the days before the last day on which something is said, with its level, most days first."""
        if self.alerts:
            return self.alerts
        steps = [(self.yellow, "YELLOW")]
        if self.worst == "RED":
            steps += [(self.orange, "ORANGE")] if self.orange else []
            steps.append((0, "RED"))
        return tuple(steps)

    @property
    def is_duty(self) -> bool:
        """Return whether it is something to be done."""
        return self.kind == Kind.DUTY

    @property
    def limit(self) -> str:
        """Return the period in words."""
        if self.follows:
            return _("与执行期限相同")
        if self.counted_by:
            return _("文书所定的期限")
        if not self.count:
            return _("及时")
        words = {
            "hour": _("%(count)d 小时"),
            "day": _("%(count)d 日"),
            "workday": _("%(count)d 个工作日"),
            "month": _("%(count)d 个月"),
            "year": _("%(count)d 年"),
        }
        return words[self.unit] % {"count": self.count}
