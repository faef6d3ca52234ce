"""What must be typed in the national system, kept up with the cases, and who ticked what as typed."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.fields import CharField
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import Chain, User
from bureau.record import record
from cases.models import Case
from supervision.models import NationalEntry
from supervision.national import values
from supervision.national.sight import KEEP

BATCH = 200
TICKS_MAX = 500


def stale() -> QuerySet[Case]:
    """Return cases of the bureau of which something was recorded since their entries were reckoned, oldest first."""
    chain = Chain.objects.filter(name=Concat(Value("case:"), Cast(OuterRef("pk"), CharField())))
    entry = NationalEntry.objects.filter(case=OuterRef("pk"), group=NationalEntry.Group.FILING)
    rows = Case.objects.of_bureau().annotate(
        chain_seq=Subquery(chain.values("seq")[:1]), entry_seq=Subquery(entry.values("event_seq")[:1])
    )
    return rows.filter(Q(entry_seq__isnull=True) | Q(entry_seq__lt=F("chain_seq"))).order_by("pk")


def follow(*, at: dt.datetime) -> int:
    """Bring the entries of every case up to its record; return how many cases were reckoned anew.

    Safe to repeat and to run twice at once.
    """
    count = 0
    while pks := list(stale().values_list("pk", flat=True)[:BATCH]):
        count += reckon(pks, at=at)
    return count


@transaction.atomic
def reckon(pks: Iterable[int], *, at: dt.datetime) -> int:
    """Reckon the entries of these cases anew; what was ticked stays, and shows as changed where it is no longer so."""
    held = Case.objects.filter(pk__in=list(pks)).order_by("pk").select_for_update(no_key=True, of=("self",))
    found = {case.pk: case for case in values.load(held)}
    names = {f"case:{pk}": pk for pk in found}
    seqs = {names[name]: seq for name, seq in Chain.objects.filter(name__in=names).values_list("name", "seq")}
    kept = {(row.case_id, row.group): row for row in NationalEntry.objects.filter(case__in=found)}
    new: list[NationalEntry] = []
    changed: list[NationalEntry] = []
    for pk, case in found.items():
        for group, rows in values.groups_of(case).items():
            entry = kept.get((pk, group))
            is_new = entry is None
            entry = entry or NationalEntry(case=case, group=group, changed_at=at)
            now = values.digest_of(rows)
            if now != entry.digest:
                entry.digest, entry.changed_at = now, at
            entry.event_seq, entry.state = seqs.get(pk, 0), entry.judged()
            (new if is_new else changed).append(entry)
    NationalEntry.objects.bulk_create(new)
    NationalEntry.objects.bulk_update(changed, ["digest", "changed_at", "event_seq", "state"])
    return len(found)


def _held(user: User) -> QuerySet[NationalEntry]:
    if not user.has_perm(KEEP):
        raise PermissionDenied
    pks = NationalEntry.objects.visible_to(user).values("pk")
    return NationalEntry.objects.filter(pk__in=pks).select_for_update(of=("self",)).order_by("pk")


@transaction.atomic
def tick(case: Case, *, group: str, seen: str, at: dt.datetime, actor: User) -> NationalEntry:
    """Say that a group stands in the national system as it was shown; `seen` is the digest of what was shown.

    Raises Refused where it has changed since.
    """
    reckon([case.pk], at=at)
    entry = _held(actor).select_related("case").filter(case=case, group=group).first()
    if entry is None:
        raise PermissionDenied
    if entry.digest != seen:
        raise Refused(_("您查看期间，这一组内容有变动，请按现在的内容录入后再登记"))
    _tick(entry, at=at, actor=actor)
    record(entry, "tick_copied", at=at, actor=actor, group=group, numbers=[case.display_number])
    return entry


@transaction.atomic
def tick_many(seen: Mapping[int, str], *, at: dt.datetime, actor: User) -> int:
    """Say so of many entries, each as it was shown; return of how many. Raises Refused where one has changed since."""
    if not seen:
        raise Refused(_("请至少勾选一项"))
    if len(seen) > TICKS_MAX:
        raise Refused(_("一次最多登记 %(count)d 项") % {"count": TICKS_MAX})
    entries = list(_held(actor).select_related("case").filter(pk__in=seen))
    if len(entries) != len(seen):
        raise PermissionDenied
    moved = [entry.case.display_number for entry in entries if entry.digest != seen[entry.pk]]
    if moved:
        told = {"numbers": _("、").join(moved[:10])}
        raise Refused(_("您查看期间，下列案件的内容有变动，请查看后再登记：%(numbers)s") % told)
    for entry in entries:
        _tick(entry, at=at, actor=actor)
    by_group: dict[str, list[str]] = {}
    for entry in entries:
        by_group.setdefault(entry.group, []).append(entry.case.display_number)
    for group, numbers in by_group.items():
        record(entries[0], "tick_copied", at=at, actor=actor, group=group, numbers=numbers)
    return len(entries)


def _tick(entry: NationalEntry, *, at: dt.datetime, actor: User) -> None:
    entry.ticked_digest, entry.ticked_by, entry.ticked_at = entry.digest, actor, at
    entry.state = entry.judged()
    entry.save(update_fields=["ticked_digest", "ticked_by", "ticked_at", "state"])


@transaction.atomic
def untick(case: Case, *, group: str, at: dt.datetime, actor: User) -> NationalEntry:
    """Take a mistaken tick back; the record keeps both."""
    entry = _held(actor).select_related("case").filter(case=case, group=group).first()
    if entry is None:
        raise PermissionDenied
    if entry.ticked_at is None:
        raise Refused(_("这一组没有登记为已录入"))
    entry.ticked_digest, entry.ticked_by, entry.ticked_at = "", None, None
    entry.state = entry.judged()
    entry.save(update_fields=["ticked_digest", "ticked_by", "ticked_at", "state"])
    record(entry, "untick_copied", at=at, actor=actor, group=group, numbers=[case.display_number])
    return entry
