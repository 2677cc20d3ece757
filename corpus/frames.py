"""Messages between the reading process and its parent: a length in eight bytes, then as many bytes."""

import struct
from typing import IO

_LENGTH = struct.Struct(">Q")


class FrameError(Exception):
    """The other side has gone, or sends more than was agreed."""


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Write one message; the stream's own errors pass through."""
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def read_frame(stream: IO[bytes], max_bytes: int) -> bytes:
    """Read one message of at most `max_bytes`. Raises `FrameError`."""
    (length,) = _LENGTH.unpack(_read_exactly(stream, _LENGTH.size))
    if length > max_bytes:
        raise FrameError(f"a message of {length} bytes, and at most {max_bytes} are taken")
    return _read_exactly(stream, length)


def _read_exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) < length:
        raise FrameError("the other side has gone")
    return data
