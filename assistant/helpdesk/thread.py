"""Which lines of a mail its sender wrote anew; the rest is quoted, passed on, or a signature.

Known by the marks that mail programs leave (`>`, “On … wrote:”, blocks of headers, `-- `) and, for signatures, by how
letters close in the languages of `prompts/`. Each line is looked at a fixed number of times.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from assistant.helpdesk.records import Span
from assistant.phrases import cues, languages_with_cues
from assistant.plain import plain

MOST_OF_LINE = 300
"""Characters of a line that its marks are looked for in."""
HEADER_LINES = 6
"""Lines within which a second header follows the first of a block."""
AFTER_THANKS = 3
"""Lines that follow thanks where these close the letter."""

_POSTSCRIPT = re.compile(r"(?:p\.? ?s\.?|p\.? ?d\.?|n\.? ?b\.?|post ?scriptum) ?[:.,-]")


@dataclass(frozen=True, slots=True)
class Thread:
    """The parts of a mail's text."""

    text: str
    own: tuple[Span, ...] = ()
    forwarded: tuple[Span, ...] = ()
    signatures: tuple[Span, ...] = ()

    def with_enclosed(self, heading: str, other: "Thread") -> "Thread":
        """This mail with another under it that came inside it, and a heading between them."""
        before = "".join(f"{piece}\n\n" for piece in (self.text, heading) if piece)
        shift = len(before)
        return Thread(
            f"{before}{other.text}",
            self.own,
            (*self.forwarded, *_shifted(other.own, shift), *_shifted(other.forwarded, shift)),
            (*self.signatures, *_shifted(other.signatures, shift)),
        )


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str
    """At most `MOST_OF_LINE` characters, plain."""
    end: int
    """After its line end."""

    def says(self, key: str) -> bool:
        """Whether the cue `mail.KEY` of any language is found in it."""
        return says(key, self.text)


def says(key: str, text: str) -> bool:
    """Whether the cue `mail.KEY` of any language is found in plain `text`."""
    return any(pattern.search(text) for pattern in _patterns(key))


@lru_cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(cues(language).pattern(f"mail.{key}") for language in languages_with_cues())


def read_thread(text: str, *, forwarded: bool) -> Thread:
    """The parts of `text`; `forwarded` where its subject says that it passes a mail on."""
    lines = list(_lines(text))
    older, passed_on = _older(lines, forwarded=forwarded)
    thread = replace(_parts(lines[:older]), text=text)
    if passed_on is None:
        return thread
    inner_lines = lines[passed_on:]
    further, _ = _older(inner_lines, forwarded=False)
    inner = _parts(inner_lines[:further])
    return replace(thread, forwarded=inner.own, signatures=(*thread.signatures, *inner.signatures))


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for line in text.splitlines(keepends=True):
        yield _Line(start, plain(line[:MOST_OF_LINE]).strip(), start + len(line))
        start += len(line)


def _older(lines: list[_Line], *, forwarded: bool) -> tuple[int, int | None]:
    """Where what is not new begins, and where the text of a mail that is passed on does."""
    for at, line in enumerate(lines):
        marked = line.says("forwarded")
        headers = _header_block(lines, at)
        if marked or headers:
            begins = next((i for i in range(at, min(at + HEADER_LINES, len(lines))) if _header_block(lines, i)), at)
            new = any(one.text for one in lines[:at])
            return at, _after_headers(lines, begins) if forwarded or marked or not new else None
        if _attributes(lines, at) and not _next_text(lines, at + _attributes(lines, at)).startswith(">"):
            return at, None
    return len(lines), None


def _header_block(lines: list[_Line], at: int) -> bool:
    """Whether headers of a mail, such as Outlook puts above what it quotes, begin here."""
    return lines[at].says("first_header") and any(
        line.says("header") for line in lines[at + 1 : at + HEADER_LINES] if not line.says("first_header")
    )


def _after_headers(lines: list[_Line], at: int) -> int:
    """Where the text under a block of headers begins."""
    while at < len(lines) and (not lines[at].text or lines[at].says("forwarded") or lines[at].says("header")):
        at += 1
    return at


def _attributes(lines: list[_Line], at: int) -> int:
    """How many lines from here say who wrote what follows: none, one, or a broken one of two."""
    if lines[at].says("wrote"):
        return 1
    following = lines[at + 1].text if at + 1 < len(lines) else ""
    broken = bool(lines[at].text and following) and says("wrote", f"{lines[at].text} {following}")
    return 2 if broken else 0


def _next_text(lines: list[_Line], at: int) -> str:
    return next((line.text for line in lines[at:] if line.text), "")


def _parts(lines: list[_Line]) -> Thread:
    """The sender's own lines and signatures; quoted lines are neither."""
    own: list[Span] = []
    signatures: list[Span] = []
    kept = own
    skipped = 0
    for at, line in enumerate(lines):
        attributed = _attributes(lines, at)
        if skipped or line.text.startswith(">") or attributed:
            skipped = attributed - 1 if attributed else max(0, skipped - 1)
            continue
        if _POSTSCRIPT.match(line.text):
            kept = own
        elif _closes(lines, at):
            kept = signatures
        if not line.text and not (kept and kept[-1][1] == line.start):
            continue
        if kept and kept[-1][1] == line.start:
            kept[-1] = (kept[-1][0], line.end)
        else:
            kept.append((line.start, line.end))
    return Thread("", tuple(own), signatures=tuple(signatures))


def _closes(lines: list[_Line], at: int) -> bool:
    """Whether a letter closes with this line."""
    line = lines[at]
    if line.text in ("--", "—", "__") or line.says("closing") or line.says("sent_from"):
        return True
    if not line.says("thanks"):
        return False
    after = (lines[position].text for position in range(at + 1, len(lines)))
    following = (text for text in after if text and not text.startswith(">"))
    rest = list(islice(following, AFTER_THANKS + 1))
    return len(rest) <= AFTER_THANKS and not any("?" in text for text in rest)


def _shifted(spans: tuple[Span, ...], by: int) -> tuple[Span, ...]:
    return tuple((start + by, end + by) for start, end in spans)
