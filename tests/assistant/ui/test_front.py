"""What stands above a conversation."""

import datetime as dt

import pytest
from bs4 import BeautifulSoup

from assistant.ui.front import header, intro, state_of
from assistant.ui.words import words
from tests.assistant.ui.fakes import DEADLINE, GARDEN, GARDEN_TEXT, PROFILE, FakeAssistant, FakeSummary

WORDS = words("en")


def brussels(*moment: int) -> dt.datetime:
    zone = PROFILE.deadline.moment().tzinfo if PROFILE.deadline else None
    return dt.datetime(*moment, tzinfo=zone)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "line"),
    [
        (dt.date(2019, 1, 30), "Open until 31 January 2019, 17:00 Brussels time"),
        (dt.date(2019, 1, 31), "Closes today, 31 January 2019, 17:00 Brussels time"),
        (dt.date(2019, 2, 1), "Closed since 31 January 2019, 17:00 Brussels time"),
        (brussels(2019, 1, 31, 16, 59), "Closes today, 31 January 2019, 17:00 Brussels time"),
        (brussels(2019, 1, 31, 17, 1), "Closed since 31 January 2019, 17:00 Brussels time"),
        (dt.datetime(2019, 1, 30, 23, 30, tzinfo=dt.UTC), "Closes today, 31 January 2019, 17:00 Brussels time"),
    ],
)
def test_the_header_says_whether_the_call_is_open(now: dt.date, line: str) -> None:
    page = BeautifulSoup(header(FakeAssistant(), WORDS, now), "lxml")
    assert page.h1 is not None
    assert page.h1.text == "Gardens for everyone"
    assert "GARDEN-2018" in page.text
    shown = page.select_one(".deadline span")
    assert shown is not None
    assert shown.text == line


def test_the_deadline_leads_to_its_quote() -> None:
    link = BeautifulSoup(header(FakeAssistant(), WORDS, dt.date(2026, 1, 1)), "lxml").select_one(".deadline a")
    assert link is not None
    start = GARDEN_TEXT.index(DEADLINE)
    assert link["href"] == f"/sources/{GARDEN}?start={start}&end={start + len(DEADLINE)}&language=en#quote"


def test_a_deadline_without_a_time_ends_with_its_day() -> None:
    deadline = PROFILE.deadline
    assert deadline is not None
    day = deadline.model_copy(update={"time": None})
    assert state_of(day, brussels(2019, 1, 31, 23, 0)) == "today"
    assert state_of(day, brussels(2019, 2, 1, 0, 1)) == "closed"


def test_the_introduction_says_what_it_is_before_the_first_question() -> None:
    page = BeautifulSoup(intro(FakeAssistant(), WORDS), "lxml")
    said = " ".join(page.text.split())
    assert "This assistant answers questions about the garden call: who may apply, money and dates." in said
    assert "Every statement is quoted from one of 3 documents. The newest original is of 6 November 2018." in said
    assert "You are using an AI system, not talking to a person and not to the authority that issued the call." in said
    assert "It is not written down" in said
    assert [link["href"] for link in page.select("a")] == ["/about?language=en"]
    assert [button["data-ask"] for button in page.select("button")] == list(PROFILE.starters)


def test_the_introduction_offers_questions_in_the_language_of_the_page() -> None:
    profile = PROFILE.model_copy(update={"starters_in": {"de": ("Wann ist die Frist?",)}})
    for language, offered in (("de", ("Wann ist die Frist?",)), ("fr", PROFILE.starters)):
        page = BeautifulSoup(intro(FakeAssistant(profile=profile), words(language)), "lxml")
        assert tuple(button["data-ask"] for button in page.select("button")) == offered


def test_a_plain_folder_without_a_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeAssistant, "describe", lambda _: FakeSummary(documents=1, newest=None))
    plain = FakeAssistant(profile=None)
    assert "Questions about the documents" in header(plain, WORDS, dt.date(2026, 1, 1))
    page = BeautifulSoup(intro(plain, WORDS), "lxml")
    assert "the one document it holds" in page.text
    assert "newest" not in page.text
    assert not page.select("button")
