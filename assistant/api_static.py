"""What makes pages light: static files that browsers keep, and compression."""

import re
from os import PathLike

from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

COMPRESSED = re.compile(r"/(?:|ui/.*|assets/.*|static/.*|theme\.css|widget\b.*)")
"""Paths that are compressed: those of files and public pages.

No others: where a visitor's secret stands beside what somebody else may have put there, the length would tell of it
(BREACH).
"""
SMALLEST = 1_000
"""Bytes under which compressing is not worth it."""


class Compression:
    """Compresses what `app` sends on the paths of `COMPRESSED`, for clients that take gzip; never event streams."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(app, minimum_size=SMALLEST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        fits = scope["type"] == "http" and COMPRESSED.fullmatch(scope["path"])
        await (self._compressing if fits else self._app)(scope, receive, send)


class VersionedFiles(StaticFiles):
    """Static files, which a browser keeps for good where the address names the version (`static_href`)."""

    def __init__(self, directory: str | PathLike[str]) -> None:
        super().__init__(directory=directory)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file."""
        response = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v="):
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
