"""What the demo's cases are about: causes with their usual sums, documents and parties. Assumptions, no statistics.

The sum of a case is drawn log-normal around the cause's median; the weights give a plausible mix of such a city.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from cases.basis import TITLES
from cases.filing import BasisData, ClaimData, FilingData, PartyData
from wuhai_exec.demo.people import People

DAY = dt.timedelta(days=1)
BASIS_DAYS = (45, 320)  # between the document and the filing
EFFECTIVE_DAYS = 16  # 送达 and 15 days to appeal
SHARE_KNOWN_DEBTOR = 0.12
SHARE_TWO_APPLICANTS = 0.04
SHARE_TWO_DEBTORS = 0.12
CIVIL, MEDIATED, PAYMENT_ORDER = "J1", "J2", "J3"
LABOUR, COMMERCIAL, NOTARY = "A2", "A1", "N1"


@dataclass(frozen=True, slots=True)
class Cause:
    """One kind of dispute: its share, its sums, and who meets whom (P person, O organisation)."""

    name: str
    weight: int
    claim: str
    median: int  # yuan
    sigma: float
    applicant: str
    debtor: str
    documents: tuple[str, ...] = (CIVIL, CIVIL, MEDIATED)
    livelihood: str = ""


CAUSES = (
    Cause("民间借贷纠纷", 20, "PRINCIPAL", 62_000, 1.0, "P", "P"),
    Cause(
        "买卖合同纠纷",
        14,
        "PRINCIPAL",
        85_000,
        1.1,
        "OP",
        "O",
        (CIVIL, MEDIATED, PAYMENT_ORDER, COMMERCIAL),
    ),
    Cause(
        "追索劳动报酬纠纷",
        12,
        "WAGES",
        18_500,
        0.7,
        "P",
        "O",
        (CIVIL, LABOUR, LABOUR, MEDIATED),
        "WAGES",
    ),
    Cause(
        "机动车交通事故责任纠纷",
        10,
        "COMPENSATION",
        76_000,
        0.9,
        "P",
        "PO",
        livelihood="TRAFFIC",
    ),
    Cause("物业服务合同纠纷", 11, "PRINCIPAL", 4_200, 0.6, "O", "P"),
    Cause(
        "金融借款合同纠纷",
        9,
        "PRINCIPAL",
        165_000,
        1.0,
        "O",
        "P",
        (CIVIL, MEDIATED, NOTARY),
    ),
    Cause("信用卡纠纷", 7, "PRINCIPAL", 26_000, 0.7, "O", "P", (CIVIL,)),
    Cause("抚养费纠纷", 5, "SUPPORT", 14_000, 0.5, "P", "P", livelihood="SUPPORT"),
    Cause(
        "建设工程施工合同纠纷",
        5,
        "PRINCIPAL",
        380_000,
        1.0,
        "O",
        "O",
        (CIVIL, MEDIATED, COMMERCIAL),
    ),
    Cause("房屋租赁合同纠纷", 4, "PRINCIPAL", 32_000, 0.8, "PO", "PO"),
    Cause("供用热力合同纠纷", 3, "PRINCIPAL", 3_600, 0.5, "O", "P", (CIVIL, PAYMENT_ORDER)),
)
EVICTION = Cause("返还原物纠纷", 0, "DELIVERY", 0, 0.0, "P", "P", (CIVIL,))
ISSUERS = {
    LABOUR: "乌海市劳动人事争议仲裁委员会",
    COMMERCIAL: "乌海仲裁委员会",
    NOTARY: "乌海市公证处",
}
MARKS = {
    CIVIL: "({year}){court}民初{seq}号",
    MEDIATED: "({year}){court}民初{seq}号",
    PAYMENT_ORDER: "({year}){court}民督{seq}号",
    LABOUR: "乌劳人仲字〔{year}〕第{seq}号",
    COMMERCIAL: "乌仲裁字〔{year}〕第{seq}号",
    NOTARY: "({year})乌海证执字第{seq}号",
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What a case is about, before it is filed."""

    cause: Cause
    basis: BasisData
    parties: tuple[PartyData, ...]
    claims: tuple[ClaimData, ...]

    @property
    def applicants(self) -> list[PartyData]:
        """Return the applicants in their order."""
        return [party for party in self.parties if party.side == "APPLICANT"]

    @property
    def amount(self) -> Decimal:
        """Return the sum of all claims in yuan."""
        return sum((claim.amount for claim in self.claims if claim.amount), Decimal("0.00"))

    def filing(self, *, court_code: str, window_code: str, clues: str) -> FilingData:
        """Return what the window hands in."""
        return FilingData(
            court_code=court_code,
            window_code=window_code,
            basis=self.basis,
            parties=self.parties,
            claims=self.claims,
            cause=self.cause.name,
            clues=clues,
            is_demo=True,
        )


class Matters:
    """Draws matters; basis numbers never repeat."""

    def __init__(self, rng: Random, people: People) -> None:
        self._rng = rng
        self._people = people
        self._seqs: dict[str, int] = {}

    def draw(self, *, court_code: str, court_name: str, on: dt.date, is_act: bool = False) -> Matter:
        """Return a matter ripe for filing on that day."""
        rng = self._rng
        cause = EVICTION if is_act else rng.choices(CAUSES, weights=[cause.weight for cause in CAUSES])[0]
        basis = self._basis(cause, court_code, court_name, on)
        return Matter(cause, basis, self._parties(cause), self._claims(cause, court_code, basis))

    def _basis(self, cause: Cause, court_code: str, court_name: str, on: dt.date) -> BasisData:
        rng = self._rng
        kind = rng.choice(cause.documents)
        made_on = on - rng.randint(*BASIS_DAYS) * DAY
        effective_on = made_on + (DAY if kind in (MEDIATED, COMMERCIAL, NOTARY) else EFFECTIVE_DAYS * DAY)
        mark = MARKS[kind].replace("{court}", court_code).replace("{year}", str(made_on.year))
        seq = self._seqs[mark] = self._seqs.get(mark, rng.randint(3, 60)) + rng.randint(1, 9)
        return BasisData(
            kind=kind,
            issuer=ISSUERS.get(kind, court_name),
            number=mark.replace("{seq}", str(seq)),
            made_on=made_on,
            effective_on=effective_on,
            performance_due_on=effective_on + rng.choice((7, 10, 15, 25)) * DAY,
            title=TITLES[kind][0],
        )

    def _parties(self, cause: Cause) -> tuple[PartyData, ...]:
        rng = self._rng
        applicants = 2 if cause.applicant == "P" and rng.random() < SHARE_TWO_APPLICANTS else 1
        debtors = 2 if rng.random() < SHARE_TWO_DEBTORS else 1
        made = [self._party("APPLICANT", rng.choice(cause.applicant)) for _number in range(applicants)]
        made += [self._party("DEBTOR", rng.choice(cause.debtor)) for _number in range(debtors)]
        return tuple(made)

    def _party(self, side: str, kind: str) -> PartyData:
        if kind == "P":
            return self._people.person(side)
        is_known = side == "DEBTOR" and self._rng.random() < SHARE_KNOWN_DEBTOR
        return self._people.company(side, is_known=is_known)

    def _claims(self, cause: Cause, court_code: str, basis: BasisData) -> tuple[ClaimData, ...]:
        rng = self._rng
        if cause is EVICTION:
            return (ClaimData(kind="DELIVERY", note="返还房屋一套"),)
        scale = 3 if court_code == "内03" else 1
        amount = _yuan(scale * cause.median * rng.lognormvariate(0, cause.sigma))
        claims = [ClaimData(kind=cause.claim, amount=max(amount, Decimal("500.00")))]
        if cause.claim == "PRINCIPAL" and rng.random() < 0.45:
            rate = "按年利率3.85%计算" if cause.applicant == "O" else "按一年期LPR计算"
            claims.append(
                ClaimData(
                    kind="INTEREST",
                    amount=max(_yuan(float(amount) * rng.uniform(0.01, 0.08)), Decimal("10.00")),
                    base=claims[0].amount,
                    rate=rate,
                    from_on=basis.made_on,
                )
            )
        if basis.kind in (CIVIL, MEDIATED) and rng.random() < 0.5:
            fee = max(_yuan(float(amount) * 0.011, whole=True), Decimal("25.00"))
            claims.append(ClaimData(kind="COURT_FEE", amount=fee))
        return tuple(claims)


def _yuan(amount: float, *, whole: bool = False) -> Decimal:
    # People owe round sums; fens appear in interest and small debts.
    if whole or amount >= 20_000:
        return Decimal(round(amount / 100) * 100).quantize(Decimal("0.01")) if amount >= 100 else Decimal("50.00")
    return Decimal(str(round(amount, 2))).quantize(Decimal("0.01"))
