"""What the command centre decided on a value that is corrected: the stream, and who must stay away."""

import copy

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.crypto import digest
from cases.corrections import CLAIMS, Target, Use, UseKind, total_after
from cases.models import Case, Correction
from dispatch.models import Conflict, Verdict
from dispatch.services import propose
from dispatch.verdictwords import conclusion_of

ROOM = "dispatch"


def uses(case: Case, correction: Correction) -> list[Use]:
    """Return the verdict that the rules would now give otherwise, and declared conflicts with the corrected party."""
    if correction.target in CLAIMS:
        return _verdict(case, correction)
    return _conflicts(case, correction) if correction.target == Target.PARTY else []


def _verdict(case: Case, correction: Correction) -> list[Use]:
    verdict = Verdict.objects.filter(case=case).select_related("verification").first()
    if verdict is None or not case.is_open:
        return []
    corrected = copy.copy(case)
    corrected.amount_claimed = total_after(case, correction)
    on = timezone.localdate(correction.answered_at or correction.proposed_at)
    proposal = propose(corrected, verdict.verification, on=on)
    if proposal.stream == case.stream:
        return []
    label = _("繁简分流：按更正后的标的额，规则建议“%(stream)s”") % {"stream": Case.Stream(proposal.stream).label}
    return [
        Use(
            room=ROOM,
            kind=UseKind.WORK,
            label=label,
            url=reverse("dispatch:case_dispatch", args=[case.pk]),
            key=f"verdict:{verdict.pk}",
            note=conclusion_of(proposal.as_json()),
        )
    ]


def _conflicts(case: Case, correction: Correction) -> list[Use]:
    pairs, party = correction.pairs(), correction.party
    assert party is not None
    if not {"name", "id_number"} & set(pairs):
        return []
    name = pairs.get("name", ("", party.name))[1]
    number = digest(pairs.get("id_number", ("", party.id_number))[1])
    same = Q(party_name=name) | Q(id_digest=number) if number else Q(party_name=name)
    staff = [pk for pk in (case.judge_id, case.owner_id) if pk]
    found = Conflict.objects.filter(same, user__in=staff, withdrawn_at__isnull=True).select_related("user")
    return [
        Use(
            room=ROOM,
            kind=UseKind.WORK,
            label=_("回避：%(name)s已申报与更正后的当事人有利害关系") % {"name": row.user.name},
            url=reverse("dispatch:case_dispatch", args=[case.pk]),
            key=f"conflict:{row.pk}",
            is_red=True,
            note=_("请报指挥中心另行指定"),
        )
        for row in found.order_by("id")
    ]
