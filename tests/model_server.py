"""A chat model's server that follows a script: a real HTTP server of the OpenAI kind, friendly or hostile."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "a-key-that-nobody-may-see"

Script = Callable[["Call"], None]


@dataclass
class Call:
    """One request, and how to answer it."""

    handler: BaseHTTPRequestHandler
    body: dict[str, Any]
    server: "ScriptedServer"

    @property
    def system(self) -> str:
        """What it was told."""
        return str(self.body["messages"][0]["content"])

    @property
    def evidence(self) -> list[str]:
        """The numbered sentences it was given."""
        return re.findall(r"^\[\d+\] (.*)$", self.body["messages"][-1]["content"], re.MULTILINE)

    @property
    def structured(self) -> bool:
        return "response_format" in self.body

    def status(self, code: int, body: str = "{}", headers: Mapping[str, str] | None = None) -> None:
        """Refuse with a status; the connection stays open."""
        self.handler.send_response(code)
        self.handler.send_header("Content-Type", "application/json")
        self.handler.send_header("Content-Length", str(len(body.encode())))
        for name, value in (headers or {}).items():
            self.handler.send_header(name, value)
        self.handler.end_headers()
        self.handler.wfile.write(body.encode())

    def begin(self) -> None:
        """Begin a stream."""
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", "text/event-stream")
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def say(self, text: str) -> None:
        """One token or more."""
        chunk = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "m",
            "choices": [{"index": 0, "delta": {"content": text}, "finish_reason": None}],
        }
        self.raw(f"data: {json.dumps(chunk)}\n\n")

    def raw(self, text: str) -> None:
        self.handler.wfile.write(text.encode())
        self.handler.wfile.flush()

    def end(self) -> None:
        """End the stream as it should end."""
        self.raw("data: [DONE]\n\n")

    def hang_up(self) -> None:
        """End the connection, whatever was promised."""
        self.handler.close_connection = True
        self.handler.connection.shutdown(2)

    def reply(self, text: str, size: int = 7) -> None:
        """A whole reply in small pieces."""
        self.begin()
        for at in range(0, len(text), size):
            self.say(text[at : at + size])
        self.end()

    def sentences(self, *said: tuple[str, Sequence[int]]) -> None:
        """A reply in the form that was asked for."""
        if self.structured:
            self.reply(json.dumps({"sentences": [{"text": t, "citations": list(n)} for t, n in said]}))
        else:
            self.reply("\n".join(t + " " + "".join(f"[{n}]" for n in numbers) for t, numbers in said))


@dataclass
class ScriptedServer:
    """What happens at the server."""

    address: str
    script: Script
    calls: list[Call] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    """Set when a client hung up on the server."""
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def environ(self) -> dict[str, str]:
        """The settings that name it."""
        return {
            "CALL_ASSISTANT_LLM_BASE_URL": self.address,
            "CALL_ASSISTANT_LLM_MODEL": "scripted",
            "CALL_ASSISTANT_LLM_API_KEY": KEY,
        }


def faithful(call: Call) -> None:
    """Writes each sentence that it was given as it stands."""
    call.sentences(*((text, [number]) for number, text in enumerate(call.evidence, start=1)))


@contextmanager
def scripted_server(script: Script = faithful) -> Iterator[ScriptedServer]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            call = Call(self, body, served)
            served.calls.append(call)
            try:
                if self.path != "/v1/chat/completions":
                    call.status(404)
                elif self.headers["Authorization"] != f"Bearer {KEY}":
                    call.status(401, '{"error": {"message": "no such key"}}')
                elif body["model"] not in ("scripted", "another"):
                    call.status(404, '{"error": {"message": "there is no such model", "code": "model_not_found"}}')
                else:
                    served.script(call)
            except OSError:
                served.left.set()

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            served.left.set()

    with Server(("127.0.0.1", 0), Handler) as server:
        served = ScriptedServer(f"http://127.0.0.1:{server.server_port}/v1", script)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield served
        finally:
            served.closing.set()
            server.shutdown()
