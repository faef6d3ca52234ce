"""What the file of a case lacks yet for each mode of closing, said before anybody proposes; writes nothing."""

from django.utils.translation import gettext as _

from cases import evidence, proofs
from cases.closing import GROUND, WAYS, Condition, Way
from cases.closinggrounds import grounds_of
from cases.models import Case
from cases.services.closings import papers_by_mode


def lacking(case: Case) -> dict[str, list[str]]:
    """Return by mode what the file does not hold yet: the document that closes, and what proves each condition.

    Of the modes in which a case of this stage may close at all. Of the scans only those count whose title says that
    they are such a document: what somebody else's ruling is, the list does not claim.
    """
    ways = [way for way in WAYS.values() if case.stage in way.sources]
    may_prove = proofs.for_ways(case, ways) if ways else {}
    no_document = _("卷内没有%(label)s：请先签发；系统外制作的，扫描入卷，名称写明文书种类")
    found: dict[str, list[str]] = {}
    for way, (issued, scans) in zip(ways, papers_by_mode(case, ways).values(), strict=True):
        own = {row.ref for row in scans if row.code != evidence.COURT_PAPER or _is_named(row.title, way)}
        own |= {row.ref for row in issued}
        bare = [row for row in way.conditions if not _shown_by(row, may_prove[way.mode][row.code], own, way)]
        found[way.mode] = [] if own else [no_document % {"label": way.document}]
        found[way.mode] += [
            _("卷内还没有凭据：%(label)s") % {"label": row.label} for row in bare if own or not row.is_document
        ]
    return found


def _is_named(title: str, way: Way) -> bool:
    return any(word in title for word in way.named)


def _shown_by(row: Condition, shown: list[proofs.Shown], own: set[str], way: Way) -> bool:
    """Return whether one of the events may prove the condition; the document that closes proves no other."""
    grounds = [ground.is_its_document for ground in grounds_of(way.mode).values()] if row.code == GROUND else []

    def may_prove(item: proofs.Shown) -> bool:
        titles = "".join(paper.title for paper in item.papers)
        is_both = row.is_document or all(grounds or [False]) or (any(grounds) and way.named[0] not in titles)
        return is_both or not item.papers or not own.issuperset(paper.ref for paper in item.papers)

    return any(may_prove(item) for item in shown)
