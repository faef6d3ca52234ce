"""Chinese names: sort key and search grams (no ICU and no useful trigram in every server)."""

from pypinyin import lazy_pinyin


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
