"""What the network was asked of a case's debtors, what not, what it found, and who is to ask (domain handbook §6.1)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.models import Team, User
from cases import propertynetwork
from cases.models import Case, Lead, NetworkQuery, Party, QueryAnswer
from dispatch.factsources import Known

CASH_FACTS = frozenset({"cash_found"})


@dataclass(frozen=True, slots=True)
class DebtorAsked:
    """One debtor: nothing asked, or by whom it was not asked, not answered, and lost."""

    name: str
    is_asked: bool
    is_by_hand: bool = False
    waiting: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Return whether everybody was asked and has answered."""
        return self.is_asked and not (self.waiting or self.lost or self.unasked)


class Asked:
    """The network query of one case as who triages it sees it; read once."""

    def __init__(self, case: Case, user: User) -> None:
        self._case, self._user = case, user

    @cached_property
    def queries(self) -> list[NetworkQuery]:
        """Every query with its answers and leads, the oldest first."""
        return list(self._case.network_queries.for_list())

    @cached_property
    def debtors(self) -> list[DebtorAsked]:
        """Every present debtor with what was not asked of whom."""
        found = [row for row in self._case.parties.all() if row.side == Party.Side.DEBTOR and row.is_current]
        return [_asked(row, [query for query in self.queries if query.party_id == row.pk]) for row in found]

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is left to be asked and nothing to be waited for."""
        return all(row.is_whole for row in self.debtors)

    @property
    def is_to_launch(self) -> bool:
        """Return whether somebody has to do something: a debtor was not asked about, or a provider failed."""
        return any(not row.is_asked or row.lost for row in self.debtors)

    @property
    def url(self) -> str:
        """Return where the user launches it himself; nothing where he may not."""
        may = Case.objects.to_query(self._user).filter(pk=self._case.pk).exists()
        return reverse("cases:query_case", args=[self._case.pk]) if may else ""

    @property
    def order_url(self) -> str:
        """Return where the user has the affairs team do it; nothing where he may not."""
        if not self._user.has_perm("dispatch.send_notice"):
            return ""
        return f"{reverse('dispatch:send_notice')}?query={self._case.pk}"


def _asked(party: Party, queries: Sequence[NetworkQuery]) -> DebtorAsked:
    if not queries:
        return DebtorAsked(party.name, is_asked=False)
    last: dict[str, QueryAnswer] = {}
    for query in queries:
        last |= {answer.source: answer for answer in query.answers.all()}
    if not last:
        return DebtorAsked(party.name, is_asked=True, is_by_hand=True)
    return DebtorAsked(
        party.name,
        is_asked=True,
        waiting=[row.get_source_display() for row in last.values() if row.state in QueryAnswer.OPEN],
        lost=[row.get_source_display() for row in last.values() if row.state in QueryAnswer.LOST],
        unasked=[str(QueryAnswer.Source(code).label) for code in propertynetwork.sources() if code not in last],
    )


def money_found(case: Case, lines: Iterable[dict[str, Any]], *, until: dt.datetime | None = None) -> list[Lead]:
    """Return the money found by then, to stand beside the rules that ask about it; nothing where no rule does."""
    if not any(check["fact"] in CASH_FACTS for line in lines for check in line.get("checks", ())):
        return []
    rows = Lead.objects.of_cases([case.pk]).standing().filter(kind__in=Lead.CASH)
    rows = rows.filter(found_at__lte=until) if until else rows
    return list(rows.select_related("answer__query__party").order_by("pk"))


def beside(lines: list[dict[str, Any]], leads: list[Lead]) -> list[dict[str, Any]]:
    """Return the lines with the leads beside those rules that ask about the money."""
    for line in lines:
        asks = any(check["fact"] in CASH_FACTS for check in line.get("checks", ()))
        line["leads"] = leads if asks else []
    return lines


WORDS: dict[str, tuple[str | Promise, str]] = {
    "NONE": (gettext_lazy("查控未发起"), "overdue"),
    "PART": (gettext_lazy("部分被执行人未查控"), "overdue"),
    "LACKING": (gettext_lazy("查控有单位未成功"), "near"),
    "WAITING": (gettext_lazy("查控等待反馈"), ""),
}


def said_of(known: Known) -> tuple[str | Promise, str] | None:
    """Return in two words how far the query of a case is, with its tone; nothing once everything has come back."""
    if known.values["query"] == "NONE":
        return WORDS["NONE"]
    if known.unasked:
        return WORDS["PART"]
    if known.is_lacking:
        return WORDS["LACKING"]
    return WORDS["WAITING"] if known.values["query"] == "PENDING" else None


def order_of(case: Case, *, today: dt.date) -> dict[str, Any]:
    """Return what the task to the affairs team begins with: to ask about this case today, in the duty judge's name."""
    names = [row.name for row in case.parties.all() if row.side == Party.Side.DEBTOR and row.is_current]
    words = {"number": case.display_number, "names": "、".join(names)}
    return {
        "kind": "TASK",
        "title": _("发起网络查控：%(number)s") % words,
        "text": _("%(number)s（被执行人%(names)s）的网络查控未发起或有单位未成功，请当日以值班法官名义发起") % words,
        "teams": list(Team.objects.filter(kind=Team.Kind.AFFAIRS, is_active=True).values_list("pk", flat=True)),
        "due_on": today,
    }
