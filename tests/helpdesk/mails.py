"""The mails of `tests/data`, with what is asked in them."""

import json
from dataclasses import dataclass
from pathlib import Path

from assistant.helpdesk.mail import mail_of_bytes
from assistant.helpdesk.records import FoundQuestion, Mail

DATA = Path(__file__).resolve().parent.parent / "data"
TUNED = DATA / "mails"
KEPT_ASIDE = DATA / "mails-kept-aside"


@dataclass(frozen=True)
class Sample:
    """A mail and the questions that a person finds in it, by words that stand in them."""

    path: Path
    language: str
    questions: tuple[str, ...]

    @property
    def mail(self) -> Mail:
        return mail_of_bytes(self.path.read_bytes())

    def missing(self, found: tuple[FoundQuestion, ...]) -> list[str]:
        """What was not found."""
        return [asked for asked in self.questions if not any(asked in question.text for question in found)]

    def invented(self, found: tuple[FoundQuestion, ...]) -> list[str]:
        """What was found and is not asked."""
        return [question.text for question in found if not any(asked in question.text for asked in self.questions)]


def samples(folder: Path) -> list[Sample]:
    known = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return [Sample(folder / name, one["language"], tuple(one["questions"])) for name, one in known.items()]
