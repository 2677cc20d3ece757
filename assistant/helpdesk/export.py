"""A reply as it leaves the house; every form holds its footnotes, and none is sent."""

import re
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP

from assistant.address import is_address
from assistant.helpdesk.errors import UnwritableReply
from assistant.helpdesk.records import Mail, Reply
from assistant.helpdesk.reply import rendered, reply_text

_PREFIX = re.compile(r"^(?:\s*(?:re|aw|antw|sv|odp|r|fwd?|wg|tr|rv|i|pd)\s*:)+\s*", re.IGNORECASE)
_LONGEST_LINE = 998
"""Of a mail (RFC 5322). Shorter, the library would break message IDs."""
_MOST_SUBJECT = 200


def reply_html(reply: Reply) -> str:
    """The reply as HTML to paste into Word or webmail: no class, no script, no picture, inline styles only.

    Word takes its footnotes for its own (`mso-footnote-id`); elsewhere they are links.
    """
    return rendered("reply.html", reply)


def reply_eml(reply: Reply, mail: Mail) -> bytes:
    """The reply as an unsent message in the thread of `mail`, as text and HTML, without a sender.

    Raises `UnwritableReply` where the library would write other headers than these.
    """
    message = EmailMessage(policy=SMTP.clone(max_line_length=_LONGEST_LINE))
    message["Subject"] = _one_line(f"Re: {_PREFIX.sub('', mail.subject)[:_MOST_SUBJECT]}")
    if is_address(mail.reply_to):
        message["To"] = mail.reply_to
    if mail.message_id:
        message["In-Reply-To"] = _one_line(mail.message_id)
        message["References"] = _one_line(" ".join((*mail.references, mail.message_id)))
    message["X-Unsent"] = "1"
    message.set_content(reply_text(reply))
    message.add_alternative(reply_html(reply), subtype="html")
    written = message.as_bytes()
    if BytesHeaderParser().parsebytes(written).keys() != message.keys():
        raise UnwritableReply("the reply cannot be written as a message: copy its text")
    return written


def _one_line(value: str) -> str:
    """A header's value without line ends and encoded words: the library decodes these, line ends in them included."""
    return " ".join(value.replace("=?", "= ?").split())
