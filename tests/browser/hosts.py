"""A web server of somebody else's, whose pages show the widget."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HEAD = '<!doctype html><html lang="en"><head><title>Housing</title>'


def policy_for(service: str) -> str:
    """The policy of a host that allows what the widget needs and no more."""
    return (
        f"default-src 'none'; script-src {service}; frame-src {service}; connect-src {service}; "
        "style-src 'self'; img-src 'self'"
    )


@dataclass
class Host:
    """Serves what stands in `pages`, each page with `policy`."""

    port: int
    policy: str = ""
    pages: dict[str, str] = field(default_factory=dict)

    @property
    def site(self) -> str:
        """Its origin, that of an allowed site."""
        return f"http://localhost:{self.port}"

    @property
    def stranger(self) -> str:
        """Its other origin, which no setting allows."""
        return f"http://127.0.0.1:{self.port}"

    def put(self, service: str, attributes: str = "", body: str = "", head: str = "", times: int = 1) -> None:
        """Make the front page one that shows the widget of `service`."""
        self.policy = policy_for(service)
        script = f'<script src="{service}/widget.js" {attributes}></script>' * times
        self.pages["/"] = (
            f'{HEAD}{head}</head><body><h1>Housing</h1><p><a href="#first">First link</a></p>{body}'
            f'{script}<p><a href="#last">Last link</a></p></body></html>'
        )


@contextmanager
def hosting() -> Iterator[Host]:
    """A host on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = "" if self.path == "/favicon.ico" else host.pages.get(self.path.partition("?")[0])
            content = (page or "").encode()
            kind = "text/css" if self.path.endswith(".css") else "text/html; charset=utf-8"
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if kind.startswith("text/html"):
                self.send_header("Content-Security-Policy", host.policy)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = Host(server.server_port)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        thread.join(timeout=30)
        server.server_close()
