"""One line of a desk: something that waits for somebody, by when, and where to do it."""

import datetime as dt
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class DeskItem:
    """A thing that waits for a user; sorted by red first, then by due day, then by since."""

    sort_key: tuple[int, dt.date, str] = field(init=False, repr=False)
    kind: str = field(compare=False)
    title: str = field(compare=False)
    url: str = field(compare=False)
    case_number: str = field(compare=False, default="")
    due_on: dt.date | None = field(compare=False, default=None)
    since_on: dt.date | None = field(compare=False, default=None)
    is_red: bool = field(compare=False, default=False)
    note: str = field(compare=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "sort_key", (0 if self.is_red else 1, self.due_on or dt.date.max, self.url))
