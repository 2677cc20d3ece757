"""Right-to-left text: a PDF draws its glyphs from left to right, people read it the other way."""

import re
from itertools import groupby

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
"""Hebrew, Arabic and their kin, and their presentation forms."""

_LIGATURE = 4
"""Most characters that one glyph of Arabic script stands for."""


def has_rtl(text: str) -> bool:
    """Whether `text` holds a letter that is written from right to left."""
    return _RTL.search(text) is not None


def is_mostly_rtl(text: str) -> bool:
    """Whether more letters are written from right to left than from left to right."""
    rtl = len(_RTL.findall(text))
    return rtl > 0 and rtl > sum(map(str.isalpha, text)) / 2


def logical(glyphs: list[str]) -> str:
    """The text of glyphs that stand from left to right, in the order it is read.

    A glyph may stand for several characters, which are in order already; one that stands for a whole word shows a
    file whose glyphs say nothing of their order.
    """
    text = "".join(glyphs)
    if not has_rtl(text) or any(len(glyph) > _LIGATURE and has_rtl(glyph) for glyph in glyphs):
        return text
    if is_mostly_rtl(text):
        stretches = groupby(reversed(glyphs), key=_is_ltr)
        return "".join("".join(reversed(list(part)) if ltr else part) for ltr, part in stretches)
    stretches = groupby(glyphs, key=has_rtl)
    return "".join("".join(reversed(list(part)) if rtl else part) for rtl, part in stretches)


def _is_ltr(glyph: str) -> bool:
    return any(c.isalnum() for c in glyph) and not has_rtl(glyph)
