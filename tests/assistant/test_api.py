"""The web interface from outside, over a stand-in for the assistant and, at the end, over the real one."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from assistant.api import GRADIO_PER_QUESTION, create_app
from assistant.api_guard import LARGER_BODIES, MAX_BODY
from assistant.limits import PLACES
from assistant.service import Assistant
from assistant.settings import Settings
from index.errors import StoreError
from tests.assistant.ui.fakes import BODIES, GARDEN, GARDEN_TEXT, HOSTILE, NOTES, FakeAssistant
from tests.invariants import check_invariants, validate

Response = Any
"""The test client's; its library differs between versions of Starlette."""
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def kept_fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def fake(kept_fake: FakeAssistant) -> FakeAssistant:
    """The assistant behind `client` and `start`, as new."""
    vars(kept_fake).update(vars(FakeAssistant()))
    return kept_fake


Start = Callable[..., TestClient]


@pytest.fixture
def start(fake: FakeAssistant, tmp_path: Path) -> Iterator[Start]:
    """Starts the service with the settings that differ."""
    clients: list[TestClient] = []

    def started(**known: Any) -> TestClient:
        values: dict[str, Any] = {"store": tmp_path / ".store", "rate_limit_per_minute": 1_000}
        client = TestClient(create_app(fake, Settings(**values | known)), raise_server_exceptions=False)
        client.__enter__()
        clients.append(client)
        return client

    yield started
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture(scope="module")
def kept_client(kept_fake: FakeAssistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(store=tmp_path_factory.mktemp("api") / ".store", rate_limit_per_minute=10_000)
    with TestClient(create_app(kept_fake, settings), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(kept_client: TestClient, fake: FakeAssistant) -> TestClient:
    """The service with plain settings; one for all tests of this module, as making it takes a second."""
    return kept_client


def error(response: Response, status: int, code: str) -> str:
    """The message of an error that has to be of this status and code."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    validate("error", body)
    assert body["error"]["code"] == code
    assert "Traceback" not in response.text
    return str(body["error"]["message"])


def ask(client: TestClient, question: str = "Can a club be a partner?", **more: Any) -> Response:
    return client.post("/api/ask", json={"question": question, **more})


class TestAsk:
    @pytest.mark.parametrize("given", ["7", 7, None, ["a", {"b": None}], True, 1.5])
    def test_answers_with_the_id_as_given(self, client: TestClient, given: Any) -> None:
        response = ask(client, id=given)
        assert response.status_code == 200
        assert response.json()["id"] == given
        validate("ask", response.json())

    def test_takes_an_input_line_with_unknown_keys(self, client: TestClient, fake: FakeAssistant) -> None:
        history = [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": "Yes.", "result": {"a": 1}}]
        asker = [{"about": "organisation", "value": "club"}]
        response = ask(client, history=history, document=GARDEN, language="en", asker=asker, colour="red")
        assert response.status_code == 200
        asked = fake.requests[-1]
        assert [turn.content for turn in asked.history] == ["Hello", "Yes."]
        assert (asked.document, asked.language) == (GARDEN, "en")
        assert asked.asker is not None
        assert asked.asker[0].value == "club"

    @pytest.mark.parametrize(
        ("line", "field"),
        [
            ({}, "question"),
            ({"question": " \n "}, "question"),
            ({"question": 7}, "question"),
            ({"question": "x" * 8_001}, "question"),
            ({"question": "x", "history": [{"role": "user", "content": "x"}] * 41}, "history"),
            ({"question": "x", "history": [{"role": "judge", "content": "x"}]}, "history.0.role"),
            ({"question": "x", "language": "english"}, "language"),
            ([], "body"),
            ("text", "body"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, client: TestClient, line: Any, field: str) -> None:
        message = error(client.post("/api/ask", json=line), 422, "invalid")
        assert message.startswith(f"{field}: ")

    def test_an_unknown_document_is_not_found(self, client: TestClient) -> None:
        assert "nowhere.md" in error(ask(client, document="nowhere.md"), 404, "unknown_document")

    @pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\xfd", b'{"question": NaN}', b"[" * 100_000, b"1e999"])
    def test_malformed_json(self, client: TestClient, body: bytes) -> None:
        error(client.post("/api/ask", content=body, headers=JSON), 400, "malformed")

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
    def test_another_content_type(self, client: TestClient, kind: str) -> None:
        content = json.dumps({"question": "x"}).encode()
        response = client.post("/api/ask", content=content, headers={"Content-Type": kind})
        error(response, 415, "unsupported_media_type")

    @pytest.mark.parametrize("line", [{"question": "\ud800"}, {"question": "x", "id": "\udfff"}])
    def test_half_a_character(self, client: TestClient, line: dict[str, str]) -> None:
        body = json.dumps(line).encode("ascii")
        assert "surrogate" in error(client.post("/api/ask", content=body, headers=JSON), 422, "invalid")

    @pytest.mark.parametrize("question", ["nul \0 inside", "right to left \u202e", "\U0001f600", "a\u2028b\x85c"])
    def test_odd_characters_come_back_whole(self, client: TestClient, question: str) -> None:
        assert ask(client, question).json()["question"] == question

    def test_a_deeply_nested_id(self, client: TestClient) -> None:
        for depth, status in ((30, 200), (300, 400)):
            nested = "[" * depth + "]" * depth
            body = f'{{"question": "x", "id": {nested}}}'.encode()
            assert client.post("/api/ask", content=body, headers=JSON).status_code == status

    def test_too_large(self, client: TestClient) -> None:
        body = json.dumps({"question": "x", "padding": "x" * MAX_BODY}).encode()
        error(client.post("/api/ask", content=body, headers=JSON), 413, "too_large")

    def test_too_large_without_a_length(self, client: TestClient) -> None:
        def chunks() -> Iterator[bytes]:
            yield b'{"question": "'
            for _ in range(MAX_BODY // 1024 + 1):
                yield b"x" * 1024

        error(client.post("/api/ask", content=chunks(), headers=JSON), 413, "too_large")

    def test_too_often(self, start: Start) -> None:
        client = start(rate_limit_per_minute=2)
        assert [ask(client).status_code for _ in range(2)] == [200, 200]
        refused = ask(client)
        error(refused, 429, "too_many_requests")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        error(client.post("/api/search", json={"question": "x"}), 429, "too_many_requests")

    def test_only_so_many_at_once_from_one_address(self, client: TestClient, fake: FakeAssistant) -> None:
        fake.gate = threading.Event()
        answers: list[Response] = []
        threads = [threading.Thread(target=lambda: answers.append(ask(client))) for _ in range(PLACES + 1)]
        for thread in threads:
            thread.start()
        refused = next(thread for thread in _ended(threads))
        fake.gate.set()
        for thread in threads:
            thread.join(timeout=30)
        assert not refused.is_alive()
        statuses = sorted(response.status_code for response in answers)
        assert statuses == [200] * PLACES + [503]
        busy = next(response for response in answers if response.status_code == 503)
        error(busy, 503, "busy")
        assert int(busy.headers["retry-after"]) >= 1

    def test_a_store_that_fails(self, client: TestClient, fake: FakeAssistant) -> None:
        fake.failure = StoreError("the store in /secret/place is damaged: run `call-assistant index`")
        response = ask(client)
        assert "secret" not in error(response, 503, "store")
        assert "retry-after" in response.headers

    def test_a_defect_shows_no_trace(
        self, client: TestClient, fake: FakeAssistant, caplog: pytest.LogCaptureFixture
    ) -> None:
        fake.failure = ZeroDivisionError("what was typed")
        response = ask(client)
        assert "ZeroDivision" not in error(response, 500, "internal")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert "ZeroDivisionError" in caplog.text
        assert "what was typed" not in "".join(r.getMessage() for r in caplog.records if r.name == "assistant.api")


def _ended(threads: list[threading.Thread]) -> Iterator[threading.Thread]:
    """The threads as they end."""
    while True:
        for thread in threads:
            thread.join(timeout=0.05)
            if not thread.is_alive():
                yield thread


class TestSearch:
    def test_finds(self, client: TestClient) -> None:
        response = client.post("/api/search", json={"question": "who may apply", "k": 1, "id": 3})
        validate("search", response.json())
        assert response.json()["results"][0]["text"] == BODIES

    @pytest.mark.parametrize("k", [0, 101, "many"])
    def test_k_has_bounds(self, client: TestClient, k: Any) -> None:
        assert error(client.post("/api/search", json={"question": "x", "k": k}), 422, "invalid").startswith("k: ")


class TestCheck:
    def test_says_whether_quotes_carry_it(self, client: TestClient) -> None:
        response = client.post("/api/check", json={"id": 4, "sentence": "Clubs may", "quotes": ["Clubs may apply."]})
        validate("check", response.json())
        assert (response.json()["id"], response.json()["supported"]) == (4, True)

    def test_takes_as_much_as_quotes_may_have(self, client: TestClient) -> None:
        line = {"sentence": "x", "quotes": ["\U0001f600" * 199_999, "x"]}
        assert client.post("/api/check", content=json.dumps(line), headers=JSON).status_code == 200
        body = json.dumps({"sentence": "x", "quotes": ["x"], "padding": "x" * LARGER_BODIES["/api/check"]})
        error(client.post("/api/check", content=body, headers=JSON), 413, "too_large")

    @pytest.mark.parametrize(
        ("line", "field"),
        [
            ({"quotes": ["x"]}, "sentence"),
            ({"sentence": " ", "quotes": ["x"]}, "sentence"),
            ({"sentence": "x" * 2_001, "quotes": ["x"]}, "sentence"),
            ({"sentence": "x"}, "quotes"),
            ({"sentence": "x", "quotes": "x"}, "quotes"),
            ({"sentence": "x", "quotes": [1]}, "quotes.0"),
            ({"sentence": "x", "quotes": ["x" * 200_001]}, "quotes"),
        ],
    )
    def test_names_the_field_that_is_wrong(self, client: TestClient, line: Any, field: str) -> None:
        message = error(client.post("/api/check", json=line), 422, "invalid")
        assert message.startswith(f"{field}: ")


class TestSources:
    def test_the_page_highlights_the_quote(self, client: TestClient) -> None:
        begin = GARDEN_TEXT.index(BODIES)
        response = client.get(f"/sources/{GARDEN}", params={"start": begin, "end": begin + len(BODIES)})
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        page = BeautifulSoup(response.text, "lxml")
        assert page.select_one("mark#quote").text == BODIES  # type: ignore[union-attr]

    def test_the_whole_document(self, client: TestClient) -> None:
        assert "<mark" not in client.get(f"/sources/{GARDEN}").text

    def test_a_fragment_for_the_panel(self, client: TestClient) -> None:
        response = client.get(f"/sources/{GARDEN}?start=0&end=5&view=passage")
        assert "<html" not in response.text
        assert '<mark id="quote"' in response.text

    def test_a_name_with_a_folder_and_a_space(self, client: TestClient) -> None:
        assert client.get("/sources/guidance/our%20notes.md").status_code == 200

    @pytest.mark.parametrize(
        "query",
        ["start=5", "end=5", "start=5&end=5", "start=6&end=5", "start=-1&end=5", "start=0&end=99999", "start=a&end=b",
         "start=0&end=1&view=all", "view=passage", "start=99999999999999999999&end=999999999999999999999"],
    )  # fmt: skip
    def test_bad_offsets(self, client: TestClient, query: str) -> None:
        error(client.get(f"/sources/{GARDEN}?{query}"), 422, "invalid")

    @pytest.mark.parametrize("name", ["nowhere.md", "../pyproject.toml", "..%2F..%2Fetc%2Fpasswd", "%00", "%ff", ""])
    def test_no_such_document(self, client: TestClient, name: str) -> None:
        for route in ("sources", "originals"):
            assert client.get(f"/{route}/{name}").status_code == 404

    def test_nothing_runs_on_it(self, client: TestClient) -> None:
        response = client.get(f"/sources/{HOSTILE}")
        assert "<script" not in response.text
        assert "script-src" not in response.headers["content-security-policy"]
        assert "default-src 'none'" in response.headers["content-security-policy"]


class TestOriginals:
    def test_text_stays_text(self, client: TestClient) -> None:
        response = client.get(f"/originals/{GARDEN}")
        assert response.content == GARDEN_TEXT.encode()
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.headers["content-disposition"].startswith("inline;")
        assert "sandbox" in response.headers["content-security-policy"]
        assert response.headers["x-content-type-options"] == "nosniff"

    @pytest.mark.parametrize(
        ("name", "kind", "how"),
        [
            ("page.HTML", "text/plain; charset=utf-8", "inline"),
            ("call.PDF", "application/pdf", "inline"),
            ('Förder "call".docx', "application/vnd.openxmlformats", "attachment"),
        ],
    )
    def test_types(self, start: Start, monkeypatch: pytest.MonkeyPatch, name: str, kind: str, how: str) -> None:
        monkeypatch.setattr(FakeAssistant, "original", lambda _, document: document.encode())
        response = start().get(f"/originals/{name}")
        assert response.content == name.encode()
        assert response.headers["content-type"].startswith(kind)
        assert response.headers["content-disposition"].startswith(f"{how}; filename*=UTF-8''")


RATING = {"answer": "a1b2", "question": "What is the deadline?", "helpful": False, "reason": "wrong day"}


class TestFeedback:
    def test_keeps_a_rating(self, start: Start, tmp_path: Path) -> None:
        response = start().post("/api/feedback", json=RATING)
        assert (response.status_code, response.json()) == (201, {"kept_days": 90})
        assert (tmp_path / "call-assistant.sqlite3").is_file()

    @pytest.mark.parametrize(
        ("field", "value"), [("reason", "x" * 1_001), ("answer", "a b"), ("helpful", "perhaps"), ("question", 3)]
    )
    def test_refuses(self, client: TestClient, field: str, value: Any) -> None:
        response = client.post("/api/feedback", json=RATING | {field: value})
        assert error(response, 422, "invalid").startswith(f"{field}: ")

    def test_too_often(self, start: Start) -> None:
        client = start(rate_limit_per_minute=1)
        assert client.post("/api/feedback", json=RATING).status_code == 201
        error(client.post("/api/feedback", json=RATING), 429, "too_many_requests")


class TestHealth:
    def test_alive_and_ready(self, client: TestClient) -> None:
        assert client.get("/healthz").json() == {"status": "alive"}
        assert client.get("/readyz").json() == {"status": "ready"}

    def test_not_ready(self, client: TestClient, fake: FakeAssistant) -> None:
        fake.is_ready = False
        response = client.get("/readyz")
        error(response, 503, "not_ready")
        assert "retry-after" in response.headers
        fake.failure = StoreError("damaged")
        error(client.get("/readyz"), 503, "not_ready")
        assert client.get("/healthz").status_code == 200


class TestDescription:
    def test_names_what_is_there_and_no_more(self, client: TestClient) -> None:
        described = client.get("/openapi.json").json()
        assert set(described["paths"]) == {
            "/api/ask", "/api/search", "/api/check", "/api/feedback", "/sources/{document}", "/originals/{document}",
            "/healthz", "/readyz", "/api/answers", "/api/answers/delete", "/answers/{answer_id}", "/api/requests",
            "/about", "/widget.js", "/widget", "/widget/setup", "/api/widget/ask", "/api/widget/token",
        }  # fmt: skip
        for path in described["paths"].values():
            for operation in path.values():
                for status, response in operation["responses"].items():
                    if not status.startswith("2"):
                        schema = response["content"]["application/json"]["schema"]
                        assert schema == {"$ref": "#/components/schemas/HttpError"}

    def test_results_match_it(self, client: TestClient) -> None:
        described = client.get("/openapi.json").json()
        schema = described["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
        Draft202012Validator({**schema, "components": described["components"]}).validate(ask(client).json())

    @pytest.mark.parametrize("path", ["/docs", "/redoc"])
    def test_no_pages_from_elsewhere(self, client: TestClient, path: str) -> None:
        error(client.get(path), 404, "not_found")


class TestPaths:
    @pytest.mark.parametrize(
        ("method", "path", "status"),
        [
            ("GET", "/nowhere", 404),
            ("GET", "/api/ask", 405),
            ("POST", "/healthz", 405),
            ("DELETE", f"/sources/{GARDEN}", 405),
            ("GET", "/ui/nothing.js", 404),
            ("GET", "/ui/..%2Fanswer.py", 404),
            ("OPTIONS", "/api/ask", 405),
        ],
    )
    def test_errors_are_json(self, client: TestClient, method: str, path: str, status: int) -> None:
        code = {404: "not_found", 405: "method_not_allowed"}[status]
        error(client.request(method, path), status, code)

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/gradio_api/upload"),
            ("GET", "/gradio_api/file=/etc/passwd"),
            ("GET", "/gradio_api/file=https://example.org/"),
            ("GET", "/file=/etc/passwd"),
            ("GET", "/gradio_api/proxy=https://example.org"),
            ("POST", "/gradio_api/component_server"),
            ("POST", "/gradio_api/cancel"),
            ("POST", "/gradio_api/run/ask"),
            ("POST", "/gradio_api/api/ask"),
            ("POST", "/gradio_api/call/ask"),
            ("GET", "/gradio_api/info"),
            ("GET", "/gradio_api/deep_link"),
            ("GET", "/gradio_api/runs"),
            ("GET", "/config"),
            ("GET", "/monitoring"),
            ("GET", "/monitoring/summary"),
            ("GET", "/svelte/x.js"),
            ("POST", "/login"),
            ("GET", "/manifest.json"),
            ("GET", "/gradio_api/openapi.json"),
            ("POST", "/gradio_api/vibe-edit"),
            ("GET", "/static/..%2f..%2froutes.py"),
            ("GET", "/assets/../../routes.py"),
        ],
    )
    def test_gradio_paths_that_the_page_does_not_need(self, client: TestClient, method: str, path: str) -> None:
        error(client.request(method, path, json={} if method == "POST" else None), 404, "not_found")

    def test_every_gradio_path_is_closed_but_those_of_the_page(self, client: TestClient) -> None:
        import gradio

        app = gradio.routes.App.create_app(gradio.Blocks(analytics_enabled=False))
        opened = set()
        for route in app.routes:
            path, methods = getattr(route, "path", ""), getattr(route, "methods", None) or set()
            for method in methods if path != "/openapi.json" else ():  # that one is ours
                filled = path.replace("{path:path}", "x.js").replace("{session_hash}", "abc")
                if client.request(method, filled, json={}).status_code not in (404, 405):
                    opened.add((method, path))
        assert opened <= {
            ("GET", "/"),
            ("HEAD", "/"),
            ("GET", "/theme.css"),
            ("GET", "/favicon.ico"),
            ("GET", "/gradio_api/heartbeat/{session_hash}"),
            ("GET", "/gradio_api/startup-events"),
            ("GET", "/gradio_api/queue/data"),
            ("POST", "/gradio_api/queue/join"),
        }

    def test_every_gradio_function_is_one_that_the_page_needs_and_takes_no_file(self, client: TestClient) -> None:
        page = client.get("/").text
        config = json.loads(page.partition("window.gradio_config = ")[2].partition(";</script>")[0])
        kinds = {part["id"]: part["type"] for part in config["components"]}
        assert set(kinds.values()) == {"state", "column", "row", "form", "markdown", "textbox", "button"}
        functions = {function["api_name"]: function for function in config["dependencies"]}
        assert set(functions) == {"ask", "stop", "reopen"}
        for function in functions.values():
            assert {kinds[part] for part in (*function["inputs"], *function["outputs"])} <= {
                "state", "textbox", "markdown",
            }  # fmt: skip
            assert function["api_visibility"] == "private"

    @pytest.mark.parametrize(
        "value",
        [
            {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
            {"path": "https://example.org/", "url": "https://example.org/", "meta": {"_type": "gradio.FileData"}},
            [{"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}}],
            {"x": 1},
            7,
        ],
    )
    def test_a_file_or_an_address_in_the_place_of_a_text_reaches_no_function(
        self, client: TestClient, fake: FakeAssistant, value: Any
    ) -> None:
        for position in range(4):
            data = ["Can a club be a partner?", "en", "", None]
            data[position] = value
            for event in ({"data": data}, {"data": value}, [value], value):
                joined = client.post("/gradio_api/queue/join", json=event)
                error(joined, 422, "unprocessable_entity")
        assert not fake.requests

    def test_gradio_is_asked_too_often(self, start: Start) -> None:
        client = start(rate_limit_per_minute=1)
        opened = [client.get("/gradio_api/startup-events") for _ in range(GRADIO_PER_QUESTION)]
        assert {answer.status_code for answer in opened} == {200}
        event = {"data": [None], "fn_index": 2, "session_hash": "abc"}
        refused = client.post("/gradio_api/queue/join", json=event)
        error(refused, 429, "too_many_requests")
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert ask(client).status_code == 200
        assert client.get("/").status_code == 200

    def test_no_foreign_origin_may_read(self, client: TestClient) -> None:
        for path in ("/", "/gradio_api/startup-events", "/healthz", f"/sources/{GARDEN}"):
            headers = client.get(path, headers={"Origin": "https://elsewhere.example"}).headers
            assert "access-control-allow-origin" not in headers
            assert "access-control-allow-credentials" not in headers

    def test_security_headers_everywhere(self, client: TestClient) -> None:
        for path in (
            "/",
            "/healthz",
            "/nowhere",
            f"/sources/{GARDEN}",
            "/ui/chat.js",
            "/theme.css",
            "/about",
            "/answers/x",
        ):
            headers = client.get(path).headers
            assert "default-src 'none'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
            assert "camera=()" in headers["permissions-policy"]

    def test_pages_are_framed_by_known_sites_only(self, start: Start) -> None:
        closed = start()
        assert closed.get("/").headers["content-security-policy"].endswith("frame-ancestors 'self'")
        assert closed.get("/healthz").headers["content-security-policy"].endswith("frame-ancestors 'none'")
        opened = start(embed_sites="https://www.housing.example http://127.0.0.1:*")
        policy = opened.get("/").headers["content-security-policy"]
        assert policy.endswith("frame-ancestors 'self' https://www.housing.example http://127.0.0.1:*")

    def test_the_page_names_us_and_not_gradio(self, client: TestClient) -> None:
        page = client.get("/", headers={"Accept-Encoding": "gzip, br"})
        head = BeautifulSoup(page.text, "lxml").head
        assert head is not None
        assert head.title is not None
        assert head.title.text == "Gardens for everyone"
        assert not head.select('meta[property^="og:"], meta[name^="twitter:"], link[rel=manifest]')
        assert "githubusercontent" not in page.text


class TestRealAssistant:
    @pytest.fixture
    def real(self, assistant: Assistant, settings: Settings, tmp_path: Path) -> Iterator[TestClient]:
        known = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'f.sqlite3'}"})
        with TestClient(create_app(assistant, known)) as client:
            yield client

    def test_asks_and_opens_each_citation(self, real: TestClient, assistant: Assistant) -> None:
        response = ask(real, "Can an NGO be a partner in a priority 1 network?")
        result = response.json()
        assert result["status"] == "answered"
        check_invariants(result, lambda document: assistant.show(document).text)
        for cited in result["citations"]:
            page = real.get(f"/sources/{cited['document']}", params={"start": cited["start"], "end": cited["end"]})
            marks = lxml.html.fromstring(page.content).xpath("//article//mark")
            assert "".join(mark.text_content() for mark in marks) == cited["quote"]

    def test_shows_every_document_character_by_character(self, real: TestClient, assistant: Assistant) -> None:
        found = real.post("/api/search", json={"question": "integration", "k": 100}).json()["results"]
        for document in {passage["document"] for passage in found}:
            article = lxml.html.fromstring(real.get(f"/sources/{document}").content).xpath("//article")[0]
            assert article.text_content() == assistant.show(document).text
            assert real.get(f"/originals/{document}").content

    def test_is_ready(self, real: TestClient) -> None:
        assert real.get("/readyz").status_code == 200
        assert real.get("/sources/" + NOTES).status_code == 404
