"""What the pages of the bank's answers print: payments by what the bank says of them, and what was not booked."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.forms import plain_number
from accounts.models import BankAnswer, Payout
from bureau.models import User
from cases.models import Case

# Sets of payments that have no answer yet, then sets of messages; the most pressing first.
WITHOUT: dict[str, str | Promise] = {
    "no_answer": _("逾时未答复"),
    "delayed": _("延迟答复"),
    "waiting": _("待银行答复"),
    "unsubmitted": _("待提交银行"),
}
SAID: dict[str, str | Promise] = {
    "contradicts": _("前后矛盾，待查明"),
    "strange": _("非本院付款，待查明"),
    "settled": _("已查明"),
    "repeated": _("重复答复"),
}
LABELS = {"no_answer": WITHOUT["no_answer"], **SAID, **WITHOUT}
# What an inquiry came to.
OUTCOMES: dict[str, str | Promise] = {
    "BOOKED": _("银行已答复，已记账"),
    "AGREES": _("银行答复与已记账一致"),
    "CONTRADICTS": _("银行答复与已记账矛盾，已列入待查明"),
    "PENDING": _("银行已受理，尚未办结，请稍后再查询"),
    "UNKNOWN": _("银行查无此笔，可按原付款参考号重新提交"),
    "SILENT": _("银行仍未答复，请电话核实或稍后再查询"),
    "PAID": _("银行称已付但未给出记账日，请电话核实"),
}
_WITHOUT = {
    "no_answer": Q(unanswered=Payout.Unanswered.NO_ANSWER),
    "delayed": Q(unanswered=Payout.Unanswered.DELAYED),
    "waiting": Q(unanswered="", submitted_at__isnull=False),
    "unsubmitted": Q(submitted_at__isnull=True),
}
_SAID = {
    "contradicts": Q(kind=BankAnswer.Kind.CONTRADICTS, settled_at__isnull=True),
    "strange": Q(kind=BankAnswer.Kind.STRANGE, settled_at__isnull=True),
    "settled": Q(settled_at__isnull=False),
    "repeated": Q(kind=BankAnswer.Kind.REPEATED),
}


def unanswered(user: User, chosen: str, word: str = "") -> QuerySet[Payout]:
    """Return the payments of one set, rows of batches too, that have waited longest first."""
    rows = Payout.objects.visible_to(user).filter(_WITHOUT[chosen], state=Payout.State.SENT)
    rows = rows.select_related("case", "payee", "paid_by", "batch_row__batch", "file_row__file")
    return _found(rows.defer("file_row__file__content"), word).order_by("submitted_at", "sent_at", "id")


def answers(user: User, chosen: str = "", word: str = "") -> QuerySet[BankAnswer]:
    """Return the messages of one set, or all, oldest first."""
    rows = BankAnswer.objects.visible_to(user).for_list()
    return _found(rows.filter(_SAID[chosen]) if chosen else rows, word, case="payout__case")


def answer(user: User) -> QuerySet[BankAnswer]:
    """Return the messages that the user may open."""
    return BankAnswer.objects.visible_to(user).select_related("payout", "payout__case", "payout__paid_by", "settled_by")


def _found(rows: QuerySet[Any], word: str, *, case: str = "case") -> QuerySet[Any]:
    word = plain_number(word.replace("\0", "").strip())[:80]
    if not word:
        return rows
    return rows.filter(Q(reference=word) | Q(**{f"{case}__in": Case.objects.numbered(word)}))


def counts(user: User) -> dict[str, int]:
    """Return how many stand in each set; two queries."""
    payouts = Payout.objects.visible_to(user).filter(state=Payout.State.SENT).order_by()
    without = payouts.aggregate(**{name: Count("pk", filter=rule) for name, rule in _WITHOUT.items()})
    said = BankAnswer.objects.visible_to(user).order_by()
    return without | said.aggregate(**{name: Count("pk", filter=rule) for name, rule in _SAID.items()})


def most_pressing(found: dict[str, int]) -> str:
    """Return the first set in which somebody must act, or that of what simply waits."""
    return next((name for name in ("no_answer", "contradicts", "strange", "delayed") if found[name]), "waiting")
