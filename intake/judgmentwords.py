"""The words in which judgments write sums, days, rates, names and numbers; pure patterns over plain text."""

import datetime as dt
import re
from decimal import Decimal

# One sign for one sign, so that a place in the plain text is a place in the source.
_PLAIN = {
    ord("　"): " ",
    ord("．"): ".",
    ord("："): "：",
    ord("〔"): "(",
    ord("〕"): ")",
    ord("［"): "(",
    ord("］"): ")",
}
_PLAIN |= {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) not in "，：；．［］"}
_PLAIN |= {ord("["): "(", ord("]"): ")", ord("【"): "(", ord("】"): ")", ord(":"): "：", ord(";"): "；"}

_DIGITS = {
    char: value
    for value, chars in enumerate(("零〇", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆"))
    for char in chars
}
_DIGITS |= {char: value for value, chars in enumerate(("七柒", "八捌", "九玖"), start=7) for char in chars}
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG = {"万": 10**4, "亿": 10**8}

_FIGURE = r"\d{1,3}(?:[,，]\d{3}){1,4}(?:\.\d{1,6})?|\d{1,13}(?:\.\d{1,6})?"
_WORDS = r"[零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾佰仟百千万亿两]{1,30}"
MONEY = re.compile(
    "".join(
        (
            r"(?:人民币|¥|￥)?(?:(?P<figure>",
            _FIGURE,
            r")(?P<unit>亿|千万|百万|万|千)?(?:余)?元|(?P<words>",
            _WORDS,
            r")(?:元|圆)(?P<jiao>[零壹贰叁肆伍陆柒捌玖一二三四五六七八九])?(?(jiao)角)",
            r"(?P<fen>[壹贰叁肆伍陆柒捌玖一二三四五六七八九])?(?(fen)分))(?:整|正)?",
        )
    )
)
_SAID_AGAIN = re.compile("".join((r"\((?:大写|小写)?[：]?(?:人民币|¥)?(?P<words>", _WORDS, r")(?:元|圆)(?:整|正)?\)")))
DAY = re.compile(r"(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
FORMAL_DAY = re.compile(
    r"(?P<year>[一二][〇○零O0一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
RATE = re.compile(
    r"(?:按照?|依照|以)?(?P<rate>(?:年利率|年息|月利率|月息|日利率|日息)(?:为)?\d{1,3}(?:\.\d{1,6})?(?:%|‰|分)"
    r"|(?:每日|日利率|按日|日)(?:按)?(?:万分之|千分之)[一二三四五六七八九十\d.]{1,6}"
    r"|(?:全国银行间同业拆借中心)?(?:公布|授权公布|发布)?的?(?:同期)?(?:一年期|五年期以上|1年期|5年期以上)?的?"
    r"(?:贷款市场报价利率|LPR)(?:\(LPR\))?(?:的?标准)?(?:的?[一二三四1-4](?:\.\d{1,2})?倍|上浮\d{1,3}%|加计\d{1,3}%)?"
    r"|中国人民银行(?:公布|发布|规定)?的?同期(?:同类|同档次)?(?:金融机构)?(?:人民币)?贷款(?:基准)?利率(?:的?[一二三四1-4](?:\.\d{1,2})?倍)?)"
)
FROM = re.compile(r"(?:自|从)(?=(?:19|20)\d\d年)")
BASE = re.compile(r"以(?P<what>[^，。；]{0,30}?)(?:为(?:计算)?基数|为本金|为基础)")
CASE_NUMBER = re.compile(r"\((?:19|20)\d\d\)[\u4e00-\u9fa5\d]{2,20}?(?:第)?\d{1,6}号(?:之[一二三四五六七八九十]{1,3})?")
OTHER_NUMBER = re.compile(r"[\u4e00-\u9fa5]{1,12}(?:字)?\((?:19|20)\d\d\)(?:第)?\d{1,6}号")
_ENDS = (
    *("有限责任公司", "股份有限公司", "有限公司", "公司", "合作社", "信用社", "联社", "银行", "委员会", "事务所"),
    *("学校", "医院", "中心", "分行", "支行", "经营部", "商行", "超市", "饭店", "厂", "店", "局"),
)
_ORGANISATION = re.compile("".join((r"[^\s，。；、：]{2,40}?(?:", "|".join(_ENDS), ")")))
ORGANISATION_END = re.compile("".join(("(?:", "|".join(_ENDS), ")$")))
_VERBS = re.compile(r"支付|偿还|给付|返还|归还|赔偿|向|于本|应于|应当|在本|自本|原告|被告|申请人|连带|负担|承担")
# What may follow a person's name in an operative part.
_AFTER = (
    r"(?=于|应|在|自|向|对|给|支付|偿还|返还|归还|赔偿|履行|承担|负担|连带|共同|与|和|及|、|,|，|的|名下|就|以|继续|协助|腾|交付|将|"
    r"借款|货款|本金|工资|劳动报酬|各|均|一次性|分期|办理|停止|拆除|经济|违约金|利息|医疗费|赔礼|工程款|租金|抚养费|\d|\(|；|。|$)"
)
# What is owed stands where a name could: 给付原告违约金二万元 names nobody.
_OWED = re.compile(
    r"违约金|赔偿金|补偿金|利息|本金|借款|货款|价款|租金|工资|工程款|劳务费|劳动报酬|抚养费|赡养费|扶养费|医疗费|"
    r"案件受理费|保全费|各项|人民币"
)
_PERSON = re.compile("".join((r"[\u4e00-\u9fa5·×*]{2,15}?", _AFTER)))


def plain(text: str) -> str:
    """Return the text with half-width figures and letters and one kind of brackets, sign for sign."""
    return text.translate(_PLAIN)


def number_in_words(text: str) -> int | None:
    """Return 50300 for 伍万零叁佰; none for what is no number."""
    total = section = digit = 0
    seen = False
    for char in text:
        if char in _DIGITS:
            digit, seen = _DIGITS[char], True
        elif char in _UNITS:
            section += (digit or (0 if seen and section else 1)) * _UNITS[char] if digit or not section else 0
            digit, seen = 0, True
        elif char in _BIG:
            value = section + digit
            if char == "亿":
                total = (total + value) * _BIG[char]
            else:
                total += value * _BIG[char]
            section = digit = 0
            seen = True
        else:
            return None
    value = total + section + digit
    return value if seen and value < 10**14 else None


def yuan_of(found: re.Match[str]) -> Decimal | None:
    """Return the sum that a match of MONEY says, in yuan; none where it is none or has parts of a 分."""
    if found["figure"]:
        amount = Decimal(found["figure"].replace(",", "").replace("，", ""))
        amount *= {"亿": 10**8, "千万": 10**7, "百万": 10**6, "万": 10**4, "千": 10**3}.get(found["unit"] or "", 1)
    else:
        whole = number_in_words(found["words"])
        if whole is None:
            return None
        tenths = _DIGITS.get(found["jiao"] or "零", 0) * 10 + _DIGITS.get(found["fen"] or "零", 0)
        amount = Decimal(whole) + Decimal(tenths) / 100
    if not 0 < amount < 10**14 or amount != amount.quantize(Decimal("0.01")):
        return None
    return amount.quantize(Decimal("0.01"))


def said_again(text: str, at: int) -> tuple[int, Decimal | None]:
    """Return where the sum in words ends that stands in brackets at a place, and that sum; the place itself if none."""
    found = _SAID_AGAIN.match(text, at)
    if found is None:
        return at, None
    whole = number_in_words(found["words"])
    return found.end(), Decimal(whole) if whole is not None else None


def day_of(found: re.Match[str]) -> str:
    """Return the day of a match of DAY or FORMAL_DAY as 2021-05-10; empty where the calendar has no such day."""
    try:
        year = int("".join(str(_DIGITS.get(char, 0)) if not char.isdigit() else char for char in found["year"]))
        month, day = (
            int(part) if part.isdigit() else number_in_words(part) or 0 for part in (found["month"], found["day"])
        )
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def name_at(text: str, at: int, known: tuple[str, ...] = ()) -> str:
    """Return the name that begins at a place: one that is known, an organisation's, or a person's; empty if none."""
    for name in known:
        if text.startswith(name, at):
            return name
    found = _ORGANISATION.match(text, at)
    if found and not _VERBS.search(found[0]):
        return found[0]
    if _OWED.match(text, at):
        return ""
    found = _PERSON.match(text, at)
    return found[0] if found and not _VERBS.search(found[0]) else ""
