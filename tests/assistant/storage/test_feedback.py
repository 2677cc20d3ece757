"""Ratings in real databases."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.storage.database import Database
from assistant.storage.errors import DatabaseError
from assistant.storage.feedback import Feedback, Rating
from tests.assistant.storage.conftest import START, Clock

RATING = Rating("a1", "What is the deadline?", False, "wrong day", "answered", "3f9c")


@pytest.fixture
def feedback(database: Database, clock: Clock) -> Feedback:
    return Feedback(database, 90, clock)


def test_keeps_a_rating_over_a_restart(feedback: Feedback, address: str, clock: Clock) -> None:
    feedback.add(RATING)
    with closing(Database(address)) as again:
        assert Feedback(again, 90, clock).ratings() == [RATING]


def test_a_later_rating_of_an_answer_replaces_the_first(feedback: Feedback) -> None:
    better = Rating("a1", RATING.question, True)
    feedback.add(RATING)
    feedback.add(better)
    assert feedback.ratings() == [better]


def test_adding_deletes_what_is_too_old(feedback: Feedback, clock: Clock) -> None:
    feedback.add(RATING)
    clock.now = START + timedelta(days=90)
    young = Rating("a2", "Q", True)
    feedback.add(young)
    assert len(feedback.ratings()) == 2
    clock.now += timedelta(seconds=1)
    feedback.add(young)
    assert feedback.ratings() == [young]


def test_starting_deletes_what_is_too_old(feedback: Feedback, database: Database, clock: Clock) -> None:
    feedback.add(RATING)
    clock.now = START + timedelta(days=91)
    Feedback(database, 90, clock)
    clock.now = START
    assert feedback.ratings() == []


def test_purging_says_how_many(feedback: Feedback, clock: Clock) -> None:
    feedback.add(RATING)
    assert feedback.purge() == 0
    clock.now = START + timedelta(days=91)
    assert feedback.purge() == 1


@pytest.mark.parametrize("text", ["'); drop table ratings; --", "\U0001f600 é", "right \u202e left", "x" * 8_000])
def test_any_text_comes_back(feedback: Feedback, text: str) -> None:
    feedback.add(Rating("a", text, True, text))
    assert [(kept.question, kept.reason) for kept in feedback.ratings()] == [(text, text)]


def test_a_nul_is_replaced(feedback: Feedback) -> None:
    feedback.add(Rating("a", "x\0y", True))
    assert feedback.ratings()[0].question == "x\N{REPLACEMENT CHARACTER}y"


def test_a_database_that_breaks_while_it_is_used(clock: Clock, tmp_path: Path) -> None:
    path = tmp_path / "ratings.sqlite3"
    with closing(Database(f"sqlite:///{path}")) as database:
        feedback = Feedback(database, 90, clock)
        path.write_bytes(b"no database any more" * 1_000)
        with pytest.raises(DatabaseError, match="could not be saved"):
            feedback.add(RATING)
        with pytest.raises(DatabaseError, match="could not be deleted"):
            feedback.purge()
