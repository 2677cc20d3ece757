"""Cases over HTTP: what is refused, and what an e-mail cannot do."""

import logging
import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from index.errors import StoreError
from tests.assistant.staff.conftest import token_in
from tests.assistant.ui.fakes import ANSWERED, BODIES, GARDEN, FakeAssistant

Response = Any
"""The test client's, whose type depends on the version of httpx that it found."""
MAIL = f"Dear helpdesk,\n\n{ANSWERED.question}\n\nKind regards,\nJo Example"
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)> {{ 7 * 7 }} Can a club be a partner?'


def new_case(staff: TestClient, mail: str = MAIL) -> str:
    token = token_in(staff.get("/helpdesk/").text)
    response = staff.post("/helpdesk/cases", data={"token": token, "text": mail})
    assert response.status_code == 200
    return urlsplit(str(response.url)).path


def change(staff: TestClient, case: str, what: str, **fields: str) -> Response:
    page = staff.get(case).text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version
    return staff.post(f"{case}/{what}", data={"token": token_in(page), "version": version[1], **fields})


def test_answers_the_questions_of_a_mail(staff: TestClient, fake: FakeAssistant) -> None:
    case = new_case(staff)
    assert change(staff, case, "answer").status_code == 200
    page = staff.get(case).text
    assert page.count('data-mark="carried"') == 5
    assert [request.question for request in fake.requests] == [ANSWERED.question]
    text = staff.get(f"{case}/reply.txt").text
    assert "they could also involve clubs" in text


def test_what_a_mail_says_stays_text(staff: TestClient) -> None:
    case = new_case(staff, HOSTILE)
    change(staff, case, "answer")
    page = staff.get(case).text
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "{{ 7 * 7 }}" in page
    html = staff.get(f"{case}/reply.html")
    assert "<script" not in html.text
    assert html.headers["content-disposition"].startswith("attachment")


def test_an_answer_that_fails_is_told(staff: TestClient, fake: FakeAssistant) -> None:
    case = new_case(staff)
    fake.failure = StoreError("the store is damaged")
    change(staff, case, "answer")
    assert "The answer failed: the store is damaged" in staff.get(case).text


def test_the_reply_is_written_in_the_language_chosen(staff: TestClient, fake: FakeAssistant) -> None:
    case = new_case(staff)
    change(staff, case, "answer")
    assert change(staff, case, "language", language="de").status_code == 200
    change(staff, case, "answer")
    assert fake.requests[-1].language == "de"
    assert "vielen Dank für Ihre Nachricht" in staff.get(f"{case}/reply.txt").text
    assert change(staff, case, "language", language="xx").status_code == 422


def test_a_second_question_knows_the_first(staff: TestClient, fake: FakeAssistant) -> None:
    case = new_case(staff, "Hello,\n\nWhat is the budget of priority 1?\n\nIs that the same for priority 4?\n\nJo")
    change(staff, case, "answer")
    change(staff, case, "answer")
    assert fake.requests[-1].question == "Is that the same for priority 4?"
    assert "What is the budget of priority 1?" in [turn.content for turn in fake.requests[-1].history]


def test_lines_are_added_and_left_out(staff: TestClient) -> None:
    case = new_case(staff, "Hello,\n\nHow large is a grant, and who decides?\n\nJo")
    while "Not answered yet" in staff.get(case).text:
        change(staff, case, "answer")
    change(staff, case, "sentences/add", key="1", text="Somebody will call you.")
    assert "Somebody will call you." in staff.get(f"{case}/reply.txt").text
    assert change(staff, case, "sentences/edit", at="1.sentences.0", text=" ").status_code == 200
    change(staff, case, "reword", name="closing", text="Yours, the garden office")
    assert "Yours, the garden office" in staff.get(f"{case}/reply.txt").text


def test_a_condition_that_is_changed_is_open(staff: TestClient) -> None:
    case = new_case(staff)
    change(staff, case, "answer")
    assert "Condition met" in staff.get(case).text
    change(staff, case, "sentences/edit", at="1.conditions.4", text="The club has a garden")
    assert "Condition met" not in staff.get(case).text
    change(staff, case, "sentences/edit", at="1.conditions.4", text="The club works on a non-profit basis")
    assert "Condition met" in staff.get(case).text


def test_a_source_keeps_its_name_while_others_come_and_go(staff: TestClient) -> None:
    case = new_case(staff)
    change(staff, case, "answer")
    at = "1.sentences.0"
    for span in ("0-5", "0-6", "0-7"):
        assert change(staff, case, "sources/add", into=at, document=GARDEN, span=span).status_code == 200
    assert change(staff, case, "sources/remove", at=at, source=f"0-5-{GARDEN}").status_code == 200
    replaced = change(staff, case, "sources/add", into=f"{at}.0-6-{GARDEN}", document=GARDEN, span="0-9")
    assert re.findall(rf'id="remove-{re.escape(at)}-(\d+-\d+)', replaced.text)[-2:] == ["0-9", "0-7"]
    assert change(staff, case, "sources/remove", at=at, source=f"0-5-{GARDEN}").status_code == 422


def test_an_answer_that_fails_does_not_leave(staff: TestClient, fake: FakeAssistant) -> None:
    case = new_case(staff)
    fake.failure = StoreError("the store is damaged")
    change(staff, case, "answer")
    assert change(staff, case, "approve").status_code == 422
    assert ANSWERED.question not in staff.get(f"{case}/reply.txt").text
    fake.failure = None
    change(staff, case, "answer")
    assert "they could also involve clubs" in staff.get(f"{case}/reply.txt").text
    assert "The answer failed" not in staff.get(case).text
    assert change(staff, case, "approve").status_code == 200


@pytest.mark.parametrize(
    ("what", "fields"),
    [
        ("sentences/edit", {"at": "9.sentences.0", "text": "x"}),
        ("sentences/edit", {"at": "1.sentences.99", "text": "x"}),
        ("sentences/edit", {"at": "1.sentences.-1", "text": "x"}),
        ("sentences/edit", {"at": "1.found.0", "text": "x"}),
        ("sentences/edit", {"at": "²", "text": "x"}),
        ("sentences/edit", {"at": "1.sentences.0", "text": "x" * 2_001}),
        ("sentences/edit", {}),
        ("sentences/add", {"key": "1", "text": ""}),
        ("sources/add", {"into": "1", "document": GARDEN, "span": "0-999999"}),
        ("sources/add", {"into": "1", "document": GARDEN, "span": "5-5"}),
        ("sources/add", {"into": "1", "document": GARDEN, "span": "x"}),
        ("sources/add", {"into": f"1.sentences.0.0-9-{GARDEN}", "document": GARDEN, "span": "0-5"}),
        ("sources/add", {"into": "", "document": GARDEN, "span": "0-5"}),
        ("sources/remove", {"at": "1.sentences.0", "source": "0"}),
        ("sources/remove", {"at": "1.sentences.0"}),
        ("questions/add", {"text": " "}),
        ("questions/add", {"text": "x" * 8_001}),
        ("questions/join", {"key": "1"}),
        ("questions/drop", {"key": "77"}),
        ("questions/drop", {}),
        ("leave-out", {"key": "1", "part": "sentences", "index": "0"}),
        ("reword", {"name": "mail", "text": "x"}),
        ("reword", {"name": "closing", "text": "x" * 4_001}),
        ("strike", {"key": "-1"}),
        ("undo", {"version": ""}),
    ],
)
def test_what_is_not_there_is_refused(staff: TestClient, what: str, fields: dict[str, str]) -> None:
    case = new_case(staff)
    change(staff, case, "answer")
    before = staff.get(case).text
    assert change(staff, case, what, **fields).status_code == 422
    assert staff.get(case).text == before


def test_addresses_that_lead_nowhere(staff: TestClient) -> None:
    case = new_case(staff)
    assert staff.get("/helpdesk/cases/none").status_code == 404
    assert staff.get(f"{case}/reply.exe").status_code == 422
    assert staff.get(f"{case}/none").status_code == 404
    assert change(staff, case, "sources/add", into="1", document="../etc/passwd", span="0-5").status_code == 404
    assert change(staff, case, "approve").status_code == 422


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_mail_is_refused(staff: TestClient, text: str) -> None:
    token = token_in(staff.get("/helpdesk/").text)
    response = staff.post("/helpdesk/cases", data={"token": token, "text": text})
    assert response.status_code == 422
    assert "holds no text" in response.text


def test_a_body_that_is_too_large_is_refused(staff: TestClient) -> None:
    token = token_in(staff.get("/helpdesk/").text)
    case = new_case(staff)
    large = {"token": token, "version": "1", "key": "1", "text": "x" * 300_000}
    assert staff.post(f"{case}/sentences/add", data=large).status_code == 413
    file = {"file": ("mail.eml", b"x" * (27 * 1024 * 1024))}
    assert staff.post("/helpdesk/cases", data={"token": token}, files=file).status_code == 413


def test_nothing_typed_reaches_the_log(staff: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "assistant")
    case = new_case(staff, "Hello,\n\nIs the word zebracrossing known?\n\nJo Quokka")
    change(staff, case, "answer")
    change(staff, case, "sentences/edit", at="1.sentences.0", text="zebracrossing")
    change(staff, case, "sentences/edit", at="bad", text="zebracrossing")
    assert "zebracrossing" not in caplog.text
    assert "Quokka" not in caplog.text


def test_a_mail_file_is_read_as_one_whatever_its_headers(staff: TestClient) -> None:
    many = ",\n ".join(f"someone{number}@example.eu" for number in range(80))
    mail = f"To: {many}\nSubject: Gardens\n\n{ANSWERED.question}\n"
    form = {"token": token_in(staff.get("/helpdesk/").text), "text": ""}
    response = staff.post("/helpdesk/cases", data=form, files={"file": ("mail.EML", mail.encode())})
    assert response.status_code == 200
    assert "Gardens" in response.text
    assert "someone79@example.eu" not in response.text


def test_what_is_searched_stays_out_of_the_address_and_names_nobody(staff: TestClient, fake: FakeAssistant) -> None:
    case = new_case(staff, f"{ANSWERED.question}\n\nKind regards,\nJo Zebrafish")
    change(staff, case, "answer")
    asked = "May the club of Jo Zebrafish, jo@example.org, be a partner?"
    found = change(staff, case, "search", q=asked, into="1")
    assert str(found.url) == f"https://testserver{case}/search"
    assert BODIES in found.text
    assert 'role="search"' in found.text
    (searched,) = fake.searches
    assert "partner?" in searched.question
    assert "Zebrafish" not in searched.question
    assert "jo@example.org" not in searched.question
    assert staff.post(f"{case}/search", data={"q": asked, "into": "1"}).status_code == 403
    assert 'id="found"' not in staff.get(f"{case}?q=partner&into=1").text


def test_undo_takes_the_language_of_the_queue_back_too(staff: TestClient) -> None:
    case = new_case(staff)
    assert change(staff, case, "undo").status_code == 422
    change(staff, case, "answer")

    def languages() -> list[str]:
        page = staff.get(case).text
        shown = page.partition(f'href="{case}"')[2].partition("</a>")[0]
        return [*re.findall(r"· (\w\w) ·", shown), *re.findall(r'<option value="(\w\w)" lang="\w\w" selected', page)]

    assert languages() == ["en", "en"]
    change(staff, case, "language", language="de")
    assert languages() == ["de", "de"]
    change(staff, case, "undo")
    assert languages() == ["en", "en"]
    assert "they could also involve clubs" in staff.get(f"{case}/reply.txt").text
    change(staff, case, "undo")
    assert languages() == ["de", "de"]


def test_who_decides_is_said_once_whichever_answer_is_struck(staff: TestClient) -> None:
    said = "Only the granting authority decides on eligibility."
    case = new_case(staff)
    change(staff, case, "questions/add", text=ANSWERED.question)
    while "Not answered yet" in staff.get(case).text:
        change(staff, case, "answer")
    assert staff.get(case).text.count(f">{said}</textarea>") == 2
    assert staff.get(f"{case}/reply.txt").text.count(said) == 1
    change(staff, case, "strike", key="1")
    assert staff.get(f"{case}/reply.txt").text.count(said) == 1
