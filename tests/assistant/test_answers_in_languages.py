"""Questions in each language about English documents: the words are the asker's, the quotes the documents'."""

import pytest

from assistant.results import AskRequest, AskResult
from assistant.service import Assistant
from tests.assistant.test_languages import OTHERS
from tests.invariants import check_invariants


def ask(assistant: Assistant, question: str, language: str) -> AskResult:
    result = assistant.ask(AskRequest(question=question))
    check_invariants(result.model_dump(mode="json"), lambda document: assistant.show(document).text)
    assert result.language == language
    assert result.notice is None
    assert result.dropped == ()
    return result


@pytest.mark.parametrize(
    ("language", "question", "said"),
    [
        ("de", "Kann man sich noch bewerben?", "31. Januar 2019, 17:00 Uhr (Ortszeit Brüssel); das war vor 7 Jahren"),
        ("fr", "Peut-on encore candidater ?", "31 janvier 2019 à 17:00 (heure locale : Bruxelles) ; c'était il y a 7"),
        ("es", "¿Todavía podemos presentarnos?", "31 de enero de 2019, 17:00 (hora local: Bruselas); fue hace 7 años"),
        ("it", "Possiamo ancora candidarci?", "31 gennaio 2019, ore 17:00 (ora locale: Bruxelles); è stato 7 anni fa"),
        (
            "pl",
            "Czy można jeszcze złożyć wniosek?",
            "31 stycznia 2019, godz. 17:00 (czas lokalny: Bruksela); było to",
        ),
    ],
)
def test_the_passed_deadline_is_computed_in_the_askers_words(
    assistant: Assistant, language: str, question: str, said: str
) -> None:
    result = ask(assistant, question, language)
    assert (result.status, result.verdict) == ("answered", "no")
    assert any(said in sentence.text for sentence in result.sentences if sentence.kind == "computed")
    assert "31 January 2019" in result.citations[0].quote


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Darf ein dänischer Verein teilnehmen?"),
        ("fr", "Une association danoise peut-elle participer ?"),
        ("es", "¿Puede participar una asociación danesa?"),
        ("it", "Un'associazione danese può partecipare?"),
        ("pl", "Czy duńskie stowarzyszenie może wziąć udział?"),
    ],
)
def test_who_may_take_part_is_judged_by_the_conditions(assistant: Assistant, language: str, question: str) -> None:
    result = ask(assistant, question, language)
    assert (result.status, result.verdict) == ("answered", "no")
    assert any("Denmark" in citation.quote for citation in result.citations)


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Sind wir förderfähig?"),
        ("fr", "Sommes-nous éligibles ?"),
        ("es", "¿Somos elegibles?"),
        ("it", "Siamo ammissibili?"),
        ("pl", "Czy możemy wziąć udział?"),
    ],
)
def test_who_does_not_say_what_they_are_is_asked_back(assistant: Assistant, language: str, question: str) -> None:
    result = ask(assistant, question, language)
    assert result.status == "clarify"
    assert result.clarification


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Was sagt die siebte Priorität?"),
        ("fr", "Que dit la septième priorité ?"),
        ("es", "¿Qué dice la séptima prioridad?"),
        ("it", "Che cosa dice la settima priorità?"),
        ("pl", "Co mówi siódmy priorytet?"),
    ],
)
def test_an_unknown_priority_is_named_unknown(assistant: Assistant, language: str, question: str) -> None:
    result = ask(assistant, question, language)
    assert result.status == "not_found"
    assert " 7" in result.answer


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("de", "Darf eine NGO Partner in einem Netzwerk der Priorität 1 sein?"),
        ("fr", "Une ONG peut-elle être un partenaire d'un réseau de la priorité 1 ?"),
        ("es", "¿Puede una ONG ser un socio de una red de la prioridad 1?"),
        ("it", "Una ONG può essere un partner di una rete della priorità 1?"),
        ("pl", "Czy organizacja pozarządowa może być jednym z partnerów w sieci priorytetu 1?"),
    ],
)
def test_a_partner_is_not_taken_for_the_number_of_partners(assistant: Assistant, language: str, question: str) -> None:
    result = ask(assistant, question, language)
    assert result.status == "answered"
    assert result.verdict in ("yes", "depends")
    assert any("NGOs" in citation.quote for citation in result.citations)


@pytest.mark.parametrize("language", OTHERS)
def test_the_questions_that_a_page_offers_are_answered_as_the_english_ones(assistant: Assistant, language: str) -> None:
    profile = assistant.profile
    assert profile is not None
    assert len(profile.starters_for(language)) == len(profile.starters)
    for offered, english in zip(profile.starters_in[language], profile.starters, strict=True):
        result, known = ask(assistant, offered, language), ask(assistant, english, "en")
        assert (result.status, result.verdict) == (known.status, known.verdict)
        assert result.citations[0].quote == known.citations[0].quote
