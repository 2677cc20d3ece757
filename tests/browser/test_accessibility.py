"""The chat page for everybody: axe-core in every state, what a screen reader is told, the keyboard, a small window."""

import threading
from itertools import pairwise, product
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, expect

from index.errors import StoreError
from tests.assistant.ui.fakes import ANSWERED, RESULTS, FakeAssistant, frame
from tests.browser.axe import violations
from tests.browser.conftest import Open, Watch
from tests.browser.test_chat_page import ask, field, said, turns

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param({"color_scheme": scheme, "viewport": {"width": width, "height": 800}}, id=f"{scheme}-{width}")
    for scheme, width in product(("light", "dark"), (320, 360, 1280))
]


def look(page: Page, state: str) -> None:
    """Hold the page as it is to the rules; nothing in it may be wider than the window."""
    size = page.viewport_size
    assert size is not None
    # As high as its content: nothing is under the field that otherwise stays at the lower edge.
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": size["width"], "height": height})
    assert violations(page) == [], state
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0, state
    page.set_viewport_size(size)


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, site: str, visit: Open) -> Page:
    page = visit(site, **request.param)
    expect(field(page)).to_be_visible()
    return page


class TestAxe:
    def test_empty_and_every_answer(self, page: Page) -> None:
        look(page, "empty")
        for question in RESULTS:
            ask(page, question)
        page.locator(".save summary").last.click()
        page.locator(".sources summary").last.click()
        page.get_by_role("button", name="No", exact=True).last.click()
        look(page, "every answer, the last one unfolded")
        page.locator("a.cite:visible").last.click()
        expect(page.locator("#source-panel mark").first).to_be_visible()
        look(page, "source panel")

    def test_work_and_what_comes_between(self, page: Page, fake: FakeAssistant) -> None:
        fake.gate, fake.said = threading.Event(), (frame("Clubs could be involved, one source says."),)
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(turns(page, "working").get_by_text("Clubs could be involved")).to_be_visible()
        look(page, "working")
        page.get_by_role("button", name="Stop").click()
        expect(turns(page, "problem")).to_be_visible()
        look(page, "stopped")
        fake.gate, fake.failure = None, StoreError("the store is damaged")
        field(page).press("Enter")
        expect(said(page, "The documents cannot be searched just now.")).to_be_visible()
        look(page, "error")

    def test_dialogs_and_menus(self, page: Page) -> None:
        page.locator(".languages summary").click()
        look(page, "languages")
        page.get_by_role("button", name="Earlier questions").click()
        look(page, "no history")
        page.get_by_role("button", name="Keep them in this browser").click()
        page.keyboard.press("Escape")
        answer = ask(page, ANSWERED.question)
        page.get_by_role("button", name="Earlier questions").click()
        expect(page.locator("#history li")).to_have_count(1)
        look(page, "history")
        page.keyboard.press("Escape")
        for name in ("Ask a person", "Report this answer"):
            answer.get_by_role("button", name=name).click()
            expect(page.get_by_role("dialog", name=name)).to_be_visible()
            look(page, name)
            page.keyboard.press("Escape")
        page.get_by_role("button", name="Edit the question").click()
        expect(page.locator("#editing")).to_be_visible()
        look(page, "editing")

    def test_the_other_pages(self, page: Page, site: str, watch: Watch) -> None:
        watch.allowed.add("404")
        answer = ask(page, ANSWERED.question)
        answer.get_by_role("button", name="Link").click()
        link = answer.locator(".rated a")
        expect(link).to_be_visible()
        for address in (
            link.get_attribute("href"),
            f"{site}/answers/nothing",
            f"{site}/about",
            f"{site}/about?language=de",
        ):
            assert address is not None
            page.goto(address)
            look(page, address)


def live_regions(session: CDPSession) -> dict[str, str]:
    """What stands in the live regions of the accessibility tree, by how insistent they are."""
    nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
    known = {node["nodeId"]: node for node in nodes}

    def words(node: dict[str, Any]) -> str:
        if node.get("role", {}).get("value") == "StaticText":
            return str(node["name"]["value"])
        return " ".join(filter(None, (words(known[child]) for child in node.get("childIds", ()) if child in known)))

    found: dict[str, str] = {}
    for node in nodes:
        live = {kept["name"]: kept["value"].get("value") for kept in node.get("properties", ())}.get("live")
        if live in ("polite", "assertive") and words(node):
            found[live] = f"{found.get(live, '')} {words(node)}".strip()
    return found


class TestScreenReader:
    def test_hears_the_steps_and_then_the_answer_once(self, site: str, visit: Open, fake: FakeAssistant) -> None:
        fake.gate = threading.Event()
        page = visit(site)
        expect(field(page)).to_be_visible()
        session = page.context.new_cdp_session(page)
        page.evaluate(
            """() => {
              window.heard = [];
              const live = document.querySelectorAll("[aria-live], [role=status], [role=alert], [role=log]");
              for (const region of live) {
                new MutationObserver(() => region.textContent.trim() && window.heard.push(region.textContent.trim()))
                  .observe(region, { childList: true, subtree: true, characterData: true });
              }
            }"""
        )
        field(page).fill(ANSWERED.question)
        field(page).press("Enter")
        expect(page.locator("#announcer")).to_have_text("Searching 3 documents")
        assert live_regions(session) == {"polite": "Searching 3 documents"}
        fake.gate.set()
        expect(page.locator("#announcer")).to_contain_text("Yes. The sources say yes")
        told = live_regions(session)
        assert list(told) == ["polite"]
        assert told["polite"].startswith("Yes. The sources say yes, under conditions.")
        assert [line for line in page.evaluate("window.heard") if "The sources say yes" in line] == [told["polite"]]

    def test_reads_headings_in_order(self, site: str, visit: Open) -> None:
        page = visit(site)
        ask(page, ANSWERED.question)
        headings = page.get_by_role("heading").all()
        levels = [int(heading.evaluate("element => element.tagName[1]")) for heading in headings]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_is_told_the_language_of_the_page(self, site: str, visit: Open) -> None:
        page = visit(f"{site}/?language=de", locale="en-GB")
        expect(page.get_by_label("Ihre Frage")).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "de")
        page.get_by_label("Ihre Frage").fill("x")
        expect(page.locator("html")).to_have_attribute("lang", "de")


def test_the_keyboard_reaches_everything(site: str, visit: Open) -> None:
    page = visit(site, viewport={"width": 1280, "height": 900})
    ask(page, ANSWERED.question)
    page.locator(".skip").focus()
    reached: set[str] = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(str(page.evaluate("document.activeElement.textContent.trim()")))
        if page.evaluate("document.activeElement.id === 'ask'"):
            break
    buttons = ("Copy with citations", "Link", "Save", "Ask a person", "Report this answer", "Yes", "No", "Ask")
    assert {"Earlier questions", "Language: English", "[1]", "[2]", "Edit the question", "Ask again"} <= reached
    assert set(buttons) <= reached


def test_at_four_times_the_size_nothing_moves_sideways_and_the_field_covers_nothing(site: str, visit: Open) -> None:
    page = visit(site, viewport={"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    answer = ask(page, ANSWERED.question)
    look(page, "400 %")
    assert page.locator("#ask-row").evaluate("element => getComputedStyle(element).position") != "sticky"
    answer.get_by_role("button", name="Ask a person").click()
    page.get_by_label("Your e-mail address, for the reply").fill("a@example.eu")
    expect(page.get_by_role("dialog").get_by_role("button", name="Send")).to_be_enabled()
