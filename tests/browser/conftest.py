"""A real Chromium before a real server. Every page is watched: what it asks for, and what it complains about."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from assistant.backend import Backend
from assistant.settings import Settings
from tests.assistant.ui.fakes import FakeAssistant
from tests.serving import serving

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]

expect.set_options(timeout=20_000)  # also where many tests share few cores

Serve = Callable[[Backend, Settings], AbstractContextManager[str]]


@pytest.fixture
def serve() -> Serve:
    return serving


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
        pytest.skip(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="module")
def kept_fake() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("browser") / "ratings.sqlite3"


@pytest.fixture(scope="module")
def kept_site(kept_fake: FakeAssistant, database: Path) -> Iterator[str]:
    settings = Settings(
        database_url=f"sqlite:///{database}", contact="helpdesk@example.eu", rate_limit_per_minute=10_000
    )
    with serving(kept_fake, settings) as address:
        yield address


@pytest.fixture
def fake(kept_fake: FakeAssistant) -> Iterator[FakeAssistant]:
    """The assistant behind `site`, as new."""
    vars(kept_fake).update(vars(FakeAssistant()))
    yield kept_fake
    if kept_fake.gate is not None:
        kept_fake.gate.set()


@pytest.fixture
def site(kept_site: str, fake: FakeAssistant) -> str:
    """The address of a service over `fake`; one for all tests of a module."""
    return kept_site


@dataclass
class Watch:
    """What the pages of one test asked for and complained about."""

    addresses: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=lambda: {"AbortError: signal is aborted"})
    """Complaints to be expected, by a part of their text; the first is Gradio's when a page with a stream is left."""

    def see(self, page: Page) -> None:
        page.on("request", lambda request: self.addresses.append(request.url))
        page.on("console", lambda said: self._hear(said.type, f"{said.text} ({said.location['url']})"))
        page.on("pageerror", lambda error: self._hear("error", str(error)))

    def _hear(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(part in text for part in self.allowed):
            self.complaints.append(f"{kind}: {text}")


Open = Callable[..., Page]


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def visit(browser: Browser, watch: Watch) -> Iterator[Open]:
    """Opens an address as a new visitor; options are those of a browser context.

    After the test: no page asked another host for anything, and none complained (a broken policy is a complaint).
    """
    contexts: list[BrowserContext] = []

    def opened(address: str, **options: Any) -> Page:
        context = browser.new_context(**options)
        contexts.append(context)
        context.on("page", watch.see)
        page = context.new_page()
        page.goto(address)
        return page

    yield opened
    for context in contexts:
        context.close()
    origins = {address.split("/", 3)[2] for address in watch.addresses if not address.startswith(("data:", "blob:"))}
    assert len(origins) <= 1, f"requests went to {origins}"
    assert not watch.complaints
