"""What the chat page does with a question: the line, the steps, the answer, what goes wrong. No Gradio in here."""

import json
import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from assistant.backend import Backend
from assistant.errors import InvalidInput
from assistant.limits import BUSY_SECONDS, Busy, Desk, Job, RateLimit, Said, Waiting
from assistant.listen import Listener
from assistant.results import MAX_QUESTION, AskRequest
from assistant.seal import Seal
from assistant.trouble import record
from assistant.ui import front
from assistant.ui.conversation import (
    MAX_TURNS,
    Answered,
    Asking,
    Talk,
    answered_turn,
    in_line,
    problem_block,
    stopped_block,
    working_block,
)
from assistant.ui.languages import known_language
from assistant.ui.words import Words, words
from corpus.errors import AssistantError

BEAT_S = 1.0
"""Seconds after which a quiet answer shows that it is still wanted."""

_LOG = logging.getLogger(__name__)


class Update(NamedTuple):
    """What changes on a visitor's page; None leaves it as it is."""

    talk: Talk | None = None
    conversation: str | None = None
    """The turns as blocks of HTML."""


@dataclass(frozen=True)
class ChatPage:
    """What the chat page is made of."""

    backend: Backend
    desk: Desk
    rate: RateLimit
    seal: Seal
    keep_days: int
    contact: str | None
    today: date | None
    """The day the deadline is read against; None is the clock's."""

    def header(self, say: Words) -> str:
        """What stands at the top, as it is now."""
        return front.header(self.backend, say, self.today or datetime.now(UTC))

    def intro(self, say: Words) -> str:
        """The introduction, as it is now."""
        return front.intro(self.backend, say)

    def ask(self, question: str, language: str, replaces: str, talk: Talk, address: str | None) -> Iterator[Update]:
        """Answer `question`, telling each step; every visitor's `talk` comes from their own session.

        `language` is the page's; `replaces` is the ID of an answer that this one is to take the place of, or empty.
        """
        question, say = _readable(question), words(known_language(language))
        if not question:
            yield Update()
            return
        refusal = self._refusal(question, say, address)
        if refusal:
            problem = problem_block(question[:200], refusal, say, again=False)
            yield Update(talk, talk.markdown(say, problem))
            return
        before = talk.without(_readable(replaces))
        asking = AskRequest(question=question, history=before.history)
        try:
            job = self.desk.submit(lambda listen: self._answer(asking, say, listen), address)
        except Busy:
            problem = problem_block(question, say.say("problem.busy", seconds=BUSY_SECONDS), say)
            yield Update(talk, talk.markdown(say, problem))
            return
        try:
            said = yield from self._follow(job, question, before.ask(Asking(question, job.stop)), say)
            yield self._done(job, question, before, talk, said, say)
        finally:
            job.stop()  # also when the page was left

    def stop(self, talk: Talk) -> None:
        """Stop answering; `ask`, which runs beside this, says so."""
        if talk.asking is not None:
            talk.asking.stop()

    def reopen(self, sealed: str, language: str, talk: Talk, address: str | None) -> Update:
        """A conversation that the browser kept, in the place of `talk`: `sealed` is a JSON list of its answers."""
        say = words(known_language(language))
        wait = self.rate.wait(address)
        if wait:
            too_many = say.say("problem.too_many", seconds=wait)
            problem = problem_block(say.say("history.reopened"), too_many, say, again=False)
            return Update(talk, talk.markdown(say, problem))
        try:
            results = [self.seal.open(str(one)) for one in _listed(sealed)[-MAX_TURNS:]]
        except InvalidInput:
            problem = problem_block(say.say("history.reopened"), say.say("history.too_old"), say, again=False)
            return Update(talk, talk.markdown(say, problem))
        if not results:
            return Update()
        again = Talk()
        for result in results:
            again = again.answered(answered_turn(result, say, self.keep_days, self.seal.close(result)))
        return Update(again, again.markdown(say))

    def _answer(self, asking: AskRequest, say: Words, listen: Listener) -> Answered:
        result = self.backend.ask(asking, listen)
        return answered_turn(result, say, self.keep_days, self.seal.close(result))

    def _refusal(self, question: str, say: Words, address: str | None) -> str | None:
        if len(question) > MAX_QUESTION:
            return say.say("problem.too_long", length=len(question), most=MAX_QUESTION)
        wait = self.rate.wait(address)
        return say.say("problem.too_many", seconds=wait) if wait else None

    def _follow(
        self, job: Job[Answered], question: str, talk: Talk, say: Words
    ) -> Generator[Update, None, tuple[Said, ...]]:
        """The steps in words and the checked sentences, as they come; returns the sentences."""
        steps: tuple[str, ...] = ()
        said: tuple[Said, ...] = ()
        yield Update(talk, talk.markdown(say, working_block(question, (say.say("working.start"),), say)))
        for news in job.news(BEAT_S):
            if news is None:
                yield Update()  # only then does Gradio see that the page was left
                continue
            if isinstance(news, Waiting):
                shown: tuple[str, ...] = (in_line(news, say),)
            elif isinstance(news, Said):
                said = (*said, news)
                shown = steps
            else:
                shown = steps = (*steps, news.label)
            yield Update(talk, talk.markdown(say, working_block(question, shown, say, said)))
        return said

    def _done(
        self, job: Job[Answered], question: str, before: Talk, kept: Talk, said: tuple[Said, ...], say: Words
    ) -> Update:
        """The answer added to `before`; or `kept`, and under it what happened instead."""
        if job.stopped:
            return Update(kept, kept.markdown(say, stopped_block(question, say, said)))
        error = job.error()
        if error is not None:
            record(_LOG, "a question on the chat page", error)
            key = "problem.unavailable" if isinstance(error, AssistantError) else "problem.unexpected"
            return Update(kept, kept.markdown(say, problem_block(question, say.say(key), say)))
        talk = before.answered(job.result())
        return Update(talk, talk.markdown(say))


def _readable(typed: object) -> str:
    """What was typed, without what no text can hold (halves of characters)."""
    return str(typed or "").encode("utf-8", "replace").decode("utf-8").strip()


def _listed(text: object) -> list[object]:
    """A JSON list. Raises `InvalidInput` for anything else."""
    try:
        listed = json.loads(str(text))
    except (ValueError, RecursionError) as error:
        raise InvalidInput("answers: they are no JSON list") from error
    if not isinstance(listed, list):
        raise InvalidInput("answers: they are no JSON list")
    return listed
