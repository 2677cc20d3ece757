"""Nobody gets past here who is not signed in, and nothing is changed from another site's page."""

import hashlib
import hmac
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from assistant.staff.pages import trouble_page
from assistant.storage.accounts import Accounts
from assistant.storage.errors import DatabaseError

SESSION = "__Host-helpdesk"
"""The session's cookie. Browsers take a name with this prefix only if it is `Secure`, for `/` and for one host."""
SIGN_IN = "/sign-in"
"""The one page that is there for everybody."""
PREFIX = "/helpdesk"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who asks; `name` is empty for somebody who is not signed in."""

    name: str
    token: str
    """The session's token."""


def staff_of(request: Request) -> Staff:
    """Who asks, as the guard found."""
    found: Staff = request.scope["staff"]
    return found


def form_token(secret: str) -> str:
    """What the forms of a page hold so that only they can change something; `secret` is in a cookie."""
    return hmac.new(secret.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(given: object, secret: str) -> bool:
    """Whether `given` came from a form made with `secret`."""
    return bool(secret) and hmac.compare_digest(str(given).encode(), form_token(secret).encode())


class Guard:
    """Lets the signed-in through to `app`; everybody else is led to the sign-in page, or refused."""

    def __init__(self, app: ASGIApp, accounts: Accounts) -> None:
        self._app = app
        self._accounts = accounts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return

        async def uncached(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["cache-control"] = "no-store"
            await send(message)

        request = Request(scope)
        refusal = await self._refusal(request)
        await (refusal or self._app)(scope, receive, uncached)

    async def _refusal(self, request: Request) -> Response | None:
        reads = request.method in ("GET", "HEAD")
        if not reads and not _is_own(request):
            return trouble_page(HTTPStatus.FORBIDDEN, "refused.foreign")
        token = request.cookies.get(SESSION, "")
        try:
            name = await run_in_threadpool(self._accounts.account_of, token) if token else None
        except DatabaseError:
            return trouble_page(HTTPStatus.SERVICE_UNAVAILABLE, "refused.database")
        request.scope["staff"] = Staff(name or "", token if name else "")
        if name is not None or request.scope["path"] == f"{PREFIX}{SIGN_IN}":
            return None
        if reads:
            return RedirectResponse(f"{PREFIX}{SIGN_IN}", HTTPStatus.SEE_OTHER)
        return trouble_page(HTTPStatus.UNAUTHORIZED, "refused.signed_out")


def _is_own(request: Request) -> bool:
    """Whether a page of this service sent the request: browsers say so of each that may change something."""
    origin = request.headers.get("origin")
    if origin is not None:
        try:
            return urlsplit(origin).netloc == request.headers.get("host") != ""
        except ValueError:
            return False
    return request.headers.get("sec-fetch-site") == "same-origin"
