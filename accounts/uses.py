"""Which payee accounts bear the old name of a party: money goes only to an account in the payee's own name (FUND 6)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import PayeeAccount, Payout
from accounts.statement import ASKED
from bureau.identity import canonical_name
from cases.corrections import Target, Use, UseKind
from cases.models import Case, Correction

ROOM = "accounts"


def uses(case: Case, correction: Correction) -> list[Use]:
    """Return accounts whose holder is not the corrected name, and payments asked for them."""
    if correction.target != Target.PARTY or "name" not in correction.fields:
        return []
    name = canonical_name(correction.pairs()["name"][1])
    accounts = PayeeAccount.objects.filter(party=correction.party).exclude(state=PayeeAccount.State.REFUSED)
    rows = list(accounts.filter(replaced_at__isnull=True).order_by("id"))
    stale = [row for row in rows if canonical_name(row.holder_name) != name]
    asked = Payout.objects.filter(payee__in=stale, state__in=ASKED).order_by("id")
    return [
        *(
            Use(
                room=ROOM,
                kind=UseKind.MONEY,
                label=_("收款账户（%(state)s）") % {"state": row.get_state_display()},
                url=reverse("accounts:payees", args=[case.pk]),
                key=f"payee:{row.pk}",
                is_red=row.kind == PayeeAccount.Kind.APPLICANT,
                note=_("户名须与更正后的姓名或名称一致：请当事人重新确认，确认前不能发放"),
            )
            for row in stale
        ),
        *(
            Use(
                room=ROOM,
                kind=UseKind.MONEY,
                label=_("发放申请（%(state)s）") % {"state": row.get_state_display()},
                url=reverse("accounts:payout", args=[row.pk]),
                key=f"payout:{row.pk}",
                is_red=True,
                note=_("付款前请驳回，按重新确认的账户再申请"),
            )
            for row in asked
        ),
    ]
