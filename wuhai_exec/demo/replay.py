"""Carries out a plan through the product's services: every act by someone who may do it, at its moment."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from accounts import services as accounts
from accounts.bank import BankLineData
from accounts.models import BankLine, PayeeAccount, Payout, Receipt
from accounts.tiers import tier_of
from assets import services as assets
from assets.taking import ControlData
from bureau.models import Deputy, User
from bureau.money import yuan
from cases import services as cases
from cases.models import Case, Closing, Handover
from dispatch import assigning
from dispatch import services as dispatch
from dispatch.models import Assignment
from documents import services as documents
from intake import services as intake
from wuhai_exec.demo import banking, national, proofs, querying, sanctions
from wuhai_exec.demo.issuing import Issuing
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.papers import PAYEE_SCAN, papers_of
from wuhai_exec.demo.plan import ENDS_ON, OPENS_ON, CasePlan
from wuhai_exec.demo.property import Property
from wuhai_exec.demo.receiving import check_payees, source_of
from wuhai_exec.demo.walk import CLOSES, DAY, WORKDAYS, Step, moment

# The chief was away for a week; the vice-president signed in his place.
AWAY_FROM, AWAY_UNTIL = dt.date(2021, 10, 11), dt.date(2021, 10, 15)
OVERRIDE_REASONS: dict[str, tuple[str, ...]] = {
    Case.Stream.FAST: ("被执行人已联系法院并承诺立即履行", "财产线索明确，可立即控制"),
    Case.Stream.ORDINARY: ("当事人矛盾较大，宜由普执团队办理", "被执行人下落需要进一步查找"),
}


@dataclass(slots=True)
class Running:
    """One case while it is being replayed."""

    plan: CasePlan
    case: Case | None = None
    code: str = ""
    handover: Handover | None = None
    closing: Closing | None = None
    payees: dict[int, PayeeAccount] = field(default_factory=dict)
    lines: dict[int, BankLine] = field(default_factory=dict)
    payouts: dict[int, Payout] = field(default_factory=dict)

    @property
    def filed(self) -> Case:
        """Return the case, which must have been filed."""
        assert self.case is not None
        return self.case


def _filed(running: Running) -> Case:
    return running.filed


@dataclass(frozen=True, slots=True)
class Act:
    """One step of one case, or of the whole bureau, in the order of time."""

    at: dt.datetime
    order: int
    run: Callable[[], object]


class Replay:
    """Replays a book; staff are one object per person, so that their rights are read once."""

    def __init__(self, staff: Staff, system: User) -> None:
        self._staff = staff
        self._system = system
        self._held: dict[int, int] = {}
        self._papers = Issuing([], system)
        self._property = Property(staff)
        self.cases: list[Running] = []

    def acts(self, plans: list[CasePlan]) -> list[Act]:
        """Return everything to be done, in the order of time."""
        self.cases = [Running(plan) for plan in plans]
        self._papers = Issuing(plans, self._system)
        acts = list(self._bureau_acts(plans))
        for running in self.cases:
            acts += [Act(step.at, running.plan.index, self._act(running, step)) for step in running.plan.steps]
            acts += [Act(*row) for row in querying.asking(running.plan, partial(_filed, running), self._staff)]
        acts += [Act(*row) for row in querying.answering(self._system, self._staff)]
        acts += [Act(*row) for row in sanctions.acts(self.cases, self._staff)]
        acts += [Act(*row) for row in national.acts(self._staff, self._system)]
        # A stable sort: the steps of one case keep their order.
        return sorted(acts, key=lambda act: (act.at, act.order))

    def _act(self, running: Running, step: Step) -> Callable[[], None]:
        def run() -> None:
            getattr(self, f"_{step.verb}")(running, step.at, **step.details)

        return run

    def _bureau_acts(self, plans: list[CasePlan]) -> Iterator[Act]:
        yield Act(moment(OPENS_ON, 1), 0, self._authorise_deputy)
        day = OPENS_ON + 15 * DAY
        while day <= ENDS_ON:
            at = moment(day, 5)
            yield Act(at, 0, lambda at=at: self._flag(at))  # type: ignore[misc]
            day += DAY
        yield Act(moment(ENDS_ON, CLOSES), 10**6, lambda: self._flag(moment(ENDS_ON, CLOSES)))
        clerks = self._staff.of_role("FINANCE")
        yield from (Act(at, 10**6, act) for at, act in banking.by_file(ENDS_ON, clerks))
        yield Act(moment(ENDS_ON, CLOSES), 10**6 + 1, lambda: banking.close_month(ENDS_ON, clerks, self._system))
        still_open = [plan for plan in plans if not plan.is_closed]
        for serial, on, amount, number, remark in banking.STRAY_LINES[: len(still_open)]:
            line = BankLineData(serial, on, amount, still_open[number].payer.holder_name, remark=remark)
            at = moment(WORKDAYS.next_workday(on), 590)
            yield Act(at, 0, lambda line=line, at=at: self._book(line, at))  # type: ignore[misc]

    def _flag(self, at: dt.datetime) -> None:
        accounts.flag_overdue(at=at, actor=self._system)
        assets.lapse_controls(at=at, actor=self._system)
        assets.activate_freed(at=at, actor=self._system)

    def _book(self, line: BankLineData, at: dt.datetime) -> BankLine:
        return accounts.arrive(line, entered_by=self._staff.of_role("FINANCE")[1], at=at, actor=self._staff["finance"])

    def _authorise_deputy(self) -> None:
        Deputy.objects.create(
            principal=self._staff["chief"],
            deputy=self._staff["vice_president"],
            act=Deputy.Act.APPROVE_PAYOUT,
            from_on=AWAY_FROM,
            until_on=AWAY_UNTIL,
            document="执行局〔2021〕授权第1号",
            granted_by=self._staff["president"],
            granted_at=moment(OPENS_ON, 540),
        )

    # From the window to the stream team -----------------------------------------------------

    def _file(self, running: Running, at: dt.datetime) -> None:
        plan = running.plan
        clerk = self._staff.of_window(plan.filing.window_code)
        came = source_of(plan.filing, index=plan.index, at=at, clerk=clerk)
        given: dict[str, Any] = {
            "payees": plan.payees,
            "materials": papers_of(len(plan.payees)),
            "preserved": plan.preserved,
        }
        filed = intake.file_case(plan.filing, **given, **came, at=at, actor=clerk)
        running.case, running.code = filed.case, filed.code
        check_payees(filed.case, plan.payees, at=at, finance=self._staff["finance"])

    def _triage(
        self,
        running: Running,
        at: dt.datetime,
        *,
        facts: dict[str, Any],
        is_overridden: bool,
    ) -> None:
        dispatcher = self._staff.of_role("DISPATCHER")[running.plan.index % 2]
        verification = dispatch.verify(running.filed, **querying.agreed(running.filed, facts), at=at, actor=dispatcher)
        decided, reason = "", ""
        if is_overridden:
            decided = dispatch.propose(running.filed, verification, on=at.date()).stream
            decided = Case.Stream.ORDINARY if decided == Case.Stream.FAST else Case.Stream.FAST
            reasons = OVERRIDE_REASONS[decided]
            reason = reasons[running.plan.index % len(reasons)]
        verdict = dispatch.triage(running.filed, decided=decided, override_reason=reason, at=at, actor=dispatcher)
        running.filed.stream = verdict.decided

    def _assign(self, running: Running, at: dt.datetime) -> None:
        dispatcher = self._staff.of_role("DISPATCHER")[running.plan.index % 2]
        # A series is drawn at once: the case may have its people already.
        drawn = Assignment.objects.live().filter(case=running.filed).select_related("judge", "starter").first()
        done = drawn or assigning.assign(running.filed, at=at, actor=dispatcher)
        running.filed.judge, running.filed.owner = done.judge, done.starter

    def _start(self, running: Running, at: dt.datetime) -> None:
        owner = self._owner(running)
        running.case = cases.start(running.filed, at=at, actor=owner)
        self._papers.start(running.plan, running.filed, at=at, actor=owner)

    def _hand_over(self, running: Running, at: dt.datetime, *, pack: list[str], note: str) -> None:
        case, owner = running.filed, self._owner(running)
        self._papers.hand_over(running.plan, case, at=at, actor=owner)
        is_issued = self._papers.is_sampled(running.plan)
        outside = proofs.outside_pack(case, clues="CLUES_ASKED" in pack, notices=not is_issued, at=at, actor=owner)
        running.handover = cases.hand_over(case, outside=outside, note=note, at=at, actor=owner)

    def _send_back(self, running: Running, at: dt.datetime, *, defects: list[str], note: str) -> None:
        assert running.handover is not None
        cases.send_back(
            running.handover,
            defects=defects,
            note=note,
            at=at,
            actor=self._receiver(running.handover),
        )

    def _accept(self, running: Running, at: dt.datetime) -> None:
        assert running.handover is not None
        officer = self._receiver(running.handover)
        running.case = cases.accept(running.handover, at=at, actor=officer)
        self._held[officer.pk] = self._held.get(officer.pk, 0) + 1

    def _owner(self, running: Running) -> User:
        return self._staff.by_id(running.filed.owner_id)

    def _judge(self, running: Running) -> User:
        return self._staff.by_id(running.filed.judge_id)

    def _receiver(self, handover: Handover) -> User:
        return min(
            self._staff.officers(handover.to_team_id),
            key=lambda officer: self._held.get(officer.pk, 0),
        )

    # Money ----------------------------------------------------------------------------------

    def _arrive(
        self,
        running: Running,
        at: dt.datetime,
        *,
        line: int,
        amount: Decimal,
        is_stray: bool,
    ) -> None:
        payer = running.plan.payer
        data = BankLineData(
            serial=f"{at:%Y%m%d}{running.plan.index:05d}{line}",
            value_on=at.date(),
            amount=amount,
            payer_name=payer.holder_name,
            payer_account=payer.number,
            virtual_number="" if is_stray else running.filed.escrow.number,
            remark="" if is_stray else "执行款",
        )
        running.lines[line] = self._book(data, at)

    def _identify(self, running: Running, at: dt.datetime, *, line: int) -> None:
        people = {"claimed_by": self._owner(running), "checked_by": self._staff["finance"]}
        banking.identify(running.lines[line], running.filed, at=at, **people)

    def _request(
        self,
        running: Running,
        at: dt.datetime,
        *,
        payout: int,
        amount: Decimal,
        position: int,
    ) -> None:
        running.payouts[payout] = accounts.request_payout(
            running.filed,
            payee=self._payee(running, position),
            amount=amount,
            calculation=f"到账案款全额发放申请执行人，本次 {yuan(amount)} 元",
            reference=f"{at:%Y%m%d}-{running.plan.index:05d}-{payout}",
            at=at,
            actor=self._owner(running),
        )

    def _payee(self, running: Running, position: int) -> PayeeAccount:
        if position not in running.payees:
            live = PayeeAccount.objects.select_related("party")
            running.payees[position] = live.get(
                party__case=running.filed,
                party__side="APPLICANT",
                party__position=position,
                replaced_at__isnull=True,
            )
        return running.payees[position]

    def _check(self, running: Running, at: dt.datetime, *, payout: int) -> None:
        accounts.check_payout(running.payouts[payout], at=at, actor=self._judge(running))

    def _approve(self, running: Running, at: dt.datetime, *, payout: int) -> None:
        is_away = AWAY_FROM <= at.date() <= AWAY_UNTIL
        is_above = tier_of(running.payouts[payout].amount, on=at.date()).role == "VICE_PRESIDENT"
        approver = self._staff["vice_president" if is_away or is_above else "chief"]
        accounts.approve_payout(running.payouts[payout], at=at, actor=approver)

    def _pay(self, running: Running, at: dt.datetime, *, payout: int) -> None:
        clerk = self._staff.of_role("FINANCE")[at.toordinal() % 2]  # who pays nothing on a day signs it
        accounts.pay_payout(running.payouts[payout], at=at, actor=clerk)

    def _exchange(self, running: Running, at: dt.datetime, *, payout: int = 0, bounced: int = 0) -> None:
        accounts.exchange_with_bank(at=at, actor=self._system)

    def _reject(self, running: Running, at: dt.datetime, *, payout: int, reason: str) -> None:
        accounts.reject_payout(running.payouts[payout], reason=reason, at=at, actor=self._judge(running))

    def _renew_payee(self, running: Running, at: dt.datetime, *, position: int) -> None:
        party = self._payee(running, position).party
        assert party is not None
        clerk = self._staff.of_window(running.plan.filing.window_code)
        payee = running.plan.renewed[position]
        change = accounts.enter_payee(party, payee=payee, scan=PAYEE_SCAN, at=at, actor=clerk)
        told = {"reconfirmed": "CALL", "reconfirm_note": "拨打立案登记的电话，本人答复变更属实", "number": payee.number}
        running.payees[position] = accounts.confirm_payee_change(change, **told, at=at, actor=self._staff["finance"])

    def _delay(self, running: Running, at: dt.datetime, *, line: int, reason: str, document: str, days: int) -> None:
        accounts.request_delay(
            Receipt.objects.get(bank_line=running.lines[line]),
            reason=reason,
            paper=proofs.scan(running.filed, document, at=at, actor=self._owner(running))[0],
            until_on=at.date() + days * DAY,
            at=at,
            actor=self._judge(running),
        )

    def _decide_delay(self, running: Running, at: dt.datetime, *, line: int) -> None:
        delay = Receipt.objects.get(bank_line=running.lines[line]).delays.get()
        accounts.decide_delay(delay, is_approved=True, at=at, actor=self._staff["chief"])

    # Property -------------------------------------------------------------------------------

    def _take_control(self, running: Running, at: dt.datetime, *, data: ControlData) -> None:
        self._property.take(running.filed, data=data, at=at, actor=self._owner(running))

    def _release_controls(self, running: Running, at: dt.datetime, *, ground: str) -> None:
        self._property.release(running.filed, ground=ground, at=at)

    def _renew_controls(self, running: Running, at: dt.datetime, *, last_on: dt.date) -> None:
        self._property.renew(running.filed, last_on=last_on, at=at)

    def _name_keeper(self, running: Running, at: dt.datetime) -> None:
        self._property.name_keeper(running.filed, at=at, actor=self._owner(running))

    # Suspension and end ---------------------------------------------------------------------

    def _suspend(self, running: Running, at: dt.datetime, *, ground: str) -> None:
        document = proofs.cited(running.filed, suffix="之一", at=at, actor=self._owner(running))
        running.case = cases.suspend(running.filed, ground=ground, document=document, at=at, actor=self._judge(running))

    def _resume(self, running: Running, at: dt.datetime, *, note: str) -> None:
        document = proofs.cited(running.filed, at=at, actor=self._owner(running))
        running.case = cases.resume(running.filed, note=note, document=document, at=at, actor=self._judge(running))

    def _stay(self, running: Running, at: dt.datetime, **details: Any) -> None:
        document = proofs.cited(running.filed, at=at, actor=self._owner(running))
        running.case = cases.stay(running.filed, document=document, **details, at=at, actor=self._judge(running))

    def _settle(self, running: Running, at: dt.datetime, *, instalments: list[tuple[dt.date, Decimal]]) -> None:
        running.case = cases.settle(
            running.filed,
            document=proofs.scan(running.filed, "执行和解协议", at=at, actor=self._owner(running))[0],
            terms="被执行人分三期付清，逾期申请执行人可申请恢复执行",
            instalments=instalments,
            at=at,
            actor=self._judge(running),
        ).case

    def _propose_closing(self, running: Running, at: dt.datetime, *, mode: str, facts: str) -> None:
        owner = self._owner(running)
        people = {"owner": owner, "judge": self._judge(running)}
        issued = self._papers.close(running.plan, running.filed, mode, at=at, **people)
        ground = proofs.GROUNDS[mode]
        document, number, bound = proofs.closing(running.filed, mode, ground=ground, issued=issued, at=at, actor=owner)
        running.closing = cases.propose_closing(
            running.filed,
            mode=mode,
            ground=ground,
            facts=facts,
            document=document,
            number=number,
            proofs=bound,
            at=at,
            actor=owner,
        )
        running.case = running.closing.case

    def _archive(self, running: Running, at: dt.datetime) -> None:
        clerk = self._staff["records_clerk"]
        for kind in documents.missing_kinds(running.filed):
            reason = "申请执行人未提供，本案没有款项发放"
            documents.explain_missing(running.filed, kind=kind, reason=reason, at=at, actor=clerk)
        cases.archive(running.filed, note="", at=at, actor=clerk)

    def _sign_closing(self, running: Running, at: dt.datetime, *, step: str) -> None:
        assert running.closing is not None
        owner = running.filed.owner_id
        signer = self._judge(running) if step == "JUDGE" else self._staff[step.lower()]
        running.closing = cases.sign_closing(running.closing, at=at, actor=signer)
        for duty in running.filed.deadlines.filter(node="NO_PROPERTY_REGISTER", state="RUNNING"):
            cases.note_done(duty, note="已录入全国终本案件库", at=at, actor=self._staff["assistant"])
        if running.closing.state == "APPROVED" and owner in self._held:
            self._held[owner] -= 1
