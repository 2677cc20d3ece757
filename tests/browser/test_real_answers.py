"""The whole way in a browser, from the shipped corpus to the highlighted quote."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from assistant.results import AskRequest
from assistant.service import Assistant
from assistant.settings import Settings
from tests.browser.conftest import Open, Serve

pytestmark = pytest.mark.browser

QUESTION = "Can an NGO be a partner in a priority 1 network?"


def test_asks_reads_and_opens_the_quote(
    assistant: Assistant, settings: Settings, serve: Serve, visit: Open, tmp_path: Path
) -> None:
    known = settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'ratings.sqlite3'}"})
    cited = assistant.ask(AskRequest(question=QUESTION)).citations
    with serve(assistant, known) as address:
        page = visit(address, viewport={"width": 1280, "height": 900})
        page.get_by_label("Your question").fill(QUESTION)
        page.get_by_role("button", name="Ask", exact=True).click()
        answer = page.locator('.turn[data-state="done"]')
        expect(answer).to_have_count(1, timeout=30_000)
        expect(answer).to_contain_text("could also involve NGOs")
        for citation in cited:
            answer.get_by_role("link", name=f"[{citation.number}] Source").first.click()
            panel = page.get_by_role("dialog", name="Source")
            expect(panel.locator("mark").first).to_be_visible()
            assert "".join(panel.locator("mark").all_text_contents()) == citation.quote
            page.keyboard.press("Escape")
        with page.expect_popup() as popup:
            answer.get_by_role("link", name="[1] Source").first.click()
            page.get_by_role("link", name="Whole document").click()
        expect(popup.value.locator("#quote")).to_be_in_viewport()
        popup.value.get_by_role("link", name=cited[0].document).click()
        popup.value.wait_for_load_state()
        assert cited[0].quote in (popup.value.locator("body").text_content() or "")
