"""What the reader learns from: questions, the lines of a text, and which of them answer.

Only sets whose licence lets trained weights be passed on: OMoS-QA (CC BY 4.0), ConditionalQA (BSD-2), Doc2Dial
(CC BY 3.0) and the tuning half of MTRAG's conversations (Apache-2.0). OR-ShARC, XQuAD-R and NoiseQA are share-alike or
made from such, and are not learnt from; nor is any `dev` part but Doc2Dial's, which this project only trains on.
"""

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import Stemmer

from bench import sets
from index.sentences import split_sentences

LANGUAGES = ("en", "de", "fr", "uk")
HELD_OUT = 0.15
"""Share of the training texts that checkpoints and thresholds are chosen on."""
WINDOW_CHARS, MOST_CHARS = 900, 1500
"""About the length of a passage; and what is read of a line at most."""
UNKNOWN = -1
"""Label of a line of which nobody said whether it answers."""


@dataclass(frozen=True, slots=True)
class Example:
    """A question and a text, line by line."""

    question: str
    context: str
    """Title and headings: read, not scored."""
    lines: tuple[str, ...]
    labels: tuple[int, ...]
    """1: answers, 0: does not, `UNKNOWN`."""
    answered: int
    """Whether the text answers the question at all: 1, 0 or `UNKNOWN`."""
    key: str
    """What must not be on both sides of a split: the text's name."""

    @property
    def held_out(self) -> bool:
        """Whether it is kept from training."""
        return hashlib.sha256(self.key.encode()).digest()[0] < 256 * HELD_OUT


def omosqa(folder: Path, part: str, draw: random.Random, *, every_pair: bool = False) -> Iterator[Example]:
    """Each page in English asked in all four languages; in another language asked in one or two of them.

    `every_pair`: nothing is drawn, English pages only, for measuring.
    """
    rows = {language: list(sets.lines(folder / "omosqa" / language / f"{part}.jsonl")) for language in LANGUAGES}
    pages: dict[str, int] = {}
    for number, row in enumerate(rows["en"]):
        pages.setdefault(row["context"], number)
    other = _hard_negatives([row["question"] for row in rows["en"]], list(pages))
    for number, english in enumerate(rows["en"]):
        for asked in LANGUAGES:
            written = "en" if every_pair or draw.random() < 0.6 else draw.choice(LANGUAGES)
            page = rows[written][number]
            question = rows[asked][number]["question"]
            question = question if every_pair else _roughened(question, draw)
            if every_pair or asked == "en" or draw.random() < 0.75:
                yield _page(question, page["context"], page["answers"], f"page {page['pageId']}")
            if not every_pair and draw.random() < 0.25:
                wrong = next(pages[p] for p in (list(pages)[i] for i in other[number]) if p != english["context"])
                yield _page(question, rows[written][wrong]["context"], [], f"page {english['pageId']}")


def conditionalqa(folder: Path, draw: random.Random) -> Iterator[Example]:
    """Pages of GOV.UK as far as their lines are evidence to any question: the others' evidence is the hard negative."""
    pages: dict[str, list[str]] = defaultdict(list)
    for line in sets.lines(folder / "conditionalqa" / "evidence_kb.jsonl"):
        pages[line["url"]].append(line["html"])
    urls = list(pages)
    asked = list(sets.lines(folder / "conditionalqa" / "train.jsonl"))
    other = _hard_negatives([row["question"] for row in asked], [" ".join(map(_plain, pages[u])) for u in urls])
    for row, near in zip(asked, other, strict=True):
        question = row["question"] if draw.random() < 0.4 else f"{row['scenario']} {row['question']}"
        question = _roughened(question, draw)
        gold = set(row["evidences"])
        lines = pages[row["url"]]
        if gold or row["not_answerable"]:
            labels = tuple(int(line in gold) for line in lines)
            yield Example(question, _title(row["url"]), tuple(map(_plain, lines)), labels, int(any(labels)), row["url"])
        if draw.random() < 0.3:
            wrong = next(urls[i] for i in near if urls[i] != row["url"])
            first = draw.randrange(max(1, len(pages[wrong]) - 8))
            part = tuple(map(_plain, pages[wrong][first : first + 8]))
            yield Example(question, _title(wrong), part, (0,) * len(part), 0, row["url"])


def doc2dial(folder: Path, draw: random.Random) -> Iterator[Example]:
    """Turns of dialogues over public-service pages; the sentences of the section that the reply rests on answer."""
    sections = {row["id"]: row for row in sets.lines(folder / "doc2dial" / "passages.jsonl")}
    names = list(sections)
    asked = [row for row in sets.lines(folder / "doc2dial" / "dev_turns.jsonl") if len(row["question"].split()) > 3]
    texts = [f"{s['title']} {s['section']} {s['text']}" for s in sections.values()]
    other = _hard_negatives([row["question"] for row in asked], texts)
    for row, near in zip(asked, other, strict=True):
        question = _roughened(row["question"], draw)
        gold = [sections[name] for name in row["gold_passages"]]
        key = gold[0]["title"] if gold else row["id"]
        if gold and not row["no_info"]:
            lines = _sentences(gold[0]["text"])
            words = _words(row["grounding_span"])
            labels = tuple(int(len(_words(line) & words) >= 0.8 * len(_words(line))) for line in lines)
            if any(labels):
                yield Example(question, _heading(gold[0]), lines, labels, 1, key)
        if draw.random() < 0.4:
            kept = row["gold_passages"]
            wrong = next(sections[names[i]] for i in near[draw.randrange(3) :] if names[i] not in kept)
            lines = _sentences(wrong["text"])
            yield Example(question, _heading(wrong), lines, (0,) * len(lines), 0, key)


def mtrag(folder: Path, draw: random.Random) -> Iterator[Example]:
    """Turns rewritten to stand alone, over passages judged by people; which sentence answers nobody said."""
    passages = {row["id"]: row for row in sets.lines(folder / "mtrag" / "passages_pool.jsonl")}
    for row in sets.lines(folder / "mtrag" / "tasks.jsonl"):
        if not sets.to_tune_on(row["conv"]) or row["answerability"] == "CONVERSATIONAL":
            continue
        for context in row["contexts"]:
            relevant = "yes" in context["rel_votes"]
            if context["id"] not in passages or draw.random() < 0.6:
                continue
            passage = passages[context["id"]]
            lines = _sentences(passage["text"])
            label = UNKNOWN if relevant else 0
            yield Example(
                row["rewritten_question"] or row["question"],
                passage["title"] or "",
                lines,
                (label,) * len(lines),
                int(relevant),
                row["conv"],
            )


def _page(question: str, text: str, answers: Sequence[int], key: str) -> Example:
    lines = text.split("\n")
    labels = tuple(int(number in answers) for number in range(len(lines)))
    return Example(question, "", tuple(lines), labels, int(bool(answers)), key)


def _hard_negatives(questions: Sequence[str], texts: Sequence[str]) -> list[list[int]]:
    """For each question the texts that share its words, best first."""
    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25()
    index.index(bm25s.tokenize(list(texts), stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    tokens = bm25s.tokenize(list(questions), stopwords="en", stemmer=stemmer, show_progress=False)
    return [list(map(int, row)) for row in index.retrieve(tokens, k=min(10, len(texts)), show_progress=False).documents]


def _roughened(question: str, draw: random.Random) -> str:
    """Now and then as people type it: small letters, no question mark."""
    return question.lower().rstrip("?") if draw.random() < 0.1 else question


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(
        text[start:end]
        for first, last in ((m.start(), m.end()) for m in re.finditer(r"[^\n]+", text))
        for start, end in ((first + a, first + b) for a, b in split_sentences(text[first:last]))
    )


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))


def _heading(section: dict[str, Any]) -> str:
    return f"{section['title']} › {section['section']}"


def _title(url: str) -> str:
    return url.rpartition("/")[2].replace("-", " ")


def _plain(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html).strip()


def windows(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The lines in groups as long as passages are, each with the number of its first line."""
    group: list[str] = []
    size = first = 0
    for number, line in enumerate(lines):
        if group and size + len(line) > WINDOW_CHARS:
            yield first, tuple(group)
            group, size, first = [], 0, number
        group.append(line[:MOST_CHARS])
        size += len(line) + 1
    if group:
        yield first, tuple(group)
