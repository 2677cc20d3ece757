"""The widget on a page, as its visitors use it."""

from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

NAME = "Ask about the call"


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
