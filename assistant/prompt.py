"""What a language model is asked: instructions of ours, then numbered sentences between lines that no document knows.

Each request has a mark of its own, made at random, so that nothing in a document can end the part that is data.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.phrases import Phrases
from assistant.plain import legible

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MOST_QUESTION = 2_000
"""Characters of a question that a model is shown."""

_AS_DATA = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "|": "¦"})
"""What chat templates mark turns with, and what marks a citation, must not come from a document."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model."""

    instructions: str
    data: str
    as_json: str
    """How to reply where the server keeps a reply to a form."""
    as_lines: str
    """How to reply where it does not."""
    mark: str
    """What stands in the lines around the data, and nowhere else."""

    @property
    def text(self) -> str:
        """All that may be sent, to count it."""
        return "\n".join((self.instructions, self.as_json, self.as_lines, self.data))

    @property
    def ours(self) -> str:
        """What an answer must not repeat."""
        return " ".join((self.instructions, self.as_json, self.as_lines))

    def messages(self, *, structured: bool) -> "list[BaseMessage]":
        """The request in the form of LangChain's chat models."""
        from langchain_core.messages import HumanMessage, SystemMessage

        how = self.as_json if structured else self.as_lines
        return [SystemMessage(f"{self.instructions}\n{how}".strip()), HumanMessage(self.data)]

    @staticmethod
    def answer_format() -> dict[str, Any]:
        """The form of a structured reply."""
        sentence = {
            "type": "object",
            "properties": {
                "text": {"type": "string"},
                "citations": {"type": "array", "items": {"type": "integer"}},
            },
            "required": ["text", "citations"],
            "additionalProperties": False,
        }
        schema = {
            "type": "object",
            "properties": {"sentences": {"type": "array", "items": sentence}},
            "required": ["sentences"],
            "additionalProperties": False,
        }
        return {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}


def writing_prompt(question: str, quotes: Sequence[str], words: Phrases) -> Prompt:
    """The request to answer `question` in the language of `words` from `quotes`, which are numbered from 1."""
    mark = secrets.token_hex(8)
    numbered = "\n".join(f"[{number}] {_data(quote)}" for number, quote in enumerate(quotes, start=1))
    return Prompt(
        instructions=words.say("writer.instructions", mark=mark),
        data=words.say("writer.data", mark=mark, sentences=numbered, question=_data(question)[:MOST_QUESTION]),
        as_json=words.say("writer.as_json"),
        as_lines=words.say("writer.as_lines"),
        mark=mark,
    )


def _data(text: str) -> str:
    """`text` as one line that holds no mark of ours and none of a chat template's."""
    return " ".join(legible(text).translate(_AS_DATA).split())
