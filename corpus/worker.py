"""The child process that reads one hostile file after another: `python -m corpus.worker LIMITS`.

It takes a file's suffix and bytes from standard input and answers on standard output, by the frames of
`corpus.frames`: how it went, and the content. It opens no file, and the operating system ends it when it takes too
much memory or processor time; its parent, `corpus.child`, watches the clock.
"""

import json
import logging
import math
import os
import resource
import sys
import warnings
from pathlib import Path
from typing import BinaryIO

from corpus.errors import UnreadableDocument
from corpus.formats import read_format
from corpus.frames import FrameError, read_frame, write_frame
from corpus.limits import Limits

CONTENT, UNREADABLE, OUT_OF_MEMORY = "content", "unreadable", "out of memory"
"""How reading a file went."""
READY = b"ready"
"""What the child says once it has started."""


def main() -> None:
    """Answer files until standard input ends."""
    limits = Limits(**json.loads(sys.argv[1]))
    requests, answers = sys.stdin.buffer, _take_standard_output()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    _confine(limits)
    write_frame(answers, READY)
    while True:
        try:
            suffix = read_frame(requests, 16).decode("ascii")
            data = read_frame(requests, limits.file_bytes)
        except FrameError:
            return
        except MemoryError:
            _answer(answers, OUT_OF_MEMORY, "", b"")
            return
        _allow_cpu(limits.seconds)
        outcome, message, content = _read(suffix, data, limits)
        del data
        _answer(answers, outcome, message, content)
        if outcome == OUT_OF_MEMORY:
            return


def _read(suffix: str, data: bytes, limits: Limits) -> tuple[str, str, bytes]:
    try:
        content = read_format(suffix, data, limits)
        content.check(limits)
        return CONTENT, "", content.to_json().encode("utf-8")
    except UnreadableDocument as error:
        return UNREADABLE, str(error), b""
    except MemoryError:
        return OUT_OF_MEMORY, "", b""
    except RecursionError:
        return UNREADABLE, "nests its parts too deeply: save it again in a simpler form", b""
    except Exception as error:  # noqa: BLE001 - a broken file makes the parsers raise anything
        return UNREADABLE, f"is malformed ({type(error).__name__}): open it in its program and save it again", b""


def _answer(answers: BinaryIO, outcome: str, message: str, content: bytes) -> None:
    header = {"outcome": outcome, "message": message, "peak_bytes": _peak_bytes()}
    write_frame(answers, json.dumps(header).encode("ascii"))
    write_frame(answers, content)


def _take_standard_output() -> BinaryIO:
    """Standard output for the answers alone: whatever a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return answers


def _confine(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _allow_cpu(seconds: float) -> None:
    """Let this process use `seconds` of processor time from now on."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(usage.ru_utime + usage.ru_stime + seconds), hard))


def _peak_bytes() -> int:
    """Most resident memory this process ever had.

    Linux counts in `ru_maxrss` what the parent held when it started the child, hence `/proc`.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
