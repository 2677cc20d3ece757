"""A seal: only what this service answered is taken back."""

import pytest

from assistant.errors import InvalidInput
from assistant.results import AskResult
from assistant.seal import Seal
from tests.assistant.ui.fakes import ANSWERED, HOSTILE_ANSWER


@pytest.mark.parametrize("result", [ANSWERED, HOSTILE_ANSWER])
def test_what_was_sealed_comes_back(result: AskResult) -> None:
    seal = Seal("a key")
    assert seal.open(seal.close(result)) == result


def test_what_was_changed_or_sealed_elsewhere_does_not() -> None:
    sealed = Seal("a key").close(ANSWERED)
    payload, _, signature = sealed.rpartition(".")
    for forged in (f"{payload[:-1]}.{signature}", f"{payload}x.{signature}", payload, "", "e30.x", "\udcff"):
        with pytest.raises(InvalidInput):
            Seal("a key").open(forged)
    with pytest.raises(InvalidInput):
        Seal("another key").open(sealed)
