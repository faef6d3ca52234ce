"""A lost receipt is made again at any window, for whoever shows the ID of an applicant or of his agent.

The case itself stays closed to the window: number and identity number are typed, and only both together open the
receipt. Wrong tries are kept, told in the case's timeline, and counted (`ReissueTry`).
"""

import datetime as dt
import hmac

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import identity
from bureau.crypto import digest
from bureau.errors import Refused
from bureau.models import User, Window
from bureau.record import record as record_of_none
from cases import casenumber
from cases.models import Agent, Case, Party
from cases.record import record
from intake.models import LookupCode, ReissueTry
from intake.services import Filed, issue_code

LICENCE = "LICENCE"


def reissue_receipt(number: str, *, id_number: str, at: dt.datetime, actor: User) -> Filed:
    """Revoke the live code and return case and new code, for an applicant or agent whose ID number was read and typed.

    Raises Refused, with the try kept, where number and identity do not belong together or too many were wrong;
    PermissionDenied for who stands at no window.
    """
    if not actor.has_perm("intake.reissue_code") or actor.window is None:
        raise PermissionDenied
    tried, code = _try(_plain_number(number), identity.plain(id_number), window=actor.window, at=at, actor=actor)
    if tried.was_locked:
        raise Refused(_("该案号或您本人半小时内输错次数过多，请 30 分钟后再试"))
    if tried.case is None or not code:
        raise Refused(_("没有这个案号，或证件号码不是本案申请执行人及其代理人的；请对照证件原件核对，本次核对已记录"))
    return Filed(tried.case, code)


@transaction.atomic
def _try(number: str, id_number: str, *, window: Window, at: dt.datetime, actor: User) -> tuple[ReissueTry, str]:
    # One try of a clerk after the other, and one for a case after the other, so that a burst cannot outrun the count.
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    named = Q(number=number) | Q(provisional_number=number)
    case = Case.objects.select_for_update().filter(named).first() if number else None
    digests = {"number_digest": digest(number), "id_digest": digest(id_number)}
    is_locked = ReissueTry.objects.is_locked(digests["number_digest"], actor, at=at)
    whom = _whom(case, id_number, on=timezone.localdate(at)) if case and not is_locked else None
    tried = ReissueTry.objects.create(
        **digests,
        window=window,
        clerk=actor,
        case=case,
        at=at,
        is_success=whom is not None,
        was_locked=is_locked,
    )
    shown, last4 = digests["id_digest"], id_number[-4:]
    if case is None:
        record_of_none(tried, "refuse_reissue", at=at, actor=actor, window=window.code, id=shown, id_last4=last4)
        return tried, ""
    told = {"window": window.code, "id": shown, "id_last4": last4}
    if whom is None:
        record(tried, "refuse_reissue", at=at, case=case, actor=actor, locked=is_locked, **told)
        return tried, ""
    LookupCode.objects.filter(case=case, revoked_at__isnull=True).update(revoked_at=at)
    return tried, issue_code(case, verb="reissue_code", at=at, actor=actor, **_told_of(whom), **told)


def _plain_number(text: str) -> str:
    number = casenumber.plain(text)
    # 号 at the end is often left out; a temporary receipt number (临…) has none.
    return number if not number or number.startswith("临") or number.endswith("号") else f"{number}号"


def _whom(case: Case, id_number: str, *, on: dt.date) -> Party | Agent | None:
    """Return the applicant who bears the number, else the agent of one who acts that day."""
    wanted = digest(id_number)
    applicants = case.parties.filter(side=Party.Side.APPLICANT, left_on__isnull=True).order_by("position")
    for party in applicants:
        if party.id_digest and hmac.compare_digest(party.id_digest, wanted):
            return party
    for agent in case.agents.live(on=on).filter(party__in=applicants).order_by("id"):
        if hmac.compare_digest(digest(identity.plain(agent.licence)), wanted):
            return agent
    return None


def _told_of(whom: Party | Agent) -> dict[str, int | str]:
    if isinstance(whom, Party):
        return {"party": whom.pk, "id_kind": whom.id_kind}
    is_resident = identity.holds_resident_id(whom.licence)
    return {"party": whom.party_id, "agent": whom.pk, "id_kind": Party.IdKind.RESIDENT_ID if is_resident else LICENCE}
