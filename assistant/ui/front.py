"""What stands above a conversation: the call with its deadline, what the assistant is, and questions to try."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assistant.backend import Backend
from assistant.ui.languages import page_languages
from assistant.ui.markup import render, source_href
from assistant.ui.words import Words
from corpus.profile import CallProfile, Deadline
from index.errors import UnknownDocument

STARTERS = 4
"""Questions that the empty page offers."""


@dataclass(frozen=True, slots=True)
class DeadlineState:
    """Whether the call is open, in words, with where its deadline stands."""

    state: str
    """`open`, `today` or `closed`."""
    words: str
    href: str | None


def title(profile: CallProfile | None, words: Words) -> str:
    """What the page is called."""
    return profile.title if profile else words.say("page.title_without_call")


def scope(profile: CallProfile | None, words: Words) -> str:
    """What the assistant answers about, in one sentence."""
    if profile and profile.topics:
        return words.say("notice.scope", topics=profile.topics_for(words.language))
    return words.say("notice.scope_without_call")


def call(backend: Backend, words: Words, now: datetime | date) -> dict[str, object]:
    """What `call.html` shows: the call's title, ID and deadline, as at `now`."""
    profile = backend.profile
    return {
        "title": title(profile, words),
        "call_id": profile.id if profile else None,
        "deadline": _deadline(backend, profile.deadline, words, now) if profile and profile.deadline else None,
    }


def introduction(backend: Backend, words: Words) -> dict[str, object]:
    """What `intro.html` shows: what the assistant is and rests on, and questions to try."""
    profile, known = backend.profile, backend.describe()
    count = known.documents
    section = "model" if backend.writer else "notice"
    documents = f"{section}.documents_one" if count == 1 else f"{section}.documents"
    return {
        "scope": scope(profile, words),
        "documents": words.say(documents, count=count),
        "newest": words.say("notice.newest", date=words.day(known.newest)) if known.newest else None,
        "writer": backend.writer,
        "embedding_host": backend.embedding_host,
        "starters": profile.starters_for(words.language)[:STARTERS] if profile else (),
    }


def header(backend: Backend, words: Words, now: datetime | date) -> str:
    """The call and the ways to other pages, as HTML."""
    return render("header.html", words, languages=page_languages(), **call(backend, words, now))


def intro(backend: Backend, words: Words) -> str:
    """What the assistant is and rests on, before the first question, as HTML."""
    return render("intro.html", words, **introduction(backend, words))


def state_of(deadline: Deadline, now: datetime | date) -> str:
    """`open`, `today` or `closed` at the moment `now`; on a day without a time, its deadline has not passed yet."""
    today = now.astimezone(ZoneInfo(deadline.zone)).date() if isinstance(now, datetime) else now
    if today != deadline.date:
        return "closed" if today > deadline.date else "open"
    return "closed" if isinstance(now, datetime) and now > deadline.moment() else "today"


def _deadline(backend: Backend, deadline: Deadline, words: Words, now: datetime | date) -> DeadlineState:
    state = state_of(deadline, now)
    key = {"open": "page.open", "today": "page.closes_today", "closed": "page.closed"}[state]
    moment = words.moment(deadline.date, deadline.time, deadline.zone)
    return DeadlineState(state, words.say(key, moment=moment), _place(backend, deadline, words.language))


def _place(backend: Backend, deadline: Deadline, language: str) -> str | None:
    """The address of the quote that carries the deadline, while the store holds it."""
    try:
        start = backend.show(deadline.document).text.find(deadline.quote)
    except UnknownDocument:
        return None
    return source_href(deadline.document, start, start + len(deadline.quote), language) if start >= 0 else None
