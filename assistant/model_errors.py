"""What can go wrong with a language model, in one line each."""

from typing import TYPE_CHECKING, Literal

from corpus.errors import AssistantError

if TYPE_CHECKING:
    import openai

Kind = Literal["unreachable", "slow", "spent", "cut", "unusable"]
"""What an answer says of it: `notice.model_KIND` in `prompts/`."""


class ModelTrouble(AssistantError):
    """The language model gave no usable answer. `what` completes “the language model …”."""

    code = "language_model"

    def __init__(
        self, kind: Kind, what: str, *, worth_a_retry: bool = False, refused: bool = False, for_good: bool = False
    ) -> None:
        super().__init__(f"the language model {what}")
        self.kind: Kind = kind
        self.what = what
        self.worth_a_retry = worth_a_retry
        self.refused = refused
        """Whether it may be the form of the request that the server did not take."""
        self.for_good = for_good
        """Whether asking again cannot help until somebody has mended the settings."""


def trouble_of(error: BaseException, model: str, host: str) -> ModelTrouble:
    """What a failure of the client means. What a server says about it is not passed on: it may hold anything."""
    import openai

    if isinstance(error, openai.APIStatusError):
        return _of_status(error, model, host)
    if isinstance(error, openai.APITimeoutError):
        return ModelTrouble("slow", f"at {host} did not answer in time")
    if isinstance(error, openai.APIConnectionError):
        return ModelTrouble(
            "unreachable",
            f"cannot be reached at {host}: check CALL_ASSISTANT_LLM_BASE_URL, and that its server runs",
            worth_a_retry=True,
        )
    return ModelTrouble(
        "unusable",
        f"at {host} broke off or sent what is no answer of a chat model ({type(error).__name__}): "
        "check CALL_ASSISTANT_LLM_BASE_URL",
        worth_a_retry=True,
    )


def _of_status(error: "openai.APIStatusError", model: str, host: str) -> ModelTrouble:
    status = error.status_code
    if status in (401, 403):
        return ModelTrouble(
            "unreachable", f"at {host} does not take the key: check CALL_ASSISTANT_LLM_API_KEY", for_good=True
        )
    about_model = "model" in str(error.body).lower()
    if status == 404 and about_model:
        what = f"{model} is not known at {host}: check CALL_ASSISTANT_LLM_MODEL"
        return ModelTrouble("unreachable", what, for_good=True)
    if status == 404:
        what = f"is not at this address of {host}: check CALL_ASSISTANT_LLM_BASE_URL, which often ends in /v1"
        return ModelTrouble("unreachable", what, for_good=True)
    if status in (400, 422):
        return ModelTrouble(
            "unreachable",
            f"at {host} does not take the request (status {status}): check CALL_ASSISTANT_LLM_MODEL",
            refused=True,
        )
    retry = status in (408, 409, 429) or status >= 500
    return ModelTrouble(
        "unreachable",
        f"at {host} answered with status {status}",
        worth_a_retry=retry,
        refused=status == 500,  # llama-cpp-python's answer to a form that it does not know
    )
