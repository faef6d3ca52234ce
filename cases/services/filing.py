"""A case comes into being: number, parties, claims, first clocks."""

import datetime as dt
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bureau import names
from bureau.crypto import digest
from bureau.errors import Refused, of_field
from bureau.models import Court, Holiday, Team, User, Window
from cases import casenumber, deadlines, nodes
from cases.filing import FilingData, PartyData
from cases.models import Case, CaseNumberSequence, Claim, Note, Party
from cases.record import record
from cases.routing import unit_of


@transaction.atomic
def register(filing: FilingData, *, revives: Case | None = None, at: dt.datetime, actor: User) -> Case:
    """File a case: give it the next number of its court, year and type, and record parties and claims.

    With a closed case to revive it becomes its 执恢 case, for the unit that the routing table names.

    Raises Refused when a party of either side or every claim is missing, or the entered number is taken.
    """
    refuse_incomplete(filing)
    court = Court.objects.get(code=filing.court_code)
    case = case_of(filing, court, filed_at=at, actor=actor)
    held_by = revives.executing_unit if revives else None
    if revives is not None:
        case.type_code, case.revives = Case.TypeCode.REVIVED, revives
    case.executing_unit = unit_of(case.type_code, filed_on=case.filed_on, held_by=held_by).to
    if case.is_of_court:
        # Its court's own staff see it and say who goes on with it.
        case.team = Team.objects.filter(court=court, is_active=True).first()
    _give_number(case, filing.entered_number, court=court, at=at)
    write_down(case, filing)
    record(
        case,
        "register",
        at=at,
        case=case,
        actor=actor,
        court=filing.court_code,
        window=filing.window_code,
        basis=filing.basis.number,
        amount=case.amount_claimed,
        parties=[trace(party) for party in filing.parties],
    )
    if filing.performed:
        # A remark, for nothing was shown yet: who has the case records it as performed once the paper is there.
        note = Note.objects.create(case=case, text=filing.performed, by=actor, at=at)
        record(note, "add_note", at=at, case=case, actor=actor)
    return case


def write_down(case: Case, filing: FilingData) -> None:
    """Save a new case with the parties and claims of its filing."""
    case.save(force_insert=True)
    _add_parties(case, filing.parties)
    Claim.objects.bulk_create(
        Claim(
            case=case,
            position=position,
            kind=claim.kind,
            amount=claim.amount,
            base=claim.base,
            rate=claim.rate,
            from_on=claim.from_on,
            is_doubled=Claim.counts_for_doubled(claim.kind, claim.is_doubled),
            note=claim.note,
        )
        for position, claim in enumerate(filing.claims, start=1)
    )


def number_objections(case: Case) -> list[str]:
    """Return why no number can be entered: the case has one."""
    return [_("本案已有案号")] if case.number else []


@transaction.atomic
def enter_number(case: Case, *, number: str, at: dt.datetime, actor: User) -> Case:
    """Give a case the number that the national system issued; it must fit court, year and type, and be free."""
    case = Case.objects.select_for_update(of=("self",)).select_related("number_court").get(pk=case.pk)
    if not actor.has_perm("intake.file_case"):
        raise PermissionDenied
    if reasons := number_objections(case):
        raise Refused(reasons)
    _take_entered(case, number, case.number_court)
    case.save(update_fields=["number", "seq"])
    record(case, "enter_number", at=at, case=case, actor=actor, number=case.number)
    return case


def refuse_incomplete(filing: FilingData) -> None:
    """Refuse a filing without a party of either side or without a claim."""
    sides = {party.side for party in filing.parties}
    reasons = []
    if Party.Side.APPLICANT not in sides:
        reasons.append(_("至少填写一名申请执行人"))
    if Party.Side.DEBTOR not in sides:
        reasons.append(_("至少填写一名被执行人"))
    if not filing.claims:
        reasons.append(_("至少填写一项执行请求"))
    if reasons:
        raise Refused(reasons)


def case_of(filing: FilingData, court: Court, *, filed_at: dt.datetime, actor: User) -> Case:
    """Return the case as filed at that moment, with its first limits; nothing is saved."""
    day = timezone.localdate(filed_at)
    days = Holiday.objects.calendar()
    basis = filing.basis
    case = Case(
        number_court=court,
        year=day.year,
        filing_window=Window.objects.get(code=filing.window_code),
        team=Team.objects.filter(kind=Team.Kind.COMMAND, is_active=True).order_by("id").first(),
        stage_since_on=day,
        basis_kind=basis.kind,
        basis_title=basis.title,
        basis_issuer=basis.issuer,
        basis_number=basis.number,
        basis_key=casenumber.basis_key(basis.number),
        basis_made_on=basis.made_on,
        basis_effective_on=basis.effective_on,
        performance_due_on=basis.performance_due_on,
        cause=filing.cause,
        clues=filing.clues,
        amount_claimed=sum((claim.amount for claim in filing.claims if claim.amount), Decimal("0.00")),
        filed_at=filed_at,
        filed_on=day,
        filed_by=actor,
        is_demo=filing.is_demo,
    )
    case.triage_due_on = nodes.counted(nodes.BY_CODE["TRIAGE"], day, days=days).due_on
    case.closing_due_on = nodes.counted(deadlines.closing_limit(case), day, days=days).due_on
    return case


def _give_number(case: Case, entered: str, *, court: Court, at: dt.datetime) -> None:
    if court.number_mode == Court.NumberMode.ENTERED:
        if entered:
            _take_entered(case, entered, court)
        else:
            seq = next_seq(court, case.year, "临")
            case.provisional_number = f"临{case.year}-{court.code}-{seq:04d}"
        return
    if entered:
        raise Refused(of_field("entered_number", _("该法院的案号由本系统编立，不能录入")))
    while not case.number or Case.objects.filter(number=case.number).exists():
        # A number that came in with the old book is not given twice.
        case.seq = next_seq(court, case.year, case.type_code)
        case.number = casenumber.write(year=case.year, court_code=court.code, type_code=case.type_code, seq=case.seq)


def _take_entered(case: Case, text: str, court: Court) -> None:
    try:
        number = casenumber.parse(text)
    except ValueError as error:
        raise Refused(of_field("entered_number", error)) from None
    expected = (case.year, court.code, case.type_code, "")
    if (number.year, number.court, number.type_code, number.suffix) != expected:
        raise Refused(
            of_field(
                "entered_number",
                _("案号应为 %(year)d 年 %(court)s 的“%(type)s”字案号")
                % {"year": case.year, "court": court.code, "type": case.type_code},
            )
        )
    if Case.objects.filter(number=number.canonical).exists():
        raise Refused(of_field("entered_number", _("该案号已被使用")))
    case.number, case.seq = number.canonical, number.seq


def next_seq(court: Court, year: int, type_code: str) -> int:
    """Return the next number of the book; the row lock is held to the end of the filing, so no number is lost."""
    CaseNumberSequence.objects.get_or_create(court=court, year=year, type_code=type_code)
    sequence = CaseNumberSequence.objects.select_for_update().get(court=court, year=year, type_code=type_code)
    sequence.last_seq += 1
    sequence.save(update_fields=["last_seq"])
    return sequence.last_seq


def _add_parties(case: Case, parties: tuple[PartyData, ...]) -> None:
    counts: dict[str, int] = {}
    rows = []
    for data in parties:
        counts[data.side] = counts.get(data.side, 0) + 1
        party = Party(
            case=case,
            side=data.side,
            kind=data.kind,
            position=counts[data.side],
            name=data.name,
            id_kind=data.id_kind,
            id_number=data.id_number,
            phone=data.phone,
            address=data.address,
            legal_representative=data.legal_representative,
        )
        rows.append(index_party(party))
    Party.objects.bulk_create(rows)


def index_party(party: Party) -> Party:
    """Set what a party is found by: pinyin key and characters of the name, digests of the numbers."""
    party.name_key, party.name_grams = names.sort_key(party.name), names.grams(party.name)
    party.id_digest, party.id_last4 = digest(party.id_number), party.id_number[-4:]
    party.phone_digest, party.phone_last4 = digest(party.phone), party.phone[-4:]
    return party


def trace(party: PartyData) -> dict[str, str]:
    """Return what the record keeps of a party: no name, its number by keyed digest and last four."""
    return {"side": party.side, "kind": party.kind, "id": digest(party.id_number), "id_last4": party.id_number[-4:]}
