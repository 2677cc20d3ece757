"""Links to answers, requests to people, and the pages of both, over a stand-in for the assistant."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from assistant.api import create_app
from assistant.seal import Seal
from assistant.settings import Settings
from assistant.storage.answers import SharedAnswers
from assistant.storage.database import Database
from assistant.storage.keys import key
from assistant.storage.requests import Requests
from tests.assistant.ui.fakes import ANSWERED, CLUBS, HOSTILE_ANSWER, NOTES, PARTIAL, FakeAssistant, FakeModel

PERSON = {"kind": "person", "text": "May we?", "email": "club@example.eu", "language": "en"}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    file = tmp_path_factory.mktemp("sharing") / "kept.sqlite3"
    return Settings(
        database_url=f"sqlite:///{file}", keep_days=30, contact="https://help.example", rate_limit_per_minute=10_000
    )


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def client(settings: Settings, fake: FakeAssistant) -> Iterator[TestClient]:
    with TestClient(create_app(fake, settings)) as client:
        yield client


@pytest.fixture
def database(settings: Settings, client: TestClient) -> Iterator[Database]:
    with closing(Database(settings.database)) as opened:
        yield opened


@pytest.fixture
def seal(database: Database) -> Seal:
    return Seal(key(database, "answers"))


def page_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.text, "lxml")


class TestLinks:
    def test_an_answer_of_ours_gets_an_address(self, client: TestClient, seal: Seal) -> None:
        made = client.post("/api/answers", json={"answer": seal.close(ANSWERED)})
        assert made.status_code == 201
        assert made.json()["kept_days"] == 30
        shown = client.get(made.json()["path"], headers={"Accept-Language": "fr"})
        assert shown.status_code == 200
        assert shown.headers["cache-control"] == "no-store"
        assert "script-src" not in shown.headers["content-security-policy"]
        page = page_of(shown)
        assert page.html is not None
        assert page.html["lang"] == "fr"
        assert page.select_one("meta[name=robots][content=noindex]")
        article = page.select_one("article.answer")
        assert article is not None
        assert article["lang"] == "en"
        assert CLUBS in article.text
        assert not page.select("script, button, form")

    def test_an_answer_in_an_older_form_is_gone(self, client: TestClient, database: Database) -> None:
        kept = SharedAnswers(database, 30).add('{"question": "What is the deadline?"}')
        response = client.get(f"/answers/{kept}")
        assert response.status_code == 404
        assert "There is no answer at this address" in response.text

    def test_what_we_did_not_answer_gets_none(self, client: TestClient) -> None:
        forged = Seal("another key").close(ANSWERED)
        for answer in (forged, "x", "{}", ANSWERED.model_dump_json()):
            response = client.post("/api/answers", json={"answer": answer})
            assert response.status_code == 422
            assert response.json()["error"]["code"] == "invalid"

    def test_who_was_given_the_answer_can_delete_its_links(self, client: TestClient, seal: Seal) -> None:
        answer, other = ({"answer": seal.close(one)} for one in (PARTIAL, ANSWERED))
        paths = [client.post("/api/answers", json=answer).json()["path"] for _ in range(2)]
        others = client.post("/api/answers", json=other).json()["path"]
        forged = Seal("another key").close(PARTIAL)
        assert client.post("/api/answers/delete", json={"answer": forged}).status_code == 422
        assert client.get(paths[0]).status_code == 200
        gone = client.post("/api/answers/delete", json=answer)
        assert (gone.status_code, gone.json()) == (200, {"deleted": 2})
        assert [client.get(path).status_code for path in (*paths, others)] == [404, 404, 200]
        again = client.post("/api/answers/delete", json=answer)
        assert (again.status_code, again.json()["error"]["code"]) == (404, "not_found")

    def test_nothing_in_it_runs(self, client: TestClient, seal: Seal) -> None:
        path = client.post("/api/answers", json={"answer": seal.close(HOSTILE_ANSWER)}).json()["path"]
        page = page_of(client.get(path))
        assert not page.select("script, img, svg, iframe, [onerror], [onload], a[href^=javascript]")

    def test_an_address_that_is_gone_says_why(self, client: TestClient) -> None:
        response = client.get("/answers/AAAAAAAAAAAAAAAAAAAAAA?language=de")
        assert response.status_code == 404
        assert "Antworten mit einem Link werden nach 30 Tagen gelöscht." in page_of(response).text


class TestRequests:
    def test_a_question_to_a_person_goes_with_its_conversation(
        self, client: TestClient, seal: Seal, database: Database
    ) -> None:
        response = client.post("/api/requests", json=PERSON | {"answers": [seal.close(ANSWERED)]})
        assert (response.status_code, response.json()) == (201, {"kept_days": 30})
        kept = Requests(database, 30).all()[-1].request
        assert (kept.kind, kept.text, kept.email) == ("person", "May we?", "club@example.eu")
        assert ANSWERED.question in kept.conversation

    @pytest.mark.parametrize(
        "wrong",
        [
            {"email": ""},
            {"email": "no address"},
            {"email": "a@b.eu\nBcc: c@d.eu"},
            {"email": "a@["},
            {"email": "x,boss@corp.example"},
            {"email": "=?utf-8?q?=0aBcc:_v=40w.example?=@b.example"},
            {"text": "  "},
            {"text": "x" * 4_001},
            {"kind": "else"},
            {"language": "<b>"},
            {"answers": ["forged"]},
        ],
    )
    def test_what_cannot_be_answered_or_trusted_is_not_kept(
        self, client: TestClient, database: Database, wrong: dict[str, Any]
    ) -> None:
        before = Requests(database, 30).all()
        response = client.post("/api/requests", json=PERSON | wrong)
        assert response.status_code == 422
        assert Requests(database, 30).all() == before

    def test_a_report_needs_no_address(self, client: TestClient, seal: Seal) -> None:
        report = {"kind": "report", "text": "It is wrong.", "answers": [seal.close(ANSWERED)]}
        assert client.post("/api/requests", json=report).status_code == 201


class TestAbout:
    def test_says_what_it_knows_keeps_and_whom_to_ask(self, client: TestClient) -> None:
        response = client.get("/about")
        page = page_of(response)
        said = " ".join(page.text.split())
        assert "You are using an AI system" in said
        assert "kept for 30 days, then deleted" in said
        assert "No language model writes" in said
        assert page.select_one('a[href="https://help.example"]')
        known = {link["href"]: link.text for link in page.select(".known a")}
        assert len(known) == 3
        assert known["/sources/guidance/our%20notes.md?language=en"] == "Notes on the garden call"
        assert "6 November 2018" in said
        assert client.get("/sources/guidance/our%20notes.md?language=en").status_code == 200
        assert NOTES == "guidance/our notes.md"

    def test_names_the_model_that_writes(
        self, client: TestClient, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fake, "writer", FakeModel("a-model", "models.example.eu"))
        assert "A language model (a-model) puts the answers into words" in page_of(client.get("/about")).text

    def test_names_the_server_that_questions_are_sent_to_for_the_search(
        self, client: TestClient, fake: FakeAssistant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = "To search the documents, your question is sent to"
        for page in ("/about", "/"):
            assert said not in client.get(page).text
        monkeypatch.setattr(fake, "embedding_host", "vectors.example.eu")
        for page in ("/about", "/"):
            assert f"{said} vectors.example.eu." in client.get(page).text

    @pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "pl"])
    def test_in_every_language(self, client: TestClient, language: str) -> None:
        for address in (f"/about?language={language}", f"/?language={language}"):
            page = page_of(client.get(address))
            assert page.html is not None
            assert page.html["lang"] == language
            assert page.select_one(f'.languages [aria-current][lang="{language}"]')
            assert len(page.select(".languages a")) == 6


class TestLanguage:
    @pytest.mark.parametrize(
        ("query", "header", "language"),
        [
            ("", "", "en"),
            ("", "pl", "pl"),
            ("", "pt-PT, es;q=0.8, en;q=0.9", "en"),
            ("", "de-AT;q=0.5, it-CH", "it"),
            ("", "fr;q=0, de;q=0.1", "de"),
            ("", "xx;q=a,,;q=,*", "en"),
            ("?language=es", "de", "es"),
            ("?language=xx", "de", "de"),
            ("?language=../../etc", "", "en"),
        ],
    )
    def test_of_the_page(self, client: TestClient, query: str, header: str, language: str) -> None:
        for path in ("/", "/about", f"/sources/{NOTES}"):
            page = page_of(client.get(path + query, headers={"Accept-Language": header}))
            assert page.html is not None
            assert page.html["lang"] == language
