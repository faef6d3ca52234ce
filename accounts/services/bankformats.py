"""How each bank writes its statements, kept by finance."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import BankFormat
from accounts.statementfiles import FIELDS, field_of, mapping_objections
from bureau.errors import Refused, of_field
from bureau.models import User
from bureau.record import record
from bureau.versions import refuse_stale

PLAIN = ("name", "kind", "encoding", "header_row", "date_order", "is_active")


def format_now(row: BankFormat) -> dict[str, str]:
    """Return what stands, by field of the form; columns under the names that the form gives them."""
    plain = {name: str(getattr(row, name)) for name in PLAIN}
    return plain | {field_of(name): row.columns.get(name, "") for name in FIELDS}


@transaction.atomic
def save_bank_format(
    bank_format: BankFormat | None = None,
    *,
    name: str,
    columns: Mapping[str, str],
    kind: str = BankFormat.Kind.TABLE,
    header_row: int = 1,
    encoding: str = BankFormat.Encoding.DETECTED,
    date_order: str = BankFormat.DateOrder.YMD,
    is_active: bool = True,
    seen: str = "",
    at: dt.datetime,
    actor: User,
) -> BankFormat:
    """Keep a new format or change one; what was taken in by it stays as it is.

    `seen` is the mark of what the form was opened with; raises Stale where a colleague has changed the format since.
    """
    if not actor.has_perm("accounts.import_statement"):
        raise PermissionDenied
    is_table = kind == BankFormat.Kind.TABLE
    columns = {field: columns[field] for field in FIELDS if is_table and columns.get(field)}
    if is_table and (wrong := mapping_objections(columns)):
        raise Refused([f"{FIELDS[field][0]}{_('：')}{reason}" for field, reason in wrong.items()])
    row = BankFormat.objects.select_for_update().get(pk=bank_format.pk) if bank_format else BankFormat()
    if bank_format:
        refuse_stale(format_now(row), seen, by=row.changed_by.name)
    row.name, row.columns, row.header_row, row.is_active = name.strip(), columns, header_row, is_active
    row.kind, row.encoding, row.date_order, row.changed_at, row.changed_by = kind, encoding, date_order, at, actor
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise Refused(of_field("name", _("已有名为“%(name)s”的格式") % {"name": row.name})) from None
    record(
        row,
        "save_bank_format",
        at=at,
        actor=actor,
        name=row.name,
        kind=kind,
        columns=columns,
        header_row=header_row,
        encoding=encoding,
        date_order=date_order,
        is_active=is_active,
    )
    return row
