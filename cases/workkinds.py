"""What one team may ask of another: kinds of work orders, who does them and in how many working days."""

from dataclasses import dataclass

from bureau.models import Team

VERSION = "2021-08-16"  # from the first day of the bureau
BASIS = "局内规定（执行团队协作）"


@dataclass(frozen=True, slots=True)
class WorkKind:
    """One kind: the working days it may take, the kinds of team that do it (the first as a rule), and its basis."""

    code: str
    workdays: int
    teams: tuple[str, ...]
    basis: str = BASIS


KINDS: tuple[WorkKind, ...] = (
    WorkKind("QUERY", 3, (Team.Kind.AFFAIRS,), "财产调查规定12；局内规定"),
    WorkKind("DELIVERY", 5, (Team.Kind.AFFAIRS, Team.Kind.FIELD), "民事诉讼法 送达；局内规定"),
    WorkKind("ONSITE", 5, (Team.Kind.FIELD,), "财产调查规定1；局内规定"),
    WorkKind("VALUATION", 5, (Team.Kind.DISPOSAL,), "参考价规定；局内规定"),
    WorkKind("DOCUMENT", 2, (Team.Kind.AFFAIRS,)),
    WorkKind("OTHER", 3, (Team.Kind.AFFAIRS, Team.Kind.FAST, Team.Kind.ORDINARY, Team.Kind.DISPOSAL, Team.Kind.FIELD)),
)
BY_CODE = {kind.code: kind for kind in KINDS}
# Every kind of team that may be asked for anything.
DOERS = tuple(sorted({team for kind in KINDS for team in kind.teams}))
