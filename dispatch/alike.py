"""Cases that look alike, to be laid side by side: the same paper (duplicates) and the same debtor (series)."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cases.models import Case, Party

ALIKE_MAX = 8


@dataclass(frozen=True, slots=True)
class Alike:
    """One other case, and why it is shown."""

    case: Case
    is_same_paper: bool
    shared: list[str]  # names of the parties in common


def alike(case: Case) -> tuple[list[Alike], int]:
    """Return the cases alike, the same paper first, and how many there are in all."""
    mine = [party for party in case.parties.all() if party.is_current]
    debtors = [party for party in mine if party.side == Party.Side.DEBTOR]
    same_debtor = Q(parties__side=Party.Side.DEBTOR, parties__left_on__isnull=True) & (
        Q(parties__id_digest__in=[party.id_digest for party in debtors if party.id_digest])
        | Q(parties__id_digest="", parties__name__in=[party.name for party in debtors])
    )
    found = Case.objects.filter(Q(basis_key=case.basis_key) | same_debtor).exclude(pk=case.pk)
    pks = list(found.values_list("pk", flat=True).distinct())
    rows = Case.objects.filter(pk__in=pks).select_related("number_court", "judge", "team", "filing_window")
    others = rows.prefetch_related("parties", "claims").order_by("-filed_on", "-id")
    same = sorted(others[: ALIKE_MAX * 4], key=lambda row: row.basis_key != case.basis_key)[:ALIKE_MAX]
    names = {party.id_digest or party.name for party in mine}
    return [
        Alike(
            other,
            other.basis_key == case.basis_key,
            [party.name for party in other.parties.all() if (party.id_digest or party.name) in names],
        )
        for other in same
    ], len(pks)


def side_by_side(case: Case, others: list[Alike]) -> list[dict[str, Any]]:
    """Return the comparison line by line: what is compared, this case's value, and each other's with whether equal."""

    def people(one: Case, side: str) -> str:
        return "、".join(row.name for row in one.parties.all() if row.side == side and row.is_current)

    lines: list[tuple[str, Any]] = [
        (_("执行依据文号"), lambda one: one.basis_number),
        (_("申请执行人"), lambda one: people(one, Party.Side.APPLICANT)),
        (_("被执行人"), lambda one: people(one, Party.Side.DEBTOR)),
        (_("案由"), lambda one: one.cause or "—"),
        (_("标的（元）"), lambda one: f"{one.amount_claimed:,.2f}"),
        (_("立案日"), lambda one: one.filed_on.isoformat()),
        (_("立案窗口"), lambda one: one.filing_window.name),
        (_("阶段"), lambda one: one.get_stage_display()),
        (_("结案方式"), lambda one: one.get_closing_mode_display() or "—"),
        (_("承办法官"), lambda one: one.judge.name if one.judge else "—"),
    ]
    return [
        {
            "label": label,
            "mine": read(case),
            "others": [{"value": read(row.case), "is_same": read(row.case) == read(case)} for row in others],
        }
        for label, read in lines
    ]
