"""The card of a case for whoever answers a call: three sentences to read aloud, and two lines for the chat group."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bureau.masking import mask_name
from bureau.models import User
from cases import listing
from cases.models import Case, Contact, Party

CARDS_MAX = 10
CONTACTS_SHOWN = 3
LATEST = "latest_contacts"  # where the look-up keeps them on the case
HOLD_REASONS = (
    gettext_lazy("等待案外人异议审查结果"),
    gettext_lazy("等待评估或拍卖结果"),
    gettext_lazy("当事人正在协商和解"),
    gettext_lazy("等待委托法院回复"),
)
AT_REST = {
    Case.Stage.SUSPENDED: gettext_lazy("案件现已中止，中止情形消失后恢复执行，届时书面通知。"),
    Case.Stage.STAYED: gettext_lazy("案件现已暂缓执行，暂缓期满后恢复执行。"),
    Case.Stage.SETTLED: gettext_lazy("双方已达成执行和解，请按协议履行；未履行的可以申请恢复执行。"),
}
END_REASONS = (gettext_lazy("等待事项已有结果"), gettext_lazy("当事人申请继续执行"), gettext_lazy("发现财产线索"))


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of one case in a glance."""

    case: Case
    sentences: list[str]
    contacts: list[Contact]
    chat: str

    @property
    def chat_id(self) -> str:
        """Return the name of its box on the page."""
        return f"chat-{self.case.pk}"


def cards(user: User, text: str, *, today: dt.date, site: str) -> tuple[list[Card], int]:
    """Return at most ten cards of visible cases, open ones first, and how many cases there are."""
    found = listing.found(Case.objects.visible_to(user), text)
    latest = Contact.objects.for_list()
    cases = found.for_list().prefetch_related(Prefetch("contacts", latest[:CONTACTS_SHOWN], to_attr=LATEST))
    shown = cases.order_by(F("closed_on").desc(nulls_first=True), "-filed_on", "-id")[:CARDS_MAX]
    rows = [
        Card(case, sentences(case, today=today), getattr(case, LATEST), chat_lines(case, site=site)) for case in shown
    ]
    return rows, len(rows) if len(rows) < CARDS_MAX else found.count()


def sentences(case: Case, *, today: dt.date) -> list[str]:
    """Return three sentences that may be read to a party.

    Where the case stands, whom to ask (the team's number, never a private one), and what comes next by which day.
    Planned measures are never named: what is not yet carried out stays inside (domain handbook §13.1).
    """
    # What reviewers have before them is the house's own business until they have signed.
    stage = case.resume_stage if case.stage == Case.Stage.CLOSING else case.stage
    words = {"number": case.display_number, "stage": case.stage_label(stage), "day": case.stage_since_on}
    where = _("案件%(number)s，自%(day)s起处于“%(stage)s”阶段。") % words
    return [where, _who(case), _next(case, today)]


def _who(case: Case) -> str:
    team = case.team
    if team is None:
        return _("案件由执行指挥中心安排办理团队。")
    words = {"team": team.name, "phone": team.phone or _("（未登记）"), "judge": case.judge.name if case.judge else ""}
    if case.judge:
        return _("现由%(team)s办理，承办法官%(judge)s，联系电话%(phone)s。") % words
    return _("现由%(team)s办理，联系电话%(phone)s。") % words


def _next(case: Case, today: dt.date) -> str:
    if case.closed_on:
        words = {"day": case.closed_on, "mode": case.get_closing_mode_display()}
        return _("案件已于%(day)s以“%(mode)s”方式结案。") % words
    if case.stage == Case.Stage.FILED and case.is_of_court:
        return _("案件由原法院办理，正在确定承办人。")
    if case.stage == Case.Stage.FILED:
        return _("下一步是繁简分流和分案，应于%(day)s前完成。") % {"day": case.triage_due_on}
    if case.stage in AT_REST:
        return str(AT_REST[case.stage])
    if case.closing_due_on < today:
        return _("执行期限已于%(day)s届满，案件仍在办理，请向办理团队询问进展。") % {"day": case.closing_due_on}
    return _("案件正在依法执行，执行期限至%(day)s。") % {"day": case.closing_due_on}


def chat_lines(case: Case, *, site: str) -> str:
    """Return two lines for the chat group: number, stage, masked names; the day, and the case's address in the house.

    `site` is the root of that address, such as https://host, so that a chat shows it as a link.
    """
    sides = [
        "、".join(mask_name(party.name, party.kind) for party in _of_side(case, side))
        for side in (Party.Side.APPLICANT, Party.Side.DEBTOR)
    ]
    first = f"{case.display_number} {case.get_stage_display()} {sides[0]} → {sides[1]}"
    day = case.closed_on or case.closing_due_on
    label = _("结案日") if case.closed_on else _("执行期限")
    return f"{first}\n{label} {day} {site}{case.get_absolute_url()}"


def _of_side(case: Case, side: str) -> list[Party]:
    current = (party for party in case.parties.all() if party.side == side and party.is_current)
    return sorted(current, key=lambda party: party.position)
