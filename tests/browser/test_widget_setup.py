"""The page for web editors, in a browser."""

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Page, expect

from assistant.phrases import available_languages
from tests.assistant.ui.fakes import ANSWERED
from tests.browser.axe import violations
from tests.browser.conftest import Open, Watch

pytestmark = pytest.mark.browser
expect.set_options(timeout=20_000)


def written(page: Page, label: str) -> str:
    return page.get_by_label(label, exact=True).input_value()


def test_writes_the_lines_as_they_are_chosen_and_shows_them_at_work(site: str, visit: Open) -> None:
    page = visit(f"{site}/widget/setup")
    expect(page.frame_locator("#preview").get_by_role("button")).to_be_attached()
    assert page.evaluate("scrollY") == 0, "the preview leaves the page at its top"
    assert written(page, "With a button") == f'<script src="{site}/widget.js" async></script>'
    page.get_by_label("Name", exact=True).fill('Gardens & "towns"')
    page.get_by_label("Colour").fill("#7a0019")
    page.get_by_label("Position").select_option("Top left")
    page.get_by_label("Language", exact=True).last.select_option("Deutsch")
    page.get_by_label("First question").fill(ANSWERED.question)
    script = BeautifulSoup(written(page, "With a button"), "lxml").script
    assert script is not None
    assert script.attrs == {
        "src": f"{site}/widget.js",
        "data-name": 'Gardens & "towns"',
        "data-colour": "#7a0019",
        "data-position": "top-left",
        "data-language": "de",
        "data-question": ANSWERED.question,
        "async": "",
    }
    page.wait_for_function(
        """() => {
          const shown = document.getElementById("preview").contentWindow;
          return shown.location.search.includes("data-question") && shown.document.readyState === "complete";
        }"""
    )
    shown = page.frame_locator("#preview")
    shown.get_by_role("button", name='Gardens & "towns"').click()
    widget = shown.frame_locator("iframe")
    expect(widget.locator("html")).to_have_attribute("lang", "de")
    expect(widget.locator("#question")).to_have_value(ANSWERED.question)
    widget.locator("#question").press("Enter")
    expect(widget.locator(".answer")).to_be_visible()


def test_names_the_policy_and_the_frame(site: str, visit: Open) -> None:
    page = visit(f"{site}/widget/setup")
    assert written(page, "Directives") == f"script-src {site}; frame-src {site}"
    page.get_by_label("Address of your site").fill("https://www.housing.example/some/page")
    frame = BeautifulSoup(written(page, "A plain frame"), "lxml").iframe
    assert frame is not None
    assert frame["src"] == f"{site}/widget?site=https%3A%2F%2Fwww.housing.example"
    assert frame["title"] == "Automated assistant"


def test_says_whether_a_site_may_show_it(site: str, visit: Open, watch: Watch) -> None:
    watch.allowed = {"403"}
    page = visit(f"{site}/widget/setup")
    page.get_by_label("Address of your site").fill("https://www.housing.example")
    page.get_by_label("Address of your site").blur()
    expect(page.get_by_text("This site may not show the assistant yet.")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: str, visit: Open, width: int, scheme: str) -> None:
    page = visit(f"{site}/widget/setup", viewport={"width": width, "height": 740}, color_scheme=scheme)
    expect(page.frame_locator("#preview").get_by_role("button")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0


def test_speaks_six_languages(site: str, visit: Open) -> None:
    page = visit(f"{site}/widget/setup")
    for language in available_languages():
        page.locator(f'nav a[hreflang="{language}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", language)
