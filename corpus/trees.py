"""Parsing with libxml2 inside a memory limit."""

from lxml import etree


def parse_tree(data: bytes, parser: etree.XMLParser | etree.HTMLParser) -> etree._Element | None:
    """The root of the tree in `data`; None where HTML holds no element.

    Raises `etree.XMLSyntaxError` where it is malformed, `MemoryError` where memory ran out, which libxml2 reports
    as a fault of the document.
    """
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error
        raise
