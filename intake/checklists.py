"""Which papers a filing needs, and which court executes, by kind of the enforceable document (handbook §3.2, §3.4)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cases.law import Provision, cpli, of
from cases.models.codes import Basis
from documents.models import Material

Kind = Material.Kind


class Paper(models.TextChoices):
    """One paper of the list."""

    APPLICATION = "APPLICATION", _("申请执行书（口头申请的记入笔录）")
    DOCUMENT = "DOCUMENT", _("生效法律文书副本")
    EFFECT = "EFFECT", _("生效证明（本院文书可以内部核对）")
    SERVICE = "SERVICE", _("送达或签收证明")
    IDENTITY = "IDENTITY", _("申请执行人身份证明；单位另交法定代表人身份证明")
    ADDRESS = "ADDRESS", _("送达地址确认书")
    PAYEE = "PAYEE", _("收款账户确认书")
    PRESERVATION = "PRESERVATION", _("保全裁定及查封清单")
    TRANSFER = "TRANSFER", _("移送执行表")
    ADMITTED = "ADMITTED", _("准予执行裁定")
    CLAUSE = "CLAUSE", _("仲裁条款或仲裁协议")
    CERTIFICATE = "CERTIFICATE", _("执行证书")
    RECOGNISED = "RECOGNISED", _("承认裁定")


# A scan of this kind in the filing shows the paper; one kind may hold several papers.
SHOWN_BY = {
    Paper.APPLICATION: Kind.APPLICATION,
    Paper.DOCUMENT: Kind.BASIS,
    Paper.EFFECT: Kind.BASIS,
    Paper.IDENTITY: Kind.IDENTITY,
    Paper.ADDRESS: Kind.ADDRESS,
    Paper.PAYEE: Kind.PAYEE,
    Paper.PRESERVATION: Kind.PRESERVATION,
    Paper.SERVICE: Kind.SERVICE,
    **dict.fromkeys((Paper.ADMITTED, Paper.CLAUSE, Paper.CERTIFICATE, Paper.RECOGNISED), Kind.SPECIAL),
}
ALWAYS = (Paper.APPLICATION, Paper.DOCUMENT, Paper.IDENTITY, Paper.ADDRESS)
# Without these nothing is accepted: who asks, and what is to be executed. Any other paper may follow, told once.
ESSENTIAL = (Paper.APPLICATION, Paper.TRANSFER, Paper.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a kind of document asks for besides the usual papers, and where it is executed."""

    papers: tuple[Paper, ...]
    court: str | Promise
    basis: Provision


_FIRST = _("第一审人民法院或与其同级的被执行财产所在地法院")
_DEBTOR = _("被执行人住所地或被执行财产所在地法院")
_CPL = Provision("CPL", ("224", "231", "235"))
RULES: dict[str, Rule] = {
    Basis.JUDGMENT: Rule((Paper.EFFECT,), _FIRST, _CPL),
    Basis.MEDIATION: Rule((Paper.SERVICE,), _FIRST, _CPL),
    Basis.PAYMENT_ORDER: Rule((), _("作出支付令的法院或与其同级的财产所在地法院"), cpli(460)),
    Basis.CONFIRMATION: Rule((), _("作出裁定的法院或与其同级的财产所在地法院"), cpli(460)),
    Basis.CRIMINAL_CIVIL: Rule((), _FIRST, _CPL),
    Basis.CRIMINAL_PROPERTY: Rule((Paper.TRANSFER,), _("第一审人民法院，由刑事审判部门移送"), _CPL),
    Basis.ADMINISTRATIVE: Rule((), _("第一审人民法院"), _CPL),
    Basis.ADMINISTRATIVE_ACT: Rule((Paper.ADMITTED,), _("行政机关所在地基层法院"), of("EWR", "12")),
    Basis.ARBITRATION: Rule((Paper.CLAUSE,), _("被执行人住所地或财产所在地中级法院"), _CPL),
    Basis.LABOUR_ARBITRATION: Rule((Paper.SERVICE,), _("被执行人住所地或财产所在地基层法院"), _CPL),
    Basis.LAND_ARBITRATION: Rule((), _("被执行人住所地或财产所在地基层法院"), _CPL),
    Basis.NOTARY: Rule((Paper.CERTIFICATE,), _DEBTOR, _CPL),
    Basis.FOREIGN: Rule((Paper.RECOGNISED,), _("中级人民法院"), _CPL),
    Basis.OTHER: Rule((), _DEBTOR, _CPL),
}


def needed(basis_kind: str, *, is_money: bool, is_preserved: bool, is_transferred: bool = False) -> list[Paper]:
    """Return the papers that a filing must bring, in the order of the list; the one list of the front of house.

    What is handed over for execution (移送执行) has its form in the place of the application (执行工作规定 17).
    """
    rule = RULES.get(basis_kind, RULES[Basis.OTHER])
    asked = {*ALWAYS, *rule.papers}
    if is_transferred or Paper.TRANSFER in asked:
        asked = asked - {Paper.APPLICATION} | {Paper.TRANSFER}
    if is_money and Paper.TRANSFER not in asked:
        asked.add(Paper.PAYEE)
    if is_preserved:
        asked.add(Paper.PRESERVATION)
    return [paper for paper in Paper if paper in asked]


def missing(asked: Iterable[Paper], *, scanned: Collection[str], seen: Collection[str]) -> list[Paper]:
    """Return what is neither scanned nor seen on paper."""
    return [paper for paper in asked if paper not in seen and SHOWN_BY.get(paper, "") not in scanned]
