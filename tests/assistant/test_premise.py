"""What a question takes for granted, told apart and held against the sources."""

import pytest

from assistant.phrases import cues, phrases
from assistant.premise import Premise, split_premise
from assistant.results import AskRequest, AskResult
from assistant.service import Assistant
from tests.invariants import check_invariants


def ask(assistant: Assistant, question: str) -> AskResult:
    result = assistant.ask(AskRequest(question=question))
    check_invariants(result.model_dump(mode="json"), lambda document: assistant.show(document).text)
    return result


@pytest.mark.parametrize(
    ("language", "text", "claim", "rest"),
    [
        ("en", "Since the deadline is 31 March, how long is left?", "the deadline is 31 March", "how long is left?"),
        ("en", "How many may join, given that only NGOs may apply?", "only NGOs may apply", "How many may join?"),
        ("en", "Why may a project last 5 years?", "may a project last 5 years", ""),
        ("de", "Da die Frist am 31. März 2019 endet: was nun?", "die Frist am 31. März 2019 endet", "was nun?"),
        ("fr", "Puisqu'il faut 5 pays, que faire ?", "il faut 5 pays", "que faire?"),
        ("es", "Dado que el plazo vence en marzo, ¿qué hacer?", "el plazo vence en marzo", "¿qué hacer?"),
        ("it", "Poiché copre il 100%, serve altro?", "copre il 100%", "serve altro?"),
        ("pl", "Skoro termin mija w marcu, co dalej?", "termin mija w marcu", "co dalej?"),
    ],
)
def test_a_premise_is_told_from_the_question(language: str, text: str, claim: str, rest: str) -> None:
    assert split_premise(text, cues(language)) == Premise(claim, rest)


@pytest.mark.parametrize(
    "text", ["As an NGO, may we apply?", "Since when is the call open?", "If we have two partners, may we apply?"]
)
def test_what_the_asker_is_or_plans_is_no_premise(text: str) -> None:
    assert split_premise(text, cues("en")) is None


DEADLINE = "31 January 2019 at 17:00"
BUDGET = "16,200,000 (16.2 million)"
RATE = "up to 90%"
APPLICANTS = "public bodies (including local authorities"


@pytest.mark.parametrize(
    ("question", "corrects", "answers"),
    [
        ("Since the deadline is 31 March 2019, what is the total budget?", DEADLINE, BUDGET),
        ("As the grant covers 100 % of the costs, what is the total budget?", RATE, BUDGET),
        ("As only NGOs may apply, what is the total budget?", APPLICANTS, BUDGET),
        ("Because Danish NGOs are eligible, what is the total budget?", "other than Denmark", BUDGET),
        ("Since the call is still open, what is the total budget?", DEADLINE, BUDGET),
        ("Why may a proposal combine as many priorities as it likes?", "only one of the priorities", ""),
        ("Da die Frist am 31. März 2019 endet: wie hoch ist das Gesamtbudget?", DEADLINE, BUDGET),
        ("Weil der Zuschuss 100 % der Kosten deckt, wie hoch ist das Gesamtbudget?", RATE, BUDGET),
        ("Da nur Vereine Anträge stellen dürfen: wie hoch ist das Gesamtbudget?", APPLICANTS, BUDGET),
        ("Puisque la subvention couvre 100 % des coûts, quel est le budget total ?", RATE, BUDGET),
        ("Comme seules les ONG peuvent candidater, quel est le budget total ?", APPLICANTS, BUDGET),
        ("Dado que el plazo termina el 31 de marzo de 2019, ¿cuál es el presupuesto total?", "31 January 2019", BUDGET),
        ("Dado que solo las ONG pueden participar, ¿cuál es el presupuesto total?", APPLICANTS, BUDGET),
        ("Poiché il finanziamento copre il 100% dei costi, qual è il budget totale?", RATE, BUDGET),
        ("Poiché solo le ONG possono partecipare, quanto è il budget totale?", APPLICANTS, BUDGET),
        ("Skoro termin upływa 31 marca 2019, jaki jest budżet priorytetu 3?", DEADLINE, "2,500,000"),
        ("Skoro dotacja pokrywa 100% kosztów, jaki jest budżet priorytetu 3?", RATE, "2,500,000"),
        ("Ponieważ tylko NGO mogą składać wnioski, jaki jest budżet priorytetu 3?", APPLICANTS, "2,500,000"),
    ],
)
def test_a_wrong_premise_is_corrected_before_the_rest_is_answered(
    assistant: Assistant, question: str, corrects: str, answers: str
) -> None:
    result = ask(assistant, question)
    assert result.status == "answered"
    assert result.sentences[0].kind == "frame"
    assert corrects in result.sentences[1].text
    assert answers in result.answer


@pytest.mark.parametrize(
    "question",
    [
        "Since the deadline was 31 January 2019, what is the total budget?",
        "As the grant covers 90 % of the costs, what is the total budget?",
        "Since NGOs may apply, what is the total budget?",
        "Because the call opened on 26 July 2018, what is the total budget?",
        "As the office is closed on Mondays, what is the total budget?",
    ],
)
def test_a_premise_that_the_sources_carry_or_do_not_speak_of_is_left_alone(assistant: Assistant, question: str) -> None:
    assert "granted" not in ask(assistant, question).answer


def test_a_figure_of_one_priority_corrects_nothing_that_may_be_about_another(assistant: Assistant) -> None:
    result = ask(assistant, "Da der Zuschuss höchstens 2 Millionen Euro beträgt, wie hoch ist das Gesamtbudget?")
    assert phrases("de").say("frame.premise") not in result.answer
    assert BUDGET in result.answer


def test_the_project_beside_a_wrong_premise_is_compared(assistant: Assistant) -> None:
    project = "a project that trains foster families for unaccompanied migrant children"
    result = ask(assistant, f"Since the deadline is 31 March 2019, which priority fits {project}?")
    assert DEADLINE in result.sentences[1].text
    assert result.clarification is None
    assert "foster care" in result.answer


def test_a_limit_has_to_be_the_sources_own(assistant: Assistant) -> None:
    wrong = ask(assistant, "Puisqu'il faut cinq partenaires pour la priorité 1, quel est le budget total ?")
    assert "at least 3" in wrong.sentences[1].text
    right = ask(assistant, "Puisqu'il faut trois partenaires pour la priorité 1, quel est le budget total ?")
    assert "tient pour acquis" not in right.answer


def test_what_is_left_unanswered_beside_a_correction_is_named(assistant: Assistant) -> None:
    result = ask(assistant, "As only NGOs may apply, which indicators are used?")
    assert (result.status, result.verdict) == ("partial", None)
    assert result.unanswered == ("As only NGOs may apply, which indicators are used?",)


def test_a_question_that_leans_on_a_wrong_premise_gets_no_bare_yes(assistant: Assistant) -> None:
    result = ask(assistant, "Since five years is the limit for priority 1 networks, can we plan for four?")
    assert "up to 3 years" in result.sentences[1].text
    assert result.verdict is None


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Is it true that only municipalities can apply?", "no"),
        ("Is it true that NGOs can be partners in priority 1?", "yes"),
        ("Stimmt es, dass nur Gemeinden teilnehmen dürfen?", "no"),
        ("Est-il vrai que seules les communes peuvent participer ?", "no"),
        ("¿Es cierto que solo las ONG pueden participar?", "no"),
        ("È vero che solo i comuni possono partecipare?", "no"),
        ("Czy to prawda, że tylko gminy mogą składać wnioski?", "no"),
    ],
)
def test_is_it_true_that_asks_for_the_claim(assistant: Assistant, question: str, verdict: str) -> None:
    result = ask(assistant, question)
    assert result.verdict == verdict
    assert result.citations
