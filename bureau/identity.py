"""Canonical and checked ID, USCC, phone and account numbers (GB 11643-1999, GB 32100-2015); pure, no ORM."""

import datetime as dt
import re
import unicodedata
from typing import NamedTuple

from django.utils.translation import gettext as _
from stdnum import luhn
from stdnum.cn import ric, uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

_BRACKETS = str.maketrans({"（": "(", "）": ")", "•": "·", "・": "·", "．": "·"})


class InvalidNumber(ValueError):
    """The number cannot be right; the message is for the clerk."""


class ResidentId(NamedTuple):
    """A checked resident ID with what it tells."""

    number: str
    birth_on: dt.date
    sex: str  # M or F


def plain(text: str) -> str:
    """Return a number as it is kept: half-width, without blanks and dashes, letters upper-case."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()


def holds_resident_id(text: str) -> bool:
    """Return whether a whole resident ID stands anywhere in a text."""
    plain = unicodedata.normalize("NFKC", text).upper()
    found = re.findall(r"(?<![0-9A-Z])\d{17}[\dX](?![0-9A-Z])", plain)
    return any(ric.calc_check_digit(number) == number[-1] for number in found)


def canonical_resident_id(text: str, *, today: dt.date | None = None) -> ResidentId:
    """Return the 18-character resident ID; any region is accepted, people move."""
    number = plain(text)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise InvalidNumber(_("身份证号应为18位，末位可为X"))
    # The check digit is asked before the date: a mistyped digit is the usual case.
    if ric.calc_check_digit(number) != number[-1]:
        raise InvalidNumber(_("身份证号校验位不符，请核对是否录错"))
    try:
        birth_on = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidNumber(_("身份证号中的出生日期不存在")) from None
    if today is not None and birth_on > today:
        raise InvalidNumber(_("身份证号中的出生日期晚于今天"))
    return ResidentId(number, birth_on, "M" if int(number[16]) % 2 else "F")


def canonical_old_resident_id(text: str) -> str:
    """Return a 15-digit ID of an old judgment, which has no check digit."""
    number = plain(text)
    if not re.fullmatch(r"\d{15}", number):
        raise InvalidNumber(_("旧身份证号应为15位数字"))
    try:
        dt.date(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))
    except ValueError:
        raise InvalidNumber(_("身份证号中的出生日期不存在")) from None
    return number


def canonical_uscc(text: str) -> str:
    """Return the 18-character unified social credit code."""
    try:
        return str(uscc.validate(plain(text)))
    except InvalidChecksum:
        raise InvalidNumber(_("统一社会信用代码校验位不符，请核对是否录错")) from None
    except ValidationError:
        raise InvalidNumber(_("统一社会信用代码应为18位数字或大写字母（不含I、O、S、V、Z）")) from None


def canonical_other_id(text: str) -> str:
    """Return a passport or permit number, 5 to 20 letters and digits."""
    number = plain(text)
    if not re.fullmatch(r"[A-Z0-9]{5,20}", number):
        raise InvalidNumber(_("证件号码应为5至20位字母或数字"))
    return number


def canonical_phone(text: str) -> str:
    """Return a mobile number, or a landline as 0473-2990000."""
    digits = plain(text).removeprefix("+86")
    if re.fullmatch(r"1[3-9]\d{9}", digits):
        return digits
    landline = re.fullmatch(r"(010|02\d|0[3-9]\d{2})(\d{7,8})", digits)
    if landline:
        return f"{landline[1]}-{landline[2]}"
    raise InvalidNumber(_("电话应为11位手机号，或带区号的固定电话（如0473-2990000）"))


def canonical_account(text: str, *, is_person: bool) -> str:
    """Return a bank account number; a personal card passes Luhn, a company's account has no check digit."""
    number = plain(text)
    if is_person:
        if not re.fullmatch(r"\d{16,19}", number):
            raise InvalidNumber(_("个人银行卡号应为16至19位数字"))
        if not luhn.is_valid(number):
            raise InvalidNumber(_("银行卡号校验不符，请核对是否录错"))
    elif not re.fullmatch(r"\d{8,32}", number):
        raise InvalidNumber(_("单位银行账号应为8至32位数字"))
    return number


def canonical_bank_code(text: str) -> str:
    """Return the 12-digit CNAPS code, or nothing for nothing."""
    number = plain(text)
    if number and not re.fullmatch(r"\d{12}", number):
        raise InvalidNumber(_("联行号应为12位数字"))
    return number


def canonical_name(text: str) -> str:
    """Return a name with half-width brackets, one kind of middle dot and single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text.translate(_BRACKETS)).translate(_BRACKETS).split())
