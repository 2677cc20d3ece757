"""Answers as events, over a real socket, and what happens when the client leaves."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.service import Assistant
from assistant.settings import Settings
from index.embed import Embedder
from index.errors import StoreError
from tests.assistant.test_language_model import QUESTION, never_ends_slowly
from tests.assistant.ui.fakes import FakeAssistant
from tests.invariants import check_invariants
from tests.model_server import KEY, ScriptedServer, scripted_server
from tests.serving import serving

EVENTS = {"Accept": "text/event-stream"}


def events(lines: Iterator[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in lines:
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


@pytest.fixture
def model() -> Iterator[ScriptedServer]:
    with scripted_server() as server:
        yield server


@pytest.fixture
def site(model: ScriptedServer, settings: Settings, embedders: tuple[Embedder, ...], tmp_path: Path) -> Iterator[str]:
    known = {
        "llm_base_url": model.address,
        "llm_model": "scripted",
        "llm_api_key": KEY,
        "database_url": f"sqlite:///{tmp_path / 'ratings.sqlite3'}",
    }
    changed = Settings.model_validate(settings.model_dump() | known)
    with Assistant(changed, embedders) as assistant, serving(assistant, changed) as address:
        yield address


def told(address: str, question: str) -> list[tuple[str, dict[str, Any]]]:
    with httpx.stream(
        "POST", f"{address}/api/ask", json={"question": question}, headers=EVENTS, timeout=60
    ) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        assert "content-security-policy" in response.headers
        return list(events(response.iter_lines()))


def check_events(found: list[tuple[str, dict[str, Any]]], assistant: Assistant) -> dict[str, Any]:
    """Steps, sentences and at last the answer, in which the sentences stand as they were told."""
    names = [name for name, _ in found]
    answer = found[-1][1]
    assert names[-1] == "answer"
    assert set(names[:-1]) == {"step", "sentence"}
    check_invariants(answer, lambda document: assistant.show(document).text)
    sentences = [dict(data) for name, data in found if name == "sentence"]
    added = [citation for sentence in sentences for citation in sentence.pop("citations_added")]
    assert sentences == answer["sentences"][: len(sentences)]
    assert added == answer["citations"][: len(added)]
    assert sentences
    return answer


def test_events_of_a_models_answer(site: str, assistant: Assistant) -> None:
    found = told(site, QUESTION)
    answer = check_events(found, assistant)
    assert answer["writer"] == "llm:scripted"
    assert "compose" in [data["name"] for name, data in found if name == "step"]


def test_events_of_a_quoted_answer(settings: Settings, assistant: Assistant, tmp_path: Path) -> None:
    known = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'ratings.sqlite3'}"})
    with serving(assistant, known) as address:
        answer = check_events(told(address, QUESTION), assistant)
    assert answer["writer"] == "extractive"


def test_a_failure_is_an_event_and_says_nothing_of_the_inside(tmp_path: Path) -> None:
    fake = FakeAssistant(failure=StoreError("the secret inside"))
    with serving(fake, Settings(database_url=f"sqlite:///{tmp_path / 'ratings.sqlite3'}")) as address:
        name, data = told(address, "Is it there?")[-1]
    assert name == "error"
    assert data == {"error": {"code": "store", "message": "this cannot be done just now: try again later"}}


def test_leaving_the_stream_stops_the_model(site: str, model: ScriptedServer) -> None:
    model.script = never_ends_slowly
    body = {"question": QUESTION}
    with httpx.stream("POST", f"{site}/api/ask", json=body, headers=EVENTS, timeout=60) as response:
        for name, data in events(response.iter_lines()):
            if name == "sentence" and data["kind"] == "statement":
                break
        assert not model.left.is_set()
    assert model.left.wait(5)


def test_leaving_before_the_whole_answer_stops_the_model(site: str, model: ScriptedServer) -> None:
    model.script = never_ends_slowly
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{site}/api/ask", json={"question": QUESTION}, timeout=3)
    assert model.left.wait(5)
    assert model.calls
