"""Every error of this project that a person may see.

    AssistantError
    ├── CorpusError                the corpus folder as a whole cannot be used
    │   └── ProfileError           call.toml is malformed, or a quote in it is not in its document
    ├── UnreadableDocument         one file could not be read; all others are
    └── (index.errors)             StoreError and its kinds
    ├── (assistant.errors)         SettingsError, InvalidInput
    ├── (assistant.model_errors)   ModelTrouble: the language model gave no usable answer
    ├── (assistant.storage)        DatabaseError, AccountError, UnknownCase, ChangedMeanwhile
    ├── (assistant.passwords)      BadPassword
    ├── (assistant.listen)         Stopped: nobody waits for the answer any more
    └── (assistant.helpdesk)       UnreadableMail, UnwritableReply

Each message is one line: what happened, why, and what to do. The cause is chained.
"""


class AssistantError(Exception):
    """Base of all our errors. `str(error)` is one line for the user."""

    code = "failed"
    """Machine-readable name, as in the `error.code` of the JSON interface."""


class CorpusError(AssistantError):
    """The corpus folder as a whole cannot be used."""

    code = "corpus"


class ProfileError(CorpusError):
    """`call.toml` is malformed, or a quote in it does not stand in its document."""

    code = "profile"


class UnreadableDocument(AssistantError):
    """One file could not be read. The message says what, why and what to do, without the file's name."""

    code = "unreadable"
