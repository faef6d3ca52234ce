"""Names: how staff are shown, and sort key and search grams of Chinese ones (not every server has ICU or trigrams)."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

if TYPE_CHECKING:
    from bureau.models import User

SYSTEM = "system"  # the login of the actor of periodic tasks


def shown(user: "User | None") -> str:
    """Return the name of a member of staff; the actor of periodic tasks is named in the reader's language."""
    if user is None:
        return ""
    return _("系统") if user.username == SYSTEM else user.name


def sort_key(name: str) -> str:
    """Return the pinyin key by which names are ordered, at most 300 characters."""
    return " ".join(lazy_pinyin(name)).lower()[:300]


def grams(text: str, *, for_search: bool = False) -> list[str]:
    """Return the single characters and pairs of a name; for a search only the pairs, or the one character."""
    word = "".join(text.split()).lower()
    pairs = {word[i : i + 2] for i in range(len(word) - 1)}
    if for_search:
        return sorted(pairs) if pairs else sorted(set(word))
    return sorted(pairs | set(word))
