"""A running listing is lengthened: proposed by whoever works on the case, decided by the president (失信名单规定 2)."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Sanction, SanctionExtension
from cases.record import record
from cases.sanctionlaw import EXTRA_YEARS_MAX, LISTING_MONTHS, Kind, term_end
from cases.services.sanctions import FACTS_MAX, REASON_MAX, about, held, may_decide, works_on

State = SanctionExtension.State


def may_be_extended(sanction: Sanction) -> bool:
    """Return whether it is a listing with a term that runs and has not been lengthened to the utmost."""
    is_running = sanction.kind == Kind.DISHONEST and sanction.state == Sanction.State.IN_FORCE
    return is_running and sanction.term_until is not None and years_left(sanction) > 0


def years_left(sanction: Sanction) -> int:
    """Return by how many years the term of a listing may still be lengthened, by what it has become so far."""
    if sanction.term_until is None or sanction.in_force_from is None:
        return 0
    years = sanction.term_until.year - sanction.in_force_from.year
    return EXTRA_YEARS_MAX - (years - LISTING_MONTHS // 12)


@transaction.atomic
def propose_extension(
    sanction: Sanction, *, ground: str, years: int, facts: str, at: dt.datetime, actor: User
) -> SanctionExtension:
    """Propose to lengthen a listing by whole years; what was added before counts towards the three."""
    sanction = held(sanction)
    if not works_on(sanction.case, actor):
        raise PermissionDenied
    reasons = _objections(sanction, years, day=timezone.localdate(at))
    if ground not in SanctionExtension.Ground.values:
        reasons.append(of_field("ground", _("请选择延长事由")))
    if not facts.strip():
        reasons.append(of_field("facts", _("请写明事实和证据")))
    if sanction.extensions.filter(state=State.PROPOSED).exists():
        reasons.append(_("已有一件延长提请待审批"))
    if reasons:
        raise Refused(reasons)
    row = SanctionExtension.objects.create(
        sanction=sanction,
        ground=ground,
        years=years,
        facts=facts.strip()[:FACTS_MAX],
        proposed_by=actor,
        proposed_at=at,
    )
    _note(sanction, "propose_extension", at=at, actor=actor, years=years)
    return row


def _objections(sanction: Sanction, years: int, *, day: dt.date) -> list[str]:
    if not may_be_extended(sanction):
        return [_("只能延长执行中、有固定期限的失信措施，累计不超过三年")]
    assert sanction.term_until is not None
    if sanction.term_until < day:
        return [_("期限已届满，应予删除，不能延长")]
    left = years_left(sanction)
    if not 0 < years <= left:
        words = {"most": EXTRA_YEARS_MAX, "left": left}
        return [of_field("years", _("延长累计不超过 %(most)d 年，还可延长 %(left)d 年") % words)]
    return []


@transaction.atomic
def decide_extension(
    extension: SanctionExtension, *, result: str, reason: str = "", at: dt.datetime, actor: User
) -> SanctionExtension:
    """The president decides: approved, the listing ends that much later and its clock with it."""
    sanction = held(extension.sanction)
    row = SanctionExtension.objects.get(pk=extension.pk)
    if not may_decide(actor, sanction.case) or actor.pk == row.proposed_by_id:
        raise PermissionDenied
    reason, is_approved = reason.strip()[:REASON_MAX], result == State.APPROVED
    if row.state != State.PROPOSED:
        raise Refused(_("该提请已处理"))
    reasons = [] if result in (State.APPROVED, State.REFUSED) else [of_field("result", _("请选择处理结果"))]
    reasons += _objections(sanction, row.years, day=timezone.localdate(at)) if is_approved else []
    if result == State.REFUSED and not reason:
        reasons.append(of_field("reason", _("请写明不予批准的理由")))
    if reasons:
        raise Refused(reasons)
    row.state, row.reason, row.decided_by, row.decided_at = result, reason, actor, at
    if is_approved:
        _lengthen(sanction, row)
    row.save()
    verb = "approve_extension" if is_approved else "refuse_extension"
    _note(sanction, verb, at=at, actor=actor, years=row.years, reason=reason, until_on=row.until_on)
    return row


def _lengthen(sanction: Sanction, row: SanctionExtension) -> None:
    assert sanction.in_force_from is not None
    # What was proposed at first stays as it was; the term alone moves.
    years = EXTRA_YEARS_MAX - years_left(sanction) + row.years
    sanction.term_until = row.until_on = term_end(sanction.rule, sanction.in_force_from, extra_years=years)
    sanction.save(update_fields=["term_until"])


def _note(sanction: Sanction, verb: str, *, at: dt.datetime, actor: User, **details: object) -> None:
    says = about(sanction) | {"from_on": sanction.in_force_from}
    record(sanction, verb, at=at, case=sanction.case, actor=actor, **says, **details)
