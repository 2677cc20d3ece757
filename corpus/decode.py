"""Bytes of a text file become a string with LF line ends, or an error that says how to save the file."""

import codecs

from corpus.errors import UnreadableDocument


def decode_text(data: bytes) -> str:
    """The text of `data`: UTF-8, with or without byte order mark, or UTF-16 with one.

    The mark is left out and CRLF and CR become LF; nothing else changes.

    Raises `UnreadableDocument` for every other encoding and for binary data.
    """
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        name = "UTF-16" if utf16 else "UTF-8"
        raise UnreadableDocument(f"is not {name} text (byte {error.start + 1}): save it as UTF-8") from error
    if "\0" in text:
        raise UnreadableDocument("contains NUL characters, so it is not a text file: save its text as UTF-8")
    return with_lf(text)


def with_lf(text: str) -> str:
    """`text` with every CRLF and CR replaced by LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
