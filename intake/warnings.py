"""What a clerk should look at before filing: warnings, never blocks (domain handbook §3.3, §3.5)."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.general_interest import Terms, factor
from accounts.ratetext import terms_in
from bureau.calendar import DAY
from bureau.crypto import digest
from bureau.models import Court, User
from bureau.money import to_cent, yuan
from cases import casenumber, limitation
from cases.filing import FilingData
from cases.models import Case, Claim, Party
from intake import jurisdiction

DUPLICATES_MAX = 5
# Words that only an organisation's name ends with.
_ORGANISATION = re.compile(r"(公司|企业|厂|店|合作社|银行|信用社|委员会|村委会|学校|医院|中心|事务所|协会|局|政府)$")
_NEEDS_ARITHMETIC = (Claim.Kind.INTEREST, Claim.Kind.PENALTY)
_YEARLY = re.compile(r"(?:按|以)?(?:年利率|年息|年)?(?P<rate>\d{1,2}(?:\.\d{1,4})?)%(?:/年)?")
_NOT_MONEY = (Claim.Kind.ACT, Claim.Kind.DELIVERY)


@dataclass(frozen=True, slots=True)
class Warning:
    """One thing to look at, in words."""

    code: str
    text: str
    url: str = ""


def names_organisation(name: str) -> bool:
    """Return whether a name ends as only an organisation's does."""
    return _ORGANISATION.search(name) is not None


def filing_warnings(
    filing: FilingData,
    *,
    on: dt.date,
    has_payees: bool = True,
    missing: Iterable[str | Promise] = (),
    actor: User | None = None,
) -> list[Warning]:
    """Return everything worth a second look; another case shows number, court and stage only, whoever may see it."""
    return [
        *duplicates(filing, actor),
        *_series(filing),
        *_jurisdiction(filing),
        *_late(filing, on),
        *_not_yet(filing, on),
        *_identities(filing),
        *_arithmetic(filing),
        *_interest(filing, on),
        *_payees(filing, has_payees),
        *_materials(missing),
    ]


def duplicates(filing: FilingData, actor: User | None = None) -> list[Warning]:
    """Name the cases of the same document and a same party; of one that the actor sees, where it is revived."""
    digests = [digest(party.id_number) for party in filing.parties if party.id_number]
    same_paper = Case.objects.filter(basis_key=casenumber.basis_key(filing.basis.number))
    same_party = same_paper.filter(parties__id_digest__in=digests) | same_paper.filter(
        parties__name__in=[party.name for party in filing.parties]
    )
    rows = list(same_party.select_related("number_court").distinct().order_by("id")[:DUPLICATES_MAX])
    # The link is for whoever may see that case; everybody else is told number, court and stage.
    ended = [case.pk for case in rows if not case.is_open]
    seen = Case.objects.visible_to(actor).filter(pk__in=ended) if actor and ended else Case.objects.none()
    revivable = set(seen.values_list("pk", flat=True))
    warnings = []
    for case in rows:
        values = {
            "number": case.display_number,
            "court": case.number_court.short_name,
            "stage": case.get_stage_display(),
        }
        if case.is_open:
            text = _("同一执行依据、同一当事人已立案：%(number)s（%(court)s，%(stage)s），请核对是否重复")
        elif case.closing_mode == Case.ClosingMode.PROCEDURAL:
            text = _(
                "同一执行依据曾终结本次执行程序：%(number)s（%(court)s，%(stage)s），应以“执恢”恢复执行，不另立新案"
            )
        else:
            text = _("同一执行依据曾立案并结案：%(number)s（%(court)s，%(stage)s），请核对是否应以“执恢”立案")
        url = reverse("intake:revive", args=[case.pk]) if case.pk in revivable else ""
        warnings.append(Warning("DUPLICATE", text % values, url))
    return warnings


def _series(filing: FilingData) -> list[Warning]:
    """Name open cases against the same debtor by other documents, in any of the four courts."""
    debtors = [
        digest(party.id_number) for party in filing.parties if party.side == Party.Side.DEBTOR and party.id_number
    ]
    same_debtor = Case.objects.filter(parties__id_digest__in=debtors, parties__side=Party.Side.DEBTOR)
    rows = same_debtor.exclude(stage__in=Case.ENDED).exclude(basis_key=casenumber.basis_key(filing.basis.number))
    found = list(rows.select_related("number_court").distinct().order_by("id")[: DUPLICATES_MAX + 1]) if debtors else []
    if not found:
        return []
    named = "、".join(
        "".join((case.display_number, "（", case.number_court.short_name, "，", str(case.get_stage_display()), "）"))
        for case in found[:DUPLICATES_MAX]
    )
    text = _("同一被执行人另有在办案件：%(cases)s%(more)s，请核对是否系列案")
    return [Warning("SERIES", text % {"cases": named, "more": _("等") if len(found) > DUPLICATES_MAX else ""})]


def _jurisdiction(filing: FilingData) -> list[Warning]:
    courts = [
        jurisdiction.Place(row.code, row.name, row.short_name, row.level == Court.Level.INTERMEDIATE)
        for row in Court.objects.order_by("code")
    ]
    addresses = [party.address for party in filing.parties if party.side == Party.Side.DEBTOR]
    basis = filing.basis
    found = jurisdiction.suggest(basis.kind, basis.issuer, casenumber.plain(basis.number), addresses, courts)
    if not courts or found.code == filing.court_code:
        return []
    names = {court.code: court.short_name for court in courts}
    text = _("管辖：%(reason)s；所选为%(court)s，请核对")
    return [Warning("JURISDICTION", text % {"reason": found.reason, "court": names.get(filing.court_code, "")})]


def _late(filing: FilingData, on: dt.date) -> list[Warning]:
    begins = filing.basis.performance_due_on or filing.basis.effective_on
    if begins is None:
        return []
    ends = limitation.last_day(filing.basis.performance_due_on, filing.basis.effective_on)
    if ends is None or on <= ends:
        return []
    text = _("自 %(begins)s 起两年的申请执行时效已于 %(ends)s 届满；仍应受理，被执行人可另行提出异议")
    return [Warning("LATE", text % {"begins": begins, "ends": ends})]


def _not_yet(filing: FilingData, on: dt.date) -> list[Warning]:
    warnings = []
    basis = filing.basis
    if basis.effective_on is None:
        warnings.append(Warning("EFFECTIVE", _("未填生效日，请核对生效证明")))
    elif basis.effective_on > on:
        warnings.append(Warning("EFFECTIVE", _("生效日 %(day)s 尚未到来") % {"day": basis.effective_on}))
    if basis.performance_due_on and basis.performance_due_on >= on:
        text = _("履行期限 %(day)s 尚未届满，请核对能否申请执行")
        warnings.append(Warning("PERFORMANCE", text % {"day": basis.performance_due_on}))
    return warnings


def _identities(filing: FilingData) -> list[Warning]:
    warnings = []
    for party in filing.parties:
        values = {"name": party.name}
        if party.kind == Party.Kind.PERSON and _ORGANISATION.search(party.name):
            warnings.append(Warning("KIND", _("“%(name)s”像是单位名称，却登记为自然人") % values))
        if party.kind == Party.Kind.ORGANISATION and not _ORGANISATION.search(party.name) and len(party.name) <= 4:
            warnings.append(Warning("KIND", _("“%(name)s”像是自然人姓名，却登记为单位") % values))
        if party.side == Party.Side.DEBTOR and not party.id_number:
            warnings.append(Warning("IDENTITY", _("被执行人“%(name)s”没有证件号码，无法网络查控") % values))
        if party.id_kind == Party.IdKind.RESIDENT_ID_15:
            warnings.append(Warning("OLD_ID", _("“%(name)s”为15位旧身份证号，没有校验位，请核对") % values))
    sides: dict[str, str] = {}
    for party in filing.parties:
        key = party.id_number or party.name
        if sides.setdefault(key, party.side) != party.side:
            warnings.append(Warning("BOTH_SIDES", _("“%(name)s”同时列为双方当事人") % {"name": party.name}))
    return warnings


def _arithmetic(filing: FilingData) -> list[Warning]:
    warnings = []
    seen = set()
    for claim in filing.claims:
        label = Claim.Kind(claim.kind).label
        if claim.kind in _NEEDS_ARITHMETIC and not (claim.rate and claim.from_on):
            text = _("“%(item)s”没有写明利率或计算方法及起算日，无法复核金额")
            warnings.append(Warning("ARITHMETIC", text % {"item": label}))
        if claim.amount is not None and (claim.kind, claim.amount) in seen:
            text = _("“%(item)s” %(amount)s 元出现两次，请核对是否重复计算")
            warnings.append(Warning("ARITHMETIC", text % {"item": label, "amount": yuan(claim.amount)}))
        seen.add((claim.kind, claim.amount))
    return warnings


def _interest(filing: FilingData, on: dt.date) -> list[Warning]:
    """Reckon interest and penalties at the rate that is written, up to today; more than that is asked about."""
    principal = sum(
        (row.amount for row in filing.claims if row.kind == Claim.Kind.PRINCIPAL and row.amount), Decimal(0)
    )
    warnings = []
    for claim in filing.claims:
        base = claim.base or principal
        if claim.kind not in _NEEDS_ARITHMETIC or not (base and claim.amount and claim.from_on):
            continue
        most = _most(base, claim.rate, claim.from_on, on=on)
        if most is not None and claim.amount > most:
            values = {"item": Claim.Kind(claim.kind).label, "amount": yuan(claim.amount), "most": yuan(most)}
            text = _("“%(item)s” %(amount)s 元，按所填基数、利率和起算日算至今天最多 %(most)s 元，请核对")
            warnings.append(Warning("ARITHMETIC", text % values))
    return warnings


def _most(base: Decimal, rate: str, from_on: dt.date, *, on: dt.date) -> Decimal | None:
    """Return the highest interest that the words of a rate bear, in yuan; None where they are not understood.

    A year has 360 days, today counts; a published rate is taken as each day's and as that of the first day, whichever
    is more, for the words seldom say which is meant.
    """
    words = casenumber.plain(rate)
    plain = _YEARLY.fullmatch(words)
    said = {"rate": Decimal(plain["rate"]), "unit": "year"} if plain else terms_in(words)
    if not said:
        return None
    terms = [Terms(from_on=from_on, day_basis=360, **said)]
    if "lpr" in said:
        terms.append(replace(terms[0], lpr_on=from_on))
    try:
        most = max(factor(each, on + DAY) for each in terms)
    except ValueError:
        return None  # before the first publication
    return to_cent(Fraction(base) * most)


def _payees(filing: FilingData, has_payees: bool) -> list[Warning]:
    if has_payees or all(claim.kind in _NOT_MONEY for claim in filing.claims):
        return []
    return [Warning("PAYEE", _("有申请执行人没有确认收款账户，案款到账后不能发放"))]


def _materials(missing: Iterable[str | Promise]) -> list[Warning]:
    labels = "、".join(map(str, missing))
    return [Warning("MATERIALS", _("尚缺必备材料：%(labels)s；请一次告知补齐") % {"labels": labels})] if labels else []
