"""Declaring that somebody must stay away from a case or a person, and ending it (回避)."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.crypto import digest
from bureau.errors import Refused
from bureau.models import User
from bureau.record import record as record_in_room
from cases.models import Case
from cases.record import record
from dispatch.models import Conflict


@transaction.atomic
def declare_conflict(
    user: User,
    *,
    party_name: str = "",
    id_number: str = "",
    relation: str,
    case: Case | None = None,
    at: dt.datetime,
    actor: User,
) -> Conflict:
    """Record that a member of staff must stay away from a person's cases, or from one case; it counts at once.

    (回避, 民诉法解释 43–44, 49.)
    """
    if not actor.has_perm("dispatch.assign_case") and actor.pk != user.pk:
        raise PermissionDenied
    if not relation.strip() or not (party_name.strip() or case):
        raise Refused(_("请填写当事人姓名或名称及关系"))
    conflict = Conflict.objects.create(
        user=user,
        case=case,
        party_name=party_name.strip(),
        id_digest=digest(id_number) if party_name.strip() else "",
        relation=relation.strip(),
        declared_at=at,
        declared_by=actor,
    )
    if case is None:
        record_in_room(conflict, "declare_conflict", at=at, actor=actor, user=user.pk, id=conflict.id_digest)
    else:
        given: dict[str, Any] = {"user": user.pk, "id": conflict.id_digest}
        record(conflict, "declare_conflict", at=at, case=case, actor=actor, **given)
    return conflict


def declare_own_conflict(
    *,
    party_name: str = "",
    id_number: str = "",
    relation: str,
    case: Case | None = None,
    at: dt.datetime,
    actor: User,
) -> Conflict:
    """Declare that oneself must stay away; nobody else is asked first."""
    given = {"party_name": party_name, "id_number": id_number, "relation": relation, "case": case}
    return declare_conflict(actor, **given, at=at, actor=actor)  # type: ignore[arg-type]


@transaction.atomic
def withdraw_conflict(conflict: Conflict, *, at: dt.datetime, actor: User) -> Conflict:
    """End a declared conflict; it stays on record, and nobody ends his own."""
    if not actor.has_perm("dispatch.assign_case"):
        raise PermissionDenied
    if actor.pk == conflict.user_id:
        raise Refused(_("本人的回避须由他人撤回"))
    conflict = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if conflict.withdrawn_at:
        raise Refused(_("该回避申报已撤回"))
    conflict.withdrawn_at = at
    conflict.save(update_fields=["withdrawn_at"])
    record_in_room(conflict, "withdraw_conflict", at=at, actor=actor, user=conflict.user_id)
    return conflict
