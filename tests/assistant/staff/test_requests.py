"""What visitors of the chat page wrote stands in the queue, and becomes a case or goes."""

import re

from fastapi.testclient import TestClient

from tests.assistant.staff.conftest import token_in

TEXT = "Can a <b>club</b> be a partner? Nobody told us."


def ask_a_person(client: TestClient) -> str:
    """Ask as a visitor does; returns the request's ID as the queue shows it."""
    asked = {"kind": "person", "text": TEXT, "email": "club@example.eu"}
    assert client.post("/api/requests", json=asked).status_code == 201
    found = re.search(r"/helpdesk/requests/([\w-]+)/take", client.get("/helpdesk/").text)
    assert found
    return found[1]


def post(staff: TestClient, path: str) -> int:
    token = token_in(staff.get("/helpdesk/").text)
    return int(staff.post(f"/helpdesk/requests/{path}", data={"token": token}).status_code)


def test_a_request_becomes_a_case(staff: TestClient) -> None:
    name = ask_a_person(staff)
    page = staff.get("/helpdesk/").text
    assert "Can a &lt;b&gt;club&lt;/b&gt; be a partner?" in page
    assert post(staff, f"{name}/take") == 200
    queue = staff.get("/helpdesk/").text
    assert "/helpdesk/requests/" not in queue
    case = re.search(r"/helpdesk/cases/[\w-]+", queue.partition("Queue")[2])
    assert case
    assert "club@example.eu" in staff.get(case[0]).text
    assert post(staff, f"{name}/take") == 409


def test_a_request_is_deleted(staff: TestClient) -> None:
    name = ask_a_person(staff)
    assert post(staff, f"{name}/delete") == 200
    assert "/helpdesk/requests/" not in staff.get("/helpdesk/").text


def test_nobody_else_gets_at_a_request(staff: TestClient) -> None:
    name = ask_a_person(staff)
    assert staff.post(f"/helpdesk/requests/{name}/delete", data={"token": "0" * 64}).status_code == 403
    assert name in staff.get("/helpdesk/").text
