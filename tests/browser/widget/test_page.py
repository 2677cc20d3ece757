"""The widget's page in its frame, in a browser."""

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Frame, Page, expect

from assistant.settings import Settings
from assistant.ui.words import words
from index.errors import StoreError
from tests.assistant.ui.fakes import ANSWERED, CLARIFY, HOSTILE_ANSWER, OUT_OF_SCOPE, RESULTS, FakeAssistant, frame
from tests.browser.axe import violations
from tests.browser.conftest import Watch
from tests.browser.hosts import Host
from tests.browser.test_after_the_answer import kept
from tests.browser.widget.conftest import LOCALHOST, Visit
from tests.browser.widget.frames import NAME, ask, field, in_widget, inside, opened, turns
from tests.serving import serving

pytestmark = pytest.mark.browser

FORMS = ("Ask a person", "Report this answer")


class TestByKeyboardAndEar:
    def test_the_whole_way_by_keyboard(self, visit: Visit, service: str) -> None:
        page = visit()
        for _ in range(3):
            page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=NAME)).to_be_focused()
        page.keyboard.press("Enter")
        shown = page.frame_locator("iframe")
        expect(field(shown)).to_be_focused()
        page.keyboard.type(ANSWERED.question)
        page.keyboard.press("Enter")
        expect(turns(shown)).to_have_count(1)
        expect(field(shown)).to_be_focused()
        for _ in range(40):
            page.keyboard.press("Shift+Tab")
            if shown.locator(".cite[data-number='2']").first.evaluate("link => link === document.activeElement"):
                break
        page.keyboard.press("Enter")
        expect(shown.get_by_text("towns, schools and other bodies working on a non-profit basis;").last).to_be_visible()
        page.keyboard.press("Tab")
        with page.expect_popup() as popup:
            page.keyboard.press("Enter")
        expect(popup.value.locator("#quote")).to_be_in_viewport()
        assert popup.value.url.startswith(f"{service}/sources/")
        popup.value.close()
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=NAME)).to_be_focused()
        expect(page.get_by_role("dialog", name=NAME)).to_be_hidden()

    @pytest.mark.parametrize("key", ["Tab", "Shift+Tab"])
    def test_the_focus_stays_in_the_dialog(self, visit: Visit, key: str) -> None:
        page = visit()
        opened(page)
        seen: list[str] = []
        while len(seen) < 25 or not {"iframe", "button"} <= set(seen):
            page.keyboard.press(key)
            seen.append(in_widget(page))
            assert seen[-1] in ("iframe", "button", "body")
            assert len(seen) < 150, "of which Chromium's own controls take some, as the body"

    def test_the_close_button_and_the_space_beside_close_it(self, visit: Visit) -> None:
        page = visit()
        opened(page)
        page.get_by_role("button", name="Close").click()
        expect(page.get_by_role("button", name=NAME)).to_be_focused()
        opened(page)
        page.mouse.click(20, 20)
        expect(page.get_by_role("button", name=NAME)).to_be_focused()
        expect(page.get_by_role("button", name=NAME)).to_have_attribute("aria-expanded", "false")

    def test_an_answer_is_heard(self, visit: Visit) -> None:
        page = visit()
        shown = opened(page)
        ask(shown, ANSWERED.question)
        expect(shown.locator("#announcer")).to_contain_text("Yes. The sources say yes, under conditions.")
        heard = status_in_tree(page)
        assert heard.startswith("Yes. The sources say yes, under conditions.")

    def test_the_notice_is_heard_with_the_field(self, visit: Visit) -> None:
        page = visit()
        opened(page)
        tree = page.context.new_cdp_session(inside(page)).send("Accessibility.getFullAXTree")
        described = [
            node["description"]["value"] for node in tree["nodes"] if node.get("role", {}).get("value") == "textbox"
        ]
        assert described[0].startswith("You are using an AI system")

    def test_moves_nothing(self, visit: Visit) -> None:
        page = visit()
        ask(opened(page), ANSWERED.question)
        moving = """root => [...root.querySelectorAll("*")].filter((element) => {
          const style = getComputedStyle(element);
          return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0; }).length"""
        assert page.locator("call-assistant-widget").evaluate(f"host => ({moving})(host.shadowRoot)") == 0
        assert inside(page).locator("body").evaluate(moving) == 0

    def test_has_edges_in_high_contrast(self, visit: Visit) -> None:
        page = visit(forced_colors="active")
        edge = page.get_by_role("button", name=NAME).evaluate(
            "button => [getComputedStyle(button).borderTopStyle, getComputedStyle(button).borderTopColor,"
            " getComputedStyle(button).backgroundColor]"
        )
        assert edge[0] == "solid"
        assert edge[1] != edge[2]


class TestSize:
    def test_fills_a_telephone(self, visit: Visit) -> None:
        page = visit(viewport={"width": 360, "height": 740})
        shown = opened(page)
        assert page.get_by_role("dialog").bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 740}
        ask(shown, HOSTILE_ANSWER.question)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert inside(page).evaluate(wide) == 0

    @pytest.mark.parametrize("width", [320, 360, 1280])
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_axe_finds_nothing_in_any_state(self, visit: Visit, fake: FakeAssistant, width: int, scheme: str) -> None:
        page = visit(viewport={"width": width, "height": 740}, color_scheme=scheme)
        assert violations(page) == []
        shown = opened(page)
        assert violations(page) == []
        widget = inside(page)
        widget.get_by_text("About this assistant").click()
        assert violations(widget) == []
        answer = ask(shown, ANSWERED.question)
        for name in FORMS:
            answer.get_by_role("button", name=name).click()
            expect(shown.get_by_role("dialog", name=name)).to_be_visible()
            assert violations(widget) == []
            assert too_small(widget) == []
            page.keyboard.press("Escape")
        for question in RESULTS:
            ask(shown, question)
        for source in widget.locator(".sources details").all():
            source.evaluate("source => { source.open = true; }")
        ask(shown, "Something else").get_by_role("button", name="No", exact=True).click()
        assert violations(widget) == []
        assert too_small(widget) == []
        fake.gate = threading.Event()
        fake.said = (frame("The sources say yes."),)
        field(shown).fill(ANSWERED.question)
        shown.get_by_role("button", name="Ask", exact=True).click()
        expect(turns(shown, "working").locator(".said")).to_be_visible()
        assert violations(widget) == []
        expect(shown.get_by_role("button", name="Stop")).to_be_focused()
        page.keyboard.press("Enter")
        expect(turns(shown, "problem")).to_be_visible()
        assert violations(widget) == []
        assert too_small(widget) == []


class TestStates:
    def test_says_what_it_is_before_the_first_question(self, visit: Visit) -> None:
        shown = opened(visit())
        for said in (
            "You are using an AI system",
            "What you type is used to answer you. It is not written down",
            "quoted from one of 3 documents. The newest original is of 6 November 2018.",
            "Closed since 31 January 2019",
        ):
            expect(shown.get_by_text(said).first).to_be_visible()

    def test_a_starter_and_a_reply_ask(self, visit: Visit, fake: FakeAssistant) -> None:
        shown = opened(visit())
        shown.get_by_role("button", name="Are we eligible?").click()
        expect(turns(shown)).to_have_count(1)
        expect(shown.get_by_role("heading", name=CLARIFY.question)).to_be_focused()
        shown.get_by_role("button", name="Club & society").click()
        expect(turns(shown)).to_have_count(2)
        assert [turn.content for turn in fake.requests[-1].history] == [CLARIFY.question, CLARIFY.answer]
        assert fake.requests[-1].history[1].result

    def test_nothing_hostile_in_an_answer_runs(self, visit: Visit) -> None:
        page = visit()
        ask(opened(page), HOSTILE_ANSWER.question)
        assert inside(page).title() == "Gardens for everyone"
        assert inside(page).locator(".answer script, .answer img, .answer svg").count() == 0

    def test_what_was_checked_stays_when_it_is_stopped(self, visit: Visit, fake: FakeAssistant) -> None:
        fake.gate = threading.Event()
        fake.said = (frame("The sources say yes."),)
        shown = opened(visit())
        field(shown).fill(ANSWERED.question)
        field(shown).press("Enter")
        expect(turns(shown, "working").get_by_text("The sources say yes.")).to_be_visible()
        shown.get_by_role("button", name="Stop").click()
        cut = turns(shown, "problem")
        expect(cut).to_contain_text("The sources say yes.")
        expect(cut).to_contain_text("Cut short.")
        expect(field(shown)).to_have_value(ANSWERED.question)
        assert fake.left.wait(20)
        fake.gate.set()
        cut.get_by_role("button", name="Try again").click()
        expect(turns(shown)).to_have_count(1)
        expect(turns(shown, "problem")).to_have_count(0)

    def test_a_lost_connection_loses_nothing(self, visit: Visit, watch: Watch) -> None:
        watch.allowed = {"ERR_INTERNET_DISCONNECTED"}
        page = visit()
        shown = opened(page)
        ask(shown, ANSWERED.question)
        page.context.set_offline(True)
        field(shown).fill(CLARIFY.question)
        field(shown).press("Enter")
        expect(turns(shown, "problem")).to_contain_text("The connection to the server was lost.")
        page.context.set_offline(False)
        shown.get_by_role("button", name="Try again").click()
        expect(turns(shown)).to_have_count(2)

    def test_an_error_is_said_plainly(self, visit: Visit, fake: FakeAssistant) -> None:
        fake.failure = StoreError("gone")
        shown = opened(visit())
        field(shown).fill(ANSWERED.question)
        field(shown).press("Enter")
        expect(turns(shown, "problem")).to_contain_text("The documents cannot be searched just now.")

    def test_a_question_that_is_too_long_is_not_sent(self, visit: Visit, fake: FakeAssistant) -> None:
        shown = opened(visit())
        field(shown).fill("x" * 8_001)
        field(shown).press("Enter")
        expect(turns(shown, "problem")).to_contain_text("has 8001 characters; at most 8000 can be read")
        assert not fake.requests

    def test_a_page_that_was_open_for_long_gets_another_token(self, visit: Visit, watch: Watch) -> None:
        watch.allowed = {"403"}
        page = visit()
        page.route(
            re.compile("/widget\\?"),
            lambda route: route.fulfill(
                response=(real := route.fetch()), body=re.sub('data-token="[^"]*"', 'data-token="old"', real.text())
            ),
        )
        ask(opened(page), ANSWERED.question)

    @pytest.mark.parametrize(
        ("limits", "said"),
        [
            ({"widget_questions_a_day": 1}, "Today's questions on this site are used up."),
            ({"rate_limit_per_minute": 1}, re.compile(r"Ask again in \d+ seconds")),
        ],
    )
    def test_what_was_asked_too_often_is_kept(
        self,
        browser: Browser,
        fake: FakeAssistant,
        host: Host,
        tmp_path: Path,
        limits: dict[str, Any],
        said: str | re.Pattern[str],
    ) -> None:
        settings = Settings(store=tmp_path / ".store", **LOCALHOST, **limits)
        with serving(fake, settings) as address:
            host.put(address)
            page = browser.new_page()
            page.goto(host.site)
            shown = opened(page)
            ask(shown, ANSWERED.question)
            field(shown).fill(CLARIFY.question)
            field(shown).press("Enter")
            expect(turns(shown, "problem")).to_contain_text(said)
            expect(field(shown)).to_have_value(CLARIFY.question)
            expect(turns(shown)).to_have_count(1)
            assert violations(inside(page)) == []
            page.close()

    def test_a_long_conversation_is_sent_in_part(self, visit: Visit, fake: FakeAssistant) -> None:
        shown = opened(visit())
        for number in range(22):
            ask(shown, f"Question {number}?")
        sent = fake.requests[-1].history
        assert [sent[0].content, len(sent), sent[-2].content] == ["Question 1?", 40, "Question 20?"]

    def test_a_telephone_shows_the_notice_before_its_keyboard(self, visit: Visit) -> None:
        page = visit(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
        page.get_by_role("button", name=NAME).tap()
        shown = page.frame_locator("iframe")
        expect(shown.get_by_role("heading", level=1)).to_be_focused()
        expect(shown.get_by_text("You are using an AI system")).to_be_in_viewport()

    def test_an_answer_is_copied_and_rated(self, visit: Visit, host: Host) -> None:
        page = visit()
        shown = opened(page)
        answer = ask(shown, ANSWERED.question)
        answer.get_by_role("button", name="Yes", exact=True).click()
        expect(answer.locator(".rated")).to_have_text("Noted. Thank you.")
        answer.get_by_role("button", name="No", exact=True).click()
        answer.get_by_label("What was missing or wrong?").fill("The year")
        answer.get_by_role("button", name="Send").click()
        expect(answer.locator(".reason")).to_be_hidden()


class TestToAPerson:
    def test_an_answer_is_reported_by_keyboard(self, visit: Visit, database: Path) -> None:
        page = visit()
        shown = opened(page)
        ask(shown, OUT_OF_SCOPE.question)
        button = ask(shown, ANSWERED.question).get_by_role("button", name="Report this answer")
        button.press("Enter")
        form = shown.get_by_role("dialog", name="Report this answer")
        expect(form.get_by_role("heading")).to_be_focused()
        page.keyboard.press("Escape")
        expect(form).to_be_hidden()
        expect(button).to_be_focused()
        expect(page.get_by_role("dialog", name=NAME)).to_be_visible()
        page.keyboard.press("Enter")
        for _ in range(40):
            if form.locator("textarea").evaluate("field => field === document.activeElement"):
                break
            page.keyboard.press("Tab")
        page.keyboard.type("Clubs may not.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(form.get_by_role("status")).to_have_text("Sent. It is kept for 90 days.")
        expect(form.get_by_role("button", name="Close")).to_be_focused()
        text, conversation = kept(database, "select text, conversation from requests where kind = 'report'")[-1]
        assert text == "Clubs may not."
        assert [one["question"] for one in json.loads(conversation)] == [ANSWERED.question]

    def test_a_person_is_sent_the_conversation_in_the_language_of_the_page(
        self, host: Host, service: str, visit: Visit, database: Path
    ) -> None:
        host.put(service, 'data-language="fr" data-name="Assistant"')
        page = visit()
        shown = opened(page, "Assistant")
        ask(shown, OUT_OF_SCOPE.question)
        ask(shown, ANSWERED.question)
        shown.locator('[data-dialog="person"]').last.click()
        form = shown.get_by_role("dialog", name=words("fr").say("person.title"))
        expect(form.get_by_role("link")).to_have_attribute("target", "_blank")
        form.locator("textarea").fill("Pouvons-nous participer ?")
        form.locator("input").fill("club@example.eu")
        form.get_by_role("button", name=words("fr").say("actions.send_reason")).click()
        expect(form.get_by_role("status")).to_have_text(words("fr").say("person.sent", days=90))
        email, language, conversation = kept(
            database, "select email, language, conversation from requests where kind = 'person'"
        )[-1]
        assert (email, language) == ("club@example.eu", "fr")
        assert [one["question"] for one in json.loads(conversation)] == [OUT_OF_SCOPE.question, ANSWERED.question]

    def test_a_form_stays_open_where_the_widget_is_closed_around_it(self, visit: Visit) -> None:
        page = visit()
        shown = opened(page)
        ask(shown, ANSWERED.question).get_by_role("button", name="Report this answer").click()
        shown.get_by_label("What is wrong with this answer?").fill("Clubs may not.")
        page.locator("call-assistant-widget").get_by_role("button", name="Close").first.click()
        page.get_by_role("button", name=NAME).click()
        expect(shown.get_by_role("heading", name="Report this answer")).to_be_focused()
        expect(shown.get_by_label("What is wrong with this answer?")).to_have_value("Clubs may not.")

    def test_a_link_reopens_the_answer(self, visit: Visit) -> None:
        page = visit()
        answer = ask(opened(page), ANSWERED.question)
        answer.get_by_role("button", name="Link").click()
        with page.expect_popup() as popup:
            answer.locator(".rated a").click()
        expect(popup.value.get_by_role("heading", level=1)).to_have_text(ANSWERED.question)

    def test_what_the_sandbox_forbids_is_not_offered(self, visit: Visit) -> None:
        answer = ask(opened(visit()), ANSWERED.question)
        expect(answer.get_by_role("button", name="Report this answer")).to_be_visible()
        expect(answer.locator("[data-print], [data-markdown]")).to_have_count(0)


def status_in_tree(page: Page) -> str:
    """What the live region of the frame holds, by the accessibility tree."""
    nodes = page.context.new_cdp_session(inside(page)).send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}
    status = next(
        node
        for node in nodes
        if node.get("role", {}).get("value") == "status"
        and any(p["name"] == "live" and p["value"]["value"] == "polite" for p in node.get("properties", []))
        and node["childIds"]
    )
    return " ".join(str(known[child]["name"]["value"]) for child in status["childIds"])


def too_small(widget: Frame) -> list[str]:
    """Things to press that are less than 24 px wide or high; links within a sentence may be."""
    return list(
        widget.locator("body").evaluate(
            """body => [...body.querySelectorAll("a, button, summary, textarea, input")].filter((element) => {
              const box = element.getBoundingClientRect();
              const inText = element.matches(".frame > a:not(.cite), .nearest a, .contact a, .links a, .call a, .skip");
              return element.checkVisibility() && !inText && Math.min(box.width, box.height) < 24;
            }).map((element) => element.outerHTML.slice(0, 120))"""
        )
    )
