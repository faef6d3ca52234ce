"""A sanction is proposed by whoever works on the case and binds once the president approves it (失信名单规定 5)."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import versions
from bureau.errors import Refused, of_field
from bureau.identity import InvalidNumber, canonical_resident_id
from bureau.models import User
from bureau.money import yuan
from bureau.roles import has_role
from cases import evidence
from cases.law import cite
from cases.models import Case, Party, Sanction
from cases.models.leadership import in_court, leads
from cases.record import record
from cases.sanctionlaw import (
    BY_CODE,
    DETENTION_DAYS_MAX,
    ENDS_WITH_CASE,
    EXTRA_YEARS_MAX,
    NEEDS_NOTICE,
    NEEDS_PERSONS,
    OF_OUTSIDERS,
    PERSON_FINE_MAX,
    UNIT_FINE_MAX,
    UNIT_FINE_MIN,
    Kind,
    Outsider,
    is_minor,
    term_end,
)
from cases.sanctionpapers import decision
from cases.services.contacts import may_settle
from cases.services.sanctionrequests import answer_listings, relisting_objections

FACTS_MAX = 2000
REASON_MAX = 300
DOCUMENT_MAX = 200
PERSONS_MAX = 10
NOTICE = "ENFORCEMENT_NOTICE"
DECIDERS = ("PRESIDENT", "VICE_PRESIDENT")


def works_on(case: Case, user: User) -> bool:
    """Return whether the user sees a proposed measure through: he is of the team that holds the case, or its judge."""
    return user.has_perm("cases.propose_sanction") and may_settle(case, user)


def may_propose(case: Case, user: User) -> bool:
    """Return whether the user has the case in hand: who owns its stage, or its judge."""
    return user.has_perm("cases.propose_sanction") and user.pk in (case.owner_id, case.judge_id)


def may_decide(user: User, case: Case | None = None) -> bool:
    """Return whether the user signs what the law reserves to the president, in this case (民事诉讼法 119; §2.3)."""
    if not user.has_perm("cases.decide_sanction"):
        return False
    return has_role(user, *DECIDERS, *in_court(*DECIDERS)) if case is None else leads(case, user, *DECIDERS)


@transaction.atomic
def propose_sanction(
    case: Case,
    *,
    party: Party,
    ground: str,
    facts: str,
    outsider: Outsider | None = None,
    persons: Iterable[str] = (),
    extra_years: int = 0,
    days: int | None = None,
    amount: Decimal | None = None,
    document: str = "",
    at: dt.datetime,
    actor: User,
) -> Sanction:
    """Propose one measure against one debtor on a ground of the table; the kind is the ground's.

    `outsider` refuses to help, and it is taken against him; `persons` are the natural persons answerable for a unit,
    `extra_years` lengthens a listing, `amount` of a fine is in yuan. Raises Refused with every objection at once.
    """
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not may_propose(case, actor):
        raise PermissionDenied
    rule, day = BY_CODE.get(ground), timezone.localdate(at)
    if rule is None:
        raise Refused(of_field("ground", _("请选择情形")))
    sanction = Sanction(
        case=case,
        party=party,
        outsider=outsider.name if outsider else "",
        outsider_kind=outsider.kind if outsider else "",
        persons=[name.strip()[:100] for name in persons if name.strip()][:PERSONS_MAX],
        kind=rule.kind,
        ground=rule.code,
        ground_version=rule.version,
        basis=cite(rule.basis, on=day),
        facts=facts.strip()[:FACTS_MAX],
        extra_years=extra_years,
        days=days,
        amount=amount,
        document=document.strip()[:DOCUMENT_MAX],
        proposed_by=actor,
        proposed_at=at,
    )
    if reasons := objections(sanction, on=day) + _running_already(sanction, on=day):
        raise Refused(reasons)
    sanction.save()
    _note(sanction, "propose_sanction", at=at, actor=actor)
    return sanction


def _running_already(sanction: Sanction, *, on: dt.date) -> list[str]:
    barred = relisting_objections(sanction.case, sanction.party, on=on) if sanction.kind == Kind.DISHONEST else []
    running = Sanction.objects.running().filter(case=sanction.case, party=sanction.party, kind=sanction.kind)
    running = running.filter(outsider=sanction.outsider)
    words = {"name": sanction.target, "kind": sanction.get_kind_display()}
    return (
        [of_field("party", _("对%(name)s的%(kind)s已在提请或执行中") % words), *barred] if running.exists() else barred
    )


def objections(sanction: Sanction, *, on: dt.date) -> list[str]:
    """Return why the measure may not be taken on a day, in the order of the form."""
    case, party = sanction.case, sanction.party
    reasons = case_objections(case, sanction.kind)
    if party.case_id != case.pk or party.side != Party.Side.DEBTOR:
        reasons.append(of_field("party", _("只能对本案被执行人采取措施")))
    if not sanction.facts:
        reasons.append(of_field("facts", _("请写明事实和证据")))
    if sanction.kind == Kind.DISHONEST and (birth_on := birth_of(party)) and is_minor(birth_on, on=on):
        reasons.append(
            of_field(
                "party",
                _("%(name)s生于 %(day)s，未满十八周岁，不得纳入失信名单（失信名单规定第4条）")
                % {"name": party.name, "day": birth_on},
            )
        )
    return (
        reasons
        + _outsider_objections(sanction)
        + _notice_objections(sanction)
        + _person_objections(sanction)
        + _measure_objections(sanction)
    )


def _outsider_objections(sanction: Sanction) -> list[str]:
    """Return that it is taken against a debtor for refusing to help, or against another for anything else."""
    if sanction.ground not in OF_OUTSIDERS:
        text = _("只有拒绝、妨碍协助调查、执行的，才填写协助义务人")
        return [of_field("outsider", text)] if sanction.outsider else []
    if not sanction.outsider:
        return [of_field("outsider", _("请写明拒绝协助的单位或者个人"))]
    if sanction.outsider_kind not in Party.Kind.values:
        return [of_field("outsider_kind", _("请选择是单位还是个人"))]
    if sanction.case.parties.filter(name=sanction.outsider).exists():
        return [of_field("outsider", _("本案当事人不是协助义务人，请选择相应的情形"))]
    return []


def _notice_objections(sanction: Sanction) -> list[str]:
    """Return that the debtor has not been told to perform, and warned, by the notice issued here.

    限制消费若干规定 1, 失信名单规定 1 and 5: both follow upon an 执行通知书. One made outside went with its pack.
    """
    case, party = sanction.case, sanction.party
    papers = evidence.papers_of(case) if sanction.kind in NEEDS_NOTICE else {}
    notices = [row for row in evidence.issued(papers, (NOTICE,)) if not row.parties or party.pk in row.parties]
    if not notices or any(row.is_served for row in notices):
        return []
    return [of_field("party", _("执行通知书尚未送达%(name)s，送达后才能限制消费、纳入失信名单") % {"name": party.name})]


def case_objections(case: Case, kind: str) -> list[str]:
    """Return why the case does not allow a new measure of this kind."""
    if case.stage in (Case.Stage.FILED, Case.Stage.ALLOCATED):
        return [_("案件尚未启动，不能采取强制措施")]
    if not case.is_open and not case.lives_on:
        return [_("案件已结案，不能采取强制措施")]
    if kind in ENDS_WITH_CASE and case.stage in (Case.Stage.SUSPENDED, Case.Stage.STAYED):
        return [_("案件中止、暂缓期间不采取新的惩戒措施")]
    return []


def birth_of(party: Party) -> dt.date | None:
    """Return the day of birth that the identity number tells, none when it tells none."""
    if party.id_kind != Party.IdKind.RESIDENT_ID:
        return None
    try:
        return canonical_resident_id(party.id_number).birth_on
    except InvalidNumber:
        return None


def _person_objections(sanction: Sanction) -> list[str]:
    is_unit = sanction.is_on_unit
    if not is_unit and sanction.persons:
        return [of_field("persons", _("被执行人是自然人的，不填写单位责任人员"))]
    if is_unit and sanction.kind == Kind.DISHONEST and sanction.persons:
        return [of_field("persons", _("单位失信的，不得将其法定代表人等人员纳入失信名单（善意文明执行意见第16条）"))]
    if is_unit and sanction.kind in NEEDS_PERSONS and not sanction.persons:
        return [of_field("persons", _("被执行人是单位的，请写明被采取措施的责任人员姓名"))]
    return []


def _measure_objections(sanction: Sanction) -> list[str]:
    rule, reasons = sanction.rule, []
    if sanction.extra_years and not (rule.may_extend and 0 < sanction.extra_years <= EXTRA_YEARS_MAX):
        reasons.append(
            of_field(
                "extra_years", _("只有以暴力、威胁等方法抗拒或规避执行情节严重的，可延长一至三年（失信名单规定第2条）")
            )
        )
    if sanction.kind == Kind.DETENTION:
        if sanction.days is None or not 1 <= sanction.days <= DETENTION_DAYS_MAX:
            reasons.append(of_field("days", _("拘留期限为一日以上、十五日以下")))
    elif sanction.days is not None:
        reasons.append(of_field("days", _("只有拘留填写日数")))
    if sanction.kind == Kind.FINE:
        reasons += _fine_objections(sanction)
    elif sanction.amount is not None:
        reasons.append(of_field("amount", _("只有罚款填写金额")))
    return reasons


def _fine_objections(sanction: Sanction) -> list[str]:
    # A fine on those answerable for a unit is a fine on persons.
    is_on_unit = sanction.is_on_unit and not sanction.persons
    amount = sanction.amount or Decimal(0)
    if is_on_unit and not UNIT_FINE_MIN <= amount <= UNIT_FINE_MAX:
        return [
            of_field(
                "amount",
                _("对单位的罚款为 %(least)s 元以上、%(most)s 元以下")
                % {"least": yuan(UNIT_FINE_MIN), "most": yuan(UNIT_FINE_MAX)},
            )
        ]
    if not is_on_unit and not 0 < amount <= PERSON_FINE_MAX:
        return [of_field("amount", _("对个人的罚款为 %(most)s 元以下") % {"most": yuan(PERSON_FINE_MAX)})]
    return []


@transaction.atomic
def approve_sanction(sanction: Sanction, *, document: str = "", at: dt.datetime, actor: User) -> Sanction:
    """The president approves: the measure binds from today, a listing to the last day of its term (失信名单规定 2).

    The decision itself is in the file by then: issued here, or scanned; it is made with the approval (失信名单规定 5).
    """
    sanction = held(sanction)
    _must_decide(sanction, actor)
    day = timezone.localdate(at)
    words, wanting = decision(sanction, document)
    if reasons := objections(sanction, on=day) + list(wanting):
        raise Refused(reasons)
    sanction.state = Sanction.State.IN_FORCE
    sanction.decided_by, sanction.decided_at = actor, at
    sanction.document = words[:DOCUMENT_MAX]
    sanction.in_force_from = day
    sanction.term_until = term_end(sanction.rule, day, extra_years=sanction.extra_years)
    sanction.save()
    _note(sanction, "approve_sanction", at=at, actor=actor, until_on=sanction.term_until, document=sanction.document)
    answer_listings(sanction, at=at, actor=actor)
    return sanction


@transaction.atomic
def refuse_sanction(sanction: Sanction, *, reason: str, at: dt.datetime, actor: User) -> Sanction:
    """The president does not approve, and says why."""
    sanction = held(sanction)
    _must_decide(sanction, actor)
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明不予批准的理由")))
    sanction.state, sanction.decision_reason = Sanction.State.REFUSED, reason.strip()[:REASON_MAX]
    sanction.decided_by, sanction.decided_at = actor, at
    sanction.save()
    _note(sanction, "refuse_sanction", at=at, actor=actor, reason=sanction.decision_reason)
    answer_listings(sanction, at=at, actor=actor)
    return sanction


@transaction.atomic
def withdraw_sanction(sanction: Sanction, *, reason: str, at: dt.datetime, actor: User) -> Sanction:
    """Whoever works on the case takes the proposal back before it is decided."""
    sanction = held(sanction)
    if not works_on(sanction.case, actor):
        raise PermissionDenied
    if sanction.state != Sanction.State.PROPOSED:
        raise Refused(_("该提请已处理"))
    if not reason.strip():
        raise Refused(of_field("reason", _("请写明撤回理由")))
    return take_back(sanction, reason=reason, at=at, actor=actor)


def take_back(sanction: Sanction, *, reason: str, at: dt.datetime, actor: User) -> Sanction:
    """End a proposal undecided; the case row is locked."""
    sanction.state, sanction.decision_reason = Sanction.State.WITHDRAWN, reason.strip()[:REASON_MAX]
    sanction.decided_by, sanction.decided_at = actor, at
    sanction.save()
    _note(sanction, "withdraw_sanction", at=at, actor=actor, reason=sanction.decision_reason)
    return sanction


@transaction.atomic
def begin_detention(sanction: Sanction, *, on: dt.date, document: str, at: dt.datetime, actor: User) -> Sanction:
    """The detained was handed over on this day: the days run from it (民事诉讼法 118: at most fifteen)."""
    sanction = held(sanction)
    if not works_on(sanction.case, actor):
        raise PermissionDenied
    if sanction.kind != Kind.DETENTION or sanction.state != Sanction.State.IN_FORCE or sanction.term_until:
        raise Refused(_("没有待执行的拘留决定"))
    assert sanction.in_force_from is not None
    reasons = [] if document.strip() else [of_field("document", _("请写明拘留执行回执或凭据"))]
    if not sanction.in_force_from <= on <= timezone.localdate(at):
        reasons.append(of_field("on", _("执行拘留日应在批准日以后、今天以前（含当日）")))
    if reasons:
        raise Refused(reasons)
    sanction.term_until = on + dt.timedelta(days=sanction.days or 0)
    sanction.save(update_fields=["term_until"])
    details = {"from_on": on, "until_on": sanction.term_until, "document": document.strip()[:DOCUMENT_MAX]}
    _note(sanction, "begin_detention", at=at, actor=actor, **details)
    return sanction


@transaction.atomic
def name_document(sanction: Sanction, *, document: str, seen: str = "", at: dt.datetime, actor: User) -> Sanction:
    """Add the number of the paper by which the measure was ordered, issued after the approval.

    `seen` is the mark of what the form was opened with; raises Stale where a colleague has named another since.
    """
    sanction = held(sanction)
    if not works_on(sanction.case, actor):
        raise PermissionDenied
    if sanction.state not in Sanction.BINDING:
        raise Refused(_("该措施不在执行中"))
    if not document.strip():
        raise Refused(of_field("document", _("请写明决定文书文号")))
    words, wanting = decision(sanction, document)
    if wanting:
        raise Refused(list(wanting))
    versions.refuse_stale({"document": sanction.document}, seen)
    return _name(sanction, words, at=at, actor=actor)


@transaction.atomic
def decide_by(sanction: Sanction, words: str, *, at: dt.datetime, actor: User) -> Sanction:
    """A paper that carries the measure out was signed: a proposal is approved by it, an approved one gets its paper.

    No paper of the kind goes out undecided (失信名单规定 5; 限制消费若干规定 5: signed by the president).
    """
    sanction = held(sanction)
    if sanction.state == Sanction.State.PROPOSED:
        return approve_sanction(sanction, document=words, at=at, actor=actor)
    return sanction if sanction.document else _name(sanction, words, at=at, actor=actor)


def _name(sanction: Sanction, words: str, *, at: dt.datetime, actor: User) -> Sanction:
    sanction.document = words[:DOCUMENT_MAX]
    sanction.save(update_fields=["document"])
    _note(sanction, "name_document", at=at, actor=actor, document=sanction.document)
    return sanction


def held(sanction: Sanction) -> Sanction:
    """Lock the case, then read the sanction as it stands now."""
    case = Case.objects.select_for_update().get(pk=sanction.case_id)
    sanction = Sanction.objects.select_related("party").get(pk=sanction.pk)
    sanction.case = case
    return sanction


def _must_decide(sanction: Sanction, actor: User) -> None:
    if not may_decide(actor, sanction.case) or actor.pk == sanction.proposed_by_id:
        raise PermissionDenied
    if sanction.state != Sanction.State.PROPOSED:
        raise Refused(_("该提请已处理"))


def _note(sanction: Sanction, verb: str, *, at: dt.datetime, actor: User, **details: object) -> None:
    record(sanction, verb, at=at, case=sanction.case, actor=actor, **about(sanction), **details)


def about(sanction: Sanction) -> dict[str, object]:
    """Return what every event of a sanction says of it: codes and the debtor's name."""
    return {
        "sanction_kind": sanction.kind,
        "sanction_ground": sanction.ground,
        "debtor": sanction.party.name,
        "outsider": sanction.outsider,
        "amount": sanction.amount,
        "days": sanction.days,
    }
