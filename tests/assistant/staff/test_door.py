"""Who gets into the workspace, and who does not. Over HTTPS, as browsers keep its cookies."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Message, Scope

from assistant.api import create_app
from assistant.limits import MAX_ADDRESSES
from assistant.settings import Settings
from assistant.staff.throttle import MOST_OF_ACCOUNT, MOST_OF_DEVICE, Throttle
from assistant.storage.accounts import Accounts
from assistant.storage.database import Database
from tests.assistant.ui.fakes import FakeAssistant

Response = Any
"""The test client's, whose type depends on the version of httpx that it found."""
NAME, PASSWORD, OTHER = "ada", "seven green boats at noon", "nine quiet lamps by the river"
HOST = "https://testserver"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SIGN_IN = "/helpdesk/sign-in"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return f"sqlite:///{tmp_path_factory.mktemp('door') / 'door.sqlite3'}"


@pytest.fixture
def accounts(address: str) -> Iterator[Accounts]:
    """One account, as new, without a session."""
    with closing(Database(address)) as database:
        made = Accounts(database)
        for account in made.all():
            made.remove(account.name)
        made.add(NAME, PASSWORD)
        yield made


@pytest.fixture(scope="module")
def app(address: str) -> FastAPI:
    return create_app(FakeAssistant(), Settings(database_url=address))


@pytest.fixture
def client(app: FastAPI, accounts: Accounts) -> Iterator[TestClient]:
    with TestClient(app, HOST, follow_redirects=False, headers={"Origin": HOST}) as made:
        yield made


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def sign_in(client: TestClient, name: str = NAME, password: str = PASSWORD) -> Response:
    token = token_in(client.get(SIGN_IN).text)
    return client.post(SIGN_IN, data={"token": token, "name": name, "password": password})


def staff_paths(routes: list[BaseRoute], prefix: str = "") -> Iterator[str]:
    for route in routes:
        if isinstance(route, Mount):
            yield from staff_paths(list(route.routes), prefix + route.path)
        elif isinstance(route, Route):
            yield re.sub(r"\{\w+(?::\w+)?\}", "x", prefix + route.path)


class TestEveryRoute:
    @pytest.mark.parametrize("cookie", [None, "forged", "", "x" * 5_000, "ada"])
    def test_is_shut_without_a_session(self, app: FastAPI, client: TestClient, cookie: str | None) -> None:
        paths = {path for path in staff_paths(list(app.routes)) if path.startswith("/helpdesk")}
        assert {"/helpdesk", SIGN_IN, "/helpdesk/", "/helpdesk/cases/x", "/helpdesk/cases/x/reply.x"} <= paths
        assert len(paths) > 20
        made_up = {"/helpdesk/none", "/helpdesk//sign-in", "/helpdesk/sign-in/", "/helpdesk/x/../sign-in/y"}
        headers = {} if cookie is None else {"Cookie": f"__Host-helpdesk={cookie}"}
        opened = set()
        for path in sorted(paths | made_up):
            for method in METHODS:
                response = client.request(method, path, headers=headers)
                location = response.headers.get("location")
                if response.status_code == 200:
                    opened.add((method, path))
                elif path != SIGN_IN:
                    shut = response.status_code in (401, 403, 405) or (response.status_code, location) == (303, SIGN_IN)
                    assert shut, (method, path, response.status_code, location)
                    assert path == "/helpdesk" or response.status_code != 405, (method, path)
        assert opened == {("GET", SIGN_IN), ("HEAD", SIGN_IN)}

    def test_is_not_in_the_description_of_the_interface(self, client: TestClient) -> None:
        assert "helpdesk" not in client.get("/openapi.json").text

    def test_reads_no_body_of_somebody_unknown(self, app: FastAPI, accounts: Accounts) -> None:
        statuses = []

        async def receive() -> Message:
            raise AssertionError("the body was asked for")

        async def send(message: Message) -> None:
            statuses.append(message.get("status"))

        path = "/helpdesk/cases"
        headers = [(b"host", b"testserver"), (b"origin", HOST.encode())]
        scope: Scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
        asyncio.run(app(scope, receive, send))
        assert statuses[0] == 401


class TestSigningIn:
    def test_opens_the_queue(self, client: TestClient) -> None:
        response = sign_in(client)
        assert (response.status_code, response.headers["location"]) == (303, "/helpdesk/")
        page = client.get("/helpdesk/")
        assert page.status_code == 200
        assert "Signed in as ada" in page.text
        assert client.get(SIGN_IN).headers["location"] == "/helpdesk/"

    def test_keeps_the_session_in_a_cookie_for_this_host_alone(self, client: TestClient) -> None:
        cookies = [c for c in sign_in(client).headers.get_list("set-cookie") if c.startswith("__Host-helpdesk=")]
        assert len(cookies) == 1
        assert {"Secure", "HttpOnly", "SameSite=lax", "Path=/"} <= set(cookies[0].split("; "))
        assert "Domain" not in cookies[0]

    def test_gives_another_token_each_time(self, client: TestClient) -> None:
        sign_in(client)
        first = client.cookies["__Host-helpdesk"]
        client.post("/helpdesk/sign-out", data={"token": token_in(client.get("/helpdesk/").text)})
        sign_in(client)
        assert client.cookies["__Host-helpdesk"] != first

    @pytest.mark.parametrize(
        ("name", "password"), [(NAME, OTHER), ("eve", PASSWORD), ("", ""), ("é\0", "\0"), ("x" * 9_000, "x" * 9_000)]
    )
    def test_says_never_what_was_wrong(self, client: TestClient, name: str, password: str) -> None:
        response = sign_in(client, name, password)
        assert response.status_code == 401
        assert "The name or the password is wrong." in response.text
        assert client.get("/helpdesk/").headers["location"] == SIGN_IN

    def test_needs_the_form_of_this_browser(self, client: TestClient) -> None:
        other = token_in(client.get(SIGN_IN).text)
        client.cookies.clear()
        client.get(SIGN_IN)
        for token in (other, "", "0" * 64):
            response = client.post(SIGN_IN, data={"token": token, "name": NAME, "password": PASSWORD})
            assert response.status_code == 403

    def test_shows_what_was_typed_as_text(self, client: TestClient) -> None:
        assert '"><script>' not in sign_in(client, '"><script>alert(1)</script>', "x").text


class TestSigningOut:
    def test_ends_the_session(self, client: TestClient) -> None:
        sign_in(client)
        session = client.cookies["__Host-helpdesk"]
        response = client.post("/helpdesk/sign-out", data={"token": token_in(client.get("/helpdesk/").text)})
        assert response.headers["location"] == SIGN_IN
        assert "__Host-helpdesk" not in client.cookies
        again = client.get("/helpdesk/", headers={"Cookie": f"__Host-helpdesk={session}"})
        assert again.headers["location"] == SIGN_IN

    def test_another_password_ends_it_too(self, client: TestClient, accounts: Accounts) -> None:
        sign_in(client)
        accounts.set_password(NAME, OTHER)
        assert client.get("/helpdesk/").headers["location"] == SIGN_IN


class TestAnotherSite:
    @pytest.mark.parametrize(
        "origin", ["https://evil.example", "null", "https://testserver.evil.example", "", "http://["]
    )
    def test_changes_nothing(self, client: TestClient, origin: str) -> None:
        sign_in(client)
        token = token_in(client.get("/helpdesk/").text)
        data = {"token": token, "text": "When is the deadline?"}
        response = client.post("/helpdesk/cases", data=data, headers={"Origin": origin})
        assert response.status_code == 403
        assert client.get("/helpdesk/").text.count("/helpdesk/cases/") == 0

    def test_is_told_by_the_browser_where_no_origin_is(self, client: TestClient) -> None:
        sign_in(client)
        token = token_in(client.get("/helpdesk/").text)
        del client.headers["Origin"]
        for site, status in (("cross-site", 403), ("same-site", 403), ("none", 403), ("same-origin", 303)):
            headers = {"Sec-Fetch-Site": site}
            assert client.post("/helpdesk/sign-out", data={"token": token}, headers=headers).status_code == status

    def test_without_the_token_of_the_session_nothing_is_changed(self, app: FastAPI, client: TestClient) -> None:
        sign_in(client)
        changing = sorted(path for path in staff_paths(list(app.routes)) if path.startswith("/helpdesk/"))
        refused = 0
        for path in changing:
            for token in ("", "0" * 64):
                response = client.post(path, data={"token": token})
                assert response.status_code in (403, 405), path
                refused += response.status_code == 403
        assert refused > 30
        assert client.get("/helpdesk/").status_code == 200


class TestHeaders:
    def test_are_strict(self, client: TestClient) -> None:
        sign_in(client)
        for path in ("/helpdesk/", "/helpdesk/none"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "unsafe" not in policy
            assert {"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy.split("; "))
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "same-origin"


class TestThrottle:
    def test_makes_who_guesses_wait(self) -> None:
        throttle = Throttle(lambda: 0.0)
        assert [throttle.wait("ada", f"10.0.0.{n}", None) for n in range(MOST_OF_ACCOUNT)] == [0] * MOST_OF_ACCOUNT
        assert throttle.wait("ada", "10.9.9.9", None) == 15 * 60
        assert throttle.wait(" ADA ", "10.9.9.9", None) == 15 * 60
        assert throttle.wait("bob", "10.9.9.9", None) == 0

    def test_keeps_its_counts_when_many_names_are_invented(self) -> None:
        now = [0.0]
        throttle = Throttle(lambda: now[0])
        while not throttle.wait("ada", "10.0.0.1", None):
            pass
        for number in range(MAX_ADDRESSES):
            throttle.wait(f"invented {number}", f"10.{number // 65536}.{number // 256 % 256}.{number % 256}", None)
        assert throttle.wait("ada", "192.0.2.1", None) == 15 * 60
        now[0] += 15 * 60
        assert throttle.wait("ada", "192.0.2.1", None) == 0

    def test_answers_429_with_when_to_try_again(self, tmp_path: Path) -> None:
        app = create_app(FakeAssistant(), Settings(database_url=f"sqlite:///{tmp_path / 'other.sqlite3'}"))
        with TestClient(app, HOST, headers={"Origin": HOST}) as client:
            seen = {sign_in(client, "nobody", "x").status_code for _ in range(MOST_OF_ACCOUNT)}
            assert seen == {401}
            response = sign_in(client, "nobody", "x")
        assert response.status_code == 429
        assert int(response.headers["retry-after"]) > 0

    def test_never_shuts_out_the_browser_of_the_owner(self) -> None:
        throttle = Throttle(lambda: 0.0)
        while not throttle.wait("ada", "10.0.0.1", None):
            pass
        assert [throttle.wait("ada", "10.0.0.1", "known") for _ in range(MOST_OF_DEVICE)] == [0] * MOST_OF_DEVICE
        assert throttle.wait("ada", "10.0.0.1", "known") > 0

    def test_lets_in_again_after_a_while(self) -> None:
        now = [0.0]
        throttle = Throttle(lambda: now[0])
        while not throttle.wait("ada", "10.0.0.1", None):
            now[0] += 1
        now[0] += throttle.wait("ada", "10.0.0.1", None)
        assert throttle.wait("ada", "10.0.0.1", None) == 0

    def test_does_not_count_who_knows_the_password(self) -> None:
        throttle = Throttle(lambda: 0.0)
        for _ in range(MOST_OF_ACCOUNT * 3):
            assert throttle.wait("ada", "10.0.0.1", None) == 0
            throttle.forgive("ada", "10.0.0.1", None)
