"""What can be done with an answer in the chat page: change its question, keep it, hand it on."""

import io
import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

import pypdf
import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from assistant.settings import Settings
from tests.assistant.ui.fakes import ANSWERED, BODIES, CLUBS, CONFLICT, NOT_FOUND, OUT_OF_SCOPE, FakeAssistant
from tests.browser.conftest import Open, Watch
from tests.browser.test_chat_page import ask, field, said, turns
from tests.serving import serving

pytestmark = pytest.mark.browser


def kept(database: Path, query: str) -> list[Any]:
    with sqlite3.connect(database) as connection:
        return connection.execute(query).fetchall()


def questions(page: Page) -> list[str]:
    return turns(page).locator(".question").all_inner_texts()


def in_history(page: Page) -> list[list[str]]:
    """The questions of each conversation that the browser keeps."""
    kept = json.loads(page.evaluate("localStorage.getItem('conversations')"))
    return [[turn["question"] for turn in one["turns"]] for one in kept]


def keep_history(page: Page) -> None:
    page.get_by_role("button", name="Earlier questions").click()
    page.get_by_role("button", name="Keep them in this browser").click()
    page.keyboard.press("Escape")


def open_earlier(page: Page, question: str) -> None:
    page.get_by_role("button", name="Earlier questions").click()
    page.locator("#history li").get_by_role("button", name=question).first.click()


def speak_french(page: Page) -> None:
    page.locator(".languages summary").click()
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_label("Votre question")).to_be_visible()


class TestAgain:
    def test_an_edited_question_takes_the_place_of_the_last(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        ask(page, OUT_OF_SCOPE.question)
        ask(page, ANSWERED.question)
        expect(page.get_by_role("button", name="Edit the question")).to_have_count(1)
        page.get_by_role("button", name="Edit the question").click()
        expect(field(page)).to_be_focused()
        expect(field(page)).to_have_value(ANSWERED.question)
        expect(said(page, "Your next question takes the place of your last one")).to_be_visible()
        field(page).fill(CONFLICT.question)
        field(page).press("Enter")
        expect(turns(page).last).to_contain_text(CONFLICT.question)
        assert questions(page) == [OUT_OF_SCOPE.question, CONFLICT.question]
        assert [turn.content for turn in fake.requests[-1].history] == [OUT_OF_SCOPE.question, OUT_OF_SCOPE.answer]
        expect(page.locator("#editing")).to_be_hidden()
        ask(page, NOT_FOUND.question)
        assert len(questions(page)) == 3

    def test_the_last_answer_can_be_kept_after_all(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        page.get_by_role("button", name="Edit the question").click()
        page.get_by_role("button", name="Keep the last one").click()
        expect(field(page)).to_have_value("")
        ask(page, CONFLICT.question)
        assert questions(page) == [ANSWERED.question, CONFLICT.question]

    def test_a_question_is_asked_again_in_its_place(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        before = ask(page, ANSWERED.question).locator(".answer").get_attribute("data-answer")
        page.get_by_role("button", name="Ask again").click()
        expect(page.locator(f'.turn[data-state="done"] .answer:not([data-answer="{before}"])')).to_have_count(1)
        assert questions(page) == [ANSWERED.question]
        assert fake.requests[-1].history == ()

    def test_one_that_was_stopped_meanwhile_is_too(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        fake.gate = threading.Event()
        page.get_by_role("button", name="Ask again").click()
        page.get_by_role("button", name="Stop").click()
        expect(turns(page, "problem")).to_have_count(1)
        fake.gate = None
        page.get_by_role("button", name="Try again").click()
        expect(turns(page, "problem")).to_have_count(0)
        expect(turns(page)).to_have_count(1)
        ask(page, NOT_FOUND.question)
        assert questions(page) == [ANSWERED.question, NOT_FOUND.question]


class TestHandedOn:
    def test_a_link_reopens_the_same_answer_for_somebody_else(self, site: str, visit: Open, watch: Watch) -> None:
        page = visit(site, permissions=["clipboard-read", "clipboard-write"])
        answer = ask(page, ANSWERED.question)
        answer.get_by_role("button", name="Link", exact=True).click()
        expect(answer.get_by_text("The link is copied. Whoever has it can read")).to_be_visible()
        link = page.evaluate("navigator.clipboard.readText()")
        other = visit(link)
        expect(other.get_by_role("heading", level=1)).to_have_text(ANSWERED.question)
        expect(other.locator("article.answer")).to_contain_text(f"“{CLUBS}”")
        expect(other.locator("article.answer button")).to_have_count(0)
        other.locator("a.cite").first.click()
        expect(other.locator("mark#quote")).to_have_text(CLUBS)
        ask(page, CONFLICT.question)
        answer = turns(page).first
        answer.get_by_role("button", name="Delete the link").click()
        expect(answer.get_by_text("The link is deleted. Nobody can open it any more.")).to_be_visible()
        expect(answer.get_by_role("button", name="Link", exact=True)).to_be_focused()
        watch.allowed.add("404")
        other.goto(link)
        expect(other.get_by_role("heading", level=1)).to_have_text("There is no answer at this address")

    def test_a_markdown_file(self, site: str, visit: Open) -> None:
        page = visit(site)
        answer = ask(page, ANSWERED.question)
        answer.locator(".save summary").click()
        with page.expect_download() as download:
            answer.get_by_role("button", name="Markdown file").click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert download.value.suggested_filename == "2026-11-24.md"
        assert text.startswith(f"# {ANSWERED.question}\n")
        assert f"“{CLUBS}” [1]\n" in text
        assert "- ✓ Met: The club works on a non-profit basis [2]\n" in text
        assert f"> {BODIES}\n" in text

    def test_print_has_the_quotes_and_no_buttons(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        printed = " ".join(
            " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(page.pdf())).pages).split()
        )
        assert printed.count(CLUBS) == 2  # in the answer, and under its sources
        assert ANSWERED.question in printed
        assert "Ask a person" not in printed
        assert "Your question" not in printed

    def test_a_person_is_sent_the_conversation(self, site: str, visit: Open, database: Path) -> None:
        page = visit(site)
        ask(page, OUT_OF_SCOPE.question)
        button = ask(page, ANSWERED.question).get_by_role("button", name="Ask a person")
        button.click()
        dialog = page.get_by_role("dialog", name="Ask a person")
        draft = dialog.get_by_role("link", name="Write an e-mail instead").get_attribute("href") or ""
        assert draft.startswith("mailto:helpdesk@example.eu?subject=Can%20a%20club%20be%20a%20partner%3F&body=")
        dialog.get_by_label("What would you like to know?").fill("May we take part?")
        dialog.get_by_label("Your e-mail address, for the reply").fill("not an address")
        dialog.get_by_role("button", name="Send").click()
        expect(dialog.get_by_label("Your e-mail address, for the reply")).to_be_focused()
        dialog.get_by_label("Your e-mail address, for the reply").fill("club@example.eu")
        dialog.get_by_role("button", name="Send").click()
        expect(dialog.get_by_text("Sent. It is kept for 90 days.")).to_be_visible()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
        text, email, conversation = kept(
            database, "select text, email, conversation from requests where kind = 'person'"
        )[-1]
        assert (text, email) == ("May we take part?", "club@example.eu")
        assert [one["question"] for one in json.loads(conversation)] == [OUT_OF_SCOPE.question, ANSWERED.question]

    def test_an_answer_is_reported(self, site: str, visit: Open, database: Path) -> None:
        page = visit(site)
        ask(page, OUT_OF_SCOPE.question)
        ask(page, ANSWERED.question).get_by_role("button", name="Report this answer").click()
        dialog = page.get_by_role("dialog", name="Report this answer")
        dialog.get_by_label("What is wrong with this answer?").fill("Clubs may not.")
        dialog.get_by_role("button", name="Send").click()
        expect(dialog.get_by_text("Sent. It is kept for 90 days.")).to_be_visible()
        text, conversation = kept(database, "select text, conversation from requests where kind = 'report'")[-1]
        assert text == "Clubs may not."
        assert [one["question"] for one in json.loads(conversation)] == [ANSWERED.question]


class TestHistory:
    def test_nothing_is_kept_unless_it_is_asked_for(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        assert page.evaluate("localStorage.length") == 0
        assert page.context.cookies() == []

    def test_a_kept_conversation_goes_on_and_can_be_deleted(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        page.get_by_role("button", name="Earlier questions").click()
        page.get_by_role("button", name="Keep them in this browser").click()
        expect(page.locator("#history li")).to_have_count(1)
        page.reload()
        expect(field(page)).to_be_visible()
        open_earlier(page, ANSWERED.question)
        expect(turns(page)).to_have_count(1)
        expect(page.get_by_role("heading", level=2, name=ANSWERED.question)).to_be_focused()
        ask(page, CONFLICT.question)
        assert [turn.content for turn in fake.requests[-1].history] == [ANSWERED.question, ANSWERED.answer]
        page.get_by_role("button", name="Earlier questions").click()
        page.get_by_role("button", name=f"Delete: {ANSWERED.question}").click()
        expect(page.locator("#history li")).to_have_count(0)
        page.get_by_role("button", name="Delete all and keep no more").click()
        assert page.evaluate("localStorage.length") == 0

    def test_what_another_service_sealed_is_not_opened(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        expect(field(page)).to_be_visible()
        page.evaluate(
            "localStorage.setItem('conversations',"
            " JSON.stringify([{at: 1, turns: [{question: 'Q', sealed: 'e30.forged'}]}]))"
        )
        page.get_by_role("button", name="Earlier questions").click()
        page.locator("#history li button").first.click()
        expect(said(page, "This conversation can no longer be opened.")).to_be_visible()
        ask(page, ANSWERED.question)
        assert in_history(page) == [[ANSWERED.question], ["Q"]]

    def test_what_was_deleted_stays_deleted(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        page.get_by_role("button", name="Earlier questions").click()
        page.get_by_role("button", name="Keep them in this browser").click()
        page.get_by_role("button", name=f"Delete: {ANSWERED.question}").click()
        page.keyboard.press("Escape")
        ask(page, CONFLICT.question)
        assert in_history(page) == [[CONFLICT.question]]
        speak_french(page)
        expect(turns(page)).to_have_count(2)
        assert in_history(page) == [[CONFLICT.question]]
        page.evaluate("localStorage.setItem('conversations', '[]')")  # as another window does
        field(page, "Votre question").fill(NOT_FOUND.question)
        field(page, "Votre question").press("Enter")
        expect(turns(page)).to_have_count(3)
        assert in_history(page) == [[NOT_FOUND.question]]

    @pytest.mark.parametrize("before", [[OUT_OF_SCOPE.question], [OUT_OF_SCOPE.question, ANSWERED.question]])
    def test_what_the_service_forgot_comes_back(
        self, visit: Open, watch: Watch, fake: FakeAssistant, tmp_path: Path, before: list[str]
    ) -> None:
        settings = Settings(database_url=f"sqlite:///{tmp_path / 'kept.sqlite3'}")
        watch.allowed.add("ERR_")
        with serving(fake, settings) as address:
            page = visit(address)
            keep_history(page)
            for question in before:
                ask(page, question)
        with serving(fake, settings, int(address.rsplit(":", 1)[1])):
            field(page).fill(CONFLICT.question)
            field(page).press("Enter")
            expect(turns(page)).to_have_count(len(before) + 1)
            assert questions(page) == [*before, CONFLICT.question]
            assert in_history(page) == [questions(page)]
            page.goto("about:blank")

    def test_one_chosen_before_the_page_is_ready_is_opened(self, site: str, visit: Open) -> None:
        page = visit(site)
        keep_history(page)
        ask(page, ANSWERED.question)
        held: list[Route] = []
        page.route("**/assets/Index-*.js", lambda route: held.append(route))
        page.reload()
        open_earlier(page, ANSWERED.question)
        expect(page.get_by_role("dialog")).to_have_count(0)
        for route in held:
            route.continue_()
        page.unroute("**/assets/Index-*.js")
        expect(turns(page)).to_have_count(1)

    def test_two_windows_on_one_conversation_lose_nothing(self, site: str, visit: Open) -> None:
        page = visit(site)
        keep_history(page)
        ask(page, ANSWERED.question)
        other = page.context.new_page()
        other.goto(site)
        open_earlier(other, ANSWERED.question)
        expect(turns(other)).to_have_count(1)
        ask(page, CONFLICT.question)
        ask(other, NOT_FOUND.question)
        assert in_history(other) == [
            [ANSWERED.question, NOT_FOUND.question],
            [ANSWERED.question, CONFLICT.question],
        ]

    def test_none_is_opened_while_a_question_is_answered(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        keep_history(page)
        ask(page, ANSWERED.question)
        fake.gate = threading.Event()
        field(page).fill(CONFLICT.question)
        field(page).press("Enter")
        expect(page.locator('.turn[data-state="working"]')).to_have_count(1)
        page.get_by_role("button", name="Earlier questions").click()
        earlier = page.locator("#history li").get_by_role("button", name=ANSWERED.question).first
        expect(earlier).to_be_disabled()
        fake.gate.set()
        expect(earlier).to_be_enabled()

    def test_another_language_is_the_same_conversation(self, site: str, visit: Open) -> None:
        page = visit(site)
        keep_history(page)
        ask(page, ANSWERED.question)
        speak_french(page)
        expect(turns(page)).to_have_count(1)
        assert in_history(page) == [[ANSWERED.question]]


class TestLanguage:
    def test_is_chosen_remembered_and_keeps_the_conversation(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        field(page).fill("What about")
        speak_french(page)
        expect(page.locator("html")).to_have_attribute("lang", "fr")
        expect(turns(page)).to_have_count(1)
        expect(field(page, "Votre question")).to_have_value("What about")
        page.goto(site)
        expect(page.get_by_label("Votre question")).to_be_visible()
        page.locator(".deadline a").click()
        expect(page.get_by_role("link", name="Document entier")).to_be_visible()

    def test_is_not_changed_without_asking_where_the_answers_would_be_lost(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full') } }")
        asked: list[str] = []

        def hear(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.dismiss()

        page.on("dialog", hear)
        page.locator(".languages summary").click()
        page.get_by_role("link", name="Français").click()
        assert asked == ["What is on this page cannot be kept. Go on all the same?"]
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(turns(page)).to_have_count(1)

    def test_is_the_one_that_the_browser_prefers(self, site: str, visit: Open) -> None:
        page = visit(site, locale="pl-PL")
        expect(page.get_by_label("Pytanie")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "pl")
