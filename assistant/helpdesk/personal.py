"""Personal data in a mail: whom it names, and its text without that.

Rather too much is taken out than too little. Every pattern looks at a bounded number of characters from each place, so
that time grows with the length of a text and no faster.
"""

import re
from collections.abc import Iterable, Iterator

import phonenumbers

from assistant.helpdesk.records import Mail, Span
from assistant.helpdesk.thread import says
from assistant.phrases import cues, languages_with_cues
from assistant.plain import legible, plain

MARK = "[…]"
"""What stands in the place of personal data."""
MOST_NAMES = 100
MOST_CHECKED = 100
"""Numbers of a text that are compared with the numbering plans; of more than that, each is taken for a phone."""
FEWEST_OF_NAME = 2
"""Words of a name by which somebody is addressed; a single one may be no name."""
FEWEST_LETTERS = 3
"""Of a part of a name that is taken out where it stands alone."""

_WORD = r"[^\W\d_][\w'’-]{0,39}"
_NAME = re.compile(rf"{_WORD}\.?(?:[ \t]{_WORD}\.?){{0,5}}")
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NAMED_ADDRESS = re.compile(rf"(?<![\w@])\"?((?:{_WORD},?[ \t]){{1,4}})?({_WORD})\"?[ \t]?[<\[(](?=[^\s<>@]{{1,64}}@)")
_IBAN = re.compile(
    r"""
    \b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b
    | \b[a-z]{2}\d{2}(?:[ -]?\d{4}){2,7}(?:[ -]?\d{1,3})?\b
    """,
    re.VERBOSE,
)
"""The form of ISO 13616 alone: a misspelt one is personal too."""
_NUMBER = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d(?:[ \u00a0./()-]{0,3}\d){6,14}(?![\w])")
_NO_PHONE = re.compile(
    r"\d{1,2}[./-] ?\d{1,2}[./-] ?\d{4}|\d{4}-\d{2}-\d{2}|(?:19|20)\d{2} ?[-/–] ?\d{1,4}|\d{1,4}/(?:19|20)\d{2}"
)
"""Dates, years, and the numbers of laws."""
_MONEY = re.compile(r"^\s{0,2}(?:€|eur|mi[lo]|%|zł|pln)", re.IGNORECASE)
_BEFORE_MONEY = re.compile(r"(?:€|\beur|\beuros?)\s{0,2}$", re.IGNORECASE)
_REGIONS = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
    "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
)  # fmt: skip
_CAPITAL = r"[^\W\d_a-zß-öø-ÿ][\w'’.-]{1,30}"
_STREET = re.compile(
    rf"""
    (?:
        \b\d{{1,4}}[a-zA-Z]?,?[ ](?:{_CAPITAL}[ ]){{1,3}}
        (?:Street|Road|Avenue|Lane|Square|Drive|Close|Court|Terrace|Quay|Rd|Ave)\b
      | \b\d{{1,4}}(?:[ ](?:bis|ter))?,?[ ](?i:rue|avenue|boulevard|place|chemin|impasse|quai|route|allée|square|bd)[ ]
        (?:[\w'’.-]{{1,30}}[ ]){{0,4}}?{_CAPITAL}
      | \b(?i:rue|avenue|boulevard|chemin|quai|route|allée|bd|av\.|via|viale|piazza|piazzale|corso|largo|vicolo|calle|c/
          |avenida|avda\.?|plaza|paseo|ul\.|ulica|al\.|aleja|plac|pl\.|os\.)[ ]
        (?:[\w'’.-]{{1,12}}[ ]){{0,3}}?{_CAPITAL}(?:[ ][\w'’.-]{{1,30}}){{0,3}}?
        ,?[ ](?:n[.°ºr]{{0,2}}[ ]?)?\d{{1,4}}(?:/\d{{1,4}})?[a-zA-Z]?\b
      | \b[A-ZÄÖÜ][\w-]{{0,30}}(?:straße|strasse|str\.|gasse|platz|allee|weg|ring|ufer|damm)
        [ ]\d{{1,4}}(?:[-/]\d{{1,4}})?[ ]?[a-z]?\b
    )
    (?:,?\s{{1,3}}(?:[A-Z]{{1,2}}-)?(?:\d{{4,5}}|\d{{2}}-\d{{3}}|\d{{3}}[ ]\d{{2}})[ ]{_CAPITAL})?
    """,
    re.VERBOSE,
)
"""A street with a number, as it is written where the languages of `prompts/` are spoken, and the town after it."""
_POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4})\b")
"""The United Kingdom's and Ireland's, which stand for a few houses."""
_PARTICLES = frozenset(
    ("af", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "e", "el", "i", "la", "le", "van", "von")
)
_MOST_WORDS = 5


def redact(text: str, names: Iterable[str] = ()) -> str:
    """`text` with `MARK` for each e-mail address, phone number, IBAN, postal address, and each of `names`.

    For logs, for what is kept longer, and for what a language model sees.
    """
    for pattern in (_ADDRESS, _IBAN, _STREET, _POSTCODE):
        text = pattern.sub(MARK, text)
    text = _without_phones(text)
    parts = sorted({part for name in names for part in _parts(name)}, key=len, reverse=True)
    if parts:
        text = re.sub(rf"(?<!\w)(?:{'|'.join(map(re.escape, parts))})(?!\w)", MARK, text)
    return re.sub(r"\[…\](?:[ \t]\[…\])+", MARK, text)


def names_in(mail: Mail) -> tuple[str, ...]:
    """The names of people that `mail` names in its headers, its salutations or its signatures."""
    found = (person_in(name) for name in _called(mail))
    return tuple(dict.fromkeys(name for name in found if name))[:MOST_NAMES]


def sender_in(mail: Mail) -> str:
    """The name of the person who sent `mail`, by its header or its signature; empty where that is not sure."""
    found = (person_in(name) for name in _signed(mail))
    return next((name for name in found if len(name.split()) >= FEWEST_OF_NAME), "")


def person_in(text: str) -> str:
    """The name of a person that `text` is, without titles; empty where it is none, or may be an organisation's."""
    words = [word.strip(",.;\"'()") for word in text.split()]
    while words and (len(words[0]) < 2 or says("title", f"{plain(words[0])}. ")):
        words.pop(0)
    written = [word for word in words if word.lower() not in _PARTICLES]
    name = " ".join(words)
    if not 1 <= len(written) <= _MOST_WORDS or not _NAME.fullmatch(name):
        return ""
    return name if all(word[0].isupper() and not _is_common(word) for word in written) else ""


def _is_common(word: str) -> bool:
    """Whether a word is one of funding calls, of a language, or of how anybody is addressed."""
    known = plain(word)
    return says("nobody", known) or any(cues(language).knows(known) for language in languages_with_cues())


def _signed(mail: Mail) -> Iterator[str]:
    """What may be the sender's name. A signature under what is passed on is another's."""
    yield mail.sender_name
    if mail.signatures and not mail.forwarded:
        yield from _under(mail.text, mail.signatures[0])


def _under(text: str, signature: Span) -> Iterator[str]:
    """The lines of a signature in which a name stands: the first after the words that close the letter."""
    start, end = signature
    lines = [line.strip() for line in text[start : min(end, start + 1_000)].splitlines() if line.strip()]
    yield from (line[:80] for line in lines[1:3])


def _called(mail: Mail) -> Iterator[str]:
    """What may be names, the sender's first."""
    yield mail.sender_name
    for span in mail.signatures:
        yield from _under(mail.text, span)
    yield from mail.others
    for start, _ in (*mail.own, *mail.forwarded):
        first = next((line for line in mail.text[start : start + 300].splitlines() if line.strip()), "")
        if says("salutation", plain(first)):
            yield from (found[0] for found in re.finditer(rf"{_CAPITAL}(?: {_CAPITAL}){{0,3}}", first[:100][1:]))
    for match in _NAMED_ADDRESS.finditer(mail.text):
        yield f"{match[1] or ''}{match[2]}"
    for match in re.finditer(rf"{_CAPITAL}(?: {_CAPITAL}){{0,2}}", mail.text):
        before = plain(mail.text[max(0, match.start() - 25) : match.start()])
        if says("name_is", before) or says("title", before):
            yield match[0]


def _parts(name: str) -> Iterator[str]:
    name = legible(name).strip()
    if len(name) >= FEWEST_LETTERS:
        yield name
    for word in name.split():
        if len(word) >= FEWEST_LETTERS and word[0].isupper() and not _is_common(word):
            yield word
            yield word.upper()


def _without_phones(text: str) -> str:
    checked = 0

    def replaced(match: re.Match[str]) -> str:
        nonlocal checked
        number = match[0]
        before = text[max(0, match.start() - 20) : match.start()]
        if _NO_PHONE.fullmatch(number) or _BEFORE_MONEY.search(before):
            return number
        if number.startswith(("+", "00")) or says("phone", plain(before)):
            return MARK
        if _MONEY.match(text[match.end() : match.end() + 6]) or number.endswith("000"):
            return number
        checked += 1
        return MARK if checked > MOST_CHECKED or _is_phone(number) else number

    return _NUMBER.sub(replaced, text)


def _is_phone(number: str) -> bool:
    """Whether a number is in use in the plan of a state of the EU or the United Kingdom."""
    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(number, region)):
                return True
        except phonenumbers.NumberParseException:
            return False
    return False
