"""What the room's pages show, gathered in a constant number of queries."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from bureau.models import User
from cases.models import Case, Party
from cases.models.codes import MaterialKind
from cases.sanctionpapers import KINDS
from documents import editing, filling, services
from documents.facts import facts_of
from documents.library.declared import Phase
from documents.models import Delivery, Document, Draft, Material, SealUse, Staged, Template
from documents.numerals import printed_number
from documents.services import sanctioned
from documents.services.efile import index_of
from documents.services.issue import may_issue
from documents.services.sealing import is_genuine
from documents.services.twice import second_of
from documents.typesetting import verify_url

UNNUMBERED = "（签发时编号）"
CASES_SHOWN = 200


def efile(case: Case, user: User) -> dict[str, Any]:
    """Return the index of the case and its checklist."""
    entries = index_of(case, user)
    kinds = {entry.paper.kind for entry in entries if not entry.is_issued}
    return {
        "entries": entries,
        "page_count": entries[-1].last_page if entries else 0,
        "checklist": [(kind.label, kind in kinds) for kind in Material.REQUIRED],
        "missing_notes": case.missing_notes.select_related("by").order_by("id"),
        "may_explain": user.has_perm("cases.archive_case") and case.stage == Case.Stage.CLOSED,
        "may_add": user.has_perm("documents.add_material"),
        "may_export": user.has_perm("documents.export_efile"),
    }


def kinds_of(case: Case) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the kinds that a paper of the case may be of, in groups: still missing, there already, and the rest.

    What only some documents of enforcement ask for is left out elsewhere, as are papers of visits where none was asked.
    """
    there = Counter(Material.objects.filter(case=case).values_list("kind", flat=True))
    missing = set(services.missing_kinds(case))
    wanted = [kind for kind in Material.Kind if there[kind] or _is_asked(kind, case)]
    marked = [(kind.value, _marked(kind, there[kind])) for kind in wanted if there[kind]]
    rest = [(kind.value, str(kind.label)) for kind in wanted if not there[kind]]
    groups = (
        (_("尚缺的必备材料"), [row for row in rest if row[0] in missing]),
        (_("已入卷的，再收一份"), marked),
        (_("其他材料"), [row for row in rest if row[0] not in missing]),
    )
    return [(label, rows) for label, rows in groups if rows]


def _marked(kind: MaterialKind, count: int) -> str:
    return _("%(kind)s（已有 %(count)d 份）") % {"kind": kind.label, "count": count}


def _is_asked(kind: str, case: Case) -> bool:
    if kind == Material.Kind.SPECIAL:
        return case.basis_kind in Material.SPECIAL_OF
    return kind != Material.Kind.ONSITE or case.work_orders.exists()


def case_documents(case: Case, user: User) -> dict[str, Any]:
    """Return the documents of the case, newest first, with their service; the drafts; the confirmed addresses."""
    documents = Document.objects.visible_to(user).filter(case=case).for_list().prefetch_related("deliveries")
    drafts = Draft.objects.filter(case=case, state=Draft.State.WAITING).select_related("template", "proposed_by")
    parties = Party.objects.filter(case=case).prefetch_related("address_confirmations").order_by("side", "position")
    return {
        "documents": documents.order_by("-issued_at", "-id"),
        "drafts": drafts.defer("values", "edited_text").order_by("id"),
        "addresses": [(party, _live(party)) for party in parties],
        "may_issue": user.has_perm("documents.issue_document"),
        "may_confirm": user.has_perm("documents.confirm_address"),
    }


def _live(party: Party) -> Any:
    return next((row for row in party.address_confirmations.all() if row.replaced_at is None), None)


def choice(on: dt.date, case: Case | None = None) -> list[tuple[str, list[Template]]]:
    """Return the templates in force by phase, for choosing one; of a case, those that its stage still issues."""
    rows = Template.objects.defer("content").for_choice(on=on)
    rows = [row for row in rows if case is None or services.still_issues(case, row.code)]
    groups = [(str(phase.label), [row for row in rows if row.phase == phase]) for phase in Phase]
    return [(label, own) for label, own in groups if own]


def choices(on: dt.date, case: Case) -> dict[str, Any]:
    """Return what the choice of a template for a case prints; what puts a sanction on somebody is marked."""
    return {"groups": choice(on, case), "sanctioning": KINDS}


def warnings(case: Case, template: Template, values: dict[str, str], known: dict[str, str]) -> dict[str, Any]:
    """Return what stands beside the paper: what to look at, that one stands already, that no measure is proposed."""
    return {
        "cautions": filling.cautions(template.code, values, known),
        "second": second_of(case, template, values),
        "unproposed": sanctioned.wanting(case, template, values),
    }


def facts(case: Case, *, today: dt.date) -> dict[str, str]:
    """Return what the case says."""
    return facts_of(case, on=today)


def preview(case: Case, template: Template, values: dict[str, str], *, today: dt.date) -> filling.Filled:
    """Return the paper as it would be issued today, and what is missing."""
    return filling.fill(template.spec, values, facts_of(case, on=today), number=UNNUMBERED, on=today)


def filled(template: Template, values: dict[str, str], known: dict[str, str], *, today: dt.date) -> filling.Filled:
    """Return the same from facts already gathered."""
    return filling.fill(template.spec, values, known, number=UNNUMBERED, on=today)


def draft(row: Draft, user: User, *, today: dt.date) -> dict[str, Any]:
    """Return the page of a draft: the paper as it would be issued, and what was changed by hand."""
    filled = services.generated(row.case, row, on=today)
    changes = []
    if row.edited_text:
        changes = editing.changes(filled.text, row.own_text())
        filled = services.with_own_text(filled, row)
    is_waiting = row.state == Draft.State.WAITING
    may_sign = is_waiting and services.may_sign(row.case, row.template, user, draft=row)
    is_author = row.proposed_by_id == user.pk
    is_signer = is_waiting and services.may_issue(row.case, row.template, user)
    may_edit = is_waiting and (is_author or (is_signer and not row.template.spec.is_two_person))
    shown = {"draft": row, "case": row.case, "blocks": filled.blocks, "problems": filled.problems}
    is_own_text = is_signer and not may_sign and not row.template.spec.is_two_person
    typed, is_sum = row.typed(), {filling.CAP, filling.OWED_ON} & row.typed().keys()
    shown["cautions"] = filling.cautions(row.template.code, typed, facts(row.case, today=today)) if is_sum else []
    shown["needs_another"] = services.ANOTHERS if is_own_text else ""
    return shown | {"changes": changes, "may_sign": may_sign, "may_edit": may_edit}


def start_values(user: User, case: Case, template: Template, known: dict[str, str], *, copied: str) -> dict[str, str]:
    """Return what the form begins with: an earlier document of this template and case, else what the case proposes."""
    own = filling.proposed(template.spec, known)
    if not (copied.isascii() and copied.isdigit()):
        return own
    earlier = Document.objects.visible_to(user).filter(case=case, template__code=template.code, pk=int(copied)).first()
    return own | earlier.typed() if earlier else own


def document(row: Document, user: User) -> dict[str, Any]:
    """Return the page of one document: text, hashes, service, what it replaces and what replaced it."""
    deliveries = list(Delivery.objects.filter(document=row).for_list())
    reached = {delivery.party_id for delivery in deliveries if delivery.state != Delivery.State.FAILED}
    use = SealUse.objects.filter(document=row).first()
    if use:
        use.document = row
    return {
        "document": row,
        "blocks": row.blocks(),
        "printed_number": printed_number(row.number),
        "deliveries": deliveries,
        "unserved": [party for party in row.case.parties.all() if party.is_current and party.pk not in reached],
        "replaced": Document.objects.light().filter(voided_by=row).order_by("id"),
        "may_void": row.voided_by_id is None and may_issue(row.case, row.template, user),
        "may_retry": row.pdf_state == Document.PdfState.FAILED and may_issue(row.case, row.template, user),
        "may_serve": user.has_perm("documents.serve_document") and row.voided_by_id is None,
        "may_issue": user.has_perm("documents.issue_document"),
        "seal_use": use,
        "is_genuine": bool(use and is_genuine(use)),
        "verify_url": verify_url(row.token),
    }


def offered(user: User, chosen: dict[str, Any], template: Template | None) -> QuerySet[Case]:
    """Return the cases that a batch offers: numbered, visible, open, under the filters."""
    cases = Case.objects.visible_to(user).open().filter(number__isnull=False)
    if chosen.get("only"):
        cases = cases.filter(pk__in=chosen["only"])
    if chosen.get("stage"):
        cases = cases.filter(stage=chosen["stage"])
    if chosen.get("team"):
        cases = cases.filter(team=chosen["team"])
    if chosen.get("lacking") and template is not None:
        live = Document.objects.filter(case=OuterRef("pk"), template__code=template.code, voided_by__isnull=True)
        cases = cases.exclude(Exists(live))
    return cases.for_list().order_by("filed_on", "id")


def pages_of(address: str, row: Material | Staged) -> list[tuple[int, str]]:
    """Return number and address of each page of a scan; `address` is that of its first."""
    count = services.page_count(row.sha256, row.content_type)
    return [(number, f"{address}?n={number}" if number > 1 else address) for number in range(1, count + 1)]
