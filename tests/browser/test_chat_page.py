"""The chat page in a browser, over answers made by hand for each of its states."""

import re
import sqlite3
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.assistant.ui.fakes import (
    ANSWERED,
    BODIES,
    CLARIFY,
    CLUBS,
    GARDEN,
    HOSTILE_ANSWER,
    NOT_FOUND,
    OUT_OF_SCOPE,
    RESULTS,
    FakeAssistant,
    FakeModel,
)
from tests.browser.conftest import Open, Watch

pytestmark = pytest.mark.browser

WIDE = {"width": 1280, "height": 900}
NARROW = {"width": 360, "height": 740}


def field(page: Page, label: str = "Your question") -> Locator:
    return page.get_by_label(label)


def turns(page: Page, state: str = "done") -> Locator:
    return page.locator(f'.turn[data-state="{state}"]')


def ask(page: Page, question: str) -> Locator:
    """Ask and wait for the answer."""
    before = turns(page).count()
    field(page).fill(question)
    field(page).press("Enter")
    expect(turns(page)).to_have_count(before + 1)
    return turns(page).last


def said(page: Page, text: str | re.Pattern[str]) -> Locator:
    """Words in the conversation; what only a screen reader hears is elsewhere."""
    return page.locator("#talk").get_by_text(text)


def sideways(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


class TestEmpty:
    def test_says_what_it_is_before_the_first_question(self, site: str, visit: Open) -> None:
        page = visit(site)
        expect(page).to_have_title("Gardens for everyone")
        expect(page.get_by_role("heading", level=1)).to_have_text("Gardens for everyone")
        expect(page.get_by_text("Closed since 31 January 2019, 17:00 Brussels time")).to_be_visible()
        expect(page.get_by_text("You are using an AI system")).to_be_visible()
        expect(
            page.get_by_text("quoted from one of 3 documents. The newest original is of 6 November 2018")
        ).to_be_visible()
        assert page.locator("html").get_attribute("lang") == "en"

    def test_names_the_model_that_writes_and_where_questions_go(
        self, site: str, visit: Open, fake: FakeAssistant
    ) -> None:
        fake.writer = FakeModel("a-model", "models.example.eu")
        page = visit(site)
        expect(page.get_by_text("A language model (a-model) puts the answers into words")).to_be_visible()
        expect(page.get_by_text("your question is sent to models.example.eu")).to_be_visible()
        expect(page.get_by_text("Every statement rests on quotes from 3 documents.")).to_be_visible()

    def test_a_starter_asks_its_question(self, site: str, visit: Open) -> None:
        page = visit(site)
        expect(page.locator(".starters button")).to_have_count(4)
        page.get_by_role("button", name="Can a club be a partner?").click()
        expect(turns(page)).to_have_count(1)
        expect(page.get_by_role("heading", level=2, name="Can a club be a partner?")).to_be_focused()
        expect(page.locator(".starters")).to_be_hidden()
        expect(field(page)).to_have_value("")

    def test_a_blank_question_is_not_sent(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        field(page).fill("   ")
        field(page).press("Enter")
        ask(page, "Can a club be a partner?")
        assert len(fake.requests) == 1


class TestAnswer:
    def test_shift_and_enter_begins_a_new_line(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        field(page).click()
        page.keyboard.type("one")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("two")
        page.keyboard.press("Enter")
        expect(turns(page)).to_have_count(1)
        assert fake.requests[-1].question == "one\ntwo"

    def test_is_announced_and_leaves_the_focus_in_the_field(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        expect(page.locator("#announcer")).to_contain_text("Yes. The sources say yes, under conditions.")
        expect(field(page)).to_be_focused()

    def test_goes_on_from_what_was_said(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        ask(page, "And in priority 2?")
        assert [turn.content for turn in fake.requests[-1].history] == [ANSWERED.question, ANSWERED.answer]
        expect(turns(page).first).to_contain_text("Can a club be a partner?")

    def test_a_reply_to_a_question_back_is_one_click(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        ask(page, CLARIFY.question).get_by_role("button", name="Club & society").click()
        expect(turns(page)).to_have_count(2)
        assert fake.requests[-1].question == "Club & society"
        assert fake.requests[-1].history[1].result is not None

    def test_nothing_in_an_answer_runs(self, site: str, visit: Open) -> None:
        page = visit(site)
        answer = ask(page, HOSTILE_ANSWER.question)
        expect(page).to_have_title("Gardens for everyone")
        assert page.locator("#conversation :is(script, img, svg, iframe, object)").count() == 0
        expect(answer).to_contain_text("<img src=x onerror=alert(1)>")
        expect(answer).to_contain_text("$$x$$ **bold** [link](https://example.org)")
        expect(answer).to_contain_text('__i18n__{"key":"x"}')
        expect(answer.locator("a.cite").first).to_be_visible()

    def test_copies_with_citations(self, site: str, visit: Open) -> None:
        page = visit(site, permissions=["clipboard-read", "clipboard-write"])
        answer = ask(page, ANSWERED.question)
        answer.get_by_role("button", name="Copy with citations").click()
        expect(answer.get_by_text("Copied")).to_be_visible()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert f"“{CLUBS}” [1]" in copied
        assert "[1] Gardens for everyone · Who may apply" in copied

    def test_keeps_a_thumb_with_its_reason(self, site: str, visit: Open, database: Path) -> None:
        page = visit(site)
        answer = ask(page, NOT_FOUND.question)
        answer.get_by_role("button", name="No", exact=True).click()
        reason = answer.get_by_label("What was missing or wrong?")
        expect(reason).to_be_focused()
        reason.fill("They are in annex 2")
        answer.get_by_role("button", name="Send").click()
        expect(answer.get_by_text("Noted. Thank you.")).to_be_visible()
        expect(reason).to_be_hidden()
        expect(answer.get_by_role("button", name="No", exact=True)).to_be_focused()
        with sqlite3.connect(database) as connection:
            kept = connection.execute("select question, helpful, reason, status from ratings").fetchall()
        assert (NOT_FOUND.question, 0, "They are in annex 2", "not_found") in kept


class TestPanel:
    def test_a_number_opens_its_quote_and_gets_the_focus_back(self, site: str, visit: Open) -> None:
        page = visit(site, viewport=WIDE)
        number = ask(page, ANSWERED.question).get_by_role("link", name="[1] Source").first
        number.click()
        panel = page.get_by_role("dialog", name="Source")
        expect(panel.locator("mark")).to_have_text(CLUBS)
        expect(panel.locator("mark")).to_be_in_viewport()
        expect(panel).to_contain_text("The garden office, 6 November 2018")
        page.keyboard.press("Escape")
        expect(panel).to_be_hidden()
        expect(number).to_be_focused()

    def test_stands_beside_the_conversation_on_a_wide_window(self, site: str, visit: Open) -> None:
        page = visit(site, viewport=WIDE)
        ask(page, ANSWERED.question).locator("a.cite").first.click()
        panel, talk = page.locator("#source-panel").bounding_box(), page.locator("#talk").bounding_box()
        assert panel is not None
        assert talk is not None
        assert talk["x"] + talk["width"] <= panel["x"]
        assert panel["x"] + panel["width"] == pytest.approx(WIDE["width"])
        field(page).fill("the field is still in reach")

    def test_covers_a_narrow_window_and_keeps_the_focus(self, site: str, visit: Open) -> None:
        page = visit(site, viewport=NARROW)
        ask(page, ANSWERED.question).locator("a.cite").first.click()
        panel = page.locator("#source-panel")
        expect(panel.locator("mark")).to_be_focused()
        box = panel.bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (NARROW["width"], NARROW["height"])
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
            )
        panel.get_by_role("button", name="Close").click()
        expect(page.locator(".turn a.cite").first).to_be_focused()

    def test_goes_from_source_to_source(self, site: str, visit: Open) -> None:
        page = visit(site, viewport=WIDE)
        ask(page, ANSWERED.question).locator("a.cite").first.click()
        panel = page.locator("#source-panel")
        expect(panel).to_contain_text("1 of 2")
        expect(panel.get_by_role("button", name="Previous source")).to_be_disabled()
        panel.get_by_role("button", name="Next source").click()
        expect(panel.locator("mark")).to_have_text(BODIES)
        expect(panel).to_contain_text("2 of 2")
        expect(panel.get_by_role("button", name="Previous source")).to_be_focused()

    def test_leads_to_the_whole_document_at_the_quote(self, site: str, visit: Open) -> None:
        page = visit(site, viewport={"width": 1280, "height": 300})
        ask(page, ANSWERED.question).locator("a.cite").first.click()
        with page.expect_popup() as popup:
            page.get_by_role("link", name="Whole document").click()
        document = popup.value
        expect(document.get_by_role("heading", level=1)).to_have_text("Gardens for everyone")
        expect(document.locator("mark#quote")).to_have_text(CLUBS)
        expect(document.locator("mark#quote")).to_be_in_viewport()

    def test_shows_the_source_of_the_deadline(self, site: str, visit: Open) -> None:
        page = visit(site)
        page.get_by_role("link", name="Source of the deadline").click()
        expect(page.locator("#source-panel mark")).to_have_text("Deadline: Thursday, 31 January 2019, 17:00")

    def test_a_source_that_is_gone_is_said(self, site: str, visit: Open, watch: Watch) -> None:
        watch.allowed.add("404")
        page = visit(site)
        number = ask(page, ANSWERED.question).locator("a.cite").first
        page.route("**/sources/**", lambda route: route.fulfill(status=404, body="{}"))
        number.click()
        expect(page.locator(".panel-body")).to_have_text("The source could not be opened.")

    def test_the_quote_shows_on_hover_and_goes_with_escape(self, site: str, visit: Open) -> None:
        page = visit(site, viewport=WIDE)
        number = ask(page, ANSWERED.question).locator("a.cite").nth(1)
        number.hover()
        tip = page.get_by_role("tooltip")
        expect(tip).to_have_text(BODIES)
        tip.hover()
        expect(tip).to_be_visible()
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()


class TestKeyboard:
    def test_the_whole_way_without_a_mouse(self, site: str, visit: Open) -> None:
        page = visit(site, viewport=WIDE)
        expect(field(page)).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to your question")).to_be_focused()
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(field(page)).to_be_focused()
        page.keyboard.type(ANSWERED.question)
        page.keyboard.press("Enter")
        expect(turns(page)).to_have_count(1)
        number = page.locator(".turn a.cite").first
        self._back_to(page, number)
        expect(page.get_by_role("tooltip")).to_have_text(CLUBS)
        page.keyboard.press("Enter")
        expect(page.locator("#source-panel mark")).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Whole document")).to_be_focused()
        page.keyboard.press("Escape")
        expect(number).to_be_focused()

    def _back_to(self, page: Page, target: Locator) -> None:
        for _ in range(40):
            page.keyboard.press("Shift+Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError("it cannot be reached with the keyboard")

    def test_the_focus_can_be_seen(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        seen = set()
        for _ in range(30):
            page.keyboard.press("Shift+Tab")
            width = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
            if page.evaluate("document.activeElement !== document.body"):
                assert width == "3px", focused(page)
                seen.add(focused(page))
        assert {"cite", "action", "choice"} - seen <= {"choice"}


class TestVisitors:
    def test_two_never_mix(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        first, second = visit(site), visit(site)
        ask(first, ANSWERED.question)
        ask(second, OUT_OF_SCOPE.question)
        ask(first, "first again")
        ask(second, "second again")
        histories = {request.question: [turn.content for turn in request.history] for request in fake.requests}
        assert histories["first again"] == [ANSWERED.question, ANSWERED.answer]
        assert histories["second again"] == [OUT_OF_SCOPE.question, OUT_OF_SCOPE.answer]
        assert first.locator(".question").all_inner_texts() == [ANSWERED.question, "first again"]
        assert second.locator(".question").all_inner_texts() == [OUT_OF_SCOPE.question, "second again"]

    def test_a_new_page_starts_empty(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        page.reload()
        expect(page.locator(".starters button")).to_have_count(4)
        assert page.locator(".turn").count() == 0
        ask(page, OUT_OF_SCOPE.question)
        assert fake.requests[-1].history == ()


class TestLayout:
    @pytest.mark.parametrize("width", [320, 360, 768, 1024, 1280])
    def test_nothing_is_wider_than_the_window(self, site: str, visit: Open, width: int) -> None:
        page = visit(site, viewport={"width": width, "height": 800})
        expect(field(page)).to_be_visible()
        assert sideways(page) == 0
        for question in RESULTS:
            ask(page, question)
            assert sideways(page) == 0, question
        ask(page, "unbreakable" * 300)
        assert sideways(page) == 0
        page.locator(".turn a.cite").first.click()
        expect(page.locator("#source-panel mark")).to_be_visible()
        assert sideways(page) == 0
        page.goto(f"{site}/sources/{GARDEN}?start=30&end=90")
        assert sideways(page) == 0

    def test_targets_are_large_enough(self, site: str, visit: Open) -> None:
        page = visit(site, viewport=NARROW)
        for question in RESULTS:
            ask(page, question)
        for target in page.locator("button:visible, summary:visible, a:visible, textarea:visible").all():
            box = target.bounding_box()
            assert box is not None
            inside_a_sentence = target.evaluate("element => element.matches('p > a:not(.cite), li > a, dd a')")
            assert inside_a_sentence or min(box["width"], box["height"]) >= 24, target.inner_text()
        for target in (page.locator("#ask"), page.locator(".choice:visible").first, field(page)):
            box = target.bounding_box()
            assert box is not None
            assert box["height"] >= 44

    @pytest.mark.parametrize(
        ("scheme", "ground", "text", "link", "quote"),
        [
            ("light", "rgb(255, 255, 255)", "rgb(27, 31, 36)", "rgb(0, 51, 153)", "rgb(255, 240, 168)"),
            ("dark", "rgb(19, 22, 27)", "rgb(233, 236, 241)", "rgb(157, 184, 255)", "rgb(90, 74, 0)"),
        ],
    )
    def test_follows_the_colours_of_the_system(
        self, site: str, visit: Open, scheme: str, ground: str, text: str, link: str, quote: str
    ) -> None:
        page = visit(site, color_scheme=scheme)

        def style(selector: str, name: str) -> str:
            return str(page.locator(selector).first.evaluate("(e, name) => getComputedStyle(e)[name]", name))

        ask(page, ANSWERED.question)
        assert style("body", "backgroundColor") == ground
        assert style(".gradio-container", "backgroundColor") == ground
        assert style("p.statement", "color") == text
        assert style("#question textarea", "backgroundColor") == ground
        assert style("#question textarea", "color") == text
        assert style("p.statement a.cite", "color") == link
        assert style("#ask", "backgroundColor") == link
        page.locator("a.cite").first.click()
        expect(page.locator("mark")).to_be_visible()
        assert style("mark", "backgroundColor") == quote
        page.goto(f"{site}/sources/{GARDEN}?start=30&end=90")
        assert style("html", "backgroundColor") == ground
        assert style("mark", "backgroundColor") == quote
