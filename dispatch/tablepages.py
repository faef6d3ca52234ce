"""What the pages of the decision table show: rows in words, findings, dry runs, and how often people override."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from bureau.excel import Table
from bureau.models import User
from cases.models import Case
from dispatch import tableservices
from dispatch.models import DryRun, RuleTable, Verdict
from dispatch.triage import FAST, ORDINARY
from dispatch.verdictwords import condition_of

RUNS_MAX = 10


def rules_of(table: RuleTable) -> list[dict[str, Any]]:
    """Return each row with its conditions as phrases and the days on which it counts: its own within the table's."""
    return [
        {
            "rule": rule,
            "said": [condition_of(one) for one in rule.conditions],
            "from_on": max(filter(None, (rule.from_on, table.from_on)), default=None),
            "until_on": min(filter(None, (rule.until_on, table.until_on)), default=None),
        }
        for rule in table.ordered
    ]


def table_page(table: RuleTable, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return everything the page of a version shows."""
    is_open = table.state in (RuleTable.State.DRAFT, RuleTable.State.SUBMITTED)
    found = tableservices.checked(table) if is_open else []
    marked = {code: one.stops for one in reversed(found) for code in one.codes}
    rows = rules_of(table)
    base = {rule.code: rule.content() for rule in table.based_on.rules.all()} if table.based_on else {}
    for row in rows:
        rule = row["rule"]
        row["mark"] = {True: "wrong", False: "half"}.get(marked.get(rule.code), "")  # type: ignore[arg-type]
        row["change"] = "" if not base else "new" if rule.code not in base else ""
        if base and rule.code in base and base[rule.code] != rule.content():
            row["change"] = "changed"
    return {
        "table": table,
        "rules": rows,
        "removed": sorted(set(base) - {row["rule"].code for row in rows}),
        "findings": found,
        "objections": tableservices.objections(table, from_on=table.from_on or today) if is_open else [],
        "runs": table.dry_runs.select_related("job", "asked_by").order_by("-id")[:RUNS_MAX],
        "may_edit": tableservices.may_edit(table, user),
        "may_try": is_open and tableservices.may_try(table, user),
        "may_answer": tableservices.may_answer(table, user),
        "may_recall": tableservices.may_recall(table, user, on=today),
        "is_in_force": _is_in_force(table, today),
    }


def _is_in_force(table: RuleTable, today: dt.date) -> bool:
    standing = RuleTable.objects.in_force(on=today)
    return standing is not None and standing.pk == table.pk


def moves_shown(run: DryRun, change: str) -> list[dict[str, Any]]:
    """Return the cases that would really move, of one kind such as FAST>ORDINARY, or all."""
    before, _sign, after = change.partition(">")
    if change in (f"{FAST}>{ORDINARY}", f"{ORDINARY}>{FAST}"):
        return [move for move in run.moving if move["before"] == before and move["after"] == after]
    return run.moving


def run_page(run: DryRun, moves: list[dict[str, Any]], user: User) -> dict[str, Any]:
    """Return how the counts stand and the moves of one page with their cases."""
    counts, moving = run.counts, run.moving
    return {
        "run": run,
        "rows": move_rows(moves, user),
        "moved": len(moving),
        "settled": len(run.moves) - len(moving),
        "to_ordinary": sum(move["after"] == ORDINARY for move in moving),
        "to_fast": sum(move["after"] == FAST for move in moving),
        "stay_fast": counts.get(f"{FAST}>{FAST}", 0),
        "stay_ordinary": counts.get(f"{ORDINARY}>{ORDINARY}", 0),
        "overridden": counts.get("overridden", 0),
        "agreed": counts.get("overridden_agreed", 0),
    }


def move_rows(moves: Iterable[dict[str, Any]], user: User) -> list[dict[str, Any]]:
    """Return moves with their cases, of those that the user sees."""
    moves = list(moves)
    seen = Case.objects.visible_to(user).filter(pk__in=[move["case"] for move in moves])
    cases = {case.pk: case for case in seen.select_related("number_court").prefetch_related("parties")}
    return [
        {
            "case": cases[move["case"]],
            "before": Case.Stream(move["before"]).label,
            "after": Case.Stream(move["after"]).label,
            "decided": Case.Stream(move["decided"]).label,
            "gone": [code for code in move["hits_before"] if code not in move["hits_after"]],
            "come": [code for code in move["hits_after"] if code not in move["hits_before"]],
        }
        for move in moves
        if move["case"] in cases
    ]


def sheet(rows: list[dict[str, Any]]) -> Table:
    """Return the sheet of cases that would move."""
    titles = [_("案号"), _("标的（元）"), _("阶段"), _("原建议"), _("新建议"), _("原决定"), _("不再命中"), _("新命中")]
    lines = [
        [
            row["case"].display_number,
            row["case"].amount_claimed,
            row["case"].get_stage_display(),
            str(row["before"]),
            str(row["after"]),
            str(row["decided"]),
            "、".join(row["gone"]),
            "、".join(row["come"]),
        ]
        for row in rows
    ]
    return _("试算变化案件"), titles, lines


def overrides_page(table: RuleTable) -> dict[str, Any]:
    """Return by rule how often it hit and how often the person decided otherwise than the table proposed."""
    verdicts = Verdict.objects.filter(table=table)
    otherwise = ~Q(decided=F("proposed"))
    total = verdicts.aggregate(all=Count("pk"), otherwise=Count("pk", filter=otherwise))
    rows = []
    for rule in table.ordered:
        hit = verdicts.filter(hits__contains=[rule.code])
        found = hit.aggregate(
            hits=Count("pk"),
            otherwise=Count("pk", filter=otherwise),
            against=Count("pk", filter=otherwise & Q(proposed=rule.stream)),
        )
        rows.append({"rule": rule, **found, "rate": share(found["otherwise"], found["hits"])})
    reasons = verdicts.filter(otherwise).values("override_reason").annotate(count=Count("pk")).order_by("-count")[:10]
    return {"rows": rows, "reasons": reasons, "total": total, "rate": share(total["otherwise"], total["all"])}


def overridden(table: RuleTable, user: User, *, rule: str, reason: str) -> QuerySet[Verdict, Verdict]:
    """Return the verdicts that a person decided otherwise, of cases the user sees: of one rule or reason, or all."""
    rows = Verdict.objects.visible_to(user).filter(table=table).exclude(decided=F("proposed"))
    if rule:
        rows = rows.filter(hits__contains=[rule])
    if reason:
        rows = rows.filter(override_reason=reason)
    return rows.select_related("case__number_court", "decided_by").order_by("-decided_at", "-id")


def share(part: int, whole: int) -> str:
    """Return a share in percent, one place."""
    return f"{part * 100 / whole:.1f}%" if whole else "—"
