"""A document is issued: number, text and hash are fixed in one act; voided only by another document."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.errors import Refused, of_field
from bureau.masking import mask_name
from bureau.models import Job, User
from cases.models import Case, Correction
from cases.record import record
from cases.services import refuse_put_away
from documents import filling
from documents.facts import facts_of
from documents.library import after
from documents.library.declared import OWN_NUMBER, Kind, Numbering, Sign, canonical
from documents.models import Document, Draft, NumberCounter, Template
from documents.numerals import printed_number, suffix
from documents.services import sanctioned
from documents.services.twice import second_of

NOTE_MAX, REASON_MAX = 300, 200
# Written where the act takes place, in the words of those present.
TAKEN_DOWN = (Kind.RECORD, Kind.LIST, Kind.FORM)
# Why a paper based on a corrected value is void; stored text stays Chinese.
CORRECTED = "案件信息已更正，重新制发"
ANOTHERS = gettext_lazy("正文由您在Word中改动过，须由本团队其他有权签发的人核对后签发")


def may_issue(case: Case, template: Template, user: User) -> bool:
    """Return whether the user may sign this document of a case that he sees (domain handbook §9).

    A ruling is signed by the judge of the case, a president's decision by the president or his vice-president,
    everything else by those who issue documents.
    """
    if template.sign == Sign.PRESIDENT:
        return user.has_perm("documents.sign_decision")
    if template.sign == Sign.JUDGE:
        return user.has_perm("documents.sign_ruling") and case.judge_id == user.pk
    return user.has_perm("documents.issue_document")


def require(is_allowed: bool, case: Case, user: User) -> None:
    """Raise PermissionDenied unless it is allowed and the user sees the case."""
    if not is_allowed or not Case.objects.visible_to(user).filter(pk=case.pk).exists():
        raise PermissionDenied


def locked(case: Case) -> Case:
    """Take the lock of the case, with what its papers print."""
    cases = Case.objects.select_for_update(of=("self",)).select_related("number_court", "judge", "team")
    return cases.get(pk=case.pk)


@transaction.atomic
def issue(
    case: Case,
    *,
    template: Template,
    values: Mapping[str, str],
    draft: Draft | None = None,
    job: Job | None = None,
    is_first: bool = False,
    at: dt.datetime,
    actor: User,
) -> Document:
    """Issue a document: fix number, values, text, version and hash at once; the PDF is made by the periodic task.

    Raises Refused with a sentence per field that is missing or wrong, PermissionDenied by the sign rule. A draft that
    was edited in Word is issued with its own text, if the text from which it was edited still holds. With `is_first` a
    second valid notice to the same addressees is refused.
    """
    case = locked(case)
    require(may_issue(case, template, actor), case, actor)
    if draft is not None and draft.case_id != case.pk:
        raise PermissionDenied
    is_replacing = draft is not None and draft.is_replacing
    _refuse_unusable(case, template, on=timezone.localdate(at), is_replacing=is_replacing)
    sanction = None if is_replacing else sanctioned.ordered(case, template, values)
    _refuse_one_person(template, draft, actor)
    if is_first and (said := second_of(case, template, _typed(template, values))):
        raise Refused(of_field("again", said))
    document = Document(case=case, template=template, job=job, edited_count=draft.edited_count if draft else 0)
    _fill_in(document, _typed(template, values), draft, at=at, actor=actor)
    record(
        document,
        "issue_document",
        at=at,
        case=case,
        actor=actor,
        title=template.title,
        template=template.code,
        version=template.version,
        number=document.number,
        sha256=document.content_sha256,
        **({"edited_count": document.edited_count} if document.edited_count else {}),
    )
    sanctioned.decide(sanction, document, at=at, actor=actor)
    if draft is not None:
        _answer(draft, Draft.State.ISSUED, document=document, at=at, actor=actor)
        _replace(draft, document, at=at, actor=actor)
    return document


def _replace(draft: Draft, document: Document, *, at: dt.datetime, actor: User) -> None:
    # Somebody may have voided the earlier paper by another one meanwhile.
    earlier = draft.replaces
    if earlier is not None and not Document.objects.filter(pk=earlier.pk, voided_by__isnull=False).exists():
        void(earlier, by=document, reason=CORRECTED, at=at, actor=actor)


def _fill_in(document: Document, typed: dict[str, str], draft: Draft | None, *, at: dt.datetime, actor: User) -> None:
    template, case, day = document.template, document.case, timezone.localdate(at)
    facts = facts_of(case, on=day)
    # The text is checked before a number is taken, so that a refusal leaves no gap even inside a larger act.
    _own_text(_filled(template, typed, facts, number="", on=day), draft, typed)
    document.number, document.number_book, document.number_index = _next_number(case, template, typed)
    number = printed_number(document.number)
    filled = _own_text(_filled(template, typed, facts, number=number, on=day), draft, typed)
    _fix(document, filled.blocks, typed, at=at, actor=actor)


def _fix(
    document: Document, blocks: list[dict[str, object]], typed: dict[str, str], *, at: dt.datetime, actor: User
) -> None:
    template, case = document.template, document.case
    body, kept = canonical(blocks), canonical(typed)
    document.title, document.kind, document.is_restricted = template.title, template.kind, template.is_restricted
    document.court_name = case.number_court.name
    document.body, document.values = body, kept
    document.masked_names = _masked_names(case, body)
    whole = canonical([document.number, template.sha256, body, kept])
    document.content_sha256 = hashlib.sha256(whole.encode()).hexdigest()
    document.token = secrets.token_urlsafe(16)
    document.issued_at, document.issued_on, document.issued_by = at, timezone.localdate(at), actor
    document.save(force_insert=True)


def _masked_names(case: Case, body: str) -> str:
    # By hand somebody may have put another name onto a paper with a genuine code: who reads it can compare.
    return "、".join(
        dict.fromkeys(mask_name(party.name, party.kind) for party in case.parties.all() if party.name in body)
    )


def still_issues(case: Case, code: str) -> bool:
    """Return whether a case in its stage still issues documents of this template; all while it is open."""
    if case.is_open:
        return True
    return code in (after.AFTER_PROCEDURAL if case.lives_on else after.AFTER_END)


def _refuse_unusable(case: Case, template: Template, *, on: dt.date, is_replacing: bool = False) -> None:
    refuse_put_away(case)
    # What corrects an earlier paper of an ended case follows that paper.
    if not (is_replacing or still_issues(case, template.code)):
        raise Refused(_("案件已结案，不再制发%(title)s；需要继续执行的，先恢复执行") % {"title": template.title})
    if not case.number:
        raise Refused(_("本案尚无案号，不能制发文书"))
    current = Template.objects.filter(code=template.code).in_force(on=on).first()
    if current is None or current.pk != template.pk:
        raise Refused(_("该模板版本当日未生效，请重新选择模板"))


def _typed(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    return {field.name: values.get(field.name, "").strip() for field in filling.all_fields(template.spec)}


def _filled(
    template: Template, values: Mapping[str, str], facts: Mapping[str, str], *, number: str, on: dt.date
) -> filling.Filled:
    filled = filling.fill(template.spec, values, facts, number=number, on=on)
    if filled.problems:
        raise Refused(of_field(name, said) for name, said in filled.problems.items())
    return filled


def _own_text(filled: filling.Filled, draft: Draft | None, typed: Mapping[str, str]) -> filling.Filled:
    if draft is None or not draft.edited_text:
        return filled
    if text_sha256(filled) != draft.base_sha256 or dict(typed) != draft.typed():
        raise Refused(_("拟稿后案件信息、填写内容或者所引法条有变化，请重新拟稿"))
    return replace(filled, text=draft.own_text())


def text_sha256(filled: filling.Filled) -> str:
    """Return the hash of the generated body, by which an edited one knows from what it was edited."""
    return hashlib.sha256(canonical(filled.text).encode()).hexdigest()


def may_sign(case: Case, template: Template, user: User, *, draft: Draft | None = None) -> bool:
    """Return whether the user may issue it as it lies before him: some papers only from another's draft."""
    return may_issue(case, template, user) and not _is_one_person(template, draft, user)


def _is_one_person(template: Template, draft: Draft | None, user: User) -> bool:
    if template.spec.is_two_person:
        return draft is None or draft.proposed_by_id == user.pk
    # What bears the seal alone stands on the approved template; words of one's own are read by somebody else first.
    is_own_text = draft is not None and bool(draft.edited_text) and draft.edited_by_id == user.pk
    return template.sign == Sign.SEAL and template.kind not in TAKEN_DOWN and is_own_text


def _refuse_one_person(template: Template, draft: Draft | None, actor: User) -> None:
    if _is_one_person(template, draft, actor):
        if template.spec.is_two_person:
            raise Refused(_("本文书应当由他人拟稿提请，签发人不得签发自己拟的稿"))
        raise Refused(str(ANOTHERS))


def _next_number(case: Case, template: Template, typed: Mapping[str, str]) -> tuple[str, str, int | None]:
    # The case row is locked: nobody else counts this case's rulings now.
    assert case.number is not None
    if template.numbering == Numbering.OWN:
        return _own_number(template, typed[OWN_NUMBER], case), Document.OWN_BOOK, None
    if template.numbering == Numbering.PLAIN:
        return case.number, "", None
    book = template.code if settings.SUFFIX_PER_TEMPLATE else ""
    counter, _created = NumberCounter.objects.get_or_create(case=case, book=book)
    index = counter.count
    counter.count += 1
    counter.save(update_fields=["count"])
    return case.number + suffix(index), book, index


def _own_number(template: Template, text: str, case: Case) -> str:
    field = next(row for row in template.spec.fields if row.name == OWN_NUMBER)
    number = filling.own_number(field, text, case.number_court.code)
    if Document.objects.filter(number_book=Document.OWN_BOOK, number=number).exists():
        raise Refused(of_field(OWN_NUMBER, _("文号 %(number)s 已经使用") % {"number": number}))
    return number


@transaction.atomic
def propose(case: Case, *, template: Template, values: Mapping[str, str], at: dt.datetime, actor: User) -> Draft:
    """Lay a filled template before its signer; it must be complete."""
    case = locked(case)
    require(actor.has_perm("documents.issue_document"), case, actor)
    return lay(case, template=template, values=values, at=at, actor=actor)


def lay(
    case: Case,
    *,
    template: Template,
    values: Mapping[str, str],
    replaces: Document | None = None,
    correction: Correction | None = None,
    about: str = "",
    at: dt.datetime,
    actor: User,
) -> Draft:
    """Make a draft in a case that the caller holds; whether the actor may, the caller has asked."""
    day = timezone.localdate(at)
    _refuse_unusable(case, template, on=day, is_replacing=replaces is not None)
    if replaces is None:
        sanctioned.ordered(case, template, values)
    typed = _typed(template, values)
    _filled(template, typed, facts_of(case, on=day), number="", on=day)
    draft = Draft.objects.create(
        case=case,
        template=template,
        values=canonical(typed),
        replaces=replaces,
        correction=correction,
        about=about,
        proposed_by=actor,
        proposed_at=at,
    )
    record(draft, "propose_document", at=at, case=case, actor=actor, title=template.title, template=template.code)
    return draft


@transaction.atomic
def send_back_draft(draft: Draft, *, note: str, at: dt.datetime, actor: User) -> Draft:
    """The signer does not sign; he says why."""
    case = locked(draft.case)
    draft = Draft.objects.select_related("template").get(pk=draft.pk)
    require(may_issue(case, draft.template, actor), case, actor)
    if not note.strip():
        raise Refused(of_field("note", _("请写明退回意见")))
    draft.answer_note = note.strip()[:NOTE_MAX]
    _answer(draft, Draft.State.SENT_BACK, at=at, actor=actor)
    record(draft, "send_back_draft", at=at, case=case, actor=actor, title=draft.template.title, note=draft.answer_note)
    return draft


def _answer(draft: Draft, state: str, *, document: Document | None = None, at: dt.datetime, actor: User) -> None:
    if Draft.objects.get(pk=draft.pk).state != Draft.State.WAITING:
        raise Refused(_("该拟稿已处理"))
    draft.state, draft.document, draft.answered_by, draft.answered_at = state, document, actor, at
    draft.save(update_fields=["state", "document", "answered_by", "answered_at", "answer_note"])


@transaction.atomic
def void(document: Document, *, by: Document, reason: str, at: dt.datetime, actor: User) -> Document:
    """Mark a document as void because a newer one of the same case replaces it; both are kept."""
    case = locked(document.case)
    document = Document.objects.light().select_related("template").get(pk=document.pk)
    by = Document.objects.light().get(pk=by.pk)
    require(may_issue(case, document.template, actor), case, actor)
    refuse_put_away(case)
    if objections := _void_objections(document, by, reason):
        raise Refused(objections)
    document.voided_by, document.voided_at, document.void_reason = by, at, reason.strip()[:REASON_MAX]
    document.save(update_fields=Document.VOID_FIELDS)
    record(
        document,
        "void_document",
        at=at,
        case=case,
        actor=actor,
        number=document.number,
        title=document.title,
        by=by.pk,
        reason=document.void_reason,
    )
    return document


def _void_objections(document: Document, by: Document, reason: str) -> list[str]:
    reasons = []
    if document.voided_by_id:
        reasons.append(_("该文书已作废"))
    if by.case_id != document.case_id or by.pk <= document.pk:
        reasons.append(of_field("by", _("只能由本案以后签发的文书取代")))
    if by.voided_by_id:
        reasons.append(of_field("by", _("用来取代的文书本身已作废")))
    if not reason.strip():
        reasons.append(of_field("reason", _("请写明作废原因")))
    return reasons
