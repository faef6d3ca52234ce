"""Grounds on which a case may close in each mode: coded, each with its citation and what can show it; no ORM.

Sources: 民事诉讼法 268 (2017 text 257) for 终结执行, 法发〔2014〕26号 15 to 20 for the modes, 执行工作规定 16 for the
conditions of acceptance. The citation is that of the day of the act.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.closingproofs import Proof, paper
from cases.law import CPL, Basis, Provision, cpli, item, of
from cases.models.codes import ClosingMode

STATED = paper("STATEMENT", "TALK")
BY_COURT = paper("COURT")
CERTIFIED = paper("CERTIFICATE", "INQUIRY")
SEEN = paper("INQUIRY", "ONSITE")
TALKED = Proof("log_contact", (("contact_kind", ("TALK",)),), needs_note=True)
AGREED = Proof("settle")
REFUSED = Proof("decide_related", (("relation", ("REFUSAL",)), ("review_result", ("SUPPORTED", "PARTLY"))))
OTHERWISE = "人民法院认为应当终结执行的其他情形"  # as the ruling of the library words item 6; its text stays Chinese


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground of a mode: its words, its law, and what may show it; with no `proofs` the mode's conditions show it.

    `ruled` are the words by which the document issued here names it, `templates` the only ones that fit it; empty means
    that any does. `is_its_document`: what closes the case is itself the paper that shows the ground.
    """

    mode: ClosingMode
    code: str
    label: str | Promise
    basis: Basis
    proofs: tuple[Proof, ...] = ()
    ruled: str = ""
    templates: tuple[str, ...] = ()
    is_its_document: bool = False


def _fulfilled(code: str, label: str | Promise) -> Ground:
    return Ground(ClosingMode.FULFILLED, code, label, (of("CASE", "15"),))


def _by_item(words: str, code: str, label: str | Promise, ruled: str, *proofs: Proof) -> Ground:
    return Ground(ClosingMode.TERMINATED, code, label, (item("TERMINATION", words),), proofs, ruled=ruled)


def _otherwise(code: str, label: str | Promise, more: Provision, *proofs: Proof, by_above: bool = False) -> Ground:
    basis = (item("TERMINATION", "第六项"), more)
    return Ground(ClosingMode.TERMINATED, code, label, basis, proofs, ruled=OTHERWISE, is_its_document=by_above)


def _removed(code: str, label: str | Promise, basis: Provision, ruled: str, *proofs: Proof) -> Ground:
    return Ground(ClosingMode.REMOVED, code, label, (basis,), proofs, ruled=ruled, is_its_document=True)


def _refused(code: str, label: str | Promise, basis: Provision, ruled: str, template: str) -> Ground:
    proofs = (REFUSED, BY_COURT)
    return Ground(ClosingMode.NOT_ENFORCED, code, label, (basis,), proofs, ruled=ruled, templates=(template,))


def _dismissed(code: str, label: str | Promise, *proofs: Proof) -> Ground:
    return Ground(ClosingMode.DISMISSED, code, label, (of("EWR", "16"), of("CASE", "20")), proofs)


GROUNDS = (
    _fulfilled("VOLUNTARY", _("被执行人自动履行完毕")),
    _fulfilled("FORCED", _("经强制执行已全部执行到位")),
    _fulfilled("AGREEMENT", _("当事人达成执行和解协议，且已全部履行")),
    Ground(ClosingMode.PROCEDURAL, "NOTHING", _("未发现被执行人有可供执行的财产"), (of("ZB", "1"), cpli(517))),
    Ground(ClosingMode.PROCEDURAL, "UNSALEABLE", _("发现的财产不能处置"), (of("ZB", "1", "4"), cpli(517))),
    _by_item("第一项", "WITHDRAWN", _("申请执行人撤销申请"), "申请执行人撤销申请", STATED, TALKED),
    _by_item("第二项", "REVOKED", _("据以执行的法律文书被撤销"), "据以执行的法律文书被撤销", BY_COURT),
    _by_item(
        "第三项",
        "DEBTOR_DEAD",
        _("作为被执行人的公民死亡，无遗产可供执行，又无义务承担人"),
        "作为被执行人的公民死亡，无遗产可供执行，又无义务承担人",
        CERTIFIED,
    ),
    _by_item(
        "第四项",
        "CREDITOR_DEAD",
        _("追索赡养费、扶养费、抚养费案件的权利人死亡"),
        "追索赡养费、扶养费、抚养费案件的权利人死亡",
        CERTIFIED,
    ),
    _by_item(
        "第五项",
        "DESTITUTE",
        _("作为被执行人的公民因生活困难无力偿还借款，无收入来源，又丧失劳动能力"),
        "作为被执行人的公民因生活困难无力偿还借款，无收入来源，又丧失劳动能力",
        CERTIFIED,
    ),
    _otherwise("SETTLED", _("当事人达成执行和解协议，申请执行人撤回执行申请"), cpli(464), AGREED, STATED),
    _otherwise("SUED", _("申请执行人就履行执行和解协议提起诉讼，已受理"), of("SETT", "14"), BY_COURT),
    _otherwise("DISSOLVED", _("被执行的企业或者组织终止，无财产可供执行，又无义务承受人"), of("CASE", "17"), CERTIFIED),
    _otherwise("BANKRUPT", _("被执行人被裁定宣告破产"), cpli(513), BY_COURT),
    _otherwise("FINE_REMITTED", _("罚金已裁定免除"), of("CASE", "17"), BY_COURT),
    _otherwise("OBJECT_GONE", _("行政执行标的灭失"), of("CASE", "17"), CERTIFIED, SEEN),
    _otherwise("THING_LOST", _("应当执行的特定物毁损、灭失，折价赔偿协商不成"), cpli(492), SEEN, STATED),
    _otherwise("MOVED_UP", _("上级法院裁定提级执行或者指定其他法院执行"), of("CASE", "17"), BY_COURT, by_above=True),
    _removed("JURISDICTION", _("管辖权异议成立"), of("CASE", "18"), "管辖权异议成立", BY_COURT),
    _removed(
        "OTHER_FIRST",
        _("其他有管辖权的人民法院已先行立案"),
        of("CASE", "18"),
        "其他有管辖权的人民法院已先行立案",
        *(BY_COURT, paper("INQUIRY")),
    ),
    _removed("RETURNED", _("受托案件退回委托法院"), of("CASE", "18"), "受托案件退回委托法院", BY_COURT),
    _removed("ENTRUSTED", _("案件已委托其他法院执行"), of("ENTRUST", "2"), "案件已委托其他法院执行", BY_COURT),
    _refused("ARBITRATION", _("仲裁裁决有不予执行的情形"), CPL["ARBITRATION"], "仲裁裁决", "REFUSED_AWARD"),
    _refused("NOTARY", _("公证债权文书确有错误"), CPL["NOTARY"], "公证债权文书", "REFUSED_AWARD"),
    _refused("LIMITATION", _("申请执行时效期间届满的异议成立"), cpli(481), "", "REFUSED_LATE"),
    _dismissed("NOT_EFFECTIVE", _("申请执行的法律文书尚未生效"), BY_COURT, CERTIFIED),
    _dismissed("NOT_CREDITOR", _("申请执行人不是权利人或者其继承人、权利承受人"), CERTIFIED, paper("SUCCESSION")),
    _dismissed("NO_CONTENT", _("法律文书没有给付内容，或者执行标的、被执行人不明确"), BY_COURT, paper("INQUIRY")),
    _dismissed("NOT_DUE", _("义务人在指定期限内已履行，或者履行期限未届满"), STATED, paper("INQUIRY")),
    _dismissed("NOT_HERE", _("不属于受申请执行的人民法院管辖"), BY_COURT, paper("INQUIRY")),
)


def grounds_of(mode: str) -> dict[str, Ground]:
    """Return the grounds of a mode by code, in the order of the law."""
    return {row.code: row for row in GROUNDS if row.mode == mode}


def any_proof(mode: str) -> tuple[Proof, ...]:
    """Return what may show one or another ground of a mode, each once."""
    return tuple(dict.fromkeys(proof for row in GROUNDS if row.mode == mode for proof in row.proofs))
