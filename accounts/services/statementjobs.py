"""Files of the bank as jobs: read on trial, then taken in once, however often that is asked for."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import BankFormat, Statement
from accounts.services.statements import Found, inspect, keep_repeats, take_in, total
from accounts.statement import NOTHING
from bureau import services as bureau
from bureau.errors import Refused
from bureau.models import Job, User
from documents import services as documents
from documents.models import Staged

KIND = "import_statement"


def ask_statement(
    bank_format: BankFormat, *, table: Staged, is_trial: bool = True, at: dt.datetime, actor: User
) -> Job:
    """Ask for a statement to be read, and, unless it is a trial, taken in; the job says what came of it."""
    if not actor.has_perm("accounts.import_statement"):
        raise PermissionDenied
    given = {"format": bank_format.pk, "table": table.token, "name": table.name}
    return bureau.ask_job(KIND, at=at, actor=actor, is_trial=is_trial, **given)


@transaction.atomic
def take_statement(trial: Job, *, at: dt.datetime, actor: User) -> Job:
    """Ask for the file of a trial to be taken in; asked again, the first answer, unless that took nothing in."""
    token = trial.arguments["table"]
    with connection.cursor() as cursor:
        # Of a double click the second waits for the first.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"wuhai_exec statement {token}"])
    asked = Job.objects.filter(kind=KIND, owner=actor, arguments__table=token, arguments__is_trial=False)
    for known in asked.order_by("id"):
        if known.is_open or (known.result or {}).get("statement"):
            return known
    table = Staged.objects.filter(staged_by=actor, token=token).first()
    if table is None:
        raise Refused(_("上传的文件已过期，请重新上传"))
    bank_format = BankFormat.objects.get(pk=trial.arguments["format"])
    return ask_statement(bank_format, table=table, is_trial=False, at=at, actor=actor)


def work(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do the job: read and check the file; without a fault and not on trial, take it in."""
    told, actor = job.arguments, User.objects.get(pk=job.owner_id)
    if done := Statement.objects.filter(job=job).first():
        # Its worker was lost between taking the file in and saying so.
        return _answer(Found(done.file_sha256, earlier=done), done)
    table = Staged.objects.filter(staged_by=actor, token=told["table"]).first()
    if table is None:
        raise Refused(_("上传的文件已过期，请重新上传"))
    bank_format = BankFormat.objects.get(pk=told["format"])
    content = documents.table_bytes(table)
    found = inspect(content, bank_format, at=at, progress=progress)
    statement = found.earlier
    if not statement and not found.fault_count and not told["is_trial"]:
        given = {"bank_format": bank_format, "name": told["name"], "job": job}
        statement = take_in(found, **given, at=at, actor=actor)
        documents.discard_table(table)
    if not statement:
        keep_repeats(found, told["name"], None, at=at, actor=actor)
    return _answer(found, statement)


def _answer(found: Found, statement: Statement | None) -> dict[str, Any]:
    # No name and no number leaves the file: the job's row is not encrypted.
    matched = [entry for entry in found.credits if found.escrow(entry)]
    unknown = [entry for entry in found.credits if not found.escrow(entry)]
    sums: dict[str, list[Decimal]] = {}
    for debit in found.debits:
        sums.setdefault(debit.state, []).append(-debit.entry.amount)
    days = [entry.value_on for entry in found.entries]
    return {
        "rows": len(found.entries),
        "from_on": min(days, default=None),
        "until_on": max(days, default=None),
        "repeated": found.repeated_count,
        "matched": [len(matched), str(total(matched))],
        "unidentified": [len(unknown), str(total(unknown))],
        "returned": [len(found.returns), str(total(each.entry for each in found.returns))],
        "debits": [[state, len(each), str(sum(each, NOTHING))] for state, each in sorted(sums.items())],
        "faults": [[fault.position, fault.column, fault.reason] for fault in found.faults],
        "fault_count": found.fault_count,
        "statement": statement.pk if statement else None,
        "is_earlier": bool(found.earlier),
    }
