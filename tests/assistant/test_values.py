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
