"""Takes in a statement of the bank, whole or not at all: `receipts.arrive` for a hundred thousand lines at once.

The rules are those of one line entered by hand, asked once per day and account instead of once per line; the rows are
written by one INSERT per table through the same triggers. Every receipt has its event in the chain of its case; what is
unidentified is one event of the room, for the chain of the room is one row that everybody waits for.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol, cast

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.camt import COLUMNS
from accounts.models import Account, BankFormat, BankLine, Statement, StatementDebit, StatementRepeat
from accounts.services import debits as out
from accounts.services import returns as back
from accounts.services.days import booking_day
from accounts.services.ledger import house_account
from accounts.services.receipts import value_day_objections
from accounts.services.statementchecks import keep_balances, opening_objections, refuse_foreign
from accounts.statement import NOTHING
from accounts.statementbalances import Balances, Broken, balances
from accounts.statementfiles import Checker, Entry, Fault, Layout, mapping_objections, own_account, read
from accounts.terms import term
from bureau.crypto import encrypt
from bureau.errors import Refused
from bureau.models import Holiday, Job, User
from bureau.record import record

FAULTS_MAX = 500
PROGRESS_EVERY = 2000
_STAGING = """
CREATE TEMPORARY TABLE incoming (
    serial varchar(40), value_on date, value_at time, amount numeric(16, 2), payer_name varchar(100),
    payer_account text, payer_account_last4 varchar(4), virtual_number varchar(32), remark varchar(200),
    content_sha256 varchar(64), escrow_id bigint, case_id bigint
)
"""
_COPY = """
COPY incoming (serial, value_on, value_at, amount, payer_name, payer_account, payer_account_last4, virtual_number,
    remark, content_sha256, escrow_id, case_id) FROM STDIN
"""
_LINES = """
INSERT INTO accounts_bankline (serial, value_on, value_at, amount, payer_name, payer_account, payer_account_last4,
    virtual_number, remark, content_sha256, state, entered_at, entered_by_id, statement_id)
SELECT serial, value_on, value_at, amount, payer_name, payer_account, payer_account_last4, virtual_number, remark,
    content_sha256, CASE WHEN escrow_id IS NULL THEN 'UNIDENTIFIED' ELSE 'MATCHED' END, %(at)s, %(actor)s,
    %(statement)s
FROM incoming ORDER BY serial ON CONFLICT (serial) DO NOTHING
"""
_TRANSFERS = """
INSERT INTO accounts_transfer (debit_id, credit_id, amount, purpose, reference, value_on, at, actor_id)
SELECT %(master)s, coalesce(i.escrow_id, %(unidentified)s), b.amount,
    CASE WHEN i.escrow_id IS NULL THEN 'UNIDENTIFIED' ELSE 'DEPOSIT' END, 'IN-' || b.serial,
    greatest(b.value_on, %(open_on)s), %(at)s,
    %(actor)s
FROM accounts_bankline b JOIN incoming i ON i.serial = b.serial WHERE b.statement_id = %(statement)s ORDER BY b.id
"""
_RECEIPTS = """
INSERT INTO accounts_receipt (case_id, bank_line_id, amount, arrived_on, due_on, due_steps, received_at, void_reason)
SELECT i.case_id, b.id, b.amount, b.value_on, d.due_on, ARRAY(SELECT jsonb_array_elements_text(d.steps)), %(at)s, ''
FROM accounts_bankline b JOIN incoming i ON i.serial = b.serial
JOIN unnest(%(days)s::date[], %(dues)s::date[], %(steps)s::jsonb[]) AS d (value_on, due_on, steps)
    ON d.value_on = b.value_on
WHERE b.statement_id = %(statement)s AND i.case_id IS NOT NULL ORDER BY b.id
"""
# As `bureau.record` writes them: keys in order, sums as text.
_EVENTS = """
INSERT INTO bureau_event (chain, room, verb, subject, case_number, at, actor_id, details)
SELECT 'case:' || r.case_id, 'accounts', 'receive', 'receipt:' || r.id, coalesce(c.number, c.provisional_number),
    %(at)s, %(actor)s, '{"amount":"' || r.amount || '","arrived_on":"' || r.arrived_on || '","due_on":"' || r.due_on
    || '","serial":' || to_json(b.serial) || '}'
FROM accounts_receipt r JOIN accounts_bankline b ON b.id = r.bank_line_id JOIN cases_case c ON c.id = r.case_id
WHERE b.statement_id = %(statement)s ORDER BY r.case_id, r.id
"""
_HOLD = "SELECT id FROM cases_case WHERE id = ANY(%s) ORDER BY id FOR UPDATE"


class _Copying(Protocol):
    def copy(self, sql: str) -> Any: ...


@dataclass(slots=True)
class Found:
    """A statement as read: its lines, what is wrong, and what of it is new."""

    sha256: str
    entries: list[Entry] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    balances: Balances | None = None
    credits: list[Entry] = field(default_factory=list)
    debits: list[out.Debit] = field(default_factory=list)
    returns: list[back.Return] = field(default_factory=list)
    escrows: dict[str, Account] = field(default_factory=dict)
    repeated_count: int = 0
    repeats: list[tuple[str, Entry]] = field(default_factory=list)
    earlier: Statement | None = None

    def add(self, *faults: Fault) -> None:
        """Keep the first faults, count them all."""
        self.fault_count += len(faults)
        self.faults += faults[: max(0, FAULTS_MAX - len(self.faults))]

    def escrow(self, entry: Entry) -> Account | None:
        """Return the account of the case to which the line belongs by its number."""
        return self.escrows.get(entry.virtual_number)


def keep_repeats(found: Found, name: str, statement: Statement | None, *, at: dt.datetime, actor: User) -> None:
    """Keep what the file repeats: of one taken in the same lines again, of another those that say something else."""
    wanted = StatementRepeat.Kind.SAME if statement else StatementRepeat.Kind.CHANGED
    rows = (
        StatementRepeat(
            statement=statement,
            file_name=name[:200],
            file_sha256=found.sha256,
            serial=entry.serial,
            kind=kind,
            value_on=entry.value_on,
            amount=entry.amount,
            found_at=at,
            found_by=actor,
        )
        for kind, entry in found.repeats
        if kind == wanted
    )
    StatementRepeat.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


def total(entries: Iterable[Entry]) -> Decimal:
    """Return the sum of lines."""
    return sum((entry.amount for entry in entries), NOTHING)


def layout_of(bank_format: BankFormat) -> Layout:
    """Return how the bank writes its files."""
    row = bank_format
    columns = row.columns if row.kind == BankFormat.Kind.TABLE else COLUMNS
    return Layout(columns, row.header_row, row.encoding, row.date_order, row.kind)


def inspect(
    content: bytes,
    bank_format: BankFormat,
    *,
    at: dt.datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Found:
    """Read the whole file and find everything that is wrong with it and what of it is new; changes nothing."""
    found = Found(hashlib.sha256(content).hexdigest())
    found.earlier = Statement.objects.filter(file_sha256=found.sha256).first()
    if found.earlier:
        return found
    layout = layout_of(bank_format)
    if wrong := mapping_objections(layout.columns):
        raise Refused(wrong.values())
    rows, checker = list(read(content, layout)), Checker(layout)
    is_master = refuse_foreign({said for _position, cells in rows if (said := own_account(cells))})
    for number, (position, cells) in enumerate(rows, start=1):
        entry, faults = checker.check(position, cells)
        found.add(*faults)
        if entry:
            found.entries.append(entry)
        if progress and (number % PROGRESS_EVERY == 0 or number == len(rows)):
            progress(number, len(rows))
    if not rows:
        raise Refused(_("文件中没有流水"))
    told = balances(found.entries)
    if isinstance(told, Broken):
        found.add(Fault(told.position, layout.columns.get("balance", ""), told.reason))
    elif is_master and not found.fault_count:
        found.balances = told
    compare(found, layout.columns, at=at)
    return found


def compare(found: Found, columns: dict[str, str] | Any, *, at: dt.datetime) -> None:
    """Tell new lines from those that stand in the books, by serial; find accounts and payments they belong to."""
    found.credits, found.debits, found.repeats, found.repeated_count = [], [], [], 0
    serials = [entry.serial for entry in found.entries]
    known = dict(BankLine.objects.filter(serial__in=serials).values_list("serial", "content_sha256"))
    known |= dict(StatementDebit.objects.filter(serial__in=serials).values_list("serial", "content_sha256"))
    numbers = {entry.virtual_number for entry in found.entries if entry.virtual_number}
    escrows = Account.objects.filter(kind=Account.Kind.ESCROW, number__in=numbers)
    found.escrows = {row.number: row for row in escrows}
    today = timezone.localdate(at)
    sent: list[Entry] = []
    days: dict[tuple[dt.date, int | None], list[str]] = {}
    for entry in found.entries:
        if entry.serial in known:
            if known[entry.serial] == entry.line().content_sha256():
                found.repeated_count += 1
                found.repeats.append((StatementRepeat.Kind.SAME, entry))
            else:
                found.repeats.append((StatementRepeat.Kind.CHANGED, entry))
                words = _("银行流水号 %(serial)s 已入账，但内容不同") % {"serial": entry.serial}
                found.add(Fault(entry.position, columns.get("serial", ""), words))
            continue
        escrow = found.escrow(entry) if entry.amount > 0 else None
        day = (entry.value_on, escrow.pk if escrow else None)
        if day not in days:
            days[day] = value_day_objections(entry.value_on, escrow, today=today)
        found.add(*(Fault(entry.position, columns.get("day", ""), reason) for reason in days[day]))
        (found.credits if entry.amount > 0 else sent).append(entry)
    if found.balances and found.entries:
        reasons = opening_objections(found.balances, min(entry.value_on for entry in found.entries))
        found.add(*(Fault(found.entries[0].position, columns.get("balance", ""), reason) for reason in reasons))
    found.debits = out.match(sent)
    found.returns = back.match(found.credits, found.escrows)
    gone = {each.entry.serial for each in found.returns}
    found.credits = [entry for entry in found.credits if entry.serial not in gone]


@transaction.atomic
def take_in(
    found: Found,
    *,
    bank_format: BankFormat,
    name: str,
    job: Job | None = None,
    at: dt.datetime,
    actor: User,
) -> Statement:
    """Write the statement with all its new lines, or nothing; the same file again gives the first answer."""
    if not actor.has_perm("accounts.import_statement"):
        raise PermissionDenied
    if found.fault_count:
        raise Refused([fault.reason for fault in found.faults])
    with connection.cursor() as cursor:
        # One file after the other: two of the same bank mostly tell of the same lines.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('wuhai_exec statements'))")
        found.earlier = Statement.objects.filter(file_sha256=found.sha256).first()
        if found.earlier:
            return found.earlier
        # What others have booked since the file was read counts as repeated, or is refused, under the lock.
        compare(found, {}, at=at)
        if found.fault_count:
            raise Refused([fault.reason for fault in found.faults])
        cases = {row.case_id for row in map(found.escrow, found.credits) if row and row.case_id}
        cases |= {debit.payout.case_id for debit in found.debits if debit.payout}
        cases |= {each.payout.case_id for each in found.returns}
        cursor.execute(_HOLD, [sorted(cases)])
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_statement', 'id'))")
        statement = Statement(pk=cursor.fetchone()[0], bank_format=bank_format, job=job, imported_by=actor)
        statement.file_name, statement.file_sha256 = name[:200], found.sha256
        statement.imported_at = at
        if found.balances:
            statement.opening, statement.closing = found.balances.opening, found.balances.closing
        booked = _book(cursor, found, statement, at=at, actor=actor)
    return _finish(found, statement, booked, at=at, actor=actor)


def _book(cursor: Any, found: Found, statement: Statement, *, at: dt.datetime, actor: User) -> int:
    cursor.execute(_STAGING)
    with cast(_Copying, cursor.cursor).copy(_COPY) as copy:
        for row in _staged(found):
            copy.write_row(row)
    cursor.execute("ANALYZE incoming")
    given = {"at": at, "actor": actor.pk, "statement": statement.pk, **_dues(found)}
    given["master"] = house_account(Account.Kind.BANK_MASTER).pk
    given["open_on"] = booking_day(dt.date.min)
    given["unidentified"] = house_account(Account.Kind.UNIDENTIFIED).pk
    cursor.execute(_LINES, given)
    count: int = cursor.rowcount
    if count < len(found.credits):
        # Somebody entered one of these lines by hand a moment ago: what he said is compared as any other.
        cursor.execute(
            "SELECT b.serial FROM accounts_bankline b JOIN incoming i ON i.serial = b.serial"
            " WHERE b.content_sha256 <> i.content_sha256 ORDER BY b.serial LIMIT 20"
        )
        if other := [serial for (serial,) in cursor.fetchall()]:
            raise Refused([_("银行流水号 %(serial)s 已入账，但内容不同") % {"serial": serial} for serial in other])
        found.repeated_count += len(found.credits) - count
    for sql in (_TRANSFERS, _RECEIPTS, _EVENTS):
        cursor.execute(sql, given)
    cursor.execute("DROP TABLE incoming")
    return count


def _staged(found: Found) -> Iterator[list[Any]]:
    for entry in found.credits:
        line, escrow = entry.line(), found.escrow(entry)
        yield [
            *(line.serial, line.value_on, entry.value_at, line.amount, line.payer_name, encrypt(line.payer_account)),
            *(line.payer_account[-4:], line.virtual_number, line.remark, line.content_sha256()),
            *((escrow.pk, escrow.case_id) if escrow else (None, None)),
        ]


def _dues(found: Found) -> dict[str, Any]:
    calendar, days = Holiday.objects.calendar(), sorted({entry.value_on for entry in found.credits})
    dues = []
    for day in days:
        total = term("PAYOUT", on=day)
        dues.append(calendar.due(day, total.count, total.unit))
    steps = [json.dumps([str(step) for step in due.steps], ensure_ascii=False) for due in dues]
    return {"days": days, "dues": [due.due_on for due in dues], "steps": steps}


def _finish(found: Found, statement: Statement, booked: int, *, at: dt.datetime, actor: User) -> Statement:
    days = [entry.value_on for entry in found.entries]
    statement.from_on, statement.until_on = min(days), max(days)
    statement.row_count = len(found.entries)
    statement.new_count = booked + len(found.debits) + len(found.returns)
    statement.repeated_count = statement.row_count - statement.new_count
    statement.credit_total = total(entry for entry in found.entries if entry.amount > 0)
    statement.debit_total = -total(entry for entry in found.entries if entry.amount < 0)
    statement.save(force_insert=True)
    out.book(found.debits, statement, at=at, actor=actor)
    keep_repeats(found, statement.file_name, statement, at=at, actor=actor)
    if found.balances:
        keep_balances(statement, found.balances, at=at, actor=actor)
    for each in found.returns:
        back.take_back(each.payout, each.entry.line(), each.entry.value_at, statement, at=at, actor=actor)
    unknown = [entry for entry in found.credits if not found.escrow(entry)]
    record(
        statement,
        "import_statement",
        at=at,
        actor=actor,
        file_sha256=statement.file_sha256,
        rows=statement.row_count,
        new=statement.new_count,
        repeated=statement.repeated_count,
        unidentified=len(unknown),
        unidentified_amount=total(unknown),
        debits=len(found.debits),
        returned=len(found.returns),
    )
    return statement
