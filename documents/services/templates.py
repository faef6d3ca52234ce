"""The declared library becomes stored versions; where the bureau has its own text, a changed one is only proposed."""

import datetime as dt

from django.db import connection, transaction
from django.db.models import Max

from bureau.models import User
from bureau.record import record
from documents.library import LIBRARY
from documents.library.declared import Spec
from documents.models import Revision, Template

Origin = Template.Origin
CLOSES_EARLIER = "随系统发布了更新的文本"


@transaction.atomic
def sync_templates(*, at: dt.datetime | None = None) -> int:
    """Store a version of every declared template whose content is new; return how many. Safe to repeat.

    Where the newest version is the bureau's own, nothing comes into force by itself: the changed text is laid before
    the bureau as a proposal, once for every new content. After a migrate nobody gives the moment: the database does.
    """
    newest = {row.code: row for row in Template.objects.newest().only("code", "version", "sha256", "origin")}
    fresh, proposed = [], 0
    for spec in LIBRARY:
        known = newest.get(spec.code)
        if known and known.origin == Origin.BUREAU:
            proposed += _lay_before_bureau(spec, known, at=at or _database_moment())
        elif known is None or known.sha256 != spec.sha256():
            fresh.append(row_of(spec, version=known.version + 1 if known else 1))
    Template.objects.bulk_create(fresh)
    return len(fresh) + proposed


def _lay_before_bureau(spec: Spec, known: Template, *, at: dt.datetime) -> int:
    content = spec.sha256()
    stored = Template.objects.filter(code=spec.code, origin=Origin.LIBRARY).order_by("-version").first()
    last = Revision.objects.filter(code=spec.code, origin=Origin.LIBRARY).order_by("-id").first()
    # What the library said last: a proposal is younger than any stored version from which the bureau then departed.
    said = last.sha256 if last and (stored is None or last.base_id >= stored.pk) else stored.sha256 if stored else ""
    if content in (said, known.sha256):
        return 0
    system = User.objects.system()
    if last and last.state == Revision.State.WAITING:
        last.state, last.answered_by, last.answered_at = Revision.State.REPLACED, system, at
        last.answer_note = CLOSES_EARLIER
        last.save(update_fields=["state", "answered_by", "answered_at", "answer_note"])
    revision = Revision.objects.create(
        code=spec.code,
        base=known,
        title=spec.title,
        content=spec.content(),
        sha256=content,
        origin=Origin.LIBRARY,
        approval=spec.approval,
        proposed_by=system,
        proposed_at=at,
    )
    record(revision, "propose_template", at=at, actor=system, template=spec.code, sha256=content, origin=Origin.LIBRARY)
    return 1


def _database_moment() -> dt.datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def next_version(code: str) -> int:
    """Return the number of the version that comes next."""
    last: int | None = Template.objects.filter(code=code).aggregate(last=Max("version"))["last"]
    return (last or 0) + 1


def row_of(spec: Spec, *, version: int, **people: User | str) -> Template:
    """Return the version as a row, not yet stored."""
    return Template(
        code=spec.code,
        version=version,
        no=spec.no,
        title=spec.title,
        kind=spec.kind,
        phase=spec.phase,
        sign=spec.sign,
        numbering=spec.numbering,
        service=spec.service,
        is_restricted=spec.is_restricted,
        content=spec.content(),
        sha256=spec.sha256(),
        effective_on=spec.effective_on,
        approval=spec.approval,
        **people,
    )
