"""What stands between the web and Gradio: which of its paths are open, and the page it is shown in.

Gradio's application also answers paths that upload, fetch or list things; the chat page needs none of them.
"""

import logging
import re
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from assistant.trouble import record

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

_HEAD_OF_GRADIO = re.compile(
    r"<meta\s+(?:property=\"og:|name=\"twitter:)[^>]*>\s*|<link rel=\"manifest\"[^>]*>\s*", re.IGNORECASE
)


class OpenPaths:
    """Lets the paths of the chat page through to `app`; any other is not found.

    A link into a saved state (`?deep_link=`) is not taken either: the page itself gets no query.
    """

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
        if scope["path"] == "/":
            scope = dict(scope, query_string=b"")
        await self._app(scope, receive, send)


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
    """Rewrites the page that Gradio serves at `/`: its language, our head and our parts of the body."""

    def __init__(self, app: ASGIApp, dress: Callable[[str], str]) -> None:
        self._app = app
        self._dress = dress

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != "/" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
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
                content = self._dress(content.decode("utf-8")).encode("utf-8")
                headers["content-length"] = str(len(content))
                headers["cache-control"] = "no-cache"
            await send({**started, "headers": headers.raw})
            await send({"type": "http.response.body", "body": content})

        await self._app(dict(scope, headers=plain), receive, collect)


def dress(page: str, language: str, head: str, body: str) -> str:
    """Gradio's page in `language`, with `head` at the start of its head and `body` at the start of its body.

    What Gradio says there about itself is taken out. Raises `ValueError` where its template has changed beyond that.
    """
    page = _HEAD_OF_GRADIO.sub("", page)
    page, languages = re.subn(
        r"(<html\b[^>]*?\blang=)\"[^\"]*\"", lambda found: f'{found[1]}"{language}"', page, count=1
    )
    page, heads = re.subn(r"(<meta charset=[^>]*>)", lambda found: found[1] + head, page, count=1)
    page, bodies = re.subn(r"<body\b[^>]*>", lambda found: found[0] + body, page, count=1)
    if not languages == heads == bodies == 1:
        raise ValueError("the page of this version of Gradio has another form than that of 6.31")
    return page
