"""What axe-core finds wrong with a page, by the rules for WCAG 2.0 to 2.2, levels A and AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Frame, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(shown: Page | Frame) -> list[str]:
    """One line for each element that breaks a rule: the rule, the element, and why.

    Frames inside are not looked into: give those one by one.
    """
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "iframes": False}
    found = Axe().run(shown, options=options).response
    assert found["passes"], "axe-core found nothing to look at"
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {' '.join(node['failureSummary'].split())}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
