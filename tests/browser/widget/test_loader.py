"""The widget's loader on a page of another origin, in a browser."""

import gzip
import re

import pytest
from playwright.sync_api import Route, expect

from assistant.ui.markup import STATIC
from tests.assistant.ui.fakes import ANSWERED
from tests.browser.axe import violations
from tests.browser.conftest import Watch
from tests.browser.hosts import HEAD, Host
from tests.browser.widget.conftest import Visit
from tests.browser.widget.frames import NAME, ask, field, in_widget, inside, opened, turns

pytestmark = pytest.mark.browser

HOSTILE_STYLE = """
html > *, body *, * { font-size: 3px !important; }
html > :not(head):not(body) { display: none !important; visibility: hidden !important; opacity: 0 !important;
  pointer-events: none !important; transform: scale(0) !important; filter: blur(9px) !important; }
iframe, button, dialog, header, p, a, svg { display: none !important; position: static !important; width: 1px; }
"""


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
        with page.expect_request("**/widget?*"):
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


def contrast(one: str, other: str) -> float:
    """The contrast of two `rgb()` colours (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
