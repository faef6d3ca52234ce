"""Hands payments to a bank that takes files: each payment in one file ever, each file the same bytes ever after."""

import base64
import datetime as dt
import hashlib
import zlib
from collections.abc import Sequence
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import bank
from accounts.models import Batch, LineRefund, PaymentFile, PaymentFileRow, Payout
from accounts.painfiles import PAYMENTS_MAX, Head, Payer, write
from accounts.services.sending import order_of
from bureau.errors import Refused
from bureau.models import User
from bureau.record import record

FILES_AT_ONCE = 10  # what one click waits for: 50,000 payments, six seconds


def payer_objections() -> list[str]:
    """Return why no file can be made: the account that pays is not set up, or the bank takes its orders online."""
    if not bank.current().by_file:
        return [_("付款由系统直连银行提交，不用付款文件")]
    said = (settings.ESCROW_HOLDER, settings.ESCROW_ACCOUNT, settings.ESCROW_BANK)
    return [] if all(said) else [_("本院执行款账户的户名、账号或开户行未设置，请联系系统管理员")]


def waiting_for_file(batch: Batch | None = None) -> QuerySet[Payout]:
    """Return what was paid and is in no file yet: the rows of a batch, or all that belong to none."""
    rows = Payout.objects.filter(batch_row__batch=batch) if batch else Payout.objects.single()
    return rows.filter(state=Payout.State.SENT, submitted_at__isnull=True).order_by("sent_at", "id")


def refunds_for_file() -> QuerySet[LineRefund]:
    """Return what goes back to payers and is in no file yet; it goes with what has no batch."""
    return LineRefund.objects.filter(state=LineRefund.State.SENT, submitted_at__isnull=True).order_by("sent_at", "id")


def is_waiting(batch: Batch | None = None) -> bool:
    """Return whether anything waits for a file."""
    return waiting_for_file(batch).exists() or (batch is None and refunds_for_file().exists())


@transaction.atomic
def make_payment_file(*, batch: Batch | None = None, at: dt.datetime, actor: User) -> PaymentFile:
    """Write the next payments into a file, at most as many as a bank takes; they count as handed over from then on."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    if reasons := payer_objections():
        raise Refused(reasons)
    # Two who ask at once get different payments, or the second one nothing.
    locked = waiting_for_file(batch).select_for_update(of=("self",), skip_locked=True)
    rows = list(locked.select_related("payee")[:PAYMENTS_MAX])
    back = refunds_for_file().select_for_update(skip_locked=True)[: PAYMENTS_MAX - len(rows)]
    refunds = [] if batch else list(back)
    if not rows and not refunds:
        raise Refused(_("没有待提交银行的付款"))
    file = _written([*rows, *refunds], batch=batch, at=at, actor=actor)
    held = [PaymentFileRow(file=file, payout=row) for row in rows]
    held += [PaymentFileRow(file=file, refund=row) for row in refunds]
    PaymentFileRow.objects.bulk_create(held, batch_size=2000)
    Payout.objects.filter(pk__in=[row.pk for row in rows]).update(submitted_at=at)
    LineRefund.objects.filter(pk__in=[row.pk for row in refunds]).update(submitted_at=at)
    record(
        file,
        "make_payment_file",
        at=at,
        actor=actor,
        message_id=file.message_id,
        count=file.row_count,
        amount=file.total,
        file_sha256=file.sha256,
    )
    return file


def make_payment_files(*, batch: Batch | None = None, at: dt.datetime, actor: User) -> list[PaymentFile]:
    """Write up to ten files, each in a transaction of its own: what is made stays made when a later one is refused."""
    files = [make_payment_file(batch=batch, at=at, actor=actor)]
    while len(files) < FILES_AT_ONCE and is_waiting(batch):
        try:
            files.append(make_payment_file(batch=batch, at=at, actor=actor))
        except Refused:  # somebody else took the rest, or a payment cannot be written: asked again, it is named
            break
    return files


def _written(rows: Sequence[Payout | LineRefund], *, batch: Batch | None, at: dt.datetime, actor: User) -> PaymentFile:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_paymentfile', 'id'))")
        pk = cursor.fetchone()[0]
    made_at, today = timezone.localtime(at), timezone.localdate(at)
    payer = Payer(settings.ESCROW_HOLDER, settings.ESCROW_ACCOUNT, settings.ESCROW_BANK, settings.ESCROW_BANK_CODE)
    head = Head(f"ZXK{today:%Y%m%d}{pk:010d}", made_at, today, payer)
    content = write(head, [order_of(row) for row in rows])
    return PaymentFile.objects.create(
        pk=pk,
        message_id=head.message_id,
        batch=batch,
        execute_on=today,
        row_count=len(rows),
        total=sum((row.amount for row in rows), Decimal("0.00")),
        content=base64.b64encode(zlib.compress(content)).decode(),
        sha256=hashlib.sha256(content).hexdigest(),
        made_at=at,
        made_by=actor,
    )


@transaction.atomic
def take_payment_file(file: PaymentFile, *, at: dt.datetime, actor: User) -> bytes:
    """Return the bytes as they were made; whoever takes them out is on record, for full account numbers are in them."""
    if not actor.has_perm("accounts.pay_payout"):
        raise PermissionDenied
    content = zlib.decompress(base64.b64decode(file.content))
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise Refused(_("付款文件与生成时不符，已停止下载，请立即报告"))
    record(file, "take_payment_file", at=at, actor=actor, message_id=file.message_id, file_sha256=file.sha256)
    return content
