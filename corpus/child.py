"""The parent's end of the process that reads hostile files."""

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.content import Content
from corpus.errors import CorpusError, UnreadableDocument
from corpus.frames import FrameError, read_frame, write_frame
from corpus.limits import Limits
from corpus.naming import printable
from corpus.worker import CONTENT, OUT_OF_MEMORY, READY

_MAX_HEADER = 64 * 1024
_MAX_CONTENT = 64 * 1024 * 1024
_START_SECONDS = 10.0
_ROOT = Path(__file__).resolve().parent.parent
_RENEW_BYTES = 160 * 1024 * 1024
"""A child that once grew beyond this is not used again: memory is seldom given back, and the next file needs room."""


class Child:
    """Reads files in a process of its own, which is started when needed and used again while it is in good health.

    Not safe to share between threads.
    """

    def __init__(self, limits: Limits) -> None:
        self.peak_bytes = 0
        """Most resident memory that any child had."""
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the child process, if there is one."""
        process, self._process = self._process, None
        if process is not None:
            _end(process)

    def read(self, suffix: str, data: bytes) -> Content:
        """The content of a file with `suffix`, in lower case, that holds `data`.

        Raises `UnreadableDocument` whatever the file does to the process.
        """
        used = self._process is not None
        self._process = self._process or self._start()
        deadline = time.monotonic() + self._limits.seconds
        if used:
            # What is left of the files before may be at fault: only a fresh process can tell.
            with contextlib.suppress(_Failure):
                return self._read_once(suffix, data, deadline)
        try:
            return self._read_once(suffix, data, deadline)
        except _Failure as failure:
            raise UnreadableDocument(str(failure)) from failure

    def _read_once(self, suffix: str, data: bytes, deadline: float) -> Content:
        process = self._process = self._process or self._start()
        expired = threading.Event()

        def stop() -> None:
            expired.set()
            process.kill()

        clock = threading.Timer(deadline - time.monotonic(), stop)
        clock.daemon = True
        clock.start()
        try:
            answer = _exchange(process, suffix, data)
        except (OSError, FrameError, ValueError, KeyError, TypeError) as error:
            clock.cancel()
            clock.join()
            raise self._what_ended(process, expired.is_set()) from error
        except BaseException:
            self.close()
            raise
        finally:
            clock.cancel()
        clock.join()
        self.peak_bytes = max(self.peak_bytes, answer.peak_bytes)
        if expired.is_set() or answer.outcome == OUT_OF_MEMORY or answer.peak_bytes > _RENEW_BYTES:
            self.close()
        if answer.outcome == OUT_OF_MEMORY:
            mib = self._limits.memory_bytes // (1024 * 1024)
            raise _Failure(f"needs more than {mib} MiB of memory to be read: split it")
        if answer.content is None:
            raise UnreadableDocument(answer.message)
        return answer.content

    def _start(self) -> subprocess.Popen[bytes]:
        """A child that has said it is ready."""
        limits = json.dumps(dataclasses.asdict(self._limits))
        command = [sys.executable, "-B", "-P", "-s", "-X", "utf8", "-m", "corpus.worker", limits]
        # Nothing of our environment but where modules are found: it needs no setting and must know no secret.
        environment = {"PYTHONPATH": os.pathsep.join(str(Path(entry).absolute()) for entry in [str(_ROOT), *sys.path])}
        try:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            why = error.strerror or "unknown"
            raise CorpusError(f"the reading process cannot be started ({why}): free memory and try again") from error
        clock = threading.Timer(_START_SECONDS, process.kill)
        clock.start()
        try:
            if process.stdout is None or read_frame(process.stdout, len(READY)) != READY:
                raise FrameError("the process says something else")
        except (OSError, FrameError) as error:
            _end(process)
            raise CorpusError("the reading process does not start: free memory or install the program anew") from error
        finally:
            clock.cancel()
        return process

    def _what_ended(self, process: subprocess.Popen[bytes], expired: bool) -> Exception:
        """The error for a child that did not answer, which is then gone."""
        self.close()
        seconds = f"{self._limits.seconds:g} s"
        if expired or process.returncode == -signal.SIGXCPU:
            return UnreadableDocument(f"takes longer than {seconds} to be read: split it or save it in a simpler form")
        return _Failure("makes the reading process break down: open it in its program and save it again")


class _Failure(Exception):
    """The child broke down or ran out of memory; the message is that of the `UnreadableDocument` to come of it."""


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        # Closing flushes what the child did not take.
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the child says of one file."""

    outcome: str
    message: str
    peak_bytes: int
    content: Content | None


def _exchange(process: subprocess.Popen[bytes], suffix: str, data: bytes) -> _Answer:
    """Hand over a file and wait for the answer; what is not one raises, as if the child had broken down."""
    if process.stdin is None or process.stdout is None:
        raise FrameError("the process has no pipes")
    write_frame(process.stdin, suffix.encode("ascii"))
    write_frame(process.stdin, data)
    header = json.loads(read_frame(process.stdout, _MAX_HEADER))
    content = read_frame(process.stdout, _MAX_CONTENT)
    outcome = str(header["outcome"])
    found = Content.from_json(content) if outcome == CONTENT else None
    return _Answer(outcome, printable(str(header["message"])), int(header["peak_bytes"]), found)
