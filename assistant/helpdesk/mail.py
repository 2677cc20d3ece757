"""An e-mail, as a file or as pasted text, becomes a `Mail`."""

import email
import re
from collections.abc import Iterator
from email import policy
from email.message import Message
from email.utils import getaddresses
from textwrap import shorten

from assistant.address import is_address
from assistant.helpdesk.attachments import LIMITS, read_attachments
from assistant.helpdesk.body import PARSER_FAULTS, Body, decoded, decoded_header, read_body
from assistant.helpdesk.errors import UnreadableMail
from assistant.helpdesk.records import Mail, Notice
from assistant.helpdesk.thread import Thread, read_thread
from assistant.plain import legible
from corpus.child import Child
from corpus.decode import decode_text, with_lf
from corpus.errors import UnreadableDocument

MOST_BYTES = 25 * 1024 * 1024
MOST_LINES = 1_000_000
MOST_NESTED = 32
"""Mentions of a type that holds other parts. The parser compares each line with the boundary of each open part."""
MOST_BOUNDARIES = 1_000
MOST_TEXT = 200_000
"""Characters of a mail's text that are read."""

_MOST_HEADER = 4_000
_MOST_OF_HEADING = 300
_MOST_PARAMETERS = 20
"""The parser's time grows with the square of a header's parameters."""
_MOST_REFERENCES = 50
_ID = re.compile(r"<[^\s<>@]{1,200}@[^\s<>@]{1,200}>")
_FORWARDED = re.compile(r"^\s*(?:fwd?|wg|tr|rv|i|pd|fw|doorst)\s*:", re.IGNORECASE)
_BEFORE_HEADERS = re.compile(rb"\A(?:\xef\xbb\xbf)?(?:From [^\r\n]*\s*)?")
"""A byte order mark, and the line that begins a mail in a mailbox (RFC 4155)."""
_BLANK = re.compile(rb"\n\r?\n|\r\r")
_HEADER = re.compile(rb"[!-9;-~]+[ \t]*:|[ \t]")
"""How a line of headers begins; a header may go on in the next line."""
_OF_MAIL = re.compile(rb"(?:mime-version|message-id|received|return-path)[ \t]*:", re.IGNORECASE)


class _Bounded(policy.Compat32):
    """The parser's plain policy, with bounded headers."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, ";".join(value[:_MOST_HEADER].split(";")[:_MOST_PARAMETERS])


def is_mail_file(data: bytes) -> bool:
    """Whether `data` begins with the headers of a mail, rather than being pasted text."""
    lines = _BLANK.split(_from_headers(data), maxsplit=1)[0].splitlines()
    return all(map(_HEADER.match, lines)) and any(map(_OF_MAIL.match, lines))


def _from_headers(data: bytes) -> bytes:
    return _BEFORE_HEADERS.sub(b"", data, count=1)


def read_mail(data: bytes) -> Mail:
    """The mail in an `.eml` file. Raises `UnreadableMail` where it is none, is empty or exceeds a limit."""
    _check_size(data)
    return _parsed(data)


def _parsed(data: bytes) -> Mail:
    try:
        message = email.message_from_bytes(_from_headers(data), policy=_Bounded())
    except RecursionError as error:
        raise UnreadableMail("the mail nests its parts too deeply: paste its text instead") from error
    except PARSER_FAULTS as error:
        raise UnreadableMail("the mail is malformed: paste its text instead") from error
    with Child(LIMITS) as child:
        body = read_body(message, child)
        attachments = read_attachments(body.files, child)
    subject = _header(message, "subject")
    name, address = next(iter(_people(message, "from")), ("", ""))
    answer_to = [address for _, address in _people(message, "reply-to") if address]
    thread = _thread(body, subject, written=not _by_machine(message))
    if not thread.text.strip() and not attachments:
        raise UnreadableMail("the mail holds no text: paste what it says")
    ids = _ID.findall(_header(message, "references")) or _ID.findall(_header(message, "in-reply-to"))
    own_id = _ID.search(_header(message, "message-id"))
    return Mail(
        text=thread.text,
        own=thread.own,
        forwarded=thread.forwarded,
        signatures=thread.signatures,
        subject=subject,
        sender_name=name,
        sender_address=address,
        others=tuple(_others(message, body)),
        reply_to=answer_to[0] if answer_to else address,
        message_id=own_id[0] if own_id else "",
        references=tuple(ids[-_MOST_REFERENCES:]),
        attachments=attachments,
        notices=_notices(body),
    )


def mail_of_text(text: str) -> Mail:
    """The mail in pasted text. Raises `UnreadableMail` where it is empty."""
    body = Body(text=legible(with_lf(text)))
    if not body.text.strip():
        raise UnreadableMail("the mail holds no text: paste what it says")
    thread = _thread(body, subject="", written=True)
    return Mail(
        text=thread.text,
        own=thread.own,
        forwarded=thread.forwarded,
        signatures=thread.signatures,
        notices=_notices(body),
    )


def mail_of_bytes(data: bytes) -> Mail:
    """The mail in `data`, whether that is an `.eml` file or text. Raises `UnreadableMail`."""
    data = data.lstrip()
    _check_size(data)
    if is_mail_file(data):
        return _parsed(data)
    try:
        return mail_of_text(decode_text(data))
    except UnreadableDocument as error:
        raise UnreadableMail(f"the mail {error}") from error


def _check_size(data: bytes) -> None:
    if len(data) > MOST_BYTES:
        raise UnreadableMail(f"the mail has {len(data):,} bytes, at most {MOST_BYTES:,} are read: leave files out")
    nested = data.lower()
    if (
        data.count(b"\n") + data.count(b"\r") > MOST_LINES
        or data.count(b"\n--") + data.count(b"\r--") > MOST_BOUNDARIES
        or nested.count(b"multipart/") + nested.count(b"message/") > MOST_NESTED
    ):
        raise UnreadableMail("the mail has too many lines or parts: paste its text instead")


def _thread(body: Body, subject: str, *, written: bool) -> Thread:
    """The parts of the text and, after it, of each mail that is attached to it."""
    forwarded = _FORWARDED.match(subject) is not None
    whole = read_thread(body.text[:MOST_TEXT], forwarded=forwarded) if written else Thread(body.text[:MOST_TEXT])
    for mail in body.enclosed:
        heading, left = _heading(mail.message), max(0, MOST_TEXT - len(whole.text))
        if heading or mail.text:
            whole = whole.with_enclosed(heading, read_thread(mail.text[:left], forwarded=False))
    return whole


def _heading(message: Message) -> str:
    """What mail programs show above a mail inside the mail."""
    said = ((name, _header(message, name.lower())) for name in ("From", "Date", "To", "Cc", "Subject"))
    return "\n".join(f"{name}: {shorten(value, _MOST_OF_HEADING, placeholder=' …')}" for name, value in said if value)


def _notices(body: Body) -> tuple[Notice, ...]:
    length = len(body.text) + sum(len(mail.text) for mail in body.enclosed)
    return (*body.notices, "cut") if length > MOST_TEXT else body.notices


def _by_machine(message: Message) -> bool:
    """Whether a machine wrote it by itself (RFC 3834)."""
    return (_header(message, "auto-submitted") or "no").split(";")[0].strip().lower() != "no" or any(
        name in message for name in ("x-autoreply", "x-autorespond")
    )


def _header(message: Message, name: str) -> str:
    """A header in one line, decoded; empty where it is missing."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    text, _ = decoded(raw.encode("utf-8", "surrogateescape"), "utf-8")
    return " ".join(legible(decoded_header(text)).split())


def _people(message: Message, header: str) -> list[tuple[str, str]]:
    """The names and addresses in a header; empty where there is none, or none that a reply could go to."""
    try:
        found = getaddresses([_header(message, header)])
    except (RecursionError, *PARSER_FAULTS):  # such as comments inside comments
        return []
    return [(_natural(name), address if is_address(address) else "") for name, address in found]


def _others(message: Message, body: Body) -> Iterator[str]:
    """The names of whom it is sent to, and of the people of the mails inside it."""
    headers = [(message, name) for name in ("to", "cc")]
    headers += [(mail.message, name) for mail in body.enclosed for name in ("from", "to", "cc")]
    for one, name in headers:
        yield from (other for other, _ in _people(one, name) if other)


def _natural(name: str) -> str:
    """“Rossi, Giulia” as people are called."""
    last, comma, first = name.partition(", ")
    return f"{first} {last}".strip() if comma and "," not in first else name
