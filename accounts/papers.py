"""What the money tells a document: sub-account, address behind the debtor's QR (法发〔2017〕6号 4–5), the sum owed."""

import datetime as dt
from collections.abc import Mapping

from django.conf import settings
from django.utils import translation

from accounts.debts import debt_of
from accounts.models import Account, DebtCode, Distribution, DistributionShare
from accounts.settle import LAWFUL_ORDER
from accounts.statement import statement_of
from cases.models import Case

# What 财产分配方案 offers as its rule, and how a table's cells are told apart.
BY_PROPORTION, BY_SEIZURE = "参与分配，普通债权按比例受偿", "按采取执行措施的先后顺序受偿"
CELL = "｜"
# What a paper can hold of the arithmetic; a longer one says the sums alone.
STEPS_MAX = 3500
OPEN_ENDED = "另有计息标准尚未录入的利息，按生效法律文书另计，不在上列数额之内"
PRINTABLE = (Distribution.State.APPROVED, Distribution.State.SERVED)


def document_fields(case: Case, *, on: dt.date) -> dict[str, str]:
    """Return the case's sub-account, its QR's address and what it owes that day, as templates call them."""
    number = Account.objects.filter(case=case).values_list("number", flat=True).first()
    return {"sub_account": number or "", "debt_url": debt_url(case)} | owed_fields(case, on=on) | plan_fields(case)


def owed_fields(case: Case, *, on: dt.date) -> dict[str, str]:
    """Return the sum owed on the claims up to a day with its arithmetic, for the papers that print a total.

    Empty where no money is claimed, or a rate of the day is not known. The application fee is not in it.
    """
    debt = debt_of(case)
    if not debt.claims:
        return {}
    with translation.override("zh-hans"):
        try:
            due = debt.due(on)
        except ValueError:
            return {}
        lines = due.claim_steps + ([OPEN_ENDED] if debt.is_open_ended else [])
    text = "\n".join(lines)
    if len(text) > STEPS_MAX:
        text = "\n".join(lines[-len(LAWFUL_ORDER) - debt.is_open_ended :])
    day, paid = on.isoformat(), due.obligation - due.open
    notice = {"due_on": day, "due": f"{due.open:.2f}", "due_steps": text}
    ended = {"due_on": day, "left": f"{due.open:.2f}", "paid": f"{paid:.2f}"}
    return _of("ENFORCEMENT_NOTICE", notice) | _of("ENDED", ended)


def _of(template: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{template}.{name}": value for name, value in values.items()}


def plan_fields(case: Case) -> dict[str, str]:
    """Return what the approved plan of the case says in the fields of 财产分配方案; empty without one."""
    plan = case.distributions.filter(state__in=PRINTABLE).order_by("-id").first()
    if plan is None or not plan.debtor:
        return {}
    costs = statement_of(case).costs
    lines = [
        CELL.join((row.creditor, _standing(row), str(row.claimed), _order(plan, row), str(row.amount)))
        for row in plan.shares.order_by("position")
    ]
    rule = BY_PROPORTION if plan.debtor == Distribution.Debtor.PERSON else BY_SEIZURE
    told = {"total": str(plan.pool + costs), "costs": str(costs), "rule": rule, "shares": "\n".join(lines)}
    return _of("DISTRIBUTION", told)


def _standing(row: DistributionShare) -> str:
    return " ".join(filter(None, (row.basis, "优先债权" if row.is_secured else "普通债权")))


def _order(plan: Distribution, row: DistributionShare) -> str:
    if row.is_secured:
        return "".join(("优先第", str(row.rank), "顺位"))
    if plan.debtor == Distribution.Debtor.PERSON:
        return "按比例"
    return "".join(("查封第", str(row.rank), "位"))


def debt_url(case: Case) -> str:
    """Return the public address of the sum due today; empty without a code, or where no public address is set."""
    if not settings.PORTAL_URL:
        return ""
    code = DebtCode.objects.live().filter(case=case).first()
    return f"{settings.PORTAL_URL.rstrip('/')}/due/{code.token}/" if code else ""
