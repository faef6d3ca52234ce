"""Takes in a roster of payees: the whole file or nothing, every fault named by row and column."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Batch, BatchCase, BatchRow, PayeeAccount, Payout
from accounts.rosters import COLUMNS, ROWS_MAX, Checker, Fault, Line, read
from accounts.services.ledger import hold_cases
from accounts.statement import NOTHING, reckoned
from bureau import services as bureau
from bureau.crypto import digest
from bureau.errors import Refused, of_field
from bureau.models import Job, User
from bureau.money import yuan
from cases.models import Case
from cases.record import record
from documents import services as documents
from documents.models import Material, Staged

KIND = "import_roster"
FAULTS_MAX = 500
CHUNK = 2000
DOCUMENT_MAX = 200


@dataclass(slots=True)
class Roster:
    """A file as read: its payees with their cases, what is wrong, and what is worth knowing before it is taken in."""

    sha256: str
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    cases: dict[str, Case] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)  # position → the bounced row that it pays again
    paid_before: int = 0

    def add(self, *faults: Fault) -> None:
        """Keep the first faults, count them all."""
        self.fault_count += len(faults)
        self.faults += faults[: max(0, FAULTS_MAX - len(self.faults))]

    def sums(self) -> dict[str, tuple[int, Decimal]]:
        """Return people and yuan by case number."""
        found: dict[str, tuple[int, Decimal]] = {}
        for line in self.lines:
            count, amount = found.get(line.case_number, (0, NOTHING))
            found[line.case_number] = (count + 1, amount + line.amount)
        return found

    @property
    def total(self) -> Decimal:
        """Return what all of them get."""
        return sum((line.amount for line in self.lines), NOTHING)


def ask_import(
    case: Case,
    *,
    document: str,
    scan: Staged,
    table: Staged,
    follows: Batch | None = None,
    is_trial: bool = True,
    at: dt.datetime,
    actor: User,
) -> Job:
    """Ask for a roster to be read, and, unless it is a trial, taken in; the job says what came of it."""
    if not actor.has_perm("accounts.enter_payee") or not Case.objects.visible_to(actor).filter(pk=case.pk).exists():
        raise PermissionDenied
    given = {"case": case.pk, "document": document.strip()[:DOCUMENT_MAX], "follows": follows.pk if follows else None}
    tokens = {"scan": scan.token, "table": table.token}
    return bureau.ask_job(KIND, at=at, actor=actor, is_trial=is_trial, **given, **tokens)


def work(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do the job: read and check the file; without a fault and not on trial, take it in."""
    told, actor = job.arguments, User.objects.get(pk=job.owner_id)
    staged = {row.token: row for row in Staged.objects.filter(staged_by=actor, token__in=[told["scan"], told["table"]])}
    if len(staged) < len({told["scan"], told["table"]}):
        raise Refused(_("上传的文件已过期，请重新上传"))
    case = Case.objects.visible_to(actor).get(pk=told["case"])
    follows = Batch.objects.filter(pk=told["follows"]).first() if told["follows"] else None
    table = staged[told["table"]]
    content, on = documents.table_bytes(table), timezone.localdate(at)
    roster = inspect(content, case, follows=follows, on=on, actor=actor, progress=progress)
    batch = None
    if not roster.fault_count and not told["is_trial"]:
        batch = take_in(
            roster, case, document=told["document"], scan=staged[told["scan"]], follows=follows, at=at, actor=actor
        )
        documents.discard_table(table)
    return _answer(roster, batch)


def _answer(roster: Roster, batch: Batch | None) -> dict[str, Any]:
    # No name and no number leaves the file: the job's row is not encrypted.
    return {
        "rows": len(roster.lines),
        "total": str(roster.total),
        "cases": [[number, count, str(total)] for number, (count, total) in roster.sums().items()],
        "faults": [[fault.position, fault.column, fault.reason] for fault in roster.faults],
        "fault_count": roster.fault_count,
        "paid_before": roster.paid_before,
        "batch": batch.pk if batch else None,
    }


def inspect(
    content: bytes,
    case: Case,
    *,
    follows: Batch | None = None,
    on: dt.date,
    actor: User,
    progress: Callable[[int, int], None] | None = None,
) -> Roster:
    """Read the whole file and find everything that is wrong with it; changes nothing."""
    roster, checker = Roster(hashlib.sha256(content).hexdigest()), Checker()
    rows = list(islice(read(content), ROWS_MAX + 1))
    if len(rows) > ROWS_MAX:
        raise Refused(_("一次最多 %(count)d 人") % {"count": ROWS_MAX})
    if not rows:
        raise Refused(_("文件中没有收款人"))
    for number, (position, cells) in enumerate(rows, start=1):
        line, faults = checker.check(position, {**cells, "case_number": _number_of(cells, case)})
        roster.add(*faults)
        if line:
            roster.lines.append(line)
        if progress and number % CHUNK == 0:
            progress(number, len(rows))
    _find_cases(roster, actor)
    if not roster.fault_count:
        _compare_sums(roster, on)
        _match_earlier(roster, case, follows)
    return roster


def _number_of(cells: dict[str, Any], case: Case) -> str:
    typed = str(cells.get("case_number") or "").strip().translate(str.maketrans("（）〔〕", "()()"))
    return typed or case.display_number


def _find_cases(roster: Roster, actor: User) -> None:
    numbers = {line.case_number for line in roster.lines}
    found = Case.objects.visible_to(actor).filter(executing_unit=Case.ExecutingUnit.BUREAU)
    for row in found.filter(Q(number__in=numbers) | Q(number__isnull=True, provisional_number__in=numbers)):
        roster.cases[row.display_number] = row
    for line in roster.lines:
        case = roster.cases.get(line.case_number)
        if case is None:
            roster.add(Fault(line.position, COLUMNS["case_number"][0], _("没有这个案号的案件")))
        elif not (case.is_open or case.lives_on):
            roster.add(Fault(line.position, COLUMNS["case_number"][0], _("案件已结案，不能发放")))


def _compare_sums(roster: Roster, on: dt.date) -> None:
    for number, (_count, total) in roster.sums().items():
        statement = reckoned(roster.cases[number], on=on)
        # The window does not see balances: it learns that the sum does not fit, not by how much.
        if total > min(statement.payable, statement.to_ask):
            told = {"number": number, "total": yuan(total)}
            words = _("%(number)s 名册合计 %(total)s 元，超过该案可发放金额") % told
            roster.add(Fault(1, COLUMNS["amount"][0], words))


def _match_earlier(roster: Roster, case: Case, follows: Batch | None) -> None:
    by_payee = {(roster.cases[line.case_number].pk, digest(line.id_number)): line for line in roster.lines}
    if follows is None:
        earlier = BatchRow.objects.filter(case__in={row.pk for row in roster.cases.values()})
        live = earlier.exclude(batch__state=Batch.State.REFUSED).exclude(payout__state=Payout.State.BOUNCED)
        pairs = live.values_list("case_id", "id_digest").distinct().iterator(chunk_size=CHUNK)
        roster.paid_before = sum(pair in by_payee for pair in pairs)
        return
    bounced = {(row.case_id, row.id_digest): row for row in to_pay_again(follows).defer("id_number")}
    for key, line in by_payee.items():
        row = bounced.get(key)
        if row is None:
            told = _("不在原批次的退票名单中，或已重新发放")
            roster.add(Fault(line.position, COLUMNS["id_number"][0], told))
        elif row.amount != line.amount:
            told = _("与原批次金额不符，应为 %(amount)s") % {"amount": yuan(row.amount)}
            roster.add(Fault(line.position, COLUMNS["amount"][0], told))
        else:
            roster.replaced[line.position] = row.pk


def to_pay_again(batch: Batch) -> Any:
    """Return the rows of a batch that the bank sent back and that no later batch has taken up."""
    again = BatchRow.objects.filter(batch=batch, payout__state=Payout.State.BOUNCED)
    taken = BatchRow.objects.filter(replaces__batch=batch).exclude(batch__state=Batch.State.REFUSED)
    return again.exclude(pk__in=taken.values("replaces")).order_by("position")


@transaction.atomic
def take_in(
    roster: Roster, case: Case, *, document: str, scan: Staged, follows: Batch | None, at: dt.datetime, actor: User
) -> Batch:
    """Write the batch with all its rows and accounts, or nothing; the same file again gives the first answer."""
    if not actor.has_perm("accounts.enter_payee"):
        raise PermissionDenied
    if roster.fault_count:
        raise Refused([fault.reason for fault in roster.faults])
    cases = {row.pk: row for row in hold_cases(row.pk for row in roster.cases.values())}
    case = Case.objects.held().get(pk=case.pk)
    first = Batch.objects.filter(case=case, file_sha256=roster.sha256).exclude(state=Batch.State.REFUSED).first()
    if first:
        if first.entered_by_id != actor.pk:
            raise Refused(of_field("table", _("该名册文件已录入")))
        return first
    # The sums and the bounced rows are looked at again under the locks.
    roster.replaced.clear()
    _compare_sums(roster, timezone.localdate(at))
    _match_earlier(roster, case, follows)
    if roster.fault_count:
        raise Refused([fault.reason for fault in roster.faults])
    paper = documents.Paper(Material.Kind.PAYEE, document.strip()[:DOCUMENT_MAX], scan)
    material = documents.receive(case, [paper], at=at, actor=actor)[0]
    batch = Batch.objects.create(
        case=case,
        document=document.strip()[:DOCUMENT_MAX],
        file_sha256=roster.sha256,
        material=material,
        follows=follows,
        row_count=len(roster.lines),
        total=roster.total,
        entered_by=actor,
        entered_at=at,
    )
    sums = roster.sums()
    BatchCase.objects.bulk_create(
        BatchCase(batch=batch, case=roster.cases[number], row_count=count, total=total)
        for number, (count, total) in sums.items()
    )
    for start in range(0, len(roster.lines), CHUNK):
        _write(batch, roster, roster.lines[start : start + CHUNK], at=at, actor=actor)
    for number, (count, total) in sums.items():
        told = {"batch": batch.pk, "count": count, "amount": total, "document": batch.document}
        record(batch, "enter_batch", at=at, case=cases[roster.cases[number].pk], actor=actor, **told)
    return batch


def _write(batch: Batch, roster: Roster, lines: Sequence[Line], *, at: dt.datetime, actor: User) -> None:
    accounts = PayeeAccount.objects.bulk_create(_accounts(batch, roster, lines, at=at, actor=actor))
    BatchRow.objects.bulk_create(
        BatchRow(
            batch=batch,
            position=line.position,
            case=roster.cases[line.case_number],
            payee=account,
            id_number=line.id_number,
            id_digest=digest(line.id_number),
            id_last4=line.id_number[-4:],
            amount=line.amount,
            replaces_id=roster.replaced.get(line.position),
        )
        for line, account in zip(lines, accounts, strict=True)
    )


def _accounts(
    batch: Batch, roster: Roster, lines: Iterable[Line], *, at: dt.datetime, actor: User
) -> Iterable[PayeeAccount]:
    for line in lines:
        yield PayeeAccount(
            kind=PayeeAccount.Kind.LISTED,
            case=roster.cases[line.case_number],
            document=batch.document,
            state=PayeeAccount.State.PENDING,
            holder_name=line.name,
            number=line.account,
            number_digest=digest(line.account),
            number_last4=line.account[-4:],
            bank_name=line.bank_name,
            bank_code=line.bank_code,
            material=batch.material,
            entered_at=at,
            entered_by=actor,
        )
