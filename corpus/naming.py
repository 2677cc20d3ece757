"""Names and messages on one line, whatever characters a hostile name holds."""

import unicodedata

_HIDDEN_ORDER = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Characters that turn the direction of text and so can make one name look like another."""


def is_dangerous(character: str) -> bool:
    """Whether `character` breaks a line, is a control character or no character at all, or turns the direction."""
    return unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} or character in _HIDDEN_ORDER


def printable(name: str) -> str:
    """`name` on one line: dangerous characters and bytes that are not UTF-8 are escaped."""
    return "".join(_escape(c) if is_dangerous(c) else c for c in name)


def _escape(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8, as `os.fsdecode` hands it over
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")
