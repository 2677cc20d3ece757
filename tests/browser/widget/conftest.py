"""A service, and a site of another origin that shows its widget."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from assistant.settings import Settings
from tests.assistant.ui.fakes import FakeAssistant
from tests.browser.conftest import Watch
from tests.browser.hosts import Host, hosting
from tests.serving import serving

LOCALHOST: dict[str, Any] = {"embed_sites": "http://localhost:*"}
WIDE = {"width": 1280, "height": 900}

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
