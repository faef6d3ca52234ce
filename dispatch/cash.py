"""The money that can be controlled: as typed, as the network answered, as frozen; pure (decision 0041).

What the network answered leads. A typed sum that contradicts it leads only with its reason, and only for as long as the
answer is the one to which the reason was given. Sums are in yuan.
"""

from dataclasses import dataclass
from decimal import Decimal

STATED, ANSWERED, FROZEN = "STATED", "ANSWERED", "FROZEN"


@dataclass(frozen=True, slots=True)
class Cash:
    """The three sums of one case; `is_whole` says that every debtor has been asked and every bank has answered.

    `reason` is why another sum was typed than was answered, `seen` the answer to which it was given.
    """

    stated: Decimal | None = None
    answered: Decimal | None = None
    frozen: Decimal | None = None
    is_whole: bool = False
    reason: str = ""
    seen: Decimal | None = None

    @property
    def on_record(self) -> tuple[Decimal | None, str]:
        """Return what is known without anybody's word: the same money found and frozen counts once."""
        if self.frozen is not None and (self.answered is None or self.frozen > self.answered):
            return self.frozen, FROZEN
        return self.answered, ANSWERED

    @property
    def is_disputed(self) -> bool:
        """Return whether the typed sum contradicts the record: another than the whole answer, less than is known."""
        known, _source = self.on_record
        if self.stated is None or known is None:
            return False
        return self.stated != known if self.is_whole else self.stated < known

    @property
    def is_reasoned(self) -> bool:
        """Return whether a reason stands against the answer as it is now."""
        return bool(self.reason) and self.seen == self.answered

    @property
    def is_open(self) -> bool:
        """Return whether the typed sum contradicts the record and nothing says why."""
        return self.is_disputed and not self.is_reasoned

    @property
    def leading(self) -> tuple[Decimal | None, str]:
        """Return the sum that triage goes by and where it comes from."""
        known, source = self.on_record
        if self.stated is None or self.is_open or self.stated == known:
            return known, source
        if self.frozen is not None and self.frozen > self.stated:
            return self.frozen, FROZEN
        return self.stated, STATED
