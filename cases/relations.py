"""How another case may stand to an enforcement case: its type code, what it stops, and its legal basis; data.

Types by 法〔2015〕137号 annex; review of acts and of outsiders' claims by 民事诉讼法 236, 238 (2017: 225, 227).
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Relation(models.TextChoices):
    """What the other case is to this one."""

    OBJECTION = "OBJECTION", _("执行行为异议")
    OUTSIDER = "OUTSIDER", _("案外人异议")
    PARTY_CHANGE = "PARTY_CHANGE", _("申请变更、追加当事人")
    REFUSAL = "REFUSAL", _("申请不予执行")
    REVIEW = "REVIEW", _("执行复议")
    SUPERVISION = "SUPERVISION", _("执行监督")
    COORDINATION = "COORDINATION", _("执行协调")
    PRESERVATION = "PRESERVATION", _("财产保全执行")
    INSTRUCTION = "INSTRUCTION", _("执行请示")
    PUNISHMENT = "PUNISHMENT", _("司法制裁")
    PUNISHMENT_REVIEW = "PUNISHMENT_REVIEW", _("司法制裁复议")
    SUIT = "SUIT", _("执行异议之诉等诉讼案件")
    OTHER = "OTHER", _("其他执行案件")


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for one relation.

    `type_code` is the type of the other case's number, empty for any. `is_reviewed` keeps its panel apart from those
    who enforce (执行异议复议规定 11). `locks` forbids disposal of its object while it lasts, `after_days` days longer
    once rejected (民诉法解释 463), and the case may not be closed meanwhile.
    """

    type_code: str
    is_reviewed: bool = False
    locks: bool = False
    after_days: int = 0


RULES: dict[str, Rule] = {
    Relation.OBJECTION: Rule("执异", is_reviewed=True),
    Relation.OUTSIDER: Rule("执异", is_reviewed=True, locks=True, after_days=15),
    Relation.PARTY_CHANGE: Rule("执异", is_reviewed=True),
    Relation.REFUSAL: Rule("执异", is_reviewed=True, locks=True),
    Relation.REVIEW: Rule("执复", is_reviewed=True),
    Relation.SUPERVISION: Rule("执监", is_reviewed=True),
    Relation.COORDINATION: Rule("执协"),
    Relation.PRESERVATION: Rule("执保"),
    Relation.INSTRUCTION: Rule("执请"),
    Relation.PUNISHMENT: Rule("司惩"),
    Relation.PUNISHMENT_REVIEW: Rule("司惩复", is_reviewed=True),
    Relation.SUIT: Rule("", locks=True),
    Relation.OTHER: Rule("执他"),
}
LOCKING = tuple(code for code, rule in RULES.items() if rule.locks)
