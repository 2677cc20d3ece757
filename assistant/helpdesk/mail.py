"""An e-mail, as a file or as pasted text, becomes a `Mail`."""

from assistant.helpdesk.records import Mail


def read_mail(data: bytes) -> Mail:
    """The mail in an `.eml` file. Raises `UnreadableMail` where it is none, is empty or exceeds a limit."""
    raise NotImplementedError


def mail_of_text(text: str) -> Mail:
    """The mail in pasted text. Raises `UnreadableMail` where it is empty."""
    raise NotImplementedError
