"""The records of the helpdesk: an e-mail, the questions in it, the reply as staff edit it, and the draft.

All offsets (`start`, `end`) count Unicode code points in `Mail.text`, half-open.
"""

from typing import Literal

from pydantic import Field

from assistant.results import AskResult, Citation, ErrorResult, Record, SentenceKind

Span = tuple[int, int]

Notice = Literal["cut", "parts", "undecodable", "unreadable"]
"""What of a mail is not there: text or parts beyond the limit, characters of an unknown encoding, its HTML."""

ReplyKind = SentenceKind | Literal["condition", "conflict"]


class Attachment(Record):
    """A file that came with a mail. Its text tells of the asker and is never a source."""

    name: str
    bytes: int
    text: str = ""
    """As far as it is read; empty where it is not."""
    problem: str | None = None
    """One line on why it is not read."""
    enclosed: bool = False
    """Whether it came with a mail inside the mail."""


class Mail(Record):
    """An e-mail as it was read; None or empty where it does not say."""

    text: str
    """What a reader sees of it, line ends as LF."""
    own: tuple[Span, ...]
    """What the sender wrote anew: no quoted mail, no signature. Nothing where a machine wrote it."""
    forwarded: tuple[Span, ...] = ()
    """What the sender passes on of another's words, read in the same way."""
    signatures: tuple[Span, ...] = ()
    subject: str = ""
    sender_name: str = ""
    sender_address: str = ""
    others: tuple[str, ...] = ()
    """Display names of whom else it names: recipients, copies, the people of mails inside it."""
    reply_to: str = ""
    """The address that a reply goes to."""
    message_id: str = ""
    references: tuple[str, ...] = ()
    """Message IDs of the thread, oldest first, without its own."""
    attachments: tuple[Attachment, ...] = ()
    notices: tuple[Notice, ...] = ()


class FoundQuestion(Record):
    """A question of a mail, as it is asked. One that staff add has no place in the mail."""

    text: str
    start: int | None = Field(default=None, ge=0)
    end: int | None = Field(default=None, ge=0)


class AnsweredQuestion(FoundQuestion):
    """A question with its answer, or with why there is none."""

    result: AskResult | ErrorResult


class Draft(Record):
    """A reply to a mail, as the machine interface gives it."""

    language: str
    questions: tuple[AnsweredQuestion, ...]
    text: str


class ReplySentence(Record):
    """One sentence of a reply, with what it rests on. `met` is for conditions: None is open."""

    text: str
    kind: ReplyKind
    met: bool | None = None
    citations: tuple[Citation, ...] = ()


class ReplyAnswer(Record):
    """The answer to one question."""

    question: str
    sentences: tuple[ReplySentence, ...]
    conditions: tuple[ReplySentence, ...] = ()
    missing: tuple[str, ...] = ()
    """What the asker is asked back."""
    unanswered: tuple[str, ...] = ()
    """What the sources do not say."""


class Reply(Record):
    """A reply as staff edit it; what leaves the house is written from this alone, footnotes numbered then."""

    language: str
    salutation: str
    opening: str
    answers: tuple[ReplyAnswer, ...]
    closing: str
