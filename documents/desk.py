"""What waits for a user in this room: drafts to sign, drafts that came back, papers that could not be printed."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau.desk import DeskItem
from bureau.models import User
from cases.models import Case
from documents.library.declared import Sign
from documents.models import Document, Draft, DraftQuerySet, Revision

ITEMS_MAX = 200  # of each kind


def items(user: User, *, today: dt.date) -> Iterable[DeskItem]:
    """Return the user's waiting items; at most five queries."""
    if any(user.has_perm(f"documents.{name}") for name in ("sign_ruling", "sign_decision", "issue_document")):
        yield from _to_sign(user)
    if user.has_perm("documents.issue_document"):
        yield from _sent_back(user, today)
        yield from _unprintable(user)
    if user.has_perm("documents.approve_template"):
        yield from _to_approve(user)
    if user.has_perm("documents.edit_template"):
        yield from _sent_back_texts(user, today)


def _to_approve(user: User) -> Iterator[DeskItem]:
    for row in Revision.objects.for_list().waiting().exclude(proposed_by=user)[:ITEMS_MAX]:
        yield _text_item(_("待批准的模板修订"), row, timezone.localdate(row.proposed_at))


def _sent_back_texts(user: User, today: dt.date) -> Iterator[DeskItem]:
    back = Revision.objects.for_list().filter(proposed_by=user, state=Revision.State.SENT_BACK)
    for row in back.filter(answered_at__date__gte=today - dt.timedelta(days=7))[:ITEMS_MAX]:
        yield _text_item(_("模板修订被退回"), row, timezone.localdate(row.answered_at))


def _text_item(kind: str, row: Revision, since_on: dt.date) -> DeskItem:
    return DeskItem(kind=kind, title=row.title, url=row.get_absolute_url(), since_on=since_on, note=row.answer_note)


def _to_sign(user: User) -> Iterator[DeskItem]:
    mine = Q(pk__in=[])
    if user.has_perm("documents.sign_ruling"):
        mine |= Q(template__sign=Sign.JUDGE, case__judge=user)
    if user.has_perm("documents.sign_decision"):
        mine |= Q(template__sign=Sign.PRESIDENT)
    if user.has_perm("documents.issue_document") and user.team_id:
        # What a colleague has worded himself goes out under the seal once somebody else has read it.
        mine |= Q(template__sign=Sign.SEAL, edited_count__gt=0, case__team=user.team_id) & ~Q(edited_by=user)
    for draft in _loaded(Draft.objects.waiting().filter(mine))[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("待签发文书"),
            title=draft.template.title,
            url=reverse("documents:draft", args=[draft.pk]),
            case_number=draft.case.display_number,
            since_on=timezone.localdate(draft.proposed_at),
        )


def _sent_back(user: User, today: dt.date) -> Iterator[DeskItem]:
    # A week on the desk; after that it is history.
    back = Draft.objects.filter(
        proposed_by=user, state=Draft.State.SENT_BACK, answered_at__date__gte=today - dt.timedelta(days=7)
    )
    for draft in _loaded(back.order_by("answered_at", "id"))[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("拟稿被退回"),
            title=draft.template.title,
            url=reverse("documents:draft", args=[draft.pk]),
            case_number=draft.case.display_number,
            since_on=timezone.localdate(draft.answered_at),
            note=draft.answer_note,
        )


def _loaded(drafts: DraftQuerySet) -> DraftQuerySet:
    return drafts.select_related("case", "template").defer("values", "edited_text")


def _unprintable(user: User) -> Iterator[DeskItem]:
    failed = Document.objects.unprintable().light().filter(Q(issued_by=user) | Q(case__judge=user))
    failed = failed.filter(voided_by__isnull=True, case__in=Case.objects.visible_to(user))
    for document in failed.select_related("case").order_by("id")[:ITEMS_MAX]:
        yield DeskItem(
            kind=_("文书制作失败"),
            title=document.title,
            url=document.get_absolute_url(),
            case_number=document.case.display_number,
            since_on=document.issued_on,
            is_red=True,
            note=document.pdf_error,
        )
