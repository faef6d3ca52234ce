"""Articles that documents print, by the day of the act (domain handbook §0.3); pure data.

民事诉讼法: the 2017 text to 2021-12-31, the 2021 text to 2023-12-31, the 2023 text from 2024-01-01.
民诉法解释: the 2015 numbers to 2022-04-09, the 2022 numbers from 2022-04-10.
"""

import datetime as dt

from documents.numerals import numeral

CPL = "《中华人民共和国民事诉讼法》"
CPLI = "《最高人民法院关于适用〈中华人民共和国民事诉讼法〉的解释》"
CPL_VERSIONS = (dt.date(1991, 4, 9), dt.date(2022, 1, 1), dt.date(2024, 1, 1))
CPLI_VERSIONS = (dt.date(2015, 2, 4), dt.date(2022, 4, 10))

# Key: article in the texts of 2017, 2021 and 2023.
CPL_ARTICLES: dict[str, tuple[int, int, int]] = {
    "SERVICE": (84, 87, 87),
    "SERVICE_DIRECT": (85, 88, 88),
    "SERVICE_LEFT": (86, 89, 89),
    "SERVICE_ELECTRONIC": (87, 90, 90),
    "SERVICE_MAIL": (88, 91, 91),
    "SERVICE_NOTICE": (92, 95, 95),
    "OBSTRUCTION": (111, 114, 114),
    "ASSIST_DUTY": (114, 117, 117),
    "FINE": (115, 118, 118),
    "APPROVAL": (116, 119, 119),
    "RULING": (154, 157, 157),
    "OBJECTION": (225, 232, 236),
    "OUTSIDER": (227, 234, 238),
    "SETTLEMENT": (230, 237, 241),
    "SECURITY": (231, 238, 242),
    "APPLY": (236, 243, 247),
    "ARBITRATION": (237, 244, 248),
    "NOTARY": (238, 245, 249),
    "NOTICE": (240, 247, 251),
    "REPORT": (241, 248, 252),
    "DEPOSITS": (242, 249, 253),
    "INCOME": (243, 250, 254),
    "SEAL": (244, 251, 255),
    "SALE": (247, 254, 258),
    "SEARCH": (248, 255, 259),
    "EVICTION": (250, 257, 261),
    "DELAY": (253, 260, 264),
    "CONTINUE": (254, 261, 265),
    "RESTRICT": (255, 262, 266),
    "SUSPEND": (256, 263, 267),
    "TERMINATE": (257, 264, 268),
    "EFFECT": (258, 265, 269),
}
# Key: article in the numbering of 2015 and of 2022.
CPLI_ARTICLES: dict[str, tuple[int, int]] = {
    "STAY": (469, 467),
    "LIMITATION": (483, 481),
    "SUMMON": (484, 482),
    "TERM": (487, 485),
    "AGREED_DEBT": (491, 489),
    "TITLE": (493, 491),
    "THIRD_DEBT": (501, 499),
    "PRO_RATA": (510, 508),
    "DISTRIBUTION": (511, 509),
    "BANKRUPTCY": (513, 511),
    "SEIZURE_ORDER": (516, 514),
    "ENDED": (519, 517),
}
# Texts whose numbering has not changed since the bureau began (2020 amendments, in force 2021-01-01).
FIXED: dict[str, tuple[str, int]] = {
    "EWR_ACCEPT": ("《最高人民法院关于人民法院执行工作若干问题的规定（试行）》", 16),
    "EWR_NOTICE": ("《最高人民法院关于人民法院执行工作若干问题的规定（试行）》", 22),
    "EWR_DEBT": ("《最高人民法院关于人民法院执行工作若干问题的规定（试行）》", 45),
    "EWR_STAY": ("《最高人民法院关于人民法院执行工作若干问题的规定（试行）》", 77),
    "EWR_CLOSE": ("《最高人民法院关于人民法院执行工作若干问题的规定（试行）》", 64),
    "SEIZ_RELEASE": ("《最高人民法院关于人民法院民事执行中查封、扣押、冻结财产的规定》", 28),
    "PROP_ORDER": ("《最高人民法院关于民事执行中财产调查若干问题的规定》", 3),
    "PROP_SCOPE": ("《最高人民法院关于民事执行中财产调查若干问题的规定》", 5),
    "PROP_PENALTY": ("《最高人民法院关于民事执行中财产调查若干问题的规定》", 9),
    "PROP_REWARD": ("《最高人民法院关于民事执行中财产调查若干问题的规定》", 19),
    "VAL_START": ("《最高人民法院关于人民法院确定财产处置参考价若干问题的规定》", 1),
    "NET_NOTICE": ("《最高人民法院关于人民法院网络司法拍卖若干问题的规定》", 12),
    "NET_PARTIES": ("《最高人民法院关于人民法院网络司法拍卖若干问题的规定》", 16),
    "AUCT_UNSOLD": ("《最高人民法院关于人民法院民事执行中拍卖、变卖财产的规定》", 16),
    "AUCT_RULING": ("《最高人民法院关于人民法院民事执行中拍卖、变卖财产的规定》", 20),
    "LIMC_ORDER": ("《最高人民法院关于限制被执行人高消费及有关消费的若干规定》", 1),
    "LIMC_LIFT": ("《最高人民法院关于限制被执行人高消费及有关消费的若干规定》", 9),
    "LIMC_SCOPE": ("《最高人民法院关于限制被执行人高消费及有关消费的若干规定》", 3),
    "DISH_GROUND": ("《最高人民法院关于公布失信被执行人名单信息的若干规定》", 1),
    "DISH_REMOVE": ("《最高人民法院关于公布失信被执行人名单信息的若干规定》", 10),
    "DISH_CORRECT": ("《最高人民法院关于公布失信被执行人名单信息的若干规定》", 11),
    "FUND_ACCOUNT": ("《最高人民法院关于执行款物管理工作的规定》", 4),
    "FUND_PAY": ("《最高人民法院关于执行款物管理工作的规定》", 10),
    "ZB_CONDITIONS": ("《最高人民法院关于严格规范终结本次执行程序的规定（试行）》", 1),
    "ZB_TALK": ("《最高人民法院关于严格规范终结本次执行程序的规定（试行）》", 5),
}


def _version(days: tuple[dt.date, ...], on: dt.date) -> int:
    return max((index for index, day in enumerate(days) if day <= on), default=0)


def article(key: str, on: dt.date) -> int:
    """Return the article's number in the text in force on that day; raises KeyError for an unknown key."""
    if key in CPL_ARTICLES:
        return CPL_ARTICLES[key][_version(CPL_VERSIONS, on)]
    if key in CPLI_ARTICLES:
        return CPLI_ARTICLES[key][_version(CPLI_VERSIONS, on)]
    return FIXED[key][1]


def cite(key: str, on: dt.date) -> str:
    """Return law and article as a document prints them on that day."""
    law = CPL if key in CPL_ARTICLES else CPLI if key in CPLI_ARTICLES else FIXED[key][0]
    return "".join((law, "第", numeral(article(key, on)), "条"))


def citations(on: dt.date) -> dict[str, str]:
    """Return every citation of that day under `law_<key>`, the name by which templates call it."""
    keys = (*CPL_ARTICLES, *CPLI_ARTICLES, *FIXED)
    return {f"law_{key.lower()}": cite(key, on) for key in keys}
