"""One's own filters of the case list: kept under a name, and forgotten."""

import datetime as dt
from collections.abc import Mapping
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import SavedFilter

SAVED_MAX = 12
QUERY_MAX = 600


@transaction.atomic
def save_filter(name: str, *, query: Mapping[str, str], at: dt.datetime, actor: User) -> SavedFilter:
    """Keep a question to the list under a name; the same name again replaces the earlier one."""
    # The user's row is the lock: two saved at once cannot pass the limit together.
    actor = User.objects.select_for_update().get(pk=actor.pk)
    name, text = name.strip(), urlencode(sorted(query.items()))
    others = SavedFilter.objects.filter(user=actor).exclude(name=name)
    reasons = [] if name else [of_field("name", _("请为筛选取一个名称"))]
    if not text:
        reasons.append(_("请先筛选，再保存"))
    if len(text) > QUERY_MAX:
        reasons.append(_("筛选条件过长"))
    if others.count() >= SAVED_MAX:
        reasons.append(_("最多保存 %(count)d 个筛选，请先删除不用的") % {"count": SAVED_MAX})
    if reasons:
        raise Refused(reasons)
    saved, _made = SavedFilter.objects.update_or_create(user=actor, name=name, defaults={"query": text, "saved_at": at})
    return saved


def forget_filter(saved: SavedFilter, *, actor: User) -> None:
    """Forget one's own filter."""
    if saved.user_id != actor.pk:
        raise PermissionDenied
    saved.delete()
