import time

import pytest

from assistant.inert import addresses, inert


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See ![a picture](https://evil.example/x.png) here.", "See  here."),
        ("See [the form](https://evil.example/form 'title') here.", "See the form here."),
        ("See [the form][1] here.", "See the form here."),
        ("See [a [b](x)](https://evil.example).", "See a b."),
        ("See <https://evil.example/form>.", "See https://evil.example/form."),
        ("A <img src=x onerror=alert(1)> B", "A  B"),
        ("A <scr<b>ipt>alert(1)</script> B", "A alert(1) B"),
        ("A <!-- hidden --> B", "A  B"),
        ("A <!-- without end", "A "),
        ("A <img src=x onerror=alert(1) B", "A ‹img src=x onerror=alert(1) B"),
        ("Fewer than 3 < 4 partners, [see 2], <5%.", "Fewer than 3 < 4 partners, [see 2], <5%."),
    ],
)  # fmt: skip
def test_nothing_is_left_to_carry_out(text: str, left: str) -> None:
    assert inert(text) == left


@pytest.mark.parametrize("piece", ["[", "![", "[a](", "<", "<!--", "<a ", "[a](b", "(", "](", "a.", "a-", "a@"])
def test_no_input_takes_long(piece: str) -> None:
    started = time.process_time()
    inert(piece * 4_000)
    addresses(piece * 4_000)
    assert time.process_time() - started < 2


def test_addresses_are_found_with_or_without_a_link() -> None:
    text = "See (https://a.example/x), www.b.example or write to c@d.example; javascript:alert(1)"
    assert addresses(text) == ["https://a.example/x", "www.b.example", "c@d.example", "javascript:alert(1"]
    assert addresses("Apply at example.com, on ec.europa.eu/form or (fundit.fr).") == [
        "example.com", "ec.europa.eu/form", "fundit.fr",
    ]  # fmt: skip
    assert addresses("The deadline: 17:00, 31 January 2019; e.g. EUR 16.2 million, i.e. AMIF-2018-AG-INTE.") == []
