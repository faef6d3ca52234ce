"""A case is closed by a proposal with evidence, the signatures of its reviewers, and then put away."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.calendar import DAY, same_day
from bureau.errors import OfField, Refused, of_field
from bureau.models import Team, User
from cases import casenumber, evidence, found, proofs
from cases.closing import GROUND, PROCEDURAL_MONTHS, WAYS, Condition, Way
from cases.closinggrounds import Ground, grounds_of
from cases.law import cited
from cases.models import Case, Closing, ClosingEvidence, ClosingSignature, Instalment, Party, Sanction, Settlement
from cases.models.leadership import leads
from cases.record import record
from cases.services.removals import fall_due_with_case
from cases.services.settlements import end_settlement
from cases.services.stages import advance, stage_objections

Proofs = Mapping[str, tuple[int, str]]  # condition → event of the case's record, note
TEXT_MAX = 300
# What a closing names stays Chinese.
WORDS_OUTSIDE, WORDS_CONFIRMED = "{number} {title}（系统外制作，已入卷）", "{title}（当事人书面或笔录确认）"


@transaction.atomic
def propose_closing(
    case: Case,
    *,
    mode: str,
    ground: str,
    facts: str = "",
    document: str,
    number: str = "",
    proofs: Proofs,
    at: dt.datetime,
    actor: User,
) -> Closing:
    """Propose to close: by a document of the mode, every condition bound to an event of the record that proves it.

    `ground` is a code of `cases/closinggrounds.py`, `facts` what else is to be said of it. `document` names a paper of
    the case: one issued here, or the scan of one made outside, then with its `number`.
    Raises Refused with every objection at once.
    """
    case = Case.objects.held().get(pk=case.pk)
    day = timezone.localdate(at)
    named = _document_of(case, WAYS[mode], document, number, on=day) if mode in WAYS else None
    reasons = closing_objections(case, mode, at=at) + _wanting(case, mode, ground, proofs, document, on=day)
    if reasons := reasons + list(named.reasons if named else ()):
        raise Refused(reasons)
    assert named is not None
    told: dict[str, Any] = {"mode": mode, "closing_ground": ground}
    case = advance(case, "propose_closing", at=at, actor=actor, changes={"closing_mode": mode}, **told)
    closing = Closing.objects.create(
        case=case,
        mode=mode,
        ground=ground,
        facts=facts.strip()[:TEXT_MAX],
        document=named.words[:200],
        paper=named.ref,
        proposed_by=actor,
        proposed_at=at,
    )
    ClosingEvidence.objects.bulk_create(
        ClosingEvidence(
            closing=closing, condition=row.code, event_id=proofs[row.code][0], note=proofs[row.code][1].strip()[:300]
        )
        for row in WAYS[mode].conditions
    )
    return closing


def closing_objections(case: Case, mode: str, *, at: dt.datetime) -> list[str]:
    """Return why a case may not be closed in this mode now, apart from missing evidence."""
    way = WAYS.get(mode)
    if way is None:
        return [_("请选择结案方式")]
    if case.stage not in way.sources:
        return [_("案件处于“%(stage)s”阶段，不能以此方式结案") % {"stage": case.get_stage_display()}]
    reasons = []
    if mode == Case.ClosingMode.PROCEDURAL and (first := first_procedural_day(case)) > timezone.localdate(at):
        reasons.append(_("立案未满三个月，最早 %(day)s 可以终结本次执行程序") % {"day": first})
    if mode == Case.ClosingMode.PROCEDURAL:
        reasons += _uncontrolled(case) + _unlimited(case)
    if mode == Case.ClosingMode.FULFILLED and case.stage == Case.Stage.SETTLED:
        unpaid = Settlement.objects.filter(case=case, outcome="", instalments__paid_on__isnull=True)
        reasons += [_("和解协议尚有未登记履行的期次")] if unpaid.exists() else []
    return reasons + stage_objections(case, "propose_closing", at=at, changes={"closing_mode": mode})


def _uncontrolled(case: Case) -> list[str]:
    """Return which property that was found is neither controlled nor explained (法〔2016〕373号 1(3), 4)."""
    words = _("已查明的财产尚未控制，也未说明不能控制的原因：%(thing)s")
    return [words % {"thing": thing} for thing in found.unanswered(case)]


def _unlimited(case: Case) -> list[str]:
    """Return which debtors no order limits whose consumption must be limited (法〔2016〕373号 1(2))."""
    limited = Sanction.objects.filter(case=case, kind=Sanction.Kind.LIMIT_CONSUMPTION, state__in=Sanction.BINDING)
    limited = limited.exclude(document="")
    debtors = case.parties.filter(side=Party.Side.DEBTOR, left_on__isnull=True).exclude(pk__in=limited.values("party"))
    names = _("、").join(debtors.order_by("position").values_list("name", flat=True))
    return [_("尚未对%(names)s限制消费，或限制消费令尚未入卷") % {"names": names}] if names else []


def first_procedural_day(case: Case) -> dt.date:
    """Return the first day on which 终本 is possible: the day after three months have passed."""
    return same_day(case.filed_on, months=PROCEDURAL_MONTHS) + DAY


def _wanting(case: Case, mode: str, ground: str, bound: Proofs, document: str, *, on: dt.date) -> list[str]:
    way, chosen_ground = WAYS.get(mode), grounds_of(mode).get(ground)
    if way is None:
        return []
    if chosen_ground is None:
        return [of_field("ground", _("请选择结案事由"))]
    reasons = _document_of_ground(case, chosen_ground, document)
    may_prove = proofs.for_way(case, way)
    for row in way.conditions:
        event, note = bound.get(row.code, (None, ""))
        chosen = next((shown for shown in may_prove[row.code] if shown.event.pk == event), None)
        words = {"label": row.label, "basis": cited(row.basis, on=on)}
        if event is None:
            reasons.append(of_field(f"event_{row.code}", _("缺少凭据：%(label)s（%(basis)s）") % words))
        elif chosen is None or (document in _papers(chosen) and not _may_be_document(row, chosen_ground)):
            reasons.append(of_field(f"event_{row.code}", _("所选记录不能证明：%(label)s（%(basis)s）") % words))
        elif row.code == GROUND and not proofs.shows(chosen_ground, chosen):
            words = {"label": chosen_ground.label, "basis": cited(chosen_ground.basis, on=on)}
            reasons.append(of_field(f"event_{row.code}", _("所选记录不能证明：%(label)s（%(basis)s）") % words))
        elif proofs.needs_note(row, chosen) and not note.strip():
            reasons.append(of_field(f"note_{row.code}", _("请说明该凭据证明了什么：%(label)s（%(basis)s）") % words))
    return reasons + _doubled(way, chosen_ground, bound)


def _papers(chosen: proofs.Shown) -> list[str]:
    return [paper.ref for paper in chosen.papers]


def _may_be_document(row: Condition, ground: Ground) -> bool:
    """Return whether the document that closes may itself prove the condition."""
    return row.is_document or (row.code == GROUND and ground.is_its_document)


def _document_of_ground(case: Case, ground: Ground, document: str) -> list[str]:
    """Return that a document issued here is one of another ground; of one made outside nothing is known."""
    paper = evidence.papers_of(case).get(document)
    if paper is None or not paper.is_issued:
        return []
    if ground.templates and paper.code not in ground.templates:
        return [of_field("document", _("所选文书不适用于事由“%(ground)s”") % {"ground": ground.label})]
    said = paper.says.get("ground") or (paper.says.get("kind") if ground.templates else None)
    if not said or not ground.ruled or said == ground.ruled:
        return []
    return [of_field("ground", _("所选文书写明的事由是“%(said)s”，与所选事由不一致") % {"said": said})]


def _doubled(way: Way, ground: Ground, bound: Proofs) -> list[str]:
    """Return which conditions of different kinds are bound to one event."""
    shared = (*way.shared, *((frozenset({GROUND, "RULING"}),) if ground.is_its_document else ()))
    labels = {row.code: row.label for row in way.conditions}
    codes = [code for code in labels if code in bound]
    return [
        of_field(
            f"event_{two}",
            _("“%(one)s”和“%(two)s”不能以同一条记录为凭据") % {"one": labels[one], "two": labels[two]},
        )
        for place, one in enumerate(codes)
        for two in codes[place + 1 :]
        if bound[one][0] == bound[two][0] and frozenset({one, two}) not in shared
    ]


def _document_of(case: Case, way: Way, ref: str, number: str, *, on: dt.date) -> evidence.Found:
    """Return the closing document: issued here by a template of the mode, or made outside and scanned."""
    papers = evidence.papers_of(case)
    paper = papers.get(ref)
    if paper is None:
        words = OfField(
            "document", _("请选择%(document)s：本案已签发的，或者系统外制作、已扫描入卷的") % {"document": way.document}
        )
        return evidence.Found(reasons=(words,))
    if not paper.is_issued:
        return _scanned(case, way, paper, number, on=on)
    if paper.code not in way.templates or paper.is_void:
        reason = OfField("document", _("所选文书不是%(document)s，或者已作废") % {"document": way.document})
        return evidence.Found(reasons=(reason,))
    refused = _refused_papers(case)
    if standing := [row for row in papers.values() if row.ref in refused and not row.is_void]:
        old = {"paper": "、".join(row.words for row in standing)}
        reason = OfField("document", _("审查退回、须重新制作的%(paper)s尚未作废，请以新签发的文书取代") % old)
        return evidence.Found(reasons=(reason,))
    return evidence.Found(paper.words, paper.ref)


def _refused_papers(case: Case) -> set[str]:
    return set(case.closings.filter(is_paper_refused=True).values_list("paper", flat=True))


def _scanned(case: Case, way: Way, paper: evidence.Paper, number: str, *, on: dt.date) -> evidence.Found:
    if paper.ref in _refused_papers(case):
        return evidence.Found(reasons=(OfField("document", _("该文书已被审查退回，须重新制作")),))
    if paper.ref in evidence.spent(case):
        return evidence.Found(reasons=(OfField("document", _("该扫描件是此前移交、中止、暂缓或恢复的文书")),))
    if paper.code not in way.scans:
        words = _("所选材料不是%(document)s；系统外制作的或上级法院作出的，请以“法院文书”种类扫描入卷")
        return evidence.Found(reasons=(OfField("document", words % {"document": way.document}),))
    if not way.needs_number and not number.strip():
        return evidence.Found(WORDS_CONFIRMED.format(title=paper.title), paper.ref)
    if reasons := evidence.number_objections(case, number, on, on=on):
        return evidence.Found(reasons=tuple(reasons))
    number = casenumber.parse(number).canonical
    return evidence.Found(WORDS_OUTSIDE.format(number=number, title=paper.title), paper.ref)


def closing_papers(case: Case, way: Way) -> tuple[list[evidence.Paper], list[evidence.Paper]]:
    """Return the documents of the way's templates, and the scans of one made outside, newest first.

    A paper that merely came in is none: it was taken in as a paper of a court, or the parties confirm by it that all is
    performed.
    """
    return papers_by_mode(case, [way])[way.mode]


def papers_by_mode(case: Case, ways: list[Way]) -> dict[str, tuple[list[evidence.Paper], list[evidence.Paper]]]:
    """Return the same for several ways at once, by mode."""
    papers, refused = evidence.papers_of(case), _refused_papers(case)
    taken = refused | set(evidence.spent(case))
    free = [row for row in papers.values() if not row.is_issued and row.ref not in taken][::-1]
    return {
        way.mode: (
            [row for row in evidence.issued(papers, way.templates) if row.ref not in refused],
            [row for row in free if row.code in way.scans],
        )
        for way in ways
    }


def next_step(closing: Closing) -> str:
    """Return which signature the proposal waits for; nothing when all have signed."""
    signed = {signature.step for signature in closing.signatures.all()}
    return next((step for step in WAYS[closing.mode].steps if step not in signed), "")


def may_sign(closing: Closing, user: User) -> bool:
    """Return whether the user's signature is the next one; who proposed or signed before signs no more."""
    if closing.state != Closing.State.PROPOSED or not user.has_perm("cases.review_closing"):
        return False
    if user.pk == closing.proposed_by_id or any(row.by_id == user.pk for row in closing.signatures.all()):
        return False
    step = next_step(closing)
    if step == ClosingSignature.Step.JUDGE:
        return closing.case.judge_id == user.pk
    if step == ClosingSignature.Step.CHIEF:
        return leads(closing.case, user, "CHIEF")
    return step == ClosingSignature.Step.PRESIDENT and leads(closing.case, user, "PRESIDENT", "VICE_PRESIDENT")


@transaction.atomic
def sign_closing(closing: Closing, *, at: dt.datetime, actor: User) -> Closing:
    """Sign the proposal; the last signature closes the case (执行工作规定 64)."""
    closing = _held(closing)
    if not may_sign(closing, actor):
        raise PermissionDenied
    if reasons := _fallen(closing):
        raise Refused(reasons)
    step = next_step(closing)
    if step == WAYS[closing.mode].steps[-1] and (reasons := unserved(closing)):
        raise Refused(reasons)
    ClosingSignature.objects.create(closing=closing, step=step, by=actor, at=at)
    record(closing, "sign_closing", at=at, case=closing.case, actor=actor, step=step, mode=closing.mode)
    if step != WAYS[closing.mode].steps[-1]:
        return closing
    _close(closing, at=at, actor=actor)
    return _end(closing, Closing.State.APPROVED, at=at, actor=actor)


def _fallen(closing: Closing) -> list[str]:
    """Return what has fallen since the proposal: a paper was voided, or property was found that nobody controls."""
    papers = evidence.papers_of(closing.case)
    is_procedural = closing.mode == Case.ClosingMode.PROCEDURAL
    reasons = _uncontrolled(closing.case) + _unlimited(closing.case) if is_procedural else []
    if closing.paper and (closing.paper not in papers or papers[closing.paper].is_void):
        reasons.append(_("结案文书已作废，请退回补正"))
    rows = list(closing.evidence.select_related("event__actor"))
    standing = {row.event.pk for row in proofs.shown(closing.case, [row.event for row in rows])}
    labels = {row.code: row.label for row in WAYS[closing.mode].conditions}
    fallen = [labels[row.condition] for row in rows if row.event_id not in standing and row.condition in labels]
    return reasons + [_("凭据中的文书已作废：%(label)s") % {"label": label} for label in fallen]


def unserved(closing: Closing) -> list[str]:
    """Return that nobody has begun to serve the ruling by which the case ends (民事诉讼法 258 in the text of 2017).

    法〔2016〕373号 7: the case counts as closed once the ruling is served. One made outside the system has its proof of
    service in the file, come in since.
    """
    if not WAYS[closing.mode].needs_service:
        return []
    papers = evidence.papers_of(closing.case)
    paper = papers.get(closing.paper)
    if paper is None or paper.is_void:
        return []
    proofs_of = [row for row in papers.values() if row.code == evidence.SERVICE_PROOF and row.on >= paper.on]
    if paper.is_sent or (not paper.is_issued and proofs_of):
        return []
    return [_("结案裁定尚未送达：%(paper)s；送达当事人后才能结案") % {"paper": paper.words}]


def _close(closing: Closing, *, at: dt.datetime, actor: User) -> None:
    case, day = closing.case, timezone.localdate(at)
    changes: dict[str, Any] = {"closed_on": day, "closing_document": closing.document}
    if closing.mode != Case.ClosingMode.PROCEDURAL and case.is_of_court:
        changes |= {"owner": None}  # the court's own staff keep the file
    elif closing.mode != Case.ClosingMode.PROCEDURAL:
        # After 终本 controls, re-queries and arriving money keep their team and owner.
        changes |= {"team": Team.objects.get(kind=Team.Kind.AFFAIRS, is_active=True), "owner": None}
    told: dict[str, Any] = {"mode": closing.mode, "document": closing.document}
    if case.resume_stage == Case.Stage.SETTLED:
        # 终结执行 ends the case, not the agreement: a breach revives it as 执恢 (民诉法解释 466).
        kept = closing.mode == Case.ClosingMode.FULFILLED
        outcome = Settlement.Outcome.KEPT if kept else Settlement.Outcome.CONTINUES
        if not kept:
            owed = Instalment.objects.filter(settlement__case=case, settlement__outcome="")
            told["settled_until_on"] = owed.aggregate(last=Max("due_on"))["last"]
        end_settlement(case, outcome, on=day, note=closing.ground_label[:TEXT_MAX])
    case = advance(case, "close", at=at, actor=actor, changes=changes, **told)
    fall_due_with_case(case, closing.mode, note=closing.document, at=at, actor=actor)


@transaction.atomic
def return_closing(
    closing: Closing, *, defects: str, is_paper_refused: bool = False, at: dt.datetime, actor: User
) -> Closing:
    """A reviewer sends the proposal back: the case goes on where it stood.

    With `is_paper_refused` the closing document must be made anew: the old one closes nothing any more.
    """
    closing = _held(closing)
    if not may_sign(closing, actor):
        raise PermissionDenied
    if not defects.strip():
        raise Refused(of_field("defects", _("请写明退回原因")))
    closing.defects, closing.is_paper_refused = defects.strip()[:TEXT_MAX], is_paper_refused
    told: dict[str, Any] = {"note": closing.defects, "is_paper_refused": is_paper_refused}
    advance(closing.case, "return_closing", at=at, actor=actor, **told)
    return _end(closing, Closing.State.RETURNED, at=at, actor=actor)


def _held(closing: Closing) -> Closing:
    Case.objects.held().get(pk=closing.case_id)
    closing = Closing.objects.select_related("case").prefetch_related("signatures").get(pk=closing.pk)
    if closing.state != Closing.State.PROPOSED:
        raise Refused(_("该结案提请已处理"))
    return closing


def _end(closing: Closing, state: str, *, at: dt.datetime, actor: User) -> Closing:
    closing.state, closing.ended_by, closing.ended_at = state, actor, at
    closing.save(update_fields=["state", "ended_by", "ended_at", "defects", "is_paper_refused"])
    return closing


@transaction.atomic
def archive(case: Case, *, note: str, at: dt.datetime, actor: User) -> Case:
    """The affairs team puts the complete file away."""
    return advance(case, "archive", at=at, actor=actor, changes={"archived_on": timezone.localdate(at)}, note=note)
