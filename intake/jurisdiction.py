"""Which of the four courts executes a document, and why: a suggestion that never blocks (民事诉讼法 235); pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from cases.models.codes import Basis

BY_FIRST_INSTANCE = frozenset(
    {
        *(Basis.JUDGMENT, Basis.MEDIATION, Basis.PAYMENT_ORDER, Basis.CONFIRMATION, Basis.CRIMINAL_CIVIL),
        *(Basis.CRIMINAL_PROPERTY, Basis.ADMINISTRATIVE, Basis.ADMINISTRATIVE_ACT),
    }
)
BY_INTERMEDIATE = frozenset({Basis.ARBITRATION, Basis.FOREIGN})
APPEAL = ("民终", "行终", "刑终", "民再", "行再", "刑再")


@dataclass(frozen=True, slots=True)
class Place:
    """One of our courts: its code, names, whether it is the intermediate one, and the place it is named after."""

    code: str
    name: str
    short_name: str
    is_intermediate: bool

    @property
    def place(self) -> str:
        """Return 海勃湾区 for 乌海市海勃湾区人民法院."""
        return self.name.removeprefix("内蒙古自治区").removeprefix("乌海市").removesuffix("人民法院")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The court, empty where none of ours follows from what is known, and the reason."""

    code: str
    reason: str


def suggest(kind: str, issuer: str, number: str, addresses: Iterable[str], courts: Sequence[Place]) -> Suggestion:
    """Return which court is competent by the kind of document and the places that are known."""
    if kind in BY_FIRST_INSTANCE:
        return _first_instance(issuer, number, courts)
    if kind in BY_INTERMEDIATE:
        court = next((court for court in courts if court.is_intermediate), None)
        reason = _("由被执行人住所地或财产所在地中级法院执行；指定基层法院执行的请附指定文书")
        return Suggestion(court.code if court else "", reason)
    for address in addresses:
        for court in courts:
            if not court.is_intermediate and "".join(("乌海市", court.place)) in address:
                return Suggestion(court.code, _("由被执行人住所地法院执行，其住址在%(place)s") % {"place": court.place})
    return Suggestion("", _("由被执行人住所地或财产所在地法院执行；住址不在本市的，请附财产在本辖区的证明"))


def _first_instance(issuer: str, number: str, courts: Sequence[Place]) -> Suggestion:
    if any(mark in number for mark in APPEAL):
        return Suggestion("", _("二审、再审文书由第一审人民法院执行，请核对一审法院"))
    # The longer code is the nearer court: 内0302 before 内03.
    for court in sorted(courts, key=lambda row: -len(row.code)):
        if issuer.endswith(court.name) or "".join((")", court.code)) in number.replace("）", ")"):
            return Suggestion(court.code, _("由第一审人民法院执行：%(court)s") % {"court": court.name})
    return Suggestion("", _("一审法院不是本市法院；在此申请应有被执行财产在本辖区的证明"))
