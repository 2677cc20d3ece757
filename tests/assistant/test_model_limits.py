import contextlib
import itertools

import pytest
from pydantic import SecretStr

from assistant.model import Model, model_of
from assistant.model_errors import ModelTrouble
from assistant.model_limits import FAILURES, REST_S, Breaker, DayBudget
from assistant.phrases import phrases
from assistant.prompt import writing_prompt
from assistant.settings import Settings
from tests.model_server import KEY, Call, Script, ScriptedServer, scripted_server


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


def asked(model: Model) -> None:
    prompt = writing_prompt("What is here?", ["One thing is here."], phrases("en"))
    with contextlib.suppress(ModelTrouble):
        list(model.write(prompt, model.deadline(), lambda: False))


def model_at(server: ScriptedServer) -> Model:
    settings = Settings(
        llm_base_url=server.address, llm_model="scripted", llm_api_key=SecretStr(KEY), llm_timeout_seconds=20
    )
    made = model_of(settings)
    assert made
    return made


def writes_broken_json(call: Call) -> None:
    call.reply('{"sentences": [{"text": "One thing is here.", "citations": [1')


def writes_what_is_not_true(call: Call) -> None:
    call.sentences(("Nine things are there.", [1]))


def takes_no_such_request(call: Call) -> None:
    call.status(422)


@pytest.mark.parametrize(
    ("script", "answers"),
    [(writes_broken_json, FAILURES), (takes_no_such_request, FAILURES), (writes_what_is_not_true, FAILURES + 2)],
)
def test_a_server_is_left_alone_for_what_it_sends_not_for_what_its_model_says(script: Script, answers: int) -> None:
    with scripted_server(script) as server:
        model = model_at(server)
        counts = [0]
        for _ in range(FAILURES + 2):
            asked(model)
            counts.append(len(server.calls))
        model.close()
    reached = sum(later > earlier for earlier, later in itertools.pairwise(counts))
    assert reached == answers
