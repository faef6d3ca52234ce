"""The QR on a debtor's papers, and the days that bear no doubled part."""

import datetime as dt
import secrets

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import Account, DebtCode, InterestPause
from bureau.crypto import digest
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.evidence import named
from cases.models import Case
from cases.record import record

BATCH = 500


def make_code(case: Case, *, at: dt.datetime, actor: User) -> DebtCode:
    """Give a case its code; must run inside a transaction that holds the case."""
    token = secrets.token_urlsafe(32)
    return DebtCode.objects.create(case=case, token=token, token_digest=digest(token), made_at=at, made_by=actor)


@transaction.atomic
def make_missing_codes(*, at: dt.datetime, actor: User) -> int:
    """Give cases whose account was opened without one their code; return how many, a batch at a time."""
    live = DebtCode.objects.live()
    bare = Account.objects.filter(~Exists(live.filter(case=OuterRef("case"))), kind=Account.Kind.ESCROW)
    ids = list(bare.order_by("case_id").values_list("case_id", flat=True)[:BATCH])
    cases = list(Case.objects.held().filter(pk__in=ids).order_by("pk"))
    # Asked again under the locks: another worker may have been here.
    known = set(live.filter(case__in=ids).values_list("case_id", flat=True))
    made = [make_code(case, at=at, actor=actor) for case in cases if case.pk not in known]
    return len(made)


@transaction.atomic
def revoke_code(case: Case, *, reason: str, at: dt.datetime, actor: User) -> DebtCode:
    """Make the papers printed so far open nothing more, and give the case a new code for the next ones."""
    case = Case.objects.held("owner", "judge").get(pk=case.pk)
    if actor.pk not in (case.owner_id, case.judge_id) or not actor.has_perm("accounts.request_delay"):
        raise PermissionDenied
    if not reason.strip():
        raise Refused(of_field("reason", _("请填写作废的原因")))
    live = DebtCode.objects.live().filter(case=case)
    live.update(revoked_at=at, revoked_by=actor, revoke_note=reason.strip()[:200])
    code = make_code(case, at=at, actor=actor)
    record(code, "revoke_debt_code", at=at, case=case, actor=actor, reason=reason.strip()[:200])
    return code


@transaction.atomic
def pause_interest(
    case: Case, *, from_on: dt.date, until_on: dt.date, paper: str, at: dt.datetime, actor: User
) -> InterestPause:
    """The judge says which days bear no doubled part, by which ruling of the file."""
    case = held_by_judge(case.pk, actor)
    found = named(case, paper)
    reasons = [] if found else [of_field("paper", _("请选择本案卷宗中的依据文书或材料"))]
    if until_on < from_on:
        reasons.append(of_field("until_on", _("截止日不能早于起始日")))
    if reasons or found is None:
        raise Refused(reasons)
    given = {"from_on": from_on, "until_on": until_on, "document": found.words[:200]}
    row = InterestPause.objects.create(case=case, paper=found.ref, set_by=actor, set_at=at, **given)
    record(row, "pause_interest", at=at, case=case, actor=actor, **given)
    return row


@transaction.atomic
def withdraw_pause(pause: InterestPause, *, at: dt.datetime, actor: User) -> InterestPause:
    """The days count after all."""
    case = held_by_judge(pause.case_id, actor)
    if not InterestPause.objects.filter(pk=pause.pk, withdrawn_at__isnull=True).update(withdrawn_at=at):
        raise Refused(_("该期间已撤回"))
    record(pause, "withdraw_interest_pause", at=at, case=case, actor=actor)
    return pause


def held_by_judge(case_id: int, actor: User) -> Case:
    """Return the case under its lock; only its judge may go on."""
    case = Case.objects.held("judge").get(pk=case_id)
    if case.judge_id != actor.pk or not actor.has_perm("accounts.check_payout"):
        raise PermissionDenied
    return case
