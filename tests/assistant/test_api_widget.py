"""The widget's routes from outside."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from assistant.api import create_app
from assistant.phrases import available_languages
from assistant.settings import Settings
from assistant.ui.words import words
from index.errors import StoreError
from tests.assistant.ui.fakes import ANSWERED, NOT_FOUND, FakeAssistant
from tests.invariants import validate

SITE = "https://www.housing.example"
QUESTION = {"question": ANSWERED.question}

Start = Callable[..., TestClient]


@pytest.fixture(scope="module")
def kept_fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def fake(kept_fake: FakeAssistant) -> FakeAssistant:
    """The assistant behind `client` and `start`, as new."""
    vars(kept_fake).update(vars(FakeAssistant()))
    return kept_fake


@contextmanager
def running(fake: FakeAssistant, folder: Path, **known: Any) -> Iterator[TestClient]:
    values: dict[str, Any] = {"store": folder / ".store", "embed_sites": f"{SITE} http://127.0.0.1:*"}
    with TestClient(create_app(fake, Settings(**values | known)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def kept_client(kept_fake: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(kept_fake, tmp_path_factory.mktemp("widget"), rate_limit_per_minute=10_000) as client:
        yield client


@pytest.fixture
def client(kept_client: TestClient, fake: FakeAssistant) -> TestClient:
    """The service with plain settings; one for all tests of this module, as making it takes a second."""
    return kept_client


@pytest.fixture
def start(fake: FakeAssistant, tmp_path: Path) -> Iterator[Start]:
    """Starts the service with the settings that differ."""
    with ExitStack() as stack:
        yield lambda **known: stack.enter_context(running(fake, tmp_path, **known))


def token(client: TestClient, site: str = SITE) -> str:
    return str(client.get("/api/widget/token", params={"site": site}).json()["token"])


def events(text: str) -> list[tuple[str, dict[str, Any]]]:
    return [(name, json.loads(data)) for name, data in re.findall(r"^event: (\w+)\ndata: (.*)\n$", text, re.MULTILINE)]


def test_the_loader_is_small_and_may_be_kept(client: TestClient) -> None:
    response = client.get("/widget.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cache-control"] == "public, max-age=3600"
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "set-cookie" not in response.headers


def test_pages_are_compressed_and_their_files_kept(client: TestClient) -> None:
    page = client.get("/widget", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/widget", headers={"Accept-Encoding": "identity"}).headers
    files = re.findall(r'"(/ui/[^"]+)"', page.text)
    assert files
    for file in files:
        assert "immutable" in client.get(file).headers["cache-control"]
    assert "cache-control" not in client.get(files[0].partition("?")[0]).headers


def test_a_site_may_frame_the_page_that_was_made_for_it(client: TestClient) -> None:
    for site in (SITE, "http://127.0.0.1:8000"):
        response = client.get("/widget", params={"site": site})
        policy = response.headers["content-security-policy"]
        assert policy.endswith(f"frame-ancestors 'self' {site}")
        assert "unsafe" not in policy
        assert "set-cookie" not in response.headers
        assert BeautifulSoup(response.text, "lxml").body["data-site"] == site  # type: ignore[index]
    assert client.get("/widget").headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_a_site_that_is_not_allowed_gets_no_page_and_no_token(client: TestClient) -> None:
    for path in ("/widget", "/api/widget/token"):
        response = client.get(path, params={"site": "https://evil.example"})
        assert response.status_code == 403
        validate("error", response.json())
        assert response.json()["error"]["code"] == "not_allowed"
        assert response.headers["content-security-policy"].endswith("frame-ancestors 'none'")


@pytest.mark.parametrize("language", available_languages())
def test_the_page_speaks_each_language_and_has_nothing_inline(client: TestClient, language: str) -> None:
    page = BeautifulSoup(client.get("/widget", params={"language": language}).text, "lxml")
    assert page.html is not None
    assert page.html["lang"] == language
    assert not page.select("[style], style, script:not([src])")
    assert not [name for tag in page.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert page.select_one("#automated")
    assert [heading.text for heading in page.select("dialog h2")] == [
        words(language).say(f"{kind}.title") for kind in ("person", "report")
    ]


def test_an_unknown_language_is_answered_in_english(client: TestClient) -> None:
    assert 'lang="en"' in client.get("/widget?language=nl").text
    assert client.get("/widget?language=../en").status_code == 422


def test_a_question_is_answered_as_the_html_of_the_chat_page(client: TestClient, fake: FakeAssistant) -> None:
    response = client.post("/api/widget/ask", json=QUESTION | {"token": token(client)})
    told = events(response.text)
    assert [name for name, _ in told] == ["turn", "turn", "answer"]
    assert 'data-state="working"' in told[0][1]["html"]
    assert "Searching 3 documents" in told[1][1]["html"]
    validate("ask", told[2][1]["result"])
    turn = BeautifulSoup(told[2][1]["html"], "lxml")
    assert turn.select_one(".answer .verdict")
    assert len(turn.select(".sources li")) == 2
    answer = turn.select_one(".answer")
    assert answer
    report = {"kind": "report", "text": "Clubs may not.", "answers": [answer["data-sealed"]]}
    assert client.post("/api/requests", json=report).status_code == 201
    history = [
        {"role": "user", "content": ANSWERED.question},
        {"role": "assistant", "content": ANSWERED.answer, "result": told[2][1]["result"]},
    ]
    client.post("/api/widget/ask", json={"question": "And now?", "token": token(client), "history": history})
    assert fake.requests[-1].history[1].content == ANSWERED.answer


def test_the_words_around_an_answer_are_those_of_the_page(client: TestClient, fake: FakeAssistant) -> None:
    fake.failure = StoreError("gone")
    asked = {"question": NOT_FOUND.question, "token": token(client), "page_language": "de"}
    told = events(client.post("/api/widget/ask", json=asked).text)
    assert words("de").say("problem.unavailable") in told[-1][1]["html"]


def test_what_fails_is_told_as_a_turn_and_not_how(client: TestClient, fake: FakeAssistant) -> None:
    fake.failure = StoreError("/secret/path is gone")
    told = events(client.post("/api/widget/ask", json=QUESTION | {"token": token(client)}).text)
    name, event = told[-1]
    assert (name, list(event)) == ("error", ["html"])
    assert "The documents cannot be searched just now." in event["html"]
    assert "secret" not in event["html"]


def test_a_question_needs_a_token_of_this_service(client: TestClient, fake: FakeAssistant) -> None:
    assert client.post("/api/widget/ask", json=QUESTION).status_code == 422
    refused = client.post("/api/widget/ask", json=QUESTION | {"token": "made.up"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_allowed")
    assert not fake.requests


def test_a_site_has_so_many_questions_a_day(start: Start, fake: FakeAssistant) -> None:
    client = start(widget_questions_a_day=2)
    answers = [client.post("/api/widget/ask", json=QUESTION | {"token": token(client)}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 0 < int(answers[2].headers["retry-after"]) <= 86_400
    assert answers[2].json()["error"]["code"] == "used_up"
    assert len(fake.requests) == 2
    other = QUESTION | {"token": token(client, "http://127.0.0.1:1")}
    assert client.post("/api/widget/ask", json=other).status_code == 200


def test_a_question_that_finds_the_line_full_is_not_counted(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    client = start(widget_questions_a_day=1)
    asked = QUESTION | {"token": token(client)}
    with monkeypatch.context() as full:
        full.setattr("assistant.limits.PLACES", 0)
        assert client.post("/api/widget/ask", json=asked).json()["error"]["code"] == "busy"
    assert client.post("/api/widget/ask", json=asked).status_code == 200


def test_the_rate_by_address_holds_for_the_widget_too(start: Start) -> None:
    client = start(rate_limit_per_minute=1)
    asked = QUESTION | {"token": token(client)}
    assert [client.post("/api/widget/ask", json=asked).status_code for _ in range(2)] == [200, 429]
