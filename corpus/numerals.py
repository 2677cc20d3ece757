"""Numbers of list items as documents show them."""

_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MAX_ROMAN = 3_999


def letters(number: int) -> str:
    """1 is `a`, 26 `z`, 27 `aa`, as lists in HTML and Word go on."""
    digits = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        digits = chr(ord("a") + digit) + digits
    return digits


def roman(number: int) -> str:
    """A number from 1 to 3,999 in small Roman numerals; any other as it is."""
    if not 1 <= number <= _MAX_ROMAN:
        return str(number)
    digits = ""
    for value, numeral in _ROMAN:
        while number >= value:
            digits += numeral
            number -= value
    return digits
