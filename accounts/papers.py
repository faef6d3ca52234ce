"""What the money tells a document: the sub-account, and the address behind the debtor's QR (法发〔2017〕6号 4–5)."""

from django.conf import settings

from accounts.models import Account, DebtCode
from cases.models import Case


def document_fields(case: Case) -> dict[str, str]:
    """Return the case's sub-account and its QR's address as templates call them; empty before there are any."""
    number = Account.objects.filter(case=case).values_list("number", flat=True).first()
    return {"sub_account": number or "", "debt_url": debt_url(case)}


def debt_url(case: Case) -> str:
    """Return the public address of the sum due today; empty without a code, or where no public address is set."""
    if not settings.PORTAL_URL:
        return ""
    code = DebtCode.objects.live().filter(case=case).first()
    return f"{settings.PORTAL_URL.rstrip('/')}/due/{code.token}/" if code else ""
