"""Text of formats that are rendered, not typed: one kind of space, no invisible characters, letters for ligatures."""

import re
import unicodedata

_LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_INVISIBLE = (
    *range(0x00, 0x09),
    *range(0x0E, 0x20),
    *range(0x7F, 0x85),
    *range(0x86, 0xA0),
    0x00AD,  # soft hyphen
    *range(0x200B, 0x2010),  # zero-width characters and direction marks
    *range(0x202A, 0x202F),  # direction overrides, which make text read otherwise than it stands
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF0, 0xFFFC),
    0xFFFE,
    0xFFFF,
    *range(0xD800, 0xE000),  # surrogates
    *range(0xE0000, 0xE0080),  # tags: text that no one sees
    *range(0xE000, 0xF900),  # private use: icons, bullets
)
SYMBOL_BULLETS = frozenset("\uf0b7\uf0a7\uf0d8\uf0a8\uf076\uf0fc\uf02d\uf06f\uf0b0")
"""Where the Symbol and Wingdings fonts put bullets, in the private use area."""
_TABLE: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **_LIGATURES,
    **{ord(bullet): "•" for bullet in SYMBOL_BULLETS},
}
_SPACE = re.compile(r"\s+")


def clean(text: str) -> str:
    """`text` in Unicode's composed form without invisible characters; white space stays as it is."""
    return unicodedata.normalize("NFC", text.translate(_TABLE))


def one_line(text: str) -> str:
    """`text` cleaned, with white space collapsed to single spaces."""
    return _SPACE.sub(" ", clean(text)).strip()


def as_lines(text: str) -> str:
    """`text` cleaned; white space collapsed within lines, empty lines at most one in a row and none at the ends."""
    lines = [" ".join(line.split()) for line in clean(text).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
