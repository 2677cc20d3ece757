"""Which sites may show the widget, and the tokens made for them."""

import pytest

from assistant.sites import OWN_PAGES, NotAllowed, Sites

KEY = "of this service"
ALLOWED = ("https://www.housing.example", "http://127.0.0.1:*", "https://*.members.example", "https://dev.example:8443")


@pytest.mark.parametrize(
    "site",
    [
        OWN_PAGES,
        "https://www.housing.example",
        "https://WWW.Housing.Example",
        "https://www.housing.example:443",
        "http://127.0.0.1",
        "http://127.0.0.1:8000",
        "https://a.members.example",
        "https://a.b.members.example",
        "https://dev.example:8443",
    ],
)
def test_an_allowed_site_gets_a_token_for_itself(site: str) -> None:
    sites = Sites(ALLOWED, KEY)
    assert sites.site_of(sites.token(site)) == site


@pytest.mark.parametrize(
    "site",
    [
        "https://housing.example",
        "http://www.housing.example",
        "https://www.housing.example:8443",
        "https://www.housing.example.evil.example",
        "https://evil.example/https://www.housing.example",
        "https://www.housing.example/",
        "https://www.housing.example@evil.example",
        "https://www.housing.example evil.example",
        "https://www.housing.example;",
        "https://www.housing.example\n",
        "http://127.0.0.1:99999",
        "http://127.0.0.1:*",
        "https://members.example",
        "https://evilmembers.example",
        "https://*.members.example",
        "https://dev.example",
        "null",
        "*",
    ],
)
def test_no_other_site_gets_one(site: str) -> None:
    with pytest.raises(NotAllowed, match="CALL_ASSISTANT_EMBED_SITES"):
        Sites(ALLOWED, KEY).token(site)


def test_without_sites_only_our_own_pages_get_one() -> None:
    sites = Sites((), KEY)
    assert sites.site_of(sites.token(OWN_PAGES)) == OWN_PAGES
    with pytest.raises(NotAllowed):
        sites.token(ALLOWED[0])


def test_a_token_grows_old() -> None:
    sites = Sites(ALLOWED, KEY, lifetime=-1)
    with pytest.raises(NotAllowed, match="too old"):
        sites.site_of(sites.token(ALLOWED[0]))


def test_a_token_is_of_this_service() -> None:
    token = Sites(ALLOWED, KEY).token(ALLOWED[0])
    assert Sites(ALLOWED, KEY).site_of(token) == ALLOWED[0]
    with pytest.raises(NotAllowed, match="not from here"):
        Sites(ALLOWED, "of another service").site_of(token)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\N{SNOWMAN}"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(NotAllowed):
        Sites(ALLOWED, KEY).site_of(token)
