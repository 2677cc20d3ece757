"""What stands between the web and Gradio: which of its paths are open, and the page it is shown in.

Gradio's application also answers paths that upload, fetch or list things; the chat page needs none of them.
"""

import json
import logging
import re
from collections.abc import Callable, Mapping, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from assistant.api_answers import address_of
from assistant.api_errors import TooMany
from assistant.limits import RateLimit
from assistant.trouble import record
from assistant.ui.languages import page_language

_LOG = logging.getLogger(__name__)

OPEN_PATHS: Sequence[tuple[str, re.Pattern[str]]] = [
    ("GET", re.compile(r"/")),
    ("GET", re.compile(r"/(?:assets|static)/[\w./-]+")),
    ("GET", re.compile(r"/theme\.css")),
    ("GET", re.compile(r"/gradio_api/startup-events")),
    ("GET", re.compile(r"/gradio_api/heartbeat/\w{1,64}")),
    ("GET", re.compile(r"/gradio_api/queue/data")),
    ("POST", re.compile(r"/gradio_api/queue/join")),
]
"""Method and path of everything the chat page asks Gradio for (Gradio 6.31)."""

_INTERFACE = "/gradio_api/"
"""Below this Gradio takes events, and holds something for each session that one names."""

_HEAD_OF_GRADIO = re.compile(
    r"<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*>\s*|<link rel=\"manifest\"[^>]*>\s*", re.IGNORECASE
)

_MARK = re.compile(r"%%([a-z_]+)%%")


class OpenPaths:
    """Lets the paths of the chat page through to `app`; any other is not found."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        methods = {method for method, path in OPEN_PATHS if path.fullmatch(scope["path"])}
        if not methods or ".." in scope["path"]:
            raise HTTPException(404)
        if scope["method"] not in methods:
            raise HTTPException(405, headers={"Allow": ", ".join(sorted(methods))})
        await self._app(scope, receive, send)


class Limited:
    """Lets what is asked of Gradio's interface through to `app` no more often than `rate` allows one address."""

    def __init__(self, app: ASGIApp, rate: RateLimit) -> None:
        self._app = app
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request. Raises `TooMany`."""
        if scope["type"] == "http" and scope["path"].startswith(_INTERFACE):
            seconds = self._rate.wait(address_of(Request(scope)))
            if seconds:
                raise TooMany(seconds)
        await self._app(scope, receive, send)


class TextOnly:
    """Lets an event through to `app` where all its values are texts; any other is refused.

    What looks like a file, Gradio copies or fetches before it calls a function, whatever that takes
    (`processing_utils.async_move_files_to_cache`, 6.31).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        if not _holds_texts(body):
            raise HTTPException(422)
        heard = False

        async def again() -> Message:
            nonlocal heard
            if heard:
                return await receive()
            heard = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self._app(scope, again, send)


def _holds_texts(body: bytes) -> bool:
    """Whether the values of an event are a list of texts, or null for what the server holds itself."""
    try:
        event = json.loads(body)
    except (ValueError, RecursionError):
        return False
    values = event.get("data") if isinstance(event, dict) else None
    return isinstance(values, list) and all(value is None or isinstance(value, str) for value in values)


class PlainErrors:
    """Gives what goes wrong inside `app` the form `refuse(status)` gives it; what fails there is logged, not shown."""

    def __init__(self, app: ASGIApp, refuse: Callable[[int], ASGIApp]) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        refused = False

        async def plain(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] >= 400:
                refused = True
                await self._refuse(message["status"])(scope, receive, send)
            if not refused:
                await send(message)

        try:
            await self._app(scope, receive, plain)
        except Exception as error:
            if not refused:
                raise
            record(_LOG, f"{scope['method']} {scope['path']}", error)


class PageShell:
    """Rewrites the page that Gradio serves at `/` by `dress(page, language)`.

    Gradio is told nothing of the query: a link into a saved state (`?deep_link=`) is not taken.
    """

    def __init__(self, app: ASGIApp, dress: Callable[[str, str], str]) -> None:
        self._app = app
        self._dress = dress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        language = page_language(scope)
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        started: Message = {}
        body = bytearray()

        async def collect(message: Message) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
                return
            if message["type"] != "http.response.body":
                await send(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            content = bytes(body)
            headers = MutableHeaders(raw=list(started["headers"]))
            if Headers(raw=started["headers"]).get("content-type", "").startswith("text/html"):
                content = self._dress(content.decode("utf-8"), language).encode("utf-8")
                headers["content-length"] = str(len(content))
                headers["cache-control"] = "no-cache"
                headers["content-language"] = language
                headers["vary"] = "Accept-Language"
            await send({**started, "headers": headers.raw})
            await send({"type": "http.response.body", "body": content})

        await self._app(dict(scope, headers=plain, query_string=b""), receive, collect)


def mark(name: str) -> str:
    """What stands for the value `name` in a page that is not dressed yet."""
    return f"%%{name}%%"


def dress(page: str, language: str, head: str, body: str, values: Mapping[str, str]) -> str:
    """Gradio's page in `language`, with `head` at the start of its head and `body` at the start of its body.

    Each `mark` in its script takes its value. What Gradio says in the head about itself is taken out. Raises
    `ValueError` where its template has changed beyond that.
    """
    page = _HEAD_OF_GRADIO.sub("", page)
    page, languages = re.subn(
        r"(<html\b[^>]*?\blang=)\"[^\"]*\"", lambda found: f'{found[1]}"{language}"', page, count=1
    )
    page, filled = _MARK.subn(lambda found: _in_script(values[found[1]]), page)
    page, heads = re.subn(r"(<meta charset=[^>]*>)", lambda found: found[1] + head, page, count=1)
    page, bodies = re.subn(r"<body\b[^>]*>", lambda found: found[0] + body, page, count=1)
    if not languages == heads == bodies == 1 or filled < len(values):
        raise ValueError("the page of this version of Gradio has another form than that of 6.31")
    return page


def _in_script(text: str) -> str:
    """`text` as it stands inside a JSON string in a script; nothing in it ends the string or the script."""
    escaped = json.dumps(text)[1:-1]
    return re.sub(r"[<>&']", lambda found: f"\\u{ord(found[0]):04x}", escaped)
