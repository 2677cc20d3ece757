"""What of a parsed message is its text, and which files come with it."""

import codecs
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

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


@dataclass(frozen=True, slots=True)
class Body:
    """The text of a message, of the messages inside it, and the files that come with it."""

    text: str
    enclosed: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    notices: tuple[Notice, ...] = ()


def read_body(message: Message, child: Child) -> Body:
    """The text of `message` as a reader sees it: the plain one, else that of its HTML, read by `child`."""
    notices: list[Notice] = []
    texts: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    enclosed: list[str] = []
    files: list[File] = []
    for count, part in enumerate(_leaves(message)):
        if count == MOST_PARTS:
            notices.append("parts")
            break
        kind, name = part.get_content_type(), _name(part)
        if kind == "message/rfc822":
            enclosed += [read_body(inner, child).text for inner in part.get_payload() if isinstance(inner, Message)]
        elif name or kind not in texts or part.get_content_disposition() == "attachment":
            files.append(File(name or kind, _payload(part)))
        else:
            text, sure = decoded(_payload(part), _charset(part))
            notices += [] if sure else ["undecodable"]
            texts[kind].append(text)
    text = legible(with_lf("\n\n".join(filter(str.strip, texts["text/plain"]))))
    if len(text.strip()) < STUB and any(map(str.strip, texts["text/html"])):
        seen = text_of_html("\n".join(texts["text/html"]), child)
        notices += ["unreadable"] if seen is None else []
        text = max(text, seen or "", key=len)
    return Body(text.strip("\n"), tuple(enclosed), tuple(files), tuple(dict.fromkeys(notices)))


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
        inner = part.get_payload()
        if part.get_content_type() != "message/rfc822" and isinstance(inner, list):
            waiting += reversed([one for one in inner if isinstance(one, Message)])
        else:
            yield part


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


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
