"""How each court's file is written: a change is a new version."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field
from bureau.models import Court, User
from bureau.record import record
from bureau.versions import refuse_stale
from supervision.models import NationalMapping
from supervision.national.fields import BY_CODE, CODED, FIELDS, LABELS, USUAL, plain
from supervision.national.sheet import Layout
from supervision.national.sight import KEEP, courts_of

PLAIN = ("name", "header_row", "encoding", "date_order", "covers_from", "is_active")
WORDS_MAX = 100


def layout_of(row: NationalMapping) -> Layout:
    """Return how a file is read."""
    return Layout(row.columns, row.words, row.header_row, row.encoding, row.date_order)


def words_text(words: Mapping[str, str], field: str) -> str:
    """Return words of a field as a page shows them: a line each, word = meaning."""
    return "\n".join(f"{word} = {LABELS[field].get(code, code)}" for word, code in words.items())


def words_of(text: str, field: str) -> dict[str, str]:
    """Return code by word of lines such as `归档 = 已结`; raises ValueError with the line that says nothing."""
    meanings = {plain(str(label)): code for code, label in LABELS[field].items()}
    meanings |= {plain(word): code for word, code in USUAL[field].items()} | {code: code for code in LABELS[field]}
    found: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        word, _mark, meaning = (part.strip() for part in re.sub("[=：:]", "=", line, count=1).partition("="))
        if not word or plain(meaning) not in meanings:
            known = _("、").join(str(label) for label in LABELS[field].values())
            raise ValueError(_("“%(line)s”应写成“文件用词 = 含义”，含义为：%(known)s") % {"line": line, "known": known})
        found[word] = meanings[plain(meaning)]
    if len(found) > WORDS_MAX:
        raise ValueError(_("最多 %(count)d 行") % {"count": WORDS_MAX})
    return found


def objections(columns: Mapping[str, str]) -> dict[str, str]:
    """Return by field why this mapping cannot read a file."""
    wrong = {} if columns.get("number") else {"number": _("须指定对应的列")}
    if not any(columns.get(row.code) for row in FIELDS[1:]):
        wrong["filed_on"] = _("至少再指定一列，否则无从核对")
    if columns.get("parties") and (columns.get("applicants") or columns.get("debtors")):
        wrong["parties"] = _("已分列申请执行人、被执行人的，不再指定合并的当事人列")
    used: dict[str, str] = {}
    for code, heading in columns.items():
        if heading and (first := used.setdefault(plain(heading), code)) != code:
            label = BY_CODE[first].label
            wrong.setdefault(code, _("这一列已用于“%(field)s”") % {"field": label})
    return wrong


def mapping_now(row: NationalMapping) -> dict[str, str]:
    """Return what stands, by field of the form."""
    said = {name: str(getattr(row, name) or "") for name in PLAIN if name != "is_active"}
    said |= {"is_active": str(row.is_active), **{field.code: row.columns.get(field.code, "") for field in FIELDS}}
    return said | {f"{field}_words": words_text(row.words.get(field, {}), field) for field in CODED}


@transaction.atomic
def save_mapping(
    mapping: NationalMapping | None = None,
    *,
    court: Court | None = None,
    name: str,
    layout: Layout,
    covers_from: dt.date | None = None,
    is_active: bool = True,
    seen: str = "",
    at: dt.datetime,
    actor: User,
) -> NationalMapping:
    """Keep how a court's file is written as a new version; files that were read by an earlier one stay as they are.

    `mapping` is the version that is changed, `seen` the mark of what the form was opened with; raises Stale where a
    colleague has saved a later one since.
    """
    court = mapping.court if mapping else court
    if court is None or not actor.has_perm(KEEP) or court not in courts_of(actor):
        raise PermissionDenied
    # One version after the other.
    Court.objects.select_for_update(no_key=True).get(pk=court.pk)
    name = mapping.name if mapping else name.strip()
    last = (
        NationalMapping.objects.filter(court=court, name=name).select_related("saved_by").order_by("-version").first()
    )
    if mapping is None and last is not None:
        raise Refused(of_field("name", _("该法院已有名为“%(name)s”的列对应") % {"name": name}))
    if last is not None:
        refuse_stale(mapping_now(last), seen, by=last.saved_by.name)
    kept = {field.code: layout.columns[field.code].strip() for field in FIELDS if layout.columns.get(field.code)}
    if wrong := objections(kept):
        raise Refused([of_field(field, reason) for field, reason in wrong.items()])
    words = {field: dict(rows) for field, rows in layout.words.items() if rows}
    said: dict[str, Any] = {"columns": kept, "words": words, "header_row": layout.header_row}
    said |= {"encoding": layout.encoding, "date_order": layout.date_order}
    said |= {"covers_from": covers_from, "is_active": is_active}
    version = last.version + 1 if last else 1
    row = NationalMapping.objects.create(court=court, name=name, version=version, saved_at=at, saved_by=actor, **said)
    record(row, "save_national_mapping", at=at, actor=actor, court=court.code, name=name, version=version, said=said)
    return row
