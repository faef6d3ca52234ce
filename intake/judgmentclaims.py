"""Reads one item of an operative part: sums by their kind, interest with base, rate and day, acts; pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from intake import judgmentwords as words

NOTE_MAX, RATE_MAX = 300, 100


@dataclass(frozen=True, slots=True)
class Proposal:
    """One thing to confirm: values by field of the filing form, and the words from which they were read."""

    kind: str  # BASIS, DUE, APPLICANT, DEBTOR or CLAIM
    values: Mapping[str, str]
    start: int
    end: int
    is_sure: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """Words that no field was filled from, and why."""

    start: int
    end: int
    reason: str


# The first that stands nearest before the sum; codes of cases.models.Claim.Kind.
_KINDS = (
    ("PRESERVATION_FEE", ("保全费", "保全申请费", "申请费")),
    ("COURT_FEE", ("案件受理费", "受理费", "诉讼费", "仲裁费")),
    ("PENALTY", ("违约金", "滞纳金")),
    ("INTEREST", ("利息", "罚息", "复利", "资金占用费")),
    ("WAGES", ("工资", "劳动报酬", "加班费", "经济补偿金", "经济补偿", "劳务费")),
    ("SUPPORT", ("抚养费", "赡养费", "扶养费")),
    ("COMPENSATION", ("赔偿金", "损失", "医疗费", "误工费", "护理费", "抚慰金", "赔偿款", "补偿款", "各项费用")),
    ("OTHER", ("律师费", "鉴定费", "公告费", "评估费", "担保费", "保险费", "物业费")),
    (
        "PRINCIPAL",
        (
            "本金",
            "借款",
            "货款",
            "欠款",
            "工程款",
            "租金",
            "价款",
            "购房款",
            "垫付款",
            "代偿款",
            "运费",
            "报酬",
            "转让款",
            "款项",
        ),
    ),
)
_WORD = {word: kind for kind, names in _KINDS for word in names}
_ANY_WORD = re.compile("|".join(sorted(map(re.escape, _WORD), key=len, reverse=True)))
_TOTAL = re.compile(r"(?:合计|共计|总计|以上)(?:为)?(?:人民币)?$")
_LIMIT = re.compile(r"(?:范围内|限额|额度|为限)")
_PERIODIC = re.compile(r"(?:每月|每年|每季度|按月)(?:支付|给付)?[^，。；]{0,12}$")
_ACT = re.compile(
    r"腾退|腾空|搬离|迁出|协助|办理[^，。；]{0,20}(?:登记|过户|手续)|赔礼道歉|停止侵害|停止使用|拆除|恢复原状|探望"
)
_DELIVERY = re.compile(r"(?:交付|返还|移交)(?![^，。；]{0,30}元)")
_DELAY_CLAUSE = re.compile(r"如果?[^。]{0,20}未(?:按|履行)[^。]{0,80}加倍支付")
_JOINT = re.compile(r"连带(?:清偿|给付|赔偿|保证)?责任")
_PRIORITY = re.compile(r"优先受偿")


def not_to_be_enforced(item: str) -> str:
    """Return why an item is nothing to be claimed; empty for all others."""
    if re.search(r"驳回[^。；]{0,40}(?:诉讼|仲裁|反诉|上诉)?(?:请求|上诉|申请)", item):
        return _("驳回部分，不是执行内容")
    if re.search(r"维持[^。；]{0,60}(?:判决|裁定)", item):
        return _("维持原判部分，请粘贴一审判决主文")
    if re.search(r"撤销[^。；]{0,60}(?:判决|裁定)", item):
        return _("撤销原判部分，不是执行内容")
    if _DELAY_CLAUSE.search(item):
        return _("加倍部分债务利息由系统计算，不必登记")
    return ""


def is_fee(item: str) -> bool:
    """Return whether an item only says who bears the costs."""
    return bool(re.search(r"(?:受理费|诉讼费|保全费|仲裁费|申请费)", item) and "负担" in item)


def claims_of(item: str) -> list[Proposal | Left]:
    """Return every claim of an item with its place in it, and what of it must be filled in by hand."""
    if is_fee(item):
        return _fees(item)
    found, taken = _sums(item)
    found += _open_interest(item, taken)
    if not found:
        found += _acts(item)
    if joint := _JOINT.search(item):
        found.append(Left(joint.start(), joint.end(), _("连带责任，被执行人已逐名提出，请在说明中注明")))
    if priority := _PRIORITY.search(item):
        found.append(Left(priority.start(), priority.end(), _("优先受偿权，请在说明中注明")))
    return found


def _kind_before(item: str, at: int, *, since: int = 0) -> tuple[str, str, int]:
    """Return kind, word and place of the nearest word that says what a sum is."""
    rows = list(_ANY_WORD.finditer(item, max(since, at - 24), at))
    # Another sum between the word and this one has taken the word.
    return (_WORD[rows[-1][0]], rows[-1][0], rows[-1].start()) if rows else ("", "", at)


def _sums(item: str) -> tuple[list[Proposal | Left], list[tuple[int, int]]]:
    """Return the stated sums as claims, and the spans that they take."""
    found: list[Proposal | Left] = []
    taken: list[tuple[int, int]] = []
    added, since = Decimal(0), 0
    for money in words.MONEY.finditer(item):
        amount = words.yuan_of(money)
        end, again = words.said_again(item, money.end())
        if amount is None or _is_base(item, money.start()) or _is_within_brackets(item, money):
            continue
        before = item[max(0, money.start() - 16) : money.start()]
        if _LIMIT.match(item, money.end()) or _LIMIT.search(before):
            found.append(Left(money.start(), end, _("限额，不是请求金额")))
            continue
        if _TOTAL.search(before) and added:
            words_of = _("合计数，与各项之和相符") if added == amount else _("合计数，与各项之和不符，请核对")
            found.append(Left(money.start(), end, words_of))
            continue
        kind, word, at = _kind_before(item, money.start(), since=since)
        since = end
        if _PERIODIC.search(before) and kind in ("SUPPORT", "PRINCIPAL", "", "WAGES"):
            found.append(Left(money.start(), end, _("按期给付，请自行填写已到期的总额")))
            continue
        if not kind:
            found.append(Left(money.start(), end, _("没有读懂是什么款项，请自行填写")))
            continue
        added += amount
        note = "" if again in (None, amount) else str(_("大写与小写不一致，请核对"))
        values = {"kind": kind, "amount": f"{amount:.2f}"}
        if word not in ("本金", "利息", "违约金", "案件受理费"):
            values["note"] = word
        found.append(Proposal("CLAIM", values, at, end, is_sure=not note, note=note))
        taken.append((at, end))
    return found, taken


def _is_base(item: str, at: int) -> bool:
    base = next((row for row in words.BASE.finditer(item) if row.start() < at < row.end()), None)
    return base is not None


def _is_within_brackets(item: str, money: re.Match[str]) -> bool:
    before = item[max(0, money.start() - 8) : money.start()]
    return bool(re.search(r"\((?:大写|小写)?：?(?:人民币)?$", before))


def _open_interest(item: str, taken: list[tuple[int, int]]) -> list[Proposal | Left]:
    """Return interest and penalties that run on: base, rate and day are read, the sum is the clerk's."""
    found: list[Proposal | Left] = []
    edge = 0
    rates = list(words.RATE.finditer(item))
    for index, rate in enumerate(rates):
        stop = min(
            [place for place in (item.find("；", rate.end()), item.find("。", rate.end())) if place >= 0],
            default=len(item),
        )
        if index + 1 < len(rates):
            stop = min(stop, rates[index + 1].start())
        start = max(edge, item.rfind("；", 0, rate.start()) + 1, *(end for _at, end in taken if end <= rate.start()), 0)
        edge = rate.end()
        clause = item[start:stop]
        kind = next((code for code in ("PENALTY", "INTEREST") for word in dict(_KINDS)[code] if word in clause), "")
        if not kind:
            found.append(Left(rate.start(), rate.end(), _("没有读懂这一利率用于什么，请自行填写")))
            continue
        values = {"kind": kind, "rate": rate["rate"][:RATE_MAX]}
        note = _("金额请计算至申请之日后填写")
        base = words.BASE.search(clause)
        money = words.MONEY.search(base[0]) if base else None
        if money and (amount := words.yuan_of(money)):
            values["base"] = f"{amount:.2f}"
        if since := words.FROM.search(clause):
            day = words.DAY.match(clause, since.end())
            if day and words.day_of(day):
                values["from_on"] = words.day_of(day)
        found.append(Proposal("CLAIM", values, start, stop, is_sure=True, note=note))
    return found


def _acts(item: str) -> list[Proposal | Left]:
    text = item.strip("\n")[:NOTE_MAX]
    for kind, pattern in (("ACT", _ACT), ("DELIVERY", _DELIVERY)):
        if pattern.search(item):
            return [Proposal("CLAIM", {"kind": kind, "note": text}, 0, len(item), is_sure=False)]
    return []


_FEE_WORD = re.compile(r"(?P<word>案件受理费|受理费|诉讼费|仲裁费|(?:财产)?保全(?:申请)?费|申请费)")
_BORNE = re.compile(r"负担")


def _fees(item: str) -> list[Proposal | Left]:
    """Return the costs that the other side bears: what stands after 负担, else the last sum of each fee."""
    found: list[Proposal | Left] = []
    rows = list(_FEE_WORD.finditer(item))
    for index, fee in enumerate(rows):
        stop = rows[index + 1].start() if index + 1 < len(rows) else len(item)
        sums = [row for row in words.MONEY.finditer(item, fee.end(), stop) if words.yuan_of(row)]
        borne = _BORNE.search(item, fee.end(), stop)
        if borne and (after := [row for row in sums if row.start() >= borne.end()]):
            if len(after) > 1:
                found.append(Left(fee.start(), stop, _("费用由多人分别负担，请自行填写")))
                continue
            sums = after
        amount = words.yuan_of(sums[-1]) if sums else None
        if amount is None:
            continue
        kind = "PRESERVATION_FEE" if "保全" in fee["word"] or fee["word"] == "申请费" else "COURT_FEE"
        note = "" if "预交" in item or "垫付" in item else _("请核对是否由申请执行人预交")
        values = {"kind": kind, "amount": f"{amount:.2f}"}
        found.append(Proposal("CLAIM", values, fee.start(), sums[-1].end(), is_sure=not note, note=note))
    return found
