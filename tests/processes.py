"""The command line in processes of its own, and an embeddings server that makes them start quickly."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from index.embed import Embedder, EmbeddingSettings, load_embedders
from tests.index.fakes import WordEmbedder

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "assistant")
NOTHING: Mapping[str, str] = {}


def surroundings(environ: Mapping[str, str], before: Sequence[Path] = ()) -> dict[str, str]:
    """The environment of a process: this one's without any setting, and `environ`; modules are looked for `before`."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("CALL_ASSISTANT_")}
    return {**own, "PYTHONPATH": os.pathsep.join(map(str, [*before, ROOT])), **environ}


def run(
    *arguments: str | Path,
    environ: Mapping[str, str] = NOTHING,
    cwd: Path | None = None,
    before: Sequence[Path] = (),
) -> subprocess.CompletedProcess[str]:
    """One command from start to end."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=cwd,
        env=surroundings(environ, before),
        check=False,
    )


@contextmanager
def started(*arguments: str | Path, environ: Mapping[str, str] = NOTHING) -> Iterator[subprocess.Popen[str]]:
    """A command that is still at work; it is killed in the end unless it ended by itself."""
    with subprocess.Popen(
        [*COMMAND, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=surroundings(environ),
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@dataclass
class WordServer:
    """Embeds words by counting them, over the OpenAI interface; texts with `marked` in them wait for `go_on`."""

    address: str
    marked: str = "\0"
    waiting: threading.Event = field(default_factory=threading.Event)
    """Set while such a text is there."""
    go_on: threading.Event = field(default_factory=threading.Event)

    @property
    def environ(self) -> dict[str, str]:
        """The settings that name it."""
        return {"CALL_ASSISTANT_EMBEDDING_BASE_URL": self.address, "CALL_ASSISTANT_EMBEDDING_MODEL": "words"}

    def embedder(self) -> Embedder:
        """What a process with these settings embeds with."""
        return load_embedders(EmbeddingSettings("words", self.address))[0]


@contextmanager
def word_server() -> Iterator[WordServer]:
    embedder = WordEmbedder()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            texts = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
            if any(served.marked in text for text in texts):
                served.waiting.set()
                served.go_on.wait(60)
            vectors = embedder.embed_queries(texts).tolist()
            data = json.dumps({"data": [{"index": n, "embedding": vector} for n, vector in enumerate(vectors)]})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(data.encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served = WordServer(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield served
        finally:
            served.go_on.set()
            server.shutdown()
