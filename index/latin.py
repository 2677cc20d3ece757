"""Greek and Cyrillic letters in Latin ones, so that a name is recognised across the EU's alphabets.

After ISO 843 and the official transliterations of Bulgarian and Ukrainian, as far as they agree; only words as a whole
are compared, by resemblance, so a letter more or less does not matter.
"""

_PAIRS = (("μπ", "b"), ("ντ", "d"), ("γκ", "g"), ("γγ", "ng"), ("τζ", "j"), ("αυ", "av"), ("ευ", "ev"))
"""Greek letters that stand for one sound together."""

_TABLE = (
    str.maketrans("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo")
    | str.maketrans({"θ": "th", "χ": "ch", "ψ": "ps"})
    | str.maketrans("абвгґдеєзиіїйклмнопрстуфхъ", "abvggdeeziiiyklmnoprstufha")
    | str.maketrans({"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sht", "ь": "", "ю": "yu", "я": "ya"})
)


def latin(word: str) -> str:
    """`word`, in lower case without accents, in Latin letters."""
    if word.isascii():
        return word
    for pair, sound in _PAIRS:
        word = word.replace(pair, sound)
    return word.translate(_TABLE)
