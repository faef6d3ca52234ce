"""Distribution of what came in among several creditors, on the last day of the demo book.

Stated assumption: two of the running cases that hold money; one plan waits for its judge, the other was served and a
creditor objects to a part of it. Nothing is drawn at random here, so that the rest of the book stays as it is.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from accounts import services as accounts
from accounts.models import Distribution
from accounts.payees import PayeeData
from accounts.services.distributions import waiting_recipients
from accounts.shares import ShareData
from accounts.statement import NOTHING, statement_of
from cases.evidence import issued, papers_of
from cases.models import Case, Party
from documents import filling
from documents import services as documents
from documents.facts import facts_of
from documents.models import Template
from wuhai_exec.demo.organisation import Staff
from wuhai_exec.demo.papers import pdf
from wuhai_exec.demo.plan import ENDS_ON
from wuhai_exec.demo.walk import moment

OTHER_COURT = PayeeData("（演示）外地法院案款专户", "0603020409000099881", "中国建设银行乌海分行")
OTHER_BASIS = "（演示）外地法院参与分配函"
OTHER_CLAIM = Decimal("60000.00")
ORDER_OF_COURT = pdf("Letter of another court asking for its share")
CODE = "DISTRIBUTION"
HELD_MIN = Decimal("2000.00")  # yuan worth sharing


def fill(staff: Staff) -> None:
    """Propose two plans; let the first be approved, served and partly objected to."""
    cases = _holding(staff)[:2]
    plans = [_proposed(case, staff, minute=12 * number) for number, case in enumerate(cases)]
    if plans:
        _served(plans[0], staff)


def _at(minute: int) -> dt.datetime:
    return moment(ENDS_ON, 985 + minute)


def _holding(staff: Staff) -> list[Case]:
    """Return the running cases of officers that hold money not asked for, in the order of their filing."""
    running = Case.objects.of_bureau().filter(stage__in=(Case.Stage.FAST, Case.Stage.ORDINARY), judge__isnull=False)
    worked = running.filter(owner__groups__name="OFFICER", receipts__isnull=False).distinct()
    rows = worked.select_related("escrow", "number_court", "judge", "team").order_by("filed_at", "id")
    return [case for case in rows if statement_of(case).available >= HELD_MIN]


def _proposed(case: Case, staff: Staff, *, minute: int) -> Distribution:
    """Share what the case holds among its applicant, the other cases against its debtor, and another court's."""
    clerk, finance = staff.of_window("W2"), staff.of_role("FINANCE")[0]
    given: dict[str, Any] = {"document": OTHER_BASIS, "scan": ORDER_OF_COURT, "at": _at(minute)}
    account = accounts.enter_other_payee(case, kind="COURT", payee=OTHER_COURT, **given, actor=clerk)
    accounts.confirm_payee_change(account, number=OTHER_COURT.number, at=_at(minute + 2), actor=finance)
    applicant = case.parties.filter(side=Party.Side.APPLICANT).order_by("position")[0]
    shares = [ShareData(applicant.name, case.amount_claimed, party=applicant)]
    for other in _others(case):
        shares.append(ShareData(other.display_number, other.amount_claimed, target=other))
    shares.append(ShareData(OTHER_COURT.holder_name, OTHER_CLAIM, payee=account, basis=OTHER_BASIS))
    return accounts.propose_plan(
        case,
        debtor="person",
        pool=statement_of(case).available,
        shares=shares,
        at=_at(minute + 4),
        actor=staff.by_id(case.owner_id),
    )


def _others(case: Case) -> list[Case]:
    debtor = case.parties.filter(side=Party.Side.DEBTOR).order_by("position")[0]
    same = Case.objects.open().of_bureau().filter(parties__side=Party.Side.DEBTOR, parties__name=debtor.name)
    rows = same.exclude(pk=case.pk).filter(amount_claimed__gt=NOTHING).select_related("escrow", "number_court")
    return list(rows.distinct().order_by("id")[:1])


def _served(plan: Distribution, staff: Staff) -> None:
    """The judge approves, the paper reaches everybody, and the other court's creditor objects to a part."""
    case = Case.objects.select_related("number_court", "judge", "team").prefetch_related("parties").get(pk=plan.case_id)
    owner, judge = staff.by_id(case.owner_id), staff.by_id(case.judge_id)
    plan = accounts.approve_plan(plan, at=_at(30), actor=judge)
    template = Template.objects.filter(code=CODE).in_force(on=ENDS_ON).get()
    values = filling.proposed(template.spec, facts_of(case, on=ENDS_ON))
    others = [person for person in staff.of_role("JUDGE") if person != judge]
    panel = "、".join(person.name for person in (judge, *others[:2]))
    values |= {"source_of_money": "（演示）网络查控扣划的存款", "panel": panel}
    documents.issue(case, template=template, values=values, at=_at(32), actor=judge)
    paper = issued(papers_of(case), (CODE,))[0].ref
    reached: dict[str, Any] = {"paper": paper, "recipients": list(waiting_recipients(plan)), "served_on": ENDS_ON}
    plan = accounts.serve_plan(plan, **reached, at=_at(35), actor=owner)
    share = plan.shares.order_by("position")[0]
    creditor = plan.deliveries.filter(share__payee__isnull=False).get()
    contested = min(share.amount, Decimal("500.00"))
    told: dict[str, Any] = {"delivery": creditor, "amount": contested, "received_on": ENDS_ON}
    accounts.object_to_plan(share, **told, at=_at(40), actor=owner)
