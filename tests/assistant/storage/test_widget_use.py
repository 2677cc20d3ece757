"""Counting the widget's questions in real databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

from assistant.storage.database import Database
from assistant.storage.widget_use import SiteDay, WidgetUse
from tests.assistant.storage.conftest import START, Clock

HOUSING, OTHER = "https://www.housing.example", "https://other.example"


def test_counts_by_site_and_refuses_what_is_too_many(database: Database, clock: Clock) -> None:
    use = WidgetUse(database, 2, 90, clock)
    assert [use.count(HOUSING) for _ in range(3)] == [0, 0, 12 * 3600 + 1]
    assert use.count(OTHER) == 0
    assert use.days() == [SiteDay(OTHER, START.date(), 1, 0), SiteDay(HOUSING, START.date(), 2, 1)]


def test_the_next_day_begins_anew_and_old_counts_go(database: Database, clock: Clock) -> None:
    use = WidgetUse(database, 1, 3, clock)
    assert use.count(HOUSING) == 0
    clock.now = START + timedelta(days=1)
    assert use.count(HOUSING) == 0
    clock.now = START + timedelta(days=3)
    assert use.count(HOUSING) == 0
    assert [counted.day for counted in use.days()] == [date(2026, 11, 27), date(2026, 11, 25)]


def test_a_count_is_kept_for_no_more_than_its_days_and_deleted_without_another_question(
    database: Database, clock: Clock
) -> None:
    use = WidgetUse(database, 1, 3, clock)
    use.count(HOUSING)
    clock.now = START + timedelta(days=2)
    assert use.purge() == 0
    clock.now = START + timedelta(days=3)
    assert use.purge() == 1
    assert use.days() == []


def test_a_question_that_was_not_answered_is_given_back(database: Database, clock: Clock) -> None:
    use = WidgetUse(database, 1, 90, clock)
    assert use.count(HOUSING) == 0
    use.give_back(HOUSING)
    use.give_back(HOUSING)
    use.give_back(OTHER)
    assert use.days() == [SiteDay(HOUSING, START.date(), 0, 0)]
    assert use.count(HOUSING) == 0


def test_the_day_is_that_of_utc(database: Database, clock: Clock) -> None:
    clock.now = datetime.fromisoformat("2026-11-25T00:30:00+01:00")
    use = WidgetUse(database, 5, 90, clock)
    use.count(HOUSING)
    assert use.days()[0].day == date(2026, 11, 24)


def test_none_may_be_allowed(database: Database, clock: Clock) -> None:
    assert WidgetUse(database, 0, 90, clock).count(HOUSING) > 0


def test_questions_at_once_are_all_counted(database: Database, clock: Clock) -> None:
    use = WidgetUse(database, 20, 90, clock)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: use.count(HOUSING), range(30)))
    assert waits.count(0) == 20
    assert use.days() == [SiteDay(HOUSING, START.date(), 20, 10)]
