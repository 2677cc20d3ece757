"""Somebody signed in to the workspace of a service over a fake assistant."""

import re
from collections.abc import Iterator
from contextlib import closing

import pytest
from fastapi.testclient import TestClient

from assistant.api import create_app
from assistant.settings import Settings
from assistant.storage.accounts import Accounts
from assistant.storage.database import Database
from tests.assistant.ui.fakes import FakeAssistant

HOST = "https://testserver"
PASSWORD = "seven green boats at noon"


@pytest.fixture(scope="module")
def kept_fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def kept_staff(tmp_path_factory: pytest.TempPathFactory, kept_fake: FakeAssistant) -> Iterator[TestClient]:
    address = f"sqlite:///{tmp_path_factory.mktemp('staff') / 'staff.sqlite3'}"
    with closing(Database(address)) as database:
        Accounts(database).add("ada", PASSWORD)
    app = create_app(kept_fake, Settings(database_url=address))
    with TestClient(app, HOST, headers={"Origin": HOST}, raise_server_exceptions=False) as client:
        form = {"token": token_in(client.get("/helpdesk/sign-in").text), "name": "ada", "password": PASSWORD}
        client.post("/helpdesk/sign-in", data=form)
        yield client


@pytest.fixture
def fake(kept_fake: FakeAssistant) -> FakeAssistant:
    """The assistant behind `staff`, as new."""
    vars(kept_fake).update(vars(FakeAssistant()))
    return kept_fake


@pytest.fixture
def staff(kept_staff: TestClient, fake: FakeAssistant) -> TestClient:
    """Somebody signed in; one service for all tests of a module."""
    return kept_staff


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]
