"""A book of many cases for measuring reads: ten years of filings, written by COPY past triggers and services.

Nothing here is a pattern for the product: no event is chained and no rule is asked. What a reading page finds is
realistic in number and spread: ten years, about one case in sixteen open, Chinese names of two and three characters,
two to four parties, claims, ended and running deadlines, events, packs, work orders, contacts, money in and out.
"""

import datetime as dt
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol, cast

from django.db import connection, models, transaction

from benchmarks import book_sql
from bureau.crypto import digest, encrypt
from bureau.models import User
from bureau.names import grams, sort_key
from cases import casenumber
from cases.models import Case, Claim, Party
from tests import factories

CASES = 100_000
YEARS_DAYS = 3650
COURTS = ("内03", "内0302", "内0303", "内0304")
FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超霞平刚桂英华玉兰红梅建国志文斌鹏飞宇欣怡梓涵浩然子轩雨彤嘉俊博思佳琪瑞雪峰"
BRAND = "恒信宏远金诚兴业天达华泰永盛德隆瑞丰嘉和鑫源中汇博通"
TRADES = ("商贸有限公司", "建筑工程有限公司", "化工有限责任公司", "运输有限公司", "物业服务有限公司")
CAUSES = ("买卖合同纠纷", "民间借贷纠纷", "劳动争议", "金融借款合同纠纷", "机动车交通事故责任纠纷", "离婚纠纷")
MODES = ("PROCEDURAL",) * 9 + ("FULFILLED",) * 8 + ("TERMINATED",) * 2 + ("REMOVED",)
OPEN_STAGES = (("FILED", 7), ("ALLOCATED", 12), ("STARTING", 30))  # younger than so many days
LATER_STAGES = ("FAST",) * 5 + ("ORDINARY",) * 10 + ("SUSPENDED", "SETTLED", "STAYED")


class _Copying(Protocol):
    def copy(self, sql: str) -> Any: ...


@dataclass(frozen=True, slots=True)
class Book:
    """The staff of the house, the last day of the book, and one open case with its judge to look at."""

    house: factories.House
    today: dt.date
    case: Case


def load(*, today: dt.date, count: int = CASES) -> Book:
    """Write the book as of a day and let the planner see it; about half a minute for 100,000 cases."""
    house = factories.House.build()
    judges = [house.judge, house.judge2, house.judge3, *_staff("JUDGE", 15, house)]
    officers = [house.officer, house.officer2, house.officer3, *_staff("OFFICER", 30, house)]
    with transaction.atomic(), connection.cursor() as cursor:
        # The triggers of the stage door, the event chain and the balances, and every foreign key, are passed by.
        cursor.execute("SET LOCAL session_replication_role = replica")
        rng = random.Random(20211227)
        cases = [_case(number, count, today, house, judges, officers, rng) for number in range(1, count + 1)]
        _copy(Case, cases)
        _copy(Party, _parties(cases, rng))
        _copy(Claim, _claims(cases))
        for statement in book_sql.STATEMENTS:
            cursor.execute(statement, {"today": today, "finance": house.finance.pk, "chief": house.chief.pk})
        for table in book_sql.NUMBERED:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE")
    looked_at = Case.objects.filter(stage="ORDINARY", judge=house.judge3).order_by("-filed_on", "-id")[0]
    return Book(house, today, looked_at)


def _staff(role: str, count: int, house: factories.House) -> list[User]:
    teams = [house.teams["FAST"], house.teams["ORDINARY"]]
    return [factories.UserFactory(role=role, team=teams[number % 2]) for number in range(count)]


def _copy(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    fields = [field for field in model._meta.concrete_fields if not (field.primary_key and model is not Case)]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with connection.cursor() as cursor:
        driver = cast(_Copying, cursor.cursor)
        with driver.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row([getattr(row, field.attname) for field in fields])


def _case(
    number: int,
    count: int,
    today: dt.date,
    house: factories.House,
    judges: list[User],
    officers: list[User],
    rng: random.Random,
) -> Case:
    age = YEARS_DAYS * (count - number) // count
    filed_on = today - dt.timedelta(days=age)
    court = house.courts[COURTS[number % 4]]
    seq = number // 4 + 1
    judge = rng.choice(judges)
    owner = rng.choice([user for user in officers[:8] if user.team_id == judge.team_id] or officers)
    is_fast = judge.team_id == house.teams["FAST"].pk
    case = Case(
        pk=number,
        number=casenumber.write(year=filed_on.year, court_code=court.code, type_code="执", seq=seq),
        number_court=court,
        year=filed_on.year,
        type_code="执",
        seq=seq,
        filing_window=house.windows[f"W{number % 4 + 1}"],
        stage_since_on=filed_on + dt.timedelta(days=min(age, 30)),
        basis_kind="J1",
        basis_issuer=court.name,
        basis_number=f"({filed_on.year}){court.code}民初{seq}号",
        basis_key=f"{filed_on.year}{court.code}民初{seq}",
        basis_made_on=filed_on - dt.timedelta(days=120),
        cause=CAUSES[number % len(CAUSES)],
        amount_claimed=Decimal(rng.randrange(50_000, 90_000_000)) / 100,
        filed_at=factories.moment(filed_on.year, filed_on.month, filed_on.day),
        filed_on=filed_on,
        filed_by=house.window_clerk,
        triage_due_on=filed_on + dt.timedelta(days=7),
        closing_due_on=filed_on + dt.timedelta(days=183),
        judge=judge,
        owner=owner,
        team=judge.team,
        stream="FAST" if is_fast else "ORDINARY",
        stream_team=judge.team,
        triaged_on=filed_on + dt.timedelta(days=4),
    )
    _settle_stage(case, age, today, house, rng)
    return case


def _settle_stage(case: Case, age: int, today: dt.date, house: factories.House, rng: random.Random) -> None:
    """Put the case into a stage that fits its age: of the old ones nearly all are closed."""
    stage = next((stage for stage, days in OPEN_STAGES if age <= days), "")
    is_open = rng.random() < (0.75 if age <= 180 else 0.25 if age <= 400 else 0.01)
    if stage:
        case.team, case.owner = house.teams["AFFAIRS"], house.assistant
        if stage == "FILED":
            case.owner = case.judge = case.stream_team = case.triaged_on = None
            case.team, case.stream = house.teams["COMMAND"], ""
    elif is_open:
        stage = rng.choice(LATER_STAGES)
        case.resume_stage = case.stream if stage in Case.RESTING else ""
        if stage in ("FAST", "ORDINARY"):
            stage = case.stream
    else:
        case.closing_mode = rng.choice(MODES)
        case.closed_on = min(today, case.filed_on + dt.timedelta(days=rng.randrange(31, 220)))
        stage = "CLOSED" if case.closing_mode == "PROCEDURAL" or age < 240 else "ARCHIVED"
        case.closing_document = "结案通知书"
        if stage == "ARCHIVED":
            case.archived_on = min(today, case.closed_on + dt.timedelta(days=40))
            case.team = house.teams["AFFAIRS"]
    # The field is guarded against assignment; this is the one place that writes rows past the door.
    case.__dict__["stage"] = stage


def person(rng: random.Random) -> str:
    """Return a name of two or three Chinese characters."""
    return rng.choice(FAMILY) + "".join(rng.choices(GIVEN, k=rng.choice((1, 2, 2))))


def _company(rng: random.Random) -> str:
    return "乌海市" + "".join(rng.choices(BRAND, k=2)) + rng.choice(TRADES)


def _parties(cases: list[Case], rng: random.Random) -> Iterator[Party]:
    # A few ciphertexts serve all: encrypting half a million numbers would be the longest part of the run.
    secret = [encrypt(f"1101051949123100{number:02d}") for number in range(50)]
    keys: dict[str, tuple[str, list[str]]] = {}
    for case in cases:
        sides = ["APPLICANT", "DEBTOR"] + ["DEBTOR"] * (rng.random() < 0.2) + ["APPLICANT"] * (rng.random() < 0.1)
        seen = {"APPLICANT": 0, "DEBTOR": 0}
        for side in sides:
            seen[side] += 1
            is_person = rng.random() < 0.7
            name = person(rng) if is_person else _company(rng)
            if name not in keys:
                keys[name] = (sort_key(name), grams(name))
            mark = f"{case.pk}-{side}-{seen[side]}"
            yield Party(
                case=case,
                side=side,
                kind="PERSON" if is_person else "ORGANISATION",
                position=seen[side],
                name=name,
                name_key=keys[name][0],
                name_grams=keys[name][1],
                id_kind="RESIDENT_ID" if is_person else "USCC",
                id_number=secret[case.pk % 50],
                id_digest=digest(mark),
                id_last4=f"{case.pk % 10000:04d}",
                phone=secret[case.pk % 50],
                phone_digest=digest(f"phone {mark}"),
                phone_last4=f"{case.pk % 10000:04d}",
                address=secret[case.pk % 50],
            )


def _claims(cases: list[Case]) -> Iterator[Claim]:
    for case in cases:
        half = (case.amount_claimed / 2).quantize(Decimal("0.01"))
        yield Claim(case=case, position=1, kind="PRINCIPAL", amount=half)
        yield Claim(case=case, position=2, kind="INTEREST", amount=case.amount_claimed - half)
