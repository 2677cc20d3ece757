"""Ratings in a real SQLite database."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.feedback import DatabaseError, Feedback, Rating

START = datetime(2026, 11, 24, 12, tzinfo=UTC)
RATING = Rating("a1", "What is the deadline?", False, "wrong day", "answered", "3f9c")


class Clock:
    now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ratings.sqlite3'}"


@pytest.fixture
def feedback(address: str, clock: Clock) -> Iterator[Feedback]:
    made = Feedback(address, 90, clock)
    yield made
    made.close()


def test_keeps_a_rating_over_a_restart(feedback: Feedback, address: str, clock: Clock) -> None:
    feedback.add(RATING)
    again = Feedback(address, 90, clock)
    assert again.ratings() == [RATING]
    again.close()


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


def test_starting_deletes_what_is_too_old(feedback: Feedback, address: str, clock: Clock, tmp_path: Path) -> None:
    feedback.add(RATING)
    clock.now = START + timedelta(days=91)
    again = Feedback(address, 90, clock)
    assert again.ratings() == []
    again.close()
    with sqlite3.connect(tmp_path / "ratings.sqlite3") as connection:
        assert connection.execute("select count(*) from ratings").fetchone() == (0,)


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


@pytest.mark.parametrize("address", ["sqlite:////nowhere/at/all.sqlite3", "no address", "unknown://x"])
def test_a_database_that_cannot_be_opened(address: str) -> None:
    with pytest.raises(DatabaseError, match="CALL_ASSISTANT_DATABASE_URL"):
        Feedback(address, 90)


def test_a_database_that_breaks_while_it_is_used(feedback: Feedback, tmp_path: Path) -> None:
    (tmp_path / "ratings.sqlite3").write_bytes(b"no database any more" * 1_000)
    with pytest.raises(DatabaseError, match="could not be saved"):
        feedback.add(RATING)
    with pytest.raises(DatabaseError, match="could not be deleted"):
        feedback.purge()
