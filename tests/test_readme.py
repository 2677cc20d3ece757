"""The README's examples are what the assistant really says."""

import re
import shlex
from pathlib import Path

from assistant.results import AskRequest
from assistant.service import Assistant
from assistant.settings import Settings
from assistant.texts import answer_text
from index.embed import Embedder

README = (Path(__file__).resolve().parent.parent / "README.md").read_text(encoding="utf-8")


def test_the_first_screen_shows_a_real_answer(settings: Settings, embedders: tuple[Embedder, ...]) -> None:
    command, shown = re.findall(r"```console\n\$ (.*?)\n```\n\n```text\n(.*?)\n```", README, re.DOTALL)[0]
    program, verb, question = shlex.split(command)
    assert (program, verb) == ("call-assistant", "ask")
    with Assistant(settings.model_copy(update={"contact": None}), embedders) as assistant:
        assert answer_text(assistant.ask(AskRequest(question=question))) == shown
