"""Hands what the public said to the room that owns it; runs in the staff system's worker.

Whoever breaks the public process can drop anything here: nothing of a submission is trusted, not even its shape.
"""

import datetime as dt
import re
import secrets
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import services as accounts
from bureau.errors import Refused
from bureau.models import User
from bureau.record import record
from cases import services as cases
from cases.models import Agent, Case, Party
from portal import forms, keys, outbox
from portal.models import LINK_DAYS, LINKS_MAX, PhoneCode, StatusPage, Submission, ViewLink
from portal.persons import agent_key, party_key, party_of
from supervision import services as supervision

CODE_MINUTES = 10
A_DAY_MAX = 20  # submissions of one page within a day
DIGEST = re.compile(r"[0-9a-f]{64}")
NOTE_MAX = 200


def take(*, at: dt.datetime, actor: User) -> int:
    """Hand on every submission that waits, oldest first; return how many. Safe to run twice at once."""
    count = 0
    while _take_next(at=at, actor=actor):
        count += 1
    return count


@transaction.atomic
def _take_next(*, at: dt.datetime, actor: User) -> bool:
    waiting = Submission.objects.filter(state=Submission.State.WAITING).order_by("said_at", "id")
    row = waiting.select_for_update(skip_locked=True).first()
    if row is None:
        return False
    row.state, row.taken_at = Submission.State.TAKEN, at
    try:
        with transaction.atomic():
            _hand_on(row, at=at, actor=actor)
    except Refused as refusal:
        row.state, row.note = Submission.State.REFUSED, str(refusal)[:NOTE_MAX]
    row.body = {}
    row.save(update_fields=["state", "taken_at", "body", "note"])
    # The answer to what was said stands on the page: it is written anew at the next turn.
    StatusPage.objects.filter(pk=row.page_id or 0).update(event_seq=-1)
    return True


def _hand_on(row: Submission, *, at: dt.datetime, actor: User) -> None:
    body = row.body if isinstance(row.body, dict) else {}
    if row.kind == Submission.Kind.PHONE_CODE:
        _send_code(body, at=at)
        return
    page = StatusPage.objects.filter(pk=row.page_id or 0).first()
    case = Case.objects.filter(pk=page.case_id).first() if page else None
    party, agent = party_of(row.who, case) if case else (None, None)
    if page is None or party is None or (agent and not agent.acts_on(timezone.localdate(at))):
        raise Refused(_("查询资格已失效，请重新查询"))
    within = Submission.objects.filter(page_id=page.pk, said_at__gt=at - dt.timedelta(days=1))
    if within.exclude(pk=row.pk).count() >= A_DAY_MAX:
        raise Refused(_("今天提交的内容过多，请明天再提交或拨打办理团队电话"))
    act = ACTS.get(row.kind)
    if act is None:
        raise Refused(_("内容不完整，请重新填写"))
    act(_Said(row, page, party, agent, body), at, actor)


class _Said:
    """One submission whose sayer is known; its body still is whatever somebody sent."""

    def __init__(self, row: Submission, page: StatusPage, party: Party, agent: Agent | None, body: dict[str, Any]):
        self.row, self.page, self.party, self.agent, self.body = row, page, party, agent, body

    def by(self, form: type[forms.Spoken]) -> dict[str, Any]:
        """Return the body as the page's own form reads it."""
        checked = form(self.body)
        if not checked.is_valid():
            raise Refused(_("内容不完整，请重新填写"))
        return checked.cleaned_data

    @property
    def source(self) -> dict[str, Any]:
        """Return under which receipt, and through whom."""
        return {"receipt": self.row.receipt, "agent": self.agent}


def _clue(said: _Said, at: dt.datetime, actor: User) -> None:
    given = said.by(forms.Clue)
    cases.give_clue(said.party, text=forms.clue_text(given), **said.source, at=at, actor=actor)


def _visit(said: _Said, at: dt.datetime, actor: User) -> None:
    given = said.by(forms.Visit)
    wish = {"wanted_on": given["on"], "wanted_half": given["half"], "text": given["text"]}
    cases.book_visit(said.party, **wish, **said.source, at=at, actor=actor)


def _complaint(said: _Said, at: dt.datetime, actor: User) -> None:
    given = said.by(forms.Complaint)
    cases.complain(said.party, topic=given["topic"], text=given["text"], **said.source, at=at, actor=actor)


def _payee(said: _Said, at: dt.datetime, actor: User) -> None:
    if said.by(forms.Payee)["what"] == forms.Payee.RIGHT:
        accounts.affirm_payee(said.party, at=at, actor=actor)
    else:
        accounts.ask_payee_by_party(said.party, reason=forms.Payee.ASKED, at=at, actor=actor)


def _rating(said: _Said, at: dt.datetime, actor: User) -> None:
    given = said.by(forms.Rating)
    mark = {"stage": given["stage"], "score": int(given["score"]), "text": given["text"]}
    supervision.rate_stage(said.party, **mark, at=at, actor=actor)


def _link(said: _Said, at: dt.datetime, actor: User) -> None:
    token_hmac = str(said.body.get("token_hmac", ""))
    mine = ViewLink.objects.filter(page_id=said.page.pk, made_by=said.row.who)
    if not DIGEST.fullmatch(token_hmac) or ViewLink.objects.filter(token_hmac=token_hmac).exists():
        raise Refused(_("内容不完整，请重新填写"))
    if mine.live(at=at).count() >= LINKS_MAX:
        raise Refused(_("有效的亲属链接已有 5 个，请先撤销不用的"))
    told = {"made_by": said.row.who, "made_at": at, "until_at": at + dt.timedelta(days=LINK_DAYS)}
    link = ViewLink.objects.create(page_id=said.page.pk, code_hmac=said.page.code_hmac, token_hmac=token_hmac, **told)
    record(link, "make_link", at=at, actor=actor, number=said.page.payload["number"])


def _revoke(said: _Said, at: dt.datetime, actor: User) -> None:
    key = said.body.get("link")
    mine = ViewLink.objects.filter(page_id=said.page.pk, made_by=said.row.who, revoked_at__isnull=True)
    link = mine.filter(pk=key).first() if isinstance(key, int) else None
    if link is None:
        raise Refused(_("没有这个链接，或已撤销"))
    link.revoked_at = at
    link.save(update_fields=["revoked_at"])
    record(link, "revoke_link", at=at, actor=actor, number=said.page.payload["number"])


ACTS: dict[str, Callable[[_Said, dt.datetime, User], None]] = {
    Submission.Kind.CLUE: _clue,
    Submission.Kind.VISIT: _visit,
    Submission.Kind.COMPLAINT: _complaint,
    Submission.Kind.PAYEE: _payee,
    Submission.Kind.RATING: _rating,
    Submission.Kind.LINK: _link,
    Submission.Kind.REVOKE: _revoke,
}


def _send_code(body: dict[str, Any], *, at: dt.datetime) -> None:
    """Send six digits to a phone that is registered in the case; for any other, nothing happens and nobody is told."""
    digest, wanted = str(body.get("number", "")), str(body.get("phone", ""))
    page = StatusPage.objects.filter(number_digest=digest).order_by("-id").first()
    case = Case.objects.filter(pk=page.case_id).first() if page else None
    if page is None or case is None:
        return
    for who, phone in _phones(case, on=timezone.localdate(at)):
        if keys.phone_hmac(phone) == wanted:
            code = f"{secrets.randbelow(10**6):06d}"
            PhoneCode.objects.create(
                number_digest=digest,
                code_hmac=keys.phone_code_hmac(digest, code),
                page_id=page.pk,
                who=who,
                sent_at=at,
                expires_at=at + dt.timedelta(minutes=CODE_MINUTES),
            )
            outbox.put("PHONE_CODE", phone, cause=f"code:{secrets.token_hex(8)}", code=code, at=at)
            return


def _phones(case: Case, *, on: dt.date) -> list[tuple[str, str]]:
    parties = case.parties.filter(side=Party.Side.APPLICANT, left_on__isnull=True).order_by("position")
    found = [(party_key(party.pk), party.phone) for party in parties if party.phone]
    agents = case.agents.live(on=on).filter(party__side=Party.Side.APPLICANT).order_by("id")
    return found + [(agent_key(agent.pk), agent.phone) for agent in agents if agent.phone]
