"""What the room's pages print: the tab of a case, the list by last day, and the reminders for applicants."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.forms import WITHIN
from assets.lineage import lineage
from assets.models import Control, ControlQuerySet, Renewal
from assets.services import acts_for, may_keep
from bureau.calendar import DAY
from bureau.models import User
from cases.export import names_of
from cases.models import Case, Party
from documents.library import control as library

NEAR_DAYS, RED_DAYS = 30, 7
REMINDERS_MAX = 500
ASK_DAYS = 7  # 法释〔2016〕22号 18: the applicant asks at least seven days before
TITLES = {spec.code: spec.title for spec in library.SPECS}


@dataclass(frozen=True, slots=True)
class Row:
    """One control as a table prints it: days left with their tone, the acts open to the user, and its papers."""

    control: Control
    acts: list[str]
    tone: str
    left: str

    @property
    def papers(self) -> list[tuple[str, str]]:
        """Return the templates that fit: to take or renew, to tell the applicant, to release."""
        release = ("RELEASE", "ASSIST")
        codes = release if self.control.is_on_wrong_person else (*self.control.rule.papers, "TERM_NOTICE", "RELEASE")
        return [(code, TITLES[code]) for code in codes]


def rows(controls: Iterable[Control], user: User, *, today: dt.date) -> list[Row]:
    """Return the controls with what the user may do and how pressing they are."""
    return [Row(row, acts_for(row, user), *_left(row, today)) for row in controls]


def _left(control: Control, today: dt.date) -> tuple[str, str]:
    if control.is_on_wrong_person:
        return "overdue", _("误控他人财产，应予解除")
    if control.state != Control.State.LIVE or control.to_on is None:
        return "", ""
    days = (control.to_on - today).days
    if days < 0:
        return "overdue", _("已过 %(days)d 天") % {"days": -days}
    tone = "overdue" if days <= RED_DAYS else "near" if days <= NEAR_DAYS else "info"
    return tone, _("今天届满") if days == 0 else ngettext("剩 %(days)d 天", "剩 %(days)d 天", days) % {"days": days}


def case_controls(case: Case, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return the tab: what is active by last day, what has ended, and what the cases brought back still hold."""
    renewals = Prefetch("renewals", Renewal.objects.select_related("by").order_by("old_to_on"))
    found = Control.objects.filter(case__in=lineage(case)).for_list().prefetch_related(renewals)
    made = rows(found.order_by("to_on", "id"), user, today=today)
    own = [row for row in made if row.control.case_id == case.pk]
    return {
        "active": [row for row in own if row.control.is_active],
        "ended": [row for row in own if not row.control.is_active],
        "older": [row for row in made if row.control.case_id != case.pk],
        "may_take": case.is_open and may_keep(case, user),
        "may_name": any(row.control.is_active for row in made) and may_keep(case, user),
        "papers": [(spec.code, spec.title) for spec in library.SPECS],
        "queries": list(case.network_queries.for_list()),
    }


def listed(user: User, chosen: dict[str, Any], *, today: dt.date) -> ControlQuerySet:
    """Return the controls that the filters ask for, the nearest last day first."""
    found: ControlQuerySet = Control.objects.visible_to(user)
    wanted = chosen["set"]
    if wanted in {str(days) for days in WITHIN}:
        found = found.expiring(today=today, days=int(wanted))
    elif wanted == "lapsed":
        found = found.unexplained()
    elif wanted in ("live", "queued"):
        found = found.filter(state=wanted.upper())
    if kind := chosen.get("kind"):
        found = found.filter(kind=kind)
    if chosen.get("mine"):
        found = found.owed_by(user)
    return found.for_list().order_by("to_on", "id")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One line of the printed list: whom to remind of what, and by when he asks for renewal."""

    control: Control
    applicants: str
    ask_by: dt.date | None


def reminders(controls: ControlQuerySet) -> list[Reminder]:
    """Return what applicants are to be reminded of, by their case; three queries."""
    found = controls.prefetch_related("case__parties")[:REMINDERS_MAX]
    return [
        Reminder(row, names_of(row.case, Party.Side.APPLICANT), row.to_on - ASK_DAYS * DAY if row.to_on else None)
        for row in found
    ]
