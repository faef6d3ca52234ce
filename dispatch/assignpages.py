"""What the pages around assignment show: the preview of a batch, the state of the seeds, usual reasons."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from bureau.models import User
from cases.models import Case
from dispatch import allocation, assigning, explaining, series
from dispatch.models import SeedChain
from dispatch.tasks import CHUNK
from dispatch.whynot import HOLDERS, SEATS, WHY_NOT

SEEDS_FEW = 50
PREVIEW_BLOCKS = 200
ASK_REASONS = (
    _("与在办案件关联，并案办理"),
    _("承办法官熟悉该被执行人情况"),
    _("承办法官应当回避"),
    _("承办法官调离或长期离岗"),
    _("分流有误，须重新分案"),
)
LEAVE_REASONS = (_("年休假"), _("因病请假"), _("外出培训"), _("借调或调离"))


@dataclass(frozen=True, slots=True)
class ChainState:
    """How many seeds can be used today; few or none is said aloud."""

    is_drawn: bool
    left: int

    @property
    def is_short(self) -> bool:
        """Return whether inspection should make another chain."""
        return self.is_drawn and self.left < SEEDS_FEW


def chain_state(today: dt.date) -> ChainState:
    """Return the state of the seeds that day."""
    rows = SeedChain.objects.usable(on=today)
    left = sum(row.length - row.used for row in rows)  # type: ignore[attr-defined]
    return ChainState(settings.ASSIGNMENT_MODE == allocation.DRAW, left)


class PreviewPage:
    """What a draw of the chosen cases depends on: people, loads, blocks in order; nobody is drawn yet."""

    def __init__(self, wanted: Iterable[Case], *, at: dt.datetime, actor: User) -> None:
        self.wanted = list(wanted)
        self.added = series.waiting_with(self.wanted)
        self.gathered = assigning.preview(self.wanted, at=at, actor=actor)
        self.expected = assigning.fingerprint(self.gathered, self.gathered.left)

    @property
    def is_long(self) -> bool:
        """Return whether the job does it, with progress."""
        return len(self.wanted) > CHUNK

    @property
    def count(self) -> int:
        """Return how many cases can be placed."""
        return len(self.wanted) + len(self.added) - len(self.gathered.left)

    @cached_property
    def left(self) -> list[dict[str, Any]]:
        """Return what cannot be placed, with its reason."""
        names = {case.pk: case.display_number for case in [*self.wanted, *self.added]}
        return [{"number": names.get(pk, pk), "why": why} for pk, why in sorted(self.gathered.left.items())]

    @cached_property
    def pools(self) -> list[dict[str, Any]]:
        """Return each pool with its people and its blocks in order of placing."""
        return [
            {
                "seat": SEATS[pool.seat],
                "people": [{"row": row, "off": WHY_NOT.get(row.off, "")} for row in pool.people],
                "blocks": [self._block(pool, block) for block in allocation.in_order(pool)[:PREVIEW_BLOCKS]],
                "more": max(0, len(pool.blocks) - PREVIEW_BLOCKS),
            }
            for pool in self.gathered.inputs.pools
        ]

    def _block(self, pool: allocation.Pool, block: allocation.Block) -> dict[str, Any]:
        names = {row.id: row.name for row in pool.people}
        compared = explaining.compare_block(pool, block, self.gathered.inputs.waiting)
        return {
            "block": block,
            "holder": names.get(block.holder, ""),
            "why": HOLDERS.get(block.why, "") if block.holder else "",
            "compared": compared,
            "eligible": [row.person.name for row in compared.rows if row.is_eligible],
            "excluded": [row for row in compared.rows if not row.is_eligible],
        }
