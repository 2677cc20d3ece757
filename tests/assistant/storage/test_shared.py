"""Links to answers, requests to people, and the service's own keys, on each kind of database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from assistant.storage.answers import SharedAnswers
from assistant.storage.cases import Cases
from assistant.storage.database import Database
from assistant.storage.keys import key
from assistant.storage.requests import Requests, UnknownRequest, VisitorRequest
from tests.assistant.storage.conftest import Clock

REQUEST = VisitorRequest(
    kind="person", text="May we?\0", email="club@example.eu", language="de", conversation='[{"question": "Ü"}]'
)


def test_an_answer_is_found_by_an_id_that_cannot_be_guessed(database: Database) -> None:
    answers = SharedAnswers(database, 90)
    ids = {answers.add("{}") for _ in range(20)}
    assert len(ids) == 20
    assert min(map(len, ids)) >= 22  # 128 bits
    assert {answers.find(one) for one in ids} == {"{}"}
    assert answers.find("nothing\0") is None


def test_an_answer_is_kept_for_its_days_and_no_longer(database: Database, clock: Clock) -> None:
    answers = SharedAnswers(database, 7, clock)
    kept = answers.add("{}")
    clock.now += timedelta(days=7)
    assert answers.find(kept) == "{}"
    clock.now += timedelta(seconds=1)
    assert answers.find(kept) is None
    assert answers.purge() == 1
    assert answers.purge() == 0


def test_a_request_is_kept_for_its_days_and_no_longer(database: Database, clock: Clock) -> None:
    requests = Requests(database, 7, clock)
    requests.add(REQUEST)
    (kept,) = requests.all()
    found = kept.request
    assert requests.find(kept.id) == kept
    assert found.text == "May we?\N{REPLACEMENT CHARACTER}"
    assert (found.kind, found.email, found.language) == ("person", "club@example.eu", "de")
    assert found.conversation == REQUEST.conversation
    clock.now += timedelta(days=7, seconds=1)
    requests.add(REQUEST)
    assert len(requests.all()) == 1
    clock.now += timedelta(days=8)
    assert requests.purge() == 1
    assert requests.all() == []


def test_a_request_can_be_deleted_at_once(database: Database) -> None:
    requests = Requests(database, 7)
    requests.add(REQUEST)
    (kept,) = requests.all()
    requests.delete(kept.id)
    requests.delete(kept.id)
    assert requests.all() == []
    with pytest.raises(UnknownRequest, match="somebody else"):
        requests.find(kept.id)


def test_a_key_is_made_once(address: str, database: Database) -> None:
    made = key(database, "answers")
    assert len(made) == 64
    assert key(database, "answers") == made
    assert key(database, "others") != made
    again = Database(address)
    assert key(again, "answers") == made
    again.close()


def test_a_request_that_becomes_a_case_is_not_kept_longer(database: Database, clock: Clock) -> None:
    requests, cases = Requests(database, 7, clock), Cases(database, 7, clock)
    requests.add(REQUEST)
    (kept,) = requests.all()
    clock.now += timedelta(days=6)
    cases.add("ada", "de", "May we?", "{}", kept.id)
    assert len(cases.queue()) == 1
    assert requests.all() == []
    clock.now += timedelta(days=1, seconds=1)
    cases.purge()
    assert cases.queue() == []


def test_a_request_becomes_one_case_however_many_take_it(database: Database, clock: Clock) -> None:
    requests, cases = Requests(database, 7, clock), Cases(database, 7, clock)
    requests.add(REQUEST)
    (kept,) = requests.all()
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(cases.add, f"staff {n}", "de", "May we?", "{}", kept.id) for n in range(4)]
    errors = [attempt.exception() for attempt in tries]
    assert [type(error) for error in errors if error] == [UnknownRequest] * 3
    (case,) = cases.queue()
    assert case.owner == f"staff {errors.index(None)}"


def test_an_answer_is_deleted_under_each_of_its_ids(database: Database) -> None:
    answers = SharedAnswers(database, 90)
    ids, other = [answers.add('{"x": "\0"}') for _ in range(2)], answers.add("{}")
    assert answers.remove('{"x": "\0"}') == 2
    assert [answers.find(one) for one in (*ids, other)] == [None, None, "{}"]
    assert answers.remove('{"x": "\0"}') == 0
