"""Which questions a mail asks, by the cues of its language.

A question ends with its mark, or is asked for in words (“please tell us whether …”), or is an item of a list that such
words lead in. What is asked of the correspondents (“could you call me?”) is none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.helpdesk.records import FoundQuestion, Mail, Span
from assistant.helpdesk.thread import says
from assistant.phrases import Cues, cues
from assistant.plain import plain
from assistant.priorities import first_priority
from assistant.results import MAX_QUESTION
from assistant.spoken import spoken_in
from index.sentences import split_sentences

MOST_QUESTIONS = 30
"""Questions of a mail that are answered."""
WRAPPED = 55
"""A line that is shorter was not broken by a mail program: what follows is a sentence of its own."""
MOST_OF_BLOCK = 4_000
"""Characters of a paragraph that are searched together."""

MOST_OF_JOIN = 20
"""Characters before a question among which the word is that joins it to another."""
MOST_OF_SENTENCE = 2_000
"""Characters; what is longer is no question that somebody would ask."""

_ITEM = re.compile(r"[ \t]*(?:[-–—•*·o]|\(?\d{1,2}[.):]|\(?[a-h][.)])[ \t]+(?=\S)")
_POSTSCRIPT = r"(?:p\.? ?s\.?|n\.? ?b\.?) ?[:.,-]\s+"
_BLANK = re.compile(r"\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, or an item of a list, on one line."""

    start: int
    text: str
    """As long as what stands in the mail, line ends as spaces."""
    item: bool


def language_of_mail(mail: Mail) -> str:
    """The ISO 639-1 code of the language that `mail` is written in."""
    return spoken_in(" ".join(_pieces(mail.text, mail.own) or _pieces(mail.text, mail.forwarded)))


def find_questions(mail: Mail) -> tuple[FoundQuestion, ...]:
    """The questions of `mail`, in order, at most `MOST_QUESTIONS`: of its sender, or else of the mail they pass on."""
    cue = cues(language_of_mail(mail))
    return _found(mail.text, mail.own, cue) or _found(mail.text, mail.forwarded, cue)


def joined_by(mail: Mail, question: FoundQuestion, cue: Cues) -> str:
    """The “and” before `question`, which shows that it goes on from another and is no part of what is found.

    Empty where there is none, and where the question is whole without it.
    """
    whole = any(cue.matches(key, question.text) for key in ("mail.clause", "question.asks", "question.whole"))
    if question.start is None or whole:
        return ""
    before = plain(mail.text[max(0, question.start - MOST_OF_JOIN) : question.start])
    found = re.search(rf"(?<!\w)({_joins(cue)})\s+$", before)
    return found[1] if found else ""


def _pieces(text: str, spans: tuple[Span, ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def _found(text: str, spans: tuple[Span, ...], cue: Cues) -> tuple[FoundQuestion, ...]:
    found: dict[str, FoundQuestion] = {}
    for start, end in _questions(text, spans, cue):
        asked = " ".join(text[start:end].split())[:MAX_QUESTION]
        found.setdefault(plain(asked).strip(" ?.!"), FoundQuestion(text=asked, start=start, end=end))
        if len(found) == MOST_QUESTIONS:
            break
    return tuple(found.values())


def _questions(text: str, spans: tuple[Span, ...], cue: Cues) -> Iterator[Span]:
    """Where questions stand in `text`."""
    led = False
    for block in (block for span in spans for block in _blocks(text, span)):
        asked = list(_asked_in(block.text, cue))
        if block.item and led and not asked:
            asked = [(0, len(block.text))]
        yield from (_trimmed(text, block.start + start, block.start + end, cue) for start, end in asked)
        if not block.item:
            led = cue.matches("mail.items", block.text[-200:])


def _blocks(text: str, span: Span) -> Iterator[_Block]:
    start, end = span
    for paragraph in _split(text, start, end, _BLANK):
        at = first = paragraph[0]
        item = False
        for line in text[slice(*paragraph)].splitlines(keepends=True):
            mark = _ITEM.match(line)
            before = text[first:at].rstrip("\n").rsplit("\n", 1)[-1]
            if at > first and (mark or _ends_there(before, line) or at - first > MOST_OF_BLOCK):
                yield _Block(first, text[first:at].replace("\n", " "), item)
                first, item = at, False
            if mark:
                first, item = at + mark.end(), True
            at += len(line)
        if at > first:
            yield _Block(first, text[first:at].replace("\n", " "), item)


def _split(text: str, start: int, end: int, pattern: re.Pattern[str]) -> Iterator[Span]:
    for match in pattern.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    yield start, end


def _ends_there(line: str, following: str) -> bool:
    """Whether a line ends because its writer ended it."""
    return says("salutation", plain(line[:80])) or (len(line) < WRAPPED and following.lstrip()[:1].isupper())


def _asked_in(block: str, cue: Cues) -> Iterator[Span]:
    for start, end in split_sentences(block):
        sentence = block[start:end]
        asked = _asked(sentence, cue) if len(sentence) <= MOST_OF_SENTENCE else None
        if asked is not None:
            yield from ((start + one, start + other) for one, other in _clauses(sentence, asked, cue))


def _asked(sentence: str, cue: Cues) -> int | None:
    """Where in the sentence what it asks begins; None where it asks nothing of the call."""
    marked = "?" in sentence[-4:]
    if cue.matches("mail.courtesy", sentence):
        return None
    request = cue.find("mail.request", sentence)
    if request:
        rest = sentence[request.end() :]
        if cue.matches("mail.clause", rest) or (cue.in_domain(rest) and not rest.rstrip().endswith(":")):
            before = sentence[: request.start()]
            return 0 if first_priority(before, cue) else request.end()
    return 0 if marked else None


def _clauses(sentence: str, start: int, cue: Cues) -> Iterator[Span]:
    """The questions of a sentence that asks, parted where an “and” leads to one more."""
    at = start
    for match in re.finditer(rf"[,;]? (?={_joins(cue)} )", plain(sentence)):
        rest = sentence[match.end() :]
        if match.start() > at and (cue.matches("mail.clause", rest) or cue.matches("question.asks", rest)):
            yield at, match.start()
            at = match.end()
    yield at, len(sentence)


def _joins(cue: Cues) -> str:
    return f"(?:{cue.data['priorities']['and']})"


def _trimmed(text: str, start: int, end: int, cue: Cues) -> Span:
    """The span without what only joins or ends it."""
    piece = text[start:end]
    lead = re.match(rf"[\s,;:–-]*(?:{_POSTSCRIPT})?(?:{_joins(cue)}\s+)?", plain(piece))
    return start + (lead.end() if lead else 0), start + len(piece.rstrip(" \t\n,;:–-."))
