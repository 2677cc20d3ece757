"""Splitting prose into sentences at exact offsets, in the languages of the EU, without being told which.

A stop ends a sentence when what follows starts like one and what precedes is no abbreviation, initial, ordinal or list
number. Where that stays open, the sentence is not cut: a quote that is too long is right, half a sentence is not.

Of the 100 lines of `tests/index/sentences.txt`, which this module was written against, sentencex 1.0.32, told the
language, split 73 rightly, syntok 1.4.4 60.
"""

import re

Span = tuple[int, int]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CANDIDATE = re.compile(
    r"""
    (?P<mark>(?<![.!?…])[.!?…]++|[;\u037e](?=\s)|[。！？])
    (?P<closers>(?:["'”’“»›)\]}]|[ \u00a0\u202f]»)*+)
    (?P<gap>\s+|(?<=[。！？」』”])|$)
    """,
    re.VERBOSE,
)
_NEXT_WORD = re.compile(r"[\"'“”„‘«‹(\[{¿¡\s—–•-]*(\w+)?")
_BEFORE = re.compile(r"(?:(\S+)\s+)?(\S+)$")
_LOOK_BACK = 60
"""Characters before a stop that are looked at; no abbreviation with the word before it is longer."""

_NEVER_LAST = _words(
    # before a name or an example, in most languages of the EU
    """
    dr mr mrs ms mx prof st sr sra dra dott dott.ssa sig sig.ra ing hr hrn fr mag dipl rev hon gen col mme mlle pr
    e.g i.e z.b d.h u.a v.a s.o s.u i.d.r o.ä m.e p.ej p.ex t.ex f.eks d.w.z o.a m.m bl.a d.v.s fl π.χ δηλ т.е т.н
    eg ie vs cf vgl bzw bijv evtl ggf inkl gem lt sog np npr např napr tj tzv tzn tzw напр вул ул ім просп ej eks esim
    pl ill vö dvs jf incl excl al viz resp av bul
    """
)
_NEVER_LAST_PAIRS = frozenset(
    {"ad es", "de ex", "par ex", "por ej", "p ej", "p ex", "t ex", "f eks", "bl a", "d h", "z b"}
)
_BEFORE_NUMBERS = _words(
    """
    no nos nr n.º nº núm num art arts artt abs ust pkt odst čl par para paras sec sect subsec ch chap cap kap fig figs
    tab vol rec reg dir ref tel fax p pp s ss seite pag pág str стр ст п ч lit ziff rn § approx ca circa max min
    jan feb mar apr jun jul aug sep sept oct okt nov dec dez от кв
    """
)
_WORD = re.compile(r"\w")
_DOTTED = re.compile(r"^(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}$")
_LIST_NUMBER = re.compile(r"^[(\[]?(?:\d{1,3}(?:\.\d{1,3})*|[^\W\d_]|[ivxlc]{1,5})$", re.IGNORECASE)
_ORDINAL = re.compile(r"^[(\[]?\d{1,2}$")
_GERMAN_MONTHS = _words("januar jänner februar märz april mai juni juli august september oktober november dezember")
_GERMAN_DETERMINERS = _words("der die das den dem des am im zum zur vom bis beim jeder jeden ab und seit")
_STARTERS = _words(
    """
    a an the it its this that these those there they we you he she who what when where which why how if in on at for
    from by to of and but or as all any each no not only our your their his her under after before
    der die das den dem ein eine er sie es wir ihr ich wenn wer wie was wo auch danach dann bei mit für
    le la les un une des il elle ils elles nous vous ce cette ces en pour si et mais
    el los las una ella ellos esto esta este para con se y pero
    lo gli i uno questo questa per con e ma de het een dit deze dat wij ze als voor
    o os as um uma to ta te w na i ale je jest den det en ett och men han hon de
    она он оно это в на и но той тя те това
    """
)
"""Short words that start sentences and follow no abbreviation or initial as a name does."""


def split_sentences(text: str) -> list[Span]:
    """The sentences of one block of prose, as spans without space around them; nothing else is left out."""
    spans: list[Span] = []
    start = len(text) - len(text.lstrip())
    first_word = _first_word(text, start)
    for match in _CANDIDATE.finditer(text):
        if match.start() < first_word or match.end() >= len(text):
            continue
        if _ends_sentence(text, start, match):
            spans.append((start, match.end("closers")))
            start = match.end()
            first_word = _first_word(text, start)
    end = len(text.rstrip())
    if start < end:
        spans.append((start, end))
    return spans


def _first_word(text: str, position: int) -> int:
    found = _WORD.search(text, position)
    return found.start() if found else len(text)


def _ends_sentence(text: str, start: int, match: re.Match[str]) -> bool:
    mark, following = match["mark"], match.end()
    if mark in "。！？":
        return True
    if text[following] in ".…":
        return False
    if mark in ";\u037e":
        return _is_greek(text[match.start() - 1 : match.start()]) and _starts_sentence(text, following)
    if not _starts_sentence(text, following):
        return False
    return mark != "." or match["closers"] != "" or _stop_ends_sentence(text, start, match.start(), following)


def _stop_ends_sentence(text: str, start: int, stop: int, following: int) -> bool:
    """Whether a single full stop, with nothing but space after it, ends a sentence that began at `start`."""
    before = _BEFORE.search(text[max(start, stop - _LOOK_BACK) : stop])
    if before is None:
        return True
    previous, word = (before[1] or "").lower().strip("()[]\"'“„«."), before[2].lstrip("([\"'“„«")
    lower = word.lower().split("'")[-1].split("’")[-1]
    if stop - len(before[2]) == start and _LIST_NUMBER.match(before[2]):
        return False
    if lower in _NEVER_LAST or f"{previous} {lower}" in _NEVER_LAST_PAIRS:
        return False
    next_word = _next_word(text, following)
    if lower in _BEFORE_NUMBERS and (_is_number(next_word) or text[following] == "("):
        return False
    if _ORDINAL.match(word):
        return next_word.lower() not in _GERMAN_MONTHS and previous not in _GERMAN_DETERMINERS
    if len(word) == 1 and word.isalpha() and word.islower():
        return previous[-1:].isdigit() and not _is_number(next_word)
    if _DOTTED.match(word) or (len(word) == 1 and word.isalpha()):
        return next_word.lower() in _STARTERS
    return True


def _starts_sentence(text: str, position: int) -> bool:
    """Whether what stands at `position`, after quotation marks and brackets, may begin a sentence."""
    word = _next_word(text, position)
    if not word:
        return True
    return not word[0].islower() or any(letter.isupper() for letter in word[1:2])


def _next_word(text: str, position: int) -> str:
    found = _NEXT_WORD.match(text, position)
    return (found[1] or "") if found else ""


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or bool(re.fullmatch(r"[IVXLC]+", word))


def _is_greek(letter: str) -> bool:
    return "\u0370" <= letter <= "\u03ff" or "\u1f00" <= letter <= "\u1fff"
