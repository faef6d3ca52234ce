"""What the pages of corrections show: what may be corrected, old beside new, what rests on the old value."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from bureau.masking import mask_id, mask_phone
from bureau.models import User
from cases import corrections, proofs
from cases.corrections import Use, UseKind
from cases.models import Case, Correction
from cases.sentences import VIEW_MONEY
from cases.services.corrections import may_redo_query

MASKS = {"id_number": mask_id, "phone": mask_phone}
# Who enters or confirms accounts may know of them without seeing money.
MONEY_READERS = (VIEW_MONEY, "accounts.enter_payee", "accounts.confirm_payee")


@dataclass(frozen=True, slots=True)
class Pair:
    """One corrected field, as the reader may see it."""

    name: str
    label: str
    old: str
    new: str
    is_masked: bool = False


def choice(case: Case, user: User) -> dict[str, Any]:
    """Return what the user may correct in the case."""
    return {
        "parties": sorted(case.parties.all(), key=lambda party: (party.side, party.position)),
        "claims": sorted(case.claims.all(), key=lambda claim: claim.position),
        "may_correct": corrections.may_propose(case, user),
    }


def may_read_numbers(correction: Correction, case: Case, user: User) -> bool:
    """Return whether the user compares the numbers with the paper: who proposes and who confirms, while it waits."""
    is_own = correction.is_open and correction.proposed_by_id == user.pk
    return is_own or corrections.may_confirm(correction, case, user)


def pairs_of(correction: Correction, *, is_full: bool) -> list[Pair]:
    """Return old and new side by side; numbers masked but for those who compare them."""
    rows = []
    for name, (old, new) in correction.pairs().items():
        mask = MASKS.get(name)
        texts = (old, new) if is_full or mask is None else (mask(old), mask(new))
        shown = [corrections.shown(name, correction.target, text) for text in texts]
        label = corrections.label_of(name, correction.target)
        rows.append(Pair(name, label, shown[0], shown[1], is_masked=mask is not None and not is_full))
    return rows


def uses_for(case: Case, correction: Correction, user: User) -> list[Use]:
    """Return what rests on the old value as far as the user may know; money only to those who deal with it."""
    sees_money = any(user.has_perm(name) for name in MONEY_READERS)
    return [use for use in corrections.uses_of(case, correction) if sees_money or use.kind != UseKind.MONEY]


def sheet(correction: Correction, case: Case, user: User) -> dict[str, Any]:
    """Return the page of one correction."""
    uses = [] if correction.state in ("REFUSED", "WITHDRAWN") else uses_for(case, correction, user)
    papers = [use for use in uses if use.kind == UseKind.PAPER and use.is_reissuable]
    held = sum(use.kind == UseKind.CONTROL and use.is_red for use in uses)
    is_queried = any(use.kind == UseKind.QUERY and use.is_reissuable for use in uses)
    may_issue = correction.is_confirmed and user.has_perm("documents.issue_document")
    is_full = may_read_numbers(correction, case, user)
    return {
        "correction": correction,
        "subject": subject_in_words(correction),
        "evidence_links": _evidence_links(correction, case),
        "pairs": pairs_of(correction, is_full=is_full),
        "uses": uses,
        "is_red": any(use.is_red for use in uses),
        "paper_count": len(papers),
        "may_confirm": corrections.may_confirm(correction, case, user),
        "may_withdraw": correction.is_open and correction.proposed_by_id == user.pk,
        "may_clear": corrections.may_clear(correction, case, user),
        "may_reissue": may_issue and bool(papers),
        "may_release": may_issue and correction.is_alarm and held > sum(use.key.startswith("release:") for use in uses),
        "may_redo": correction.is_confirmed and is_queried and may_redo_query(case, user),
    }


def _evidence_links(correction: Correction, case: Case) -> list[tuple[str, str]]:
    """Return title and address of the papers named, as far as they may be read and are not void."""
    shown = proofs.shown(case, [correction.evidence]) if correction.evidence else []
    return [link for row in shown for link in row.links]


def subject_in_words(correction: Correction) -> str:
    """Return what is corrected: a party by side and place, a claim by kind, or the basis."""
    if correction.party is not None:
        told = {"side": correction.party.get_side_display(), "position": correction.party.position}
        return _("%(side)s第%(position)d名 %(name)s") % {**told, "name": correction.party.name}
    if correction.claim is not None:
        told = {"position": correction.claim.position, "kind": correction.claim.get_kind_display()}
        return _("执行请求第%(position)d项（%(kind)s）") % told
    return str(correction.get_target_display())
