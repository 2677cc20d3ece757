"""Cases in real databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from assistant.storage.cases import Cases, ChangedMeanwhile, UnknownCase
from assistant.storage.database import Database
from tests.assistant.storage.conftest import Clock


@pytest.fixture
def cases(database: Database, clock: Clock) -> Cases:
    return Cases(database, 30, clock)


def test_a_case_comes_back_as_it_was_saved(cases: Cases) -> None:
    name = cases.add("ada", "de", "Frist?", '{"a": "\\u0000"}')
    assert cases.case(name).work == '{"a": "\\u0000"}'
    cases.save(name, 1, "{}", "fr", "approved")
    kept = cases.case(name)
    assert (kept.work, kept.version, kept.head.language, kept.head.state) == ("{}", 2, "fr", "approved")


def test_the_queue_has_open_cases_first_and_the_oldest_first(cases: Cases, clock: Clock) -> None:
    names = []
    for subject in "abc":
        names.append(cases.add("ada", "en", subject, "{}"))
        clock.now += timedelta(hours=1)
    cases.save(names[0], 1, "{}", "en", "approved")
    assert [(head.subject, head.state) for head in cases.queue()] == [("b", "open"), ("c", "open"), ("a", "approved")]


def test_nobody_overwrites_what_somebody_did_meanwhile(cases: Cases) -> None:
    name = cases.add("ada", "en", "", "{}")
    with ThreadPoolExecutor(8) as pool:
        tries = [pool.submit(cases.save, name, 1, f'{{"by": {n}}}', "en") for n in range(8)]
    errors = [attempt.exception() for attempt in tries]
    assert sum(error is None for error in errors) == 1
    assert cases.case(name).work == f'{{"by": {errors.index(None)}}}'
    with pytest.raises(ChangedMeanwhile):
        cases.save(name, 1, "{}", "en")


def test_what_was_before_the_last_change_is_kept(cases: Cases) -> None:
    name = cases.add("ada", "en", "", "first")
    assert cases.case(name).before is None
    cases.save(name, 1, "second", "en", "approved")
    cases.save(name, 2, "third", "en")
    kept = cases.case(name)
    assert (kept.work, kept.before, kept.head.state) == ("third", "second", "open")


def test_a_case_is_deleted_at_once_or_when_it_is_old(cases: Cases, clock: Clock) -> None:
    first, second = cases.add("ada", "en", "", "{}"), cases.add("ada", "en", "", "{}")
    cases.delete(first)
    with pytest.raises(UnknownCase):
        cases.case(first)
    clock.now += timedelta(days=30, seconds=1)
    cases.purge()
    for change in (lambda: cases.case(second), lambda: cases.save(second, 1, "", "en"), lambda: cases.delete(second)):
        with pytest.raises(UnknownCase):
            change()
    assert cases.queue() == []
