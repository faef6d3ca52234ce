"""The owner of a stage changes without the stage: a colleague of the same team goes on with it."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import User
from cases.models import Case
from cases.record import record


@transaction.atomic
def pass_stage(case: Case, *, to: User, at: dt.datetime, actor: User) -> Case:
    """Give an open case's stage to a colleague of the team that holds it; who may order this, the caller has asked.

    The judge of the case does not change.
    """
    case = Case.objects.select_for_update(of=("self",)).select_related("owner").get(pk=case.pk)
    giver = case.owner
    if not case.is_open or giver is None:
        raise Refused(_("本案没有可接管的承办事项"))
    if case.team_id is None or case.team_id != to.team_id or not to.is_active or not to.has_perm("cases.start_case"):
        raise Refused(_("%(name)s不能承办本案这一阶段") % {"name": to.name})
    case.owner = to
    case.save(update_fields=["owner"])
    record(case, "pass_stage", at=at, case=case, actor=actor, from_user=giver.pk, to_user=to.pk)
    return case


@transaction.atomic
def change_judge(case: Case, *, to: User, at: dt.datetime, actor: User) -> Case:
    """Give an open case to another judge of the team that does it; who may order this, the caller has asked.

    The owner of the stage does not change.
    """
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if not case.is_open or case.judge_id is None:
        raise Refused(_("本案没有可以更换的承办法官"))
    if case.stream_team_id != to.team_id or not to.is_active or to.pk in (case.judge_id, case.owner_id):
        raise Refused(_("%(name)s不能承办本案") % {"name": to.name})
    giver, case.judge = case.judge_id, to
    case.save(update_fields=["judge"])
    record(case, "change_judge", at=at, case=case, actor=actor, from_user=giver, to_user=to.pk)
    return case
