"""What of a parsed message is its text, and which files come with it."""

import codecs
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from itertools import islice

from assistant.helpdesk.records import Notice
from assistant.plain import legible
from corpus.child import Child
from corpus.decode import with_lf
from corpus.errors import UnreadableDocument

MOST_PARTS = 100
PARSER_FAULTS = (ValueError, TypeError, LookupError, MessageError)
"""What the standard library raises on broken parameters (RFC 2231) and encoded words (RFC 2047)."""
STUB = 200
"""A plain text shorter than this may only say that there is HTML."""

MOST_SECONDS = 10.0
"""After this no further HTML is begun."""

_TEXTS = ("text/plain", "text/html")
_MOST_HTML = 2_000_000
_MOST_NAME = 200
_LABEL = re.compile(r"[a-z0-9_-]{1,40}", re.IGNORECASE)
_OF_TEXT = re.compile(
    r"utf-8|utf-16|ascii|iso8859-\d{1,2}|cp125\d|koi8-[ru]|gbk|gb18030|gb2312|big5|shift_jis|euc_(?:jp|kr)|iso2022_jp"
)
_QUOTE = re.compile(r"<blockquote\b[^>]{0,2000}>|</blockquote\s*>", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class File:
    """An attachment before it is read."""

    name: str
    data: bytes
    enclosed: bool = False
    """Whether it came with a mail inside the mail."""


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A mail inside the mail."""

    message: Message
    text: str


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a message, the messages inside it, and the files that come with any of them."""

    text: str
    enclosed: tuple[Enclosed, ...] = ()
    files: tuple[File, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_body(message: Message, child: Child) -> Body:
    """The text of `message` as a reader sees it: the plain one, else that of its HTML, read by `child`.

    Mails inside it are read in the same way, those inside them too; all together within the limits of one mail.
    """
    mails, texts = [message], list[str]()
    files: list[File] = []
    notices: list[Notice] = []
    left, begin_before = MOST_PARTS, time.monotonic() + MOST_SECONDS
    for mail in mails:
        if not left:
            notices.append("parts")
            break
        parts = list(islice(_leaves(mail), left + 1))
        notices += ["parts"] if len(parts) > left else []
        plain, html = list[str](), list[str]()
        for part in parts[:left]:
            kind, name, inner = part.get_content_type(), _name(part), _inside(part)
            if inner:
                mails += inner
            elif name or kind not in _TEXTS or part.get_content_disposition() == "attachment":
                files.append(File(name or kind, _payload(part), enclosed=mail is not message))
            else:
                text, sure = decoded(_payload(part), _charset(part))
                notices += [] if sure else ["undecodable"]
                (plain if kind == "text/plain" else html).append(text)
        left -= min(left, len(parts))
        text = legible(with_lf("\n\n".join(filter(str.strip, plain))))
        if len(text.strip()) < STUB and any(map(str.strip, html)):
            seen = text_of_html("\n".join(html), child) if time.monotonic() < begin_before else None
            notices += ["unreadable"] if seen is None else []
            text = max(text, seen or "", key=len)
        texts.append(text.strip("\n"))
    enclosed = [Enclosed(mail, text) for mail, text in zip(mails[1:], texts[1:], strict=False)]
    return Body(texts[0], tuple(enclosed), tuple(files), tuple(dict.fromkeys(notices)))


def text_of_html(html: str, child: Child) -> str | None:
    """What a reader sees of `html`, lines of a quoted mail marked with `>`; None where it cannot be read."""
    mark = secrets.token_hex(8)

    def marked(match: re.Match[str]) -> str:
        return f"<p>{mark}-</p>{match[0]}" if match[0].startswith("</") else f"{match[0]}<p>{mark}+</p>"

    try:
        text = child.read(".html", _QUOTE.sub(marked, html[:_MOST_HTML]).encode("utf-8", "replace")).text
    except UnreadableDocument:
        return None
    depth, lines = 0, []
    for line in legible(text).split("\n"):
        if line.strip() in (f"{mark}+", f"{mark}-"):
            depth = max(0, depth + (1 if line.strip().endswith("+") else -1))
        else:
            lines.append(f"{'>' * depth} {line}" if depth and line.strip() else line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


def _leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in order; a mail inside the mail is one."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        if part.is_multipart() and part.get_content_maintype() != "message":
            waiting += reversed(_messages(part))
        else:
            yield part


def _inside(part: Message) -> list[Message]:
    """The mails that a part holds; none where it is encoded, which no parser undoes (RFC 2046, 5.2.1)."""
    encoded = str(part.get("content-transfer-encoding", "")).strip().lower() == "base64"
    return _messages(part) if part.get_content_maintype() == "message" and not encoded else []


def _messages(part: Message) -> list[Message]:
    inner = part.get_payload()
    return [one for one in inner if isinstance(one, Message)] if isinstance(inner, list) else []


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b"".join(map(_payload, _messages(part)))


def _charset(part: Message) -> str:
    """The label of the encoding of a part; empty where the part has none that can be read."""
    try:
        return part.get_content_charset() or ""
    except PARSER_FAULTS:
        return ""


def _name(part: Message) -> str:
    """The name of a file without its folder; empty where the part has none."""
    try:
        name = part.get_filename() or ""
    except PARSER_FAULTS:
        name = "file"
    return " ".join(legible(decoded_header(name)).replace("\\", "/").split("/")[-1].split())[:_MOST_NAME]


def decoded_header(raw: str) -> str:
    """A header's value, its encoded words (RFC 2047) decoded, as far as they can be."""
    try:
        return str(make_header(decode_header(raw)))
    except PARSER_FAULTS:
        return raw


def decoded(data: bytes, label: str) -> tuple[str, bool]:
    """The text of `data`, and whether that is sure: in the encoding of the label, else UTF-8, else Windows' Western.

    The label for Latin-1 means Windows-1252: https://encoding.spec.whatwg.org/#names-and-labels
    """
    try:
        name = codecs.lookup(label).name if _LABEL.fullmatch(label) else ""
    except LookupError:
        name = ""
    name = "cp1252" if name in ("iso8859-1", "ascii") else name
    for encoding in (*([name] if _OF_TEXT.fullmatch(name) else []), "utf-8"):
        try:
            return data.decode(encoding), True
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace"), False
