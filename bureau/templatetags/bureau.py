"""How values are printed on every page: money, days with what is left of them, badges, and links that keep a query."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bureau.models import User
from bureau.money import yuan
from bureau.names import shown

register = template.Library()
NEAR_DAYS = 3


@register.filter
def money(value: Decimal | None) -> str:
    """Return yuan with thousands separators and two places; a dash for none."""
    return "—" if value is None else yuan(value)


@register.filter
def who(user: User | None) -> str:
    """Return the name of a member of staff, or of the system itself."""
    return shown(user)


@register.filter
def tone(day: dt.date | None, today: dt.date) -> str:
    """Return overdue, near or info for a day to be kept."""
    if day is None:
        return ""
    left = (day - today).days
    return "overdue" if left < 0 else "near" if left <= NEAR_DAYS else "info"


@register.filter
def left(day: dt.date, today: dt.date) -> str:
    """Return what is left of a period in words."""
    days = (day - today).days
    if days < 0:
        return ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}
    if days == 0:
        return _("今天到期")
    return ngettext("剩 %(days)d 天", "剩 %(days)d 天", days) % {"days": days}


@register.filter
def due(day: dt.date | None, today: dt.date) -> SafeString | str:
    """Return the day and what is left of it, coloured and in words."""
    if day is None:
        return "—"
    return format_html(
        '<span class="nowrap">{}</span> <span class="due-left due-{}">{}</span>',
        day,
        tone(day, today),
        left(day, today),
    )


@register.simple_tag(takes_context=True)
def keep(context: dict[str, Any], **changes: Any) -> str:
    """Return the page's query with some parameters changed; an empty value removes one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value in ("", None):
            query.pop(name, None)
        else:
            query[name] = value
    return f"?{query.urlencode()}"
