"""Case numbers (案号, 法〔2015〕137号, 2018 amended): parse, print, and a key to compare basis documents."""

import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext as _

_PROVINCES = "京津冀晋内辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新兵"
_TYPES = ("执恢", "执异", "执复", "执监", "执保", "执协", "执请", "执他", "执", "司惩复", "司惩")
_CASE = re.compile(
    rf"\((?P<year>20(?:1[6-9]|[2-9]\d))\)(?P<court>最高法|[{_PROVINCES}](?:\d{{4}}|\d{{2}})?)(?P<spec>知)?"
    rf"(?P<type>{'|'.join(_TYPES)})(?P<seq>[1-9]\d{{0,6}})号(?P<suffix>之[一二三四五六七八九十百]+)?"
)
_LEGACY = re.compile(r"\((?P<year>19\d{2}|200\d|201[0-5])\)(?P<rest>[\u4e00-\u9fa5]{1,12})字第(?P<seq>\d+)(?:-\d+)?号")
_PART = re.compile(
    rf"(?:\((?P<year>20\d\d)\)|(?P<bare>20\d\d)(?!\d))?(?P<court>[{_PROVINCES}]?\d{{0,4}})?"
    rf"(?P<type>执恢?)(?:(?P<seq>[1-9]\d{{0,6}})(?P<end>号)?)?"
)
# Within other words, brackets are often left out.
_NAMED = re.compile(
    rf"\(?(?<!\d)(?P<year>20(?:1[6-9]|[2-9]\d))\)?(?P<rest>(?:最高法|[{_PROVINCES}](?:\d{{4}}|\d{{2}})?)知?"
    rf"(?:{'|'.join(_TYPES)})[1-9]\d{{0,6}}号(?:之[一二三四五六七八九十百]+)?)"
)
SEQ_DIGITS = 7
_BRACKETS = str.maketrans({"〔": "(", "〕": ")", "[": "(", "]": ")", "【": "(", "】": ")", "﹝": "(", "﹞": ")"})
TEXT_MAX = 100


class CaseNumber(NamedTuple):
    """A case number taken apart; a legacy number keeps its court and type together in `type_code`."""

    canonical: str
    year: int
    court: str
    type_code: str
    seq: int
    suffix: str
    is_legacy: bool


class Part(NamedTuple):
    """What somebody typed of a number; empty where nothing was said, `seqs` are ranges of numbers that it may mean."""

    year: int | None
    court: str
    type_code: str
    seqs: tuple[tuple[int, int], ...]


def part(text: str) -> Part | None:
    """Return what part of a number of an enforcement case the plain text names; none where it names something else.

    Without 号 the digits at the end are the beginning of a number: 执15 means 15, 150 to 159, 1500 to 1599 and so on.
    """
    found = _PART.fullmatch(text)
    if not found:
        return None
    seqs: tuple[tuple[int, int], ...] = ()
    if found["seq"]:
        seq, more = int(found["seq"]), 0 if found["end"] else SEQ_DIGITS - len(found["seq"])
        seqs = tuple((seq * 10**power, (seq + 1) * 10**power - 1) for power in range(more + 1))
    year = found["year"] or found["bare"]
    return Part(int(year) if year else None, found["court"] or "", found["type"], seqs)


def plain(text: str) -> str:
    """Return the text without blanks, brackets half-width and round."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)


def parse(text: str) -> CaseNumber:
    """Return the number taken apart; raises ValueError with a sentence for anything else."""
    if len(text) > TEXT_MAX:
        raise ValueError(_("案号过长"))
    number = plain(text)
    if found := _CASE.fullmatch(number):
        suffix = found["suffix"] or ""
        return CaseNumber(
            number, int(found["year"]), found["court"], found["type"], int(found["seq"]), suffix, is_legacy=False
        )
    if found := _LEGACY.fullmatch(number):
        return CaseNumber(number, int(found["year"]), "", found["rest"], int(found["seq"]), "", is_legacy=True)
    raise ValueError(_("案号格式应如 (2021)内0302执15号"))


def named_in(text: str) -> list[str]:
    """Return the numbers of enforcement cases that stand in a text, as they are written here."""
    return list(dict.fromkeys(f"({found['year']}){found['rest']}" for found in _NAMED.finditer(plain(text))))


def write(*, year: int, court_code: str, type_code: str, seq: int) -> str:
    """Return the canonical number, such as (2021)内0302执1号."""
    return f"({year}){court_code}{type_code}{seq}号"


def basis_key(text: str) -> str:
    """Return the key by which two spellings of one document number are equal."""
    return re.sub(r"[()第字号\-—]", "", plain(text)).upper()[:100]
