"""The coded words of control over property, shared by the room `assets` and the record that tells of it in words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AssetKind(TextChoices):
    """What is controlled (domain handbook §7.1)."""

    DEPOSIT = "DEPOSIT", _("银行存款")
    ONLINE_FUNDS = "ONLINE_FUNDS", _("网络资金")
    INCOME = "INCOME", _("工资收入")
    PROVIDENT_FUND = "PROVIDENT_FUND", _("住房公积金")
    REAL_ESTATE = "REAL_ESTATE", _("不动产")
    VEHICLE = "VEHICLE", _("车辆")
    GOODS = "GOODS", _("机器、存货等动产")
    VALUABLES = "VALUABLES", _("现金、贵重物品")
    EQUITY = "EQUITY", _("股权、投资权益")
    SECURITIES = "SECURITIES", _("证券、基金、理财")
    INSURANCE = "INSURANCE", _("保险现金价值")
    MATURED_CLAIM = "MATURED_CLAIM", _("到期债权")
    INTELLECTUAL = "INTELLECTUAL", _("知识产权")
    RENT = "RENT", _("租金、股息")
    MINING = "MINING", _("采矿权等用益权")


class Measure(TextChoices):
    """How it is controlled; that others come first is said by the rank."""

    FREEZE = "FREEZE", _("冻结")
    SEAL = "SEAL", _("查封")
    SEIZE = "SEIZE", _("扣押")
    WITHHOLD = "WITHHOLD", _("扣留、提取")
    FORBID = "FORBID", _("禁止转让")


class ReleaseGround(TextChoices):
    """Why a control ends by the court's own act (法释〔2004〕15号 28), or was never one."""

    OUTSIDER = "OUTSIDER", _("财产属于案外人")
    WITHDRAWN = "WITHDRAWN", _("申请执行人撤回申请或者放弃债权")
    UNSOLD = "UNSOLD", _("流拍或变卖不成，无人接受抵债，又无其他执行措施")
    PAID = "PAID", _("债务已经清偿")
    SECURITY = "SECURITY", _("被执行人提供担保且申请执行人同意解除")
    REALISED = "REALISED", _("财产已扣划、变价或者交付")
    OTHER = "OTHER", _("人民法院认为应当解除的其他情形")
    MISTAKE = "MISTAKE", _("登记有误，措施并未采取或另行登记")
