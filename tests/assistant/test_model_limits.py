from assistant.model_limits import FAILURES, REST_S, Breaker, DayBudget


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_breaker_opens_after_failures_in_a_row_and_lets_one_through_after_a_rest() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.worked()
    for _ in range(FAILURES):
        assert breaker.lets_through()
        breaker.failed()
    assert not breaker.lets_through()
    clock.now += REST_S
    assert breaker.lets_through()
    assert not breaker.lets_through(), "one at a time"
    breaker.worked()
    assert breaker.lets_through()


def test_what_cannot_get_better_opens_it_at_once() -> None:
    breaker = Breaker(Clock())
    breaker.failed(for_good=True)
    assert not breaker.lets_through()


def test_a_days_tokens_are_spent_once_and_come_back_the_next_day() -> None:
    day = ["2026-11-24"]
    budget = DayBudget(100, lambda: day[0])
    assert budget.take(60)
    assert not budget.take(60)
    budget.give_back(20)
    assert budget.take(60)
    assert not budget.take(1)
    day[0] = "2026-11-25"
    assert budget.take(100)
    budget.give_back(1_000)
    assert not budget.take(101)
