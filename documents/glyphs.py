"""Which characters the font of papers can print: asked before issue, so that no paper is issued that cannot be made."""

from functools import cache

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

# Breaks of a line, which are set and not printed.
UNPRINTED = frozenset("\n\r\t")


@cache
def _printed() -> frozenset[int]:
    with TTFont(pylopdf_fonts_zh_cn.serif_path(), lazy=True) as font:
        return frozenset(font.getBestCmap())


def lacking(text: str) -> str:
    """Return the characters of the text that the font does not have, each once, in their order."""
    return "".join(dict.fromkeys(mark for mark in text if ord(mark) not in _printed() and mark not in UNPRINTED))
