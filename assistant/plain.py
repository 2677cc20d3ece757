"""Text as cues and values are matched on: lower case, no accents, plain apostrophes and spaces, each character kept.

As long as the text it is made of, so a place found in one is the same place in the other.
"""

import unicodedata

_SAME = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "’": "'", "‘": "'", "\u00a0": " ", "\u202f": " ", "‑": "-"}


class _Table(dict[int, str]):
    """The plain form of each character, made when it is first met."""

    def __missing__(self, code: int) -> str:
        lowered = chr(code).lower()
        letter = lowered if len(lowered) == 1 else chr(code)
        self[code] = _SAME.get(letter) or unicodedata.normalize("NFD", letter)[0]
        return self[code]


_TABLE = _Table()


def plain(text: str) -> str:
    """`text` in lower case without accents: `Priorität` becomes `prioritat`."""
    return text.translate(_TABLE)


def legible(text: str) -> str:
    """`text` in the usual forms of its letters (Unicode NFKC), without characters that nobody sees."""
    return unicodedata.normalize("NFKC", seen(text))


def seen(text: str) -> str:
    """`text` without characters that nobody sees: controls, marks that turn its direction, halves of characters."""
    return text.translate(_SEEN)


_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
"""Categories of control, format, half, private and unassigned characters."""


class _Seen(dict[int, int | None]):
    """Each character itself, or nothing where nobody sees it, made when it is first met."""

    def __missing__(self, code: int) -> int | None:
        unseen = chr(code) not in "\n\t" and unicodedata.category(chr(code)) in _UNSEEN
        self[code] = None if unseen else code
        return self[code]


_SEEN = _Seen()
