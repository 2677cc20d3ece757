"""Nothing to carry out: a sentence as text that no reader of Markdown or HTML makes more of than words."""

import re

_IMAGE_OR_LINK = re.compile(r"!?\[([^\[\]]*+)\](?:\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|\[[^\[\]]*+\])")
"""`![words](address)`, `[words](address "title")`, `[words][name]`."""
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]*|[^<>\s@]+@[^<>\s@]+)>")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_TAG = re.compile(r"</?[A-Za-z!?][^<>]*>")
_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\b(?:data|javascript|mailto):)\S+|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}"
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?![\w-])(?:/\S*)?",
    re.IGNORECASE,
)


def inert(text: str) -> str:
    """`text` without images and HTML, and with the words of a link in its place; all else stays as it is."""
    before = None
    while text != before:
        before = text
        text = _AUTOLINK.sub(r"\1", text)
        text = _COMMENT.sub("", text)
        text = _TAG.sub("", text)
        text = _IMAGE_OR_LINK.sub(lambda match: "" if match[0].startswith("!") else match[1], text)
    return _OPENING.sub("‹", text)


def addresses(text: str) -> list[str]:
    """The web and mail addresses in `text`, bare domains too, with or without a link around them."""
    return [match[0].strip("()[]<>.,;:!?\"'“”") for match in _ADDRESS.finditer(text)]
