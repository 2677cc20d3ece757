"""Personal data in a mail: where it stands, and the text without it."""

from assistant.helpdesk.records import Mail


def redact(text: str, names: tuple[str, ...] = ()) -> str:
    """`text` with `[…]` for each e-mail address, phone number, IBAN, postal address, and each of `names`.

    For logs, for what is kept longer, and for what a language model sees.
    """
    raise NotImplementedError


def names_in(mail: Mail) -> tuple[str, ...]:
    """The names of people that `mail` names in its headers, salutation or signatures."""
    raise NotImplementedError
