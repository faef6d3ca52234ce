"""Every act on case money for programs: the pages' forms, services and permissions (`bureau.acts`).

Accounts are entered on a page alone, for their scan belongs to the entry; a second person types the number again here.
"""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from accounts import (
    answerpages,
    batchforms,
    claimforms,
    claimpages,
    dayforms,
    entrypages,
    forms,
    pages,
    payeeforms,
    refundforms,
    refundpages,
    services,
    statementforms,
)
from accounts.models import (
    BankFormat,
    BankLine,
    Batch,
    DayDifference,
    DaySheet,
    Delay,
    LineClaim,
    LineEntry,
    LineRefund,
    PayeeAccount,
    Payout,
    Receipt,
    Unmatch,
)
from accounts.services.claims import open_questions
from bureau import clock
from bureau.acts import Nothing
from bureau.models import User
from bureau.wording import Form
from cases.models import Case, Party


def _cases(user: User) -> QuerySet[Case]:
    return Case.objects.visible_to(user)


def _payouts(user: User) -> QuerySet[Payout]:
    return Payout.objects.visible_to(user)


def _batches(user: User) -> QuerySet[Batch]:
    return Batch.objects.visible_to(user)


def _receipts(user: User) -> QuerySet[Receipt]:
    return Receipt.objects.visible_to(user).for_list()


def _delays(user: User) -> QuerySet[Delay]:
    return pages.delays(user)


def _lines(user: User) -> QuerySet[BankLine]:
    return BankLine.objects.all()


def _claimable(user: User) -> QuerySet[BankLine]:
    lines = claimpages.lines_for(user)
    return lines if isinstance(lines, QuerySet) else BankLine.objects.filter(pk__in=[line.pk for line in lines])


def _claims(user: User) -> QuerySet[LineClaim]:
    return LineClaim.objects.visible_to(user).for_list()


def _entries(user: User) -> QuerySet[LineEntry]:
    return entrypages.entries()


def _unmatches(user: User) -> QuerySet[Unmatch]:
    return entrypages.unmatches(user)


def _unidentified(user: User) -> QuerySet[BankLine]:
    return claimpages.unidentified()


def _refunds(user: User) -> QuerySet[LineRefund]:
    return refundpages.refunds(user, on=clock.today())


def _bank_formats(user: User) -> QuerySet[BankFormat]:
    return BankFormat.objects.all()


def _changes(user: User) -> QuerySet[PayeeAccount]:
    return PayeeAccount.objects.visible_to(user).unlisted()


def _deposits(user: User) -> QuerySet[Payout]:
    return _payouts(user).filter(purpose=Payout.Purpose.ABSENT)


def _request_move(data: QueryDict, case: Case, user: User) -> forms.RequestMove:
    return forms.RequestMove(data, case=case)


def _deposit_absent(data: QueryDict, case: Case, user: User) -> forms.DepositAbsent:
    return forms.DepositAbsent(data, case=case)


def _request_delay(data: QueryDict, receipt: Receipt, user: User) -> forms.RequestDelay:
    return forms.RequestDelay(data, case=receipt.case, today=clock.today())


def _release_deposit(data: QueryDict, deposit: Payout, user: User) -> forms.RequestPayout:
    return forms.ReleaseDeposit(data, case=deposit.case)


def _request_payout(data: QueryDict, case: Case, user: User) -> forms.RequestPayout:
    return forms.RequestPayout(data, case=case)


def _claim_line(data: QueryDict, line: BankLine, user: User) -> claimforms.ClaimLine:
    return claimforms.ClaimLine(data, user=user)


def _name_signatory(data: QueryDict, sheet: DaySheet, user: User) -> dayforms.NameSignatory:
    return dayforms.NameSignatory(data, sheet=sheet)


def _request_refund(data: QueryDict, line: BankLine, user: User) -> refundforms.RequestRefund:
    return refundforms.RequestRefund(data, line=line)


def _confirm_claim(data: QueryDict, claim: LineClaim, user: User) -> claimforms.ConfirmClaim:
    return claimforms.ConfirmClaim(data, questions=open_questions(claim.line, claim.case))


def _confirm_change(data: QueryDict, account: PayeeAccount, user: User) -> Form:
    # The account of somebody who is no party comes with its paper; only a change is confirmed again by the payee.
    return payeeforms.ConfirmChange(data) if account.replaces_id else payeeforms.ConfirmPayee(data)


def _ask_payee(data: QueryDict, case: Case, user: User) -> payeeforms.AskPayee:
    return payeeforms.AskPayee(data, case=case)


def _days(user: User) -> QuerySet[DaySheet]:
    return DaySheet.objects.all()


def _differences(user: User) -> QuerySet[DayDifference]:
    return DayDifference.objects.select_related("sheet")


def make_day_sheets(*, at: dt.datetime, actor: User) -> DaySheet | None:
    """Make the sheets of all days until yesterday, and bring those that nobody has signed up to date."""
    services.make_day_sheets(at=at, actor=actor)
    return DaySheet.objects.order_by("-day").first()


def new_bank_format(**given: Any) -> BankFormat:
    """Keep how another bank writes its statements."""
    return services.save_bank_format(None, **given)


def ask_payee(case: Case, *, party: Party, reason: str, **given: Any) -> Any:
    """Ask the window to take in an account, or another one, for a party of the case."""
    return services.ask_payee(party, reason=reason, **given)


ACTS: tuple[tuple[Any, ...], ...] = (
    (
        "cases/<int:pk>/request-payout/",
        "accounts.request_payout",
        _cases,
        forms.RequestPayout,
        services.request_payout,
        _request_payout,
    ),
    (
        "cases/<int:pk>/request-move/",
        "accounts.request_payout",
        _cases,
        forms.RequestMove,
        services.request_move,
        _request_move,
    ),
    (
        "cases/<int:pk>/deposit-absent/",
        "accounts.request_payout",
        _cases,
        forms.DepositAbsent,
        services.deposit_absent,
        _deposit_absent,
    ),
    (
        "payouts/<int:pk>/release/",
        "accounts.view_money",
        _deposits,
        forms.ReleaseDeposit,
        services.release_deposit,
        _release_deposit,
    ),
    ("payouts/<int:pk>/reverse/", "accounts.pay_payout", _payouts, forms.Reverse, services.reverse_payout),
    ("payouts/<int:pk>/check/", "accounts.check_payout", _payouts, Nothing, services.check_payout),
    ("payouts/<int:pk>/approve/", "accounts.view_money", _payouts, Nothing, services.approve_payout),
    ("payouts/<int:pk>/reject/", "accounts.view_money", _payouts, forms.Reject, services.reject_payout),
    ("payouts/<int:pk>/send-back/", "accounts.pay_payout", _payouts, forms.SendBack, services.send_back_payout),
    ("payouts/<int:pk>/pay/", "accounts.pay_payout", _payouts, Nothing, services.pay_payout),
    ("batches/<int:pk>/confirm/", "accounts.confirm_payee", _batches, Nothing, services.confirm_batch),
    ("batches/<int:pk>/refuse/", "accounts.confirm_payee", _batches, batchforms.RefuseBatch, services.refuse_batch),
    ("batches/<int:pk>/request/", "accounts.request_payout", _batches, batchforms.RequestBatch, services.request_batch),
    ("batches/<int:pk>/check/", "accounts.check_payout", _batches, Nothing, services.check_batch),
    ("batches/<int:pk>/approve/", "accounts.view_money", _batches, Nothing, services.approve_batch),
    ("batches/<int:pk>/reject/", "accounts.view_money", _batches, batchforms.RejectBatch, services.reject_batch),
    ("batches/<int:pk>/send-back/", "accounts.pay_payout", _batches, forms.SendBack, services.send_back_batch),
    ("batches/<int:pk>/pay/", "accounts.pay_payout", _batches, Nothing, services.pay_batch),
    ("payouts/<int:pk>/inquire/", "accounts.pay_payout", _payouts, Nothing, services.inquire_payout),
    ("payouts/<int:pk>/resend/", "accounts.pay_payout", _payouts, Nothing, services.resend_payout),
    (
        "bank-answers/<int:pk>/settle/",
        "accounts.pay_payout",
        answerpages.answer,
        forms.SettleAnswer,
        services.settle_answer,
    ),
    ("payment-files/make/", "accounts.pay_payout", None, forms.MakePaymentFile, services.make_payment_file),
    ("bank-formats/new/", "accounts.import_statement", None, statementforms.SaveBankFormat, new_bank_format),
    (
        "bank-formats/<int:pk>/save/",
        "accounts.import_statement",
        _bank_formats,
        statementforms.SaveBankFormat,
        services.save_bank_format,
    ),
    ("days/make/", "accounts.explain_difference", None, Nothing, make_day_sheets),
    ("days/<int:pk>/sign/", "accounts.view_ledger", _days, Nothing, services.sign_day),
    (
        "days/<int:pk>/balance/",
        "accounts.explain_difference",
        _days,
        dayforms.EnterBankBalance,
        services.enter_bank_balance,
    ),
    (
        "days/<int:pk>/signatory/",
        "accounts.approve_payout",
        _days,
        dayforms.NameSignatory,
        services.name_signatory,
        _name_signatory,
    ),
    (
        "differences/<int:pk>/explain/",
        "accounts.explain_difference",
        _differences,
        dayforms.ExplainDifference,
        services.explain_difference,
    ),
    (
        "receipts/<int:pk>/delay/",
        "accounts.request_delay",
        _receipts,
        forms.RequestDelay,
        services.request_delay,
        _request_delay,
    ),
    ("delays/<int:pk>/decide/", "accounts.approve_delay", _delays, forms.DecideDelay, services.decide_delay),
    ("delays/<int:pk>/tell/", "accounts.request_delay", _delays, forms.TellDelay, services.tell_delay),
    ("delays/<int:pk>/end/", "accounts.request_delay", _delays, Nothing, services.end_delay),
    (
        "bank-lines/<int:pk>/claim/",
        "accounts.claim_bank_line",
        _claimable,
        claimforms.ClaimLine,
        services.claim_line,
        _claim_line,
    ),
    (
        "claims/<int:pk>/confirm/",
        "accounts.identify_bank_line",
        _claims,
        claimforms.ConfirmClaim,
        services.confirm_claim,
        _confirm_claim,
    ),
    (
        "claims/<int:pk>/refuse/",
        "accounts.identify_bank_line",
        _claims,
        claimforms.RefuseClaim,
        services.refuse_claim,
    ),
    ("claims/<int:pk>/withdraw/", "accounts.claim_bank_line", _claims, Nothing, services.withdraw_claim),
    (
        "bank-lines/<int:pk>/answer/",
        "accounts.identify_bank_line",
        _lines,
        claimforms.AnswerOddity,
        services.answer_oddity,
    ),
    (
        "payment-files/reports/take/",
        "accounts.pay_payout",
        None,
        statementforms.TakeStatusReport,
        services.take_status_report,
    ),
    (
        "bank-lines/<int:pk>/refund/",
        "accounts.identify_bank_line",
        _unidentified,
        refundforms.RequestRefund,
        services.request_refund,
        _request_refund,
    ),
    ("refunds/<int:pk>/approve/", "accounts.view_money", _refunds, Nothing, services.approve_refund),
    ("refunds/<int:pk>/refuse/", "accounts.view_money", _refunds, refundforms.EndRefund, services.refuse_refund),
    (
        "refunds/<int:pk>/withdraw/",
        "accounts.identify_bank_line",
        _refunds,
        refundforms.EndRefund,
        services.withdraw_refund,
    ),
    ("refunds/<int:pk>/pay/", "accounts.pay_payout", _refunds, Nothing, services.pay_refund),
    (
        "receipts/<int:pk>/unidentify/",
        "accounts.identify_bank_line",
        _receipts,
        forms.Unidentify,
        services.unidentify,
    ),
    ("line-entries/<int:pk>/confirm/", "accounts.enter_bank_line", _entries, Nothing, services.confirm_line),
    ("line-entries/<int:pk>/refuse/", "accounts.enter_bank_line", _entries, forms.RefuseLine, services.refuse_line),
    (
        "receipts/<int:pk>/unmatch/",
        "accounts.identify_bank_line",
        _receipts,
        forms.Unidentify,
        services.ask_unmatch,
    ),
    ("unmatches/<int:pk>/confirm/", "accounts.identify_bank_line", _unmatches, Nothing, services.confirm_unmatch),
    (
        "unmatches/<int:pk>/refuse/",
        "accounts.identify_bank_line",
        _unmatches,
        forms.RefuseUnmatch,
        services.refuse_unmatch,
    ),
    (
        "payees/<int:pk>/confirm/",
        "accounts.confirm_payee",
        _changes,
        payeeforms.ConfirmChange,
        services.confirm_payee_change,
        _confirm_change,
    ),
    (
        "cases/<int:pk>/ask-payee/",
        "accounts.request_delay",
        _cases,
        payeeforms.AskPayee,
        ask_payee,
        _ask_payee,
    ),
    ("payees/<int:pk>/refuse/", "accounts.confirm_payee", _changes, forms.RefusePayee, services.refuse_payee_change),
)
