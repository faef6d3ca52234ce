"""What the room keeps: marks of applicants, and the bridge to the national case system."""

from supervision.models.national import (
    NationalComparison,
    NationalDifference,
    NationalEntry,
    NationalExplanation,
    NationalFile,
    NationalMapping,
    NationalRow,
)
from supervision.models.ratings import Indicator, StageRating

__all__ = [
    "Indicator",
    "NationalComparison",
    "NationalDifference",
    "NationalEntry",
    "NationalExplanation",
    "NationalFile",
    "NationalMapping",
    "NationalRow",
    "StageRating",
]
