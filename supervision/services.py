"""What the public thinks of the work is kept once and never changed."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Payout
from bureau.errors import Refused
from bureau.models import Event, User
from bureau.record import record
from cases.models import Case, Party
from supervision.models import StageRating

TEXT_MAX = 500
# By what the case has come as far as a stage; the courts take up the cases of the old book themselves.
REACHED = {
    StageRating.Stage.STARTING: ("start",),
    StageRating.Stage.STREAM: ("enter_stream", "take_up", "take_up_suspended", "take_up_stayed"),
}


def _is_reached(case: Case, stage: str) -> bool:
    if stage == StageRating.Stage.FILED:
        return True
    if stage == StageRating.Stage.MONEY:
        return Payout.objects.filter(case=case, state=Payout.State.PAID).exists()
    verbs = REACHED[StageRating.Stage(stage)]
    return Event.objects.filter(chain=f"case:{case.pk}", verb__in=verbs).exists()


@transaction.atomic
def rate_stage(party: Party, *, stage: str, score: int, text: str = "", at: dt.datetime, actor: User) -> StageRating:
    """Keep an applicant's mark from 1 to 5 for a stage, once; the record names the mark, never the words."""
    case = Case.objects.held("team", "stream_team").get(pk=party.case_id)
    if stage not in StageRating.Stage.values or not 1 <= score <= 5:
        raise Refused(_("请选择阶段和 1 至 5 分"))
    if StageRating.objects.filter(party=party, stage=stage).exists():
        raise Refused(_("这个阶段您已经评价过"))
    if not _is_reached(case, stage):
        raise Refused(_("案件还没有到这个阶段，不能评价"))
    team = None if stage == StageRating.Stage.FILED else case.stream_team or case.team
    told = {"stage": stage, "score": score, "text": text.strip()[:TEXT_MAX]}
    rating = StageRating.objects.create(case=case, party=party, team=team, rated_at=at, **told)
    record(rating, "rate_stage", at=at, actor=actor, number=case.display_number, score=score)
    return rating
