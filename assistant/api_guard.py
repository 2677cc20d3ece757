"""What every request passes first: the limit of its body, strict JSON for the interface, and security headers."""

import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 256 * 1024
"""Bytes of a request's body, streamed or not."""
LARGER_BODIES = {
    "/api/check": 2560 * 1024,
    "/gradio_api/queue/join": 1024 * 1024,
    "/helpdesk/cases": 26 * 1024 * 1024,
}
"""Where more may come: each of the characters that quotes may have takes up to 12 bytes in JSON; the chat page hands
back a whole conversation; e-mails have files."""
STAFF = "/helpdesk/"
"""Below this the workspace asks who sends a body before it reads any of it."""

MAX_DEPTH = 32
"""Levels of lists and objects inside each other; a result is 4 deep."""

_CHAT_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self' blob:; base-uri 'self'; form-action 'self'"
)
"""Gradio's page has inline scripts and styles; nothing of it may come from elsewhere."""
_DOCUMENT_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"
_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_PDF_POLICY = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'"
"""A sandbox would keep the browser's own PDF viewer out; a PDF runs nothing in our origin."""
_STAFF_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'self'"
)
_DATA_POLICY = "default-src 'none'"


SCRIPTLESS = ("/sources/", "/answers/", "/about")
"""Where pages stand that run no script."""


def headers_for(path: str, content_type: str, embed_sites: Sequence[str]) -> dict[str, str]:
    """The security headers of a response at `path`. Pages may be framed by our own origin and by `embed_sites`."""
    ancestors = "'none'"
    if path.startswith("/originals/"):
        policy = _PDF_POLICY if content_type.startswith("application/pdf") else _FILE_POLICY
    elif path.startswith(STAFF):
        policy = _STAFF_POLICY
    elif content_type.startswith("text/html"):
        policy = _DOCUMENT_POLICY if path.startswith(SCRIPTLESS) else _CHAT_POLICY
        ancestors = " ".join(("'self'", *embed_sites))
    else:
        policy = _DATA_POLICY
    return {
        "content-security-policy": f"{policy}; frame-ancestors {ancestors}",
        "x-content-type-options": "nosniff",
        # Without a referrer browsers name no origin beside a form, by which the workspace knows its own.
        "referrer-policy": "same-origin" if path.startswith(STAFF) else "no-referrer",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), clipboard-write=(self)",
        "cross-origin-opener-policy": "same-origin",
    }


class SecurityHeaders:
    """Adds the security headers to every response of `app`; what a response says itself is kept."""

    def __init__(self, app: ASGIApp, embed_sites: Sequence[str]) -> None:
        self._app = app
        self._embed_sites = embed_sites

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                content_type = headers.get("content-type", "")
                for name, value in headers_for(scope["path"], content_type, self._embed_sites).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


class Heads:
    """Answers HEAD as GET is answered, without the body (RFC 9110, section 9.3.2)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def without_body(message: Message) -> None:
            if message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        await self._app(dict(scope, method="GET"), receive, without_body)


class Bodies:
    """Reads the body of a request up to the limit before `app` sees it; for `/api/` it has to be good JSON.

    Answers 413, 415, 400 and 422 itself, in the form `refuse(status, code, message)` gives them. Bodies for paths below
    `leave` are left to the application.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[int, str, str], JSONResponse], leave: str | None = None) -> None:
        self._app = app
        self._refuse = refuse
        self._leave = leave

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        left = self._leave is not None and scope.get("path", "").startswith(self._leave)
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS") or left:
            await self._app(scope, receive, send)
            return
        most = LARGER_BODIES.get(scope["path"], MAX_BODY)
        body = await _read(receive, Headers(scope=scope).get("content-length"), most)
        if body is None:
            await self._refuse(413, "too_large", f"the body is larger than {most} bytes")(scope, receive, send)
            return
        if scope["path"].startswith("/api/") and scope["method"] == "POST":
            trouble = _trouble(body, Headers(scope=scope).get("content-type", ""))
            if trouble:
                await self._refuse(*trouble)(scope, receive, send)
                return
        await self._app(scope, _replay(body, receive), send)


async def _read(receive: Receive, length: str | None, most: int) -> bytes | None:
    """The whole body, or None where it is larger than `most` bytes."""
    if length is not None and length.isdigit() and int(length) > most:
        return None
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return bytes(body)
        body += message.get("body", b"")
        if len(body) > most:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _replay(body: bytes, receive: Receive) -> Callable[[], Awaitable[Message]]:
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return waiting.pop() if waiting else await receive()

    return replay


def _trouble(body: bytes, content_type: str) -> tuple[int, str, str] | None:
    """Why a body is no good JSON: status, code and message."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json":
        return 415, "unsupported_media_type", "the content type has to be application/json"
    try:
        value = json.loads(body, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
        if _nests_deeper(value, MAX_DEPTH):
            raise RecursionError
    except UnicodeEncodeError:
        return 422, "invalid", "body: a text in it holds half a character (a lone surrogate)"
    except (ValueError, RecursionError) as error:
        return 400, "malformed", f"the body is no valid JSON: {_place(error)}"
    return None


def _nests_deeper(value: Any, most: int) -> bool:
    """Whether lists and objects in `value` stand more than `most` levels deep."""
    level = [value]
    for _ in range(most + 1):
        level = [inner for outer in level for inner in _members(outer)]
    return bool(level)


def _members(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _place(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else "a text or number in it cannot be read"
