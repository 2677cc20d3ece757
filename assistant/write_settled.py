"""The answer by a document's own conditions: the verdict, what the document says, and each condition with its state."""

from dataclasses import replace

from assistant.phrases import Phrases
from assistant.settle import Settled
from assistant.understand import Question
from assistant.write import Draft, DraftCondition, frame, quote_sentences


def write_settled(found: Settled, question: Question, words: Phrases) -> Draft:
    """Write what `settle` found, in the order in which the document has it."""
    conditions = tuple(
        DraftCondition(one.text.strip(), met, (one,)) for rule in found.rules for one, met in rule.conditions
    )
    quotes = []
    for rule in found.rules:
        quotes += [rule.lead] if rule.lead else []
        quotes += [one for one, met in rule.conditions if met is not None or not rule.lead]
    sentences = [frame(words.say(f"frame.{found.verdict}"))]
    sentences += [sentence for quote in quotes for sentence in quote_sentences(replace(quote, items=()), words)]
    if question.eligibility:
        sentences.append(frame(words.say("frame.authority_decides")))
    return Draft("answered", tuple(sentences), found.verdict, conditions=conditions)
