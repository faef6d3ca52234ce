"""What a benchmark returns, and the one way to time."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """Ours and the peer's rate in the same unit; `share_min` is the least share of the peer's rate we accept.

    Where less is better, as of a greatest load, the share is the peer's of ours.
    """

    name: str
    unit: str
    ours: float
    peer_name: str
    peer: float
    share_min: float
    is_less_better: bool = False

    @property
    def share(self) -> float:
        """Return how near we come to the peer; 1 is as good."""
        return self.peer / self.ours if self.is_less_better else self.ours / self.peer

    @property
    def is_met(self) -> bool:
        """Return whether the share reaches its limit."""
        return self.share >= self.share_min


def rates(first: Callable[[], int], second: Callable[[], int], *, rounds: int = 5) -> tuple[float, float]:
    """Return the median rates per second of two jobs, taken in turns so that a busy machine slows both.

    Each job returns how many units it did; one round of each goes uncounted, to warm up.
    """
    samples: tuple[list[float], list[float]] = ([], [])
    for round_number in range(rounds + 1):
        for job, taken in zip((first, second), samples, strict=True):
            began = time.perf_counter()
            units = job()
            if round_number:
                taken.append(units / (time.perf_counter() - began))
    return statistics.median(samples[0]), statistics.median(samples[1])
