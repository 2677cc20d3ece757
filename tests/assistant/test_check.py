"""Whether quotes carry a sentence, rule by rule and language by language."""

import time

import pytest

from assistant.check import examine, objections, soft

EN = "Public bodies must submit at least 3 letters by 31 March 2019; NGOs from Denmark may not apply."
DE = (
    "Öffentliche Stellen müssen bis 31. März 2019 mindestens 3 Schreiben einreichen; "
    "Vereine aus Köln dürfen nicht teilnehmen."
)
FR = (
    "Les organismes publics doivent envoyer au moins 3 lettres avant le 31 mars 2019 ; "
    "les ONG de Nantes ne peuvent pas participer."
)
ES = (
    "Las entidades públicas deben enviar al menos 3 cartas antes del 31 de marzo de 2019; "
    "las ONG de Sevilla no pueden participar."
)
IT = (
    "Gli enti pubblici devono inviare almeno 3 lettere entro il 31 marzo 2019; "
    "le ONG di Torino non possono partecipare."
)
PL = (
    "Podmioty publiczne muszą złożyć co najmniej 3 listy do 31 marca 2019; "
    "stowarzyszenia z Krakowa nie mogą uczestniczyć."
)


@pytest.mark.parametrize("quote", [EN, DE, FR, ES, IT, PL])
def test_a_quote_carries_itself(quote: str) -> None:
    found = examine(quote, ["Something else.", f"Before it. {quote} After it."])
    assert (found.supported, found.reasons) == (True, ())


@pytest.mark.parametrize(
    ("quote", "lead_in"),
    [
        (EN, "According to the call, {}"),
        (EN, "The sources say: “{}”"),
        (EN, "The European Commission's notice of the call says that {}"),
        (DE, "Laut Ausschreibung: {}"),
        (DE, "In den Quellen heißt es: „{}“"),
        (FR, "Selon l'appel, {}"),
        (FR, "Les sources indiquent : « {} »"),
        (ES, "Según la convocatoria, {}"),
        (IT, "Secondo il bando, {}"),
        (PL, "Według zaproszenia, {}"),
    ],
)
def test_naming_the_source_changes_nothing(quote: str, lead_in: str) -> None:
    assert objections(lead_in.format(quote), [quote]) == []


@pytest.mark.parametrize(
    ("quote", "old", "new"),
    [
        (EN, "3", "4"),
        (EN, "3", "three hundred"),
        (EN, "31", "30"),
        (EN, "March", "May"),
        (EN, "2019", "2020"),
        (EN, "Denmark", "Norway"),
        (EN, "may not", "may"),
        (EN, "must", "may"),
        (EN, "must", "should"),
        (EN, "must", "must not"),
        (EN, "at least", "at most"),
        (EN, "at least ", ""),
        (EN, "Public", "Only public"),
        (EN, "Public", "All public"),
        (DE, "3", "4"),
        (DE, "März", "Mai"),
        (DE, "Köln", "Mainz"),
        (DE, "dürfen nicht", "dürfen"),
        (DE, "müssen", "können"),
        (DE, "müssen", "sollten"),
        (DE, "mindestens", "höchstens"),
        (DE, "Vereine", "Nur Vereine"),
        (FR, "3", "4"),
        (FR, "mars", "mai"),
        (FR, "Nantes", "Lille"),
        (FR, "ne peuvent pas", "peuvent"),
        (FR, "doivent", "peuvent"),
        (FR, "doivent", "devraient"),
        (FR, "au moins", "au plus"),
        (FR, "les ONG", "seules les ONG"),
        (ES, "marzo", "mayo"),
        (ES, "deben", "pueden"),
        (ES, "no pueden", "pueden"),
        (ES, "al menos", "como máximo"),
        (IT, "marzo", "maggio"),
        (IT, "devono", "possono"),
        (IT, "non possono", "possono"),
        (IT, "almeno", "al massimo"),
        (PL, "marca", "maja"),
        (PL, "muszą", "mogą"),
        (PL, "nie mogą", "mogą"),
        (PL, "co najmniej", "co najwyżej"),
    ],
)
def test_one_word_changed_is_a_fault(quote: str, old: str, new: str) -> None:
    changed = quote.replace(old, new, 1)
    assert changed != quote
    found = examine(changed, [quote])
    assert not found.supported
    assert found.reasons
    assert found.probability < 0.1


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Applicants need at least three letters.", "Applicants must have a minimum of 3 letters."),
        ("The deadline was in March 2019.", "The deadline was 31 March 2019."),
        ("The budget is 16.2 million euros.", "The budget is EUR 16,200,000."),
        ("They can't apply.", "They cannot apply."),
        ("Every town may apply.", "All town may apply."),
        ("A project may last three years.", "A project may last up to 3 years."),
        ("Das Budget beträgt 16,2 Mio. Euro.", "Das Budget beträgt 16.200.000 Euro."),
        ("Es sind wenigstens drei Partner.", "Es sind mindestens 3 Partner."),
        ("Le budget est de 16,2 millions d'euros.", "Le budget est de 16 200 000 euros."),
        ("Chaque ville peut participer.", "Toute ville peut participer."),
        ("AB-2019-XY is open to towns.", "The call is open to towns."),
    ],
)
def test_the_same_in_other_words_is_no_fault(sentence: str, quote: str) -> None:
    assert objections(sentence, [quote], ids=["AB-2019-XY"]) == []


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("Bodies of the state cannot take part.", "Public bodies may take part in every project of this call."),
        ("Only towns get money for it.", "Money goes to towns and villages for works of this kind."),
        ("Ein Verein kann nie Geld bekommen.", "Geld gibt es für jede Art von Verein in Europa und anderswo."),
        ("Seules les villes reçoivent cet argent.", "Cet argent est donné par an à des villes et à des villages."),
        ("Städte müssen zahlen.", "Towns may pay for it."),
    ],
)
def test_other_words_with_what_no_quote_has(sentence: str, quote: str) -> None:
    assert objections(sentence, [quote])


def test_a_value_may_stand_in_any_quote() -> None:
    quotes = ["The budget is large.", "It is 5 million euros."]
    assert objections("The large budget: 5,000,000 euros.", quotes) == []
    assert objections("The large budget: 6,000,000 euros.", quotes)


def test_an_item_counts_with_what_leads_to_it() -> None:
    quotes = ["The following may apply for the grants:", "- towns with a partner;"]
    assert examine("The following may apply for the grants: towns with a partner.", quotes).supported


def test_words_cut_from_what_denies_them() -> None:
    assert objections("Companies are eligible to apply.", ["No companies are eligible to apply."])
    assert objections("“companies are eligible to apply”", ["It is not true that companies are eligible to apply."])


def test_another_topic_is_not_supported() -> None:
    found = examine("Bees make honey in summer gardens.", [EN])
    assert not found.supported
    assert found.reasons


def test_the_soft_score_grows_with_the_words_that_are_held() -> None:
    scores = [soft(text, [EN]) for text in ("Bees make honey.", "Public bees make letters.", EN)]
    assert scores == sorted(scores)
    assert 0 <= scores[0] < scores[1] < scores[2] <= 1


@pytest.mark.parametrize("quotes", [[], [""], [" \n"], ["\0"]])
def test_without_a_quote_nothing_is_supported(quotes: list[str]) -> None:
    assert not examine("Towns may apply.", quotes).supported


@pytest.mark.parametrize("sentence", ["…", "\0", "?!", "“”"])
def test_a_sentence_without_a_word_is_not_supported(sentence: str) -> None:
    assert not examine(sentence, [EN]).supported


@pytest.mark.parametrize(
    ("sentence", "quote"),
    [
        ("x" * 2_000, "x"),
        ("a b " * 500, "b a "),
        ("a-" * 1_000, "a-"),
        ("A. B. C. " * 222, "C. B. A. "),
        ("2.1.2019 " * 222, "1.1.2019 "),
        ("12 " * 660, "1 2 "),
        ("“a” " * 500, "“b” "),
        ("not only " * 222, "only not "),
        ("n'est pas que " * 140, "ne peut pas que "),
        ("May June March " * 130, "march may june "),
        ("\0e\u0301" * 600, "e\u0301\0"),
        ("According to the call, towns must report within 12 days. ", "You must report a change within ten days. \n"),
    ],
)
def test_long_input_takes_little_time(sentence: str, quote: str) -> None:
    examine("On 3 May 2019 it is so.", ["It is."])  # loads what is loaded once
    quotes = [quote * (200_000 // len(quote))]
    started = time.process_time()
    examine(sentence, quotes)
    assert time.process_time() - started < 5


def test_quotes_full_of_space_or_of_figures_stay_fast() -> None:
    began = time.process_time()
    examine("The call is open.", ["The call" + " " * 190_000 + "x"])
    figures = ", ".join(f"EUR {n * 7 + 3:,}" for n in range(100))
    examine(f"We pay {figures}.", [" ".join(f"EUR {n * 13:,}." for n in range(10_000))])
    assert time.process_time() - began < 10  # seconds of this process; a minute and more before
