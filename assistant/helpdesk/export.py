"""A reply as it leaves the house; every form holds its footnotes, and none is sent."""

from assistant.helpdesk.records import Mail, Reply


def reply_html(reply: Reply) -> str:
    """The reply as HTML to paste into Word or webmail: no class, no script, no picture, inline styles only."""
    raise NotImplementedError


def reply_eml(reply: Reply, mail: Mail) -> bytes:
    """The reply as an unsent message in the thread of `mail`, as text and HTML, without a sender."""
    raise NotImplementedError


def reply_docx(reply: Reply) -> bytes:
    """The reply as a Word document with footnotes."""
    raise NotImplementedError
