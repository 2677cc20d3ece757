import pytest

from assistant.check import objections

QUOTE = "The call has a total budget of EUR 16,200,000; a project may last up to 3 years and may involve NGOs."


@pytest.mark.parametrize(
    "text",
    [
        f"“{QUOTE}”",
        "The call has a budget of 16.2 million euros.",
        "A project may last three years.",
        "In short, NGOs may be involved.",
    ],
)
def test_what_the_quote_says_passes(text: str) -> None:
    assert objections(text, [QUOTE], "en") == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The call has a budget of 16.3 million euros.", "16.3 million"),
        ("A project may last four years.", "four years"),
        ("A project may last 3 months.", "3 months"),
        ("A project may not involve NGOs.", "denies"),
        ("A project may involve NGOs from Denmark.", "Denmark"),
        ("The call closes on 31 January 2019.", "31 January 2019"),
        ("“The call has a total budget of EUR 20,000,000”", "20,000,000"),
    ],
)
def test_what_no_quote_says_is_named(text: str, why: str) -> None:
    assert why in "; ".join(objections(text, [QUOTE], "en"))
