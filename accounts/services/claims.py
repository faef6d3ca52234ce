"""Unidentified money: one person claims it for a case, another of finance checks; odd lines are asked about."""

import datetime as dt
from collections.abc import Collection, Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.lineoddities import Question, questions
from accounts.models import BankLine, LineClaim, OddityAnswer, Receipt
from accounts.services.receipts import give_to_case
from bureau.errors import Refused, of_field
from bureau.models import User
from cases.models import Case
from cases.record import record

State = LineClaim.State
TEXT_MAX = 200
ANSWER_MAX = 300


@transaction.atomic
def claim_line(line: BankLine, case: Case, *, ground: str, at: dt.datetime, actor: User) -> LineClaim:
    """Say that a line belongs to a case; it moves when another person, of finance, has checked.

    The 15 days run from arrival on the court's account all the while (法发〔2017〕6号 10).
    """
    if not actor.has_perm("accounts.claim_bank_line") or not _sees(case, actor):
        raise PermissionDenied
    case, line = _held(case.pk, line.pk)
    if reasons := [
        *claim_objections(line, case),
        *([] if ground.strip() else [of_field("ground", _("请写明认领依据"))]),
    ]:
        raise Refused(reasons)
    claim = LineClaim.objects.create(
        line=line, case=case, ground=ground.strip()[:TEXT_MAX], claimed_by=actor, claimed_at=at
    )
    told = {"amount": line.amount, "serial": line.serial, "reason": claim.ground}
    record(claim, "claim_line", at=at, case=case, actor=actor, **told)
    return claim


def claim_objections(line: BankLine, case: Case) -> list[str]:
    """Return why that line cannot be claimed for that case."""
    reasons = []
    if line.state == BankLine.State.REFUNDED:
        reasons.append(_("该笔来款已退还付款人"))
    elif line.state != BankLine.State.UNIDENTIFIED:
        reasons.append(_("该笔来款已归案"))
    elif line.refunds.live().exists():
        reasons.append(_("该笔来款已申请退还付款人，请先由案款管理员撤回"))
    elif line.claims.waiting().exists():
        reasons.append(_("该笔来款已有人认领，等待核对"))
    if not (case.is_open or case.lives_on):
        reasons.append(of_field("case", _("案件已结案，不能归入来款")))
    return reasons


@transaction.atomic
def withdraw_claim(claim: LineClaim, *, at: dt.datetime, actor: User) -> LineClaim:
    """Whoever claimed takes it back before it is checked."""
    claim = _waiting(claim)
    if claim.claimed_by_id != actor.pk:
        raise PermissionDenied
    _end(claim, State.WITHDRAWN, at=at)
    return _record(claim, "withdraw_claim", at=at, actor=actor)


@transaction.atomic
def refuse_claim(claim: LineClaim, *, note: str, at: dt.datetime, actor: User) -> LineClaim:
    """Finance does not find the claim proven; the line waits to be claimed again."""
    claim = _waiting(claim)
    _require_checker(claim, actor)
    if not note.strip():
        raise Refused(of_field("note", _("请写明不予认可的原因")))
    _end(claim, State.REFUSED, note=note, checked_by=actor, at=at)
    return _record(claim, "refuse_claim", at=at, actor=actor)


@transaction.atomic
def confirm_claim(
    claim: LineClaim, *, answers: Mapping[str, str] | None = None, note: str = "", at: dt.datetime, actor: User
) -> Receipt:
    """Finance has checked: the money is the case's; every odd thing about it has been answered, by code."""
    claim = _waiting(claim)
    _require_checker(claim, actor)
    given = {code: text.strip() for code, text in (answers or {}).items() if text.strip()}
    open_ones = open_questions(claim.line, claim.case)
    if missing := [row for row in open_ones if row.code not in given]:
        raise Refused(
            of_field(f"answer_{row.code}", _("请先写明核查结果：%(question)s") % {"question": row.words})
            for row in missing
        )
    for row in open_ones:
        _answer(claim.line, row, given[row.code], case=claim.case, at=at, actor=actor)
    receipt = give_to_case(claim.line, claim.case, at=at, actor=actor)
    _end(claim, State.CONFIRMED, note=note, checked_by=actor, receipt=receipt, at=at)
    _record(claim, "confirm_claim", at=at, actor=actor)
    return receipt


@transaction.atomic
def answer_oddity(line: BankLine, *, code: str, answer: str, at: dt.datetime, actor: User) -> OddityAnswer:
    """Finance says what came of an odd thing about money that belongs to its case."""
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    receipt = line.receipts.live().select_related("case").first()
    if receipt is None:
        raise Refused(_("该笔来款尚未归案，请在核对认领时写明"))
    case, line = _held(receipt.case_id, line.pk)
    row = next((row for row in open_questions(line, case) if row.code == code), None)
    if row is None:
        raise Refused(_("没有这一疑点，或已核查"))
    if not answer.strip():
        raise Refused(of_field("answer", _("请写明核查结果")))
    return _answer(line, row, answer.strip(), case=case, at=at, actor=actor)


def open_questions(line: BankLine, case: Case) -> list[Question]:
    """Return what is odd about the line belonging to the case and not answered yet."""
    answered = set(line.oddity_answers.values_list("code", "question"))
    return [row for row in questions([(line, case)])[line.pk] if not is_answered(row, answered)]


def is_answered(question: Question, answers: Collection[tuple[str, str]]) -> bool:
    """Return whether finance has answered it; what speaks against a case is answered for that case alone."""
    if question.is_red:
        return (question.code, question.words[:ANSWER_MAX]) in answers
    return question.code in {code for code, _words in answers}


def may_check(claim: LineClaim, user: User) -> bool:
    """Return whether the user may check it: of finance, and not who claimed."""
    is_waiting = claim.state == State.CLAIMED
    return is_waiting and user.has_perm("accounts.identify_bank_line") and claim.claimed_by_id != user.pk


def _answer(
    line: BankLine, question: Question, answer: str, *, case: Case, at: dt.datetime, actor: User
) -> OddityAnswer:
    row = OddityAnswer.objects.create(
        line=line,
        code=question.code,
        question=question.words[:ANSWER_MAX],
        answer=answer[:ANSWER_MAX],
        answered_by=actor,
        answered_at=at,
    )
    record(row, "answer_oddity", at=at, case=case, actor=actor, question=question.words, answer=row.answer)
    return row


def _sees(case: Case, actor: User) -> bool:
    return Case.objects.visible_to(actor).filter(pk=case.pk).exists()


def _held(case_id: int, line_id: int) -> tuple[Case, BankLine]:
    # The case row first, as everywhere; then the line, for which claims for several cases race.
    case = Case.objects.select_for_update().get(pk=case_id)
    return case, BankLine.objects.select_for_update().get(pk=line_id)


def _waiting(claim: LineClaim) -> LineClaim:
    case, line = _held(claim.case_id, claim.line_id)
    claim = LineClaim.objects.select_for_update().get(pk=claim.pk)
    if claim.state != State.CLAIMED:
        raise Refused(_("该认领已办结：%(state)s") % {"state": claim.get_state_display()})
    claim.case, claim.line = case, line
    return claim


def _require_checker(claim: LineClaim, actor: User) -> None:
    if not actor.has_perm("accounts.identify_bank_line"):
        raise PermissionDenied
    if claim.claimed_by_id == actor.pk:
        raise Refused(_("须由认领人以外的案款管理员核对"))


def _end(
    claim: LineClaim,
    state: LineClaim.State,
    *,
    note: str = "",
    checked_by: User | None = None,
    receipt: Receipt | None = None,
    at: dt.datetime,
) -> None:
    claim.state, claim.ended_at, claim.answer_note = state, at, note.strip()[:TEXT_MAX]
    claim.checked_by, claim.receipt = checked_by, receipt
    claim.save(update_fields=["state", "ended_at", "answer_note", "checked_by", "receipt"])


def _record(claim: LineClaim, verb: str, *, at: dt.datetime, actor: User) -> LineClaim:
    told = {"serial": claim.line.serial, "amount": claim.line.amount, "reason": claim.answer_note}
    record(claim, verb, at=at, case=claim.case, actor=actor, **told)
    return claim
