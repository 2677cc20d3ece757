"""Pictures of each surface of a running service: `python -m bench.screenshots http://127.0.0.1:7860 --account NAME`.

They go to `docs/screenshots/`, as palette PNGs. Needs Chromium, and the shipped call behind the service; the helpdesk's
need an account there, whose password is asked for.
"""

import argparse
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from getpass import getpass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screenshots"
WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 360, "height": 740}
PATIENCE_MS = 120_000

CITED = "Can an NGO be a partner in a priority 1 network?"
ASKED_BACK = "Are we eligible?"
NOT_THERE = "What are the award criteria?"
MAIL = f"""Dear helpdesk,

We are an NGO from Spain with two partners. {CITED} And what was the deadline?

Kind regards,
Ana Example
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--account", metavar="NAME")
    options = parser.parse_args()
    address = options.address.rstrip("/")
    scenes = [*SCENES]
    if options.account:
        scenes.append(("helpdesk", {}, helpdesk(options.account, getpass("Password: "))))
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, context, scene in scenes:
            with opened(browser, address, context) as page:
                scene(page)
                save(page, name)
        browser.close()


@contextmanager
def opened(browser: Browser, address: str, options: dict[str, Any]) -> Iterator[Page]:
    context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB"} | options)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address)
    page.locator("#question textarea").wait_for()
    yield page
    context.close()


def save(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = FOLDER / f"{name}.png"
    picture.quantize(256).save(file, optimize=True)
    print(f"{file.name}: {file.stat().st_size // 1024} KiB")


def ask(page: Page, question: str) -> None:
    before = page.locator('.turn[data-state="done"]').count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator('.turn[data-state="done"]').nth(before).wait_for()


def empty(page: Page) -> None:
    page.locator(".starters button").first.wait_for()


def asks(question: str) -> Callable[[Page], None]:
    def scene(page: Page) -> None:
        ask(page, question)

    return scene


def source(page: Page) -> None:
    ask(page, CITED)
    page.locator(".turn a.cite").first.click()
    page.locator("#source-panel mark").first.wait_for()


def person(page: Page) -> None:
    ask(page, NOT_THERE)
    page.locator('[data-dialog="person"]').click()


def history(page: Page) -> None:
    ask(page, CITED)
    page.locator('[data-dialog="history"]').click()
    page.locator("[data-history-keep]").click()
    page.locator("#history li").first.wait_for()


def about(page: Page) -> None:
    page.goto(urljoin(page.url, "/about"))


def link(page: Page) -> None:
    ask(page, CITED)
    page.locator("[data-link]").click()
    page.goto(page.locator(".rated a").inner_text())


def widget(page: Page) -> None:
    page.goto(urljoin(page.url, "/widget"))
    page.locator("#question").fill(CITED)
    page.locator("#question").press("Enter")
    page.locator("#conversation .answer").wait_for()


def setup(page: Page) -> None:
    page.goto(urljoin(page.url, "/widget/setup"))
    page.frame_locator("iframe").locator("body").wait_for()


def helpdesk(name: str, password: str) -> Callable[[Page], None]:
    def scene(page: Page) -> None:
        page.goto(urljoin(page.url, "/helpdesk/sign-in"))
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_label("Paste the e-mail").fill(MAIL)
        page.get_by_role("button", name="Find its questions").click()
        page.get_by_role("button", name="Answer the questions").click()
        page.locator(".answer").nth(1).wait_for()
        expect(page.get_by_text("Not answered yet")).to_have_count(0, timeout=PATIENCE_MS)

    return scene


SCENES: list[tuple[str, dict[str, Any], Callable[[Page], None]]] = [
    ("chat-empty", {}, empty),
    ("chat-source", {}, source),
    ("chat-clarify", {}, asks(ASKED_BACK)),
    ("chat-not-found", {}, asks(NOT_THERE)),
    ("chat-person", {}, person),
    ("chat-history", {}, history),
    ("chat-phone", {"viewport": PHONE}, asks(CITED)),
    ("chat-dark", {"color_scheme": "dark"}, source),
    ("chat-german", {"locale": "de-DE"}, asks("Können Vereine Partner in einem Netzwerk der Priorität 1 sein?")),
    ("about", {}, about),
    ("answer-link", {}, link),
    ("widget", {"viewport": {"width": 400, "height": 640}}, widget),
    ("widget-setup", {}, setup),
]


if __name__ == "__main__":
    main()
