"""What a demo case names and binds: documents made outside the system, and scans where its record proves nothing."""

import datetime as dt
from collections.abc import Iterable

from django.utils import timezone

from bureau.models import Event, User
from cases import proofs, services
from cases.closing import GROUND, WAYS, Condition
from cases.closinggrounds import Ground, grounds_of
from cases.closingproofs import Proof
from cases.evidence import COURT_PAPER, Cited
from cases.models import Case
from documents import services as documents
from documents.models import Document
from wuhai_exec.demo.papers import pdf

Bound = dict[str, tuple[int, str]]
SCAN = pdf("Document made outside the system")
NOTE = "见所附材料"


# What the scan of the start says it is: the pack and the clocks that it ends name a paper of the file.
NOTICES = "执行通知书、报告财产令（系统外制作）"


def cited(case: Case, *, suffix: str = "", title: str = "系统外制作的文书", at: dt.datetime, actor: User) -> Cited:
    """Scan a document of the case that was made outside the system that day; return it."""
    paper, _event = scan(case, title, kind=COURT_PAPER, at=at, actor=actor)
    return Cited(paper, case.display_number + suffix, timezone.localdate(at))


def outside_pack(
    case: Case, *, clues: bool = False, notices: bool = True, at: dt.datetime, actor: User
) -> dict[str, Cited]:
    """Return the documents of the start as made outside the system, in one scan; the notices may be issued in it."""
    items = [*(("NOTICE", "REPORT_ORDER") if notices else ()), *(("CLUES_ASKED",) if clues else ())]
    if not items:
        return {}
    title = NOTICES if notices else "提供财产线索通知书（系统外制作）"
    return dict.fromkeys(items, cited(case, title=title, at=at, actor=actor))


def scan(case: Case, title: str, *, kind: str = "STATEMENT", at: dt.datetime, actor: User) -> tuple[str, int]:
    """Put a scan into the file; return its name for acts, and the event that recorded it."""
    row = documents.receive(case, [documents.Paper(kind, title, SCAN)], at=at, actor=actor)[0]
    events = Event.objects.of_chain(f"case:{case.pk}").filter(verb="receive_material")
    return f"material:{row.pk}", events.order_by("-seq").values_list("pk", flat=True)[0]


def _shown(case: Case, row: Condition, ground: Ground, *, at: dt.datetime, actor: User) -> int:
    """Do what shows the condition: a talk where none of its proofs is a paper, else a scan; return the event."""
    wanted = ground.proofs if row.code == GROUND else row.proofs
    if any(proof.verb == "receive_material" for proof in wanted):
        return scan(case, str(row.label), kind=_kind(wanted), at=at, actor=actor)[1]
    party = case.parties.filter(side="APPLICANT").order_by("position")[0]
    services.log_contact(case, kind="TALK", whom=party.name, text=str(row.label), at=at, actor=actor)
    events = Event.objects.of_chain(f"case:{case.pk}").filter(verb="log_contact")
    return events.order_by("-seq").values_list("pk", flat=True)[0]


def limit(case: Case, *, at: dt.datetime, actor: User) -> None:
    """Limit the consumption of every debtor who is not limited yet."""
    president = _president(case)
    for party in case.parties.filter(side="DEBTOR", left_on__isnull=True).order_by("position"):
        row = case.sanctions.running().filter(party=party, kind="LIMIT_CONSUMPTION").first()
        if row is None:
            facts = "执行通知书送达后逾期未履行，送达回证在卷"
            row = services.propose_sanction(case, party=party, ground="UNPERFORMED", facts=facts, at=at, actor=actor)
        if row.state != row.State.PROPOSED and row.document:
            continue
        words = f"{case.number} 限制消费令"
        scan(case, words, kind=COURT_PAPER, at=at, actor=actor)
        if row.state == row.State.PROPOSED:
            services.approve_sanction(row, document=words, at=at, actor=president)
        else:
            services.name_document(row, document=words, at=at, actor=actor)


def _president(case: Case) -> User:
    # Who decides on sanctions of the case: for the old book the president of its own court.
    of_court = {"groups__name": "COURT_PRESIDENT", "team": case.team_id}
    wanted = of_court if case.is_of_court else {"groups__name": "PRESIDENT"}
    found: User = User.objects.filter(is_active=True, **wanted).order_by("pk")[0]
    return found


def _kind(wanted: Iterable[Proof]) -> str:
    # The kind of material by which the condition may be shown.
    return next(proof.only[1][0] for proof in wanted if proof.verb == "receive_material" and proof.only)


# On which ground the cases of the book close; what else is said of it is their journey's.
GROUNDS = {"FULFILLED": "FORCED", "TERMINATED": "WITHDRAWN", "PROCEDURAL": "NOTHING"}
# A notice bears the plain number of its case, a ruling its own.
SUFFIXES = {"FULFILLED": ""}


def closing(
    case: Case, mode: str, *, ground: str = "", issued: Document | None = None, at: dt.datetime, actor: User
) -> tuple[str, str, Bound]:
    """Return document, number and proofs by which the case closes: its own record first, scans for the rest."""
    way, bound = WAYS[mode], Bound()
    grounds = grounds_of(mode)
    why = grounds.get(ground) or next(iter(grounds.values()))
    if any(row.code == "LIMITED" for row in way.conditions):
        limit(case, at=at, actor=actor)
    document, number = (f"document:{issued.pk}", "") if issued else ("", f"{case.number}{SUFFIXES.get(mode, '之一')}")
    if issued is None:
        document, event = scan(case, str(way.document), kind=COURT_PAPER, at=at, actor=actor)
        bound |= {row.code: (event, NOTE) for row in way.conditions if row.is_document}
    may_prove = proofs.for_way(case, way)
    for row in way.conditions:
        if row.code in bound:
            continue
        used = {pk for pk, _note in bound.values()}
        shown = [item for item in may_prove[row.code] if document not in (paper.ref for paper in item.papers)]
        if row.code == GROUND:
            shown = [item for item in shown if proofs.shows(why, item)]
        own = [item.event.pk for item in shown if item.event.pk not in used]
        bound[row.code] = (own[0] if own else _shown(case, row, why, at=at, actor=actor), NOTE)
    if issued is None and way.needs_service:
        scan(case, f"{way.document} 送达回证", kind="SERVICE", at=at, actor=actor)
    return document, number, bound
