"""Which papers of a case say what was corrected: issued ones, drafts, confirmed addresses; and controls by ruling."""

import datetime as dt
from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import basis
from cases.corrections import CLAIMS, Target, Use, UseKind, total_after
from cases.models import Case, Correction
from documents import numerals
from documents.facts import party_key
from documents.library.declared import canonical
from documents.models import AddressConfirmation, Delivery, Document, Draft

ROOM = "documents"
TEXT_MIN = 2  # one character alone proves nothing
# Rulings that hold property of a debtor, and what of their values names the thing.
CONTROL_RULINGS = ("FREEZE", "SEAL_ESTATE", "SEAL_MOVABLE", "SEAL_RIGHT", "INCOME")
# Papers that hold one thing: made anew with the right name they would hold the stranger's thing once more.
HOLDING = (
    *("SEAL_ESTATE", "SEAL_MOVABLE", "SEAL_RIGHT", "ASSIST_ESTATE"),
    *("SEAL_LIST", "SEAL_STRIP", "SEAL_NOTICE", "TERM_NOTICE"),
)
THINGS = ("address", "goods", "right", "unit", "bank")
RELEASE, ASSIST = "RELEASE", "ASSIST"
MENTIONED = frozenset({"kind", "id_kind"})  # they change how a party is introduced wherever he is named


def uses(case: Case, correction: Correction) -> list[Use]:
    """Return what papers are based on the old value; those already replaced are not listed."""
    rows = [*_documents(case, correction), *_drafts(case, correction), *_services(case, correction)]
    return [*rows, *(_releases(case, correction) if correction.is_alarm else ())]


def old_texts(case: Case, correction: Correction) -> list[str]:
    """Return the old value in every way in which a paper prints it."""
    pairs = correction.pairs()
    olds = {name: old for name, (old, _new) in pairs.items() if old}
    if correction.target == Target.PARTY:
        assert correction.party is not None
        named = [pairs.get("name", (correction.party.name, ""))[0]] if MENTIONED & set(pairs) else []
        texts = [*(old for name, old in olds.items() if name not in MENTIONED), *named]
    elif correction.target == Target.BASIS:
        texts = _basis_texts(case, correction, olds)
    else:
        texts = _claim_texts(case, correction, olds)
    return sorted({text for text in texts if len(text) >= TEXT_MIN})


def _basis_texts(case: Case, correction: Correction, olds: dict[str, str]) -> list[str]:
    texts = [olds[name] for name in ("basis_issuer", "cause") if name in olds]
    if "basis_number" in olds:
        texts += [olds["basis_number"], numerals.printed_number(olds["basis_number"])]
    pairs = correction.pairs()
    if {"basis_kind", "basis_title"} & set(pairs):
        number = pairs.get("basis_number", (case.basis_number, ""))[0]
        kind, title = (pairs.get(name, (getattr(case, name), ""))[0] for name in ("basis_kind", "basis_title"))
        texts.append("".join((numerals.printed_number(number), basis.printed(kind, title))))
    return texts


def _claim_texts(case: Case, correction: Correction, olds: dict[str, str]) -> list[str]:
    texts = [olds[name] for name in ("rate", "note") if name in olds]
    if olds.get("base"):
        texts.append(numerals.money(Decimal(olds["base"])))
    if "from_on" in olds:
        texts.append(numerals.day(dt.date.fromisoformat(olds["from_on"])))
    for amount in sums(case, correction):
        texts += [numerals.money(amount), f"{amount:.2f}"]
    return texts


def sums(case: Case, correction: Correction) -> dict[Decimal, Decimal]:
    """Return old sums with the new ones in their place: the claim's, and the whole claimed."""
    if correction.target not in CLAIMS or "amount" not in correction.pairs():
        return {}
    old, new = (Decimal(text or 0) for text in correction.pairs()["amount"])
    after = total_after(case, correction)
    return {before: later for before, later in ((old, new), (after - new + old, after)) if before > 0}


def _documents(case: Case, correction: Correction) -> Iterator[Use]:
    texts, before = old_texts(case, correction), correction.answered_at if correction.is_confirmed else None
    rows = Document.objects.filter(case=case).select_related("template").prefetch_related("deliveries").order_by("id")
    rows = rows.filter(issued_at__lt=before) if before else rows
    waiting = set(Draft.objects.waiting().filter(case=case, replaces__isnull=False).values_list("replaces", flat=True))
    known = list(rows)
    released = _released(case) if correction.is_other_person else set()
    for row in known:
        says, is_served = _says(row, texts), _is_served(row, correction)
        if row.voided_by_id is None and (says or is_served):
            is_strangers = correction.is_other_person and row.template.code in HOLDING
            yield _paper(row, is_waiting=row.pk in waiting, says=says, is_strangers=is_strangers)
        if correction.is_other_person and _holds(row, correction, says=says) and row.number not in released:
            yield _control(row)


def _says(row: Document, texts: Iterable[str]) -> bool:
    whole = row.body + row.values
    # What is kept is JSON: a text with a quote or a line break stands there escaped.
    return any(text in whole or canonical(text)[1:-1] in whole for text in texts)


def _is_served(row: Document, correction: Correction) -> bool:
    if correction.target != Target.PARTY or set(correction.fields) == {"phone"}:
        return False
    return any(delivery.party_id == correction.party_id for delivery in row.deliveries.all())


def _paper(row: Document, *, is_waiting: bool, says: bool, is_strangers: bool) -> Use:
    notes = [_("替换的拟稿待签发")] if is_waiting else []
    notes += [_("控制的是案外人的财产：应当解除，不重新制发")] if is_strangers else []
    notes += [] if says else [_("文书未载明原内容，但已向该当事人送达")]
    return Use(
        room=ROOM,
        kind=UseKind.PAPER,
        label=f"{row.title} {row.number}",
        url=row.get_absolute_url(),
        key=f"document:{row.pk}",
        is_reissuable=not (is_waiting or is_strangers),
        note="；".join(notes),
    )


def _holds(row: Document, correction: Correction, *, says: bool) -> bool:
    # A ruling that controls this debtor's property, whose term has not run out.
    if row.template.code not in CONTROL_RULINGS or correction.party is None:
        return False
    values = row.typed()
    if not says and values.get("debtor") != party_key(correction.party):
        return False
    asked_on = timezone.localdate(correction.answered_at or correction.proposed_at).isoformat()
    return not values.get("to_on") or values["to_on"] >= asked_on


def _control(row: Document) -> Use:
    values = row.typed()
    thing = "、".join(values[name] for name in THINGS if values.get(name)) or row.template.title
    return Use(
        room=ROOM,
        kind=UseKind.CONTROL,
        label=f"{row.title} {row.number}",
        url=row.get_absolute_url(),
        key=f"ruling:{row.pk}",
        is_red=True,
        is_fallback=True,
        facts={"ruling": row.number, "thing": thing},
    )


def _released(case: Case) -> set[str]:
    rows = Document.objects.filter(case=case, template__code=RELEASE, voided_by__isnull=True)
    return {row.typed().get("earlier", "").translate(str.maketrans("（）", "()")) for row in rows}


def _drafts(case: Case, correction: Correction) -> Iterator[Use]:
    texts = old_texts(case, correction)
    rows = Draft.objects.waiting().filter(case=case).exclude(correction=correction).select_related("template")
    for row in rows:
        if any(text in row.values or canonical(text)[1:-1] in row.values for text in texts):
            yield Use(
                room=ROOM,
                kind=UseKind.PAPER,
                label=_("拟稿：%(title)s") % {"title": row.template.title},
                url=reverse("documents:draft", args=[row.pk]),
                key=f"draft:{row.pk}",
                note=_("请签发人退回，重新拟稿"),
            )


def _releases(case: Case, correction: Correction) -> Iterator[Use]:
    # What was drafted for the wrong person, for its signer to find.
    rows = Draft.objects.waiting().filter(case=case, correction=correction).exclude(about="")
    for row in rows.select_related("template"):
        yield Use(
            room=ROOM,
            kind=UseKind.PAPER,
            label=_("拟稿：%(title)s") % {"title": row.template.title},
            url=reverse("documents:draft", args=[row.pk]),
            key=f"release:{row.pk}",
            is_red=True,
            note=_("待承办法官签发") if row.template.code == RELEASE else _("待签发，与解除裁定一并送达"),
        )


def _services(case: Case, correction: Correction) -> Iterator[Use]:
    # Where the party is served, and what is on its way to him.
    if correction.target != Target.PARTY or not {"name", "address"} & set(correction.fields):
        return
    before = Q(sent_at__lt=correction.answered_at) if correction.answered_at else Q()
    running = Delivery.objects.filter(before, case=case, party=correction.party, state=Delivery.State.SENT)
    for row in running.select_related("document").order_by("id"):
        yield Use(
            room=ROOM,
            kind=UseKind.WORK,
            label=_("送达中：%(title)s") % {"title": row.document.title},
            url=row.document.get_absolute_url(),
            key=f"delivery:{row.pk}",
            note=_("按更正前的名称、地址送出"),
        )
    old = correction.pairs().get("address", ("", ""))[0]
    for confirmed in AddressConfirmation.objects.filter(party=correction.party, replaced_at__isnull=True):
        if old and old in confirmed.address:
            yield Use(
                room=ROOM,
                kind=UseKind.PAPER,
                label=_("送达地址确认书"),
                url=reverse("documents:address", args=[confirmed.party_id]),
                key=f"address:{confirmed.pk}",
                note=_("载有更正前的地址，请当事人重新确认"),
            )
