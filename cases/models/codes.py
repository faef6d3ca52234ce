"""The codes of a case: stages, streams, closing modes, types and bases."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Stage(models.TextChoices):
    """Which team's work the case is in (domain handbook §6.3)."""

    FILED = "FILED", _("待分流")
    ALLOCATED = "ALLOCATED", _("已分案")
    STARTING = "STARTING", _("启动")
    FAST = "FAST", _("速执")
    ORDINARY = "ORDINARY", _("普执")
    SUSPENDED = "SUSPENDED", _("中止")
    STAYED = "STAYED", _("暂缓")
    SETTLED = "SETTLED", _("和解履行中")
    CLOSING = "CLOSING", _("结案审查")
    CLOSED = "CLOSED", _("已结案")
    ARCHIVED = "ARCHIVED", _("已归档")


# In what a case of the old book is until its court has named a handler, and while that one works on it.
NO_HANDLER, SINGLE_HANDLER = _("待确定承办人"), _("办理中")


class Stream(models.TextChoices):
    """Simple or complex (繁简分流)."""

    FAST = "FAST", _("简案速执")
    ORDINARY = "ORDINARY", _("繁案普执")


class ClosingMode(models.TextChoices):
    """How a case ended (执行工作规定 64; 法发〔2014〕26号 15–20)."""

    FULFILLED = "FULFILLED", _("执行完毕")
    PROCEDURAL = "PROCEDURAL", _("终结本次执行程序")
    TERMINATED = "TERMINATED", _("终结执行")
    REMOVED = "REMOVED", _("销案")
    NOT_ENFORCED = "NOT_ENFORCED", _("不予执行")
    DISMISSED = "DISMISSED", _("驳回申请")


class TypeCode(models.TextChoices):
    """Type of an enforcement case that is filed here (法〔2015〕137号)."""

    FIRST = "执", _("首次执行")
    REVIVED = "执恢", _("恢复执行")
    # Filed at no window here: what its court still has of them comes with the old book.
    PRESERVATION = "执保", _("财产保全执行")


class ExecutingUnit(models.TextChoices):
    """Who carries the case out."""

    BUREAU = "BUREAU", _("综合执行局")
    COURT = "COURT", _("原法院")


class Basis(models.TextChoices):
    """Kind of the enforceable document (domain handbook §3.2)."""

    JUDGMENT = "J1", _("民事判决、裁定")
    MEDIATION = "J2", _("民事调解书")
    PAYMENT_ORDER = "J3", _("支付令")
    CONFIRMATION = "J4", _("确认调解协议裁定、实现担保物权裁定")
    CRIMINAL_CIVIL = "J5", _("刑事附带民事判决")
    CRIMINAL_PROPERTY = "J6", _("刑事裁判涉财产部分")
    ADMINISTRATIVE = "J7", _("行政判决、裁定，行政赔偿")
    ADMINISTRATIVE_ACT = "J8", _("行政非诉准予执行裁定")
    ARBITRATION = "A1", _("商事仲裁裁决、调解书")
    LABOUR_ARBITRATION = "A2", _("劳动人事仲裁裁决、调解书")
    LAND_ARBITRATION = "A3", _("农村土地承包仲裁裁决")
    NOTARY = "N1", _("公证债权文书及执行证书")
    FOREIGN = "F1", _("承认外国判决、境外仲裁裁定")
    OTHER = "O1", _("其他执行依据")


# A closed case is open no more; 中止, 暂缓 and an unfinished settlement are no closings (法发〔2014〕26号 23).
ENDED = (Stage.CLOSED, Stage.ARCHIVED)
WORKED = (Stage.STARTING, Stage.FAST, Stage.ORDINARY)
# The affairs team has it, or nobody yet.
BEFORE_STREAM = (Stage.FILED, Stage.ALLOCATED, Stage.STARTING)
RESTING = (Stage.SUSPENDED, Stage.STAYED, Stage.SETTLED)
# The days of the closing limit do not count (法释〔2000〕29号 9).
STILL = (Stage.SUSPENDED, Stage.STAYED)
# From where a case may be suspended or stayed: as soon as it has a judge who decides it, a running settlement too.
HALTED = (Stage.ALLOCATED, *WORKED, Stage.SETTLED)


class MaterialKind(models.TextChoices):
    """Item of the materials checklist (domain handbook §3.4)."""

    APPLICATION = "APPLICATION", _("申请执行书")
    BASIS = "BASIS", _("生效法律文书及生效证明")
    IDENTITY = "IDENTITY", _("申请执行人身份证明")
    AUTHORITY = "AUTHORITY", _("授权委托材料")
    ADDRESS = "ADDRESS", _("送达地址确认书")
    PAYEE = "PAYEE", _("收款账户确认书")
    DEBTOR = "DEBTOR", _("被执行人信息")
    CLUES = "CLUES", _("财产线索或财产调查表")
    PRESERVATION = "PRESERVATION", _("保全裁定及查封清单")
    SPECIAL = "SPECIAL", _("仲裁协议、执行证书或准予执行裁定")
    SUCCESSION = "SUCCESSION", _("继承或权利承受证明")
    SERVICE = "SERVICE", _("送达回证及送达凭证")
    ONSITE = "ONSITE", _("现场照片、现场记录")
    RECEIPT = "RECEIPT", _("协助单位回执")
    INQUIRY = "INQUIRY", _("调查材料（查询反馈、调查笔录、审计报告）")
    TALK = "TALK", _("谈话、约谈笔录")
    STATEMENT = "STATEMENT", _("当事人的申请、声明、协议、确认")
    CERTIFICATE = "CERTIFICATE", _("机关、组织出具的证明（死亡、注销、困难等）")
    COURT = "COURT", _("法院文书（系统外制作、上级法院作出）")
    OTHER = "OTHER", _("其他材料")
