"""Who renews once the case has ended: a person is named before a closing that keeps the controls."""

import datetime as dt
from collections.abc import Callable
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from assets.lineage import lineage
from assets.models import Control
from assets.services.duties import may_keep
from bureau.errors import Refused, of_field
from bureau.models import Team, User
from bureau.versions import refuse_stale
from cases import deadlines
from cases.models import Case
from cases.record import record


def keepers_of(case: Case) -> QuerySet[User]:
    """Return who may be named: staff of the affairs team or the team of the case; of an old case its own court's."""
    teams = Q(team=case.team_id) if case.is_of_court else Q(team__kind=Team.Kind.AFFAIRS) | Q(team=case.team_id)
    names = ("OFFICER", "ASSISTANT", "JUDGE")
    return User.objects.filter(teams, is_active=True, groups__name__in=names).distinct().order_by("name", "pk")


def named_keeper(case: Case) -> str:
    """Return the key of whom the controls of the case, and of those it brings back, name; empty for nobody."""
    held = Control.objects.filter(case__in=lineage(case)).active()
    pk = held.filter(keeper__isnull=False).order_by("pk").values_list("keeper", flat=True).first()
    return str(pk or "")


@transaction.atomic
def name_keeper(case: Case, *, keeper: User, seen: str = "", at: dt.datetime, actor: User) -> int:
    """Name who renews every control of the case, and of those it brings back, once it has ended; return how many.

    `seen` is the mark of what the form was opened with; raises Stale where a colleague has named another since.
    """
    family = {row.pk: row for row in Case.objects.select_for_update().filter(pk__in=lineage(case)).order_by("pk")}
    case = family[case.pk]
    if not may_keep(case, actor):
        raise PermissionDenied
    if not keepers_of(case).filter(pk=keeper.pk).exists():
        raise Refused(of_field("keeper", _("%(name)s不能担任续行责任人") % {"name": keeper.name}))
    controls = Control.objects.filter(case__in=family).active()
    ids = list(controls.values_list("pk", flat=True))
    if not ids:
        raise Refused(_("本案没有有效或轮候的控制措施"))
    refuse_stale({"keeper": named_keeper(case)}, seen)
    controls.update(keeper=keeper)
    deadlines.name([f"control:{pk}" for pk in ids], keeper)
    record(case, "name_keeper", at=at, case=case, actor=actor, keeper=keeper.pk, count=len(ids))
    return len(ids)


def kept_by(user: User) -> list[tuple[Case, Callable[..., int]]]:
    """Return each case of which the user is named to renew what is controlled, with the act that passes it on.

    Part of what a take-over of his desk moves (settings.TAKE_OVERS).
    """
    kept = Control.objects.active().filter(keeper=user).values("case")
    cases = Case.objects.filter(pk__in=kept).select_related("team").prefetch_related("parties").order_by("pk")
    return [(case, partial(pass_keeping, case, giver=user)) for case in cases]


@transaction.atomic
def pass_keeping(case: Case, *, giver: User, to: User, at: dt.datetime, actor: User) -> int:
    """Give what an absent colleague keeps in a case to another; who may order this, the caller has asked.

    Raises Refused for somebody who may not be named: he would renew nothing. Returns how many controls moved.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not keepers_of(case).filter(pk=to.pk).exists():
        raise Refused(_("%(name)s不能担任续行责任人") % {"name": to.name})
    controls = Control.objects.filter(case=case, keeper=giver).active()
    ids = list(controls.values_list("pk", flat=True))
    if not ids:
        raise Refused(_("没有需要接管续行的控制措施"))
    controls.update(keeper=to)
    deadlines.name([f"control:{pk}" for pk in ids], to)
    record(case, "pass_keeping", at=at, case=case, actor=actor, from_user=giver.pk, to_user=to.pk, count=len(ids))
    return len(ids)
