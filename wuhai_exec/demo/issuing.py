"""The papers of a sample of demo cases: issued, served with proofs, one attempt failed; a few printed at once.

Issuing in every case would double the load; the sample is what a visitor opens first: the last cases that are not
archived, and a few archived ones whose file is complete with its PDF. The others are printed by the demo's own worker.
"""

import datetime as dt
from typing import Any

from django.utils import timezone

from bureau.models import User
from cases.models import Case, Party
from documents import filling
from documents import services as documents
from documents.deemed import Way
from documents.facts import facts_of
from documents.models import Document, Material, Template
from wuhai_exec.demo.papers import pdf
from wuhai_exec.demo.plan import CasePlan

OPEN_MAX, ARCHIVED_MAX = 60, 3
PROOF = pdf("Proof of service")
RESULT = "案款已全部执行到位并发放申请执行人"
REASON = "申请执行人书面撤回执行申请"


def sample(plans: list[CasePlan]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the indexes of the cases whose papers are issued: those that stay unarchived, and archived ones."""
    done = {plan.index: {step.verb for step in plan.steps} for plan in plans}
    archived = [index for index, verbs in done.items() if "archive" in verbs]
    others = [index for index, verbs in done.items() if "start" in verbs and "archive" not in verbs]
    return frozenset(others[-OPEN_MAX:]), frozenset(archived[-ARCHIVED_MAX:])


class Issuing:
    """Issues and serves the papers of the sampled cases through the services."""

    def __init__(self, plans: list[CasePlan], system: User) -> None:
        others, self._archived = sample(plans)
        self._sampled = others | self._archived
        self._system = system
        self._templates: dict[str, Template] = {}

    def is_sampled(self, plan: CasePlan) -> bool:
        """Return whether the papers of the case are issued here."""
        return plan.index in self._sampled

    def start(self, plan: CasePlan, case: Case, *, at: dt.datetime, actor: User) -> None:
        """The affairs team accepts in writing, notifies and orders to report; the applicant agrees to e-service."""
        if plan.index not in self._sampled:
            return
        case = _loaded(case)
        applicant = case.parties.get(side="APPLICANT", position=1)
        documents.confirm_address(
            applicant,
            recipient=applicant.name,
            address=applicant.address,
            phone=applicant.phone,
            has_e_consent=True,
            e_address=f"demo-{plan.index}@example.test",
            at=at,
            actor=actor,
        )
        accepted = self._issue(plan, case, "ACCEPTANCE", at=at, actor=actor)
        sent = documents.send(accepted, way="ELECTRONIC", party=applicant, at=at, actor=actor)
        _deliver(sent, case, at=at, actor=actor)
        for debtor in case.parties.filter(side="DEBTOR").order_by("position"):
            for code in ("ENFORCEMENT_NOTICE", "REPORT_ORDER"):
                paper = self._issue(plan, case, code, debtor=f"DEBTOR:{debtor.position}", at=at, actor=actor)
                documents.send(paper, way="MAIL", party=debtor, tracking=f"EMS-DEMO-{paper.pk}", at=at, actor=actor)

    def hand_over(self, plan: CasePlan, case: Case, *, at: dt.datetime, actor: User) -> None:
        """What was posted is signed for; in every fourth case it came back and is served on the spot."""
        if plan.index not in self._sampled:
            return
        case = _loaded(case)
        for sent in list(case.deliveries.filter(state="SENT").select_related("document", "party").order_by("id")):
            last = sent
            if plan.index % 4 == 0:
                documents.note_attempt(sent, reason="RETURNED", note="邮件退回", is_given_up=True, at=at, actor=actor)
                last = documents.send(sent.document, way="DIRECT", party=sent.party, at=at, actor=actor)
            _deliver(last, case, at=at, actor=actor)

    def close(
        self, plan: CasePlan, case: Case, mode: str, *, at: dt.datetime, owner: User, judge: User
    ) -> Document | None:
        """The notice of fulfilment, or the ruling that ends the enforcement, goes to both sides."""
        if plan.index not in self._sampled or mode not in ("FULFILLED", "TERMINATED"):
            return None
        case = _loaded(case)
        if mode == "FULFILLED":
            given = {"result": RESULT, "fulfilled_on": at.date().isoformat()}
            paper = self._issue(plan, case, "FULFILMENT", at=at, actor=owner, **given)
        else:
            given = {"ground": "申请执行人撤销申请", "reason": REASON}
            paper = self._issue(plan, case, "TERMINATION", at=at, actor=judge, **given)
        for party in case.parties.order_by("side", "position"):
            _deliver(documents.send(paper, way="DIRECT", party=party, at=at, actor=owner), case, at=at, actor=owner)
        return paper

    def _issue(self, plan: CasePlan, case: Case, code: str, *, at: dt.datetime, actor: User, **values: str) -> Document:
        template = self._template(code, at.date())
        own = filling.proposed(template.spec, facts_of(case, on=at.date()))
        paper = documents.issue(case, template=template, values=own | values, at=at, actor=actor)
        if plan.index in self._archived:  # a file is archived with every paper printed
            documents.print_document(paper, at=at, actor=self._system)
        return paper

    def _template(self, code: str, on: dt.date) -> Template:
        if code not in self._templates:
            self._templates[code] = Template.objects.filter(code=code).in_force(on=on).get()
        return self._templates[code]


def _loaded(case: Case) -> Case:
    together = Case.objects.select_related("number_court", "judge", "team").prefetch_related("parties", "claims")
    return together.get(pk=case.pk)


def _deliver(sent: Any, case: Case, *, at: dt.datetime, actor: User) -> None:
    party: Party = sent.party
    paper = documents.Paper(Material.Kind.SERVICE, f"送达凭证 {party.name}", PROOF, party)
    proof = documents.receive(case, [paper], at=at, actor=actor)[0]
    given: dict[str, Any] = {"receiver_kind": "SELF", "receiver": party.name}
    if sent.way == Way.ELECTRONIC:  # nobody signs for a message
        given = {"arrived_at": timezone.localtime(at).time()}
    elif party.kind != Party.Kind.PERSON:
        given = {"receiver_kind": "MAILROOM", "receiver": "收发室"}
    documents.deliver(sent, on=at.date(), proof=proof, **given, at=at, actor=actor)
