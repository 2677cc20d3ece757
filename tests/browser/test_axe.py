"""axe-core itself: it finds what is wrong, and nothing where all is well."""

import pytest

from tests.assistant.ui.fakes import GARDEN
from tests.browser.axe import violations
from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


def test_finds_what_is_wrong(site: str, visit: Open) -> None:
    page = visit(f"{site}/sources/{GARDEN}?start=30&end=90")
    assert violations(page) == []
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<button></button><img>')")
    assert {line.partition(":")[0] for line in violations(page)} == {"button-name", "image-alt"}
