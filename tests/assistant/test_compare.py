import pytest

from assistant.compare import figures_fit
from assistant.phrases import cues

EN = cues("en")
UP_TO = "A priority 1 project may last up to 3 years, according to a page."
AT_LEAST = (
    "Priorities 1 and 2 need at least 3 different eligible entities (partners) in at least 2 different Member States."
)
RANGE = "A grant under priority 1 is between EUR 1,000,000 (1 million) and EUR 2,000,000 (2 million)."


@pytest.mark.parametrize(
    ("question", "source", "fits"),
    [
        ("May a project last 4 years under priority 1?", UP_TO, False),
        ("Can a priority 1 project last 24 months?", UP_TO, True),
        ("Are two partners enough for priority 1?", AT_LEAST, False),
        ("Is a consortium of five partners fine?", AT_LEAST, True),
        ("Can three partners from two countries apply?", AT_LEAST, True),
        ("Can three partners from 1 country apply?", AT_LEAST, False),
        ("Can we ask for 1.5 million euros?", RANGE, True),
        ("Is the maximum grant EUR 3,000,000?", RANGE, False),
        ("Does the EU pay 100% of the costs?", "The EU grant covers up to 90% of the costs.", False),
        ("Is the co-financing rate 80%?", "The EU grant covers up to 90% of the costs.", True),
        ("Is the total budget 25 million euros?", "The total budget is EUR 16,200,000 (16.2 million).", False),
        ("Can one proposal address two priorities?", "Each proposal addresses one priority only.", False),
        ("Was the deadline 30 January 2020?", "The deadline was 31 January 2019.", False),
        ("Was the deadline 31.1.2019?", "The deadline was 31 January 2019.", True),
        ("May an NGO apply?", AT_LEAST, None),
        ("Are two languages needed?", AT_LEAST, None),
    ],
)
def test_a_figure_asked_about_is_held_against_the_one_given(question: str, source: str, fits: bool | None) -> None:
    assert figures_fit(question, EN, source, EN) is fits
