"""Rows of tables that are typed with bars, as in Markdown."""

import re

from corpus.content import Span

_DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?$")


def is_delimiter(line: str) -> bool:
    """Whether `line` is the `|---|---|` under a table's header."""
    return "|" in line and bool(_DELIMITER.match(line))


def row_span(text: str, start: int, end: int) -> Span | None:
    """The span of a row's cells inside the line `text[start:end]`: outer bars left out, None where all are empty."""
    line = text[start:end]
    inner = line.strip()
    inner = inner.removeprefix("|")
    if not inner.endswith("\\|"):
        inner = inner.removesuffix("|")
    inner = inner.strip()
    if not inner.strip(" \t|"):
        return None
    begin = start + line.index(inner)
    return begin, begin + len(inner)
