"""The public retrieval sets: which documents are searched, what is asked, and which documents answer.

Every set is read from the folder of the same name as its authors' files were arranged there (JSON lines, UTF-8).
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """One question and the documents that answer it, by ID."""

    text: str
    gold: frozenset[str]
    key: str
    """What belongs together when a set is cut in halves: the rule, the conversation, the question in all languages."""

    @property
    def to_tune_on(self) -> bool:
        """Whether it is in the half that weights are chosen on; the other half is only reported."""
        return to_tune_on(self.key)


def to_tune_on(key: str) -> bool:
    """Whether what belongs together by `key` is in the half that is tuned on."""
    return hashlib.sha256(key.encode()).digest()[0] < 128


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """Documents, and questions in groups that are reported apart."""

    documents: Mapping[str, str]
    """Text by ID."""
    groups: Mapping[str, tuple[Question, ...]]
    depths: tuple[int, ...]
    """The k of the measures."""
    measure: str
    """`hit`: any answering document among the first k. `recall`: the share of them that is there."""


def orsharc(data: Path) -> RetrievalSet:
    """ShARC in its open-retrieval form: which rule decides this person's question. Question and scenario in one."""
    asked = tuple(
        Question(
            f"{line['question']} {line['scenario']}".strip(), frozenset({line["gold_snippet_id"]}), line["tree_id"]
        )
        for line in lines(data / "dev.jsonl")
    )
    return RetrievalSet(_texts(data / "kb.jsonl"), {"dev": asked}, (1, 5), "hit")


def xquad_r(data: Path) -> RetrievalSet:
    """English paragraphs, asked in four languages by the same questions."""
    groups = {language: _asked(data / f"questions_{language}.jsonl") for language in ("en", "de", "es", "el")}
    return RetrievalSet(_texts(data / "passages_en.jsonl"), groups, (1, 5), "hit")


def noiseqa(data: Path) -> RetrievalSet:
    """XQuAD's English questions with people's typing and speech-recognition errors; paragraphs from `../xquad_r`."""
    groups = {
        name: _asked(data / f"natural_{file}-natural.jsonl")
        for name, file in (("keyboard", "keyboard"), ("speech", "asr"))
    }
    clean = tuple(
        Question(line["clean_question"], frozenset({line["gold_passage"]}), line["id"])
        for line in lines(data / "natural_keyboard-natural.jsonl")
    )
    documents = _texts(data.parent / "xquad_r" / "passages_en.jsonl")
    return RetrievalSet(documents, {"clean": clean, **groups}, (1, 5), "hit")


def omosqa(data: Path) -> RetrievalSet:
    """Municipal pages for newcomers in English, asked in four languages; questions that their page answers."""
    english = list(lines(data / "en" / "dev.jsonl"))
    pages: dict[str, str] = {}
    names: dict[str, str] = {}
    for line in english:
        name = names.setdefault(line["context"], f"page-{len(names):03}")
        pages[name] = line["context"]
    groups = {
        language: tuple(
            Question(line["question"], frozenset({names[page["context"]]}), page["context"])
            for line, page in zip(lines(data / language / "dev.jsonl"), english, strict=True)
            if page["answers"]
        )
        for language in ("en", "de", "fr", "uk")
    }
    return RetrievalSet(pages, groups, (1, 5), "hit")


def mtrag(data: Path) -> RetrievalSet:
    """Turns of conversations over passages of four domains, the last turn alone; turns with a relevant passage."""
    asked = []
    for line in lines(data / "tasks.jsonl"):
        relevant = frozenset(context["id"] for context in line["contexts"] if "yes" in context["rel_votes"])
        if relevant:
            asked.append(Question(line["question"], relevant, line["conv"]))
    return RetrievalSet(_texts(data / "passages_pool.jsonl"), {"last turn": tuple(asked)}, (1, 5), "recall")


def doc2dial(data: Path) -> RetrievalSet:
    """Turns of dialogues over sections of public-service pages; turns whose section was found by string match."""
    documents = {
        line["id"]: f"{line['title']}\n\n{line['section']}\n\n{line['text']}" for line in lines(data / "passages.jsonl")
    }
    asked = tuple(
        Question(line["question"], frozenset(line["gold_passages"]), line["id"])
        for line in lines(data / "dev_turns.jsonl")
        if line["gold_passages"] and not line["no_info"]
    )
    return RetrievalSet(documents, {"dev": asked}, (1, 5), "hit")


SETS: Mapping[str, Callable[[Path], RetrievalSet]] = {
    reader.__name__: reader for reader in (orsharc, xquad_r, noiseqa, omosqa, mtrag, doc2dial)
}
"""By the name of the folder that holds the set."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _texts(path: Path) -> dict[str, str]:
    return {line["id"]: line["text"] for line in lines(path)}


def _asked(path: Path) -> tuple[Question, ...]:
    return tuple(Question(line["question"], frozenset({line["gold_passage"]}), line["id"]) for line in lines(path))
