"""The widget on a page of another origin, in a browser."""

import gzip
import json
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Frame, FrameLocator, Locator, Page, Route, expect

from assistant.settings import Settings
from assistant.ui.markup import STATIC
from assistant.ui.words import words
from index.errors import StoreError
from tests.assistant.ui.fakes import ANSWERED, CLARIFY, HOSTILE_ANSWER, OUT_OF_SCOPE, RESULTS, FakeAssistant, frame
from tests.browser.axe import violations
from tests.browser.conftest import Watch
from tests.browser.hosts import HEAD, Host, hosting
from tests.browser.test_after_the_answer import kept
from tests.serving import serving

pytestmark = pytest.mark.browser

expect.set_options(timeout=20_000)
NAME = "Ask about the call"
FORMS = ("Ask a person", "Report this answer")
LOCALHOST: dict[str, Any] = {"embed_sites": "http://localhost:*"}
WIDE = {"width": 1280, "height": 900}
HOSTILE_STYLE = """
html > *, body *, * { font-size: 3px !important; }
html > :not(head):not(body) { display: none !important; visibility: hidden !important; opacity: 0 !important;
  pointer-events: none !important; transform: scale(0) !important; filter: blur(9px) !important; }
iframe, button, dialog, header, p, a, svg { display: none !important; position: static !important; width: 1px; }
"""

Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def kept_service(kept_fake: FakeAssistant, database: Path) -> Iterator[str]:
    settings = Settings(
        database_url=f"sqlite:///{database}",
        contact="helpdesk@example.eu",
        rate_limit_per_minute=10_000,
        widget_questions_a_day=10_000,
        **LOCALHOST,
    )
    with serving(kept_fake, settings) as address:
        yield address


@pytest.fixture
def service(kept_service: str, fake: FakeAssistant) -> str:
    return kept_service


@pytest.fixture(scope="module")
def kept_host() -> Iterator[Host]:
    with hosting() as host:
        yield host


@pytest.fixture
def host(kept_host: Host, service: str) -> Host:
    """A site with the widget on its front page."""
    kept_host.pages.clear()
    kept_host.put(service)
    return kept_host


@pytest.fixture
def visit(browser: Browser, watch: Watch, host: Host, service: str) -> Iterator[Visit]:
    """Opens the host's front page as a new visitor.

    After the test: nothing was asked of a third origin, nothing was stored, and no page complained.
    """
    contexts: list[BrowserContext] = []

    def opened(address: str = host.site, **options: Any) -> Page:
        context = browser.new_context(**{"viewport": WIDE} | options)
        contexts.append(context)
        context.on("page", watch.see)
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        state = context.storage_state(indexed_db=True)
        assert (state.get("cookies"), state.get("origins")) == ([], [])
        context.close()
    asked = {"/".join(address.split("/", 3)[:3]) for address in watch.addresses}
    assert asked <= {host.site, host.stranger, service}
    assert not watch.complaints


def opened(page: Page, name: str = NAME) -> FrameLocator:
    """Open the dialog and wait until a question can be asked."""
    page.get_by_role("button", name=name).click()
    shown = page.frame_locator("iframe")
    expect(field(shown)).to_be_focused()
    return shown


def field(shown: FrameLocator | Frame) -> Locator:
    return shown.locator("#question")


def turns(shown: FrameLocator | Frame, state: str = "done") -> Locator:
    return shown.locator(f'.turn[data-state="{state}"]')


def ask(shown: FrameLocator | Frame, question: str) -> Locator:
    before = turns(shown).count()
    field(shown).fill(question)
    field(shown).press("Enter")
    expect(turns(shown)).to_have_count(before + 1)
    return turns(shown).last


def inside(page: Page) -> Frame:
    """The widget's frame."""
    return next(inner for inner in page.frames if "/widget" in inner.url)


def in_widget(page: Page) -> str:
    """What has the focus: in the widget's own part, in its frame, or on the host's page."""
    return str(
        page.evaluate(
            "document.activeElement.shadowRoot ? document.activeElement.shadowRoot.activeElement.localName"
            " : document.activeElement.localName"
        )
    )


class TestOnAStrictSite:
    def test_answers_under_a_policy_that_allows_this_service_alone(self, host: Host, visit: Visit) -> None:
        page = visit()
        answer = ask(opened(page), ANSWERED.question)
        expect(answer.locator(".verdict")).to_have_text(re.compile("Yes"))
        expect(answer.locator(".sources li")).to_have_count(2)

    def test_thirty_loads_are_thirty_widgets(self, visit: Visit) -> None:
        page = visit()
        usable = 0
        for _ in range(30):
            page.reload()
            opened(page)
            usable += 1
        assert usable == 30

    def test_a_site_that_is_not_allowed_gets_none(self, host: Host, visit: Visit, watch: Watch) -> None:
        watch.allowed = {"frame-ancestors", "403", "ERR_BLOCKED_BY_RESPONSE", "chrome-error"}
        page = visit(host.stranger)
        page.get_by_role("button", name=NAME).click()
        dialog = page.get_by_role("dialog", name=NAME)
        expect(dialog.get_by_text("The assistant cannot be shown here.")).to_be_visible()
        expect(dialog.get_by_role("link", name="Open it in a new tab")).to_be_visible()
        assert page.locator("iframe").count() == 0
        page.keyboard.press("Escape")
        expect(page.get_by_role("button", name=NAME)).to_be_focused()

    def test_a_plain_frame_works_too(self, host: Host, service: str, visit: Visit) -> None:
        host.pages["/frame"] = (
            f'{HEAD}</head><body><iframe title="Assistant" width="400" height="640" '
            f'src="{service}/widget?site={host.site}"></iframe></body></html>'
        )
        page = visit(f"{host.site}/frame")
        ask(page.frame_locator("iframe"), ANSWERED.question)
        field(inside(page)).press("Escape")
        expect(page.frame_locator("iframe").locator(".answer")).to_be_visible()

    def test_the_frame_is_held_in_a_sandbox(self, visit: Visit) -> None:
        page = visit()
        opened(page)
        assert page.locator("iframe").get_attribute("sandbox") == (
            "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"
        )

    def test_the_loader_weighs_less_than_eight_kilobytes(self) -> None:
        assert len(gzip.compress((STATIC / "widget.js").read_bytes())) <= 8 * 1024


class TestBetweenPages:
    def test_is_there_once_however_often_it_is_put(self, host: Host, service: str, visit: Visit) -> None:
        host.put(service, times=3)
        page = visit()
        expect(page.get_by_role("button", name=NAME)).to_have_count(1)
        opened(page)

    def test_keeps_its_conversation_where_the_body_is_exchanged(self, service: str, visit: Visit) -> None:
        page = visit()
        shown = opened(page)
        ask(shown, ANSWERED.question)
        page.keyboard.press("Escape")
        page.evaluate(
            """address => {
              document.body = document.createElement("body");
              const script = document.createElement("script");
              script.src = address;
              document.body.append(script);
              return new Promise((resolve) => script.addEventListener("load", resolve));
            }""",
            f"{service}/widget.js",
        )
        expect(page.get_by_role("button", name=NAME)).to_have_count(1)
        expect(turns(opened(page))).to_have_count(1)

    def test_comes_back_where_the_whole_page_is_exchanged(self, visit: Visit) -> None:
        page = visit()
        opened(page)
        page.evaluate("document.documentElement.innerHTML = '<head><title>Next</title></head><body></body>'")
        ask(opened(page), ANSWERED.question)
        page.evaluate(
            "document.replaceChild(document.createElement('html'), document.documentElement)"
            ".ownerDocument.documentElement.append(document.createElement('body'))"
        )
        ask(opened(page), ANSWERED.question)

    def test_a_frame_that_went_takes_no_time_from_the_next(self, visit: Visit) -> None:
        page = visit()
        page.clock.install()
        opened(page)
        held: list[Route] = []
        page.route("**/widget?*", lambda route: held.append(route))
        page.evaluate("document.documentElement.innerHTML = '<head><title>Next</title></head><body></body>'")
        page.get_by_role("button", name=NAME).click()
        expect(page.locator("iframe")).to_have_count(1)
        page.clock.run_for(3_000)
        expect(page.get_by_role("status").first).to_have_text("Opening the assistant")
        held[0].continue_()
        expect(field(page.frame_locator("iframe"))).to_be_focused()

    def test_the_style_of_the_site_stays_outside(self, host: Host, service: str, visit: Visit) -> None:
        host.put(service, head='<link rel="stylesheet" href="/hostile.css">')
        host.pages["/hostile.css"] = HOSTILE_STYLE
        page = visit()
        assert page.get_by_role("button", name=NAME).bounding_box() == {"x": 1208, "y": 828, "width": 56, "height": 56}
        shown = opened(page)
        box = page.get_by_role("dialog").bounding_box()
        assert box
        assert (box["width"], box["height"]) == (400, 640)
        ask(shown, ANSWERED.question)

    def test_the_style_of_the_widget_stays_inside(self, host: Host, visit: Visit) -> None:
        page = visit()
        look = "getComputedStyle(document.querySelector('h1')).cssText || document.querySelector('h1').offsetHeight"
        before = page.evaluate(look)
        opened(page)
        assert page.evaluate(look) == before
        assert page.evaluate("document.adoptedStyleSheets.length + document.styleSheets.length") == 0


class TestMessages:
    def test_only_those_of_the_frame_itself_close_the_dialog(self, host: Host, service: str, visit: Visit) -> None:
        host.put(service, body=f'<iframe title="Other" src="{service}/sources/the-garden-call.md"></iframe>')
        page = visit()
        page.get_by_role("button", name=NAME).click()
        shown = page.frame_locator("call-assistant-widget iframe")
        expect(field(shown)).to_be_focused()
        page.evaluate("window.postMessage({ callAssistant: 'close' }, '*')")
        other = next(inner for inner in page.frames if "/sources/" in inner.url)
        other.evaluate("window.parent.postMessage({ callAssistant: 'close' }, '*')")
        page.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
        expect(page.get_by_role("dialog", name=NAME)).to_be_visible()
        inside(page).evaluate(f"window.parent.postMessage({{ callAssistant: 'close' }}, '{host.site}')")
        expect(page.get_by_role("dialog", name=NAME)).to_be_hidden()

    def test_the_frame_hears_only_the_site_that_it_was_made_for(self, host: Host, service: str, visit: Visit) -> None:
        host.put(
            service,
            body=f'<iframe title="Widget" src="{service}/widget?site={host.site}"></iframe>'
            f'<iframe title="Other" src="{service}/sources/the-garden-call.md"></iframe>',
        )
        page = visit()
        widget = inside(page)
        expect(field(widget)).to_be_visible()
        other = next(inner for inner in page.frames if "/sources/" in inner.url)
        send = "window.parent.frames[0].postMessage({ callAssistant: 'settings', greeting: 'Pay here' }, '*')"
        other.evaluate(send)
        widget.evaluate("window.postMessage({ callAssistant: 'settings', greeting: 'Pay here' }, '*')")
        page.evaluate("window.frames[0].postMessage({ callAssistant: 'settings', greeting: '<b>Welcome</b>' }, '*')")
        expect(widget.locator(".greeting")).to_have_text("<b>Welcome</b>")


class TestSettings:
    def test_are_given_by_attributes(self, host: Host, service: str, visit: Visit) -> None:
        host.put(
            service,
            'data-name="Gardens" data-language="de" data-position="top left" data-greeting="Guten Tag" '
            'data-question="Was ist die Frist?" data-colour="#fc0"',
        )
        page = visit()
        button = page.get_by_role("button", name="Gardens")
        assert button.bounding_box() == {"x": 16, "y": 16, "width": 56, "height": 56}
        shown = opened(page, "Gardens")
        expect(shown.locator("html")).to_have_attribute("lang", "de")
        expect(shown.get_by_text("Guten Tag")).to_be_visible()
        expect(field(shown)).to_have_value("Was ist die Frist?")
        expect(page.get_by_role("button", name="Schließen")).to_be_visible()

    def test_the_language_is_that_of_the_site_where_none_is_given(self, host: Host, visit: Visit) -> None:
        host.pages["/"] = host.pages["/"].replace('lang="en"', 'lang="pl-PL"')
        page = visit()
        shown = opened(page, "Pytania o nabór")
        expect(shown.locator("html")).to_have_attribute("lang", "pl")

    @pytest.mark.parametrize("colour", ["#003399", "#ffcc00", "#777777", "#767676", "#f00", "#000000", "#fff", "red;}"])
    def test_words_stand_out_on_any_colour(self, host: Host, service: str, visit: Visit, colour: str) -> None:
        host.put(service, f'data-colour="{colour}"')
        page = visit()
        opened(page)
        assert not [line for line in violations(page) if line.startswith("color-contrast")]
        on, ground = page.evaluate(
            """() => { const style = getComputedStyle(document.querySelector("call-assistant-widget").shadowRoot
                 .querySelector("header")); return [style.color, style.backgroundColor]; }"""
        )
        assert contrast(on, ground) >= 4.5

    def test_an_open_widget_stands_beside_the_page_and_takes_no_focus(
        self, host: Host, service: str, visit: Visit
    ) -> None:
        host.put(service, "data-open")
        page = visit()
        shown = page.frame_locator("iframe")
        expect(field(shown)).to_be_visible()
        assert in_widget(page) == "body"
        page.get_by_role("link", name="First link").click()
        field(shown).click()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog", name=NAME)).to_be_hidden()
        opened(page)
        assert page.evaluate(
            "document.querySelector('call-assistant-widget').shadowRoot.querySelector('dialog').matches(':modal')"
        )

    def test_an_open_widget_does_not_cover_a_telephone(self, host: Host, service: str, visit: Visit) -> None:
        host.put(service, "data-open")
        page = visit(viewport={"width": 360, "height": 740})
        expect(page.get_by_role("button", name=NAME)).to_be_visible()
        expect(page.get_by_role("dialog", name=NAME)).to_be_hidden()


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
        assert fake.left.wait(10)
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
        while not form.locator("textarea").evaluate("field => field === document.activeElement"):
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


def contrast(one: str, other: str) -> float:
    """The contrast of two `rgb()` colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
