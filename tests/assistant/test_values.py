import pytest

from assistant.values import ValueKind, extract


def readings(text: str) -> list[tuple[ValueKind, set[str]]]:
    return [(value.kind, set(value.readings)) for value in extract(text)]


def agree(one: str, two: str) -> bool:
    return any(a.agrees(b) for a in extract(one) for b in extract(two))


def test_amounts_agree_by_value_in_any_notation() -> None:
    for written in (
        "16.2 million euros",
        "EUR 16,200,000",
        "16.200.000 €",
        "16,2 Mio. EUR",
        "€16.2m",
        "16 200 000 EUR",
    ):
        assert agree(written, "EUR 16 200 000"), written


def test_amounts_that_differ_do_not_agree() -> None:
    assert not agree("EUR 16.2 million", "EUR 16.3 million")
    assert not agree("EUR 2,000,000", "EUR 200,000")


def test_dates_agree_in_any_notation_and_language() -> None:
    for written in ("31 January 2019", "Thursday, 31 January, 2019", "January 31, 2019", "2019-01-31", "31.1.2019",
                    "31. Januar 2019", "31 janvier 2019", "31 de enero de 2019", "31 gennaio 2019"):  # fmt: skip
        assert agree(written, "2019-01-31"), written


def test_a_date_without_its_year_agrees_with_the_day() -> None:
    assert agree("31 January", "31 January 2019")
    assert not agree("31 March", "31 January 2019")


def test_other_dates_do_not_agree() -> None:
    assert not agree("30 January 2020", "31 January 2019")
    assert not agree("31 January 2018", "31 January 2019")


def test_a_spelled_number_is_a_number() -> None:
    assert agree("three partners", "3 partners")
    assert agree("drei Partner", "3 partners")


def test_percentages_and_durations_are_not_plain_numbers_of_another_size() -> None:
    assert readings("up to 90% for 3 years") == [
        (ValueKind.PERCENT, {"90 %"}),
        (ValueKind.DURATION, {"3 year"}),
    ]
    assert not agree("3 years", "3 months")


def test_a_time_of_day_is_one_value() -> None:
    assert readings("at 17:00") == [(ValueKind.TIME, {"17:00"})]


def test_a_separator_that_may_mean_either_keeps_both_readings() -> None:
    assert readings("1.500") == [(ValueKind.NUMBER, {"1500", "1.5"})]


def test_offsets_point_at_the_value() -> None:
    text = "The budget is EUR 6,000,000 for priority 1."
    first = extract(text)[0]
    assert text[first.start : first.end] == "6,000,000"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("drei Jahre", "3 years"),
        ("zweier Länder", "2 countries"),
        ("zwoelf Monate", "12 months"),
        ("24-monatige Projekte", "24 months"),
        ("fünf Partner", "5 partners"),
        ("trois ans", "3 years"),
        ("douze mois", "12 months"),
        ("tres años", "3 years"),
        ("dieciséis meses", "16 months"),
        ("due anni", "2 years"),
        ("sedici settimane", "16 weeks"),
        ("trzech lat", "3 years"),
        ("dwa lata", "2 years"),
        ("dwóch partnerów", "2 partners"),
        ("pieciu krajow", "5 countries"),
        ("36 miesięcy", "36 months"),
        ("3-letni projekt", "3 years"),
        ("drie jaar", "3 years"),
        ("dois anos", "2 years"),
        ("três meses", "3 months"),
    ],
)
def test_spelled_numbers_and_units_are_read_in_each_language(written: str, value: str) -> None:
    assert [v.readings for v in extract(written)] == [v.readings for v in extract(value)]


@pytest.mark.parametrize(
    "written",
    [
        "16,2 Millionen Euro",
        "16,2 Mio. EUR",
        "16,2 millions d'euros",
        "16,2 millones de euros",
        "16,2 milioni di euro",
        "16,2 mln euro",
        "16,2 milionów euro",
        "16,2 miljoen euro",
        "16,2 milhões de euros",
        "16.2 m€",
        "16 200 k€",
        "16\u202f200\u202f000 €",
    ],
)
def test_amounts_agree_in_each_language(written: str) -> None:
    assert readings(written) == [(ValueKind.MONEY, {"16200000 money"})]


@pytest.mark.parametrize("written", ["90 Prozent", "90 pour cent", "90 por ciento", "90 per cento", "90 procent"])
def test_percentages_agree_in_each_language(written: str) -> None:
    assert readings(written) == [(ValueKind.PERCENT, {"90 %"})]


@pytest.mark.parametrize(
    "written",
    ["17 Uhr", "17.00 Uhr", "17h00", "ore 17", "godz. 17", "godz. 17.00", "5 p.m.", "17:00"],
)
def test_times_agree_in_each_language(written: str) -> None:
    assert readings(written) == [(ValueKind.TIME, {"17:00"})]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("1er février 2019", "2019-02-01"),
        ("1 FEVRIER 2019", "2019-02-01"),
        ("1. Maerz 2019", "2019-03-01"),
        ("31 stycznia 2019 r.", "2019-01-31"),
        ("9 listopada 2018", "2018-11-09"),
        ("16 de abril de 2018", "2018-04-16"),
        ("6 settembre 2018", "2018-09-06"),
    ],
)
def test_dates_are_read_with_and_without_accents(written: str, day: str) -> None:
    assert agree(written, day)
    assert [v.kind for v in extract(written)] == [ValueKind.DATE]


def test_a_month_in_a_case_that_no_date_has_is_read() -> None:
    assert readings("w styczniu 2019") == [(ValueKind.DATE, {"2019-01"})]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("très bien", []),
        ("jeden Partner", []),
        ("once more", []),
        ("twenty-five", []),
        ("w 2019 roku", [(ValueKind.NUMBER, {"2019"})]),
        ("tra 3 mesi", [(ValueKind.DURATION, {"3 month"})]),
        ("sie 5 Tage", [(ValueKind.DURATION, {"5 day"})]),
    ],
)
def test_words_that_only_look_like_values_are_none(text: str, values: list[tuple[ValueKind, set[str]]]) -> None:
    assert readings(text) == values


def test_number_words_may_be_read_in_one_language_alone() -> None:
    assert extract("Ten partner", "pl") == []
    assert [value.readings for value in extract("Ten partners", "en")] == [{"10"}]


def test_a_raised_number_is_no_digit_of_the_amount() -> None:
    assert readings("EUR 500¹") == [(ValueKind.MONEY, {"500 money"})]
