"""The chat page for everybody: axe-core in every state, what a screen reader is told, and a window that is small."""

import threading
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from index.errors import StoreError
from tests.assistant.ui.fakes import ANSWERED, HOSTILE_ANSWER, RESULTS, FakeAssistant, frame
from tests.browser.axe import violations
from tests.browser.conftest import Open
from tests.browser.test_chat_page import ask, field, said, turns

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param({"color_scheme": scheme, "viewport": {"width": width, "height": 800}}, id=f"{scheme}-{width}")
    for scheme, width in product(("light", "dark"), (320, 360, 1280))
]


@pytest.fixture(params=LOOKS)
def page(request: pytest.FixtureRequest, site: str, visit: Open) -> Iterator[Page]:
    page = visit(site, **request.param)
    expect(field(page)).to_be_visible()
    yield page
    assert violations(page) == []
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) == 0


