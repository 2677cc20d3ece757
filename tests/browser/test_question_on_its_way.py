"""A question on its way: sent, worked on, stopped, refused or lost; and what is typed meanwhile."""

import re
import threading
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route, expect

from assistant.results import MAX_QUESTION
from assistant.settings import Settings
from assistant.ui.conversation import MAX_TURNS
from index.errors import StoreError
from tests.assistant.ui.fakes import ANSWERED, NOT_FOUND, OUT_OF_SCOPE, FakeAssistant, frame
from tests.browser.conftest import Open, Serve, Watch
from tests.browser.test_chat_page import ask, field, said, turns
from tests.serving import serving

pytestmark = pytest.mark.browser


class TestWork:
    def test_checked_sentences_show_before_the_answer_and_stay_when_it_is_stopped(
        self, site: str, visit: Open, fake: FakeAssistant
    ) -> None:
        fake.gate, fake.said = threading.Event(), (frame("Clubs could be involved, one source says."),)
        page = visit(site)
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(turns(page, "working").get_by_text("Clubs could be involved, one source says.")).to_be_visible()
        page.get_by_role("button", name="Stop").click()
        cut = turns(page, "problem")
        expect(cut.get_by_text("Clubs could be involved, one source says.")).to_be_visible()
        expect(cut.get_by_text("Cut short. What stands here had been checked.")).to_be_visible()

    def test_the_answer_takes_the_place_of_what_was_said_before_it(
        self, site: str, visit: Open, fake: FakeAssistant
    ) -> None:
        fake.gate, fake.said = threading.Event(), (frame("This will not stand."),)
        page = visit(site)
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(said(page, "This will not stand.")).to_be_visible()
        fake.gate.set()
        expect(turns(page)).to_have_count(1)
        expect(said(page, "This will not stand.")).to_have_count(0)

    def test_leaving_the_page_ends_the_work(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        fake.gate = threading.Event()
        page = visit(site)
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(said(page, "Searching 3 documents")).to_be_visible()
        page.close()
        assert fake.left.wait(20)

    def test_the_step_is_said_in_words_and_can_be_stopped(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        fake.gate = threading.Event()
        page = visit(site)
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(turns(page, "working").get_by_text("Searching 3 documents")).to_be_visible()
        expect(page.locator("#announcer")).to_have_text("Searching 3 documents")
        page.get_by_role("button", name="Stop").click()
        expect(said(page, "Stopped before the answer was complete.")).to_be_visible()
        expect(field(page)).to_have_value(ANSWERED.question)
        fake.gate.set()
        page.get_by_role("button", name="Try again").click()
        expect(turns(page)).to_have_count(1)
        expect(turns(page, "problem")).to_have_count(0)

    def test_questions_sent_the_moment_an_answer_shows_are_asked(
        self, site: str, visit: Open, fake: FakeAssistant
    ) -> None:
        page = visit(site)
        expect(field(page)).to_be_visible()
        page.evaluate(
            """(questions) => {
              new MutationObserver(() => {
                const answers = document.querySelectorAll('.turn[data-state="done"]').length;
                if (answers && questions.length && answers > 5 - questions.length) {
                  const field = document.querySelector("#question textarea");
                  field.value = questions.shift();
                  field.dispatchEvent(new Event("input", { bubbles: true }));
                  field.dispatchEvent(new KeyboardEvent("keypress", { key: "Enter", bubbles: true }));
                }
              }).observe(document.getElementById("talk"), { childList: true, subtree: true });
            }""",
            [f"Question {number}?" for number in range(5)],
        )
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(turns(page)).to_have_count(6)
        assert [asked.question for asked in fake.requests[1:]] == [f"Question {number}?" for number in range(5)]

    def test_what_is_typed_during_the_work_stays_in_the_field(
        self, site: str, visit: Open, fake: FakeAssistant
    ) -> None:
        fake.gate = threading.Event()
        page = visit(site)
        typing = field(page).element_handle()
        page.clock.install()
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(turns(page, "working").get_by_text("Searching 3 documents")).to_be_visible()
        typing.fill(NOT_FOUND.question)
        typing.press("Enter")
        expect(page.locator("#announcer")).to_contain_text("What you typed stays in the field.")
        page.clock.fast_forward(6_000)
        expect(turns(page, "working")).to_have_count(1)
        fake.gate.set()
        expect(turns(page)).to_have_count(1)
        expect(field(page)).to_have_value(NOT_FOUND.question)
        field(page).press("Enter")
        expect(turns(page)).to_have_count(2)

    def test_what_is_typed_while_a_question_is_on_its_way_stays(self, site: str, visit: Open) -> None:
        page = visit(site)
        held: list[Route] = []
        page.route("**/gradio_api/queue/join*", lambda route: held.append(route))
        with page.expect_request("**/gradio_api/queue/join*"):
            field(page).fill(ANSWERED.question)
            field(page).press("Enter")
        field(page).fill(NOT_FOUND.question)
        for route in held:
            route.continue_()
        expect(turns(page)).to_have_count(1)
        expect(field(page)).to_have_value(NOT_FOUND.question)

    @pytest.mark.parametrize("fails", [False, True])
    def test_what_is_typed_outlasts_a_stop_and_a_failure(
        self, site: str, visit: Open, fake: FakeAssistant, fails: bool
    ) -> None:
        fake.gate = threading.Event()
        page = visit(site)
        typing = field(page).element_handle()
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(turns(page, "working").get_by_text("Searching 3 documents")).to_be_visible()
        typing.fill(NOT_FOUND.question)
        if fails:
            fake.failure = StoreError("the store is damaged")
            fake.gate.set()
        else:
            page.get_by_role("button", name="Stop").click()
        expect(page.get_by_role("button", name="Try again")).to_be_visible()
        expect(field(page)).to_have_value(NOT_FOUND.question)
        fake.gate, fake.failure = None, None
        page.get_by_role("button", name="Try again").click()
        expect(turns(page)).to_have_count(1)
        assert fake.requests[-1].question == ANSWERED.question
        expect(field(page)).to_have_value(NOT_FOUND.question)
        field(page).press("Enter")
        expect(turns(page)).to_have_count(2)
        assert fake.requests[-1].question == NOT_FOUND.question

    def test_the_oldest_answers_go_from_a_long_conversation(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        for number in range(MAX_TURNS):
            ask(page, f"Question {number}?")
        field(page).fill("One more?")
        field(page).press("Enter")
        expect(turns(page).last.locator(".question")).to_have_text("One more?")
        field(page).press_sequentially("And")
        expect(said(page, "Earlier questions of this conversation are no longer shown.")).to_be_visible()
        expect(turns(page)).to_have_count(MAX_TURNS)
        expect(field(page)).to_have_value("And")
        assert len(fake.requests) == MAX_TURNS + 1

    def test_who_waits_is_told_the_place_in_the_line(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        fake.gate = threading.Event()
        pages = [visit(site) for _ in range(4)]
        for page in pages:
            field(page).fill(ANSWERED.question)
            field(page).press("Enter")
            expect(turns(page, "working")).to_have_count(1)
        expect(said(pages[3], "Waiting. One question is before yours; yours is kept.")).to_be_visible()
        fake.gate.set()
        for page in pages:
            expect(turns(page)).to_have_count(1)

    def test_a_failure_keeps_the_question(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        fake.failure = StoreError("the store is damaged")
        page = visit(site)
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(said(page, "The documents cannot be searched just now.")).to_be_visible()
        expect(said(page, "Nothing is lost; your question is kept.")).to_be_visible()
        expect(field(page)).to_have_value(ANSWERED.question)
        fake.failure = None
        page.get_by_role("button", name="Try again").click()
        expect(turns(page)).to_have_count(1)
        expect(field(page)).to_have_value("")

    def test_a_question_that_is_too_long(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        field(page).fill("x" * (MAX_QUESTION + 1))
        field(page).press("Enter")
        expect(said(page, "Your question has 8001 characters; at most 8000 can be read.")).to_be_visible()
        expect(field(page)).to_have_value("x" * (MAX_QUESTION + 1))
        assert not fake.requests

    def test_too_many_questions(self, serve: Serve, visit: Open, tmp_path: Path) -> None:
        with serve(FakeAssistant(), Settings(store=tmp_path / ".store", rate_limit_per_minute=1)) as address:
            page = visit(address)
            ask(page, ANSWERED.question)
            field(page).fill("And now?")
            field(page).press("Enter")
            expect(said(page, re.compile(r"Ask again in \d+ seconds"))).to_be_visible()
            expect(field(page)).to_have_value("And now?")
            page.close()

    def test_a_lost_connection(self, serve: Serve, visit: Open, watch: Watch, tmp_path: Path) -> None:
        watch.allowed.update(("Failed to load resource", "network error"))
        with serve(FakeAssistant(), Settings(store=tmp_path / ".store")) as address:
            page = visit(address)
            ask(page, ANSWERED.question)
        field(page).fill("And now?")
        field(page).press("Enter")
        expect(said(page, "The connection to the server was lost.")).to_be_visible(timeout=20_000)
        expect(field(page)).to_have_value("And now?")
        expect(turns(page)).to_have_count(1)
        page.get_by_role("button", name="Try again").click()
        expect(said(page, "The server cannot be reached yet.")).to_be_visible()

    def test_the_same_refusal_twice_is_no_lost_connection(self, site: str, visit: Open) -> None:
        page = visit(site)
        page.clock.install()
        field(page).fill("x" * (MAX_QUESTION + 1))
        field(page).press("Enter")
        refusal = turns(page, "problem").locator("[data-problem]")
        expect(refusal).to_be_visible()
        first = refusal.get_attribute("data-problem")
        field(page).press("Enter")
        expect(refusal).not_to_have_attribute("data-problem", str(first))
        page.clock.fast_forward(6_000)
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(turns(page)).to_have_count(1)

    def test_a_composition_sends_nothing(self, site: str, visit: Open) -> None:
        page = visit(site)
        field(page).fill(ANSWERED.question)
        field(page).dispatch_event("keydown", {"key": "Enter", "keyCode": 229})
        field(page).press("Enter")
        expect(turns(page)).to_have_count(1)

    def test_a_restart_during_an_answer(self, visit: Open, watch: Watch, tmp_path: Path) -> None:
        watch.allowed.update(("Failed to load resource", "/assets/"))  # Gradio tells of the end in several ways
        backend, settings = FakeAssistant(gate=threading.Event()), Settings(store=tmp_path / ".store")
        with serving(backend, settings) as address:
            page = visit(address)
            page.clock.install()
            field(page).fill(ANSWERED.question)
            field(page).press("Enter")
            expect(turns(page, "working").get_by_text("Searching 3 documents")).to_be_visible()
        with serving(FakeAssistant(), settings, urlsplit(address).port or 0):
            # Which of the two the page has depends on how much Gradio heard of the end.
            stop, lost = page.locator("#stop"), said(page, "The connection to the server was lost.")
            expect(stop.or_(lost).filter(visible=True).first).to_be_visible()
            if stop.is_visible():
                stop.evaluate("button => button.click()")
                page.clock.fast_forward(6_000)
            expect(lost).to_be_visible()
            field(page).fill("And now?")
            field(page).press("Enter")
            expect(page.get_by_role("button", name="Try again")).to_be_focused()
            page.get_by_role("button", name="Try again").click()
            expect(turns(page)).to_have_count(1)
            expect(field(page)).to_have_value("And now?")
            page.close()

    def test_trying_again_keeps_the_answers(self, site: str, visit: Open, watch: Watch, fake: FakeAssistant) -> None:
        watch.allowed.add("Failed to load resource")
        page = visit(site)
        ask(page, ANSWERED.question)
        page.route("**/gradio_api/queue/join*", lambda route: route.abort())
        field(page).fill(OUT_OF_SCOPE.question)
        field(page).press("Enter")
        expect(said(page, "The connection to the server was lost.")).to_be_visible()
        page.unroute("**/gradio_api/queue/join*")
        page.get_by_role("button", name="Try again").click()
        expect(turns(page)).to_have_count(2)
        assert page.locator(".question").all_inner_texts() == [ANSWERED.question, OUT_OF_SCOPE.question]
        assert [turn.content for turn in fake.requests[-1].history] == [ANSWERED.question, ANSWERED.answer]
