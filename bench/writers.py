"""What a language model writes, gated and ungated side by side.

    python -m bench.writers QUESTIONS.jsonl OUT.jsonl

Asks the model that the settings name (`CALL_ASSISTANT_LLM_BASE_URL`, `_LLM_MODEL`) to answer the first 100 questions
that have quotes, once, and writes a line for each of its sentences: the quotes it cites, whether the gate lets it
through, and why not. OUT.jsonl is for a careful reading, which sees only `sentence` and `quotes`.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.embedders import embedders_of
from assistant.evidence import Evidence
from assistant.gate import Gate
from assistant.model import Model, model_of
from assistant.model_errors import ModelTrouble
from assistant.phrases import cues, phrases
from assistant.prompt import Prompt, writing_prompt
from assistant.reading import Written
from assistant.results import AskRequest, AskResult
from assistant.service import Assistant
from assistant.settings import load_settings
from index.search import Index

MOST = 100
"""Questions that are asked."""


def main() -> None:
    """Generate, write and print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    settings = load_settings()
    model = model_of(settings)
    if model is None:
        raise SystemExit("set CALL_ASSISTANT_LLM_BASE_URL and CALL_ASSISTANT_LLM_MODEL")
    embedders = embedders_of(settings)
    without = settings.model_copy(update={"llm_base_url": None, "llm_model": None})
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    started = time.monotonic()
    with (
        Assistant(without, embedders) as assistant,
        Index.open(settings.store, embedders, corpus=settings.corpus) as index,
        options.out.open("w", encoding="utf-8") as out,
    ):
        for line in options.questions.read_text(encoding="utf-8").splitlines():
            if counts["questions"] == MOST:
                break
            question = json.loads(line)["question"]
            result = assistant.ask(AskRequest(question=question))
            evidence = _evidence(result, index)
            if not evidence:
                continue
            counts["questions"] += 1
            prompt = writing_prompt(question, [item.text for item in evidence], phrases(result.language))
            gate = Gate(evidence, prompt, cues(result.language), index)
            passed = 0
            for written in _written(model, prompt, counts):
                faults = gate.faults(written)
                passed += not faults
                counts["sentences"] += 1
                counts["let through"] += not faults
                reasons.update(faults)
                quotes = [item.text for item in gate.cited(written)]
                row = {"question": question, "sentence": written.text, "quotes": quotes, "let_through": not faults}
                out.write(json.dumps(row | {"why_not": faults}, ensure_ascii=False) + "\n")
            counts["questions with a sentence let through"] += passed > 0
    print(f"{model.name}, {time.monotonic() - started:.0f} s: {dict(counts)}")
    for reason, count in reasons.most_common(12):
        print(f"{count:5} {reason}")


def _evidence(result: AskResult, index: Index) -> list[Evidence]:
    numbers = {n for sentence in result.sentences if sentence.kind == "statement" for n in sentence.citations}
    cited = [citation for citation in result.citations if citation.number in numbers]
    return [Evidence(index.document(c.document), c.start, c.end, "") for c in cited]


def _written(model: Model, prompt: Prompt, counts: Counter[str]) -> Iterator[Written]:
    try:
        yield from model.write(prompt, model.deadline(), lambda: False)
    except ModelTrouble as trouble:
        counts[f"ended as {trouble.kind}"] += 1


if __name__ == "__main__":
    main()
