"""Invented people and companies whose numbers are valid by check digit; drawn from one random source, pure."""

import datetime as dt
from dataclasses import replace
from random import Random

from stdnum import luhn
from stdnum.cn import ric, uscc

from accounts.payees import PayeeData
from cases.filing import PartyData

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "子墨雨桐浩然诗涵宇轩欣怡俊杰梓萱博文思琪天佑静姝志强丽华建国秀英海波玉兰文斌春梅永胜慧敏国栋雪莲"
MONGOLIAN = (
    "阿拉坦", "其木格", "乌兰图雅", "朝鲁", "萨仁", "布和", "斯琴高娃", "哈斯额尔敦", "娜仁托雅",
    "格日勒图", "呼和", "巴雅尔", "苏布德", "敖登格日乐", "孟和巴特尔",
)  # fmt: skip
TRADES = (
    "商贸",
    "建筑劳务",
    "物流运输",
    "煤化工",
    "餐饮管理",
    "机械租赁",
    "建材",
    "环保科技",
    "农牧业",
    "房地产开发",
)
WORDS = "恒瑞祥泰盛源鼎新宏达嘉禾永固金桥瑞丰华茂同济远航"
DISTRICTS = {"150302": "海勃湾区", "150303": "海南区", "150304": "乌达区"}
STREETS = (
    "新华街",
    "人民路",
    "黄河东街",
    "海北街",
    "滨河路",
    "狮城街",
    "拉僧庙路",
    "巴音赛街",
    "机场路",
    "千里山街",
)
BANKS = (
    ("中国工商银行乌海分行", "102203000018"),
    ("中国农业银行乌海分行", "103203000011"),
    ("中国建设银行乌海分行", "105203000013"),
    ("内蒙古银行乌海分行", "313203000010"),
    ("乌海银行", "313203000028"),
)
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class People:
    """Draws people, companies and their accounts; the same source draws the same."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._known_companies = [self._company_name() for _number in range(14)]
        self._numbers: dict[str, str] = {}

    def person(self, side: str) -> PartyData:
        """Return an invented natural person of Wuhai."""
        rng = self._rng
        region = rng.choices(list(DISTRICTS), weights=(55, 18, 27))[0]
        birth = dt.date(1955, 1, 1) + dt.timedelta(days=rng.randrange(365 * 46))
        body = f"{region}{birth:%Y%m%d}{rng.randrange(1000):03d}"
        return PartyData(
            side=side,
            kind="PERSON",
            name=self._person_name(),
            id_number=body + ric.calc_check_digit(body + "0"),
            id_kind="RESIDENT_ID",
            phone=self._mobile(),
            address=self._address(region),
        )

    def company(self, side: str, *, is_known: bool = False) -> PartyData:
        """Return an invented company; a known one turns up in several cases."""
        rng = self._rng
        name = rng.choice(self._known_companies) if is_known else self._company_name()
        if name not in self._numbers:
            body = f"91{rng.choice(list(DISTRICTS))}" + "MA0" + "".join(rng.choices(USCC_LETTERS, k=6))
            self._numbers[name] = body + uscc.calc_check_digit(body)
        return PartyData(
            side=side,
            kind="ORGANISATION",
            name=name,
            id_number=self._numbers[name],
            id_kind="USCC",
            phone=f"0473-{rng.randrange(2_000_000, 7_000_000)}",
            address=self._address(rng.choice(list(DISTRICTS))),
            legal_representative=self._person_name(),
        )

    def account(self, party: PartyData, *, ending: str = "") -> PayeeData:
        """Return an invented account in the party's name, ending in these digits where asked."""
        bank_name, bank_code = self._rng.choice(BANKS)
        number = self._card(ending) if party.kind == "PERSON" else self._company_account(ending)
        return PayeeData(
            holder_name=party.name,
            number=number,
            bank_name=bank_name,
            bank_code=bank_code,
        )

    def _card(self, ending: str) -> str:
        while True:
            body = "62" + self._digits(16)
            if not ending:
                return body + luhn.calc_check_digit(body)
            number = body[: 19 - len(ending)] + ending
            if luhn.is_valid(number):
                return number

    def _company_account(self, ending: str) -> str:
        # The simulated bank reads meaning in the last four digits, so plain accounts avoid zeros and nines there.
        return "1505" + self._digits(10) + (ending or f"{self._rng.randrange(1000, 9000)}")

    def _digits(self, count: int) -> str:
        return "".join(str(self._rng.randrange(1, 9)) for _digit in range(count))

    def _mobile(self) -> str:
        return f"1{self._rng.choice('3578')}{self._rng.randrange(10**9):09d}"

    def _address(self, region: str) -> str:
        return f"乌海市{DISTRICTS[region]}{self._rng.choice(STREETS)}{self._rng.randrange(1, 180)}号"

    def _person_name(self) -> str:
        rng = self._rng
        if rng.random() < 0.12:
            return rng.choice(MONGOLIAN)
        return rng.choice(SURNAMES) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2, 2))))

    def _company_name(self) -> str:
        rng = self._rng
        return f"乌海市{''.join(rng.sample(WORDS, 2))}{rng.choice(TRADES)}有限公司"


def renumbered(party: PartyData, rng: Random) -> PartyData:
    """Return the party with another number drawn from a source; a person's day of birth stays."""
    if party.kind == "PERSON":
        body = f"{party.id_number[:14]}{rng.randrange(1000):03d}"
        return replace(party, id_number=body + ric.calc_check_digit(body + "0"))
    body = party.id_number[:11] + "".join(rng.choices(USCC_LETTERS, k=6))
    return replace(party, id_number=body + uscc.calc_check_digit(body))
