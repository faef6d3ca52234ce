"""Who could take a case: open load, declared conflicts, and an open case of the same debtor."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from bureau import names
from bureau.errors import Refused
from bureau.models import Team, User
from cases.models import Case, Party
from dispatch.models import Conflict


@dataclass(frozen=True, slots=True)
class Candidate:
    """One judge as compared: fewest open cases first; conflicted ones last."""

    user: User
    open_count: int
    conflict: str
    has_series: bool
    why: str

    def as_row(self) -> dict[str, object]:
        """Return what the assignment keeps of the comparison."""
        return {
            "judge": self.user.pk,
            "name": self.user.name,
            "open": self.open_count,
            "conflict": bool(self.conflict),
            "series": self.has_series,
        }


def candidates(case: Case, team: Team) -> list[Candidate]:
    """Return the team's judges, best first: same debtor's judge, then least open load, then name; conflicts last."""
    judges = _with_load(User.objects.filter(team=team, is_active=True, groups__name="JUDGE"), "judged_cases")
    if not judges:
        raise Refused(_("该团队没有可分案的员额法官"))
    conflicts = conflicts_of(case, judges)
    series = _series_judges(case)
    ranked = []
    for user, open_count in judges:
        has_series = user.pk in series
        why = (
            _("同一被执行人有在办案件，交同一法官")
            if has_series
            else _("在办案件最少（%(count)d 件）") % {"count": open_count}
        )
        ranked.append(Candidate(user, open_count, conflicts.get(user.pk, ""), has_series, why))
    ranked.sort(
        key=lambda row: (
            bool(row.conflict),
            not row.has_series,
            row.open_count,
            names.sort_key(row.user.name),
            row.user.pk,
        )
    )
    if ranked[0].conflict:
        raise Refused(_("该团队的法官均已申报回避"))
    return ranked


def least_loaded_starter(case: Case) -> User:
    """Return the affairs-team member with the fewest open cases and no conflict."""
    staff = User.objects.filter(team__kind=Team.Kind.AFFAIRS, is_active=True)
    rows = _with_load(staff.filter(groups__permissions__codename="start_case"), "owned_cases")
    conflicts = conflicts_of(case, rows)
    free = [row for row in rows if row[0].pk not in conflicts]
    if not free:
        raise Refused(_("事务团队没有可承办的人员"))
    return min(free, key=lambda row: (row[1], names.sort_key(row[0].name), row[0].pk))[0]


def _with_load(users: QuerySet[User], relation: str) -> list[tuple[User, int]]:
    is_open = Q(**{f"{relation}__stage__in": [stage for stage in Case.Stage.values if stage not in Case.ENDED]})
    counted = users.annotate(open_count=Count(relation, filter=is_open, distinct=True))
    return [(user, user.open_count) for user in counted]


def conflicts_of(case: Case, rows: list[tuple[User, int]]) -> dict[int, str]:
    """Return the declared relation by user, for those who must stay away from a party of the case."""
    parties = list(case.parties.all())
    found = Conflict.objects.filter(
        Q(party_name__in=[party.name for party in parties])
        | Q(id_digest__in=[party.id_digest for party in parties if party.id_digest]),
        user__in=[user for user, _count in rows],
        withdrawn_at__isnull=True,
    )
    return {conflict.user_id: conflict.relation for conflict in found}


def _series_judges(case: Case) -> set[int]:
    digests = [party.id_digest for party in case.parties.all() if party.side == Party.Side.DEBTOR and party.id_digest]
    others = Case.objects.open().filter(
        parties__side=Party.Side.DEBTOR, parties__id_digest__in=digests, judge__isnull=False
    )
    return set(others.exclude(pk=case.pk).values_list("judge_id", flat=True))
