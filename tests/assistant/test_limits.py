"""The line before the desk, and the rate by address."""

import threading
from collections.abc import Callable, Iterator

import pytest

from assistant.limits import PLACES, Busy, Desk, RateLimit, Step, Waiting
from assistant.listen import Listener


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(at_once=1, line=2)
    yield made
    made.close()


def held(gate: threading.Event, begun: threading.Event | None = None) -> Callable[[Listener], str]:
    def work(_: Listener) -> str:
        if begun is not None:
            begun.set()
        assert gate.wait(timeout=30)
        return "done"

    return work


class TestDesk:
    def test_tells_the_steps_and_gives_the_result(self, desk: Desk) -> None:
        def work(listen: Listener) -> int:
            listen.step("one", "First")
            listen.step("two", "Second")
            return 7

        job = desk.submit(work, "10.0.0.1")
        assert list(job.news()) == [Step("one", "First"), Step("two", "Second")]
        assert job.result() == 7
        assert job.error() is None

    def test_gives_what_the_work_raised(self, desk: Desk) -> None:
        def work(_: Listener) -> None:
            raise LookupError("nothing")

        job = desk.submit(work, "10.0.0.2")
        assert list(job.news()) == []
        assert isinstance(job.error(), LookupError)
        with pytest.raises(LookupError):
            job.result()

    def test_tells_the_place_in_the_line_as_it_moves(self, desk: Desk) -> None:
        gates = [threading.Event() for _ in range(3)]
        begun = threading.Event()
        first = desk.submit(held(gates[0], begun), "10.0.0.3")
        assert begun.wait(timeout=30)
        second = desk.submit(held(gates[1]), "10.0.0.4")
        third = desk.submit(held(gates[2]), "10.0.0.5")
        assert next(second.news()) == Waiting(0)
        assert next(third.news()) == Waiting(1)
        gates[0].set()
        assert first.result() == "done"
        assert next(third.news()) == Waiting(0)
        gates[1].set()
        gates[2].set()
        assert third.result() == "done"

    def test_is_busy_when_the_line_is_full(self, desk: Desk) -> None:
        gate = threading.Event()
        jobs = [desk.submit(held(gate), f"10.0.1.{number}") for number in range(3)]
        with pytest.raises(Busy):
            desk.submit(held(gate), "10.0.0.7")
        gate.set()
        assert [job.result() for job in jobs] == ["done"] * 3
        assert desk.submit(held(gate), "10.0.0.8").result() == "done"

    def test_one_network_takes_no_more_than_its_places(self) -> None:
        desk, gate = Desk(at_once=1, line=20), threading.Event()
        jobs = [desk.submit(held(gate), f"2001:db8::{number}") for number in range(PLACES)]
        with pytest.raises(Busy):
            desk.submit(held(gate), "2001:db8::ff")
        jobs.append(desk.submit(held(gate), "2001:db8:0:1::1"))
        jobs[1].leave()
        jobs.append(desk.submit(held(gate), "2001:db8::ff"))
        gate.set()
        assert [job.result() for job in (jobs[0], *jobs[2:])] == ["done"] * (PLACES + 1)
        assert desk.submit(held(gate), "2001:db8::1").result() == "done"
        desk.close()

    def test_who_leaves_makes_room(self, desk: Desk) -> None:
        gate, begun = threading.Event(), threading.Event()
        first = desk.submit(held(gate, begun), "10.0.0.9")
        assert begun.wait(timeout=30)
        second, third = desk.submit(held(gate), "10.0.0.10"), desk.submit(held(gate), "10.0.0.11")
        second.leave()
        assert list(second.news()) == [Waiting(0)]
        assert [next(third.news()), next(third.news())] == [Waiting(1), Waiting(0)]
        fourth = desk.submit(held(gate), "10.0.0.12")
        gate.set()
        second.stop()
        assert [job.result() for job in (first, third, fourth)] == ["done"] * 3
        first.leave()

    def test_stopping_ends_the_news_of_work_that_has_begun(self, desk: Desk) -> None:
        gate, begun = threading.Event(), threading.Event()
        job = desk.submit(held(gate, begun), "10.0.0.13")
        assert begun.wait(timeout=30)
        job.stop()
        assert list(job.news()) == []
        assert job.stopped
        gate.set()

    def test_closing_lets_nobody_wait_for_ever(self) -> None:
        desk, gate, begun = Desk(at_once=1, line=1), threading.Event(), threading.Event()
        first = desk.submit(held(gate, begun), "10.0.0.14")
        assert begun.wait(timeout=30)
        second = desk.submit(held(gate), "10.0.0.15")
        closing = threading.Thread(target=desk.close)
        closing.start()
        assert isinstance(second.error() or list(second.news()), Busy)
        gate.set()
        closing.join(timeout=30)
        assert first.result() == "done"

    def test_closing_stops_what_has_begun(self) -> None:
        desk, heard = Desk(at_once=1, line=1), threading.Event()
        begun, given_up = threading.Event(), threading.Event()

        def work(listen: Listener) -> None:
            begun.set()
            while not listen.stopped and not given_up.wait(timeout=0.01):
                pass
            if listen.stopped:
                heard.set()

        desk.submit(work, "10.0.0.16")
        assert begun.wait(timeout=30)
        closing = threading.Thread(target=desk.close)
        closing.start()
        stopped = heard.wait(timeout=30)
        given_up.set()
        closing.join(timeout=30)
        assert stopped


class TestRateLimit:
    def test_counts_a_minute_for_each_address(self) -> None:
        now = [0.0]
        rate = RateLimit(2, clock=lambda: now[0])
        assert [rate.wait("10.0.0.1"), rate.wait("10.0.0.1")] == [0, 0]
        now[0] = 20.5
        assert rate.wait("10.0.0.1") == 40
        assert rate.wait("10.0.0.2") == 0
        now[0] = 60.0
        assert rate.wait("10.0.0.1") == 0

    def test_refused_questions_do_not_count(self) -> None:
        now = [0.0]
        rate = RateLimit(1, clock=lambda: now[0])
        assert rate.wait("a") == 0
        for now[0] in (10.0, 30.0, 59.0):
            assert rate.wait("a") > 0
        now[0] = 60.0
        assert rate.wait("a") == 0

    def test_takes_an_ipv6_network_as_one(self) -> None:
        rate = RateLimit(1)
        assert rate.wait("2001:db8::1") == 0
        assert rate.wait("2001:db8::2") > 0
        assert rate.wait("2001:db8:0:1::1") == 0

    def test_takes_a_mapped_ipv4_address_as_itself(self) -> None:
        rate = RateLimit(1)
        assert rate.wait("::ffff:10.0.0.1") == 0
        assert rate.wait("10.0.0.1") > 0
        assert rate.wait("::ffff:10.0.0.2") == 0

    def test_remembers_a_bounded_number_of_addresses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.limits.MAX_ADDRESSES", 3)
        rate = RateLimit(1)
        for number in range(5):
            assert rate.wait(f"10.0.0.{number}") == 0
        assert rate.wait("10.0.0.4") > 0
        assert rate.wait("10.0.0.0") == 0
