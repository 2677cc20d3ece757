"""Personal data in a mail: whom it names, and its text without that.

Rather too much is taken out than too little. Every pattern looks at a bounded number of characters from each place, so
that time grows with the length of a text and no faster.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator

import phonenumbers

from assistant.asker import countries_in
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
MOST_BEFORE = 40
"""Characters before a name that show that it is one."""

_WORD = r"[^\W\d_][\w'’-]{0,39}"
_NAME = re.compile(rf"{_WORD}\.?(?:[ \t]{_WORD}\.?){{0,5}}")
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_NAMED_ADDRESS = re.compile(rf"(?<![\w@])\"?((?:{_WORD},?[ \t]){{1,4}})?({_WORD})\"?[ \t]?[<\[(](?=[^\s<>@]{{1,64}}@)")
_IBAN = re.compile(
    r"""
    \b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?\b
    | \b(?i:[a-z]{2}\d{2}[a-z0-9]{11,30})\b
    | \b(?i:
        [a-z]{2}\d{2}(?:[ -]?[a-z]{4})?(?:[ -]?(?=[a-z]{0,3}\d)[a-z0-9]{4}){2,7}(?:[ -]?(?=[a-z]{0,2}\d)[a-z0-9]{1,3})?
      )\b
    """,
    re.VERBOSE,
)
"""The form of ISO 13616 alone: a misspelt one is personal too.

In small letters words may follow: there only the bank's letters are without a digit.
"""
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
    return redactor(names)(text)


def redactor(names: Iterable[str]) -> Callable[[str], str]:
    """`redact` for many texts that name the same people."""
    parts = {name: frozenset(_parts(name)) for name in names}
    whole = _either(pattern for name, own in parts.items() for pattern in _whole(name, own))
    single = _either(map(re.escape, frozenset().union(*parts.values())))

    def redacted(text: str) -> str:
        for pattern in (_ADDRESS, _IBAN, _STREET, _POSTCODE):
            text = pattern.sub(MARK, text)
        text = _without_names(_without_phones(text), whole, single)
        return re.sub(r"\[…\](?:[ \t]\[…\])+", MARK, text)

    return redacted


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


def _capital(name: str) -> str:
    """“giulia rossi”, as some headers have it, as it is written else."""
    return name.title() if name.islower() else name


def _under(text: str, signature: Span) -> Iterator[str]:
    """The lines of a signature in which a name stands: the first after the words that close the letter."""
    start, end = signature
    lines = [line.strip() for line in text[start : min(end, start + 1_000)].splitlines() if line.strip()]
    yield from (line[:80] for line in lines[1:3])


def _called(mail: Mail) -> Iterator[str]:
    """What may be names, the sender's first."""
    yield _capital(mail.sender_name)
    for span in mail.signatures:
        yield from _under(mail.text, span)
    yield from map(_capital, mail.others)
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


def _without_names(text: str, whole: re.Pattern[str], single: re.Pattern[str]) -> str:
    """`text` without names, whatever their case and accents.

    Two parts of a name together are one in any case. A single part in small letters may be a word of a language
    (“rose”): it is taken out where somebody is addressed or signs.
    """
    known = plain(text)
    spans = [match.span() for match in whole.finditer(known)]
    spans += [
        (start, end)
        for start, end in (match.span() for match in single.finditer(known))
        if text[start].isupper() or _is_called(known, start, end)
    ]
    kept, at = [], 0
    for start, end in sorted(spans):
        if start >= at:
            kept += [text[at:start], MARK]
        at = max(at, end)
    return "".join((*kept, text[at:]))


def _either(patterns: Iterable[str]) -> re.Pattern[str]:
    """Finds what one of the patterns finds between words, the longest first; nothing where there are none."""
    longest_first = "|".join(sorted(patterns, key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)" if longest_first else "(?!)")


def _whole(name: str, parts: Collection[str]) -> Iterator[str]:
    """Patterns for the whole of a name as it is written, and for its parts in any order, in plain text."""
    words = legible(name).split()
    if len(words) >= FEWEST_OF_NAME:
        yield r"\s{1,3}".join(re.escape(plain(word)) for word in words)
    if len(parts) >= FEWEST_OF_NAME:
        part = "|".join(map(re.escape, sorted(parts, key=lambda one: (-len(one), one))))
        particles = "|".join(sorted(_PARTICLES))
        yield rf"(?:{part})(?:[\s,]{{1,3}}(?:(?:{particles})\s){{0,3}}(?:{part})){{1,5}}"


def _parts(name: str) -> Iterator[str]:
    """The plain forms of what is taken out of a name where it stands alone; a country is no such part."""
    for written in legible(name).split():
        for word in dict.fromkeys((written, *written.split("-"))):
            if len(word) >= FEWEST_LETTERS and word[0].isupper() and not _is_common(word) and not _is_country(word):
                yield from {plain(word), plain(word.upper())}


def _is_country(word: str) -> bool:
    return any(countries_in(word, cues(language)) for language in languages_with_cues())


def _is_called(known: str, start: int, end: int) -> bool:
    """Whether somebody is addressed or named there, or signs with a line of their own."""
    before = known[max(0, start - MOST_BEFORE) : start].rpartition("\n")[2]
    if not before.strip():
        return not known[end : end + MOST_BEFORE].partition("\n")[0].strip(" .,!")
    greeted = says("salutation", before) and "," not in before
    return greeted or any(says(key, before) for key in ("title", "name_is", "closing", "thanks"))


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
