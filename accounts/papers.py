"""What the money tells a document: the sub-account, and the address behind the debtor's QR (法发〔2017〕6号 4–5)."""

from django.conf import settings

from accounts.models import Account, DebtCode, Distribution, DistributionShare
from accounts.statement import statement_of
from cases.models import Case

# What 财产分配方案 offers as its rule, and how a table's cells are told apart.
BY_PROPORTION, BY_SEIZURE = "参与分配，普通债权按比例受偿", "按采取执行措施的先后顺序受偿"
CELL = "｜"
PRINTABLE = (Distribution.State.APPROVED, Distribution.State.SERVED)


def document_fields(case: Case) -> dict[str, str]:
    """Return the case's sub-account and its QR's address as templates call them; empty before there are any."""
    number = Account.objects.filter(case=case).values_list("number", flat=True).first()
    return {"sub_account": number or "", "debt_url": debt_url(case)} | plan_fields(case)


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
    return {f"DISTRIBUTION.{name}": text for name, text in told.items()}


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
