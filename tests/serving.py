"""The service on a real socket, in this process."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.api import Server, create_app
from assistant.backend import Backend
from assistant.settings import Settings


@contextmanager
def serving(backend: Backend, settings: Settings, port: int = 0) -> Iterator[str]:
    """The service on `port`, or a free one; gives its address."""
    listening = socket.create_server(("127.0.0.1", port))
    app = create_app(backend, settings)
    server = Server(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        assert not thread.is_alive()
