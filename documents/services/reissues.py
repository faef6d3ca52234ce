"""Papers based on a corrected value are made anew: sealed ones issued at once, signed ones laid before their signer."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.errors import Refused
from bureau.models import Job, User
from bureau.services import ask_job
from cases.corrections import Use, UseKind, uses_of
from cases.models import Case, Correction
from cases.record import record
from documents import uses
from documents.library.declared import FieldKind, Sign
from documents.models import Document, Draft, Template
from documents.services.issue import CORRECTED, issue, lay, locked, may_issue, require, void

KIND = "reissue_documents"
AT_ONCE_MAX = 10  # more than this is a job
# Why the release of what was held against the wrong person is ruled; stored text stays Chinese.
RELEASE_GROUND = "被执行人身份信息经核对更正，原控制措施误及他人财产"


@dataclass(slots=True)
class Reissued:
    """What came of a round: papers issued, drafts laid, and each that could not be made with its reason."""

    issued: list[Document] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)


def may_reissue(correction: Correction, user: User) -> bool:
    """Return whether the user may have the papers of this correction made anew."""
    return correction.is_confirmed and user.has_perm("documents.issue_document")


@transaction.atomic
def reissue(correction: Correction, document: Document, *, at: dt.datetime, actor: User) -> Document | Draft:
    """Make one paper anew with the corrected value; the old one is void once the new one is issued."""
    case = locked(correction.case)
    correction = Correction.objects.select_related("party").get(pk=correction.pk)
    require(may_reissue(correction, actor), case, actor)
    document = Document.objects.select_related("template").get(pk=document.pk)
    require(Document.objects.visible_to(actor).filter(pk=document.pk).exists(), case, actor)
    if objections := _objections(case, correction, document):
        raise Refused(objections)
    template = Template.objects.filter(code=document.template.code).in_force(on=timezone.localdate(at)).first()
    if template is None:
        raise Refused(_("该模板已停用，请另行制发文书"))
    values = _corrected(case, correction, document, template)
    if template.sign != Sign.SEAL or not may_issue(case, template, actor):
        return lay(case, template=template, values=values, replaces=document, correction=correction, at=at, actor=actor)
    made = issue(case, template=template, values=values, at=at, actor=actor)
    void(document, by=made, reason=CORRECTED, at=at, actor=actor)
    return made


def _objections(case: Case, correction: Correction, document: Document) -> list[str]:
    if document.case_id != case.pk:
        return [_("该文书不属于本案")]
    if document.voided_by_id:
        return [_("该文书已作废")]
    assert correction.answered_at is not None
    if document.issued_at >= correction.answered_at:
        return [_("该文书在更正后签发，无须重新制发")]
    if correction.is_other_person and document.template.code in uses.HOLDING:
        return [_("该文书控制的是案外人的财产：应当解除，不重新制发")]
    if Draft.objects.waiting().filter(replaces=document).exists():
        return [_("替换该文书的拟稿已提请签发")]
    return []


def _corrected(case: Case, correction: Correction, document: Document, template: Template) -> dict[str, str]:
    # What the case itself says is filled anew; what was typed is corrected where it says the old value.
    typed, kinds = document.typed(), {row.name: row.kind for row in template.spec.fields}
    sums = uses.sums(case, correction)
    for name, value in typed.items():
        kind = kinds.get(name, FieldKind.LONG)
        if kind == FieldKind.MONEY:
            typed[name] = _new_sum(value, sums)
        elif kind in (FieldKind.TEXT, FieldKind.LONG, FieldKind.ROWS):
            typed[name] = _new_words(value, correction.pairs().values())
    return typed


def _new_words(text: str, pairs: Iterable[tuple[str, str]]) -> str:
    # In one pass, and a word that is already the new one stays: 张安 becomes 张安然, 张安然 does not become 张安然然.
    words = {old: new for old, new in pairs if len(old) >= uses.TEXT_MIN}
    words |= {new: new for new in words.values() if new}
    if not words:
        return text
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.sub(pattern, lambda found: words[found[0]], text)


def _new_sum(text: str, sums: dict[Decimal, Decimal]) -> str:
    try:
        new = sums.get(Decimal(text.replace(",", "")))
    except InvalidOperation:
        return text
    return text if new is None else f"{new:.2f}"


def reissuable(correction: Correction, user: User) -> list[Document]:
    """Return the papers that one click makes anew, of those that the user may see."""
    keys = [use.key for use in uses.uses(correction.case, correction) if use.is_reissuable]
    ids = [int(key.partition(":")[2]) for key in keys if key.startswith("document:")]
    return list(Document.objects.visible_to(user).light().filter(pk__in=ids).order_by("id"))


def reissue_all(correction: Correction, *, at: dt.datetime, actor: User) -> Reissued | Job:
    """Make all of them anew, each by itself; many of them in a job."""
    if not may_reissue(correction, actor):
        raise PermissionDenied
    papers = reissuable(correction, actor)
    if not papers:
        raise Refused(_("没有需要重新制发的文书"))
    if len(papers) > AT_ONCE_MAX:
        return ask_job(KIND, at=at, actor=actor, correction=correction.pk, documents=[row.pk for row in papers])
    return _each(correction, papers, lambda done, total: None, at=at, actor=actor)


def reissue_several(job: Job, progress: Callable[[int, int], None], *, at: dt.datetime) -> dict[str, Any]:
    """Do a round as a job; asked again after a lost worker, what is already made is not made twice."""
    actor = User.objects.get(pk=job.owner_id)
    correction = Correction.objects.select_related("case").get(pk=job.arguments["correction"])
    asked = set(job.arguments["documents"])
    papers = [row for row in reissuable(correction, actor) if row.pk in asked]
    made = _each(correction, papers, progress, at=at, actor=actor)
    failed = [{"document": number, "reason": reason} for number, reason in made.failed]
    return {"issued": len(made.issued), "drafts": len(made.drafts), "failed": failed}


def _each(
    correction: Correction,
    papers: list[Document],
    progress: Callable[[int, int], None],
    *,
    at: dt.datetime,
    actor: User,
) -> Reissued:
    round_ = Reissued()
    for place, paper in enumerate(papers, start=1):
        try:
            made = reissue(correction, paper, at=at, actor=actor)
        except Refused as refusal:
            round_.failed.append((str(paper), str(refusal)))
        else:
            if isinstance(made, Document):
                round_.issued.append(made)
            else:
                round_.drafts.append(made)
        progress(place, len(papers))
    return round_


def follow(correction: Correction, found: list[Use], *, at: dt.datetime, actor: User) -> None:
    """Draft the release of everything held against the wrong person, in the transaction that confirms it.

    Without a judge or a case number nothing can be drafted yet; that stops no correction: the alarm stays, and the
    drafts can be asked for later.
    """
    if correction.is_alarm:
        with suppress(Refused):
            _lay_releases(correction, found, at=at, actor=actor)


@transaction.atomic
def draft_releases(correction: Correction, *, at: dt.datetime, actor: User) -> list[Draft]:
    """Draft, on request, every release that has no draft yet."""
    case = locked(correction.case)
    correction = Correction.objects.select_related("party").get(pk=correction.pk)
    correction.case = case
    require(may_reissue(correction, actor), case, actor)
    if not correction.is_alarm:
        raise Refused(_("没有待解除的错误控制"))
    drafts = _lay_releases(correction, uses_of(case, correction), at=at, actor=actor)
    if not drafts:
        raise Refused(_("解除裁定均已拟稿或已签发"))
    return drafts


def _lay_releases(correction: Correction, found: list[Use], *, at: dt.datetime, actor: User) -> list[Draft]:
    case, party = locked(correction.case), correction.party
    template = Template.objects.filter(code=uses.RELEASE).in_force(on=timezone.localdate(at)).first()
    if template is None or party is None:
        raise Refused(_("该模板已停用，请另行制发文书"))
    live = Draft.objects.exclude(state=Draft.State.SENT_BACK).filter(correction=correction)
    drafted = set(live.values_list("about", flat=True))
    drafts = []
    for use in found:
        if use.kind == UseKind.CONTROL and use.is_red and use.key not in drafted:
            values = _release(case, correction, use)
            drafts.append(
                lay(case, template=template, values=values, correction=correction, about=use.key, at=at, actor=actor)
            )
    drafts += _lay_notices(case, correction, found, drafted, at=at, actor=actor)
    if drafts:
        record(correction, "draft_releases", at=at, case=case, actor=actor, count=len(drafts))
    return drafts


def _lay_notices(
    case: Case, correction: Correction, found: list[Use], drafted: set[str], *, at: dt.datetime, actor: User
) -> list[Draft]:
    """Draft for each unit that holds the stranger's property the notice by which it lets go of it."""
    notice = Template.objects.filter(code=uses.ASSIST).in_force(on=timezone.localdate(at)).first()
    party, drafts = correction.party, []
    for use in found:
        key = f"{use.key}:notice"
        is_held = use.kind == UseKind.CONTROL and use.is_red and bool(use.facts.get("unit"))
        if notice is not None and party is not None and is_held and key not in drafted:
            values = _notice(case, correction, use)
            drafts.append(
                lay(case, template=notice, values=values, correction=correction, about=key, at=at, actor=actor)
            )
    return drafts


def _notice(case: Case, correction: Correction, use: Use) -> dict[str, str]:
    released, party = _release(case, correction, use), correction.party
    assert party is not None
    # The release ruling has no number before it is signed; it goes out with the notice.
    matters = "解除{things}的{measure}（原裁定文号：{earlier}）"
    words = {"measure": use.facts.get("measure", "控制"), "things": released["things"], "earlier": released["earlier"]}
    return {
        "unit": use.facts["unit"],
        "ruling": "随附的解除",
        "debtor": f"{party.side}:{party.position}",
        "matters": matters.format(**words),
    }


def _release(case: Case, correction: Correction, use: Use) -> dict[str, str]:
    # The ruling names whose property was held: the person the case named before.
    pairs, party = correction.pairs(), correction.party
    assert party is not None
    name = pairs.get("name", (party.name, ""))[0]
    number = pairs.get("id_number", (party.id_number, ""))[0]
    holder = "".join((name, "（证件号码：", number, "）")) if number else name
    thing = use.facts.get("thing") or use.label
    return {
        "holder": name,
        "earlier": use.facts.get("ruling") or case.display_number,
        "things": "".join((holder, "名下的", thing)),
        "ground": RELEASE_GROUND,
    }
