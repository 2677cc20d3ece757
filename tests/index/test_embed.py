"""Embedding: the real model, and a server that speaks the OpenAI interface."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.embed import (
    BUILT_IN_DIMENSION,
    BUILT_IN_MODEL,
    MULTILINGUAL_MODEL,
    Embedder,
    EmbeddingSettings,
    LocalEmbedder,
    load_embedder,
    load_embedders,
)
from index.errors import ModelError

MODELS = (None, BUILT_IN_MODEL, MULTILINGUAL_MODEL)
Answer = Callable[[dict[str, Any]], tuple[int, object]]


@pytest.fixture(scope="module")
def model() -> Embedder:
    return load_embedder(BUILT_IN_MODEL)


def test_the_built_in_model_knows_what_means_the_same(model: Embedder) -> None:
    passages = model.embed_passages(["The time limit for applications is in January.", "Cows eat grass."])
    question = model.embed_queries(["When must we submit?"])[0]
    assert passages.dtype == np.float32
    assert passages.shape == (2, BUILT_IN_DIMENSION) == (2, model.dimension)
    assert np.linalg.norm(passages, axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert passages[0] @ question > passages[1] @ question + 0.2


def test_a_text_embeds_the_same_alone_and_among_others(model: Embedder) -> None:
    alone = model.embed_passages(["Cows eat grass."])[0]
    among = model.embed_passages(["x", "Cows eat grass.", "A much longer text about nothing. " * 40])[1]
    assert alone == pytest.approx(among, abs=1e-5)


def test_no_text_and_a_hostile_text(model: Embedder) -> None:
    assert model.embed_passages([]).shape == (0, BUILT_IN_DIMENSION)
    assert np.isfinite(model.embed_passages(["\0 \ud83d" + "a" * 1_000_000, ""])).all()


def test_several_threads_may_embed_at_once(model: Embedder) -> None:
    expected = model.embed_queries(["one", "two"])
    found: list[np.ndarray[Any, Any]] = []
    threads = [threading.Thread(target=lambda: found.append(model.embed_queries(["one", "two"]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert all(np.allclose(vectors, expected, atol=1e-5) for vectors in found)


def test_the_name_tells_the_weights(model: Embedder) -> None:
    assert model.name == "all-MiniLM-L6-v2@53aa51172d14"


def test_other_weights_than_the_pinned_ones_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    with pytest.raises(ModelError, match="are not the ones expected"):
        LocalEmbedder("model", tmp_path, "0" * 64).embed_queries(["x"])


def test_a_folder_names_another_model(model: Embedder) -> None:
    built_in = model._folder  # type: ignore[attr-defined]
    other = load_embedder(f"{built_in}/")
    assert other.name == "model@53aa51172d14"
    assert other.dimension == BUILT_IN_DIMENSION
    assert other.embed_queries(["x"])[0] == pytest.approx(model.embed_queries(["x"])[0], abs=1e-6)


def test_models_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="neither a folder nor in the local cache"):
        load_embedder("somebody/no-such-model")
    with pytest.raises(ModelError, match="no weights"):
        load_embedder(str(tmp_path)).name  # noqa: B018 - reading it is what raises
    (tmp_path / "model.safetensors").write_bytes(b"x")
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        load_embedder(str(tmp_path)).embed_queries(["x"])
    assert "\n" not in str(caught.value)


@contextmanager
def serving(answer: Answer) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server on this machine that answers by `answer`; yields its address and what it was sent."""
    received: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            received.append({**body, "path": self.path, "authorization": self.headers["Authorization"]})
            status, answered = answer(body)
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answered).encode())

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1", received
        finally:
            server.shutdown()
            thread.join()


def embeddings(body: dict[str, Any]) -> tuple[int, object]:
    items = [{"index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(body["input"])]
    return 200, {"data": items[::-1]}


def test_a_server_embeds_in_batches_and_in_order() -> None:
    with serving(embeddings) as (address, received):
        embedder = embedder_at(address)
        vectors = embedder.embed_passages(["a" * n for n in range(100)])
        assert embedder.dimension == 2
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(100))
    assert [round(float(one / other)) for one, other in vectors] == list(range(100))
    assert [len(request["input"]) for request in received] == [64, 36, 1]
    assert {request["path"] for request in received} == {"/v1/embeddings"}
    assert {request["authorization"] for request in received} == {"Bearer secret"}
    assert embedder.name.startswith("some-model@127.0.0.1:")


def test_a_server_gets_no_half_characters() -> None:
    with serving(embeddings) as (address, received):
        embedder_at(address).embed_queries(["a\ud83d"])
    assert received[0]["input"] == ["a?"]


def test_a_server_is_asked_once_more_when_it_is_busy() -> None:
    answers = iter([(503, {}), embeddings({"input": ["x"]})])
    with serving(lambda _: next(answers)) as (address, received):
        assert embedder_at(address).embed_queries(["x"]).shape == (1, 2)
    assert len(received) == 2


def embedder_at(address: str) -> Embedder:
    (embedder,) = load_embedders(EmbeddingSettings("some-model", address, "secret"))
    return embedder


@pytest.mark.parametrize(
    ("answer", "reason", "requests"),
    [
        ((401, {"error": "the key secret is wrong"}), "status 401", 1),
        ((503, {}), "status 503", 2),
        ((200, {"data": "nothing"}), "no list of embeddings", 1),
        ((200, {"data": []}), "0 usable vectors for 1 texts", 1),
        ((200, {"data": [{"index": 0, "embedding": [float("nan"), 1.0]}]}), "usable vectors", 1),
        ((200, ["?"]), "no list of embeddings", 1),
    ],
)
def test_troubles_of_a_server_are_one_line_without_the_key(
    answer: tuple[int, object], reason: str, requests: int
) -> None:
    with serving(lambda _: answer) as (address, received), pytest.raises(ModelError, match=reason) as caught:
        embedder_at(address).embed_queries(["x"])
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(received) == requests


def test_a_server_that_is_not_there() -> None:
    with serving(embeddings) as (address, _):
        pass
    with pytest.raises(ModelError, match="cannot be reached"):
        embedder_at(address).embed_queries(["x"])
    with pytest.raises(ModelError, match="no http"):
        load_embedders(EmbeddingSettings("m", "file:///etc/passwd"))


def test_without_a_setting_two_models_embed_and_with_one_that_model_alone() -> None:
    names = [[embedder.name for embedder in load_embedders(EmbeddingSettings(model))] for model in MODELS]
    english, multilingual = "all-MiniLM-L6-v2@53aa51172d14", "multilingual-e5-small-q4@1571fc982750"
    assert names == [[english, multilingual], [english], [multilingual]]


def test_settings_do_not_show_the_key() -> None:
    assert "secret" not in repr(EmbeddingSettings("m", "http://localhost", "secret"))
