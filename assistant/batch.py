"""Many at once: one JSON line in, one JSON line out, in order. A bad line gives its error in its place."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, TextIO, TypeVar

from pydantic import BaseModel, ValidationError
from tqdm import tqdm

from assistant.errors import InvalidInput, validation_message
from assistant.results import ErrorBody, ErrorResult
from corpus.errors import AssistantError

BATCH = 64
"""Lines that are handed on together, so that their questions can be embedded in one go."""

RequestT = TypeVar("RequestT", bound=BaseModel)
Outcome = BaseModel | AssistantError


def request_of(model: type[RequestT], data: Any) -> RequestT:
    """`data` as a request. Raises `InvalidInput` naming the field that is wrong."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(validation_message(error.errors(include_url=False), "the line")) from error


def run_batch(
    source: Path,
    target: Path | None,
    model: type[RequestT],
    run: Callable[[Sequence[RequestT]], Sequence[Outcome]],
    defaults: Mapping[str, Any],
) -> int:
    """Answer each line of `source` into `target` (None: standard output). `defaults` fill in keys a line leaves out.

    Returns 0; bad lines are counted on standard error. Raises `InvalidInput` where a file cannot be opened.
    """
    try:
        lines = source.open("rb")
    except OSError as error:
        raise InvalidInput(f"{source} cannot be read: {error.strerror}") from error
    try:
        out = target.open("w", encoding="utf-8", newline="\n") if target else sys.stdout
    except OSError as error:
        lines.close()
        raise InvalidInput(f"{target} cannot be written: {error.strerror}") from error
    total = bad = 0
    try:
        with lines, tqdm(unit=" lines", disable=not sys.stderr.isatty()) as progress:
            while batch := list(islice(lines, BATCH)):
                failed = _answer_lines(batch, model, run, defaults, out)
                total, bad = total + len(batch), bad + failed
                progress.update(len(batch))
    finally:
        if target:
            out.close()
    if bad:
        print(
            f"call-assistant: {bad} of {total} lines could not be answered; each has its error in its place",
            file=sys.stderr,
        )
    return 0


def _answer_lines(
    lines: Sequence[bytes],
    model: type[RequestT],
    run: Callable[[Sequence[RequestT]], Sequence[Outcome]],
    defaults: Mapping[str, Any],
    out: TextIO,
) -> int:
    parsed = [_parse(line, model, defaults) for line in lines]
    outcomes: Iterator[Outcome] = iter(
        run([request for _, request in parsed if not isinstance(request, AssistantError)])
    )
    bad = 0
    for identity, request in parsed:
        outcome = request if isinstance(request, AssistantError) else next(outcomes)
        if isinstance(outcome, AssistantError):
            bad += 1
            outcome = ErrorResult(id=identity, error=ErrorBody(code=outcome.code, message=str(outcome)))
        out.write(json.dumps(outcome.model_dump(mode="json"), ensure_ascii=False) + "\n")
    out.flush()
    return bad


def _parse(line: bytes, model: type[RequestT], defaults: Mapping[str, Any]) -> tuple[Any, RequestT | AssistantError]:
    try:
        data = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        return None, InvalidInput(f"the line is not JSON in UTF-8: {error}")
    if not isinstance(data, dict):
        return None, InvalidInput("the line is not a JSON object")
    given = {key: value for key, value in defaults.items() if value is not None} | data
    try:
        return data.get("id"), request_of(model, given)
    except InvalidInput as error:
        return data.get("id"), error
