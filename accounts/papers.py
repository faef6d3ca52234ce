"""What the money tells a document: the sub-account printed in the notices (法发〔2017〕6号 4–5)."""

from accounts.models import Account
from cases.models import Case


def document_fields(case: Case) -> dict[str, str]:
    """Return the case's sub-account under the name that templates call it; empty before it is opened."""
    number = Account.objects.filter(case=case).values_list("number", flat=True).first()
    return {"sub_account": number or ""}
