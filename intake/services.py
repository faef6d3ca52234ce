"""Every change at the windows: filing a case with all it needs."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts import services as accounts
from accounts.payees import PayeeData
from accounts.statement import statement_of
from assets import services as assets
from assets.taking import PreservedData
from bureau.errors import Refused, of_field
from bureau.models import User
from cases import services as cases
from cases.filing import FilingData
from cases.models import Case, Party
from cases.record import record
from documents import services as documents
from documents.models import Material, Staged
from intake.codes import code_hmac, new_code
from intake.filingdata import AddressData, AgentData
from intake.filingsources import Unreceived, note_source
from intake.models import FilingSource, LookupCode, Reception

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# What is kept stays Chinese.
REVIVAL = "恢复执行申请书"


@dataclass(frozen=True, slots=True)
class MaterialData:
    """One scan handed in; `applicant` is the position of the applicant it belongs to, 0 for the case."""

    kind: str
    title: str
    content: bytes | Staged
    applicant: int = 0


@dataclass(frozen=True, slots=True)
class Filed:
    """A filed case and its look-up code, which nobody can read again."""

    case: Case
    code: str


@transaction.atomic
def file_case(
    filing: FilingData,
    *,
    payees: Mapping[int, PayeeData] | None = None,
    materials: Sequence[MaterialData] = (),
    preserved: Sequence[PreservedData] = (),
    addresses: Mapping[int, AddressData] | None = None,
    agents: Sequence[AgentData] = (),
    reception: Reception | None = None,
    without_reception: Unreceived | None = None,
    at: dt.datetime,
    actor: User,
) -> Filed:
    """File a case: number, one escrow account, payee accounts to be checked, by applicant position, scans, a code.

    Either the signed record of its first reception or the reason why there is none is given. What was preserved
    before becomes a control by itself. All of it or nothing. Raises PermissionDenied for another window than the
    clerk's own.
    """
    if not actor.has_perm("intake.file_case") or actor.window is None or actor.window.code != filing.window_code:
        raise PermissionDenied
    case = cases.register(filing, at=at, actor=actor)
    note_source(case, reception=reception, without_reception=without_reception, at=at, actor=actor)
    accounts.open_escrow(case, at=at, actor=actor)
    applicants = {party.position: party for party in case.parties.all() if party.side == Party.Side.APPLICANT}
    papers = [
        documents.Paper(item.kind, item.title, item.content, applicants.get(item.applicant)) for item in materials
    ]
    received = documents.receive(case, papers, at=at, actor=actor)
    scans = {
        item.applicant: paper
        for item, paper in zip(materials, received, strict=True)
        if item.kind == Material.Kind.PAYEE
    }
    for position, payee in (payees or {}).items():
        if position not in applicants:
            raise Refused(_("收款账户没有对应的申请执行人"))
        scan = scans.get(position) or scans.get(0)
        accounts.request_payee(applicants[position], payee=payee, material=scan, at=at, actor=actor)
    _enter_people(applicants, addresses or {}, agents, received, at=at, actor=actor)
    if preserved:
        assets.take_over_preserved(case, preserved, at=at, actor=actor)
    return Filed(case, issue_code(case, at=at, actor=actor))


def _enter_people(
    applicants: Mapping[int, Party],
    addresses: Mapping[int, AddressData],
    agents: Sequence[AgentData],
    received: Sequence[Material],
    *,
    at: dt.datetime,
    actor: User,
) -> None:
    """Enter where the applicants are served and who acts for them, as the filing says."""
    for position, said in addresses.items():
        party = applicants[position]
        papers = [row for row in received if row.kind == Material.Kind.ADDRESS and row.party_id in (None, party.pk)]
        documents.confirm_address(
            party,
            recipient=party.name,
            address=said.address,
            phone=party.phone,
            has_e_consent=said.has_e_consent,
            has_ruling_consent=said.has_ruling_consent,
            e_address=said.e_address,
            material=papers[-1] if papers else None,
            at=at,
            actor=actor,
        )
    for agent in agents:
        if agent.applicant not in applicants:
            raise Refused(_("代理人没有对应的申请执行人"))
        cases.add_agent(applicants[agent.applicant], **agent.given, at=at, actor=actor)


def is_of_own_accord(case: Case) -> bool:
    """Return whether a query after 终本 has found property, so that nobody need ask for the revival."""
    return case.deadlines.running().filter(node="REVIVE").exists()


def applications_of(case: Case) -> QuerySet[Material]:
    """Return the papers received in a closed case since it was closed that may ask for its revival, newest first."""
    if case.closed_on is None:
        return Material.objects.none()
    kinds = (Material.Kind.APPLICATION, Material.Kind.OTHER)
    rows = Material.objects.filter(case=case, kind__in=kinds, is_restricted=False, work_order__isnull=True)
    return rows.filter(received_at__date__gte=case.closed_on).order_by("-received_at", "-id")


@transaction.atomic
def revive_case(
    case: Case,
    *,
    ground: str,
    application: "UploadedFile[bytes] | None" = None,
    filed: Material | None = None,
    at: dt.datetime,
    actor: User,
) -> Filed:
    """File the 执恢 case of a closed one: own escrow account, own look-up code, what is owed.

    The applicant asks in writing, and the scan goes into the new file: uploaded, or `filed` in the closed case's file
    since it was closed; only where a query after 终本 found property
    does the court act of its own accord (民诉法解释 517; 法〔2016〕373号 9).
    At the clerk's window; by the command centre, which is told of property found, at the window of the closed case.
    """
    if not actor.has_perm("intake.revive_case"):
        raise PermissionDenied
    if filed is not None and not applications_of(case).filter(pk=filed.pk).exists():
        raise Refused(of_field("filed", _("所选材料不是原案结案后收到的申请书")))
    asked = application or filed
    if asked is None and not is_of_own_accord(case):
        raise Refused(of_field("application", _("请附恢复执行申请书；终本后复查发现财产的，法院可以依职权恢复")))
    owed = statement_of(case).claimed_left
    window = actor.window or case.filing_window
    revived = cases.revive(case, window=window, amount=owed, ground=ground, at=at, actor=actor)
    came = Unreceived(FilingSource.Reason.REVIVAL, case.display_number)
    note_source(revived, reception=None, without_reception=came, at=at, actor=actor)
    if asked is not None:
        documents.receive_application(revived, asked, title=REVIVAL, at=at, actor=actor)
    accounts.open_escrow(revived, at=at, actor=actor)
    return Filed(revived, issue_code(revived, at=at, actor=actor))


def issue_code(case: Case, *, verb: str = "issue_code", at: dt.datetime, actor: User, **details: Any) -> str:
    """Make the live code of a case and return it; only its keyed hash is kept."""
    code = new_code()
    row = LookupCode.objects.create(case=case, code_hmac=code_hmac(code), issued_at=at, issued_by=actor)
    record(row, verb, at=at, case=case, actor=actor, **details)
    return code
