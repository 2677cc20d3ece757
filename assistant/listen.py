"""Who hears of an answer while it is made."""

from typing import Protocol

from assistant.results import AnswerSentence, Citation
from corpus.errors import AssistantError


class Stopped(AssistantError):
    """Nobody waits for the answer any more."""

    code = "stopped"

    def __init__(self) -> None:
        super().__init__("the question was given up before it was answered")


class Listener(Protocol):
    """Somebody who waits for an answer; may be told from any thread."""

    @property
    def stopped(self) -> bool:
        """Whether they have left: then the work ends as soon as it can, with `Stopped`."""

    def step(self, name: str, label: str) -> None:
        """A step starts; `label` says it in words."""

    def sentence(self, sentence: AnswerSentence, citations_added: tuple[Citation, ...]) -> None:
        """A checked sentence, with the citations that none before it had; the result may still supersede it."""


class Nobody:
    """The listener where nobody waits for more than the result."""

    stopped = False

    def step(self, name: str, label: str) -> None:
        """Heard by nobody."""

    def sentence(self, sentence: AnswerSentence, citations_added: tuple[Citation, ...]) -> None:
        """Heard by nobody."""
